"""Checks in schema.org's words: our own sentence, the verdict, and nobody's name."""

import json
from dataclasses import replace
from datetime import date, datetime

import pytest

from homeward.claims import judge_statement, lists
from homeward.claims.model import Span
from homeward.claims.publishing import Publisher, claim_reviews, in_our_words
from homeward.words import known
from tests.claims.replay import KYIV, istanbul, istanbul_statements

SIDES = {"ukraine": "Ukraine", "russia": "Russia"}
AT = datetime(2025, 6, 1, tzinfo=KYIV)


def judged():
    world, statements = istanbul(), istanbul_statements()
    return [
        found
        for statement in statements
        for found in judge_statement(
            statement,
            world.terms,
            world.annexes,
            world.position_at,
            AT,
            statements=statements,
            zone=KYIV,
        )
    ]


def published(found, **how):
    publisher = Publisher("A checking desk", "https://desk.example/checks", SIDES, **how)
    return claim_reviews(found, publisher, date(2025, 6, 1))


def test_every_rated_claim_is_a_review_with_the_claim_inside():
    found = judged()
    page = published(found)
    assert page["@context"] == "https://schema.org"
    for each, item in zip(found, page["@graph"], strict=True):
        rated = each.as_known.verdict not in ("opinion", "position", "background")
        assert item["@type"] == ("ClaimReview" if rated else "Claim")
        claim = item["itemReviewed"] if rated else item
        assert claim["datePublished"] == str(each.claim.said_on)
        assert claim["text"] == in_our_words(each.claim, SIDES)
        if rated:
            assert set(item["reviewRating"]) == {"@type", "alternateName"}
            assert item["claimReviewed"] == claim["text"]
            assert item["author"]["name"] == "A checking desk"
    assert json.loads(json.dumps(page)) == page


def test_no_persons_name_and_no_text_of_a_source_goes_out():
    found = judged()
    text = json.dumps(published(found), ensure_ascii=False)
    for each in found:
        names = [str(each.claim.speaker), *each.claim.about.others]
        assert not [n for n in names if len(n.split()) > 1 and n in text]
        what = each.claim.about.what
        assert len(what.split()) < 3 or what not in text


def test_what_the_machine_read_goes_out_only_once_a_person_accepted_it():
    first, second = (replace(e, claim=replace(e.claim, span=Span(0, 9))) for e in judged()[:2])
    assert published([first, second])["@graph"] == []
    page = published([first, second], accepted=frozenset({second.claim.id}))
    assert len(page["@graph"]) == 1
    assert second.claim.id in json.dumps(page)


def test_a_verdict_that_changed_says_what_was_found_at_the_time():
    changed = [e for e in judged() if e.as_said.verdict == "premature" != e.as_known.verdict]
    for item in published(changed)["@graph"]:
        assert "When it was said: said before the record shows it." in item["reviewBody"]


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ar", "he"])
def test_every_word_of_a_check_is_there_in_every_language(language):
    keys = [f"claims.subject.{subject}" for subject in lists.SUBJECTS if subject != "other"]
    keys += [f"claims.role.{role}" for role in lists.ROLES]
    keys += [f"claims.number.{counting}" for counting in lists.COUNTINGS]
    keys += [f"claims.{kind}" for kind in ("desk.no_stage", "desk.stages", "desk.correction")]
    assert [key for key in keys if not known(key, language)] == []
    for each in judged():
        assert in_our_words(each.claim, SIDES, language)
        assert "{" not in each.as_known.why.say(language)
