"""Agreements of shapes that the examples do not have, written from the pages alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeward.dates import PartialDate
from homeward.problem import errors
from homeward.terms import check, read_done, read_terms, show
from homeward.terms.predicates import holds
from homeward.words import LANGUAGES
from tests.terms.test_events import BACK, WAY, handover, happened, warnings
from tests.terms.texts import codes, one_way, text, written

FOLDER = Path(__file__).with_name("newcomer")
# What their writer expected of them: the verdict, and the codes that say why.
EXPECTED = {
    "amended-twice": ("superseded", {"shortfall", "late", "amended"}),
    "deposit": ("in_part", {"shortfall", "late"}),
    "named-later": ("with_deviations", {"excess", "no-longer-eligible"}),
    "pace-of-demining": ("with_deviations", {"pace-behind"}),
    "proclaimed": ("as_agreed", {"read-differently", "amended"}),
    "ransom-by-class": ("as_agreed", {"other-than-believed"}),
    "ratio-rounding": ("as_agreed", set()),
    "remains-for-living": ("in_part", {"other-person", "shortfall", "late"}),
    "rolling": ("with_deviations", {"rate-short"}),
    "third-country": ("with_deviations", {"duty-not-kept"}),
    "under-eighteen": ("as_agreed", set()),
    "women-and-wounded": ("as_agreed", set()),
}
# Notes that recite the course of things stand in every judgement.
RECITED = {"course", "known-until", "not-heard", "told", "nothing-came", "list-unheard"}


def judged(name):
    terms, problems = read_terms((FOLDER / f"{name}.yaml").read_bytes())
    assert errors(problems) == []
    done, more = read_done((FOLDER / f"{name}.done.yaml").read_bytes(), terms)
    assert more == ()
    return terms, check(terms, done=done)


def test_every_file_is_expected():
    names = {path.name.removesuffix(".yaml") for path in FOLDER.glob("*.yaml")}
    assert {name for name in names if not name.endswith(".done")} == EXPECTED.keys()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_it_is_expressed_said_and_judged_as_its_writer_expected(name):
    terms, judgement = judged(name)
    codes = {problem.code.removeprefix("terms.") for problem in judgement.problems}
    assert (judgement.verdict, codes - RECITED) == EXPECTED[name]
    for language in LANGUAGES:
        assert all("{" not in sentence for sentence in show(terms, language))


def test_a_class_that_is_priced_is_named_and_no_person_has_a_price():
    terms, _ = read_terms((FOLDER / "ransom-by-class.yaml").read_bytes())
    codes = {problem.code for problem in check(terms).problems}
    assert "terms.price-of-class" in codes


def done_text(*events):
    said = {"format": "homeward-done/1", "terms": "two-valleys", "events": list(events)}
    return written(said)


AMONG = {
    "exact": 10,
    "among": {"women": {"count": 4, "when": {"sex": "female"}}, "hurt": {"count": 3}},
}


def mixed(*told):
    read = one_way({**WAY, "quantity": AMONG})
    return happened(read, *(handover("way", 5, among=among) for among in told))


def test_counts_that_overlap_are_each_held_against_the_number():
    assert warnings(mixed({"women": 4, "hurt": 3}, {"women": 0, "hurt": 0})) == []
    assert warnings(mixed({"women": 4, "hurt": 3}, {"women": 1, "hurt": 0})) == [
        "terms.mix-differs"
    ]
    assert warnings(mixed({"women": 4, "hurt": 2}, {"women": 0, "hurt": 0})) == [
        "terms.mix-differs"
    ]


def test_who_is_among_them_may_follow_from_facts_and_is_said_where_nobody_told():
    read = one_way({**WAY, "quantity": {"exact": 10, "among": {"women": AMONG["among"]["women"]}}})
    women, men = {"sex": "female"}, {"sex": "male"}
    fits = happened(read, handover("way", 4, facts=women), handover("way", 6, facts=men))
    assert warnings(fits) == []
    other = happened(read, handover("way", 3, facts=women), handover("way", 7, facts=men))
    assert warnings(other) == ["terms.mix-differs"]
    silent = happened(read, handover("way", 10))
    assert "terms.mix-unknown" in codes(silent.problems)


def test_nobody_can_be_more_among_a_number_than_the_number():
    assert "terms.among-beyond" in codes(
        read_terms(
            text(obligations=[{**WAY, "quantity": {"exact": 3, "among": {"a": {"count": 4}}}}])
        )[1]
    )
    read = one_way({**WAY, "quantity": AMONG})
    told = handover("way", 3, among={"women": 4})
    _, problems = read_done(done_text(told), read)
    assert codes(problems) == ["terms.among-beyond"]
    unknown = handover("way", 3, among={"men": 1})
    assert codes(read_done(done_text(unknown), read)[1]) == ["terms.reference-unknown"]


def weekly(*days):
    read = one_way({**WAY, "quantity": {"exact": 5, "per": "week"}}, start="2031-03-10")
    told = (handover("way", n, day) for day, n in days)
    return happened(read, *told, known_until="2031-03-25")


def test_a_number_that_comes_round_again_is_held_against_each_full_period():
    even = weekly(("2031-03-12", 5), ("2031-03-19", 3), ("2031-03-22", 2))
    assert (even.verdict, warnings(even)) == ("as_agreed", [])
    short = weekly(("2031-03-12", 5), ("2031-03-19", 4))
    assert warnings(short) == ["terms.rate-short"]
    beyond = weekly(("2031-03-12", 6), ("2031-03-19", 5))
    assert warnings(beyond) == ["terms.rate-beyond"]


def test_a_week_that_is_not_over_is_not_short():
    assert warnings(weekly(("2031-03-12", 5), ("2031-03-19", 5), ("2031-03-24", 1))) == []


@pytest.mark.parametrize(
    ("rounding", "owed"), [(None, 15), ("whole_groups", 15), ("down", 17), ("up", 18)]
)
def test_a_ratio_that_does_not_come_out_even_is_rounded_as_it_says(rounding, owed):
    ratio = {"give": 5, "for_each": 2, "of": "way"} | ({"rounding": rounding} if rounding else {})
    read = one_way({**WAY, "quantity": {"exact": 7}}, {**BACK, "quantity": {"ratio": ratio}})
    exact = happened(read, handover("way", 7), handover("back", owed))
    assert warnings(exact) == []
    assert "terms.shortfall" in warnings(
        happened(read, handover("way", 7), handover("back", owed - 1))
    )
    assert "terms.excess" in warnings(
        happened(read, handover("way", 7), handover("back", owed + 1))
    )


def test_an_age_may_count_on_a_day_of_its_own():
    young = {"age": {"at_most": 17, "at": PartialDate(2031, 8, 15)}}
    assert holds(young, {"birth_date": PartialDate(2013, 8, 16)}) is True
    assert holds(young, {"birth_date": PartialDate(2013, 8, 15)}) is False
    assert holds(young, {"birth_date": PartialDate(2013)}) is None
