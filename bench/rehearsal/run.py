"""How long a whole exchange takes, part by part: files and HTTP as couriers, in one run.

The peer is the other courier: both carry the same packages of the same exchange, so what differs
is the carrying alone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from homeward.rehearsal import Until, read_folder, rehearse
from homeward.rehearsal.courier import Way

EXAMPLES = Path(__file__).parents[2] / "examples"
RUNS = (
    ("istanbul-2025", Until(stage=1)),
    ("istanbul-2025", Until()),
    ("three-rivers", Until()),
    ("small-unequal", Until()),
)


def main() -> int:
    """Print one table: seconds by part, entries, and the peak of all programs together."""
    failed = 0
    rows: dict[str, dict[str, float]] = {}
    for name, until in RUNS:
        folder, problems = read_folder(EXAMPLES / name)
        if folder is None:
            print(*problems, sep="\n")
            return 1
        for carry in ("files", "http"):
            title = f"{name}{'/1' if until.stage else ''} {carry}"
            with tempfile.TemporaryDirectory() as out:
                way: Way = "http" if carry == "http" else "files"
                outcome = rehearse(folder, Path(out) / "out", until=until, carry=way)
            failed += not outcome.sound
            entries = len(outcome.findings.union.entries)
            rows[title] = {
                **outcome.parts,
                "all": sum(outcome.parts.values()),
                "entries": entries,
                "MiB": outcome.memory / 2**20,
            }
    _print(rows)
    return 1 if failed else 0


def _print(rows: dict[str, dict[str, float]]) -> None:
    parts = list(dict.fromkeys(part for row in rows.values() for part in row))
    width = max(len(title) for title in rows)
    print("seconds".ljust(width), *(part.rjust(9) for part in parts))
    for title, row in rows.items():
        cells = [
            f"{row.get(part, 0):9.0f}" if part in ("entries", "MiB") else f"{row.get(part, 0):9.2f}"
            for part in parts
        ]
        print(title.ljust(width), *cells)


if __name__ == "__main__":
    sys.exit(main())
