"""Who is the same person: what is decided, what is left to people, and what never changes it."""

import csv
import io
import random
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.match.lists import CAREFUL, CARELESS, COLUMNS, invent, load, make, write
from bench.match.otherwise import Clerk
from homeward.dates import PartialDate
from homeward.people import Line, engines, propose, read_gold, read_list, score
from homeward.people.blocking import candidates
from homeward.people.columns import prepare
from homeward.problem import Refused

DATA = Path(__file__).parent / "data"
NAMES = load()


def line(identity, surname, given_name="", patronymic="", born="", **rest):
    when = PartialDate.parse(born) if born else None
    return Line(identity, surname, given_name, patronymic, when, **rest)


def crowd(count, seed, side):
    """Lines about invented people, none of whom any test asks about."""
    dice = random.Random(seed)
    found = []
    for at, person in enumerate(invent(NAMES, count, dice)):
        row = write(person, CARELESS, dice)
        when = row.pop("birth_date")
        born = PartialDate.parse(when) if when else None
        found.append(Line(id=f"{side}-crowd-{at}", birth_date=born, **row))
    return found


CROWD = crowd(60, 1, "a"), crowd(60, 2, "b")


def answers(sought, held, **options):
    """What is decided about the lines in question, standing in a crowd."""
    found = propose([*sought, *CROWD[0]], [*held, *CROWD[1]], **options)
    every = (*found.same, *found.review, *found.different)
    asked = {one.id for one in sought}
    return {(p.sought_id, p.held_id): p for p in every if p.sought_id in asked}


def answer(one, other):
    """The answer for one pair; ``None`` when it is not even listed."""
    return answers([one], [other]).get((one.id, other.id))


@cache
def lists():
    read = [read_list(n, (DATA / n).read_bytes()).lines for n in ("sought.csv", "held.csv")]
    return read[0], read[1], set(read_gold((DATA / "gold.csv").read_text()))


def shuffled(lines, seed):
    return random.Random(seed).sample(lines, len(lines))


def test_development_lists_are_matched_as_well_as_measured():
    sought, held, gold = lists()
    found = propose(sought, held)
    decided = score(found.same, gold)
    proposed = score((*found.same, *found.review), gold)
    assert decided.precision == 1.0
    assert decided.recall > 0.95
    assert proposed.f1 > 0.995
    assert len({pair.sought_id for pair in found.review}) <= 0.05 * len(sought)


def test_lists_spoilt_in_a_way_no_weight_was_counted_on_are_decided_rightly():
    sought, held, gold = make(1000, 1, CAREFUL, Clerk(), NAMES)
    files = [as_csv(rows) for rows in (sought, held)]
    found = propose(*(read_list("list.csv", file).lines for file in files))
    assert score(found.same, gold).precision == 1.0
    assert score(found.same, gold).recall > 0.8
    assert score((*found.same, *found.review), gold).recall > 0.93


def as_csv(rows):
    out = io.StringIO()
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue().encode()


def test_probabilities_are_honest():
    sought, held, gold = lists()
    found = propose(sought, held)
    every = (*found.same, *found.review)
    right = sum((pair.sought_id, pair.held_id) in gold for pair in every)
    assert sum(pair.probability for pair in every) == pytest.approx(right, rel=0.01)


def test_one_person_in_two_scripts_is_decided():
    pair = answer(
        line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09"),
        line("h", "Tkatschenko", "Nikolaj", "Andrejewitsch", "1987-03-09"),
    )
    assert pair.decision == "same"
    assert [reason.split(":")[0] for reason in pair.reasons][:4] == [
        "surname",
        "given_name",
        "patronymic",
        "birth_date",
    ]


def test_reasons_hold_no_name():
    pair = answer(
        line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09"),
        line("h", "Ткаченко", "Николай", "", "1987-03-09"),
    )
    assert all(reason.isascii() for reason in pair.reasons)
    assert "patronymic:omitted" in pair.reasons


def test_namesakes_are_left_to_people():
    one = line("s", "Ткаченко", "Микола", "Андрійович", "1987")
    two = line("h1", "Ткаченко", "Николай", "Андреевич", "1987-03-09")
    three = line("h2", "Ткаченко", "Николай", "Андреевич", "1987-11-20")
    found = answers([one], [two, three])
    assert {pair.decision for pair in found.values()} == {"review"}
    assert all(pair.probability < 0.6 for pair in found.values())


def test_twins_are_not_taken_for_one_another():
    one = line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09", unit="А1234")
    twin = line("h", "Ткаченко", "Павел", "Андреевич", "1987-03-09", unit="А1234")
    assert answer(one, twin).decision != "same"
    both = answers([one], [twin, line("h2", "Ткаченко", "Николай", "Андреевич", "1987-03-09")])
    assert both["s", "h2"].decision == "same"
    assert both.get(("s", "h")) is None or both["s", "h"].decision == "different"


