"""Fairness and trips after the first aims: their best values, their price, and what waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from homeward.plan import (
    Plan,
    PlanLine,
    Resources,
    certify,
    check,
    explain_person,
    make_plan,
    replan,
)
from homeward.plan.aims import ADDED, PLAIN, Aims, claimed_aims, read_aims
from homeward.plan.events import Event, situation
from homeward.plan.resources import Crossing, Site, Vehicle
from homeward.problem import Refused, errors
from homeward.terms import Annex
from tests.plan.demo import made_terms
from tests.plan.small import Case, cases, every, worth

FOUR = Aims((*ADDED, "fairness", "trips"))


def behind(case: Case, stages: tuple[int, ...]) -> int:
    """The site furthest behind what the counts promise it, in hundredths of a percent."""
    promised: dict[str, Fraction] = {}
    there: Counter[Any] = Counter()
    kinds: Counter[Any] = Counter()
    gone: Counter[Any] = Counter()
    for line, stage in zip(case.lines, stages, strict=True):
        way = (line.holder, line.claimant)
        there[way, line.site] += 1
        kinds[way, line.category, line.site] += 1
        gone[way, line.site] += stage > 0
    for (way, kind, site), heads in kinds.items():
        all_of_kind = sum(n for (w, k, _), n in kinds.items() if (w, k) == (way, kind))
        share = Fraction(case.owed[way, kind][0] * heads, all_of_kind)
        promised[way, site] = promised.get((way, site), Fraction()) + share
    worst = 0
    for key, heads in there.items():
        if sum(way == key[0] for way, _ in there) > 1:
            short = int(promised[key] * 10_000) - 10_000 * gone[key]
            worst = max(worst, -(-short // heads))
    return worst


def trips(case: Case, stages: tuple[int, ...], seats: int) -> int:
    """Vehicles of so many seats that carry everybody from site to crossing."""
    loads: Counter[Any] = Counter()
    for line, stage in zip(case.lines, stages, strict=True):
        if stage:
            loads[line.site, stage] += 1
    return sum(-(-load // seats) for load in loads.values())


def vehicles(case: Case, seats: int) -> Resources:
    sites = {line.site: line.holder for line in case.lines}
    resources = case.resources
    return Resources(
        {site: Site(site, holder) for site, holder in sites.items()} | dict(resources.sites),
        {f"bus {site}": Vehicle(f"bus {site}", seats, 9, site) for site in sites},
        resources.crossings,
    )


@settings(max_examples=60)
@given(cases(), st.sampled_from([0, 1000, 5000]))
def test_four_levels_reach_what_trying_everything_reaches(case: Case, given_up: int) -> None:
    """Each level in its turn is the best among plans that keep the floors of those before it."""
    assume(case.terms() is not None and not case.sizes)
    aims = replace(FOUR, tolerance=(("medical", given_up), ("held", given_up)))
    resources = vehicles(case, 2)
    terms, annexes, lines, _ = case.given()
    made = make_plan(terms, annexes, lines, resources, seed=5, aims=aims)
    left = list(every(case))
    assert isinstance(made, Plan) == bool(left)
    if not isinstance(made, Plan):
        return
    assert check(made, terms, annexes, lines, resources) == ()
    assert errors(certify(made, terms, annexes, lines, resources, aims=aims)) == []
    for number, level in enumerate(made.objective):
        values = [
            (*worth(case, one), -behind(case, one), -trips(case, one, 2))[number] for one in left
        ]
        assert max(values) == level.bound, level.name
        floor = level.bound - aims.slack(level.name, level.bound)
        assert level.value >= floor
        left = [one for one, value in zip(left, values, strict=True) if value >= floor]
    assert made.status == "optimal"


def test_a_certificate_for_other_aims_than_the_agreed_ones_is_refused() -> None:
    terms, annexes, lines, resources = _ferry()
    aims = replace(FOUR, tolerance=(("held", 500),))
    made = make_plan(terms, annexes, lines, resources, seed=1, aims=aims)
    assert isinstance(made, Plan)
    given_ = (made, terms, annexes, lines, resources)
    assert errors(certify(*given_, aims=aims)) == []
    assert {p.code for p in certify(*given_, aims=FOUR)} == {"plan.other-aims"}
    assert errors(certify(*given_))
    for changed in ([0, 0, 0, 0], [10**6] * 4, "x", [1.5]):
        claims = {**made.certificate, "reached": changed}
        found = certify(replace(made, certificate=claims), *given_[1:], aims=aims)
        assert found, changed


def test_a_little_seniority_buys_fewer_trips_and_says_what_it_gave_up() -> None:
    terms, annexes, lines, resources = _ferry()
    exact = make_plan(terms, annexes, lines, resources, seed=1, aims=FOUR)
    loose = make_plan(
        terms, annexes, lines, resources, seed=1, aims=replace(FOUR, tolerance=(("held", 5000),))
    )
    assert isinstance(exact, Plan)
    assert isinstance(loose, Plan)
    before, after = ({x.name: x for x in plan.objective} for plan in (exact, loose))
    assert before["trips"].value < after["trips"].value
    assert after["held"].bound == before["held"].value > after["held"].value
    ridden = {(row.sender, row.stage, row.trip) for row in loose.rows if row.trip}
    assert len(ridden) == -after["trips"].value


def _ferry() -> Any:
    """Two sites of two a bus each: those held longest come one from each site."""
    terms = made_terms(
        """\
