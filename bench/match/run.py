"""How well and how fast two lists are matched, beside other tools on the same lists.

    python -m bench.match.run [--parts FOLDER] [--within SECONDS] [--seeds N] [--beside N]
                              [--people N] [--large N] [--lists FOLDER...]

Invented lists of `--people` lines: one pair for each of `--seeds` seeds never used for development,
and as many spoilt in another way (`bench.match.otherwise`). This project is measured on all of
them, the other tools on the first `--beside`, the slow ones among them and the other way on the
first alone: the tables say on how many. `--lists` adds folders with sought.csv, held.csv and
gold.csv, on which every tool runs, `--large` one pair of that many lines. Last, a workbook of
200,000 rows is read and checked.

Every tool runs in a process of its own, is lent the same candidate pairs and ends with the same
greedy one-to-one assignment; best F1 and the recall left at a precision of 0.999 both choose their
threshold knowing the truth, alike for all. With `--parts` each measurement is kept as a file there
and not made again; with `--within` none is begun after that many seconds, so that a long table can
be made in several runs. The tables are printed when nothing is left to measure.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from bench.match.lists import CAREFUL, CARELESS, Hand, load, make, save
from bench.match.otherwise import Clerk
from bench.match.peers import PEERS, SETTINGS
from bench.match.tool import TOOLS, WORKBOOK, read
from homeward.people import read_gold

TESTS = Path(__file__).parents[2] / "tests" / "people" / "data"
FIRST_SEED, OTHERWISE_SEED = 7201, 9201
OURS = "homeward"
SLOW = ("nomenklatura logic-v2", "homeward, weights by EM")
Measured = dict[str, Any]


@dataclass(frozen=True)
class Lists:
    """Two lists to be measured on: the table they belong to, and how they come about."""

    table: str
    tools: tuple[str, ...]
    folder: Path | None = None
    people: int = 0
    seed: int = 0
    hand: Hand = CARELESS

    @property
    def name(self) -> str:
        """A name for files and rows."""
        return f"{self.table}-{self.folder.name if self.folder else self.seed}".replace(" ", "-")


def main() -> None:
    """Measure what is not measured yet; print the tables when all of it is."""
    asked = _asked()
    ends = time.monotonic() + asked.within
    every = list(_every(asked))
    with tempfile.TemporaryDirectory() as room:
        parts = asked.parts or Path(room)
        parts.mkdir(parents=True, exist_ok=True)
        missing = [part for part in every if not _file(parts, *part).exists()]
        for at, (lists, tool) in enumerate(missing):
            if time.monotonic() > ends:
                print(f"{len(missing) - at} of {len(every)} measurements are left for another run")
                return
            measured = _measure(lists, tool, Path(room))
            _file(parts, lists, tool).write_text(json.dumps(measured), encoding="utf-8")
        _print(every, parts)


def _asked() -> argparse.Namespace:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--lists", nargs="*", type=Path, default=[])
    wanted.add_argument("--parts", type=Path)
    wanted.add_argument("--within", type=float, default=math.inf)
    wanted.add_argument("--seeds", type=int, default=10)
    wanted.add_argument("--beside", type=int, default=3)
    wanted.add_argument("--people", type=int, default=10_000)
    wanted.add_argument("--large", type=int, default=100_000)
    return wanted.parse_args()


def _every(asked: argparse.Namespace) -> Iterator[tuple[Lists, str]]:
    """Every measurement: a pair of lists and a tool."""
    tools = tuple(name for name in TOOLS if name not in PEERS or PEERS[name].exists())
    quick = tuple(name for name in tools if name not in SLOW)
    every = [Lists("development", tools, folder) for folder in (TESTS, *asked.lists)]
    for table, first, hand, beside in (
        ("made anew", FIRST_SEED, CARELESS, asked.beside),
        ("spoilt otherwise", OTHERWISE_SEED, Clerk(), 1),
    ):
        for at in range(asked.seeds):
            chosen = tools if not at else quick if at < beside else (OURS,)
            every.append(Lists(table, chosen, None, asked.people, first + at, hand))
    if asked.large:
        every.append(Lists(f"{asked.large} lines", quick, None, asked.large, FIRST_SEED))
    yield from ((lists, tool) for lists in every for tool in lists.tools)
    yield Lists("a workbook", (WORKBOOK,)), WORKBOOK


def _file(parts: Path, lists: Lists, tool: str) -> Path:
    return parts / f"{lists.name}-{tool.replace(' ', '-')}.json"


def _measure(lists: Lists, tool: str, room: Path) -> Measured:
    """One tool on one pair of lists, in a process of its own."""
    if tool == WORKBOOK:
        return _run(tool, room, room / "none")
    folder = lists.folder or room / lists.name
    if not folder.exists():
        save(folder, *make(lists.people, lists.seed, CAREFUL, lists.hand, load()))
    sought, held = read(folder)
    gold = set(read_gold((folder / "gold.csv").read_text(encoding="utf-8")))
    places = {line.id: at for at, line in enumerate(held)}
    numbers = {line.id: at for at, line in enumerate(sought)}
    true = {(numbers[one], places[other]) for one, other in gold}
    spent = _run(tool, folder, room / "scores.npy")
    pairs = np.load(room / "scores.npy")
    (f1, precision, recall), strict = _judged(pairs, true)
    quality = {"f1": f1, "precision": precision, "recall": recall, "strict": strict}
    sizes = {"sought": len(sought), "held": len(held), "gold": len(gold)}
    return {**spent, **quality, **sizes, **(_decided(pairs, true) if tool == OURS else {})}


def _run(tool: str, folder: Path, scores: Path) -> Measured:
    command = [sys.executable, "-m", "bench.match.tool", tool, str(folder), str(scores)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    answer: Measured = json.loads(done.stdout.splitlines()[-1])
    return answer


def _decided(pairs: Any, gold: set[tuple[int, int]]) -> Measured:
    """What was decided without asking: right and all `same` pairs, and lines for review."""
    same = [(int(row[1]), int(row[2])) for row in pairs if row[3] == 1]
    review = {int(row[1]) for row in pairs if row[3] == 0}
    return {"right": len(gold.intersection(same)), "same": len(same), "review": len(review)}


def _judged(pairs: Any, gold: set[tuple[int, int]]) -> tuple[tuple[float, float, float], float]:
    """Best (F1, precision, recall) after greedy assignment, and recall at precision 0.999."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    right, best, strict = 0, (0.0, 0.0, 0.0), 0.0
    order = np.lexsort((pairs[:, 2], pairs[:, 1], -pairs[:, 0]))
    for one, other in pairs[order, 1:3].astype(int).tolist():
        if one in taken_left or other in taken_right:
            continue
        taken_left.add(one)
        taken_right.add(other)
        right += (one, other) in gold
        precision, recall = right / len(taken_left), right / len(gold)
        if right:
            both = 2 * precision * recall / (precision + recall)
            best = max(best, (both, precision, recall))
        if precision >= 0.999:
            strict = recall
    return best, strict


