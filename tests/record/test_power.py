"""Power cuts, full disks, failing ones: nothing acknowledged is lost, nothing stays half-done."""

import random
from contextlib import suppress

import apsw
import pytest

from homeward.problem import Refused
from homeward.record import Store, verify
from tests.record.faulty_disk import Disk, PowerError
from tests.record.parties import MORNING, copy_of, dice, exchange_of, keys_of, later, orders, two

EXCHANGE = exchange_of("north", "south")
JOURNALS = ["DELETE", "WAL"]


def opened(disk, name="north"):
    connection = disk.open()
    if disk.journal == "WAL":
        # One process alone needs no shared memory, which a disk in memory does not have.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute(f"PRAGMA journal_mode={disk.journal}")
    return Store(connection, "?", EXCHANGE, keys_of(name), dice("salts"))


def cut_at(seed, journal):
    """An office whose power goes at some write; what it had acknowledged, and its disk after."""
    roll = random.Random(seed)
    disk = Disk(journal)
    store = opened(disk)
    acknowledged = []
    last = roll.randrange(1, 120)

    def trouble(number):
        if number >= last:
            raise PowerError

    disk.writes = 0
    disk.trouble = trouble
    try:
        for start in range(0, 60, 3):
            acknowledged += store.append(orders(3, start), MORNING)
    except (PowerError, apsw.Error):
        pass
    after = disk.power_cut(roll)
    disk.trouble = lambda _: None
    return acknowledged, after


def survives(seed, journal):
    acknowledged, disk = cut_at(seed, journal)
    store = opened(disk)
    held = list(store.entries())
    assert held[: len(acknowledged)] == acknowledged, "an acknowledged act is lost"
    assert len(held) % 3 == 0, "half a commit is there"
    assert len(held) <= len(acknowledged) + 3
    assert not held or verify(copy_of(store)).sound
    store.append(orders(1, 900), later(1))
    return len(acknowledged)


@pytest.mark.parametrize("journal", JOURNALS)
def test_a_power_cut_loses_nothing_acknowledged(journal):
    acknowledged = [survives(seed, journal) for seed in range(20)]
    assert sum(acknowledged) > 30


@pytest.mark.soak
def test_two_hundred_power_cuts(counted):
    for journal in JOURNALS:
        acknowledged = [survives(seed, journal) for seed in range(1000, 1200)]
        told = f"{sum(acknowledged)} acts acknowledged, 0 lost"
        counted(f"power cuts, unflushed writes dropped, {journal}", 200, told)


def lost_right_after_an_act(journal, synchronous=None):
    """In how many of 20 power cuts right after an act was that act gone again."""
    lost = 0
    for seed in range(20):
        disk = Disk(journal)
        store = opened(disk)
        if synchronous:
            store._shelf.tables.run(f"PRAGMA synchronous={synchronous}")
        wrote = store.append(orders(3), MORNING)
        try:
            after = opened(disk.power_cut(random.Random(seed)))
            lost += len(list(after.entries())) < len(wrote)
        except (Refused, apsw.Error):
            lost += 1
    return lost


@pytest.mark.parametrize("journal", JOURNALS)
def test_the_power_may_go_the_moment_an_act_is_acknowledged(journal):
    assert lost_right_after_an_act(journal) == 0


@pytest.mark.parametrize(("journal", "synchronous"), [("WAL", "NORMAL"), ("DELETE", "FULL")])
def test_what_less_care_would_lose(journal, synchronous):
    """The simulation can fail: with one flush less acknowledged acts are lost in some cuts."""
    assert lost_right_after_an_act(journal, synchronous)


def trouble_at(number, error):
    def trouble(writes):
        if writes == number:
            raise error

    return trouble


FULL = apsw.FullError("disk full")
BROKEN = apsw.IOError("input/output error")


def every_write(what, errors, step):
    """Let the act ``what`` fail at each of its writes in turn; the count of failures tried."""
    clean = Disk()
    store = opened(clean)
    store.append(orders(2), MORNING)
    before = clean.writes
    what(store)
    writes = clean.writes - before
    tried = 0
    for number in range(1, writes + 1, step):
        for error in errors:
            disk = Disk()
            store = opened(disk)
            first = store.append(orders(2), MORNING)
            disk.trouble = trouble_at(disk.writes + number, error)
            done = None
            with suppress(apsw.Error, Refused):
                done = what(store)
            disk.trouble = lambda _: None
            tried += 1
            again = opened(disk)
            held = list(again.entries("north.office.1"))
            assert held[:2] == list(first)
            if done is not None:
                assert len(held) == 7, "acknowledged and lost"
            assert len(held) in (2, 7)
            assert verify(copy_of(again)).sound
            assert list(store.entries("north.office.1")) == held, "memory and disk differ"
            assert again.append(orders(1, 90), MORNING)
    return tried


def five_more(store):
    return store.append(orders(5, 2), MORNING)


@pytest.mark.parametrize("error", [FULL, BROKEN], ids=["full", "broken"])
def test_an_append_that_fails_at_any_write_leaves_all_or_nothing(error):
    assert every_write(five_more, [error], step=3)


@pytest.mark.soak
def test_every_write_of_an_append_fails_once(counted):
    tried = every_write(five_more, [FULL, BROKEN], step=1)
    counted("full disk and I/O error, append", tried, "0 lost, 0 half-done")


def taken_at(number, error):
    north, _ = two()
    north.append(orders(40), MORNING)
    package = north.package_for("south", MORNING)
    disk = Disk()
    south = opened(disk, "south")
    disk.trouble = trouble_at(disk.writes + number, error)
    taken = None
    with suppress(apsw.Error, Refused):
        taken = south.take(package, MORNING)
    reached = disk.writes
    disk.trouble = lambda _: None
    again = opened(disk, "south")
    assert len(list(again.entries())) in (0, 40)
    assert taken is None or len(list(again.entries())) == 40
    again.take(package, MORNING)
    assert len(list(again.entries())) == 40
    assert verify(copy_of(again)).sound
    return reached, taken


@pytest.mark.parametrize("number", [1, 5, 9, 14])
def test_an_import_that_fails_at_any_write_can_be_taken_again(number):
    taken_at(number, FULL)


@pytest.mark.soak
def test_every_write_of_an_import_fails_once(counted):
    number = tried = 0
    taken = None
    while taken is None:
        number += 1
        for error in (FULL, BROKEN):
            _, taken = taken_at(number, error)
            tried += 1
    counted("full disk and I/O error, import", tried, "0 lost, 0 half-done")
