"""How well and how fast two lists are matched, beside other tools on the same lists.

    python -m bench.match.run [FOLDER...] [--people N] [--times N]

Without a FOLDER (sought.csv, held.csv, gold.csv) the invented lists of the tests are taken, and
lists of N people made on the spot. Scores are after greedy one-to-one assignment for every tool:
the best F1, and the recall that is left at a precision of 0.999; both choose their threshold
knowing the truth, alike for all. Seconds are processor time, the median of several runs.
"""

from __future__ import annotations

import argparse
import logging
import resource
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from bench.match.lists import CAREFUL, CARELESS, load, make, save
from bench.match.peers import Scores, rapidfuzz_names, splink_stock, weights_by_em
from homeward.people import Line, propose, read_gold, read_list, score

TESTS = Path(__file__).parents[2] / "tests" / "people" / "data"
SEED = 2026
Lists = tuple[list[Line], list[Line], set[tuple[str, str]]]


def homeward(sought: Sequence[Line], held: Sequence[Line]) -> Scores:
    """This project."""
    found = propose(sought, held)
    left = {line.id: at for at, line in enumerate(sought)}
    right = {line.id: at for at, line in enumerate(held)}
    return [
        (pair.probability, left[pair.sought_id], right[pair.held_id])
        for pair in (*found.same, *found.review, *found.different)
    ]


TOOLS: dict[str, Callable[[Sequence[Line], Sequence[Line]], Scores]] = {
    "rapidfuzz token_sort + date": rapidfuzz_names,
    "Splink stock": splink_stock,
    "homeward, weights by EM": weights_by_em,
    "homeward": homeward,
}


def main() -> None:
    """Print one table per pair of lists."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folders", nargs="*", type=Path)
    wanted.add_argument("--people", type=int, default=3000)
    wanted.add_argument("--times", type=int, default=3)
    asked = wanted.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    names = ("splink", "duckdb", "rapidfuzz")
    print(
        ", ".join(f"{name} {version(name)}" for name in names), f"Python {sys.version.split()[0]}"
    )
    with tempfile.TemporaryDirectory() as made:
        folders = asked.folders or [TESTS, Path(made) / f"invented-{asked.people}"]
        if not asked.folders:
            save(folders[1], *make(asked.people, SEED, CAREFUL, CARELESS, load()))
        for folder in folders:
            _table(folder, asked.times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"\nPeak memory of all together: {peak:.0f} MiB")


def _table(folder: Path, times: int) -> None:
    sought, held, gold = _lists(folder)
    print(f"\n{folder.name}: {len(sought)} x {len(held)} lines, {len(gold)} the same person\n")
    print("| tool | 1-1 F1 | precision | recall | recall at precision 0.999 | seconds |")
    print("|---|---|---|---|---|---|")
    for name, tool in TOOLS.items():
        seconds, pairs = [], []
        for _ in range(times):
            started = time.process_time()
            pairs = tool(sought, held)
            seconds.append(time.process_time() - started)
        best, strict = _judged(pairs, sought, held, gold)
        shown = " | ".join(f"{value:.4f}" for value in (*best, strict))
        print(f"| {name} | {shown} | {statistics.median(seconds):.1f} |", flush=True)
    _decisions(sought, held, gold)


def _decisions(sought: Sequence[Line], held: Sequence[Line], gold: set[tuple[str, str]]) -> None:
    found = propose(sought, held)
    same = score(found.same, gold)
    lines = {pair.sought_id for pair in found.review}
    print(
        f"\nDecided `same`: {len(found.same)}, precision {same.precision:.4f}, "
        f"recall {same.recall:.4f}; for review: {len(found.review)} pairs, "
        f"{100 * len(lines) / len(sought):.1f} % of the lines sought; with these, recall "
        f"{score((*found.same, *found.review), gold).recall:.4f}"
    )


def _lists(folder: Path) -> Lists:
    lists = []
    for name in ("sought", "held"):
        read = read_list(f"{name}.csv", (folder / f"{name}.csv").read_bytes())
        lists.append(sorted(read.lines, key=lambda line: line.id))
    return lists[0], lists[1], set(read_gold((folder / "gold.csv").read_text(encoding="utf-8")))


def _judged(
    pairs: Scores, sought: Sequence[Line], held: Sequence[Line], gold: set[tuple[str, str]]
) -> tuple[tuple[float, float, float], float]:
    """Best (F1, precision, recall) after greedy assignment, and recall at precision 0.999."""
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    right, best, strict = 0, (0.0, 0.0, 0.0), 0.0
    for _, one, other in sorted(pairs, key=lambda found: (-found[0], *found[1:])):
        if one in taken_left or other in taken_right:
            continue
        taken_left.add(one)
        taken_right.add(other)
        right += (sought[one].id, held[other].id) in gold
        precision, recall = right / len(taken_left), right / len(gold)
        if right:
            both = 2 * precision * recall / (precision + recall)
            best = max(best, (both, precision, recall))
        if precision >= 0.999:
            strict = recall
    return best, strict


if __name__ == "__main__":
    main()
