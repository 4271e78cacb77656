"""Names from elsewhere: other alphabets, the spellings of neighbours, scanners and typists."""

import pytest

from homeward.people.folding import loose
from homeward.people.keys import keys
from homeward.people.parts import split_name


def heard(name):
    return {loose(reading) for reading in name.surnames}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Georgian and Armenian, against Russian forms and usual romanisations.
        (("მელაძე", "გიორგი"), ("Меладзе", "Гиорги")),
        (("კაპანაძე", "დავით"), ("Kapanadze", "Davit")),
        (("ჩხეიძე", "ლევან"), ("Чхеидзе", "Леван")),
        (("Հովհաննիսյան", "Արմեն"), ("Hovhannisyan", "Armen")),
        (("Սարգսյան", "Վահան"), ("Sargsyan", "Vahan")),
        (("Գրիգորյան", "Կարեն"), ("Григорян", "Карен")),
        # Azerbaijani, Turkish, Turkmen and Uzbek Latin.
        (("Əliyev", "Rəşad"), ("Алиев", "Рашад")),
        (("Hacıyev", "Cavid"), ("Гаджиев", "Джавид")),
        (("Quliyev", "Elçin"), ("Гулиев", "Эльчин")),
        (("Çelik", "Oğuz"), ("Челик", "Огуз")),
        (("Şahin", "Yaşar"), ("Шахин", "Яшар")),
        (("Xodjayev", "Jasur"), ("Ходжаев", "Джасур")),
        # Latvian and Lithuanian, which give every man an ending.
        (("Ivanovs", "Sergejs"), ("Иванов", "Сергей")),
        (("Kovaļčuks", "Andrejs"), ("Ковальчук", "Андрей")),
        (("Petrovas", "Vladimiras"), ("Петров", "Владимир")),
        (("Savickis", "Jurijs"), ("Савицкий", "Юрий")),
        # Romanian and Moldovan.
        (("Ceban", "Gheorghe"), ("Чебан", "Георге")),
        (("Munteanu", "Ștefan"), ("Мунтяну", "Штефан")),
        # Scanned digits for letters.
        (("К0валь", "Юр1й"), ("Коваль", "Юрій")),
        (("Tkach3nko", "0leg"), ("Tkachenko", "Oleg")),
    ],
)
def test_a_name_and_how_its_neighbours_write_it_have_a_key_in_common(one, other):
    first, second = keys(*one), keys(*other)
    assert heard(first) & heard(second)
    assert set(map(loose, first.givens)) & set(map(loose, second.givens))


@pytest.mark.parametrize(
    ("short", "full"),
    [("Bob", "Robert"), ("Bill", "William"), ("Ted", "Theodore"), ("Jim", "James")],
)
def test_an_english_short_form_may_be_the_full_name(short, full):
    assert set(keys("Koval", short).givens) & set(keys("Koval", full).givens)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("AndriyKovalenko", ("Andriy", "Kovalenko", "")),
        ("КовальЯрослав", ("Коваль", "Ярослав", "")),
        ("McDonald", ("McDonald", "", "")),
        ("KOVAL", ("KOVAL", "", "")),
    ],
)
def test_words_written_together_are_told_apart_by_their_capitals(written, parts):
    assert split_name(written) == parts


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Sheikh Yusuf Hasan al-Khatib", "Yusuf Hasan al-Khatib"),
        ("Rev. Ivan Koval Petrenko", "Ivan Koval Petrenko"),
        ("الشيخ يوسف حسن الخطيب", "يوسف حسن الخطيب"),
    ],
)
def test_titles_of_other_countries_are_no_part_of_a_name(written, plain):
    assert split_name(written) == split_name(plain)
