"""Reading in blocks, kept or not, here or in other processes, gives one verdict."""

from concurrent.futures import ProcessPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record import Draft, read_copy, reading, scanning, verify
from homeward.record.reading import read_files
from tests.record.parties import codes, copy_of, later, order, orders, send, three

NORTH = "north.office.1"


def long_exchange():
    north, south, observer = three()
    for number in range(6):
        north.append(orders(7, number * 7), later(number))
        send(north, south, later(number))
        south.append([order(900 + number, "south", "north")], later(number))
        send(south, north, later(number))
        closing = Draft("step-closed", stage=1, step=number + 1, sums=north.closing_sums())
        north.append([closing], later(number))
        send(north, observer, later(number))
    return copy_of(north)


COPY = long_exchange()


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(reading, "BLOCK", 4)


def verdict(copy, **how):
    found = verify(copy, **how)
    return found.sound, found.entries, found.reason, codes(found.notes), found.logs


def test_blocks_tell_what_one_block_tells(monkeypatch):
    in_blocks = verdict(COPY)
    monkeypatch.setattr(reading, "BLOCK", 10_000)
    assert verdict(COPY) == in_blocks
    assert in_blocks[:2] == (True, 48 + 6)


def damaged(name, at, change):
    data = bytearray(COPY[name])
    data[at % len(data)] ^= change
    return COPY | {name: bytes(data)}


FILES = sorted(COPY)


@given(st.sampled_from(FILES), st.integers(0, 100_000), st.integers(1, 255), st.integers(1, 60))
@settings(max_examples=150, deadline=None)
def test_every_way_of_reading_finds_the_same_fault(name, at, change, block):
    copy = damaged(name, at, change)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK", 10_000)
        whole = verify(copy)
        patch.setattr(reading, "BLOCK", block)
        parts = verify(copy)
    kept = read_files(copy, keep=True)
    assert (parts.sound, parts.reason, parts.problems) == (
        whole.sound,
        whole.reason,
        whole.problems,
    )
    assert tuple(kept.problems) == whole.problems
    if not whole.sound:
        with pytest.raises(Refused):
            read_copy(copy)


@given(st.integers(0, 100_000), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_what_was_checked_before_is_believed_by_its_root_alone(at, change):
    """A byte changed below the checkpoint checked before is found, by the reason it has."""
    [bundle] = [name for name in FILES if name.startswith(f"{NORTH}/tile/entries")]
    copy = damaged(bundle, at, change)
    until = COPY[f"{NORTH}/checkpoint"]
    assert verify(copy, checked_until=until).reason == verify(copy).reason


def test_signatures_below_the_checkpoint_are_not_asked_for_again(monkeypatch):
    asked = []
    real = scanning.check_next

    def counting(log, entry, *, signed=True):
        asked.append(signed)
        return real(log, entry, signed=signed)

    monkeypatch.setattr(scanning, "check_next", counting)
    until = COPY[f"{NORTH}/checkpoints/{sizes(COPY)[0]}"]
    assert verify(COPY, checked_until=until).sound
    assert asked.count(True) == 54 - sizes(COPY)[0]
    assert asked.count(False) < sizes(COPY)[0]


def sizes(copy):
    return sorted(int(n.rsplit("/", 1)[1]) for n in copy if n.startswith(f"{NORTH}/checkpoints/"))


def test_what_was_seen_never_goes_down_across_blocks_either(monkeypatch):
    """The reason is the one of the rule, wherever the block ends."""
    from homeward.record.entry import Sighting

    honest = scanning.scan
    shown = []

    def forgetful(block):
        found = honest(block)
        if found.start >= 8 and block.log == NORTH and not shown:
            shown.append(found.start)
            found.seen.insert(0, (found.start, Sighting("south.office.1", 1, "0" * 64)))
        return found

    monkeypatch.setattr(reading, "scan", forgetful)
    found = verify(COPY)
    assert not found.sound
    assert found.reason.code in ("record.seen-goes-down", "record.checked-until-differs")


def test_other_processes_come_to_the_same_verdict():
    copies = [COPY, damaged(f"{NORTH}/checkpoint", 200, 1), damaged(FILES[-1], 20, 1)]
    with ProcessPoolExecutor(2) as pool:
        for copy in copies:
            assert verdict(copy, spread=pool.map) == verdict(copy)


def test_nothing_but_hashes_is_kept_of_the_entries():
    found = read_files(COPY)
    assert all(not log.entries for log in found.logs.values())
    assert found.entries == 54
    assert sum(len(log.entries) for log in read_copy(COPY).logs.values()) == 54


def test_a_leaf_hash_in_place_of_an_entry_is_no_public_copy():
    [bundle] = [name for name in FILES if name.startswith(f"{NORTH}/tile/entries")]
    data, framed = COPY[bundle], b""
    while data:
        length = int.from_bytes(data[:2], "big")
        hashed = scanning.hash_of(data[2 : 2 + length])
        framed += len(hashed).to_bytes(2, "big") + hashed
        data = data[2 + length :]
    found = verify(COPY | {bundle: framed})
    assert codes([found.reason]) == ["bundle-malformed"]
    public = {name: data for name, data in COPY.items() if name != bundle}
    shown = verify(public | {bundle.replace("entries", "headers"): framed})
    assert shown.sound
    assert next(log.withheld for log in shown.logs if log.name == NORTH) == 48


def test_a_copy_that_lacks_a_log_says_so_beside_the_verdict():
    found = verify(COPY)
    assert found.absent == ("observer.office.1",)
    assert found.to_json()["absent"] == ["observer.office.1"]
