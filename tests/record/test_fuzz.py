"""Random damage to headers, notes and packages: never another record, never another exception."""

import random

import pytest

from homeward.problem import Refused
from homeward.record.entry import read_entry
from homeward.record.heads import read_head
from homeward.record.log import check_next, new_log
from tests.record.parties import MORNING, copy_of, exchange_of, office, order, orders, send, two

EXCHANGE = exchange_of("north", "south")
NORTH = "north.office.1"


def damaged(data, roll):
    """Bytes flipped, doubled, cut, moved, put in or taken out."""
    at, width = roll.randrange(len(data)), roll.randrange(1, 40)
    how = roll.randrange(6)
    if how == 0:
        return data[:at] + bytes([data[at] ^ (1 << roll.randrange(8))]) + data[at + 1 :]
    if how == 1:
        return data[:at]
    if how == 2:
        return data[:at] + data[at + width :]
    if how == 3:
        return data[:at] + roll.randbytes(width) + data[at:]
    if how == 4:
        return data[:at] + data[at : at + width] + data[at:]
    lines = data.split(b"\n")
    roll.shuffle(lines)
    return b"\n".join(lines)


def entries(times, seed):
    """How many damaged leaves were accepted in their place: none may be."""
    roll = random.Random(seed)
    store = office(EXCHANGE, "north")
    leaf = store.append([order(1)], MORNING)[0].leaf
    for _ in range(times):
        other = damaged(leaf, roll)
        if other == leaf:
            continue
        try:
            entry = read_entry(other)
        except Refused:
            continue
        problem = check_next(new_log(EXCHANGE, NORTH), entry)
        assert problem is not None, "a damaged entry was accepted"
    return times


def notes(times, seed):
    """A damaged checkpoint is refused, or says exactly what was signed."""
    roll = random.Random(seed)
    north, south = two()
    north.append(orders(5), MORNING)
    send(north, south)
    note = copy_of(south)[f"{NORTH}/checkpoint"]
    log = new_log(EXCHANGE, NORTH)
    whole = read_head(log, note, "note")
    for _ in range(times):
        try:
            head = read_head(log, damaged(note, roll), "note")
        except Refused:
            continue
        assert head.checkpoint == whole.checkpoint
        assert set(head.cosignatures) <= set(whole.cosignatures)
    return times


def packages(times, seed):
    """A damaged package brings nothing that is not in the whole one."""
    roll = random.Random(seed)
    north, south = two()
    written = north.append(orders(6), MORNING)
    package = north.package_for("south", MORNING)
    for _ in range(times):
        taken = south.take(damaged(package, roll), MORNING)
        assert all(problem.code.startswith("record.") for problem in taken.problems)
        assert taken.entries in ((), written)
        if taken.entries:
            _, south = two()
    return times


FUZZED = {"headers": (entries, 20_000), "notes": (notes, 20_000), "packages": (packages, 4_000)}


@pytest.mark.parametrize("what", FUZZED)
def test_no_damage_is_accepted(what):
    work, times = FUZZED[what]
    work(times // 10, what)


@pytest.mark.soak
@pytest.mark.parametrize("what", FUZZED)
def test_long_no_damage_is_accepted(what, counted):
    work, times = FUZZED[what]
    counted(f"random damage to {what}", work(times, f"long {what}"), "0 wrongly accepted")
