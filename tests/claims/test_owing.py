"""What was promised and how it stands: who owes what, since when, on whose word."""

from datetime import datetime

from homeward.claims import commitments
from homeward.claims.lists import STATES
from homeward.claims.owing import promise_report
from homeward.terms import read_terms
from tests.claims.replay import KYIV, World, istanbul, istanbul_statements

TALKS = """
format: homeward-terms/1
id: talks
title: {en: "Talks"}
agreed: {date: 2031-05-01, place: {en: "Valletta"}}
parties: {north: {name: {en: "North"}}, south: {name: {en: "South"}}}
obligations:
  - id: next-talks
    from: north
    to: south
    state: act
    what: {en: "a further round of talks"}
    quantity: {exact: 1, counting: each}
    open: {venue: {as_of: 2031-05-03, what: {en: "where the talks are held"}}}
"""


def report(at, world=None):
    world = world or istanbul()
    found = commitments(
        istanbul_statements(), world.terms, world.annexes, world.position_at, at, zone=KYIV
    )
    return promise_report(found, at)


def test_what_is_open_stands_first_and_what_is_kept_last():
    found = report(datetime(2025, 5, 24, tzinfo=KYIV))
    states = [row.state for row in found.rows]
    order = ["open", "partly", "lapsed", "withdrawn", "not_agreed", "kept"]
    assert states == sorted(states, key=order.index)
    assert {"open", "not_agreed", "kept"} <= set(states) <= set(STATES)


def test_every_row_says_who_owes_what_since_when_on_whose_word():
    found = report(datetime(2025, 5, 24, tzinfo=KYIV))
    for row, line in zip(found.rows, found.lines("uk"), strict=True):
        assert line[0] == (", ".join(row.owed_by) or "не названо нікого")
        assert all(line[:5])
    assert found.to_json()["sums"]["ukraine"]["open"] >= 1


def test_sums_count_each_owners_commitments_by_state():
    found = report(datetime(2025, 6, 1, tzinfo=KYIV))
    for owner, states in found.sums.items():
        mine = [row.state for row in found.rows if owner in row.owed_by]
        assert states == {state: mine.count(state) for state in set(mine)}


def test_what_was_said_later_is_not_owed_earlier():
    early = report(datetime(2025, 5, 17, tzinfo=KYIV))
    assert all(row.since <= early.at for row in early.rows)
    assert len(early.rows) < len(report(datetime(2025, 6, 1, tzinfo=KYIV)).rows)


def test_a_duty_to_act_is_open_and_its_point_not_agreed_is_dated():
    terms, problems = read_terms(TALKS)
    assert terms is not None, problems
    world = World(terms, ())
    at = datetime(2031, 6, 1, tzinfo=KYIV)
    agreed = ((datetime(2031, 5, 1, tzinfo=KYIV), "terms"),)
    found = commitments((), terms, (), world.position_at, at, agreed=agreed)
    rows = {row.id.rpartition(":")[2]: row for row in found}
    assert (rows["north"].state, rows["north"].what) == ("open", "a further round of talks")
    assert rows["venue"].state == "not_agreed"
    assert rows["venue"].since.date().isoformat() == "2031-05-03"


def test_a_report_that_tells_of_an_exchange_to_come_owes_nothing():
    found = report(datetime(2025, 5, 24, tzinfo=KYIV))
    owners = {row.id: row.owed_by for row in found.rows}
    assert owners["caption.1"] == ()
    assert owners["post.3"] == ()  # a third says that it takes effect soon
    assert len(owners["calls-planned.1"]) == 1  # and that they will call somebody
    assert all("caption" not in owner for owner in found.sums)
