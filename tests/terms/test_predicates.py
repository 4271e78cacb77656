"""Whom a clause means: yes, no, or not known, and never yes for want of a fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.dates import PartialDate
from homeward.terms.predicates import ages_on, holds

AGREED = PartialDate(2031, 3, 4)


@pytest.mark.parametrize(
    ("predicate", "facts", "answer"),
    [
        ({"category": "civilian"}, {"category": "civilian"}, True),
        ({"category": ("medical", "religious")}, {"category": "civilian"}, False),
        ({"category": "civilian"}, {}, None),
        ({"category": "civilian"}, {"category": ""}, None),
        ({"tags": "student"}, {"tags": ("pilot", "student")}, True),
        ({"tags": "student"}, {"tags": ()}, False),
        ({"not": {"sex": "male"}}, {"sex": "female"}, True),
        ({"not": {"sex": "male"}}, {}, None),
        ({"any": ({"sex": "female"}, {"age": {"at_most": 17}})}, {"sex": "female"}, True),
        ({"any": ({"sex": "female"}, {"age": {"at_most": 17}})}, {"sex": "male"}, None),
        ({"any": ({"sex": "female"}, {"age": {"at_most": 17}})}, {"sex": "male", "age": 40}, False),
        ({"sex": "female", "age": {"at_least": 60}}, {"sex": "male"}, False),
        ({"age": {"at_least": 18, "at_most": 25}}, {"age": 25}, True),
        ({"age": {"at_least": 18, "at_most": 25}}, {"age": 26}, False),
        ({"own": "true"}, {"own": True}, True),
    ],
)
def test_an_answer_is_yes_no_or_not_known(predicate, facts, answer):
    assert holds(predicate, facts) is answer


@pytest.mark.parametrize(
    ("at", "facts", "answer"),
    [
        ("agreed", {"birth_date": PartialDate(2005, 3, 4)}, False),
        ("agreed", {"birth_date": PartialDate(2005, 3, 5)}, True),
        ("agreed", {"birth_date": PartialDate(2005, 3)}, None),
        ("agreed", {"birth_date": PartialDate(2004)}, False),
        ("capture", {"birth_date": PartialDate(2005, 3, 4)}, None),
        ("capture",
         {"birth_date": PartialDate(2005, 3, 4), "captured_on": PartialDate(2030)}, True),
        ("handover",
         {"birth_date": PartialDate(2005, 8), "handover_on": PartialDate(2031, 9, 1)}, False),
    ],
)  # fmt: skip
def test_an_age_is_taken_on_the_day_that_was_agreed(at, facts, answer):
    assert holds({"age": {"at_most": 25, "at": at}}, facts, AGREED) is answer


@pytest.mark.parametrize(
    ("limits", "day", "answer"),
    [
        ({"from": PartialDate(2031, 1)}, PartialDate(2031, 1, 1), True),
        ({"from": PartialDate(2031, 1, 15)}, PartialDate(2031, 1), None),
        ({"until": PartialDate(2031, 1)}, PartialDate(2031, 1, 31), True),
        ({"before": PartialDate(2031, 1)}, PartialDate(2031, 1, 1), False),
        ({"after": PartialDate(2031, 1)}, PartialDate(2031, 1, 31), False),
        ({"after": PartialDate(2031, 1)}, PartialDate(2031, 2), True),
        ({"from": PartialDate(2030), "before": PartialDate(2031)}, "2030-07", True),
    ],
)
def test_a_partial_date_is_inside_outside_or_may_be_either(limits, day, answer):
    assert holds({"captured_on": limits}, {"captured_on": day}) is answer


dates = st.builds(PartialDate, st.integers(1950, 2010), st.integers(1, 12), st.integers(1, 28))


@given(born=dates)
def test_a_vaguer_birth_date_always_leaves_the_true_age_possible(born):
    (exact,) = ages_on(born, AGREED)
    for vague in (PartialDate(born.year, born.month), PartialDate(born.year)):
        assert exact in ages_on(vague, AGREED)


def test_what_a_list_writes_as_a_letter_or_a_text_is_the_same_fact():
    assert holds({"sex": "female"}, {"sex": "f"}) is True
    assert holds({"sex": ["male"]}, {"sex": "f"}) is False
    young = {"age": {"at_most": 25, "at": PartialDate(2031, 1, 1)}}
    assert holds(young, {"birth_date": "2010"}) is True
    assert holds(young, {"birth_date": "1990-05-02"}) is False
    assert holds(young, {}) is None