def test_twins_known_by_an_initial_are_left_to_people():
    one = line("s", "Ткаченко", "П.", "Андрійович", "1987-03-09")
    two = line("h1", "Ткаченко", "Павел", "Андреевич", "1987-03-09")
    three = line("h2", "Ткаченко", "Петр", "Андреевич", "1987-03-09")
    assert {pair.decision for pair in answers([one], [two, three]).values()} == {"review"}


def test_a_brother_is_another_person():
    one = line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09")
    brother = line("h", "Ткаченко", "Павел", "Андреевич", "1989-05-01")
    pair = answer(one, brother)
    assert pair is None or pair.decision == "different"


def test_surname_and_given_name_alone_never_decide():
    one = line("s", "Перебийніс", "Микола")
    assert answer(one, line("h", "Перебийнос", "Николай")).decision == "review"
    pair = answer(replace(one, birth_date=PartialDate(1987)), line("h", "Перебейнос", "Николай"))
    assert pair.decision == "review"


def test_a_year_alone_does_not_decide_beside_a_name():
    one = line("s", "Перебийніс", "Микола", "", "1987")
    pair = answer(one, line("h", "Перебийнос", "Николай", "", "1987-03-09"))
    assert pair.decision == "review"
    assert pair.reasons[-1] == "held-back:no-third-fact" or pair.probability < 0.99


def test_what_is_omitted_is_not_what_is_contradicted():
    one = line("s", "Перебийніс", "Микола", "Андрійович", "1987-03-09")
    omitted = answer(one, line("h", "Перебийнос", "Николай", "", "1987-03-09"))
    contradicted = answer(one, line("h", "Перебийнос", "Николай", "Ильич", "1987-03-09"))
    assert omitted.decision == "same"
    assert contradicted.probability < omitted.probability
    assert contradicted.decision == "review"
    other_date = answer(one, line("h", "Перебийнос", "Николай", "Андреевич", "1995-11-20"))
    assert other_date.decision == "review"
    assert any(reason.startswith("birth_date:differs-") for reason in other_date.reasons)


def test_a_year_reckoned_from_an_age_may_be_one_off_and_is_left_to_people():
    one = line("s", "Перебийніс", "Микола", "Андрійович", "1987-03-09")
    reckoned = answer(one, line("h", "Перебийнос", "Николай", "Андреевич", "1988"))
    said = answer(one, line("h", "Перебийнос", "Николай", "Андреевич", "1988-03-10"))
    assert reckoned.decision == said.decision == "review"
    assert reckoned.probability > said.probability


def test_two_letters_spoilt_in_a_short_surname_do_not_outweigh_all_the_rest():
    one = line("s", "Юхнюк", "Степан", "Володимирович", "1991-11-14")
    pair = answer(one, line("h", "Юхмют", "Степан", "Володимирович", "1991-11-14"))
    assert pair.probability > 0.99


def test_one_word_in_common_speaks_for_the_surname_or_for_the_given_name_not_for_both():
    one = line("s", "Богдан", "Роман", "Андрійович", "1987-03-09")
    pair = answer(one, line("h", "Роман", "Олег", "Андрійович", "1987-03-09"))
    assert any(reason.startswith("given_name:differs-") for reason in pair.reasons)
    assert pair.decision != "same"


def test_the_letter_before_a_units_number_may_be_left_out():
    one = line("s", "Перебийніс", "Микола", "", "1987", unit="в/ч А1234")
    pair = answer(one, line("h", "Перебийнос", "Николай", "", "1987", unit="в/ч 1234"))
    assert any(reason.startswith("unit:same") for reason in pair.reasons)


@pytest.mark.parametrize(
    ("rank", "seen"),
    [("ст. солдат", "same+1.7"), ("Рядовой", "near-0.9"), ("капитан", "differs-3.4")],
)
def test_a_rank_is_compared_by_its_height_whatever_the_language(rank, seen):
    one = line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09", rank="LCpl")
    other = line("h", "Ткаченко", "Николай", "Андреевич", "1987-03-09", rank=rank)
    assert f"rank:{seen}" in answer(one, other).reasons


def test_a_rank_that_no_table_has_says_nothing():
    one = line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09", rank="хорунжий")
    other = line("h", "Ткаченко", "Николай", "Андреевич", "1987-03-09", rank="солдат")
    assert not [reason for reason in answer(one, other).reasons if reason.startswith("rank")]


