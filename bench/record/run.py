"""What the record costs, beside its targets and its peers, in one run.

    python -m bench.record.run [ENTRIES] [COPY]

ENTRIES is the length of the tree and of the copy that is verified (1,000,000 when left out); COPY a
folder that holds such a copy already. The peer for the tree is pymerkle, one by one and in bulk;
for the durable act it is the disk itself (300 bytes put behind a file's end and flushed with
fdatasync, one after another) and a plain SQLite insert of 400 bytes, each flushed as well.
"CPU" is processor time of this process and its helpers, which other programs on the machine disturb
less than the clock.
"""

from __future__ import annotations

import os
import resource
import secrets
import sqlite3
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pymerkle import InmemoryTree

from bench.record.copies import write_copy
from homeward.office.recordbase import open_sqlite
from homeward.record import Draft, Exchange, Keys, Store, make_keys, open_exchange, prove
from homeward.record.tree import Tree, is_included, leaf_hash

NOW = datetime(2030, 5, 1, 9, tzinfo=UTC)
ACTS = 200
BULK = 10_000


def drafts(count: int) -> list[Draft]:
    return [
        Draft(
            "release-ordered",
            stage=1,
            step=1 + number // 30,
            sender="north",
            to="south",
            cls="military/living/inside",
            handle=secrets.token_hex(16),
        )
        for number in range(count)
    ]


def parties(*neutrals: str) -> tuple[Exchange, dict[str, Keys]]:
    keys = {
        name: make_keys(name, "side", ["first", "second"], secrets.token_bytes)
        for name in ("north", "south")
    }
    for name in neutrals:
        keys[name] = make_keys(name, "neutral", ["first", "second"], secrets.token_bytes)
    return open_exchange([each.card for each in keys.values()], b"terms", {}), keys


def office(folder: Path, exchange: Exchange, keys: Keys) -> Store:
    """A store on the connection that an office keeps its record on."""
    connection = open_sqlite(folder / f"{keys.name}-{secrets.token_hex(4)}.db")
    return Store(connection, "?", exchange, keys)


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of some work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def row(what: str, value: str, target: str = "", met: bool | None = None) -> None:
    verdict = "" if met is None else ("met" if met else "MISSED")
    print(f"{what:<52} {value:>26} {target:>22} {verdict}", flush=True)


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def acts(folder: Path) -> None:
    """One durable act at a time, beside the bare disk and a plain insert, taking turns."""
    exchange, keys = parties()
    north = office(folder, exchange, keys["north"])
    handle = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT, 0o600)
    flush = getattr(os, "fdatasync", os.fsync)
    plain = insert_only(sqlite3.connect(folder / "plain.db", isolation_level=None))
    laid = insert_only(open_sqlite(folder / "laid.db"))

    def bare() -> None:
        os.write(handle, bytes(300))
        flush(handle)

    ours: list[float] = []
    spent: list[float] = []
    floor: list[float] = []
    inserts: list[float] = []
    overwriting: list[float] = []
    for draft in drafts(ACTS):
        floor.append(seconds(bare)[0])
        wall, cpu = seconds(lambda draft=draft: north.append([draft], NOW))  # type: ignore[misc]
        ours.append(wall)
        spent.append(cpu)
        inserts.append(seconds(lambda: insert(plain))[0])
        overwriting.append(seconds(lambda: insert(laid))[0])
    os.close(handle)
    for name, times in (
        ("one act: signed, checkpointed, durable", ours),
        ("  the bare disk: write and flush", floor),
        ("  plain SQLite: one insert, synchronous=FULL", inserts),
        ("  the same, its write-ahead file laid out before", overwriting),
    ):
        middle, slow = percentile(times, 0.5) * 1000, percentile(times, 0.99) * 1000
        row(name, f"p50 {middle:.1f}, p99 {slow:.1f} ms")
    row("  our processor time for one act", f"p50 {percentile(spent, 0.5) * 1000:.2f} ms")
    row("  plain SQLite's rate beside the flush rate", f"{sum(floor) / sum(inserts):.0%}")
    row("  the same, laid out before", f"{sum(floor) / sum(overwriting):.0%}")
    rate = sum(floor) / sum(ours)
    row("  one act's rate beside the flush rate", f"{rate:.0%}", ">= 90%", rate >= 0.9)
    beside = (sum(ours) - sum(floor)) / ACTS
    row("  what an act takes beside a flush", f"{beside * 1000:.2f} ms")
    row("  90% where a flush takes", f"{beside * 9 * 1000:.1f} ms or more")
    waiting = [drafts(1000) for _ in range(5)]
    wall, cpu = seconds(lambda: [north.append(each, NOW) for each in waiting])
    value = f"{5000 / wall:,.0f} (CPU {5000 / cpu:,.0f})"
    row("batches of 1,000: acts a second", value, ">= 4,000", 5000 / wall >= 4000)


