"""Measure planning at several sizes, beside the naive 0/1 model: `python -m bench.plan.run`."""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from itertools import pairwise
from typing import Any

from bench.plan.naive import naive
from bench.plan.worlds import World, world
from homeward.plan import Plan, certify, check, make_plan, replan
from homeward.plan.events import Event, situation
from homeward.plan.flow import disproofs, solve
from homeward.plan.limits import make_task
from homeward.plan.network import network

SIZES = ((1_000, 10, 5), (10_000, 30, 20), (100_000, 60, 40))
_NAIVE_SECONDS = 400


def main(arguments: list[str]) -> int:
    """Print the tables; `--small` leaves out 100,000 a side."""
    sizes = SIZES[:2] if "--small" in arguments else SIZES
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, ortools {version('ortools')}, "
        f"numpy {version('numpy')}\n"
    )
    _head("classes", "arcs", "task (processor)", "network", "solve", "proof", "memory")
    for size in sizes:
        print(_apart(_core, size), flush=True)
    print()
    _head("make_plan", "check", "certify", "replan", "told persons changed", "memory")
    for size in sizes:
        print(_apart(_whole, size), flush=True)
    print()
    _head("this", "naive 0/1 model, HiGHS", "times as fast")
    print(_apart(_beside, SIZES[0]), flush=True)
    return 0


def _head(*columns: str) -> None:
    print(f"| persons / stages / sites | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 1) + "|")


def _apart(measure: Callable[[World], str], size: tuple[int, int, int]) -> str:
    """Each measurement in a process of its own, so that memory is its own."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    worker = context.Process(target=_send, args=(measure, size, there))
    worker.start()
    there.close()
    try:
        return str(here.recv())
    except EOFError:
        return f"| {size} | failed |"
    finally:
        worker.join()


def _send(measure: Callable[[World], str], size: tuple[int, int, int], out: Any) -> None:
    import ortools.graph.python.min_cost_flow  # noqa: F401  its loading is no part of a time

    made = world(*size)
    out.send(f"| {made.name} | {measure(made)} |")


def _now() -> tuple[float, float]:
    """Time that passed, and time the processor spent: they part where others use the machine."""
    return time.perf_counter(), time.process_time()


def _memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"


def _core(made: World) -> str:
    """The flow itself: the best of three runs."""
    shown = ""
    times: list[list[tuple[float, float]]] = []
    for _ in range(3):
        marks = [_now()]
        task = make_task(made.terms, made.annexes, made.lines, made.resources, seed=1)
        marks.append(_now())
        net = network(task)
        assert net is not None
        marks.append(_now())
        solved = solve(net)
        assert solved is not None
        marks.append(_now())
        assert not any(disproofs(net, solved.flow, solved.potentials))
        marks.append(_now())
        times.append([(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(marks)])
        shown = f"{len(task.cohorts):,} | {net.arcs:,}"
    best = [min(column) for column in zip(*times, strict=True)]
    seconds = " | ".join(f"{wall:.2f} s ({cpu:.2f})" for wall, cpu in best[:3])
    return f"{shown} | {seconds} | {best[3][0] * 1000:.0f} ms | {_memory()}"


def _whole(made: World) -> str:
    """Everything a user waits for: rows, steps, certificate; then a site that closes."""
    given = (made.terms, made.annexes, made.lines, made.resources)
    marks = [_now()]
    plan = make_plan(*given, seed=1)
    assert isinstance(plan, Plan)
    marks.append(_now())
    for verb in (check, certify):
        assert verb(plan, *given) == ()
        marks.append(_now())
    half = len(made.annexes) // 2
    # All wounded are owed: had one of them refused, the terms could not be met at all.
    others = [row.handle for row in plan.rows if row.category != "wounded"]
    events = [Event("refused", handle) for handle in others[:: max(1, len(others) // 150)]]
    events.append(Event("site_closed", code=made.lines[0].site, stage=half))
    now = situation(plan, *given[1:], events=events)
    last = [_now()]
    changed = replan(plan, made.terms, now, seed=1)
    assert isinstance(changed, tuple)
    last.append(_now())
    moved = changed[1]
    assert moved.changed == moved.lower_bound
    spans = [*pairwise(marks), *pairwise(last)]
    seconds = " | ".join(f"{b[0] - a[0]:.2f} s ({b[1] - a[1]:.2f})" for a, b in spans)
    return f"{seconds} | {moved.changed} of {len(plan.rows):,} = proven least | {_memory()}"


def _beside(made: World) -> str:
    """Both on the same task in the same run; the levels must be the same."""
    began = time.perf_counter()
    task = make_task(made.terms, made.annexes, made.lines, made.resources, seed=1)
    net = network(task)
    assert net is not None
    solved = solve(net)
    mine = time.perf_counter() - began
    assert solved is not None
    peer = naive(made, _NAIVE_SECONDS)
    if peer is None:
        return f"{mine:.2f} s | no answer in {_NAIVE_SECONDS} s | more than {400 / mine:.0f}"
    values = [-int(net.cost(level) @ solved.flow) for level in range(len(net.names))]
    assert values == peer[1], (values, peer[1])
    return f"{mine:.2f} s | {peer[0]:.1f} s | {peer[0] / mine:.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
