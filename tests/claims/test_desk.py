"""A side's text is checked before it goes out; both go out together; mistakes are put right."""

from datetime import datetime, timedelta

import pytest

from homeward.claims import Judged, Known, judge, read_claims
from homeward.claims.desk import Draft, check_draft, corrections, neutral_sentence, release
from homeward.terms import read_annexes, read_terms
from tests.claims.replay import World
from tests.claims.test_page import STAGES, TERMS

NAMES = {"north": ["Northland"], "south": ["Southmark"]}
TRUE = "On May 9 forty people came home to Northland, and forty went home to Southmark."
DAY_END = datetime.fromisoformat("2031-05-09T23:00:00+03:00")
BEFORE = datetime.fromisoformat("2031-05-08T12:00:00+03:00")
SIGNED = ((BEFORE - timedelta(days=4), "terms"), (BEFORE - timedelta(days=1), "stage 1"))


def known(at=DAY_END, agreed=SIGNED):
    terms, _ = read_terms(TERMS)
    annexes, _ = read_annexes(STAGES, terms)
    world = World(terms, annexes)
    return Known(terms, annexes, world.position_at, at, (), agreed)


def checked(text, side="north", **how):
    return check_draft(Draft(side, text), known(**how), names=NAMES)


def codes(found):
    return {problem.code for problem in found.problems}


def test_a_text_that_the_record_bears_out_may_go_out():
    found = checked(TRUE)
    assert found.may_go_out, found.problems
    assert {verdict.verdict for claim, verdict in found.claims if claim.counts} == {"consistent"}


def test_the_drafts_own_voice_is_its_sides_and_quoted_words_are_their_speakers():
    found = checked("40 of our people came home. Southmark confirmed the exchange.")
    assert [(str(c.speaker), c.party) for c, _ in found.claims] == [
        ("north", "north"),
        ("Southmark", "south"),
    ]


@pytest.mark.parametrize(
    ("text", "at", "code"),
    [
        (TRUE, BEFORE, "claims.draft-refused"),
        (TRUE.replace("forty people", "fifty people"), DAY_END, "claims.draft-refused"),
        ("The sides exchanged 80 prisoners each on May 9.", DAY_END, "claims.draft-refused"),
        ("The sides exchanged 40 prisoners on May 9.", DAY_END, "claims.draft-unclear"),
    ],
)
def test_what_the_record_does_not_bear_out_does_not_go_out(text, at, code):
    found = checked(text, at=at)
    assert code in codes(found)
    assert not found.may_go_out


@pytest.mark.parametrize(
    "text",
    [
        "On May 9 Northland will receive 40 prisoners.",
        "The prisoner exchange will take place on May 9.",
        "On Friday 40 of our prisoners will come home.",
    ],
)
def test_a_stage_is_under_embargo_until_both_have_signed_it(text):
    terms_only = SIGNED[:1]
    assert "claims.embargo" in codes(checked(text, at=BEFORE, agreed=terms_only))
    assert "claims.embargo" not in codes(checked(text, at=BEFORE))


def test_the_embargo_names_what_can_be_said_instead_and_no_word_of_the_draft():
    found = checked("On May 9 Ona Varga will come home with 39 prisoners.", at=BEFORE, agreed=())
    assert found.problems
    assert all("Varga" not in str(problem) for problem in found.problems)
    embargo = next(p for p in found.problems if p.code == "claims.embargo")
    assert embargo.hint == neutral_sentence(known(BEFORE, ()))


@pytest.mark.parametrize(
    ("agreed", "start"),
    [
        ((), "No agreement has been signed"),
        (SIGNED[:1], "No stage has been signed"),
        (SIGNED, "1 stage has been signed"),
    ],
)
def test_the_neutral_sentence_says_what_is_signed_and_passes_the_desk(agreed, start):
    sentence = neutral_sentence(known(BEFORE, agreed))
    assert sentence.startswith(start)
    assert checked(sentence, at=BEFORE, agreed=agreed).may_go_out


def test_both_texts_go_out_together_or_none():
    north, south = checked(TRUE), checked(TRUE, side="south")
    texts, problems = release([north, south], known())
    assert (set(texts), problems) == ({"north", "south"}, ())
    texts, problems = release([north], known())
    assert (texts, [(p.code, p.place) for p in problems]) == (
        {},
        [("claims.text-missing", "south")],
    )
    wrong = checked(TRUE.replace("forty people", "fifty people"), side="south")
    texts, problems = release([north, wrong], known())
    assert texts == {}
    assert {p.code for p in problems} == {"claims.draft-refused"}


def judged(text, side):
    said = read_claims(text, said_at=DAY_END, context=NAMES)
    return [Judged(c, judge(c, known()), judge(c, known())) for c in said if c.party == side]


def test_a_correction_says_what_the_record_shows_and_leaves_the_first_words_alone():
    found = judged("Northland said 50 of its prisoners came home on May 9.", "north")
    (notice,) = corrections(found, "north", DAY_END)
    assert notice.claim == found[0].claim.id
    assert notice.text.say("en").startswith("Correction of what was said on 2031-05-09.")
    assert "50" in notice.text.say("en")
    assert notice.text.say("uk").startswith("Виправлення")
    assert notice.to_json()["as_known"]["verdict"] == "contradicted"
    assert corrections(found, "south", DAY_END) == ()


def test_what_holds_needs_no_correction():
    assert not corrections(
        judged("Northland said 40 of its prisoners came home.", "north"), "north", DAY_END
    )
