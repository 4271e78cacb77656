"""The page of pictures shows what the plan is; figures carry their words, in every language."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from homeward.paper.figures.planned import given_up_rows, placed_rows, planned_leads
from homeward.paper.figures.planned_page import plan_page
from homeward.paper.wording import Wording
from homeward.plan import Plan, certify, check, make_plan
from homeward.plan.aims import read_aims
from homeward.plan.frontier import frontier
from homeward.problem import errors
from homeward.words import LANGUAGES
from tests.plan.demo import UNEQUAL, made_lines, made_terms
from tests.plan.pictures import AIMS, FOLDER, STAGES, STEP, again, exchange, figures, planned

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "plan-in-pictures.md").read_text(
    encoding="utf-8"
)
ROWS = [
    [cell.strip().replace(",", "") if cell.strip()[:1].isdigit() else cell.strip() for cell in row]
    for row in (line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("|"))
]


def test_the_pictures_are_drawn_from_the_plan_that_the_page_describes() -> None:
    for name, svg in figures().items():
        assert (FOLDER / f"{name}.svg").read_text(encoding="utf-8") == svg, name
        assert f"../pictures/{name}.svg" in PAGE


def test_the_tables_hold_the_numbers_of_the_plan() -> None:
    plan = planned()
    words = Wording("en", {"north": "North", "south": "South"})
    for row in placed_rows(plan.rows, words, STAGES):
        assert [_plain(row.label), *map(str, row.stages)] in ROWS
    for level in given_up_rows(plan.objective):
        could, reached = abs(level.could), abs(level.reached)
        assert [str(could), str(reached), str(level.lost)] in [row[1:] for row in ROWS]
    for point in frontier(*exchange(), over=(3, 6, 12, 24), seed=7):
        held = point.levels[1].value
        assert [str(n) for n in (point.step, point.steps, point.lead, held)] in ROWS


def test_what_the_text_says_of_strictness_and_of_planning_again_is_so() -> None:
    strict = make_plan(*exchange(), seed=7, aims=read_aims("medical,held,fairness,trips"))
    assert isinstance(strict, Plan)
    assert [level.value for level in strict.objective[2:]] == [-510, -8]
    assert [level.value for level in planned().objective[2:]] == [-49, -9]
    new, difference = again()
    assert (difference.changed, difference.lower_bound) == (12, 12)
    assert (len(difference.moved), len(difference.dropped), len(difference.added)) == (10, 2, 2)
    assert Counter(row.stage for row in new.rows) == {1: 36, 2: 35, 3: 19}


def test_the_plan_on_the_page_is_sound_and_proven_for_its_aims() -> None:
    given = exchange()
    assert check(planned(), *given) == ()
    assert errors(certify(planned(), *given, aims=read_aims(AIMS))) == []


def test_no_planned_lead_is_beyond_the_step_and_all_are_even_in_the_end() -> None:
    leads = planned_leads(planned().rows)
    assert max(lead for points in leads.values() for _, lead in points) == STEP
    assert {points[-1][1] for points in leads.values()} == {0}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [348, 720])
def test_every_figure_is_drawn_in_every_language_with_a_title_and_all_in_words(
    language: str, width: int
) -> None:
    for name, svg in figures(width, language).items():
        root = ET.fromstring(svg)
        space = {"s": "http://www.w3.org/2000/svg"}
        assert root.findtext("s:title", namespaces=space), name
        assert root.findtext("s:desc", namespaces=space), name
        assert "{" not in "".join(root.itertext()).partition("}")[2].rpartition("}")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_plan_holds_every_figure_with_its_numbers_as_a_table(language: str) -> None:
    plain = make_plan(*exchange(), seed=7)
    assert isinstance(plain, Plan)
    page = plan_page(again()[0], exchange()[0], lang=language, before=plain)
    assert (page.count("<figure"), page.count("<table")) == (4, 4)
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page)
    assert [_plain(cell) for cell in cells[-3:]][1:] == ["9", "19"]
    without = plan_page(plain, exchange()[0], lang=language)
    assert without.count("<figure") == 3


def test_nobody_is_ahead_after_a_step_where_unequal_numbers_were_agreed() -> None:
    terms = made_terms(UNEQUAL)
    plan = make_plan(terms, (), made_lines(70, 0), seed=3)
    assert isinstance(plan, Plan)
    leads = planned_leads(plan.rows)
    assert {lead for _, lead in leads["north"][1::2]} == {0}
    assert max(lead for _, lead in leads["north"]) == 15


def _plain(words: str) -> str:
    return re.sub("[\u2066-\u2069\u200e\u200f]", "", words)
