"""What makes a reading doubtful, and numbers that news leaves half said."""

from __future__ import annotations

from datetime import datetime

import pytest

from homeward.claims import read_claims

AT = datetime.fromisoformat("2035-05-09T20:00:00+03:00")
SIDES = {"a": ["Arvenia"], "b": ["Belmark"]}
STATES = {
    "uk": {"a": ["Україна"], "b": ["Росія"]},
    "ru": {"a": ["Украина"], "b": ["Россия"]},
}

# A text, and the numbers it tells of people.
COUNTED = [
    ("en", "Arvenia and Belmark have conducted four prisoner swaps since May.", []),
    ("en", "The captives boarded two Arvenian air force helicopters.", []),
    ("en", "Of those freed, 10 are now heading to Arvenia and 13 are flying to Belmark.", [10, 13]),
    ("en", "The captives are among 20 expected to be freed on Monday.", [20]),
    ("en", "Tano Reld said Arvenia freed 90 captives but Belmark had taken only 27.", [90, 27]),
    ("en", "The exchange of captives, 400 from each side, took place in Corvale.", [400]),
    ("en", "The 19-for-17 exchange took place in Corvale.", [19, 17]),
    (
        "en",
        "Arvenia freed 92 captives today.\nOf these, 23 officers and 69 sergeants.",
        [92, 23, 69],
    ),
    ("uk", "За чотири роки штаб провів понад 70 обмінів полоненими.", []),
    ("uk", "Вдалося повернути тіла ще ста загиблих бійців.", [100]),
    ("uk", "Сьогодні звільнено 16-ьох полонених.", [16]),
    ("ru", "Стороны впервые за четыре месяца обменялись пленными.", []),
    ("ru", "Украина получила 150 пленных, Россия — 78.", [150, 78]),
]


def _read(text, lang="en"):
    return read_claims(text, said_at=AT, lang=lang, context=STATES.get(lang, SIDES))


@pytest.mark.parametrize(("lang", "text", "numbers"), COUNTED)
def test_numbers_count_people_and_not_exchanges_months_or_machines(lang, text, numbers):
    assert [count.n for claim in _read(text, lang) for count in claim.counts] == numbers


def test_a_dash_for_verb_and_noun_tells_who_got_the_others():
    (claim,) = _read("Украина получила 150 пленных, Россия — 78.", "ru")
    assert [(c.n, c.category, c.to) for c in claim.counts] == [
        (150, "prisoner", "a"),
        (78, "prisoner", "b"),
    ]


def test_as_many_against_another_number_leaves_open_whose_they_are():
    (claim,) = _read("The 19-for-17 exchange took place in Corvale.")
    assert {count.counting for count in claim.counts} == {"unknown"}
    assert "side_open" in claim.doubts


@pytest.mark.parametrize("who", ["Both sides have", "Arvenia and Belmark have both"])
def test_what_both_have_signed_for_is_agreed(who):
    (claim,) = _read(f"{who} signed for 1,000 people each.")
    assert (claim.subject, claim.status) == ("exchange", "agreed")
    assert [(count.n, count.counting) for count in claim.counts] == [(1000, "each")]


def test_those_kept_back_are_held():
    (claim,) = _read("12 of our people were kept back by Belmark.")
    assert (claim.subject, claim.status) == ("held", "asserted")
    assert [(count.n, count.sender) for count in claim.counts] == [(12, "b")]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Ilva Sorn said the exchange was completed but not everybody came home."),
        ("uk", "Обмін полоненими відбувся, але не всі повернулися додому."),
        ("ru", "Обмен пленными состоялся, но не все вернулись домой."),
    ],
)
def test_a_word_for_not_beside_news_is_doubtful(lang, text):
    assert "not_so" in _read(text, lang)[0].doubts


def test_of_several_things_in_a_sentence_those_without_a_number_are_doubtful():
    text = "Ilva Sorn said that Arvenia freed 9 captives from Belmark and that talks will go on."
    counted, without = _read(text)
    assert "told_beside" in without.doubts
    assert "told_beside" not in counted.doubts


def test_one_thing_told_by_two_is_not_several():
    claims = _read("Ministers Ilva Sorn and Tano Reld confirmed the exchange of captives.")
    assert all("told_beside" not in claim.doubts for claim in claims)


def test_a_status_far_back_in_a_clause_is_doubtful_without_a_number():
    far = "Minister Ilva Sorn said the exchange of all the sick captives from the northern "
    far += "valleys and hills of Arvenia was completed."
    assert "words_left" in _read(far)[0].doubts
    assert "words_left" not in _read(far.replace("all the", "90"))[0].doubts


def test_commas_between_people_who_were_counted_hold_nothing_more():
    text = "Arvenia freed 9 captives, tired but well, from Belmark, on Monday, in Corvale."
    (claim,) = _read(text)
    assert "words_left" not in claim.doubts
