"""A writer with two histories is found out, and the proof convinces someone who holds neither."""

import base64
from hashlib import sha256

import pytest

from homeward.problem import Refused
from homeward.record import Draft, compare, verify
from homeward.record.forks import fork_of_checkpoints, fork_of_entries, read_fork
from homeward.record.log import new_log
from homeward.record.notes import Checkpoint
from tests.record.parties import (
    MORNING,
    codes,
    copy_of,
    exchange_of,
    keys_of,
    later,
    office,
    offices,
    order,
    orders,
    send,
    settle,
    two,
)
from tests.record.test_packages import entries_changed, resigned

EXCHANGE = exchange_of("north", "south", neutrals=("observer",))
NORTH = "north.office.1"


def split(common=3, one=2, other=4):
    """North shows one history to South and another to the observer."""
    stores = offices(EXCHANGE)
    twin = office(EXCHANGE, "north")
    for store in (stores["north"], twin):
        store.append(orders(common), MORNING)
    stores["north"].append(orders(one, 100), MORNING)
    twin.append(orders(other, 200), MORNING)
    south, observer = stores["south"], stores["observer"]
    send(stores["north"], south)
    send(twin, observer)
    return stores["north"], twin, south, observer


def refusal(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return codes(refused.value.problems)


@pytest.mark.parametrize(("common", "one", "other"), [(3, 2, 4), (3, 4, 2), (0, 1, 1), (8, 1, 1)])
def test_two_that_were_told_different_stories_find_out_when_they_meet(common, one, other):
    _, _, south, observer = split(common, one, other)
    taken = observer.take(south.package_for("observer", later(1)), later(1))
    assert codes(taken.problems) == ["fork"]
    assert f"{NORTH}/{common}" in taken.problems[0].place
    [fork] = observer.forks()
    assert (fork.log, fork.seq, fork.kind) == (NORTH, common, "entries")
    settle([south, observer], later(2))
    assert {each.digest for each in south.forks()} == {each.digest for each in observer.forks()}


def test_a_shorter_other_history_is_caught_by_its_checkpoint_alone():
    _, _, south, observer = split(3, 4, 2)
    observer.take(south.package_for("observer", later(1)), later(1))
    taken = south.take(observer.package_for("south", later(2)), later(2))
    assert codes(taken.problems) == ["fork", "fork"]
    assert {fork.kind for fork in south.forks()} == {"checkpoints", "entries"}
    assert set(south.cosigned(NORTH, 1)) == {"south"}
    assert list(south._shelf.logs[NORTH].checkpoints) == [7]


def test_whoever_knows_of_a_fork_falls_silent_about_it():
    _, _, south, observer = split()
    settle([south, observer])
    assert south.package_for("observer", later(9)) is None
    assert observer.package_for("south", later(9)) is None


def test_a_fork_stops_no_facts_of_others():
    _, _, south, observer = split()
    settle([south, observer])
    [entry] = south.append([order(7, "south", "north")], later(1))
    assert settle([south, observer], later(1)) == []
    assert observer.find(entry.hash) == entry


def test_one_who_signed_two_histories_signs_no_more_in_that_log():
    north, _, south, observer = split()
    settle([south, observer])
    north.take(observer.package_for("north", later(1)), later(1))
    assert refusal(north.append, orders(1, 300), later(2)) == ["fork-own"]
    assert north.begin_log(["alder", "birch"], later(3)).log == "north.office.2"


def test_the_proof_needs_nothing_but_the_exchange():
    _, _, south, observer = split()
    settle([south, observer])
    [fork] = south.forks()
    assert read_fork(fork.text, new_log(EXCHANGE, NORTH)) == fork
    assert len(fork.text) < 1500


def test_a_proof_must_prove():
    north, _, south, observer = split()
    settle([south, observer])
    [fork] = south.forks()
    log = new_log(EXCHANGE, NORTH)
    lines = fork.text.split("\n")
    twice = "\n".join([*lines[:3], lines[3], lines[3], ""])
    assert refusal(read_fork, twice, log) == ["fork-not-shown"]
    entries = list(north.entries(NORTH))
    two_numbers = fork_of_entries(log, entries[0], entries[1]).text
    assert refusal(read_fork, two_numbers, log) == ["fork-not-shown"]
    other = new_log(exchange_of("north", "south"), NORTH)
    assert refusal(read_fork, fork.text, other) == ["exchange-other"]
    leaf = bytearray(base64.b64decode(lines[3].split(" ")[1]))
    leaf[0] ^= 1
    forged = "\n".join([*lines[:3], "leaf " + base64.b64encode(leaf).decode(), lines[4], ""])
    assert refusal(read_fork, forged, log) == ["entry-signature-wrong"]
    assert refusal(read_fork, "homeward-fork/v1\n", log) == ["fork-malformed"]


def test_a_correction_is_no_fork():
    stores = offices(EXCHANGE)
    [entry] = stores["north"].append(orders(1), MORNING)
    stores["north"].append([Draft("correction", prior=entry.hash)], MORNING)
    assert settle(stores.values()) == []
    assert all(store.forks() == [] for store in stores.values())


def log_of(store):
    return store._shelf.logs[NORTH]


@pytest.mark.parametrize("common", [1, 2, 3, 4, 5, 6, 7, 8])
def test_two_checkpoints_that_cannot_be_of_one_log_are_a_proof(common):
    north, twin, *_ = split(common, 3, 6)
    ours, theirs = log_of(north), log_of(twin)
    size = common + 3
    assert ours.tree.root() != theirs.tree.root(size)
    older = (ours.checkpoint(size), ours.checkpoints[size][1])
    newest = theirs.newest()
    newer = (theirs.checkpoint(newest), theirs.checkpoints[newest][1])
    path = theirs.tree.consistency(size, newest)
    fork = fork_of_checkpoints(ours, older, newer, path)
    if size & (size - 1):
        assert read_fork(fork.text, new_log(EXCHANGE, NORTH)).kind == "checkpoints"
    else:
        # A full older tree is no part of the proof, so the path cannot name the other root.
        assert refusal(read_fork, fork.text, new_log(EXCHANGE, NORTH)) == ["fork-not-shown"]


def test_a_checkpoint_proof_must_be_signed_and_lead_to_the_larger_root():
    north, twin, *_ = split(3, 3, 6)
    ours, theirs = log_of(north), log_of(twin)
    older = (ours.checkpoint(6), ours.checkpoints[6][1])
    newer = (theirs.checkpoint(9), theirs.checkpoints[9][1])
    log = new_log(EXCHANGE, NORTH)
    path = theirs.tree.consistency(6, 9)
    assert read_fork(fork_of_checkpoints(log, older, newer, path).text, log)
    unsigned = fork_of_checkpoints(log, (older[0], bytes(64)), newer, path)
    assert refusal(read_fork, unsigned.text, log) == ["checkpoint-signature-wrong"]
    astray = fork_of_checkpoints(log, older, newer, [*path[:-1], bytes(32)])
    assert refusal(read_fork, astray.text, log) == ["fork-not-shown"]


def test_a_proof_of_a_fork_has_one_spelling():
    _, _, south, observer = split()
    settle([south, observer])
    [fork] = south.forks()
    lines = fork.text.split("\n")
    swapped = "\n".join([*lines[:3], lines[4], lines[3], ""])
    assert refusal(read_fork, swapped, new_log(EXCHANGE, NORTH)) == ["fork-malformed"]


def test_two_roots_at_one_size_are_a_proof():
    key = keys_of("north").checkpoint
    log = new_log(EXCHANGE, NORTH)
    pair = [Checkpoint(log.origin, 4, sha256(bytes([n])).digest()) for n in (1, 2)]
    signed = [(each, each.sign(key)) for each in pair]
    for one, other in (signed, signed[::-1]):
        fork = fork_of_checkpoints(log, one, other, [])
        assert read_fork(fork.text, log).seq == 4
    assert fork_of_checkpoints(log, *signed, []) == fork_of_checkpoints(log, *signed[::-1], [])


def test_an_honest_pair_of_checkpoints_is_no_proof():
    stores = offices(EXCHANGE)
    for number in range(6):
        stores["north"].append(orders(1, number), MORNING)
    log = log_of(stores["north"])
    for old in range(1, 6):
        for new in range(old, 7):
            heads = [(log.checkpoint(size), log.checkpoints[size][1]) for size in (old, new)]
            fork = fork_of_checkpoints(log, *heads, log.tree.consistency(old, new))
            assert refusal(read_fork, fork.text, log) == ["fork-not-shown"]


def test_comparing_two_copies_finds_the_fork():
    _, _, south, observer = split()
    one, other = copy_of(south), copy_of(observer)
    assert verify(one).sound
    assert verify(other).sound
    found = compare(one, other)
    assert not found.same
    [fork] = found.forks
    assert read_fork(fork.text, new_log(EXCHANGE, NORTH)) == fork
    [difference] = [each for each in found.logs if each.name == NORTH]
    assert (difference.one, difference.other, difference.common) == (5, 7, 3)
    assert difference.parted


def test_a_copy_held_against_the_other_story_is_not_sound():
    _, _, south, observer = split()
    verdict = verify(copy_of(south), against=[copy_of(observer)])
    assert not verdict.sound
    assert (verdict.reason.code, verdict.entry) == ("record.fork", f"{NORTH}/3")
    assert [fork.log for fork in verdict.forks] == [NORTH]


def test_a_copy_carries_the_proofs_its_office_holds():
    _, _, south, observer = split()
    settle([south, observer])
    verdict = verify(copy_of(south))
    assert verdict.sound
    assert [(fork.log, fork.seq) for fork in verdict.forks] == [(NORTH, 3)]


def test_an_entry_of_another_exchange_frames_nobody():
    """The same cards met twice: what was signed there is no second history here."""
    elsewhere = office(exchange_of("north", "south", terms=b"other terms\n"), "north")
    [foreign] = elsewhere.append(orders(1, 50), MORNING)
    north, south = two()
    north.append(orders(1), MORNING)
    honest = north.package_for("south", MORNING)
    south.take(honest, MORNING)
    framed = resigned(honest, entries_changed(lambda _: [foreign.leaf]))
    assert codes(south.take(framed, later(1)).problems) == ["exchange-other"]
    assert south.forks() == []


def test_one_header_signed_twice_is_no_second_history():
    north, south = two()
    [entry] = north.append(orders(1), MORNING)
    honest = north.package_for("south", MORNING)
    south.take(honest, MORNING)
    wrong = entry.leaf[:40] + bytes([entry.leaf[40] ^ 1]) + entry.leaf[41:]
    altered = resigned(honest, entries_changed(lambda _: [wrong]))
    assert codes(south.take(altered, later(1)).problems) == ["entry-signature-wrong"]
    assert south.forks() == []