def test_a_crowd_of_one_surname_hides_nobody():
    letters = "абвгдежзиклмнопрстуфхцшюя"
    crowds = [
        [line(f"{side}{at}", "Шевченко", f"{letters[at % 25]}{at % 7}", "", "") for at in range(45)]
        for side in "sh"
    ]
    one = line("s", "Шевченко", "Дмитро", "Петрович", unit="А1234")
    other = line("h", "Шевченко", "Дмтири", "", "1990-05-06", unit="А1234")
    rows = [prepare([*crowd, asked], ()) for crowd, asked in zip(crowds, (one, other), strict=True)]
    left, right = candidates(*rows)
    assert (45, 45) in set(zip(left.tolist(), right.tolist(), strict=True))


@pytest.mark.parametrize(
    ("surname", "given_name"), [("Ткаченко", "Ыиколай"), ("Екаченко", "Николай")]
)
def test_a_date_finds_who_has_one_name_spoilt_from_its_first_letter_on(surname, given_name):
    one = line("s", "Ткаченко", "Николай", "", "1987-03-09")
    other = line("h", surname, given_name, "", "1987-09-03")
    left, _ = candidates(prepare([one], ()), prepare([other], ()))
    assert left.tolist() == [0]


def test_long_lists_are_handed_over_in_pieces(monkeypatch):
    sought, held, _ = lists()
    whole = propose(sought[:60], held[:60])
    monkeypatch.setattr(engines, "_AT_ONCE", 7)
    pieces = propose(sought[:60], held[:60])
    assert (pieces.same, pieces.review) == (whole.same, whole.review)


def test_a_contradicted_date_is_never_decided_however_rare_the_name():
    known = {"service_number": "AB-123456", "birth_place": "Перемишляни", "unit": "А1234"}
    one = line("s", "Перебийніс", "Любомир", "Афанасійович", "1987-03-09", **known)
    pair = answer(one, line("h", "Перебийніс", "Любомир", "Афанасійович", "1995-11-20", **known))
    assert pair.probability > 0.99
    assert (pair.decision, pair.reasons[-1]) == ("review", "held-back:date-contradicted")


def test_however_rare_the_names_a_namesake_of_the_kin_explains_another_date():
    one = line("s", "Перебийніс", "Никифор", "Гордійович", "1987-03-09", unit="А1234")
    other = line("h", "Перебейнос", "Никифор", "Гордеевич", "1961-11-20", unit="А1234")
    assert 0.5 < answer(one, other).probability < 0.9


def test_a_service_number_is_nobody_elses():
    names = ("Перебийніс", "Никифор", "Гордійович")
    one = line("s", *names, "1987-03-09", service_number="AB 12345")
    same, another = (
        line("h", *names, "1961-11-20", service_number=n) for n in ("AB12345", "XY 99999")
    )
    assert answer(one, same).probability > 0.99
    assert answer(one, another).probability < 0.3


def test_a_birth_date_alone_makes_a_candidate_where_few_share_it():
    one = line("s", "Ткаченко", "Микола", "Андрійович", "1987-03-09")
    other = line("h", "Лісова", "Эмма", "Ильинична", "1987-09-03")
    crowd = [line(f"c{at}", "Лісова", "Эмма", "Ильинична", "1987-09-03") for at in range(40)]
    pairs = [candidates(prepare([one], ()), prepare(held, ())) for held in ([other], crowd)]
    assert [len(left) for left, _ in pairs] == [1, 0]


def test_short_surnames_that_differ_in_a_letter_are_other_surnames():
    one = line("s", "Гонта", "Микола", "Андрійович", "1987-03-09")
    found = answer(one, line("h", "Гонт", "Николай", "Андреевич", "1987-03-09"))
    assert "surname:near" not in " ".join(found.reasons)


def test_names_in_the_wrong_columns_are_understood():
    one = line("s", "Приходько", "Микола", "Андрійович", "1987-03-09")
    pair = answer(one, line("h", "Николай", "Приходько", "Андреевич", "1987-03-09"))
    assert pair.decision == "same"


@pytest.mark.parametrize(
    ("sought", "held"),
    [
        (("الحسيني", "محمد"), ("al-Husseini", "Mohammed")),
        (("منصور", "يوسف"), ("Mansour", "Youssef")),
        (("כהן", "משה"), ("Cohen", "Moshe")),
        (("לוי", "יצחק"), ("Levi", "Yitzhak")),
        (("الحسيني", "محمد"), ("Хусейни", "Мохаммед")),
    ],
)
def test_names_without_vowels_are_found_across_scripts(sought, held):
    pair = answer(line("s", *sought, "", "1987-03-09"), line("h", *held, "", "1987-03-09"))
    assert pair.decision == "same"
    stranger = answer(line("s", *sought, "", "1987-03-09"), line("h", "Haddad", "Omar", "", "1987"))
    assert stranger is None or stranger.decision == "different"


