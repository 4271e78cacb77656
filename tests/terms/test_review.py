"""Law and known quarrels: silence is named, and saying it settles the warning."""

from __future__ import annotations

import pytest

from homeward.terms import review
from tests.terms.texts import CATEGORIES, agreement, codes, one_way, terms

WAY = {"id": "way", "from": "north", "to": "south", "quantity": {"exact": 10}}
WOUNDED = {"health": ["seriously_wounded"]}


def warned(**changes):
    return set(codes(review(terms(**changes))))


def test_wounded_in_the_balance_are_named_with_the_article():
    inside = {"hurt": {"when": WOUNDED}, **CATEGORIES}
    found = [p for p in review(terms(categories=inside)) if p.code == "terms.wounded-inside"]
    assert len(found) == 1
    assert "GC III art. 109-110" in found[0].hint
    assert found[0].level == "warning"


def test_wounded_beside_the_balance_settle_it():
    assert "terms.wounded-not-apart" in warned()
    beside = {**WAY, "id": "hurt", "when": WOUNDED, "group": "beside"}
    settled = warned(obligations=[*agreement()["obligations"], beside])
    assert not {"terms.wounded-not-apart", "terms.wounded-inside"} & settled


def test_civilians_stand_apart():
    mixed = {"all": {"when": {"category": ["prisoner_of_war", "civilian"]}}}
    assert "terms.civilians-mixed" in warned(categories=mixed, balance={"no_bound": True})
    assert "terms.civilians-mixed" in warned(categories=None, balance={"no_bound": True})
    assert "terms.civilians-mixed" not in warned()


def test_a_price_is_called_a_price():
    ratio = {
        "id": "k",
        "from": "south",
        "to": "north",
        "quantity": {"ratio": {"give": 3, "of": "way"}},
    }
    assert "terms.price-of-class" in codes(review(one_way(WAY, ratio)))
    scale = {"by": "rank", "values": {"general": 60, "private": 1}}
    assert "terms.price-of-class" in codes(review(one_way(WAY, equivalence=scale)))
    assert "terms.price-of-class" not in codes(review(one_way(WAY)))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("refusal-unsaid", {"rules": {"refusal": "counts"}}),
        ("shortfall-unsaid", {"rules": {"shortfall": "carried_over"}}),
        ("substitution-unsaid", {"rules": {"substitution": "none"}}),
        ("loss-unsaid", {"rules": {"death": "reduces", "lost_on_the_way": "still_owed"}}),
        ("start-unsaid", {"start": "2031-03-10"}),
        ("end-unsaid", {"stages": [{"id": "one", "date": "2031-03-10"}]}),
        ("announcer-unsaid", {"announcements": {"may": ["north"]}}),
        ("confirmation-unsaid", {"confirmation": {"counts_when": "both_signed"}}),
        ("interview-unsaid",
         {"confirmation": {"counts_when": "both_signed", "interview": {"private": True}}}),
        ("decider-unsaid", {"eligibility": [{"what": "all", "decided_by": "a commission"}]}),
    ],
)  # fmt: skip
def test_each_silence_is_named_until_it_is_broken(code, said):
    assert f"terms.{code}" in warned()
    assert f"terms.{code}" not in warned(**said)


def test_an_age_needs_its_day():
    def young(**age):
        return {**WAY, "when": {"not": {"age": {"at_least": 26, **age}}}}

    assert "terms.age-day-unsaid" in codes(review(one_way(young())))
    assert "terms.age-day-unsaid" not in codes(review(one_way(young(at="capture"))))


def test_all_needs_a_day_or_a_number():
    def everybody(quantity):
        return codes(review(one_way({**WAY, "quantity": quantity})))

    assert "terms.population-unsaid" in everybody({"all": True})
    assert "terms.population-unsaid" not in everybody({"all": {"as_of": "2031-03-01"}})


def test_remains_in_one_direction_ask_about_the_other():
    bodies = {**WAY, "state": "remains"}
    found = codes(review(one_way(bodies)))
    assert {"terms.direction-unsaid", "terms.identification-unsaid"} <= set(found)
    linked = one_way(
        bodies,
        linkage=[{"kind": "none"}],
        confirmation={"counts_when": "received", "remains": "identified"},
    )
    assert not {"terms.direction-unsaid", "terms.identification-unsaid"} & set(
        codes(review(linked))
    )


def test_a_duty_after_release_needs_an_end_and_a_guarantor():
    duty = {"duty": "stays there"}
    assert "terms.duty-open" in codes(review(one_way(WAY, after_release=[duty])))
    whole = {**duty, "until": "the end of the war", "guarantor": "north"}
    assert "terms.duty-open" not in codes(review(one_way(WAY, after_release=[whole])))


def test_every_warning_points_to_its_clause():
    found = {p.code: p.place for p in review(one_way({**WAY, "state": "remains"}))}
    assert found["terms.direction-unsaid"].startswith("terms.yaml:")
    assert found["terms.direction-unsaid"] != "terms.yaml:1"
