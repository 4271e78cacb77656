"""The small tables written by hand, in ``words/*.tsv``: ranks, regions, common names, notes."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "words"
Row = dict[str, str]


@cache
def read_table(name: str) -> tuple[Row, ...]:
    """The rows of ``words/<name>.tsv`` by column name; lines that start with # are remarks."""
    text = (HERE / f"{name}.tsv").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(csv.DictReader(kept, delimiter="\t"))
