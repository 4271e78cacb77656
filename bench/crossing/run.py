"""What the crossing costs: folding 100,000 acts, merging 10,000 offline ones, and the memory.

The peer is SQLite, in the same run: the same headers in a table, grouped by direction, class, stage
and step. It only groups and counts: it takes nothing back, finds no conflict and knows no lead.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import sqlite3
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from homeward.crossing import Act, Crossing, conflicts_in, leads, position, tally
from homeward.terms.kernel import Kind, Step, Transfer

SIDES = ("north", "south")
STEP = 30
FOLDED, MERGED = 100_000, 10_000
CLASS = Kind("soldier")


def people(count: int) -> list[Transfer]:
    """Transfers both ways, thirty from each side in a step, ten steps in a stage."""
    found = []
    for number in range(count):
        sender, to = SIDES if number % 2 else SIDES[::-1]
        step = 1 + number // (2 * STEP)
        found.append(Transfer(f"{number:032x}", sender, to, CLASS, 1 + step // 10, step))
    return found


def written(count: int) -> list[Act]:
    """That many acts: order, release and receipt of each person, and the closings."""
    acts: list[Act] = []
    seqs = dict.fromkeys(SIDES, 0)

    def sign(author: str, kind: str, t: Transfer, **more: Any) -> None:
        name = sha256(f"{author} {seqs[author]}".encode()).hexdigest()
        place = (t.stage, t.step, t.sender, t.to, str(t.kind), t.handle)
        acts.append(Act(name, author, "office", 1, seqs[author], kind, *place, **more))
        seqs[author] += 1

    for t in people(count // 3):
        sign(t.sender, "release-ordered", t)
        sign(t.sender, "released", t)
        sign(t.to, "received", t)
    return acts


def timed(work: Callable[[], object]) -> str:
    """The best of three, by the clock and by the processor."""
    found = []
    for _ in range(3):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = min(found)
    return f"{wall:.2f} s ({min(c for _, c in found):.2f} s)"


def memory() -> str:
    """The most this process ever held."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB"


def row(what: str, value: str) -> None:
    print(f"{what:<62} {value:>20}", flush=True)


def folding() -> None:
    """The position of 100,000 acts in any order, as it is asked after every package."""
    acts = written(FOLDED)
    before = memory()
    random.Random(1).shuffle(acts)
    row(f"position of {FOLDED:,} acts, shuffled", timed(lambda: position(acts, sides=SIDES)))
    row("memory: acts alone / with the position", f"{before} / {memory()}")
    row("lead of one side", timed(lambda: tally(acts, "north")))
    row("its whole course, for drawing", timed(lambda: leads(acts, "north")))
    row("conflicts", timed(lambda: conflicts_in(acts)))


def merging() -> None:
    """10,000 acts signed offline, taken by a desk that holds as many and answers at once."""
    acts = written(2 * MERGED)
    sheets: dict[int, list[Transfer]] = {}
    for t in people(2 * MERGED // 3):
        sheets.setdefault(t.step, []).append(t)
    offline = acts[MERGED:]
    random.Random(2).shuffle(offline)
    spent = []
    for _ in range(3):
        line = Crossing(SIDES, me="north")
        for number, transfers in sheets.items():
            line.open_sheet(Step(1, number, tuple(transfers)), "5" * 64)
        line.take(acts[:MERGED])
        wall, cpu = time.perf_counter(), time.process_time()
        line.take(offline)
        line.take(offline)  # once more: a repeat costs next to nothing
        line.net_lead("north")
        line.whose_turn()
        line.conflicts()
        spent.append((time.perf_counter() - wall, time.process_time() - cpu))
    wall, cpu = min(spent)
    row(
        f"merge of {MERGED:,} offline acts, lead, turn and conflicts", f"{wall:.2f} s ({cpu:.2f} s)"
    )
    row("memory", memory())


def peer() -> None:
    """SQLite: the same headers in memory, one statement for the same cells."""
    acts = written(FOLDED)
    random.Random(1).shuffle(acts)
    rows = [(a.handle, a.kind, a.sender, a.to, a.cls, a.stage, a.step) for a in acts]

    def fold() -> list[Any]:
        with sqlite3.connect(":memory:") as base:
            base.execute("create table act (handle, kind, sender, receiver, cls, stage, step)")
            base.executemany("insert into act values (?, ?, ?, ?, ?, ?, ?)", rows)
            return base.execute(
                "select sender, receiver, cls, stage, step, both, count(*) from ("
                " select sender, receiver, cls, stage, step,"
                " count(distinct kind) filter (where kind in ('released', 'received')) both"
                " from act group by handle, sender, receiver, cls, stage, step)"
                " group by 1, 2, 3, 4, 5, 6"
            ).fetchall()

    row(f"SQLite {sqlite3.sqlite_version}: the same cells, nothing else", timed(fold))
    both = sum(found[-1] for found in fold() if found[5] == 2)
    mine = position(acts, sides=SIDES).count(attested_by="both", outcome="transferred")
    assert both == mine, (both, mine)


def main() -> None:
    """Each measurement in a process of its own, so that memory is its own."""
    print(f"load {os.getloadavg()[0]:.1f}; seconds by the clock, in brackets by the processor\n")
    for work in (folding, merging, peer):
        worker = multiprocessing.get_context("spawn").Process(target=work)
        worker.start()
        worker.join()
        if worker.exitcode:
            raise SystemExit(worker.exitcode)


if __name__ == "__main__":
    main()
