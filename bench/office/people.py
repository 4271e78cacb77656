"""The lists of the measured office: its own people, and invented ones until there are enough."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

from bench.match.lists import Writer, invent, load, write

_CAREFUL = Writer(0.85, 0.08, 0.0)


def longer(path: Path, rows: int, mark: str, seed: int) -> bytes:
    """The list of an example, made longer with invented people until it has ``rows`` lines."""
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        columns, lines = list(table.fieldnames or ()), list(table)
    dice = random.Random(seed)
    for number, person in enumerate(invent(load(), rows - len(lines), dice), 1):
        lines.append({**write(person, _CAREFUL, dice), "id": f"{mark}{number:06}"})
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode()
