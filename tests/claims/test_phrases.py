"""Ways of saying in news about invented exchanges: who speaks, how many, what is sure."""

from __future__ import annotations

from datetime import datetime

import pytest

from homeward.claims import read_claims

SIDES = {"a": ["Arvenia"], "b": ["Belmark", "Belmark Liberation Front"]}
AT = datetime.fromisoformat("2035-05-09T20:00:00+03:00")

# A sentence, and who speaks in it.
SPEAKERS = [
    (
        "A spokesman for the aid service in the capital, Corvale, said 9 captives were freed.",
        "A spokesman for the aid service in the capital",
    ),
    (
        "Officials from the governor's administration said that 9 captives were freed.",
        "Officials from the governor's administration",
    ),
    (
        "Arvenia's chief negotiator, Ilva Sorn, said on social media that 9 captives were freed.",
        "Ilva Sorn",
    ),
    (
        "Tano Reld, head of the aid mission in Corvale, told the Post that 9 captives were freed.",
        "Tano Reld",
    ),
    ("Tano Reld, head of the aid mission in Corvale said that 9 captives were freed.", "Tano Reld"),
    (
        "Nine captives were freed, said an army officer familiar with the talks.",
        "an army officer familiar with the talks",
    ),
    ("Nine captives were freed, said Mira Venn, a lawyer for their families.", "Mira Venn"),
    ("A post that circulated among reporters said that 9 captives were freed.", "A post"),
    (
        "The envoy for captives, missing persons and hostages, Dorn Avel, said 9 were freed.",
        "Dorn Avel",
    ),
    (
        "The Daily Post quoted a deputy minister as saying 9 captives were freed.",
        "a deputy minister",
    ),
    ("Nine captives were freed, the embassy said, according to the Daily Post.", "embassy"),
    ("The release of nine captives was confirmed in a statement by the embassy.", "embassy"),
    ("State media said on Friday that nine captives were freed.", "State media"),
    ("Nine captives were freed, his family said in a statement.", "his family"),
    (
        "A source with knowledge of the deal said nine captives were freed.",
        "A source with knowledge of the deal",
    ),
]

# A sentence, its status, and every number with its way: a = to or of side a, ? = open.
NUMBERS = [
    ("Two dozen captives were freed.", "completed", ["24?"]),
    ("More than a hundred captives were freed.", "completed", ["100?"]),
    ("Several hundred captives were freed.", "completed", []),
    ("Between 50 and 60 captives were freed.", "completed", ["50?", "60?"]),
    ("Arvenia freed 30 captives, 12 of them were wounded.", "completed", ["30b", "12b"]),
    ("Captives were exchanged in a war that killed 13,000 people.", "completed", []),
    ("Under the 5+5 military commission captives were exchanged.", "completed", []),
    (
        "Arvenia returned one soldier in exchange for five Arvenia soldiers.",
        "completed",
        ["1b", "5a"],
    ),
    (
        "Belmark freed seven engineers in exchange for the release of two pilots.",
        "completed",
        ["7a", "2b"],
    ),
    ("Arvenia said that 20 men held in Belmark were freed.", "completed", ["20a"]),
    ("Ten hostages kidnapped by the armed group Belmark were freed.", "completed", ["10a"]),
    ("The Belmark Liberation Front freed 4 sailors.", "completed", ["4a"]),
    ("The release brings to 18 the number of captives freed so far.", "completed", ["18total"]),
    ("The captives, including two majors, were freed on Monday.", "completed", ["2?"]),
    ("Arvenia freed 16 “civil detainees” on Monday.", "completed", ["16b"]),
]

# A sentence, and what it tells of: its status and subject.
TOLD = [
    (
        "The captives were flown to Corvale on Sunday, where they were to meet a minister.",
        "completed",
        "exchange",
    ),
    ("The captives were airlifted from the camp on Sunday.", "completed", "exchange"),
    ("Arvenia and Belmark signed an agreement that covers an exchange.", "agreed", "exchange"),
    (
        "The ministry did not immediately respond to a request for comment.",
        "no_comment",
        "exchange",
    ),
    ("There was no immediate reaction from Belmark.", "no_comment", "exchange"),
    ("Ilva Sorn confirmed that no exchange had taken place.", "denied", "exchange"),
    (
        "Ilva Sorn announced their release as she spoke of a vote that will be held.",
        "announced",
        "exchange",
    ),
    ("There are still about 350 prisoners in their jails.", "asserted", "held"),
    ("Some 614 captives remain in detention.", "asserted", "held"),
    ("The remains were handed over on Monday.", "completed", "remains"),
    ("Arvenia released a video on Monday.", "asserted", "background"),
    ("Belmark and Arvenia spoke of exchanges of rocket fire.", "asserted", "background"),
]


