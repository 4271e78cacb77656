"""What was guessed waits for a person, with the reason: the machine alone asserts nothing."""

from dataclasses import replace
from datetime import datetime

import pytest

from homeward.claims import Known, judge, lists, read_claims
from homeward.claims.model import Count
from homeward.claims.review import Decision, decided, review_queue
from homeward.words import known, say
from tests.claims.replay import KYIV, istanbul

SAID_AT = datetime.fromisoformat("2031-05-09T20:00:00+03:00")
SIDES = {"north": ["Northland"], "south": ["Southmark"]}


def read(text):
    return read_claims(text, said_at=SAID_AT, context=SIDES)


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("Northland and Southmark agreed to exchange 600 prisoners.", "side_open"),
        ("Northland confirmed an exchange of 30 zorbs.", "number_left"),
        ("“The prisoners have all been released at the river,” said.", "somebody_speaks"),
        ("Northland said that the prisoner exchange.", "status_guessed"),
        ("Northland said that it began on Friday.", "subject_guessed"),
        ("Northland said the release of its 20 people is a great day.", "opinion_and_news"),
    ],
)
def test_every_uncertain_reading_waits_with_its_reason(text, doubt):
    claims = read(text)
    reasons = {code for review in review_queue(claims) for code in review.reasons}
    assert doubt in reasons, claims
    assert {review.claim for review in review_queue(claims)} == {c for c in claims if not c.sure}


def test_a_sure_reading_has_no_doubt_and_does_not_wait():
    (claim,) = read("Northland's Defense Ministry said 20 of its soldiers were freed on Friday.")
    assert claim.sure, claim.doubts
    assert claim.doubts == ()
    assert review_queue([claim]) == ()


def test_what_blocks_a_count_comes_first_then_promises():
    text = (
        "Northland said that the prisoner exchange is a great day.\n"
        "They will exchange prisoners soon, said.\n"
        "Northland and Southmark agreed to exchange 600 prisoners."
    )
    queue = review_queue(read(text))
    assert queue[0].claim.counts[0].n == 600
    assert [review.weight for review in queue] == sorted((r.weight for r in queue), reverse=True)


def test_the_queue_is_data_with_a_sentence_for_each_reason():
    (review,) = review_queue(read("Northland and Southmark agreed to exchange 600 prisoners."))
    data = review.to_json("uk")
    assert data["claim"] == "c1"
    assert data["span"] == {"start": 0, "end": 57}
    assert data["reasons"] == [
        {"code": "side_open", "why": say("claims.doubt.side_open", "uk")},
    ]


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ar", "he"])
def test_every_doubt_has_a_sentence(language):
    assert [code for code in lists.DOUBTS if not known(f"claims.doubt.{code}", language)] == []


def test_a_person_decides_and_says_who_it_was():
    (claim,) = read("Northland and Southmark agreed to exchange 600 prisoners.")
    who = {"claim": claim.id, "by": "a reader", "at": SAID_AT}
    accepted = decided(claim, Decision(decision="accepted", **who))
    assert (accepted.sure, accepted.doubts, accepted.counts) == (True, (), claim.counts)
    corrected = decided(claim, Decision(decision="corrected", **who), status="planned")
    assert (corrected.status, corrected.sure) == ("planned", True)
    assert decided(claim, Decision(decision="rejected", **who)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision": "guessed"},
        {"decision": "accepted", "by": ""},
        {"decision": "accepted", "claim": "another"},
        {"decision": "corrected"},
    ],
)
def test_a_decision_without_its_parts_is_none(wrong):
    (claim,) = read("Northland and Southmark agreed to exchange 600 prisoners.")
    row = {"claim": claim.id, "by": "a reader", "at": SAID_AT, **wrong}
    with pytest.raises(ValueError, match=r"says|names"):
        decided(claim, Decision(**row))


@pytest.mark.parametrize("status", ["completed", "planned", "promised", "agreed", "confirmed"])
@pytest.mark.parametrize(
    ("count", "flag"),
    [
        (Count(600, counting="unknown"), "side_unknown"),
        (Count(600, to="elsewhere", counting="incoming"), "side_unknown"),
        (Count(5000, unit="persons_per_week", counting="in_total"), "unit_unknown"),
        (Count(5000, unit="other", counting="each"), "unit_unknown"),
    ],
)
def test_an_unknown_side_or_unit_blocks_every_verdict_on_the_count(status, count, flag):
    (claim,) = read("Northland confirmed the exchange.")
    known_one = Count(10, counting="each")
    claim = replace(claim, status=status, subject="exchange", counts=(known_one, count))
    world = istanbul()
    at = datetime(2030, 1, 1, tzinfo=KYIV)
    found = judge(claim, Known(world.terms, world.annexes, world.position_at, at, (), None, KYIV))
    assert (found.verdict, found.flags[0]) == ("not_checkable", flag)
