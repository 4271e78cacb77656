"""The page on plans is true: its example makes the plan it shows, its codes are all explained."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import yaml

import homeward.plan
from homeward.plan import Plan, certify, check, explain_person, make_plan, read_lines, write_plan
from homeward.plan.resources import read_resources
from homeward.terms import read_annexes, read_terms

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "plan.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", PAGE, re.DOTALL))


def test_the_worked_example_makes_the_plan_that_the_page_shows():
    terms, problems = read_terms(BLOCKS["terms.yaml"])
    assert terms is not None
    assert problems == ()
    annexes, problems = read_annexes(BLOCKS["stages.yaml"], terms)
    assert problems == ()
    lines, problems = read_lines(BLOCKS["lines.csv"])
    assert problems == ()
    resources, problems = read_resources(yaml.safe_load(BLOCKS["resources"]))
    assert problems == ()
    plan = make_plan(terms, annexes, lines, resources, seed=7)
    assert isinstance(plan, Plan)
    assert write_plan(plan) == BLOCKS["plan.csv"]
    assert check(plan, terms, annexes, lines, resources) == ()
    assert certify(plan, terms, annexes, lines, resources) == ()
    reasons = {
        reason.code: dict(reason.values)
        for reason in explain_person(plan, "n4", terms, annexes, lines, resources)
    }
    assert reasons["equals"]["n"] == 2
    assert (reasons["cost"]["medical"], reasons["cost"]["held"]) == (0, 0)


def test_every_problem_code_of_the_room_is_explained_and_every_explained_one_exists():
    page = (ROOT / "docs" / "reference" / "problems-plan.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(plan\.[a-z0-9-]+)`", page, re.MULTILINE))
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src" / "homeward" / "plan").glob("*.py")
    )
    assert explained == set(re.findall(r'"(plan\.[a-z0-9]+(?:-[a-z0-9]+)+)"', source))


def test_the_room_exports_at_most_a_dozen_names():
    assert len(homeward.plan.__all__) <= 12
    assert all(hasattr(homeward.plan, name) for name in homeward.plan.__all__)


def test_the_example_in_the_map_of_the_room_runs():
    assert doctest.testmod(homeward.plan).attempted > 3
    assert doctest.testmod(homeward.plan).failed == 0
