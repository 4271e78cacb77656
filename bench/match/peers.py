"""Other ways to match the same two lists, for comparison in the same run.

Each takes sought and held lines and gives scored pairs of positions; all but the last are given
names in Latin letters (ICAO 9303), without which none of them finds a pair across scripts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
from rapidfuzz import fuzz
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink import comparison_library as cl

from bench.match.slips import romanise
from homeward.people import Line, linking
from homeward.people.blocking import candidates
from homeward.people.columns import prepare
from homeward.people.competing import probabilities
from homeward.people.folding import is_cyrillic

Scores = list[tuple[float, int, int]]


def latin(text: str) -> str:
    """A name in plain Latin letters."""
    word = text.casefold()
    return romanise(word, "icao") if is_cyrillic(word) else word


def rapidfuzz_names(sought: Sequence[Line], held: Sequence[Line]) -> Scores:
    """token_sort_ratio, the better of with and without patronymic, and a bonus for the date.

    It is lent our candidate pairs; bonus and names are those that did best on the smaller list.
    """
    left, right = ([_whole(line) for line in lines] for lines in (sought, held))
    found: Scores = []
    pairs = candidates(prepare(sought, ()), prepare(held, ()))
    for at, other in zip(*(side.tolist() for side in pairs), strict=True):
        ratio = max(
            fuzz.token_sort_ratio(*pair) for pair in zip(left[at], right[other], strict=True)
        )
        found.append((ratio + _date_bonus(sought[at], held[other]), at, other))
    return found


def _whole(line: Line) -> tuple[str, str]:
    name = latin(f"{line.surname} {line.given_name}".strip())
    return name, f"{name} {latin(line.patronymic)}".strip()


def _date_bonus(one: Line, other: Line) -> float:
    if one.birth_date is None or other.birth_date is None:
        return 0.0
    if one.birth_date == other.birth_date:
        return 30.0
    return 10.0 if one.birth_date.year == other.birth_date.year else 0.0


def splink_stock(sought: Sequence[Line], held: Sequence[Line]) -> Scores:
    """Splink as its manual shows it: name and date comparisons, weights by EM."""
    api = DuckDBAPI(duckdb.connect(":memory:"))
    tables = [
        api.register(_stock_columns(lines), dataset_display_name=name)
        for name, lines in (("a", sought), ("b", held))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.NameComparison("surname"),
            cl.NameComparison("given_name"),
            cl.NameComparison("patronymic"),
            cl.DateOfBirthComparison("birth_date", input_is_string=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("birth_date"),
            block_on("surname", "given_name"),
            block_on("surname", "substr(birth_date, 1, 4)"),
            block_on("substr(surname, 1, 4)", "substr(given_name, 1, 3)"),
            block_on("given_name", "patronymic", "substr(birth_date, 1, 4)"),
        ],
    )
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("surname", "given_name", "birth_date")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("birth_date"), block_on("surname", "given_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return _positions(linker.inference.predict(threshold_match_weight=-10))


def _stock_columns(lines: Sequence[Line]) -> dict[str, list[Any]]:
    return {
        "unique_id": [f"{at:07}" for at in range(len(lines))],
        **{
            name: [latin(getattr(line, name)) or None for line in lines]
            for name in ("surname", "given_name", "patronymic")
        },
        "birth_date": [str(line.birth_date) if line.birth_date else None for line in lines],
    }


def _positions(predicted: Any) -> Scores:
    rows = (
        predicted.as_duckdbpyrelation()
        .project("match_weight, source_dataset_l, unique_id_l, unique_id_r")
        .fetchall()
    )
    return [
        (weight, int(one), int(other)) if side == "a" else (weight, int(other), int(one))
        for weight, side, one, other in rows
    ]


def weights_by_em(sought: Sequence[Line], held: Sequence[Line]) -> Scores:
    """Our columns, levels and competition, but weights learnt from these two lists by EM."""
    left, right = prepare(sought, ()), prepare(held, ())
    pairs = candidates(left, right)
    ready = linking.prepared(left, right)
    linker = ready[-1]
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in ("l.k_date = r.k_date", "l.k_sur = r.k_sur and l.k_giv = r.k_giv"):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    evidence = linking.weighed(ready, pairs, len(left) + len(right))
    believed = probabilities(evidence, len(left) + len(right))
    columns = (believed, evidence.left, evidence.right)
    return list(zip(*(column.tolist() for column in columns), strict=True))
