"""Turns of phrase of news agencies, told of invented cases."""

from datetime import datetime

import pytest

from homeward.claims import read_claims

SIDES = {"north": ["Northland"], "south": ["Southmark"]}
FRIDAY = datetime.fromisoformat("2031-05-09T20:00:00+03:00")


def first(text):
    return read_claims(text, said_at=FRIDAY, context=SIDES)[0]


def ways(claim):
    return [(c.n, c.sender, c.to, c.counting) for c in claim.counts]


@pytest.mark.parametrize(
    ("text", "speaker", "status"),
    [
        ('Quote from Mira Sol: "The exchange has begun."', "Mira Sol", "under_way"),
        ("Northland's Press Agency said the exchange took place.", "Press Agency", "completed"),
        ("Mira Sol, who heads the delegation, said the swap has begun.", "Mira Sol", "under_way"),
        ("A swap took place on Monday, according to figures of a paper.", "figures", "completed"),
        ("Northland and Southmark swapped captives under a deal announced in May.", "article", ""),
        ("The prisoner exchange agreed at the last talks was completed.", "article", "completed"),
        ("The released prisoners will be flown to Northland.", "article", "planned"),
        ("Northland freed 20 soldiers in a move that was hailed as a good step.", "article", ""),
    ],
)
def test_who_speaks_and_how_far_along_it_is(text, speaker, status):
    claim = first(text)
    assert speaker in str(claim.speaker)
    assert claim.status == (status or "completed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Northland released to Southmark 15 soldiers.", [(15, "north", "south", "outgoing")]),
        ("A total of 24 captives returned to Southmark.", [(24, "north", "south", "incoming")]),
        ("Each side handed over 24 captives.", [(24, None, None, "each")]),
        ("The release of 90 detainees on both sides is over.", [(90, None, None, "in_total")]),
        ("The sides agreed to exchange 600 prisoners.", [(600, None, None, "unknown")]),
        (
            "20 Northland soldiers were freed in exchange for 30 captives.",
            [(20, "south", "north", "incoming"), (30, "north", "south", "incoming")],
        ),
        ("One of the president's allies was released.", []),
    ],
)
def test_which_way_the_people_of_a_number_go(text, expected):
    assert ways(first(text)) == expected


def test_parts_of_one_sentence_are_one_claim():
    text = "Southmark brought back 2 soldiers, while 32 soldiers returned to Northland."
    (claim,) = read_claims(text, said_at=FRIDAY, context=SIDES)
    assert [(c.n, c.to) for c in claim.counts] == [(2, "south"), (32, "north")]


def test_those_among_the_freed_are_of_the_same_side():
    text = "On Friday 40 Northland soldiers came home. Among them were 27 marines."
    claims = read_claims(text, said_at=FRIDAY, context=SIDES)
    assert [(c.n, c.to) for claim in claims for c in claim.counts] == [(40, "north"), (27, "north")]


def test_he_announced_this_names_the_speaker_of_what_follows():
    text = 'Mira Sol announced this on Telegram, an agency reports. "20 people are home," she said.'
    claims = read_claims(text, said_at=FRIDAY, context=SIDES)
    assert str(claims[-1].speaker) == "Mira Sol"