def insert_only(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The least that keeps 400 bytes durably in SQLite."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE entry (n INTEGER PRIMARY KEY, leaf BLOB)")
    return connection


def insert(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO entry (leaf) VALUES (?)", (bytes(400),))


def packages(folder: Path) -> None:
    exchange, keys = parties()
    north, south = (office(folder, exchange, each) for each in keys.values())
    north.append(drafts(BULK), NOW)
    package = north.package_for("south", NOW) or b""
    row(f"package of {BULK:,} entries", f"{len(package) / 1024:.0f} KiB")
    wall, cpu = seconds(lambda: south.take(package, NOW))
    row("  taking it, every check", f"{wall:.2f} s (CPU {cpu:.2f})", "<= 1 s", wall <= 1)


def proof(folder: Path) -> None:
    """The proof file of one act under three countersignatures."""
    exchange, keys = parties("observer", "witness")
    stores = {name: office(folder, exchange, each) for name, each in keys.items()}
    north = stores["north"]
    north.append(drafts(BULK), NOW)
    for name in ("south", "observer", "witness"):
        stores[name].take(north.package_for(name, NOW) or b"", NOW)
        north.take(stores[name].package_for("north", NOW) or b"", NOW)
    size = len(prove(dict(north.copy()), "north.office.1", 5))
    name = f"tlog-proof, 3 countersignatures, {BULK:,} entries"
    row(name, f"{size:,} bytes", "<= 2,000", size <= 2000)


def trees(count: int) -> None:
    leaves = list(made(count))
    ours, peer, bulk = Tree(), InmemoryTree(algorithm="sha256"), InmemoryTree(algorithm="sha256")

    def one_by_one() -> None:
        for leaf in leaves:
            ours.append(leaf_hash(leaf))

    _, mine = seconds(one_by_one)
    _, mine_bulk = seconds(lambda: Tree(leaf_hash(leaf) for leaf in leaves))
    _, one = seconds(lambda: [peer.append_entry(leaf) for leaf in leaves])
    _, many = seconds(lambda: bulk.append_entries(leaves))
    assert ours.root() == peer.get_root() == bulk.get_root()
    row(f"tree of {count:,}, appends/s: one by one", f"{count / mine:,.0f}")
    row("  in bulk", f"{count / mine_bulk:,.0f}")
    times = one / mine
    row("  pymerkle one by one", f"{count / one:,.0f}", ">= 5 x", times >= 5)
    row("  pymerkle in bulk", f"{count / many:,.0f}", ">= 3 x", many / mine_bulk >= 3)
    asked = range(0, count, count // 300)
    _, mine = seconds(lambda: [ours.inclusion(at, count) for at in asked])
    _, one = seconds(lambda: [peer.prove_inclusion(at + 1, count) for at in asked])
    _, many = seconds(lambda: [bulk.prove_inclusion(at + 1, count) for at in asked])
    each = len(asked) / 1e6
    row("inclusion proof", f"{mine / each:.0f} µs")
    row("  pymerkle one by one", f"{one / each:.0f} µs", ">= 5 x", one / mine >= 5)
    row("  pymerkle in bulk", f"{many / each:.0f} µs", ">= 3 x", many / mine >= 3)
    root = ours.root()
    paths = [(at, ours.inclusion(at, count)) for at in asked]
    _, took = seconds(
        lambda: [is_included(ours.leaf(at), at, count, path, root) for at, path in paths]
    )
    row("checking an inclusion proof", f"{took / each:.0f} µs")


def memory(count: int) -> None:
    """What a tree keeps of leaves that nobody else keeps."""
    mine = kept(lambda: Tree(leaf_hash(leaf) for leaf in made(count)))
    row(f"memory of the tree of {count:,}", f"{mine:.0f} MiB")

    def theirs() -> InmemoryTree:
        tree = InmemoryTree(algorithm="sha256")
        for leaf in made(count):
            tree.append_entry(leaf)
        return tree

    peer = kept(theirs)
    row("  pymerkle", f"{peer:.0f} MiB", "ours <= 1/5", mine * 5 <= peer)


def made(count: int) -> Iterator[bytes]:
    return (number.to_bytes(190, "big") for number in range(count))


def kept(make: Callable[[], object]) -> float:
    """MiB that stay in use after making something."""
    tracemalloc.start()
    made = make()
    size = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    del made
    return size


def opening(folder: Path, count: int) -> None:
    """A store on disk: opened, and a proof made from it."""
    exchange, keys = parties()
    north = office(folder, exchange, keys["north"])
    for _ in range(count // BULK):
        north.append(drafts(BULK), NOW)
    path = next(folder.glob("north-*.db"))
    opened: list[Store] = []

    def again() -> None:
        opened.append(Store(sqlite3.connect(path), "?", exchange, keys["north"]))

    wall, cpu = seconds(again)
    value = f"{wall * 1e3:.0f} ms (CPU {cpu * 1e3:.0f})"
    row(f"store of {count:,} opened", value, "<= 100 ms at 1e6", wall <= 0.1)
    [store] = opened
    tree = store._shelf.logs["north.office.1"].tree
    _, took = seconds(lambda: [tree.inclusion(at, count) for at in range(0, count, count // 300)])
    row(
        "  proof from the opened store", f"{took / 300 * 1e3:.2f} ms", "<= 2 ms", took / 300 <= 2e-3
    )


def opening_many_signings(folder: Path) -> None:
    """A store whose acts were signed one by one: every one has its own checkpoint."""
    exchange, keys = parties()
    north = office(folder, exchange, keys["north"])
    path = next(folder.glob("north-*.db"))
    for draft in drafts(BULK):
        north.append([draft], NOW)
    wall, cpu = seconds(lambda: Store(sqlite3.connect(path), "?", exchange, keys["north"]))
    name = f"store of {BULK:,} acts signed one by one, opened"
    row(name, f"{wall * 1e3:.0f} ms (CPU {cpu * 1e3:.0f})")


def verification(copy: Path, count: int) -> None:
    """The command as its user runs it, with the memory of all its processes together."""
    until = [
        argument
        for log in ("north.office.1", "south.office.1")
        for argument in ("--checked-until", str(copy / log / "checkpoint"))
    ]
    share = count / 1e6
    for name, extra, goal in (
        (f"verify a copy of {count:,}", [], 60 * share),
        ("  the same, checked before", until, 5 * share),
    ):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begun = time.perf_counter()
        command = [sys.executable, "-m", "homeward", "verify", str(copy), *extra]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        most = 0.0
        while process.poll() is None:
            most = max(most, proportional(process.pid))
            time.sleep(0.2)
        wall = time.perf_counter() - begun
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert process.stdout is not None
        assert b"sound" in process.stdout.readline()
        row(name, f"{wall:.1f} s (CPU {cpu:.1f})", f"<= {goal:g} s", wall <= goal)
        row("  memory of all its processes", f"{most:.0f} MiB", "<= 150 MiB", most <= 150)


def proportional(pid: int) -> float:
    """MiB of a process and its children, what they share counted once (Linux; 0 elsewhere)."""
    family = [pid]
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(each.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                family.append(int(each.parent.name))
        except (OSError, ValueError, IndexError):
            continue
    total = 0
    for member in family:
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def main(arguments: list[str]) -> None:
    count = int(arguments[0]) if arguments else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        acts(folder)
        packages(folder)
        proof(folder)
        trees(count)
        memory(count)
        (folder / "store").mkdir()
        opening(folder / "store", count)
        (folder / "signings").mkdir()
        opening_many_signings(folder / "signings")
        copy = Path(arguments[1]) if len(arguments) > 1 else folder / "copy"
        if len(arguments) < 2:
            copy.mkdir()
            exchange, keys = parties()
            write_copy(copy, exchange, keys, count)
        verification(copy, count)


if __name__ == "__main__":
    main(sys.argv[1:])
