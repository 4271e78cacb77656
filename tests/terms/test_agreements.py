"""Forty-seven real agreements: each is read, said in five languages, and its outcome derived."""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from homeward.terms import check, read_done, read_terms, show
from homeward.terms.judging import VERDICTS
from homeward.words import LANGUAGES
from tests.terms.texts import written

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "agreements"
OUTCOMES = {
    "ankara-2024": "as_agreed",
    "armenia-azerbaijan-2023-12": "as_agreed",
    "armenia-azerbaijan-maps-2021": "as_agreed",
    "armenia-azerbaijan-syria-2026": "as_agreed",
    "bay-of-pigs-1962": "in_part",
    "bergdahl-2014": "as_agreed",
    "bern-fr-de-1918": "cannot_be_decided",
    "bern-us-de-1918": "superseded",
    "bosnia-dayton-1995": "with_deviations",
    "cyprus-1974": "with_deviations",
    "dix-hill-1862": "suspended",
    "drc-m23-2025": "not_begun",
    "egypt-israel-1973": "as_agreed",
    "four-towns-2017": "in_part",
    "glienicke-1985": "with_deviations",
    "glienicke-1986": "as_agreed",
    "griner-bout-2022": "as_agreed",
    "iran-iraq-1988": "failed",
    "iran-iraq-1990": "suspended",
    "iran-us-2023": "as_agreed",
    "israel-hamas-2023-11": "as_agreed",
    "israel-hamas-2025-01": "with_deviations",
    "israel-hezbollah-2008": "as_agreed",
    "israel-pflpgc-1985": "as_agreed",
    "kafraya-fuaa-2018": "cannot_be_decided",
    "karabakh-2020": "in_part",
    "korea-big-switch-1953": "with_deviations",
    "korea-little-switch-1953": "with_deviations",
    "paris-homecoming-1973": "in_part",
    "ru-ua-2022-09-21": "with_deviations",
    "ru-ua-2022-10-17": "with_deviations",
    "ru-ua-2024-01": "with_deviations",
    "ru-ua-abu-dhabi-2026-02": "as_agreed",
    "ru-ua-geneva-2026-03": "as_agreed",
    "ru-ua-istanbul-1-2025-05": "as_agreed",
    "ru-ua-istanbul-2-living-2025-06": "cannot_be_decided",
    "ru-ua-istanbul-3-2025-07": "in_part",
    "ru-ua-istanbul-bodies-2025": "with_deviations",
    "ru-ua-log": "as_agreed",
    "ukraine-ordlo-2017": "with_deviations",
    "ukraine-russia-2019-09": "as_agreed",
    "us-venezuela-elsalvador-2025": "as_agreed",
    "vienna-2010": "as_agreed",
    "yemen-bern-2023": "with_deviations",
    "yemen-glion-2020": "with_deviations",
    "yemen-muscat-2025": "not_begun",
    "yemen-stockholm-2018": "in_part",
}


@cache
def agreement(name):
    terms, problems = read_terms((FOLDER / f"{name}.yaml").read_bytes(), f"{name}.yaml")
    assert [str(problem) for problem in problems] == []
    done, problems = read_done((FOLDER / f"{name}.done.yaml").read_bytes(), terms)
    assert [str(problem) for problem in problems] == []
    return terms, done


def judged(name):
    terms, done = agreement(name)
    return check(terms, done=done)


def counted(name):
    return {row["obligation"]: row["count"] for row in judged(name).done}


def warned(name):
    return {p.code.removeprefix("terms.") for p in judged(name).problems if p.level == "warning"}


def test_every_agreement_in_the_folder_has_its_events_and_its_outcome():
    found = {path.name.removesuffix(".yaml") for path in FOLDER.glob("*.yaml")}
    assert found == set(OUTCOMES) | {f"{name}.done" for name in OUTCOMES}


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_outcome_is_derived_from_terms_and_events(name):
    assert judged(name).verdict == OUTCOMES[name]


@pytest.mark.parametrize("name", OUTCOMES)
def test_an_agreement_can_be_said_in_every_language(name):
    terms, _ = agreement(name)
    assert terms.id == name
    for language in LANGUAGES:
        assert all(sentence.endswith(".") for sentence in show(terms, language))


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_events_carry_no_verdict(name):
    text = (FOLDER / f"{name}.done.yaml").read_text(encoding="utf-8").lower()
    told = {*VERDICTS, "shortfall", "excess", "deviation", "withheld", "violation", "breach"}
    assert [word for word in told if re.search(rf"\b{word}", text)] == []


def test_no_agreement_is_known_to_the_code():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")]
    assert [name for name in OUTCOMES if any(name in source for source in sources)] == []


