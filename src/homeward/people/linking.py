"""Splink on DuckDB: the evidence of every candidate pair, from prepared columns, fixed weights.

Nothing is trained here: two lists seldom hold enough to learn from, and weights that stand in a
file can be read by both sides. What is measured for each pair is a sum of bits by field.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from homeward.people import lexicon, tables
from homeward.people.columns import FLAGS, LISTS, NUMBERS, TEXTS
from homeward.people.evidence import FIELDS, Field

Rows = Sequence[Mapping[str, Any]]
Weights = Mapping[tuple[str, str], tuple[float, float]]

# Lists this long outweigh the shipped shares of names; shorter ones lean on them.
FAMILIAR = 2000
# Evidence this far below even odds (in bits) changes no probability that is shown.
NEGLIGIBLE = -20.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One field of one pair: the level of agreement and its bits; ``omitted`` has none."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Scored:
    """One candidate pair by positions, with its evidence in bits before any prior."""

    left: int
    right: int
    bits: float
    seen: tuple[Seen, ...]


@cache
def weights() -> Weights:
    """How often each level is seen for one person and for two different ones, as shipped."""
    return {
        (field, level): (float(same), float(different))
        for field, level, same, different, *_ in tables.rows("weights.tsv")
    }


def score_pairs(left: Rows, right: Rows, pairs: Sequence[tuple[int, int]]) -> list[Scored]:
    """The evidence for candidate pairs (positions in ``left`` and ``right``), sorted by position.

    Pairs whose evidence is negligible are left out.
    """
    if not pairs:
        return []
    return scored(linker(left, right, pairs), len(left) + len(right))


def scored(ready: Any, lines: int) -> list[Scored]:
    """What a linker finds in two lists of together ``lines`` lines."""
    floor = math.log2(lines) + NEGLIGIBLE
    found = ready.inference.predict(threshold_match_weight=floor, warning_mode="never")
    columns = ["k_id_l", "k_id_r", "match_weight"]
    for field in FIELDS:
        adjusted = f" + mw_tf_adj_{field.name}" if any(v.frequency for v in field.levels) else ""
        columns += [f"gamma_{field.name}", f"mw_{field.name}{adjusted}"]
    rows = found.as_duckdbpyrelation().project(", ".join(columns)).fetchall()
    return sorted((_scored(row) for row in rows), key=lambda pair: (pair.left, pair.right))


def _scored(row: tuple[Any, ...]) -> Scored:
    one, other = (row[0], row[1]) if row[0] < row[1] else (row[1], row[0])
    seen = []
    for at, field in enumerate(FIELDS):
        gamma, bits = row[3 + 2 * at], row[4 + 2 * at]
        level = "omitted" if gamma < 0 else field.levels[len(field.levels) - 1 - gamma].code
        seen.append(Seen(field.name, level, bits))
    # Splink may hand out a pair either way round; the ids say which side a line is from.
    return Scored(int(one[1:]), int(other[1:]), row[2], tuple(seen))


def linker(left: Rows, right: Rows, pairs: Sequence[tuple[int, int]]) -> Any:
    import duckdb
    from splink import DuckDBAPI, Linker

    # One thread: sums are taken in one order, so equal lists give equal bits.
    api = DuckDBAPI(duckdb.connect(":memory:", config={"threads": 1}))
    inputs = [
        api.register(_columns(rows, side), dataset_display_name=side)
        for side, rows in (("a", left), ("b", right))
    ]
    ready = Linker(inputs, settings(weights()), log_level=None, validate_settings=False)
    for column, shares in frequencies(left, right).items():
        lookup = {f"k_{column}": list(shares), f"tf_k_{column}": list(shares.values())}
        ready.table_management.register_term_frequency_lookup(api.register(lookup), f"k_{column}")
    blocked = {
        "match_key": ["0"] * len(pairs),
        "join_key_l": [f"a-__-{_id('a', one)}" for one, _ in pairs],
        "join_key_r": [f"b-__-{_id('b', other)}" for _, other in pairs],
    }
    ready.table_management.register_blocked_pairs_for_predict(api.register(blocked))
    return ready


def _id(side: str, at: int) -> str:
    return f"{side}{at:07}"


def _columns(rows: Rows, side: str) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        "source_dataset": [side] * len(rows),
        "k_id": [_id(side, at) for at in range(len(rows))],
    }
    for name in (*TEXTS, *LISTS, *NUMBERS, *FLAGS):
        columns[f"k_{name}"] = [row[name] for row in rows]
    return columns


def frequencies(left: Rows, right: Rows) -> dict[str, dict[str, float]]:
    """The share of people with each surname, given name and father's name.

    Counts of the two lists, mixed with what the shipped tables say about names at large, so that
    a name met once in a list of five is not taken for a fifth of mankind.
    """
    expected = {
        "sur": lexicon.surname_share,
        "giv": lexicon.given_share,
        "fat": lexicon.given_share,
    }
    shares = {}
    for column, at_large in expected.items():
        counts = Counter(row[column] for rows in (left, right) for row in rows if row[column])
        total = counts.total() + FAMILIAR
        shares[column] = {
            value: (counts[value] + FAMILIAR * at_large(value)) / total for value in sorted(counts)
        } or {"": 1.0}
    return shares


def settings(table: Weights) -> dict[str, Any]:
    """Splink's settings for our fields: every level with its two shares, and no training."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "k_id",
        "probability_two_random_records_match": 0.5,
        "comparisons": [_comparison(field, table) for field in FIELDS],
        "blocking_rules_to_generate_predictions": [],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }


def _comparison(field: Field, table: Weights) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": field.omitted, "is_null_level": True, "label_for_charts": "omitted"}
    ]
    for level in field.levels:
        same, different = table[field.name, level.code]
        entry = {
            "sql_condition": level.sql or "ELSE",
            "label_for_charts": level.code,
            "m_probability": same,
            "u_probability": different,
        }
        if level.frequency:
            entry["tf_adjustment_column"] = level.frequency
            entry["tf_adjustment_weight"] = level.share
        levels.append(entry)
    return {"output_column_name": field.name, "comparison_levels": levels}
