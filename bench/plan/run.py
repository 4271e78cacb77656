"""Measure planning, row by row, peers in the same run: `python -m bench.plan.run [ROW...]`.

Each row says what was asked of it and whether it was met. Seconds are those that passed; seconds
of the processor follow in brackets, for runs on a machine that others use.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import sys
from importlib.metadata import version
from typing import Any

from bench.plan import rows
from bench.plan.rows import Row


def main(wanted: list[str]) -> int:
    """Print the table; without names all rows. The exit code is 1 only where one broke down."""
    unknown = sorted(set(wanted) - set(rows.ROWS))
    if unknown:
        print(f"no row {', '.join(unknown)}; there are: {', '.join(rows.ROWS)}")
        return 2
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, ortools {version('ortools')}, "
        f"numpy {version('numpy')}\n"
    )
    print("| work | measured | target | |")
    print("|---|---|---|---|")
    broken = False
    for name in wanted or rows.ROWS:
        found = _apart(name)
        broken = broken or found is None
        for row in found or [Row(name, "broke down", "", None)]:
            print(row.line, flush=True)
    return int(broken)


def _apart(name: str) -> list[Row] | None:
    """Each row in a process of its own, so that memory is its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_send, args=(name, there))
    worker.start()
    there.close()
    try:
        return list(here.recv())
    except EOFError:
        return None
    finally:
        worker.join()


def _send(name: str, out: Any) -> None:
    import ortools.graph.python.min_cost_flow  # noqa: F401  its loading is no part of a time

    out.send(rows.ROWS[name]())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
