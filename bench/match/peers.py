"""Other ways to match the same two lists, for comparison in the same run.

Each takes sought and held lines and gives scored pairs of positions. All are lent our candidate
pairs. rapidfuzz and stock Splink are given names in Latin letters (ICAO 9303), without which they
find no pair across scripts; nomenklatura reads every script itself.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
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
from homeward.people.engines import DuckDB
from homeward.people.folding import is_cyrillic

Scores = list[tuple[float, int, int]]

# Peers that need an environment of their own, and its interpreter.
PEERS = {
    "nomenklatura logic-v2": Path(__file__).parents[2] / ".venv-peers" / "bin" / "python",
}
SETTINGS = """\
rapidfuzz: token_sort_ratio, better of with and without patronymic, +30 same date, +10 same year
Splink stock: NameComparison x 3, DateOfBirthComparison, u by sampling 1e6, m by EM on two rules
nomenklatura: logic-v2 as shipped, names in their own script, date and sex
threads: rapidfuzz and nomenklatura one, DuckDB one for each processor, in all tools alike"""


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


def nomenklatura_names(sought: Sequence[Line], held: Sequence[Line]) -> Scores:
    """logic-v2 of nomenklatura, the best pairwise name comparison off the shelf."""
    sides = candidates(prepare(sought, ()), prepare(held, ()))
    pairs = list(zip(*(side.tolist() for side in sides), strict=True))
    asked = "".join(
        "\t".join((*_cells(sought[at]), *_cells(held[other]))) + "\n" for at, other in pairs
    )
    command = [str(PEERS["nomenklatura logic-v2"]), str(Path(__file__).with_name("names_peer.py"))]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    scores = map(float, done.stdout.split())
    return [(score, *pair) for score, pair in zip(scores, pairs, strict=True)]


def _cells(line: Line) -> tuple[str, ...]:
    born = str(line.birth_date) if line.birth_date else ""
    return (line.surname, line.given_name, line.patronymic, born, line.sex)


def splink_stock(sought: Sequence[Line], held: Sequence[Line]) -> Scores:
    """Splink as its manual shows it: name and date comparisons, weights by EM."""
    base = duckdb.connect(":memory:")
    api = DuckDBAPI(base)
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
        blocking_rules_to_generate_predictions=[],
    )
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("surname", "given_name", "birth_date")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("birth_date"), block_on("surname", "given_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    pairs = candidates(prepare(sought, ()), prepare(held, ()))
    base.register("positions", dict(zip(("one", "other"), pairs, strict=True)))
    base.execute(
        "create table lent as select '0' as match_key, printf('a-__-%07d', one) as join_key_l, "
        "printf('b-__-%07d', other) as join_key_r from positions"
    )
    linker.table_management.register_blocked_pairs_for_predict(api.register("lent"))
    return _positions(linker.inference.predict(threshold_match_weight=-10, warning_mode="never"))


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
    ready = linking.prepared(left, right, DuckDB())
    linker = ready[-1]
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in ("l.k_date = r.k_date", "l.k_sur = r.k_sur and l.k_giv = r.k_giv"):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    evidence = linking.weighed(ready, pairs, len(left) + len(right))
    believed = probabilities(evidence, len(left) + len(right))
    columns = (believed, evidence.left, evidence.right)
    return list(zip(*(column.tolist() for column in columns), strict=True))
