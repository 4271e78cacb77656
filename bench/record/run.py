"""What the record costs: durable acts beside the bare disk, packages, verification, the tree.

The peer for the tree is pymerkle, in the same run; for the durable act it is the disk itself:
writing 300 bytes and asking for them to be flushed.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pymerkle import InmemoryTree

from homeward.record import Draft, Exchange, Keys, Store, make_keys, open_exchange, verify
from homeward.record.tree import Tree, is_included, leaf_hash

NOW = datetime(2030, 5, 1, 9, tzinfo=UTC)
ACTS = 300
BULK = 10_000
LEAVES = 100_000


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


def parties() -> tuple[Exchange, dict[str, Keys]]:
    keys = {
        name: make_keys(name, "side", ["first", "second"], secrets.token_bytes)
        for name in ("north", "south")
    }
    return open_exchange([each.card for each in keys.values()], b"terms", {}), keys


def office(folder: Path, exchange: Exchange, keys: Keys) -> Store:
    connection = sqlite3.connect(folder / f"{keys.name}-{secrets.token_hex(4)}.db")
    connection.execute("PRAGMA journal_mode=WAL")
    return Store(connection, "?", exchange, keys)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def row(what: str, value: str) -> None:
    print(f"{what:<58} {value:>22}")


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def floor(folder: Path) -> list[float]:
    """How long this disk takes to keep 300 bytes."""
    handle = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT, 0o600)
    flush = getattr(os, "fdatasync", os.fsync)

    def one() -> None:
        os.write(handle, bytes(300))
        flush(handle)

    times = [seconds(one) for _ in range(ACTS)]
    os.close(handle)
    return times


def acts(folder: Path) -> None:
    exchange, keys = parties()
    north = office(folder, exchange, keys["north"])
    waiting = drafts(ACTS)
    ours = [seconds(lambda draft=draft: north.append([draft], NOW)) for draft in waiting]  # type: ignore[misc]
    bare = floor(folder)
    for name, times in (("one act, signed and durable", ours), ("the bare disk", bare)):
        middle, slow = percentile(times, 0.5) * 1000, percentile(times, 0.99) * 1000
        row(f"{name}, p50 / p99", f"{middle:.1f} / {slow:.1f} ms")


def rounds(folder: Path) -> None:
    exchange, keys = parties()
    north, south = (office(folder, exchange, each) for each in keys.values())

    def one() -> None:
        north.append(drafts(30), NOW)
        package = north.package_for("south", NOW)
        south.take(package or b"", NOW)
        north.take(south.package_for("north", NOW) or b"", NOW)

    times = [seconds(one) for _ in range(30)]
    row("30 acts signed, packed, taken, answered, p50", f"{percentile(times, 0.5) * 1000:.1f} ms")


def bulk(folder: Path) -> None:
    exchange, keys = parties()
    north, south = (office(folder, exchange, each) for each in keys.values())
    waiting = drafts(BULK)
    row(f"{BULK:,} acts in one commit", f"{seconds(lambda: north.append(waiting, NOW)):.2f} s")
    packages: list[bytes] = []
    row("their package", f"{seconds(lambda: packages.append(packed(north))):.2f} s")
    row("its size", f"{len(packages[0]) / 1024:.0f} KiB")
    took = seconds(lambda: south.take(packages[0], NOW))
    row("taking it, every signature checked", f"{took:.2f} s")
    north.append(drafts(BULK), NOW)
    files = dict(north.copy())
    row(f"verifying a copy of {2 * BULK:,} entries", f"{seconds(lambda: verify(files)):.2f} s")
    until = files["north.office.1/checkpoint"]
    again = seconds(lambda: verify(files, checked_until=until))
    row("the same, signatures checked before", f"{again:.2f} s")


def packed(store: Store) -> bytes:
    return store.package_for("south", NOW) or b""


def tree_beside_its_peer() -> None:
    leaves = [number.to_bytes(190, "big") for number in range(LEAVES)]
    trees = list[Tree]()
    took = seconds(lambda: trees.append(Tree(leaf_hash(leaf) for leaf in leaves)))
    [tree] = trees
    row(f"tree of {LEAVES:,}: leaves a second", f"{LEAVES / took:,.0f}")
    peer = InmemoryTree(algorithm="sha256")
    took = seconds(lambda: [peer.append_entry(leaf) for leaf in leaves])
    row("  pymerkle", f"{LEAVES / took:,.0f}")
    asked = range(0, LEAVES, LEAVES // 500)
    took = seconds(lambda: [tree.inclusion(at, LEAVES) for at in asked])
    row("inclusion proof", f"{took / len(asked) * 1e6:.0f} µs")
    took = seconds(lambda: [peer.prove_inclusion(at + 1, LEAVES) for at in asked])
    row("  pymerkle", f"{took / len(asked) * 1e6:.0f} µs")
    took = seconds(lambda: [tree.root(size) for size in range(1, 1001)])
    row("root at an earlier size", f"{took / 1000 * 1e6:.0f} µs")
    root = tree.root()
    assert root == peer.get_root()
    paths = [(at, tree.inclusion(at, LEAVES)) for at in asked]
    took = seconds(
        lambda: [is_included(tree.leaf(at), at, LEAVES, path, root) for at, path in paths]
    )
    row("checking an inclusion proof", f"{took / len(asked) * 1e6:.0f} µs")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        acts(folder)
        rounds(folder)
        bulk(folder)
    tree_beside_its_peer()


if __name__ == "__main__":
    main()
