"""What happens to parties that mean well: keys lost or stolen, devices gone, others silent."""

import sqlite3
from dataclasses import replace

import pytest

from homeward.problem import Refused
from homeward.record import Draft, Store, make_keys, open_exchange, read_copy, verify
from tests.record.parties import (
    MORNING,
    TERMS,
    codes,
    copy_of,
    dice,
    exchange_of,
    handle,
    keys_of,
    later,
    order,
    orders,
    send,
    settle,
    three,
    two,
)

NORTH, SECOND = "north.office.1", "north.office.2"


def refusal(act, *arguments, **named):
    with pytest.raises(Refused) as refused:
        act(*arguments, **named)
    return codes(refused.value.problems)


def test_keys_are_changed_by_the_identity_key_and_two_officers_and_the_old_ones_end():
    north, south = two()
    north.append(orders(3), MORNING)
    send(north, south)
    opened = north.begin_log(["alder", "birch"], later(1))
    assert (opened.log, opened.kind, len(opened.officers)) == (SECOND, "key-change", 2)
    assert north.append(orders(1, 3), later(2))[0].log == SECOND
    assert refusal(north.append, orders(1, 4), later(3), NORTH) == ["epoch-ended"]
    assert settle([north, south], later(4)) == []
    found = verify(copy_of(south))
    assert found.sound
    assert codes(found.notes) == ["log-absent"]  # South has written nothing


def test_what_a_stolen_key_signs_after_the_change_stands_disputed():
    """Revocation takes effect after the last head the new log names, not by anybody's clock."""
    north, south = two()
    thief = Store(sqlite3.connect(":memory:"), "?", north.exchange, keys_of("north"), dice("t"))
    for store in (north, thief):
        store.append(orders(3), MORNING)
    send(north, south)
    north.begin_log(["alder", "birch"], later(1))
    thief.append(orders(2, 3), later(2))
    send(north, south, later(3))
    south.take(thief.package_for("south", later(3)), later(3))
    found = verify(copy_of(south))
    assert found.sound
    [note] = [each for each in found.notes if each.code == "record.beyond-certificate"]
    assert (note.place, note.value) == (f"{NORTH}/checkpoint", "2")


def given_up(number, *officers):
    return Draft(
        "conceded",
        stage=1,
        step=1,
        sender="south",
        to="north",
        cls="military/living/inside",
        handle=handle(number),
        officers=officers,
    )


def test_an_officer_s_lost_key_is_no_end_while_two_officers_are_left():
    north, south = two()
    north.append([given_up(1, "birch", "cedar")], MORNING)
    north.begin_log(["birch", "cedar"], later(1), without=["alder"])
    north.append([given_up(2, "birch", "cedar")], later(2))
    assert settle([north, south], later(3)) == []
    assert verify(copy_of(south)).sound


def test_an_officer_s_stolen_key_signs_nothing_in_the_log_begun_without_it():
    north, south = two()
    north.append([given_up(1, "alder", "birch")], MORNING)
    north.begin_log(["birch", "cedar"], later(1), without=["alder"])
    assert refusal(north.append, [given_up(2, "alder", "birch")], later(2)) == ["officer-revoked"]
    assert refusal(north.begin_log, ["alder", "birch"], later(3)) == ["officer-revoked"]
    north.begin_log(["birch", "cedar"], later(4))
    assert refusal(north.append, [given_up(2, "alder", "birch")], later(5)) == ["officer-revoked"]
    assert settle([north, south], later(6)) == []
    found = verify(copy_of(south))
    assert found.sound, "what the officer signed before stands"
    assert not [each for each in found.notes if each.code == "record.beyond-certificate"]


def test_a_peer_takes_nothing_that_a_revoked_officer_signed():
    north, south = two()
    north.begin_log(["birch", "cedar"], MORNING, without=["alder"])
    log = north._shelf.logs[SECOND]
    careless = replace(log.certificate, without=())
    log.certificate = careless
    north.append([given_up(1, "alder", "birch")], later(1))
    taken = south.take(north.package_for("south", later(1)), later(1))
    assert codes(taken.problems) == ["officer-revoked"]
    assert south.logs() == {}


def test_a_device_that_is_lost_is_followed_by_a_new_epoch_of_its_writer():
    north, south = two()
    tablet = north.begin_log(["alder", "birch"], MORNING, "tablet").log
    north.append(orders(2), MORNING, tablet)
    send(north, south)
    again = north.begin_log(["alder", "cedar"], later(1), "tablet").log
    assert (tablet, again) == ("north.tablet.1", "north.tablet.2")
    assert refusal(north.append, orders(1, 5), later(2), tablet) == ["epoch-ended"]
    assert north.append(orders(1, 5), later(2), again)[0].log == again
    assert north.append(orders(1, 6), later(2), NORTH)[0].log == NORTH
    assert settle([north, south], later(3)) == []
    assert verify(copy_of(south)).sound


