"""The same with entries of the record: real signatures, packages and copies."""

from __future__ import annotations

import random
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from homeward.crossing import Closing, Crossing, act_of, audit, leads, position
from homeward.record import Draft, Entry, Store, make_keys, open_exchange, read_copy
from homeward.terms.kernel import Kind, Step, Transfer

SHEET = "5" * 64
START = datetime(2030, 5, 1, 9, tzinfo=UTC)
SIDES = ("north", "south")


class Desk:
    """An office: its store, and the crossing fed from it."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name = store, name
        self.line = Crossing(SIDES, me=name)

    def write(self, at: datetime, *drafts: Draft) -> tuple[Entry, ...]:
        entries = self.store.append(drafts, at)
        self.line.take(entries)
        return entries


class Table:
    """Two offices and an observer, with packages going round."""

    def __init__(self) -> None:
        dice = random.Random(5)
        roles = {"north": "side", "south": "side", "observer": "neutral"}
        keys = {n: make_keys(n, role, ["ana", "ben"], dice.randbytes) for n, role in roles.items()}
        exchange = open_exchange([k.card for k in keys.values()], b"terms", {})
        self.at = START
        self.desks = {
            name: Desk(
                Store(sqlite3.connect(":memory:"), "?", exchange, own, random=dice.randbytes), name
            )
            for name, own in keys.items()
        }

    def post(self) -> None:
        """Everything everybody holds goes to everybody, until nothing is new."""
        moved = True
        while moved:
            moved = False
            for desk in self.desks.values():
                for other in self.desks.values():
                    package = None
                    if other is not desk:
                        package = desk.store.package_for(other.name, self.at)
                    if package:
                        self.at += timedelta(seconds=1)
                        taken = other.store.take(package, self.at)
                        assert not taken.problems
                        other.line.take(taken.entries)
                        moved = True

    def entries(self) -> list[Entry]:
        return list(self.desks["observer"].store.entries())


def _sheet(number: int) -> Step:
    people = (
        Transfer(
            f"{number:02d}{i}{SIDES.index(holder)}".ljust(32, "0"),
            holder,
            to,
            Kind("soldier"),
            1,
            number,
        )
        for holder, to in (SIDES, SIDES[::-1])
        for i in range(2)
    )
    return Step(1, number, tuple(people))


def _draft(kind: str, t: Transfer, **more: object) -> Draft:
    return Draft(
        kind,
        stage=1,
        step=t.step,
        sender=t.sender,
        to=t.to,
        cls=str(t.kind),
        handle=t.handle,
        **more,
    )


@pytest.fixture
def table() -> Table:
    return Table()


def _play_step(table: Table, step: Step) -> None:
    sides = [table.desks[side] for side in SIDES]
    for desk in sides:
        assert not desk.line.open_sheet(step, SHEET)
        desk.write(table.at, Draft("step-ready", stage=1, step=step.number, digest=SHEET))
    table.post()
    for kind, role in (("release-ordered", "sender"), ("released", "sender"), ("received", "to")):
        for desk in sides:
            mine = [t for t in step.transfers if getattr(t, role) == desk.name]
            if kind == "release-ordered":
                assert not any(desk.line.may_order(desk.name, t.handle) for t in mine)
            priors = {t: desk.line.prior_for(desk.name, t.handle, kind) for t in mine}
            desk.write(table.at, *(_draft(kind, t, prior=priors[t]) for t in mine))
        table.post()
    for side in sorted(SIDES, key=lambda s: (SIDES.index(s) + step.number) % 2 == 0):
        _close(table, side, step.number)


def _close(table: Table, side: str, step: int) -> None:
    desk = table.desks[side]
    assert not desk.line.may_close(side, step)
    offered = desk.line.closing(side, step)
    assert isinstance(offered, Closing), offered
    sums = {**dict(offered.sums), **desk.store.closing_sums()}
    desk.write(table.at, Draft("step-closed", stage=1, step=step, sums=sums, prior=offered.prior))
    table.post()


def test_two_steps_are_carried_out_closed_and_seen_alike_by_all(table: Table) -> None:
    for number in (1, 2):
        _play_step(table, _sheet(number))
    for desk in table.desks.values():
        entries = list(desk.store.entries())
        fold = position(entries, sides=SIDES)
        assert fold.count(attested_by="both", outcome="transferred") == 8
        assert fold.lead == {"north": 0, "south": 0}
        assert fold.largest_lead == {"north": 2, "south": 2}
    for side in SIDES:
        agreed = table.desks[side].line.agreed_closing(2)
        assert agreed is not None
        assert dict(agreed.sums)["south.received"] == 2
        assert max(lead for _, lead in leads(table.entries(), side)) == 2


def test_a_published_copy_shows_that_the_orders_followed_the_rule(table: Table) -> None:
    for number in (1, 2):
        _play_step(table, _sheet(number))
    copy = read_copy(dict(table.desks["observer"].store.copy()))
    assert audit(copy.entries) == ()
    without_south = [e for e in copy.entries if (e.author, e.kind) != ("south", "step-closed")]
    assert {p.code for p in audit(without_south)} == {"crossing.ordered-too-early"}
    assert {act_of(e).log for e in copy.entries} == {"north.office.1", "south.office.1"}


def test_nobody_makes_an_act_known_at_a_time_before_another_party_countersigned_it(
    table: Table,
) -> None:
    """A side's own clock, set back as far as it likes, moves nothing to an earlier instant."""
    _play_step(table, _sheet(1))
    before, north = table.at, table.desks["north"]
    for t in _sheet(2).transfers:
        if t.sender == "north":
            north.write(START - timedelta(days=9), _draft("released", t))
    table.at += timedelta(hours=1)
    table.post()
    copy = read_copy(dict(table.desks["observer"].store.copy()))

    def shown(when: datetime) -> int:
        return position(copy.as_of(when), sides=SIDES).count(sender="north", attested_by="holder")

    told = [entry for entry in copy.entries if entry.step == 2]
    assert len(told) == 2
    assert all(copy.seen_at(entry) > before for entry in told)  # type: ignore[operator]
    assert (shown(before), shown(table.at)) == (0, 2)
    assert position(copy.as_of(START - timedelta(days=8)), sides=SIDES).cells == ()


