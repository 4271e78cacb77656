"""The evidence of every candidate pair, by Splink from prepared columns and fixed weights.

Nothing is trained here: two lists seldom hold enough to learn from, and weights that stand in a
file can be read by both sides. What is measured for each pair is a sum of bits by field.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.people import lexicon, tables
from homeward.people.blocking import Positions
from homeward.people.engines import DuckDB, Engine, Rows
from homeward.people.evidence import FIELDS, Field

# An engine that holds two lists, and Splink's linker over them.
Ready = tuple[Engine, Any]
Weights = Mapping[tuple[str, str], tuple[float, float]]

# Lists this long outweigh the shipped shares of names; shorter ones lean on them.
FAMILIAR = 2000
# Evidence this far below even odds (in bits) changes no probability that is shown.
NEGLIGIBLE = -20.0
# Pairs weighed in one go; more would only need more memory.
_AT_ONCE = 400_000


@dataclass(frozen=True, slots=True)
class Seen:
    """One field of one pair: the level of agreement and its bits; ``omitted`` has none."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against each candidate pair, one array a column, sorted by position.

    ``left`` and ``right`` are positions, ``bits`` the evidence before any prior, ``levels`` the
    level seen in each field (its place in the field's levels, -1 where one line omits it) and
    ``weights`` its bits.
    """

    left: Positions
    right: Positions
    bits: NDArray[np.float64]
    levels: Mapping[str, NDArray[np.int8]]
    weights: Mapping[str, NDArray[np.float64]]

    def seen(self, at: int) -> tuple[Seen, ...]:
        """What was seen of pair number ``at``, field by field."""
        found = []
        for field in FIELDS:
            level = int(self.levels[field.name][at])
            code = field.levels[level].code if level >= 0 else "omitted"
            found.append(Seen(field.name, code, float(self.weights[field.name][at])))
        return tuple(found)


@cache
def weights() -> Weights:
    """How often each level is seen for one person and for two different ones, as shipped."""
    return {
        (field, level): (float(same), float(different))
        for field, level, same, different in tables.rows("weights.tsv")
    }


def weigh(
    left: Rows, right: Rows, pairs: tuple[Positions, Positions], engine: Engine | None = None
) -> Evidence:
    """The evidence for candidate pairs (positions in ``left`` and in ``right``), from DuckDB
    unless another engine is handed in.

    Pairs whose evidence is negligible are left out.
    """
    if not len(pairs[0]):
        none = {field.name: np.zeros(0, np.int8) for field in FIELDS}
        return Evidence(*pairs, np.zeros(0), none, {name: np.zeros(0) for name in none})
    return weighed(prepared(left, right, engine or DuckDB()), pairs, len(left) + len(right))


def weighed(ready: Ready, pairs: tuple[Positions, Positions], lines: int) -> Evidence:
    """What Splink finds for candidate pairs of two lists of together ``lines`` lines."""
    floor = math.log2(lines) + NEGLIGIBLE
    parts = [
        _weighed(ready, tuple(side[first : first + _AT_ONCE] for side in pairs), floor)
        for first in range(0, len(pairs[0]), _AT_ONCE)
    ]
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.lexsort((table["at_right"], table["at_left"]))
    return Evidence(
        table["at_left"][order],
        table["at_right"][order],
        table["match_weight"][order],
        {f.name: _levels(f, table[f"gamma_{f.name}"][order]) for f in FIELDS},
        {f.name: table[f"bits_{f.name}"][order] for f in FIELDS},
    )


def _weighed(ready: Ready, pairs: tuple[Positions, ...], floor: float) -> dict[str, NDArray[Any]]:
    """The columns of Evidence for some of the pairs, in no order."""
    engine, linker = ready
    linker.table_management.register_blocked_pairs_for_predict(engine.pairs(*pairs))
    found = linker.inference.predict(threshold_match_weight=floor, warning_mode="never")
    # Splink may hand out a pair either way round; the ids say which side a line is from.
    turned, one, other = "k_id_l > k_id_r", "substr(k_id_l, 2)", "substr(k_id_r, 2)"
    columns = {
        "at_left": f"cast(case when {turned} then {other} else {one} end as bigint)",
        "at_right": f"cast(case when {turned} then {one} else {other} end as bigint)",
        "match_weight": "match_weight",
    }
    for field in FIELDS:
        adjusted = f" + mw_tf_adj_{field.name}" if any(v.frequency for v in field.levels) else ""
        columns[f"gamma_{field.name}"] = f"gamma_{field.name}"
        columns[f"bits_{field.name}"] = f"mw_{field.name}{adjusted}"
    table = engine.answer(found, columns)
    found.drop_table_from_database_and_remove_from_cache()
    return table


def _levels(field: Field, gammas: NDArray[np.int64]) -> NDArray[np.int8]:
    """Splink counts levels from the weakest; here the strongest is 0 and omitted stays -1."""
    return np.where(gammas < 0, -1, len(field.levels) - 1 - gammas).astype(np.int8)


def prepared(left: Rows, right: Rows, engine: Engine) -> Ready:
    """A Splink linker with our columns, our weights and the frequencies of names."""
    from splink import Linker

    inputs = [engine.lines(rows, side) for side, rows in (("a", left), ("b", right))]
    across = any(row["ssk"] or row["gsk"] for rows in (left, right) for row in rows)
    ours = settings(weights(), engine, across=across)
    linker = Linker(inputs, ours, log_level=None, validate_settings=False)
    for column, shares in frequencies(left, right).items():
        table = engine.shares(column, shares)
        linker.table_management.register_term_frequency_lookup(table, f"k_{column}")
    return engine, linker


def frequencies(left: Rows, right: Rows) -> dict[str, dict[str, float]]:
    """The share of people with each surname, given name and father's name.

    Counts of the two lists, mixed with what the shipped tables say about names at large, so that
    a name met once in a list of five is not taken for a fifth of mankind.
    """
    expected = {
        "sur": lexicon.surname_share,
        "giv": lexicon.given_share,
        "fat": lexicon.given_share,
        **{f"{part}sk1": _of_skeletons(part) for part in "sgf"},
    }
    shares = {}
    for column, at_large in expected.items():
        counts = _counts(column, [*left, *right])
        total = sum(bool(row[column]) for rows in (left, right) for row in rows) + FAMILIAR
        shares[column] = {
            value: (counts[value] + FAMILIAR * at_large(value)) / total for value in sorted(counts)
        } or {"": 1.0}
    return shares


def _counts(column: str, rows: Rows) -> dict[str, int]:
    """How many bear each name; spellings that sound alike count as one name where that is known,
    or each would look rare."""
    sound = f"{column[0]}sk1"
    written = Counter(row[column] for row in rows if row[column])
    alike = Counter(row[sound] for row in rows if row[column] and row[sound])
    sounds = {row[column]: row[sound] for row in rows if row[column] and row[sound]}
    return {name: max(written[name], alike[sounds.get(name)]) for name in written}


def _of_skeletons(part: str) -> Callable[[str], float]:
    """How common a skeleton is at large: no table tells, so as the weights take it to be."""
    share = weights()[_NAMED[part], "sounds-alike"][1]
    return lambda _: share


_NAMED = {"s": "surname", "g": "given_name", "f": "patronymic"}


def settings(table: Weights, engine: Engine, *, across: bool = True) -> dict[str, Any]:
    """Splink's settings for our fields: every level with its two shares, and no training."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "k_id",
        "probability_two_random_records_match": 0.5,
        "comparisons": [_comparison(field, table, engine, across=across) for field in FIELDS],
        "blocking_rules_to_generate_predictions": [],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }


def _comparison(field: Field, table: Weights, engine: Engine, *, across: bool) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": engine.condition(field.omitted),
            "is_null_level": True,
            "label_for_charts": "omitted",
        }
    ]
    for level in field.levels:
        same, different = table[field.name, level.code]
        asked = across or not level.across
        entry = {
            "sql_condition": (engine.condition(level.sql) or "ELSE") if asked else "false",
            "label_for_charts": level.code,
            "m_probability": same,
            "u_probability": different,
        }
        if level.frequency and asked:
            entry["tf_adjustment_column"] = level.frequency
            entry["tf_adjustment_weight"] = level.share
        levels.append(entry)
    return {"output_column_name": field.name, "comparison_levels": levels}