def test_tiny_lists_are_matched_without_anything_to_learn_from():
    sought = [
        line("s1", "Коваль", "Ян", "Петрович", "1987-03-09"),
        line("s2", "Бойко", "Юрій", "Ілліч", "1990-11-20"),
        line("s3", "Мельник", "Олег", "Ігорович", "1979-01-31"),
    ]
    held = [
        line("h1", "Koval", "Yan", "Petrovych", "1987-03-09"),
        line("h2", "Бойко", "Юрий", "", "1990-11-20"),
        line("h3", "Гринь", "Антон", "Львович", "1985-07-15"),
        line("h4", "Шило", "Роман", "Юрьевич", "1999-09-09"),
        line("h5", "Мельник", "Олег", "Павлович", "2001-06-12"),
    ]
    found = propose(sought, held)
    assert [(pair.sought_id, pair.held_id) for pair in found.same] == [("s1", "h1"), ("s2", "h2")]
    assert all(pair.sought_id == "s3" and pair.probability < 0.5 for pair in found.review)


def test_tiny_lists_wait_for_no_library_that_they_do_not_need():
    program = (
        "import sys; from homeward.people import Line, propose;"
        "propose([Line('1', 'Коваль', 'Ян')], [Line('2', 'Koval', 'Jan')]);"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("empty", ["birth_date", "patronymic", "given_name"])
def test_a_column_that_is_missing_altogether_leaves_no_hole(empty):
    sought, held, gold = lists()
    none = None if empty == "birth_date" else ""
    bare = [replace(one, **{empty: none}) for one in sought[:300]]
    kept = {pair for pair in gold if pair[0] in {one.id for one in bare}}
    found = propose(bare, held)
    proposed = score((*found.same, *found.review), kept)
    assert proposed.recall > 0.95
    assert proposed.precision > 0.9
    assert score(found.same, kept).precision == 1.0


@pytest.mark.parametrize(("sought", "held"), [([], []), ([line("s", "Коваль")], [])])
def test_an_empty_list_gives_no_pairs(sought, held):
    found = propose(sought, held)
    assert (found.same, found.review, found.different) == ((), (), ())


def test_the_order_of_rows_never_matters():
    sought, held, _ = lists()
    first = propose(sought[:400], held[:400])
    second = propose(shuffled(sought[:400], 3), shuffled(held[:400], 4))
    assert (first.same, first.review, first.different) == (
        second.same,
        second.review,
        second.different,
    )


def test_exchanging_the_lists_changes_nothing():
    sought, held, _ = lists()
    one = propose(sought[:400], held[:400])
    other = propose(held[:400], sought[:400])
    assert {(p.sought_id, p.held_id, p.probability, p.decision) for p in one.same + one.review} == {
        (p.held_id, p.sought_id, p.probability, p.decision) for p in other.same + other.review
    }


@settings(max_examples=6)
@given(
    seed=st.integers(0, 10**6),
    at=st.integers(0, 199),
    side=st.sampled_from(["sought", "held"]),
)
def test_a_stranger_more_never_raises_a_probability(seed, at, side):
    sought, held, _ = lists()
    start = 4 * at
    sought, held = list(sought[start : start + 30]), list(held)[:150]
    before = propose(sought, held, review_at=0.0)
    stranger = crowd(1, seed, "new")[0]
    (sought if side == "sought" else held).append(stranger)
    after = propose(sought, held, review_at=0.0)
    known = {(p.sought_id, p.held_id): p.probability for p in before.same + before.review}
    for pair in after.same + after.review:
        if stranger.id not in (pair.sought_id, pair.held_id):
            assert pair.probability <= known[pair.sought_id, pair.held_id]


def test_thresholds_are_the_callers():
    sought, held, _ = lists()
    some = propose(sought[:300], held, same_at=0.9999, review_at=0.5)
    assert all(pair.probability >= 0.9999 for pair in some.same)
    assert all(pair.probability >= 0.5 for pair in some.review)
    assert len(some.same) < len(propose(sought[:300], held).same)


@pytest.mark.parametrize("engine", ["spark", "abacus"])
def test_an_engine_that_is_not_there_is_refused(engine, monkeypatch):
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    with pytest.raises(Refused) as refusal:
        propose([], [], engine=engine)
    assert refusal.value.problems[0].code == "people.engine-missing"


@pytest.mark.soak
def test_spark_decides_as_duckdb_does():
    pytest.importorskip("pyspark", reason="needs homeward[spark]")
    sought, held, _ = lists()
    one, other = (propose(sought, held, engine=name) for name in ("duckdb", "spark"))

    def told(found):
        return [
            (p.sought_id, p.held_id, round(p.probability, 6), p.decision, p.reasons)
            for p in (*found.same, *found.review, *found.different)
        ]

    assert told(one) == told(other)
