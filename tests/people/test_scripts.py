"""The same name in Arabic and in Hebrew letters, as the two sides of one exchange write it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeward.dates import PartialDate
from homeward.people.keys import keys
from homeward.people.line import Line
from homeward.people.proposing import propose

BOTH = ("arab", "hebr")
GIVEN = [
    ("محمد", "מוחמד"),
    ("أحمد", "אחמד"),
    ("خالد", "ח'אלד"),
    ("يوسف", "יוסף"),
    ("إبراهيم", "אבראהים"),
    ("إبراهيم", "איברהים"),
    ("عبد الله", "עבדאללה"),
    ("عبد الرحمن", "עבד אל-רחמן"),
    ("حسن", "חסן"),
    ("محمود", "מחמוד"),
    ("علي", "עלי"),
    ("سعيد", "סעיד"),
    ("جهاد", "ג'יהאד"),
    ("ثائر", "ת'אאר"),
    ("وليد", "ואליד"),
    ("إياد", "איאד"),
]
SURNAMES = [
    ("المصري", "אל-מצרי"),
    ("البرغوثي", "ברגותי"),
    ("جابر", "ג'אבר"),
    ("النتشة", "א-נתשה"),
    ("قواسمة", "קוואסמה"),
    ("الطويل", "אל טוויל"),
    ("غانم", "ע'אנם"),
    ("غانم", "גאנם"),
    ("حمدان", "חמדאן"),
    ("شاهين", "שאהין"),
    ("الصباغ", "אלסבאע'"),
]


@pytest.mark.parametrize(("arabic", "hebrew"), GIVEN)
def test_a_given_name_has_a_skeleton_in_common(arabic, hebrew):
    one, other = keys("زيدان", arabic, "", BOTH), keys("זידאן", hebrew, "", BOTH)
    assert set(one.given_skeletons) & set(other.given_skeletons)


@pytest.mark.parametrize(("arabic", "hebrew"), SURNAMES)
def test_a_surname_has_a_skeleton_in_common(arabic, hebrew):
    one, other = keys(arabic, "علي", "", BOTH), keys(hebrew, "עלי", "", BOTH)
    assert set(one.surname_skeletons) & set(other.surname_skeletons)


def test_strangers_have_none():
    arabic = [keys(name, "علي", "", BOTH).surname_skeletons for name, _ in SURNAMES]
    hebrew = [keys(name, "עלי", "", BOTH).surname_skeletons for _, name in SURNAMES]
    met = {
        (SURNAMES[i][0], SURNAMES[j][0])
        for i, one in enumerate(arabic)
        for j, other in enumerate(hebrew)
        if set(one) & set(other)
    }
    assert {one for one in met if one[0] != one[1]} == set()


def test_a_list_in_arabic_and_one_in_hebrew_letters_are_matched():
    born = PartialDate(1987, 4, 12)
    sought = [Line("A1", "البرغوثي", "خالد", "محمود", birth_date=born)]
    sought += [Line("A2", "حمدان", "أحمد", "علي", birth_date=PartialDate(1990, 1, 5))]
    held = [Line("B1", "ברגותי", "ח'אלד", "מחמוד", birth_date=born)]
    found = propose(sought, held)
    assert [(pair.sought_id, pair.held_id) for pair in found.same] == [("A1", "B1")]
    assert not found.review


OTHERS = [
    (("Պետրոսյան", "Արամ", "Հակոբի"), ("Petrosyan", "Aram", "Hakobi")),
    (("გელაშვილი", "გიორგი", ""), ("Gelashvili", "Giorgi", "")),
    (("ወልደ", "አበበ", ""), ("Welde", "Abebe", "")),
    (("Παπαδάκης", "Νίκος", ""), ("Papadakis", "Nikos", "")),
    (("김", "철수", ""), ("Kim", "Chulsoo", "")),
    (("शर्मा", "राहुल", ""), ("Sharma", "Rahul", "")),
]


def test_lists_in_scripts_without_a_table_are_not_passed_over():
    """Nobody is lost because nobody here wrote a table for the letters of the list."""
    days = [PartialDate(1991, 2, 3 + at) for at in range(len(OTHERS))]
    sought = [Line(f"A{at}", *OTHERS[at][0], birth_date=day) for at, day in enumerate(days)]
    again = propose(sought, [replace(line, id=line.id.replace("A", "B")) for line in sought])
    everybody = [(f"A{at}", f"B{at}") for at in range(len(OTHERS))]
    assert sorted((pair.sought_id, pair.held_id) for pair in again.same) == everybody
    held = [Line(f"B{at}", *OTHERS[at][1], birth_date=day) for at, day in enumerate(days)]
    across = propose(sought, held)
    found = {(pair.sought_id, pair.held_id) for pair in (*across.same, *across.review)}
    assert found >= set(everybody)
