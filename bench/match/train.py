"""Write the weights that the room ships, from lists whose true pairs are known.

    python -m bench.match.train FOLDER...

Every FOLDER holds sought.csv, held.csv and gold.csv. For each field, how often a level of
agreement is seen for the same person is counted over the true pairs, for different people over
every pair of a sample; counts of several folders are added with equal weight. Rows set by hand
are kept: no list counted has these levels, or too few of them to go by.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI

from homeward.people import read_gold, read_list
from homeward.people.columns import FLAGS, LISTS, NUMBERS, TEXTS, prepare
from homeward.people.evidence import FIELDS, Field

OUT = Path(__file__).parents[2] / "src" / "homeward" / "people" / "data" / "weights.tsv"
SAMPLE = 2000  # lines a side for pairs of different people
SELDOMEST = 0.005  # share of true pairs that contradict each other in a field
BY_HAND = "set by hand"
ADDED = 0.5  # to every count, so that nothing is impossible


def main(folders: Sequence[str]) -> None:
    """Count, average and write."""
    same: dict[tuple[str, str], float] = defaultdict(float)
    different: dict[tuple[str, str], float] = defaultdict(float)
    for folder in folders:
        for key, (one, other) in count(Path(folder)).items():
            same[key] += one / len(folders)
            different[key] += other / len(folders)
    kept, lines = _kept(), [HEADER]
    for field in FIELDS:
        for level in field.levels:
            key = (field.name, level.code)
            # Other hands err more than those of the lists counted here.
            one = max(same[key], SELDOMEST if level.code == "differs" else 0.0)
            line = f"{field.name}\t{level.code}\t{one:.3g}\t{different[key]:.3g}\tcounted"
            lines.append(kept.get(key, line))
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


HEADER = """\
# How often each level of agreement is seen for the same person and for two different people.
# Counted over development lists with known pairs (invented people); see docs/reference/matching.md.
# Set by hand is what those lists have not, or too seldom to be counted, and kept modest: names in
# other scripts by sound (shares among Wikidata tokens), names of which a part is left out or that
# are spoilt worse, years reckoned from ages, defaults that agree, ranks, numbers, places, sex.
# field\tlevel\tsame person\tdifferent people\tsource"""


def _kept() -> dict[tuple[str, str], str]:
    """The rows set by hand, which stay as they are."""
    found = {}
    for line in OUT.read_text(encoding="utf-8").splitlines():
        cells = line.split("\t")
        if cells[-1] == BY_HAND:
            found[cells[0], cells[1]] = line
    return found


def count(folder: Path) -> dict[tuple[str, str], tuple[float, float]]:
    """Shares of every level among true pairs and among pairs of different people."""
    lists = [read_list(f"{n}.csv", (folder / f"{n}.csv").read_bytes()) for n in ("sought", "held")]
    left, right = (sorted(read.lines, key=lambda line: line.id) for read in lists)
    gold = read_gold((folder / "gold.csv").read_text(encoding="utf-8"))
    base = duckdb.connect(":memory:")
    for name, lines in (("a", left), ("b", right)):
        rows = prepare(lines, ())
        _load(base, name, [line.id for line in lines], rows)
    base.execute("create table gold (x varchar, y varchar)")
    base.executemany("insert into gold values (?, ?)", [list(pair) for pair in gold])
    dice = random.Random(1)
    for name, lines in (("a", left), ("b", right)):
        ids = dice.sample([line.id for line in lines], min(SAMPLE, len(lines)))
        base.execute(f"create table some_{name} as select * from {name} where id in ?", [ids])
    found = {}
    for field in FIELDS:
        same = _levels(base, field, "gold join a l on l.id = x join b r on r.id = y", "true")
        other = _levels(
            base, field, "some_a l, some_b r", "(l.id, r.id) not in (select (x, y) from gold)"
        )
        for at, level in enumerate(field.levels):
            found[field.name, level.code] = (_share(same, at, field), _share(other, at, field))
    return found


def _load(base: Any, name: str, ids: list[str], rows: list[dict[str, Any]]) -> None:

    columns = {f"k_{key}": [row[key] for row in rows] for key in (*TEXTS, *LISTS, *NUMBERS, *FLAGS)}
    loaded = DuckDBAPI(base).register({"id": ids, **columns})
    base.execute(f"create table {name} as select * from {loaded.physical_name}")


def _levels(base: Any, field: Field, source: str, where: str) -> dict[int, int]:
    cases = [f"when {_joined(field.omitted)} then -1"]
    cases += [
        f"when {_joined(level.sql)} then {at}" for at, level in enumerate(field.levels) if level.sql
    ]
    case = f"case {' '.join(cases)} else {len(field.levels) - 1} end"
    return dict(
        base.execute(
            f"select {case} as level, count(*) from {source} where {where} group by level"
        ).fetchall()
    )


def _joined(sql: str) -> str:
    """The condition with k_x_l as l.k_x."""
    return re.sub(r"\bk_(\w+?)_([lr])\b", r"\2.k_\1", sql)


def _share(counts: dict[int, int], at: int, field: Field) -> float:
    total = sum(n for level, n in counts.items() if level >= 0)
    return (counts.get(at, 0) + ADDED) / (total + ADDED * len(field.levels))


if __name__ == "__main__":
    main(sys.argv[1:])
