"""Killed without warning, at any moment of whatever an office does: what was said stands."""

import os
import random
import signal
import time

import pytest

from homeward.office.recordbase import open_sqlite
from homeward.record import Store, verify
from tests.record.parties import (
    MORNING,
    codes,
    copy_of,
    dice,
    exchange_of,
    keys_of,
    later,
    orders,
    two,
)
from tests.record.test_witness import asking

EXCHANGE = exchange_of("north", "south")
NORTH = "north.office.1"


def opened(path, name):
    return Store(
        open_sqlite(path), "?", EXCHANGE, keys_of(name), dice(f"{path} {time.monotonic()}")
    )


def appends(path, say):
    store, number = opened(path, "north"), 0
    while True:
        store.append(orders(3, number), MORNING)
        number += 3
        say(number)


def imports(path, say):
    north, _ = two()
    store = opened(path, "south")
    while True:
        north.append(orders(4), MORNING)
        taken = store.take(north.package_for("south", MORNING), MORNING)
        north.take(store.package_for("north", MORNING), MORNING)
        assert taken.problems == ()
        say(store.logs()[NORTH].size)


def countersigns(path, say):
    north, _ = two()
    store = opened(path, "south")
    while True:
        north.append(orders(2), MORNING)
        store.take(north.package_for("south", MORNING), MORNING)
        size = north.logs()[NORTH].size
        assert store.witness(asking(north, size, size), MORNING).status == 200
        say(size)


def changes_keys(path, say):
    store, number = opened(path, "north"), 0
    while True:
        store.begin_log(["alder", "birch"], MORNING)
        store.append(orders(1, number), MORNING)
        number += 1
        say(2 * number)


WORK = {
    "append": appends,
    "import": imports,
    "checkpoint": countersigns,
    "key change": changes_keys,
}


def killed(path, work, delay):
    """Let a process work, kill it ``delay`` seconds after its first word; the last word it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            work(path, lambda number: os.write(writing, b"%d\n" % number))
        finally:
            os._exit(1)
    os.close(writing)
    said = os.read(reading, 64)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 65536):
        said += more
    os.close(reading)
    return int(said[: said.rindex(b"\n")].split(b"\n")[-1])


def stands(folder, what, number, roll):
    path = str(folder / f"{what} {number}.db")
    acknowledged = killed(path, WORK[what], roll.random() * 0.03)
    name = "south" if what in ("import", "checkpoint") else "north"
    store = opened(path, name)
    held = sum(head.size for head in store.logs().values())
    assert held >= acknowledged, "an acknowledged act is lost"
    assert verify(copy_of(store)).sound
    if name == "south":
        # Nothing is countersigned that is not held, and everything acknowledged is countersigned.
        assert acknowledged <= max(store._shelf.logs[NORTH].cosignatures["south"]) <= held
    else:
        assert store.append(orders(1, 900), later(1))
    return acknowledged


@pytest.mark.parametrize("what", WORK)
def test_a_kill_at_any_moment_loses_nothing_acknowledged(tmp_path, what):
    roll = random.Random(what)
    for number in range(5):
        stands(tmp_path, what, number, roll)


@pytest.mark.soak
def test_two_hundred_kills(tmp_path, counted):
    roll = random.Random("kills")
    for what in WORK:
        said = sum(stands(tmp_path, what, number, roll) for number in range(50))
        counted(f"kill -9 during {what}", 50, f"{said} acts acknowledged, 0 lost")


def test_two_writers_of_one_log_write_one_chain(tmp_path):
    """Two processes of one office at once: the second waits, reads on, and continues."""
    path = str(tmp_path / "north.db")
    opened(path, "north")
    children = []
    for start in (0, 100):
        child = os.fork()
        if not child:
            status = 1
            try:
                store = opened(path, "north")
                for number in range(10):
                    store.append(orders(1, start + number), MORNING)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    store = opened(path, "north")
    assert store.logs()[NORTH].size == 20
    assert {entry.handle for entry in store.entries()} == {
        draft.handle for start in (0, 100) for draft in orders(10, start)
    }
    assert verify(copy_of(store)).sound
    assert codes(verify(copy_of(store)).problems) == []