format: homeward-terms/1
id: ferry
title: ferry
parties: {north: {name: N}, south: {name: S}}
obligations: [{id: a, from: north, to: south, quantity: {exact: 4}}]
balance: {no_bound: true}
"""
    )
    lines = [
        PlanLine(f"n{n}", "north", "south", "person", held_since=f"2020-{n + 1:02d}", site=site)
        for n, site in enumerate(("hill", "lake", "hill", "lake"))
    ]
    resources = Resources(
        {"hill": Site("hill", "north"), "lake": Site("lake", "north")},
        {site: Vehicle(site, 2, 1, site) for site in ("hill", "lake")},
        {},
    )
    crossing = {"K": Crossing("K", 3)}
    annexes = tuple(Annex(stage=stage, sizes=()) for stage in (1, 2))
    return terms, annexes, lines, replace(resources, crossings=crossing)


def test_units_are_treated_alike_where_lines_name_them() -> None:
    terms, annexes, lines, _ = _ferry()
    terms = made_terms(
        "format: homeward-terms/1\nid: u\ntitle: u\n"
        "parties: {north: {name: N}, south: {name: S}}\n"
        "obligations: [{id: a, from: north, to: south, quantity: {exact: 2}}]\n"
        "balance: {no_bound: true}\n"
    )
    same = [replace(line, site="hill", held_since="") for line in lines]
    same = [replace(line, unit="7" if n < 2 else "9") for n, line in enumerate(same)]
    made = make_plan(terms, annexes[:1], same, seed=1, aims=FOUR)
    assert isinstance(made, Plan)
    of = {line.handle: line.unit for line in same}
    assert sorted(of[row.handle] for row in made.rows) == ["7", "9"]


@pytest.mark.parametrize(
    "text", ["", "speed", "held,held", "held:many", "held:101", "held:0.123", "held:²", "held:-1"]
)
def test_aims_that_nobody_knows_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_aims(text)


def test_aims_are_read_with_what_each_may_give_up() -> None:
    assert read_aims("medical, held:0.5, fairness, trips") == replace(
        FOUR, tolerance=(("held", 50),)
    )
    assert read_aims("medical,held") == PLAIN
    assert PLAIN.added
    assert not FOUR.added


LINKED = """\
format: homeward-terms/1
id: linked
title: linked
parties: {{north: {{name: N}}, south: {{name: S}}}}
categories: {{a: {{when: {{category: a}}}}, b: {{when: {{category: b}}}}}}
obligations:
  - {{id: a, from: north, to: south, category: a, quantity: {{exact: 3}}}}
  - {{id: b, from: north, to: south, category: b, quantity: {{exact: 2}}}}
