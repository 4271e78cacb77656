"""Everybody rides: vehicles are never too full, and a group rides together where it can."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.plan import Conflict, Plan, PlanLine, Resources, check, make_plan
from homeward.plan.resources import Site, Vehicle
from homeward.plan.trips import allot_fleet, usable
from homeward.terms import Annex
from tests.plan.demo import made_terms

TERMS = made_terms(
    """\
format: homeward-terms/1
id: trips
title: trips
parties: {north: {name: N}, south: {name: S}}
categories: {x: {when: {category: x}}}
obligations:
  - {id: out, from: north, to: south, category: x, quantity: {at_least: 1}}
balance: {equal_by: nothing, step: 6}
"""
)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from(["", "f", "g"])),
        min_size=1,
        max_size=14,
    ),
    st.lists(st.tuples(st.integers(3, 6), st.integers(1, 3), st.booleans()), max_size=3),
)
def test_every_planned_person_has_a_seat(
    persons: list[tuple[int, int, str]], vehicles: list[tuple[int, int, bool]]
) -> None:
    lines = [
        PlanLine(f"h{n}", "north", "south", "x", site=f"s{site}", seats=seats, group_code=group)
        for n, (site, seats, group) in enumerate(persons)
    ]
    sites = {f"s{n}": Site(f"s{n}", "north") for n in (1, 2, 3)}
    fleet = {
        f"v{n}": Vehicle(
            f"v{n}", seats, count, site="s1" if own else "", holder="" if own else "north"
        )
        for n, (seats, count, own) in enumerate(vehicles)
    }
    resources = Resources(sites, fleet, {})
    plan = make_plan(TERMS, (), lines, resources, seed=2)
    if isinstance(plan, Conflict):
        return
    assert isinstance(plan, Plan)
    assert check(plan, TERMS, (), lines, resources) == ()


def test_a_group_rides_together_where_a_vehicle_has_room():
    lines = [
        PlanLine(f"h{n}", "north", "south", "x", site="s1", group_code="f" if n < 3 else "")
        for n in range(6)
    ]
    resources = Resources({"s1": Site("s1")}, {"bus": Vehicle("bus", 4, 2, site="s1")}, {})
    plan = make_plan(TERMS, (), lines, resources, seed=2)
    assert isinstance(plan, Plan)
    trips = Counter(row.trip for row in plan.rows if row.handle in ("h0", "h1", "h2"))
    assert list(trips.values()) == [3]


def test_a_fleet_is_divided_so_that_every_site_is_served():
    """Taking the large bus for the small load would leave the large load behind."""
    fleet = [Vehicle("large", 40, 1, holder="n"), Vehicle("small", 10, 1, holder="n")]
    found = allot_fleet(fleet, {"a": 8, "b": 35}, 1)
    assert {site: [v.code for v in there] for site, there in found.items()} == {
        "a": ["small"],
        "b": ["large"],
    }


def test_seats_that_a_stretcher_may_leave_empty_are_not_counted():
    assert [usable(seats, 2) for seats in (5, 2, 1)] == [4, 1, 0]
    assert usable(45, 1) == 45


def test_without_vehicles_nobody_has_a_trip():
    plan = make_plan(TERMS, (), [PlanLine("h", "north", "south", "x")], seed=1)
    assert isinstance(plan, Plan)
    assert [row.trip for row in plan.rows] == [0]


def test_a_fleet_carries_persons_whose_lines_name_no_site_and_no_other_sides():
    """One bus of three: so three a stage on the side that has it, and as many as owed elsewhere."""
    terms = made_terms(
        """\
format: homeward-terms/1
id: fleet
title: fleet
parties: {a: {name: A}, b: {name: B}}
obligations:
  - {id: ab, from: a, to: b, quantity: {exact: 5}}
  - {id: ba, from: b, to: a, quantity: {exact: 2}}
balance: {no_bound: true}
"""
    )
    lines = [PlanLine(f"a{n}", "a", "b", "person") for n in range(5)]
    lines += [PlanLine(f"b{n}", "b", "a", "person") for n in range(2)]
    annexes = [Annex(stage=stage, sizes=()) for stage in (1, 2)]
    resources = Resources({}, {"bus": Vehicle("bus", 3, 1, "", "a")}, {})
    plan = make_plan(terms, annexes, lines, resources, seed=1)
    assert isinstance(plan, Plan)
    assert check(plan, terms, annexes, lines, resources) == ()
    rides = Counter((row.sender, row.stage, row.trip) for row in plan.rows)
    assert rides == {("a", 1, 1): 3, ("a", 2, 1): 2, ("b", 1, 0): 2}
