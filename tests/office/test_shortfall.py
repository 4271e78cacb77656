"""Who may take a place that stayed empty, as the terms have it."""

from __future__ import annotations

import pytest

from homeward.office.shortfall import Open, after_shortfall
from homeward.plan import Plan, PlanLine, Resources
from homeward.plan.rows import PlanRow
from homeward.problem import Refused
from homeward.terms import Annex, Size, Terms, read_terms
from tests.office.test_agreeing import TEXT

TOLD = ("a" * 32, "b" * 32)


def ruled(rules: str) -> Terms:
    terms, problems = read_terms(f"{TEXT}rules: {rules}\n" if rules else TEXT)
    assert terms is not None, problems
    return terms


def line(handle: str) -> PlanLine:
    return PlanLine(handle, "north", "south", "military")


@pytest.mark.parametrize(
    ("rules", "planned", "codes"),
    [
        ("", True, {"shortfall-unsaid", "substitution-unsaid"}),
        ("{shortfall: carried_over, substitution: by_agreement}", True, set()),
        ("{shortfall: made_good, substitution: free, refusal: replaced}", True, set()),
        (
            "{shortfall: made_good, substitution: free, refusal: {effect: reduces}}",
            True,
            {"refusal-sealed"},
        ),
        ("{shortfall: accepted}", False, {"shortfall-left"}),
        ("{shortfall: ends}", False, {"shortfall-left"}),
        ("{shortfall: cuts_both, refusal: counts}", False, {"shortfall-left"}),
    ],
)
def test_open_places_are_planned_again_as_the_terms_say(rules, planned, codes):
    after = after_shortfall(ruled(rules), TOLD)
    assert after.planned is planned
    assert {note.code.removeprefix("office.") for note in after.notes} == codes
    assert {note.level for note in after.notes} <= {"warning"}


def test_where_there_are_no_substitutes_only_those_who_were_told_may_go_later():
    after = after_shortfall(ruled("{shortfall: made_good, substitution: none}"), TOLD)
    lines = [line(TOLD[0]), line("c" * 32)]
    assert [each.handle for each in after.among(lines)] == [TOLD[0]]
    free = after_shortfall(ruled("{shortfall: made_good, substitution: free}"), TOLD)
    assert len(free.among(lines)) == 2


def open_places(*, north: int, south: int) -> Open:
    terms = ruled("{shortfall: made_good, substitution: free}")
    sizes = (
        Size("north", "south", "military", "living", north),
        Size("south", "north", "military", "living", south),
    )
    annex = Annex(1, sizes=sizes)
    lines = [line("a" * 32), line("b" * 32)]  # nobody of South is left to go
    return Open(terms, annex, lines, Resources(), set())


def sizes(annex: Annex) -> dict[str, int]:
    return {size.sender: size.count for size in annex.sizes}


def test_a_place_nobody_can_take_keeps_no_others_behind():
    places = open_places(north=2, south=1)
    assert sizes(places.within_reach()) == {"north": 2, "south": 0}


def test_a_further_plan_must_take_everybody_who_can_go():
    places = open_places(north=2, south=1)
    rows = [PlanRow(letter * 32, "north", "south", 1, 1, 0, 1, "military") for letter in "ab"]
    assert sizes(places.as_filled(Plan(tuple(rows)))) == {"north": 2, "south": 0}
    with pytest.raises(Refused) as refusal:
        places.as_filled(Plan(tuple(rows[:1])))
    (problem,) = refusal.value.problems
    assert (problem.code, problem.value) == ("office.plan-leaves-people", "1")
