"""How long a whole exchange takes and what it needs: `python -m bench.rehearsal.run [RUNS]`.

Each row is the command itself, `homeward rehearse`, with all its programs, as often as RUNS says
(3 if left out); the medians are shown. The peer is the other courier, taken in turn with the first:
both carry the same packages of the same exchange, so what differs is the carrying alone.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median

EXAMPLES = Path(__file__).parents[2] / "examples"
FULL = "istanbul-2025"
PLAYED: Sequence[tuple[str, str, tuple[str, ...]]] = (
    (f"{FULL}, day 1", FULL, ("--until", "1")),
    (FULL, FULL, ()),
    ("three-rivers", "three-rivers", ()),
    ("small-unequal", "small-unequal", ()),
)
COURIERS = ("files", "http")
MOST_SECONDS, MOST_MEMORY, MOST_HELP = 60.0, 1.5 * 2**30, 0.4
_LOOK_EVERY = 0.25
_HELPS = 11

Row = dict[str, float]


def main(arguments: Sequence[str] = ()) -> int:
    """Print the tables and whether what is aimed at was met; 1 where a run is not sound."""
    runs = int(arguments[0]) if arguments else 3
    print(f"homeward {version('homeward')}, SQLite {sqlite3.sqlite_version}, {_durable()}")
    print(f"medians of {runs} runs; load at the start {os.getloadavg()[0]:.1f}\n")
    rows: dict[str, Row] = {}
    for title, name, more in PLAYED:
        taken: dict[str, list[Row]] = {carry: [] for carry in COURIERS}
        for _ in range(runs):
            for carry in COURIERS:
                played = _played(EXAMPLES / name, (*more, "--carry", carry))
                if played is None:
                    return 1
                taken[carry].append(played)
        for carry in COURIERS:
            rows[f"{title}, {carry}"] = _medians(taken[carry])
    _table(rows)
    _aims(rows[f"{FULL}, files"], _help())
    return 0


def _played(folder: Path, more: Sequence[str]) -> Row | None:
    """One run of the command: its parts, its time, and the memory of all programs together."""
    words = [sys.executable, "-m", "homeward", "rehearse", str(folder), "--json", *more]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as out:
        began, most = time.monotonic(), 0
        said = Path(out) / "said.json"
        with said.open("wb") as file:
            running = subprocess.Popen([*words, "--out", f"{out}/run"], stdout=file)
            while running.poll() is None:
                most = max(most, _memory(running.pid))
                time.sleep(_LOOK_EVERY)
        wall = time.monotonic() - began
        told = json.loads(said.read_text(encoding="utf-8"))
    if running.returncode or not told["verified"]:
        print(f"{folder.name} ended with {running.returncode}", *told["problems"], sep="\n")
        return None
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    signed = sum(cell["count"] for cell in told["position"]["cells"])
    return {
        **told["parts"],
        "all": wall,
        "processor": processor,
        "cells": signed,
        "MiB": most / 2**20,
        "peaks MiB": told["memory"] / 2**20,
    }


def _memory(root: int) -> int:
    """What a program and all that it started hold now; shared pages are shared out (PSS)."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    held, left = 0, [root]
    while left:
        process = left.pop()
        left += children.get(process, [])
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        held += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return held


def _durable() -> str:
    """How the record's store writes: 2 or 3 waits for the disk at every commit."""
    from homeward.record import Store, make_keys, open_exchange

    keys = [make_keys(name, "side", (f"{name}-a",), os.urandom) for name in ("one", "two")]
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/store.db")
        exchange = open_exchange([key.card for key in keys], b"terms", {})
        Store(connection, "?", exchange, keys[0])
        (level,) = connection.execute("PRAGMA synchronous").fetchone()
        connection.close()
    return f"synchronous={level} ({'fsync at every commit' if level >= 2 else 'NOT durable'})"


def _help() -> float:
    spent = []
    for _ in range(_HELPS):
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "homeward", "--help"], check=True, stdout=subprocess.DEVNULL
        )
        spent.append(time.monotonic() - began)
    return median(spent)


def _medians(taken: Sequence[Mapping[str, float]]) -> Row:
    names = dict.fromkeys(name for row in taken for name in row)
    return {name: median(row.get(name, 0.0) for row in taken) for name in names}


def _table(rows: Mapping[str, Row]) -> None:
    whole = ("cells", "MiB", "peaks MiB")
    parts = list(dict.fromkeys(part for row in rows.values() for part in row))
    shown = {"cells": "signed", **{part: part for part in parts if part != "cells"}}
    print(f"| seconds | {' | '.join(shown[part] for part in parts)} |")
    print("|---" + "|---:" * len(parts) + "|")
    for title, row in rows.items():
        cells = [f"{row.get(p, 0):.0f}" if p in whole else f"{row.get(p, 0):.2f}" for p in parts]
        print(f"| {title} | {' | '.join(cells)} |")


def _aims(full: Row, asked: float) -> None:
    print("\n| aimed at | measured | |\n|---|---:|---|")
    for what, found, most, unit in (
        (f"{FULL} in {MOST_SECONDS:.0f} s", full["all"], MOST_SECONDS, "s"),
        ("all programs in 1,536 MiB", full["MiB"], MOST_MEMORY / 2**20, "MiB"),
        (f"homeward --help in {MOST_HELP} s", asked, MOST_HELP, "s"),
    ):
        print(f"| {what} | {found:.2f} {unit} | {'met' if found <= most else 'MISSED'} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
