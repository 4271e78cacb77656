"""Who may take a place that stayed empty, as the terms have it."""

from __future__ import annotations

import pytest

from homeward.office.shortfall import after_shortfall
from homeward.plan import PlanLine
from homeward.terms import Terms, read_terms
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