def test_two_officers_give_up_a_person_and_it_stays_visible(table: Table) -> None:
    step = _sheet(1)
    north = table.desks["north"]
    north.line.open_sheet(step, SHEET)
    theirs = next(t for t in step.transfers if t.to == "north")
    assert not north.line.may_concede("north", theirs.handle)
    north.write(table.at, _draft("conceded", theirs, officers=("ana", "ben")))
    table.post()
    assert position(table.entries(), sides=SIDES).conceded == {"north": 1, "south": 0}


def test_an_office_restored_from_its_backup_orders_only_after_a_count(table: Table) -> None:
    step = _sheet(1)
    for side in SIDES:
        table.desks[side].line.open_sheet(step, SHEET)
        table.desks[side].write(table.at, Draft("step-ready", stage=1, step=1, digest=SHEET))
    table.post()
    north = table.desks["north"]
    mine = [t for t in step.transfers if t.sender == "north"]
    opened = north.store.begin_log(("ana", "ben"), table.at)
    north.line.take([opened])
    (problem,) = north.line.may_order("north", mine[0].handle)
    assert problem.code == "crossing.unchecked-restore"
    counted = Draft("key-change", digest=SHEET, prior=opened.hash, officers=("ana", "ben"))
    north.write(table.at, counted)
    assert north.line.may_order("north", mine[0].handle) == ()


def test_an_observers_copy_confirms_a_restored_office(table: Table) -> None:
    north, observer = table.desks["north"], table.desks["observer"]
    north.write(table.at, Draft("step-ready", stage=1, step=1, digest=SHEET))
    table.post()
    opened = north.store.begin_log(("ana", "ben"), table.at)
    north.line.take([opened])
    assert north.line.is_unchecked("north", "office")
    table.post()
    observer.write(table.at, Draft("body-held", prior=opened.hash))
    table.post()
    assert not north.line.is_unchecked("north", "office")
