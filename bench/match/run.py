"""How well and how fast two lists are matched, beside other tools on the same lists.

    python -m bench.match.run [FOLDER...] [--seeds N] [--people N] [--peers-on N] [--large N]

Without a FOLDER (sought.csv, held.csv, gold.csv) the invented lists of the tests are taken, then
lists of `--people` made on the spot, one for each of `--seeds` seeds never used for development.
The other tools run on the first `--peers-on` of them, this project on all; `--large` adds one of
that many lines. Every tool runs in a process of its own, is lent the same candidate pairs and ends
with the same greedy one-to-one assignment; best F1 and the recall left at a precision of 0.999
both choose their threshold knowing the truth, alike for all.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from bench.match.lists import CAREFUL, CARELESS, Names, load, make, save
from bench.match.peers import PEERS, SETTINGS
from bench.match.tool import TOOLS, read
from homeward.people import propose, read_gold

TESTS = Path(__file__).parents[2] / "tests" / "people" / "data"
FIRST_SEED = 7001
OURS = "homeward"
SLOW = ("nomenklatura logic-v2", "homeward, weights by EM")


@dataclass
class Decided:
    """What was decided without asking: right and all `same` pairs, lines for review, lines."""

    right: int = 0
    same: int = 0
    review: int = 0
    lines: int = 0


def main() -> None:
    """Print one table for each pair of lists, then what was decided over all of them."""
    asked = _asked()
    libraries = ("splink", "duckdb", "rapidfuzz")
    print(", ".join(f"{name} {version(name)}" for name in libraries))
    print(SETTINGS)
    pooled = Decided()
    with tempfile.TemporaryDirectory() as made:
        folders = asked.folders or [TESTS]
        for folder in folders:
            _table(folder, list(TOOLS), pooled)
        names = load()
        for at in range(asked.seeds):
            folder = _lists(Path(made), asked.people, FIRST_SEED + at, names)
            _table(folder, list(TOOLS) if at < asked.peers_on else [OURS], pooled)
        if asked.large:
            folder = _lists(Path(made), asked.large, FIRST_SEED, names)
            _table(folder, [name for name in TOOLS if name not in SLOW], pooled)
    low = _lower_bound(pooled.right, pooled.same)
    print(
        f"\nAll lists together: {pooled.same} pairs decided `same`, {pooled.right} of them right "
        f"({pooled.right / pooled.same:.5f}, at least {low:.5f} with 95 % confidence); "
        f"{100 * pooled.review / pooled.lines:.1f} % of the lines sought go to review"
    )


def _asked() -> argparse.Namespace:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folders", nargs="*", type=Path)
    wanted.add_argument("--seeds", type=int, default=10)
    wanted.add_argument("--people", type=int, default=10_000)
    wanted.add_argument("--peers-on", type=int, default=1)
    wanted.add_argument("--large", type=int, default=100_000)
    return wanted.parse_args()


def _lists(room: Path, people: int, seed: int, names: Names) -> Path:
    folder = room / f"made anew, seed {seed}, {people}"
    save(folder, *make(people, seed, CAREFUL, CARELESS, names))
    return folder


def _table(folder: Path, tools: Sequence[str], pooled: Decided) -> None:
    sought, held = read(folder)
    gold = set(read_gold((folder / "gold.csv").read_text(encoding="utf-8")))
    places = {line.id: at for at, line in enumerate(held)}
    numbers = {line.id: at for at, line in enumerate(sought)}
    true = {(numbers[one], places[other]) for one, other in gold}
    print(f"\n{folder.name}: {len(sought)} x {len(held)} lines, {len(gold)} the same person\n")
    print("| tool | 1-1 F1 | precision | recall | recall at 0.999 | seconds | processor | MiB |")
    print("|---|---|---|---|---|---|---|---|")
    for name in tools:
        if name in PEERS and not PEERS[name].exists():
            print(f"| {name} | not installed: make peers | | | | | | |")
            continue
        spent, pairs = _run(name, folder)
        best, strict = _judged(pairs, true)
        shown = " | ".join(f"{value:.4f}" for value in (*best, strict))
        print(
            f"| {name} | {shown} | {spent['seconds']:.1f} | {spent['processor']:.1f} "
            f"| {spent['mebibytes']:.0f} |",
            flush=True,
        )
    found = propose(sought, held)
    right = sum((pair.sought_id, pair.held_id) in gold for pair in found.same)
    review = len({pair.sought_id for pair in found.review})
    for field, more in zip(
        ("right", "same", "review", "lines"),
        (right, len(found.same), review, len(sought)),
        strict=True,
    ):
        setattr(pooled, field, getattr(pooled, field) + more)
    print(
        f"\nDecided `same`: {len(found.same)}, {right} right, recall {right / len(gold):.4f}; "
        f"for review: {100 * review / len(sought):.1f} % of the lines sought"
    )


def _run(name: str, folder: Path) -> tuple[dict[str, float], Any]:
    """One tool in a process of its own: what it took, and its scored pairs."""
    with tempfile.TemporaryDirectory() as room:
        scores = Path(room) / "scores.npy"
        command = [sys.executable, "-m", "bench.match.tool", name, str(folder), str(scores)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1]), np.load(scores)


def _judged(pairs: Any, gold: set[tuple[int, int]]) -> tuple[tuple[float, float, float], float]:
    """Best (F1, precision, recall) after greedy assignment, and recall at precision 0.999."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    right, best, strict = 0, (0.0, 0.0, 0.0), 0.0
    order = np.lexsort((pairs[:, 2], pairs[:, 1], -pairs[:, 0]))
    for one, other in pairs[order, 1:].astype(int).tolist():
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


def _lower_bound(right: int, all_: int, z: float = 1.6449) -> float:
    """Wilson's one-sided lower bound of a share, at 95 % (Wilson 1927, JASA 22:209)."""
    share = right / all_
    middle = share + z * z / (2 * all_)
    spread = z * math.sqrt(share * (1 - share) / all_ + z * z / (4 * all_ * all_))
    return (middle - spread) / (1 + z * z / all_)


if __name__ == "__main__":
    main()
