"""One way of matching two lists, alone in its process, so that its time and memory can be told.

    python -m bench.match.tool NAME FOLDER SCORES

Writes the scored pairs (score, position in sought, position in held; lists sorted by id) to SCORES
and prints seconds and memory as JSON. Reading the lists counts for nobody.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bench.match.peers import (
    Scores,
    nomenklatura_names,
    rapidfuzz_names,
    splink_stock,
    weights_by_em,
)
from homeward.people import Line, propose, read_list


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
    "nomenklatura logic-v2": nomenklatura_names,
    "homeward, weights by EM": weights_by_em,
    "homeward": homeward,
}


def read(folder: Path) -> tuple[list[Line], list[Line]]:
    """The lists of a folder, sorted by id."""
    lists = (
        read_list(f"{n}.csv", (folder / f"{n}.csv").read_bytes()).lines for n in ("sought", "held")
    )
    sought, held = (sorted(lines, key=lambda line: line.id) for lines in lists)
    return sought, held


def main(name: str, folder: str, scores: str) -> None:
    """Match once and say what it took."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    sought, held = read(Path(folder))
    wall, processor = time.perf_counter(), _processor()
    found = TOOLS[name](sought, held)
    spent = {"seconds": time.perf_counter() - wall, "processor": _processor() - processor}
    np.save(scores, np.array(found, dtype=np.float64).reshape(-1, 3))
    kilobytes = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(json.dumps({**spent, "mebibytes": kilobytes / 1024}))


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(*sys.argv[1:])
