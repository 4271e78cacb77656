"""An act says all that its author had seen, however many logs that were."""

import pytest

from homeward.record import Draft, open_exchange, verify
from homeward.record.store import Store
from tests.record.parties import MORNING, codes, copy_of, dice, keys_of, later, office, order, send

NORTH, SOUTH = "north", "south"


def ring(count, name="writer{}"):
    """South with many devices, each of which has signed something that North holds."""
    exchange = open_exchange([keys_of(each).card for each in (NORTH, SOUTH)], b"terms", {})
    north, south = office(exchange, NORTH), office(exchange, SOUTH)
    for number in range(count):
        south.begin_log(["alder", "birch"], MORNING, writer=name.format(number))
    send(south, north)
    return north, south


def sightings(store, log="north.office.1"):
    return [[each.log for each in entry.seen] for entry in store.entries(log)]


@pytest.mark.parametrize("count", [12, 13, 14, 30])
def test_what_one_header_cannot_name_is_said_before_the_act(count):
    north, south = ring(count)
    [entry] = north.append([order(1)], later(1))
    assert entry.kind == "release-ordered"
    said = [name for names in sightings(north) for name in names]
    assert sorted(said) == sorted(south.logs())
    before = [each.kind for each in north.entries("north.office.1")][:-1]
    assert set(before) <= {"logs-seen"}
    assert bool(before) == (count > 12)
    send(north, south, later(2))
    assert verify(copy_of(south)).sound


def test_names_may_be_as_long_as_names_can_be():
    north, south = ring(12, "w" * 29 + "-{}")
    draft = Draft("step-closed", stage=1, step=1, sums={f"a-longer-name-{n}": n for n in range(60)})
    [entry] = north.append([draft], later(1))
    assert entry.seen == ()
    assert sum(map(len, sightings(north))) == 12
    assert codes(south.take(north.package_for(SOUTH, later(2)), later(2)).problems) == []


def test_a_header_too_long_by_itself_stays_refused():
    north, _ = ring(2)
    draft = Draft("step-closed", stage=1, step=1, sums={f"{n:080d}": n for n in range(40)})
    with pytest.raises(Exception, match="header-too-long"):
        north.append([draft], later(1))
    assert sightings(north) == []


def test_a_new_log_begins_with_its_key_change_and_says_the_rest_with_its_next_entry():
    north, south = ring(20)
    first = north.begin_log(["alder", "birch"], later(1), writer="tablet")
    assert (first.kind, first.seq) == ("key-change", 0)
    [entry] = north.append([order(2)], later(1), log="north.tablet.1")
    said = [name for names in sightings(north, "north.tablet.1") for name in names]
    assert sorted(said) == sorted(south.logs())
    assert entry.kind == "release-ordered"
    send(north, south, later(2))
    assert verify(copy_of(south)).sound


def test_a_restored_office_says_again_nothing_it_has_said():
    north, _ = ring(30)
    north.append([order(1)], later(1))
    connection = north._shelf.tables._connection
    again = Store(connection, "?", north.exchange, keys_of(NORTH), dice("again"))
    [entry] = again.append([order(2)], later(2))
    assert entry.seen == ()
