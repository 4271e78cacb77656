"""Keys: one name in several scripts and schools of spelling is one key, another name is another."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.match.lists import load
from bench.match.slips import romanise, schools
from homeward.people.folding import loose
from homeward.people.keys import keys

NAMES = load()
MEN = NAMES.given[False][0][:150]
FATHERS = NAMES.father[False][0][:60]
# No spelling brings back what it drops: the softness of ьо, or зг, тх, сх and рз written like one
# other sound.
LOST = ("ьо", "зг", "тх", "сх", "рз")
SURNAMES = [
    (uk, ru) for uk, ru in NAMES.surnames[:4000] if not any(letters in uk for letters in LOST)
]
STANDARD = ("kmu", "uk-bgn", "icao", "ru-bgn", "gost", "iso9", "scholarly", "polish", "french")

surnames = st.sampled_from(
    [(uk, ru) for uk, ru in SURNAMES if uk.endswith(("енко", "чук", "ський", "ов", "ич", "юк"))]
)


def heard(name):
    """Everything a surname may be taken for."""
    return {loose(reading) for reading in name.surnames}


@pytest.mark.parametrize("school", STANDARD)
@given(surname=surnames, man=st.sampled_from(MEN), father=st.sampled_from(FATHERS))
@example(surname=("сироватченко", "сыроватченко"), man=MEN[0], father=FATHERS[0])
def test_a_name_and_its_standard_romanisation_have_a_key_in_common(school, surname, man, father):
    form = 0 if schools()[school][0] == "uk" else 1
    written = [romanise(part[form], school).title() for part in (surname, man, father)]
    cyrillic = keys(surname[form], man[form], father[form])
    latin = keys(*written)
    assert heard(cyrillic) & heard(latin)
    assert set(cyrillic.givens) & set(latin.givens)


def test_ukrainian_and_russian_forms_have_a_key_in_common_nearly_always():
    met = sum(bool(heard(keys(uk, "Ян")) & heard(keys(ru, "Ян"))) for uk, ru in SURNAMES)
    assert met / len(SURNAMES) > 0.99
    apart = [
        uk
        for uk, ru in MEN[:80]
        if not set(keys("Коваль", uk).givens) & set(keys("Коваль", ru).givens)
    ]
    assert apart == []


@given(surname=surnames, man=st.sampled_from(MEN[:40]), father=st.sampled_from(FATHERS))
def test_capitals_hyphens_and_apostrophes_change_no_key(surname, man, father):
    plain = keys(surname[0], man[0], father[0])
    assert keys(surname[0].upper(), man[0].upper(), father[0].upper()) == plain
    curly = [part.replace("'", "ʼ") for part in (surname[0], man[0], father[0])]
    assert keys(*curly) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Хмельницький", "Сергій"), ("Chmelnyzkyj", "Serhij")),
        (("Щербак", "Юрій"), ("Szczerbak", "Jurij")),
        (("Шевчук", "Євген"), ("Chevtchouk", "Evgueni")),
        (("Жук", "Олександр", "Іванович"), ("Zsuk", "Alekszandr", "Ivanovics")),
        (("Білий", "Микола"), ("Белый", "Николай")),
        (("Корольов", "Федір"), ("Королёв", "Фёдор")),
        (("Захарченко", "Михайло"), ("Zaharcenko", "Mihail")),
        (("Іваноў", "Аляксандр"), ("Иванов", "Александр")),
    ],
)
def test_writers_of_many_schools_are_understood(one, other):
    first, second = keys(*one), keys(*other)
    assert heard(first) & heard(second)


@pytest.mark.parametrize(
    ("patronymic", "father"),
    [
        ("Миколайович", "Николай"),
        ("Nikolaevich", "Микола"),
        ("Ілліч", "Илья"),
        ("Львівна", "Лев"),
        ("Wassyljowytsch", "Василь"),
        ("Pavlovna", "Павло"),
        ("Мамед оглы", "Мамед"),
    ],
)
def test_a_patronymic_leads_to_the_fathers_name(patronymic, father):
    assert keys("Коваль", "Ян", patronymic).fathers == keys("Коваль", "Ян", father).fathers


@pytest.mark.parametrize(
    ("short", "full"),
    [("Саша", "Олександр"), ("Vova", "Володимир"), ("Женя", "Євген"), ("Серёга", "Сергій")],
)
def test_a_short_form_may_be_the_full_name(short, full):
    assert set(keys("Коваль", short).givens) & set(keys("Коваль", full).givens)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alexander", "Олександр"),
        ("Nicholas", "Микола"),
        ("Пилип", "Филипп"),
        ("Гнат", "Игнатий"),
        ("Гордій", "Гордей"),
        ("Мохаммед", "Muhammad"),
    ],
)
def test_forms_of_one_name_in_other_languages_meet(one, other):
    assert keys("Коваль", one).givens[0] == keys("Коваль", other).givens[0]


@pytest.mark.parametrize(
    ("school", "written"),
    [
        ("german", ("Schtscherbatschow", "Wladimir", "Iwanowitsch")),
        ("polish", ("Szczerbaczow", "Włodzimierz", "Iwanowicz")),
        ("french", ("Chtcherbatchov", "Vladimir", "Ivanovitch")),
        ("scholarly", ("Ščerbačov", "Vladimir", "Ivanovič")),
        ("hungarian", ("Scserbacsov", "Vlagyimir", "Ivanovics")),
        ("dutch", ("Sjtsjerbatsjov", "Vladimir", "Ivanovitsj")),
        ("common", ("Shcherbachov", "Vladimir", "Ivanovich")),
    ],
)
def test_the_school_is_known_by_the_whole_record(school, written):
    found = keys(*written)
    assert found.school == school
    assert found.surnames[0] == keys("Щербачов").surnames[0]


def test_a_short_form_may_be_several_names():
    assert len(keys("Коваль", "Слава").givens) > 2


def test_names_in_the_wrong_columns_are_put_in_order():
    right = keys("Приходько", "Микола", "Петрович")
    assert keys("Микола", "Приходько", "Петрович").surnames == right.surnames
    assert keys("Коваль", "Петрович", "Андрій").fathers == right.fathers
    assert keys("Н.", "Мещенко").surnames == keys("Мещенко", "Н.").surnames
    assert keys("Коваль А. П.").father_initial


def test_a_fathers_name_in_the_box_of_the_surname_is_put_in_its_place():
    right = keys("Котляревський", "Андрій", "Миколайович")
    turned = keys("Nikolaevich", "Andrej", "Kotljarevskij")
    assert (turned.surnames[0], turned.fathers) == (right.surnames[0], right.fathers)
    # Surnames that end as patronymics do stay, and so does a father's plain name.
    assert keys("Данкевич", "Юрій", "Оглобля").surnames == keys("Данкевич", "Юрій").surnames
    assert keys("Іванович", "Юрій", "Петро").surnames == keys("Іванович", "Юрій").surnames


@pytest.mark.parametrize(
    ("boxes", "surname"),
    [
        (("Вітторович", "Святослав", "Бутко"), "Бутко"),
        (("Самсонович", "Иван", "Хромьяк"), "Хромьяк"),
        (("Вікторович", "Денис", "Дацкевич"), "Дацкевич"),
        (("Сергій", "Володимирович", "Гребеневич"), "Гребеневич"),
        (("Мицкевич", "Иван", "Петрович"), "Мицкевич"),
        (("Данкевич", "Іван", ""), "Данкевич"),
    ],
)
def test_of_two_names_that_look_like_a_fathers_the_family_is_told_by_the_tables(boxes, surname):
    assert keys(*boxes).surnames[0] == keys(surname, "Ян").surnames[0]


def test_given_father_and_surname_in_this_order_are_understood_in_any_school():
    right = keys("Гаврашенко", "Олександр", "Олександрович")
    turned = keys("Alekszandr", "Alekszandrovics", "Gavrasenko")
    assert (turned.surnames, turned.fathers) == (right.surnames, right.fathers)


@pytest.mark.parametrize(
    "name",
    [
        ("ряд. Коваль", "Іван", "Ілліч"),
        ("ст. солдат Коваль", "Іван", "Ілліч"),
        ("Sgt. Koval", "Ivan", "Ilich"),
        ("матрос Коваль Іван Ілліч",),
        ("Lt KOVAL IVAN ILICH",),
    ],
)
def test_a_rank_before_a_name_is_no_part_of_it(name):
    found, right = keys(*name), keys("Коваль", "Іван", "Ілліч")
    assert (found.surnames[0], found.givens) == (right.surnames[0], right.givens)
    assert found.fathers == right.fathers


def test_a_rank_that_is_a_surname_stays_one():
    assert keys("Матрос Іван Петрович").surnames == keys("Матрос", "Іван").surnames
    assert keys("Майор", "Іван").surnames == keys("Майор").surnames


def test_a_gap_in_a_surname_may_be_the_scanners():
    assert set(keys("Кова ленко", "Юрій").surnames) & set(keys("Коваленко", "Юрій").surnames)


def test_the_arabic_article_makes_no_family():
    assert keys("Al-Masri", "Yusuf").surnames == keys("Масри", "Юсуф").surnames
    assert keys("Ель Масрі", "Юсуф").surnames[0] == keys("El-Masri", "Yusuf").surnames[0]


def test_a_surname_said_twice_is_said_once():
    assert keys("Коваль (Коваль)", "Юрій").surnames[0] == keys("Коваль", "Юрій").surnames[0]


def test_a_surname_that_is_also_a_given_name_stays_where_it_is():
    assert keys("Роман", "Богдан").surnames == keys("Roman", "Bohdan").surnames


def test_a_womans_surname_is_the_familys():
    assert keys("Ткачова", "Олена").surnames == keys("Ткачов", "Олег").surnames
    assert keys("Хмельницкая", "Анна").surnames == keys("Хмельницький", "Іван").surnames


def test_a_double_surname_is_known_by_either_part_in_any_order():
    double = keys("Коваль-Петренко", "Ян")
    assert keys("Петренко-Коваль", "Ян").surnames == double.surnames
    assert set(keys("Петренко", "Ян").surnames) <= set(double.surname_parts)


def test_initials_of_either_language_may_be_the_same_name():
    assert set(keys("Коваль", "М.").initials) & set(keys("Коваль", "Микола").initials)
    assert set(keys("Коваль", "Н.").initials) & set(keys("Коваль", "Микола").initials)
    assert not set(keys("Коваль", "П.").initials) & set(keys("Коваль", "Микола").initials)


@pytest.mark.parametrize(
    ("script", "name", "latin"),
    [
        ("arab", "محمد", "Mohammed"),
        ("arab", "عبد الله", "Abdallah"),
        ("arab", "يوسف", "Youssef"),
        ("arab", "الحسيني", "al-Husseini"),
        ("hebr", "משה", "Moshe"),
        ("hebr", "כהן", "Cohen"),
        ("hebr", "חיים", "Chaim"),
        ("hebr", "יצחק", "Yitzhak"),
        ("hebr", "פיצו", "Fico"),
        ("hebr", "לובונץ", "Lobonț"),
        ("hebr", "בורקהאוזן", "Borkhausen"),
        ("arab", "نيمتسوفا", "Němcová"),
    ],
)
def test_skeletons_meet_across_scripts_without_vowels(script, name, latin):
    first = keys(name, name, scripts=(script,))
    second = keys(latin, latin, scripts=(script,))
    assert set(first.surname_skeletons) & set(second.surname_skeletons)


def test_skeletons_of_other_names_do_not_meet():
    first = keys("محمد", "علي", scripts=("arab",))
    second = keys("Mahmud", "Omar", scripts=("arab",))
    assert not set(first.given_skeletons) & set(second.given_skeletons)


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_text_has_keys(surname, given_name, patronymic):
    assert keys(surname, given_name, patronymic, scripts=("arab", "hebr")) is not None