balance: {{no_bound: true}}
{links}
"""


@pytest.mark.parametrize(
    ("links", "a", "b"),
    [
        ("", {2}, {1}),
        ("order: [{first: a, then: b}]", {1, 2}, {2}),
        ("order: [{first: a, then: b, strength: best_effort}]", {2}, {1}),
        ("linkage: [{kind: gate, after: a, before: b}]", {1, 2}, {1, 2}),
        ("linkage: [{kind: gate, after: a, before: b, share: 60}]", {1, 2}, {2}),
        ("linkage: [{kind: simultaneous, of: [a, b]}]", {1, 2}, {1, 2}),
    ],
)
def test_what_the_terms_let_wait_waits_and_a_plan_in_which_it_does_not_is_refused(
    links: str, a: set[int], b: set[int]
) -> None:
    """The seriously wounded of b would all go first, were there no order, gate or sameness."""
    lines = [PlanLine(f"a{n}", "north", "south", "a") for n in range(3)]
    lines += [PlanLine(f"b{n}", "north", "south", "b", medical=2) for n in range(2)]
    resources = Resources({"": Site("", "north", None, {1: 2, 2: 3, 3: 1})}, {}, {})
    annexes = tuple(Annex(stage=stage, sizes=()) for stage in (1, 2, 3))
    rest = (annexes, lines, resources)
    terms, free = (made_terms(LINKED.format(links=text)) for text in (links, ""))
    made, plain = (make_plan(one, *rest, seed=1) for one in (terms, free))
    assert isinstance(made, Plan)
    assert isinstance(plain, Plan)
    stages = {kind: {x.stage for x in made.rows if x.category == kind} for kind in "ab"}
    assert stages == {"a": a, "b": b}
    assert check(made, terms, *rest) == ()
    assert errors(certify(made, terms, *rest)) == []
    broken = {problem.code for problem in check(plain, terms, *rest)}
    assert broken == ({"plan.breach-order"} if stages != {"a": {2}, "b": {1}} else set())


def test_what_a_gate_waited_for_may_have_come_before() -> None:
    terms = made_terms(LINKED.format(links="linkage: [{kind: gate, after: a, before: b}]"))
    lines = [PlanLine(f"a{n}", "north", "south", "a") for n in range(3)]
    lines += [PlanLine(f"b{n}", "north", "south", "b", medical=2) for n in range(2)]
    resources = Resources({"": Site("", "north", None, {1: 2, 2: 3})}, {}, {})
    annexes = tuple(Annex(stage=stage, sizes=()) for stage in (1, 2))
    made = make_plan(terms, annexes, lines, resources, seed=1, done=["a0"])
    assert isinstance(made, Plan)
    assert {row.stage for row in made.rows if row.category == "b"} == {1}


AGREED = replace(FOUR, order=("held", "medical", "fairness", "trips"), tolerance=(("held", 2500),))


@pytest.mark.parametrize("aims", [PLAIN, FOUR, AGREED, Aims(("held", "medical")), Aims(("trips",))])
def test_a_certificate_tells_the_aims_that_its_plan_was_made_for(aims: Aims) -> None:
    terms, annexes, lines, resources = _ferry()
    made = make_plan(terms, annexes, lines, resources, seed=1, aims=aims)
    assert isinstance(made, Plan)
    assert claimed_aims(made.certificate) == aims
    for said in (
        {"levels": 3},
        {"levels": [3]},
        {"levels": [["held"]], "tolerance": {"held": "x"}},
    ):
        with pytest.raises(Refused):
            claimed_aims(said)


def test_a_new_plan_and_a_reason_follow_the_agreed_aims() -> None:
    """Half the months may be given up for fewer trips: so it was agreed, and so it stays."""
    terms, annexes, lines, resources = _ferry()
    lines = [*lines, *(replace(x, handle=x.handle + "b", held_since="2021-01") for x in lines)]
    aims = replace(FOUR, tolerance=(("held", 5000),))
    first = make_plan(terms, annexes, lines, resources, seed=1, aims=aims)
    assert isinstance(first, Plan)
    now = situation(
        first, annexes, lines, resources, events=[Event("refused", first.rows[0].handle)]
    )
    made = replan(first, terms, now, seed=1, aims=aims)
    assert isinstance(made, tuple)
    new, _ = made
    assert [level.name for level in new.objective] == ["told", *FOUR.order]
    given_ = (new, terms, now.annexes, now.lines, now.resources)
    assert errors(certify(*given_, before=first, aims=aims)) == []
    assert errors(certify(*given_, before=first))
    stays = next(x.handle for x in lines if first.row(x.handle) is None)
    reasons = explain_person(first, stays, terms, annexes, lines, resources, aims=aims)
    told = [dict(reason.values)["level"] for reason in reasons if reason.code == "cost_level"]
    assert told == ["fairness", "trips"]
    assert "Few vehicle trips" in reasons[-1].sentence()
