"""Two versions side by side: what the second means that the first did not, in five languages."""

from __future__ import annotations

import random

import pytest

from homeward.terms import compare, read_terms, show
from homeward.words import LANGUAGES
from tests.terms.mutants import mutants_of
from tests.terms.test_agreements import FOLDER, OUTCOMES
from tests.terms.test_mutants import texts
from tests.terms.texts import agreement, terms

EACH, IN_TOTAL = {"exact": 600, "counting": "each"}, {"exact": 600, "counting": "in_total"}


def clause(quantity=EACH, **changes):
    return [{"id": "all", "between": ["north", "south"], "quantity": quantity, **changes}]


def said(old, new, language="en"):
    return [change.say(language) for change in compare(old, new)]


@pytest.mark.parametrize(
    ("language", "marks"),
    [
        ("en", ("*each*", "*in total*")),
        ("uk", ("*кожна*", "*загалом*")),
        ("ru", ("*каждая*", "*всего*")),
        ("ar", ("*لكل طرف*", "*في المجموع*")),
        ("he", ("*כל צד*", "*בסך הכול*")),
    ],
)
def test_each_that_became_in_total_comes_first_with_both_sums(language, marks):
    old = terms(obligations=clause())
    new = terms(obligations=clause(IN_TOTAL, what="other words"), rules={"refusal": "counts"})
    first = compare(old, new)[0]
    assert (first.field, first.stands_out, first.totals) == ("counting", True, (1200, 600))
    sentence = first.say(language)
    assert all(mark in sentence for mark in marks)
    assert "600" in sentence


def test_the_same_agreement_in_another_order_has_no_change():
    listed = [*clause(), {"id": "b", "from": "north", "to": "south", "quantity": {"at_most": 5}}]
    old, new = terms(obligations=listed), terms(obligations=listed[::-1])
    assert compare(old, new) == ()


def test_numbers_sides_and_the_step_stand_out_and_words_come_last():
    old = terms()
    changed = agreement(title={"en": "Another title"}, rules={"refusal": "counts"})
    changed["obligations"] = clause({"exact": 500, "counting": "each"})
    changed["balance"]["step"] = 30
    changes = compare(old, terms(**changed))
    assert [change.stands_out for change in changes] == [True, True, False, False, False]
    assert [change.kind for change in changes[-2:]] == ["words", "words"]
    assert (
        said(old, terms(**changed))[0]
        == "Clause “all”, number: 500 persons now, 600 persons before."
    )
    assert "Balance “step”: 30 now, 20 before." in said(old, terms(**changed))


def test_a_clause_that_came_or_went_is_told_whole():
    wounded = {"id": "hurt", "from": "north", "to": "south", "quantity": {"all": True}}
    old, new = terms(obligations=clause()), terms(obligations=[*clause(), wounded])
    assert said(old, new) == ["New, clause “hurt”: all who are held."]
    assert said(new, old) == ["No longer there, clause “hurt”: all who are held."]


def test_a_note_is_words_and_a_rule_is_not():
    old = terms(rules={"refusal": {"effect": "counts", "note": "as before"}})
    words = terms(rules={"refusal": {"effect": "counts", "note": "as ever"}})
    rule = terms(rules={"refusal": "replaced"})
    assert [change.kind for change in compare(old, words)] == ["words"]
    (change,) = compare(old, rule)
    assert change.say("en") == (
        "Rule “refusal”: another takes the place now, the person counts as given before."
    )


def test_every_change_of_a_real_agreement_is_found_and_can_be_said():
    choice = random.Random(7)
    found = [
        (name, mutant)
        for name in OUTCOMES
        for mutant in mutants_of("terms", texts(name)[0], choice)
    ]
    for name, mutant in choice.sample(found, 60):
        old, _ = read_terms((FOLDER / f"{name}.yaml").read_bytes())
        new, _ = read_terms(mutant.text)
        if new is not None:
            changes = compare(old, new)
            assert changes, (name, mutant.field, mutant.before, mutant.after)
            for language in LANGUAGES:
                assert all(change.say(language).endswith(".") for change in changes)


def test_a_point_that_was_open_and_is_settled_is_a_change():
    talks = {
        "id": "talks", "between": ["north", "south"], "state": "act", "what": "meet again",
        "quantity": {"exact": 1, "counting": "each"},
    }  # fmt: skip
    free = {"no_bound": True}
    still = {"venue": {"as_of": "2031-03-04"}}
    old = terms(obligations=[{**talks, "open": still}], balance=free)
    new = terms(obligations=[talks], balance=free)
    assert str(old.obligations[0].open["venue"]["as_of"]) == "2031-03-04"
    assert "not agreed as of 2031-03-04: venue" in "\n".join(show(old, "en"))
    (change,) = compare(old, new)
    assert change.field == "open"
    assert change.say("en").startswith("Clause “talks”, what is still open: nothing said now")
