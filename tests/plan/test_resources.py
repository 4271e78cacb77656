"""Resources are read strictly; what is not named is not scarce."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeward.plan.resources import Resources, agreed_resources, read_resources
from tests.plan.demo import made_annexes

GIVEN = {
    "sites": {"hill": {"holder": "north", "seats": 9, "stages": {2: 4}, "closed": [3]}},
    "vehicles": {
        "bus": {"site": "hill", "seats": 40},
        "vans": {"holder": "north", "seats": 8, "count": 3},
    },
    "crossings": {"bridge": {"heads": 50, "stages": {"1": 20}}},
}


def test_seats_vehicles_and_heads_are_known_by_stage():
    resources, problems = read_resources(GIVEN)
    assert problems == ()
    assert [resources.sites["hill"].in_stage(stage) for stage in (1, 2, 3)] == [9, 4, 0]
    assert [vehicle.code for vehicle in resources.vehicles_at("hill")] == ["bus"]
    assert [(v.code, v.in_stage(1)) for v in resources.fleet_of("north")] == [("vans", 3)]
    assert [resources.crossings["bridge"].in_stage(stage) for stage in (1, 2)] == [20, 50]


def test_nothing_given_is_nothing_scarce():
    assert read_resources(None) == (Resources(), ())
    assert read_resources({}) == (Resources(), ())


def test_every_wrong_part_is_named_at_its_place():
    wrong = {
        "sites": {"hill": {"seats": -1, "beds": 3}, "lake": 7},
        "vehicles": {"bus": {"seats": "many"}, "van": {"site": "moon", "seats": 2}},
        "crossings": {"bridge": {"stages": {"first": 3}}},
        "ferries": {},
    }
    _, problems = read_resources(wrong)
    assert {problem.code for problem in problems} == {"plan.bad-resource"}
    assert {problem.place.removeprefix("exchange.yaml:resources") for problem in problems} == {
        ":ferries",
        ":sites:hill:beds",
        ":sites:hill:seats",
        ":sites:lake",
        ":vehicles:bus:seats",
        ":vehicles:bus",
        ":vehicles:van:site",
        ":crossings:bridge:stages:first",
    }


@pytest.mark.parametrize("stage", ["²", "٣", "1.0", "9" * 5000])
def test_only_plain_digits_number_a_stage_and_the_problem_says_what_to_do(stage: str):
    _, problems = read_resources({"sites": {"hill": {"stages": {stage: 3}}}})
    assert [problem.code for problem in problems] == ["plan.bad-resource"]
    assert problems[0].hint


def test_what_an_annex_does_not_name_is_closed_in_its_stage():
    resources, _ = read_resources({**GIVEN, "sites": {**GIVEN["sites"], "lake": {}}})
    annex = replace(made_annexes()[0], sites=("lake", "K1"), vehicles=("vans",))
    agreed = agreed_resources(resources, [annex])
    assert agreed.sites["hill"].in_stage(1) == 0
    assert agreed.sites["hill"].in_stage(2) == 4
    assert agreed.sites["lake"].in_stage(1) is None
    assert agreed.vehicles["bus"].in_stage(1) == 0
    assert agreed.vehicles["bus"].in_stage(2) == 1