def _print(every: Sequence[tuple[Lists, str]], parts: Path) -> None:
    libraries = ("splink", "duckdb", "rapidfuzz")
    print(", ".join(f"{name} {version(name)}" for name in libraries))
    print(SETTINGS)
    found = [
        (lists, tool, json.loads(_file(parts, lists, tool).read_text(encoding="utf-8")))
        for lists, tool in every
    ]
    for table in dict.fromkeys(lists.table for lists, tool in every if tool != WORKBOOK):
        _table(table, [row for row in found if row[0].table == table])
    for _, tool, spent in found:
        if tool == WORKBOOK:
            print(
                f"\n200,000 rows of XLSX read and checked: {spent['seconds']:.1f} s, processor "
                f"{spent['processor']:.1f} s, {spent['mebibytes']:.0f} MiB "
                "(aimed at 30 s, 1,024 MiB)"
            )


def _table(table: str, rows: Sequence[tuple[Lists, str, Measured]]) -> None:
    """One row for each tool and pair of lists, then the means of a tool over several."""
    print(f"\n{table}\n\n| lists | tool | lines | in both | 1-1 F1 | precision | recall", end="")
    print(" | recall at 0.999 | seconds | processor | MiB |\n|---|---|" + "---:|" * 9)
    by_tool: dict[str, list[Measured]] = {}
    for lists, tool, one in rows:
        by_tool.setdefault(tool, []).append(one)
        print(_row(lists.folder.name if lists.folder else f"seed {lists.seed}", tool, one))
    for tool, several in by_tool.items():
        if len(several) > 1:
            mean = {key: fmean(one[key] for one in several) for key in several[0]}
            print(_row(f"**mean of {len(several)}**", tool, mean))
    ours = by_tool[OURS]
    right, same, gold = (sum(one[key] for one in ours) for key in ("right", "same", "gold"))
    review, lines = (sum(one[key] for one in ours) for key in ("review", "sought"))
    print(
        f"\nDecided `same` without asking, all of {table} together: {same} pairs, {right} right: "
        f"precision {right / same:.5f}, at least {_lower_bound(right, same):.5f} with 95 % "
        f"confidence; recall {right / gold:.4f}; for review {100 * review / lines:.1f} % of the "
        "lines sought"
    )


def _row(lists: str, tool: str, one: Measured) -> str:
    quality = " | ".join(f"{one[key]:.4f}" for key in ("f1", "precision", "recall", "strict"))
    sizes = f"{one['sought']:.0f} x {one['held']:.0f} | {one['gold']:.0f}"
    spent = f"{one['seconds']:.1f} | {one['processor']:.1f} | {one['mebibytes']:.0f}"
    return f"| {lists} | {tool} | {sizes} | {quality} | {spent} |"


def _lower_bound(right: int, all_: int, z: float = 1.6449) -> float:
    """Wilson's one-sided lower bound of a share, at 95 % (Wilson 1927, JASA 22:209)."""
    share = right / all_
    middle = share + z * z / (2 * all_)
    spread = z * math.sqrt(share * (1 - share) / all_ + z * z / (4 * all_ * all_))
    return (middle - spread) / (1 + z * z / all_)


if __name__ == "__main__":
    main()
