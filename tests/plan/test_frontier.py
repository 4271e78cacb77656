"""What a smaller or larger step costs, each point a plan of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeward.plan import Conflict, Plan, make_plan
from homeward.plan.frontier import frontier, read_sizes
from homeward.plan.resources import Resources, Site
from homeward.problem import Refused
from tests.plan.demo import made_annexes, made_lines, made_terms
from tests.plan.test_pitfalls import made_terms_text


def test_a_larger_step_never_costs_anything_and_a_smaller_one_says_what_it_costs():
    """Seats come early on one side and late on the other: the step decides who may go ahead."""
    terms = made_terms(made_terms_text())
    lines = [replace(line, site=line.holder) for line in made_lines(60, 0)]
    resources = Resources(
        {
            "north": Site("north", "north", None, {1: 30, 2: 20, 3: 10}),
            "south": Site("south", "south", None, {1: 10, 2: 20, 3: 30}),
        }
    )
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    given = (terms, annexes, lines, resources)
    points = frontier(*given, over=[20, 1, 5, 20, 60], seed=1)
    assert [point.step for point in points] == [1, 5, 20, 60]
    levels = [tuple(level.value for level in point.levels) for point in points if point.levels]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]
    assert all(point.lead <= point.step for point in points)
    made = make_plan(*given, seed=1)
    assert isinstance(made, Plan)
    assert points[2].levels == made.objective
    assert points[2].steps == len({row.step for row in made.rows if row.step})


def test_a_step_with_which_there_is_no_plan_says_why():
    terms = made_terms(made_terms_text())
    lines = [replace(line, site=line.holder) for line in made_lines(60, 0)]
    early = Site("north", "north", None, {1: 45, 2: 0, 3: 0})
    late = Site("south", "south", None, {1: 0, 2: 0, 3: 45})
    annexes = tuple(replace(annex, sizes=()) for annex in made_annexes())
    resources = Resources({"north": early, "south": late})
    small, large = frontier(terms, annexes, lines, resources, over=[20, 45], seed=1)
    assert isinstance(small.why, Conflict)
    assert small.levels == ()
    assert large.why is None
    assert large.lead == 45


@pytest.mark.parametrize("text", ["", "0", "x", "5,", "-5", "²", "9" * 9])
def test_sizes_that_are_no_heads_are_refused(text: str):
    with pytest.raises(Refused):
        read_sizes(text)


def test_sizes_are_read():
    assert read_sizes("10, 20,40") == (10, 20, 40)
