"""Shapes of announcements about invented sides: who speaks, how far along, how many which way."""

from __future__ import annotations

from datetime import datetime

import pytest

from homeward.claims import read_claims

SIDES = {"a": ["Arvenia", "Арвенія", "Арвения"], "b": ["Belmark", "Белмарк"]}
AT = datetime.fromisoformat("2035-05-09T20:00:00+03:00")

# Sentence, speaker, status, subject, and every number with its way: a = to or of side a, ? = open.
ENGLISH = [
    (
        "Six sailors were freed, the coalition said.",
        "coalition",
        "completed",
        "exchange",
        ["6?"],
    ),
    (
        "Ilva Sorn, head of the mission in Corvale, said 30 prisoners were released by both sides.",
        "Ilva Sorn",
        "completed",
        "exchange",
        ["30total"],
    ),
    (
        "The envoy to the region, Tano Reld, said that 12 detainees would be flown home.",
        "Tano Reld",
        "planned",
        "exchange",
        ["12?"],
    ),
    (
        "The Observatory for Free People, a war monitor, said 14 captives were handed over.",
        "Observatory for Free People",
        "completed",
        "exchange",
        ["14?"],
    ),
    (
        "Initial reports said 40 prisoners would be freed.",
        "Initial reports",
        "planned",
        "exchange",
        ["40?"],
    ),
    (
        "According to the Daily Post, 17 hostages were released from captivity on Monday.",
        "the Daily Post",
        "completed",
        "exchange",
        ["17?"],
    ),
    (
        "Belmark will free five engineers, an adviser was quoted as saying.",
        "an adviser",
        "planned",
        "exchange",
        ["5a"],
    ),
    (
        "The first phase of the swap was completed on Monday.",
        "article",
        "completed",
        "exchange",
        [],
    ),
    (
        "Belmark freed 59 sailors, a day ahead of the talks.",
        "article",
        "completed",
        "exchange",
        ["59a"],
    ),
    ("Arvenia said it would not release the prisoners.", "Arvenia", "refused", "exchange", []),
    ("Arvenia is releasing 20 prisoners.", "article", "under_way", "exchange", ["20b"]),
    ("Some 400 captives remain in their prisons.", "article", "asserted", "held", ["400?"]),
    (
        "No Belmarker prisoners were released, the ministry said.",
        "ministry",
        "denied",
        "exchange",
        [],
    ),
    (
        "The ministry did not disclose how many were freed.",
        "ministry",
        "no_comment",
        "exchange",
        [],
    ),
    ("It was not immediately clear who was freed.", "article", "asserted", "background", []),
    ("After talks in Corvale, Arvenia freed 7 pilots.", "article", "completed", "exchange", ["7b"]),
    (
        "Arvenia said it is releasing 4,208 soldiers whom it said were captured in March.",
        "Arvenia",
        "under_way",
        "exchange",
        ["4208b"],
    ),
    ("About 780 Arvenian boats are in the custody of Belmark.", "article", "asserted", "held", []),
    (
        "The captives were freed in a swap that was mediated by Oman.",
        "article",
        "completed",
        "exchange",
        [],
    ),
    (
        "12 captives were handed over to Arvenia and 44 to Belmark.",
        "article",
        "completed",
        "exchange",
        ["12a", "44b"],
    ),
]
DECLINED = [
    ("uk", "З белмаркського полону повернулися 44 захисники.", "article", "completed", ["44a"]),
    (
        "uk",
        "Від початку війни вдалося повернути 7 тисяч наших людей.",
        "article",
        "completed",
        ["7000?"],
    ),
    (
        "uk",
        "Керівник комісії Арвенії Лука Сава у річницю створення штабу заявив, що обмін завершено.",
        "Лука Сава",
        "completed",
        [],
    ),
    ("ru", "Взамен Арвении передали 200 военнопленных.", "article", "completed", ["200a"]),
    (
        "ru",
        "Обе стороны вернули по 84 пленных, в общей сложности 168 человек.",
        "article",
        "completed",
        ["84each", "168total"],
    ),
    (
        "ru",
        "В ведомстве сообщили, что на днях может пройти новый обмен пленными.",
        "ведомстве",
        "planned",
        [],
    ),
]


def _way(count) -> str:
    names = {"each": "each", "in_total": "total", "unknown": "?"}
    to = count.to or {"a": "b", "b": "a"}.get(count.sender or "", "?")
    return f"{count.n}{names.get(count.counting, to)}"


def _read(text: str, lang: str):
    return read_claims(text, said_at=AT, lang=lang, context=SIDES)[0]


@pytest.mark.parametrize(("text", "speaker", "status", "subject", "numbers"), ENGLISH)
def test_a_shape_of_announcement_is_read(text, speaker, status, subject, numbers):
    claim = _read(text, "en")
    assert (str(claim.speaker), claim.status, claim.subject) == (speaker, status, subject)
    assert [_way(count) for count in claim.counts] == numbers


@pytest.mark.parametrize(("lang", "text", "speaker", "status", "numbers"), DECLINED)
def test_a_shape_is_read_where_nouns_are_declined(lang, text, speaker, status, numbers):
    claim = _read(text, lang)
    assert (str(claim.speaker), claim.status, claim.subject) == (speaker, status, "exchange")
    assert [_way(count) for count in claim.counts] == numbers


def test_people_and_bodies_of_one_sentence_are_counted_apart():
    text = "Belmark released 25 prisoners and handed over 70 bodies on Monday."
    found = read_claims(text, said_at=AT, context=SIDES)
    assert [(c.subject, [n.n for n in c.counts]) for c in found] == [
        ("exchange", [25]),
        ("remains", [70]),
    ]


def test_who_only_passes_words_on_is_told_as_via():
    text = "Minister Ivo Lamm said 12 prisoners were freed, the Daily Post reported."
    (claim,) = read_claims(text, said_at=AT, context=SIDES)
    assert (str(claim.speaker), claim.via) == ("Ivo Lamm", "the Daily Post")


def test_a_day_told_of_the_speaker_is_not_the_day_of_the_words():
    text = "Ilva Sorn, whose brother was freed in March, said the exchange has been completed."
    (claim,) = read_claims(text, said_at=AT, context=SIDES)
    assert str(claim.said_on) == "2035-05-09"


def test_an_aide_without_a_name_leaves_the_speaker_open():
    text = "An aide said that Arvenia freed 20 prisoners."
    (claim,) = read_claims(text, said_at=AT, context=SIDES)
    assert "speaker_open" in claim.doubts
