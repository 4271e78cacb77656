"""Ukrainian and Russian news about invented exchanges: who speaks, how many, how far along."""

from __future__ import annotations

from datetime import datetime

import pytest

from homeward.claims import read_claims

SIDES = {
    "uk": {"n": ["Нордія"], "s": ["Суданія"]},
    "ru": {"n": ["Нордия"], "s": ["Судания"]},
}
AT = datetime.fromisoformat("2035-05-09T20:00:00+03:00")

# Language, text, and who speaks in it last.
SPEAKERS = [
    ("uk", "З полону звільнили 98 осіб, повідомив Вербицький.", "Вербицький"),
    ("ru", "Домой вернулись 98 человек, сообщает ВЕСТА.", "ВЕСТА"),
    ("uk", "Факт повернення підтвердили в адміністрації президента Нордії.", "адміністрації"),
    ("ru", "О том, что обмен завершился, сообщили в офисе президента Нордии.", "офисе"),
    (
        "uk",
        (
            "Додому повернулися 73 особи, повідомила представниця робочої групи з гуманітарних "
            "питань і перемовин щодо зниклих Леся Горова."
        ),
        "Леся Горова",
    ),
    (
        "ru",
        (
            "Третий этап обмена не начался, заявил помощник президента Нордии и глава делегации "
            "Марк Дубов в своем блоге."
        ),
        "Марк Дубов",
    ),
    (
        "ru",
        (
            "Накануне секретарь Совета Нордии Марк Сивый, который возглавлял делегацию, сообщил, "
            "что обмен завершен."
        ),
        "Марк Сивый",
    ),
    ("uk", "Координаційний штаб вказав, що з полону звільнено 7 цивільних.", "штаб"),
    ("ru", "Минобороны Нордии информировало, что из плена возвращены 7 человек.", "Минобороны"),
]

# Language, text, status, subject and numbers.
TOLD = [
    ("uk", "Вдалося повернути тіла ще ста полеглих оборонців.", "completed", "remains", [100]),
    ("ru", "Удалось вернуть более сорока военнопленных.", "completed", "exchange", [40]),
    ("uk", "Штаб провів понад 70 обмінів полоненими.", "completed", "exchange", []),
    ("ru", "Первый за два года обмен пленными состоялся.", "completed", "exchange", []),
    ("ru", "Впервые за четыре месяца обмен пленными состоялся.", "completed", "exchange", []),
    ("uk", "Нордія має передати Суданії 306 осіб.", "planned", "exchange", [306]),
    ("ru", "Нордия должна передать Судании 306 человек.", "planned", "exchange", [306]),
    ("ru", "Судания предложила Нордии обменять 120 пленных.", "proposed", "exchange", [120]),
    ("uk", "Суданія запропонувала обміняти 120 полонених.", "proposed", "exchange", [120]),
    ("ru", "Третий этап обмена пленными не начался.", "postponed", "exchange", []),
    ("uk", "Другий етап обміну не розпочався.", "postponed", "exchange", []),
    ("ru", "Стороны могут продолжить обмены пленными.", "planned", "exchange", []),
    ("ru", "Стороны провели обмен телами погибших.", "completed", "remains", []),
    ("uk", "Вдома 76 наших.", "completed", "exchange", [76]),
    (
        "ru",
        "Из плена возвращены 84 военных, взамен переданы 83 военнопленных.",
        "completed",
        "exchange",
        [84, 83],
    ),
]


def read(language, text):
    return read_claims(text, said_at=AT, lang=language, context=SIDES[language])


@pytest.mark.parametrize(("language", "text", "speaker"), SPEAKERS)
def test_a_name_or_an_office_beside_the_verb_speaks(language, text, speaker):
    assert speaker in str(read(language, text)[-1].speaker)


@pytest.mark.parametrize(("language", "text", "status", "subject", "numbers"), TOLD)
def test_what_is_told_in_declined_words_is_read(language, text, status, subject, numbers):
    claim = read(language, text)[0]
    assert (claim.status, claim.subject) == (status, subject)
    assert [count.n for count in claim.counts] == numbers


def test_one_who_has_nothing_to_say_does_not_comment():
    text = "Речник Нордії Остап Сивий заявив, що йому нічого сказати щодо обміну полоненими."
    assert read("uk", text)[0].status == "no_comment"


def test_two_things_agreed_on_are_two_claims():
    text = "Стороны договорились обменяться пленными, а также передать друг другу тела погибших."
    claims = read("ru", text)
    assert [(c.subject, c.status) for c in claims] == [
        ("exchange", "agreed"),
        ("remains", "agreed"),
    ]


def test_a_state_that_hopes_is_told_of_by_whoever_says_so():
    text = "Arvenia's President Ilva Sorn said that Belmark hopes to resume the exchanges."
    claims = read_claims(text, said_at=AT, lang="en", context={"a": ["Arvenia"], "b": ["Belmark"]})
    assert {str(claim.speaker) for claim in claims} == {"Ilva Sorn"}


def test_an_exchange_that_does_not_take_place_is_suspended():
    claims = read_claims(
        "The exchange of prisoners is currently not taking place.",
        said_at=AT,
        lang="en",
        context={"a": ["Arvenia"], "b": ["Belmark"]},
    )
    assert claims[0].status == "suspended"
