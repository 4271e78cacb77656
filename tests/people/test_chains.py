"""Chains of forefathers: one list names two of them, another three, and nothing is contradicted."""

import numpy as np
import pytest

from homeward.dates import PartialDate
from homeward.people import Line, propose
from homeward.people.columns import prepare
from homeward.people.keys import keys
from homeward.people.linking import weigh


def seen(one, other, scripts=(), field="patronymic"):
    """The level of one field for two names written as (surname, given name, fathers)."""
    rows = [prepare([Line("1", *name)], scripts) for name in (one, other)]
    found = weigh(*rows, (np.array([0]), np.array([0])))
    return next(entry.level for entry in found.seen(0) if entry.field == field)


def named(chain):
    """The same person's name and family in the script of the chain."""
    family = ("Khatib", "Yusuf") if chain.isascii() else ("خطيب", "يوسف")
    return (*family, chain)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ali", "Ali Hasan"),
        ("Ali Hasan", "Ali Hasan Omar"),
        ("Ali Omar", "Ali Hasan Omar"),
        ("bin Ali", "bin Ali bin Hasan"),
        ("علي", "علي حسن"),
        ("علي عمر", "علي حسن بن عمر"),
    ],
)
def test_a_forefather_left_out_contradicts_nothing(one, other):
    assert seen(named(one), named(other)) == "part"


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ali Hasan", "Omar Hasan"), ("Ali Hasan", "Ali Ibrahim"), ("علي حسن", "عمر حسن")],
)
def test_a_forefather_exchanged_is_another_chain(one, other):
    assert seen(named(one), named(other)) == "differs"


def test_a_chain_is_followed_across_scripts():
    level = seen(("الخطيب", "يوسف", "علي حسن"), ("Khatib", "Yusuf", "Ali"), ("arab",))
    assert level == "part"


def test_a_fathers_name_that_cannot_be_read_agrees_with_none():
    assert keys("Khatib", "Yusuf", "علي حسن").fathers == ()


def test_one_slavic_father_has_no_parts():
    assert keys("Коваль", "Ян", "Петрович").father_parts == ()
    assert keys("Коваль", "Ян", "Мамед оглы").father_parts == ()


def test_a_longer_chain_and_a_date_are_one_person_without_asking():
    born = PartialDate(1987, 3, 9)
    sought = [Line("s", "Хатиб", "Юсуф", "Али Хасан", birth_date=born)]
    held = [Line("h", "Khatib", "Yusuf", "Ali", birth_date=born)]
    (pair,) = propose(sought, held).same
    assert any(reason.startswith("patronymic:part") for reason in pair.reasons)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Мохаммад Али", "Muhammad Aly", "same"),
        ("Анна-Мария", "Ганна Марія", "same"),
        ("Мохаммад Али", "Мохаммад", "part"),
        ("Анна-Марія", "Мария", "part"),
        ("محمد علي", "محمد", "part"),
        ("Мохаммад Али", "Мохаммад Хасан", "differs"),
        ("محمد علي", "محمد حسن", "differs"),
        ("Воло димир", "Владимир", "same"),
    ],
)
def test_of_several_given_names_all_count(one, other, level):
    assert seen(("Коваль", one), ("Коваль", other), field="given_name") == level