def test_a_package_of_seven_states_adds_up():
    terms, done = agreement("ankara-2024")
    received = {}
    for event in done.events:
        for side in event.to:
            received[side] = received.get(side, 0) + event.low
    assert received == {"russia": 10, "germany": 13, "us": 3}
    assert len({move[0] for move in terms.moves}) == 7


def test_keys_and_lumps_rebuild_every_number_of_the_first_stage():
    done = counted("israel-hamas-2025-01")
    assert done["h33"] == 33
    assert sum(done.values()) - done["h33"] == 1777
    assert done["key-women"] == 4 * 30
    assert done["lump-gaza"] == 1000
    assert [row["obligation"] for row in judged("israel-hamas-2025-01").left] == ["rearrested"]
    assert warned("israel-hamas-2025-01") == {
        "order-not-kept",
        "stopped",
        "other-person",
        "kept-back",
        "shortfall",
    }


def test_two_freed_outside_were_counted_a_day_later():
    assert counted("israel-hamas-2023-11") == {"first-fifty": 80, "three-each": 240, "aid": 0}
    codes = [problem.code for problem in judged("israel-hamas-2023-11").problems]
    assert "terms.counted-later" in codes
    assert "terms.outside-agreement" in codes


def test_a_refusal_that_counts_leaves_no_debt():
    assert judged("ukraine-ordlo-2017").left == ()
    assert counted("ukraine-ordlo-2017") == {"out": 306, "in-donetsk": 58, "in-luhansk": 16}
    assert warned("ukraine-ordlo-2017") == {"refused-by-person"}


def test_a_total_that_is_short_is_found_though_the_split_is_unknown():
    short = [p for p in judged("yemen-bern-2023").problems if p.code == "terms.shortfall"]
    assert [(p.value, p.expected) for p in short] == [("869", "at least 887 together")]


def test_thirty_days_that_became_months_are_late():
    late = [p for p in judged("bosnia-dayton-1995").problems if p.code == "terms.late"]
    assert {problem.expected for problem in late} == {"by 1996-01-19"}
    assert {problem.value for problem in late} == {"77 days"}


def test_daily_numbers_that_were_not_reached_are_named_by_side():
    short = [p.value for p in judged("iran-iraq-1988").problems if p.code == "terms.rate-short"]
    assert sorted(short) == ["iran: 41", "iraq: 19"]


def test_an_early_end_of_a_duty_after_release_is_seen_long_after_the_handover():
    assert "duty-not-kept" in warned("ru-ua-2022-09-21")


def test_two_accounts_that_both_meet_the_terms_are_a_note():
    terms, done = agreement("ru-ua-abu-dhabi-2026-02")
    judgement = check(terms, done=done)
    assert {p.level for p in judgement.problems if p.code == "terms.counts-differ"} == {"note"}
    assert {row["count"] for row in judgement.done} == {157}


def test_a_mix_that_nobody_published_cannot_be_decided():
    rows = {row["obligation"]: row["standing"] for row in judged("kafraya-fuaa-2018").done}
    assert rows == {"out": "met", "detainees": "unknown"}


def test_a_scale_gives_each_rank_its_value():
    terms, _ = agreement("dix-hill-1862")
    assert terms.value_of({"rank": "colonel"}) == 15
    assert terms.value_of({"rank": "private"}) == 1


NAMED = ("parties", "others", "categories", "milestones", "rules")


def shuffled(text, choice):
    """The same sections, clauses and events in another order."""

    def mixed(node, path=()):
        if isinstance(node, dict):
            keys = list(node)
            if not path or path in [
                (name,) for name in NAMED
            ]:  # a clause keeps the order of its own words
                choice.shuffle(keys)
            return {key: mixed(node[key], (*path, key)) for key in keys}
        if isinstance(node, list):
            listed = [mixed(one, (*path, "")) for one in node]
            if len(path) == 1 and path[0] not in ("sources", "notes"):
                choice.shuffle(listed)
            return listed
        return node

    return written(mixed(yaml.safe_load(text)))


def told(terms_text, done_text):
    terms, problems = read_terms(terms_text)
    assert terms is not None, problems
    done, more = read_done(done_text, terms)
    assert done is not None, more
    judgement = check(terms, done=done)
    seen = sorted((p.code, p.value, p.expected) for p in judgement.problems)
    return judgement.verdict, judgement.rule, judgement.done, judgement.left, seen


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_the_order_of_clauses_and_events_changes_nothing(name):
    choice = random.Random(name)
    pair = [
        (FOLDER / f"{name}{end}").read_text(encoding="utf-8") for end in (".yaml", ".done.yaml")
    ]
    plain = told(*(shuffled(text, random.Random(0)) for text in pair))
    assert told(*(shuffled(text, choice) for text in pair)) == plain