def test_a_lost_witness_or_identity_key_ends_the_exchange_in_a_successor():
    """No key is left to vouch for a new one: the sides meet again, naming the old record."""
    north, south = two()
    north.append(orders(3), MORNING)
    assert settle([north, south]) == []
    renewed = make_keys("south", "side", ["alder", "birch"], dice("south anew"))
    policy = {"continues": north.exchange.id}
    successor = open_exchange([keys_of("north").card, renewed.card], TERMS, policy)
    assert successor.policy["continues"] == exchange_of("north", "south").id
    after = Store(sqlite3.connect(":memory:"), "?", successor, renewed, dice("s"))
    package = north.package_for("south", later(1), ask=True)
    assert codes(after.take(package, later(1)).problems) == ["exchange-other"]
    assert after.logs() == {}
    assert verify(copy_of(north)).sound  # the old record stands as it was


def test_a_dead_epoch_cannot_be_replayed_into_the_new_one():
    north, south = two()
    entries = north.append(orders(3), MORNING)
    send(north, south)
    north.begin_log(["alder", "birch"], later(1))
    send(north, south, later(1))
    log = south._shelf.logs[SECOND]
    from homeward.record.log import check_next

    assert codes([check_next(log, entries[1])]) == ["log-other"]


def test_a_log_that_stops_stops_nobody_else():
    north, south, observer = three()
    north.append(orders(2), MORNING)
    south.append([order(90, "south", "north")], MORNING)
    assert settle([north, south, observer]) == []
    for minute in range(1, 5):  # South is gone; the others go on and see how old its word is
        north.append(orders(1, 10 + minute), later(minute))
        assert settle([north, observer], later(minute)) == []
    assert {observer.level(each) for each in north.entries(NORTH)} == {"held", "witnessed"}
    south_log = next(log for log in verify(copy_of(observer)).logs if log.name == "south.office.1")
    assert max(at for _, at in south_log.cosigned.values()) == MORNING


def test_a_party_that_stops_countersigning_leaves_the_level_low_and_is_asked_again():
    north, south, observer = three()
    north.append(orders(2), MORNING)
    assert settle([north, south, observer]) == []
    [fresh] = north.append(orders(1, 9), later(1))
    assert settle([north, observer], later(2)) == []
    assert north.level(fresh) == "witnessed"
    assert set(north.cosigned(NORTH, 3)) == {"observer"}
    assert north.package_for("south", later(3)) is not None
    assert read_copy(copy_of(observer)).as_of(later(2)) == tuple(observer.entries())
    assert settle([north, south, observer], later(4)) == []
    assert north.level(fresh) == "held"


def test_a_shortened_store_says_what_to_do():
    north, south = two()
    north.append(orders(5), MORNING)
    assert settle([north, south]) == []
    old = Store(sqlite3.connect(":memory:"), "?", north.exchange, keys_of("north"), dice("o"))
    old.append(orders(2), MORNING)
    south.take(old.package_for("south", later(1), ask=True), later(1))
    assert codes(old.take(south.package_for("north", later(1)), later(1)).problems) == ["tail-lost"]
    with pytest.raises(Refused) as refused:
        old.append(orders(1, 7), later(2))
    [problem] = refused.value.problems
    assert problem.code == "record.tail-lost"
    assert problem.value == "2"
    assert problem.expected.endswith("held elsewhere")
    assert "begin_log" in problem.hint


def test_nothing_signed_leaves_before_its_commit(monkeypatch):
    """At the moment of the commit no package, copy or answer holds the new entry."""
    north, _ = two()
    north.append(orders(1), MORNING)
    tables = north._shelf.tables
    inner, seen = tables._connection, []

    class Watching:
        in_transaction = property(lambda _: inner.in_transaction)
        cursor = staticmethod(inner.cursor)
        rollback = staticmethod(inner.rollback)

        def commit(self):
            seen.append("commit")
            inner.commit()

    monkeypatch.setattr(tables, "_connection", Watching())
    [entry] = north.append(orders(1, 1), MORNING)
    seen.append("returned")
    assert seen == ["commit", "returned"]
    assert entry.leaf in b"".join(dict(north.copy()).values())

    def broken(self):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(Watching, "commit", broken)
    with pytest.raises(sqlite3.OperationalError):
        north.append(orders(1, 2), MORNING)
    monkeypatch.setattr(tables, "_connection", inner)
    inner.rollback()
    assert north.logs()[NORTH].size == 2
    assert len(b"".join(dict(north.copy()).values())) > 0
    assert north.append(orders(1, 7), MORNING)[0].seq == 2