def _way(count) -> str:
    names = {"each": "each", "in_total": "total", "unknown": "?"}
    to = count.to or {"a": "b", "b": "a"}.get(count.sender or "", "?")
    return f"{count.n}{names.get(count.counting, to)}"


def _read(text: str):
    return read_claims(text, said_at=AT, context=SIDES)


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS)
def test_a_whole_phrase_is_read_as_who_speaks(text, speaker):
    assert str(_read(text)[0].speaker) == speaker


@pytest.mark.parametrize(("text", "status", "numbers"), NUMBERS)
def test_a_number_is_read_with_its_way_or_left_alone(text, status, numbers):
    claim = _read(text)[0]
    assert claim.status == status
    assert [_way(count) for count in claim.counts] == numbers


@pytest.mark.parametrize(("text", "status", "subject"), TOLD)
def test_what_a_sentence_tells_is_read(text, status, subject):
    claim = _read(text)[0]
    assert (claim.status, claim.subject) == (status, subject)


def test_a_reason_that_is_cited_is_nobody():
    claim = _read("Arvenia delayed the exchange, citing breaches of the truce.")[0]
    assert str(claim.speaker) == "article"


def test_a_quotation_is_of_whoever_its_end_names():
    text = '"The captives were freed today. They are all well," Mira Venn, a nurse, said.'
    assert {str(claim.speaker) for claim in _read(text)} == {"Mira Venn"}


def test_who_spoke_goes_on_adding():
    text = (
        "Minister Ilva Sorn said 9 captives were freed, adding that more will be freed on Friday."
    )
    assert [(str(c.speaker), c.status) for c in _read(text)] == [
        ("Ilva Sorn", "completed"),
        ("Ilva Sorn", "planned"),
    ]


def test_bodies_of_two_peoples_are_all_counted_dead():
    text = "The bodies of nine Armenians and 35 Georgians were handed over on Monday."
    (claim,) = read_claims(text, said_at=AT)
    assert [(count.n, count.state) for count in claim.counts] == [(9, "remains"), (35, "remains")]


def test_a_day_of_capture_is_not_the_day_of_the_release():
    claim = _read("Arvenia freed two men who were captured in March 2031 near Corvale.")[0]
    assert str(claim.event_date) == "2035-05-09"


def test_a_day_named_twice_is_the_date_itself():
    claim = _read("The captives were freed today, 8 May 2035.")[0]
    assert str(claim.event_date) == "2035-05-08"


def test_a_state_behind_somebody_does_not_speak():
    claim = _read("Georgia-backed militants said that 9 captives were freed.")[0]
    assert (str(claim.speaker), claim.party) == ("Georgia-backed militants", None)


def test_a_long_clause_holds_more_than_was_read():
    text = (
        "Minister Ilva Sorn said Arvenia freed its captives after a winter in which the "
        "river froze and the bridges fell and the mills stood still until a thaw came at last."
    )
    claim = _read(text)[0]
    assert not claim.sure
    assert "words_left" in claim.doubts


def test_a_short_plain_clause_is_sure():
    claim = _read("Minister Ilva Sorn said that Arvenia freed 20 captives from Belmark.")[0]
    assert claim.sure, claim.doubts


def test_as_many_for_as_many_is_a_formula_in_words_too():
    (claim,) = read_claims(
        "Обмен пленными состоялся по формуле двести на двести.",
        said_at=AT,
        lang="ru",
    )
    assert [(count.n, count.counting) for count in claim.counts] == [(200, "each")]


def test_what_the_report_says_was_agreed_on_is_not_always_the_exchange():
    claim = _read("Arvenia and Belmark agreed to halt exchanges of rocket fire.")[0]
    assert claim.subject == "background"
