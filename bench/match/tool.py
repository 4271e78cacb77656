"""One way of matching two lists, alone in its process, so that its time and memory can be told.

    python -m bench.match.tool NAME FOLDER SCORES

Writes the scored pairs (score, position in sought, position in held; lists sorted by id) to SCORES
and prints seconds and memory as JSON. Reading the lists counts for nobody. This project adds what
it decided: 1 the same, 0 for review, -1 different.

NAME may also be `workbook`: 200,000 rows of XLSX are made, and read and checked.
"""

from __future__ import annotations

import json
import logging
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.match.peers import (
    nomenklatura_names,
    rapidfuzz_names,
    splink_stock,
    weights_by_em,
)
from homeward.people import Line, propose, read_list
from homeward.problem import errors


def homeward(sought: Sequence[Line], held: Sequence[Line]) -> Any:
    """This project."""
    found = propose(sought, held)
    left = {line.id: at for at, line in enumerate(sought)}
    right = {line.id: at for at, line in enumerate(held)}
    return [
        (pair.probability, left[pair.sought_id], right[pair.held_id], decided)
        for decided, pairs in ((1, found.same), (0, found.review), (-1, found.different))
        for pair in pairs
    ]


WORKBOOK = "workbook"
TOOLS: dict[str, Callable[[Sequence[Line], Sequence[Line]], Any]] = {
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
    if name == WORKBOOK:
        subprocess.run([sys.executable, "-m", "bench.match.workbook", folder], check=True)
        wall, processor = time.perf_counter(), _processor()
        taken = read_list("list.xlsx", (Path(folder) / "list.xlsx").read_bytes())
        assert len(taken.lines) + len(errors(taken.problems)) == taken.rows
    else:
        sought, held = read(Path(folder))
        wall, processor = time.perf_counter(), _processor()
        found = np.array(TOOLS[name](sought, held), dtype=np.float64)
    spent = {"seconds": time.perf_counter() - wall, "processor": _processor() - processor}
    if name != WORKBOOK:
        np.save(scores, found)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if name != WORKBOOK:  # whose child made the file
        kilobytes += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({**spent, "mebibytes": kilobytes / 1024}))


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(*sys.argv[1:])
