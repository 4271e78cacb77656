"""The generator: the same seed gives the same bytes, and what it invents is fit to be matched."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.people import read_list
from tools.invent_people.lists import COLUMNS, invent_lists
from tools.invent_people.people import feminine
from tools.invent_people.recipe import CULTURES, read_recipe, recipe_from, simple_recipe
from tools.invent_people.scripts import (
    FOR_RUSSIAN,
    FOR_UKRAINIAN,
    STYLES,
    latin_to_arabic,
    latin_to_cyrillic,
    latin_to_hebrew,
    russian_to_ukrainian,
    to_latin,
    ukrainian_by_ear,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
RECIPES = ("istanbul-2025", "three-rivers", "small-unequal")
CYRILLIC = re.compile(r"[А-Яа-яІіЇїЄєҐґЁё]")
LETTERS = {
    "uk": CYRILLIC,
    "ru": CYRILLIC,
    "latin": re.compile("[A-Za-z]"),
    "ar": re.compile("[\u0621-\u064a]"),
    "he": re.compile("[\u05d0-\u05ea]"),
}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", RECIPES)
def test_the_examples_lists_are_what_their_recipe_gives_byte_for_byte(name: str) -> None:
    for path, text in invent_lists(read_recipe(name)).items():
        assert (EXAMPLES / name / path).read_bytes() == text.encode(), f"{name}/{path}"


def test_another_seed_gives_other_people_and_the_same_counts() -> None:
    recipe = read_recipe("three-rivers")
    first, second = invent_lists(recipe), invent_lists(replace(recipe, seed=recipe.seed + 1))
    for path, text in first.items():
        assert text != second[path]
        assert len(rows(text)) == len(rows(second[path]))


def test_the_command_writes_what_the_library_gives(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.invent_people", "--sides", "north:uk,south:ar"]
    command += ["--pairs", "20", "--sought", "25", "--held", "30", "--seed", "3"]
    subprocess.run([*command, "--out", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    recipe = simple_recipe(3, {"north": "uk", "south": "ar"}, pairs=20, sought=25, held=30)
    wanted = invent_lists(recipe)
    written = {
        p.relative_to(tmp_path).as_posix(): p.read_text("utf-8") for p in tmp_path.rglob("*.csv")
    }
    assert written == wanted
    assert len(rows(written["gold.csv"])) == 40


def test_the_command_names_what_is_wrong_with_its_options(tmp_path: Path) -> None:
    for options in ([], ["--sides", "north:uk"], ["--sides", "a:uk,b:xx"], ["--recipe", "nowhere"]):
        command = [sys.executable, "-m", "tools.invent_people", *options, "--out", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        assert done.returncode == 2, options
        assert "Error" in done.stderr
    assert not list(tmp_path.iterdir())


@given(
    seed=st.integers(0, 10**6),
    cultures=st.lists(st.sampled_from(CULTURES), min_size=2, max_size=4),
    pairs=st.integers(0, 12),
    more=st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
def test_any_sides_and_scripts_give_lists_that_can_be_read_and_a_gold_that_fits(
    seed: int, cultures: list[str], pairs: int, more: tuple[int, int]
) -> None:
    sides = {f"side{n}": culture for n, culture in enumerate(cultures)}
    files = invent_lists(
        simple_recipe(seed, sides, pairs=pairs, sought=pairs + more[0], held=pairs + more[1])
    )
    ids = {}
    for path, text in files.items():
        if path == "gold.csv":
            continue
        read = read_list(path, text.encode())
        errors = [problem for problem in read.problems if problem.level == "error"]
        assert not errors
        assert rows(text) == [] or tuple(rows(text)[0]) == COLUMNS
        ids[path] = {line.id for line in read.lines}
    gold = rows(files["gold.csv"])
    assert len(gold) == pairs * len(sides)
    for row in gold:
        assert row["sought_id"] in ids[f"{row['sought_side']}/sought.csv"]
        assert row["held_id"] in ids[f"{row['held_side']}/held.csv"]
    assert len({row["sought_id"] + row["sought_side"] for row in gold}) == len(gold)
    assert len({row["held_id"] + row["held_side"] for row in gold}) == len(gold)


@pytest.mark.parametrize("culture", CULTURES)
def test_a_seeker_writes_its_own_letters(culture: str) -> None:
    sides = {"one": culture, "two": "uk" if culture != "uk" else "ru"}
    files = invent_lists(simple_recipe(5, sides, pairs=60, sought=70, held=70))
    for row in rows(files["one/sought.csv"]):
        assert LETTERS[culture].search(row["surname"]), row


@pytest.mark.parametrize("writes", CULTURES)
@pytest.mark.parametrize("culture", CULTURES)
def test_a_holder_can_write_every_kind_of_name_in_every_script(culture: str, writes: str) -> None:
    sides = {
        "one": {"names": culture},
        "two": {"names": "uk", "writes": {writes: 1}},
    }
    edge = {"holder": "two", "claimant": "one", "pairs": {"prisoner_of_war": 60}}
    first = read_recipe("three-rivers")
    recipe = recipe_from({"seed": 1, "captured": first.captured, "sides": sides, "edges": [edge]})
    held = rows(invent_lists(recipe)["two/held.csv"])
    assert len(held) == 60
    for row in held:
        assert LETTERS[writes].search(row["surname"]), row


def test_a_recipe_with_a_slip_is_refused() -> None:
    good = {"seed": 1, "captured": read_recipe("three-rivers").captured, "edges": []}
    sides = {"one": {"names": "uk"}, "two": {"names": "ru"}}
    recipe_from({**good, "sides": sides})
    with pytest.raises(ValueError, match="unknown in a recipe: sede"):
        recipe_from({**good, "sides": sides, "sede": 1})
    with pytest.raises(ValueError, match="one: names are of"):
        recipe_from({**good, "sides": {**sides, "one": {"names": "xx"}}})
    with pytest.raises(ValueError, match="one: clerks write"):
        recipe_from({**good, "sides": {**sides, "one": {"names": "uk", "writes": {"xx": 1}}}})


def test_the_holders_list_is_as_noisy_as_the_benchmark_and_the_seekers_is_clean() -> None:
    for side in ("ukraine", "russia"):
        held = rows((EXAMPLES / "istanbul-2025" / side / "held.csv").read_text("utf-8"))
        sought = rows((EXAMPLES / "istanbul-2025" / side / "sought.csv").read_text("utf-8"))
        assert 0.17 < share(held, lambda row: not row["patronymic"]) < 0.23
        assert 0.045 < share(held, lambda row: not row["birth_date"]) < 0.075
        assert 0.06 < share(held, lambda row: len(row["birth_date"]) == 4) < 0.10
        assert share(sought, lambda row: not row["patronymic"]) < 0.05
        assert share(sought, lambda row: len(row["birth_date"]) != 10) < 0.04
        latin = share(held, lambda row: bool(LETTERS["latin"].match(row["surname"])))
        assert 0.07 < latin < 0.18


def share(found: list[dict[str, str]], true_of: object) -> float:
    assert callable(true_of)
    return sum(bool(true_of(row)) for row in found) / len(found)


def test_relatives_and_namesakes_are_among_those_sought() -> None:
    sought = rows((EXAMPLES / "istanbul-2025" / "ukraine" / "sought.csv").read_text("utf-8"))
    names = Counter((row["surname"].upper(), row["given_name"].upper()) for row in sought)
    families = Counter((row["surname"].upper(), row["patronymic"].upper()) for row in sought)
    assert sum(count - 1 for count in names.values()) >= 10
    assert sum(count - 1 for count in families.values()) >= 10


def test_ids_say_nothing_about_who_is_who() -> None:
    gold = rows((EXAMPLES / "istanbul-2025" / "gold.csv").read_text("utf-8"))
    same = sum(row["sought_id"][-5:] == row["held_id"][-5:] for row in gold)
    assert same < len(gold) / 100


@pytest.mark.parametrize(
    ("style", "word", "wanted"),
    [
        ("kmu", "Згурський", "Zghurskyi"),
        ("kmu", "Єлизавета", "Yelyzaveta"),
        ("kmu", "Лук'янчук", "Lukianchuk"),
        ("icao", "Щукин", "Shchukin"),
        ("icao", "Юрьевич", "Iurevich"),
        ("bgn", "Евгений", "Yevgeny"),
        ("french", "Чужов", "Tchoujov"),
        ("german", "Жуков", "Schukow"),
        ("uk_plain", "Гнатюк", "Gnatyuk"),
    ],
)
def test_romanisations_follow_their_tables(style: str, word: str, wanted: str) -> None:
    assert to_latin(word, style) == wanted
    assert to_latin(word.upper(), style) == wanted.upper()


def test_every_style_romanises_every_letter() -> None:
    alphabets = {
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'": FOR_UKRAINIAN,
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя": FOR_RUSSIAN,
    }
    for alphabet, styles in alphabets.items():
        for style in styles:
            assert to_latin(alphabet, style).isascii(), style
    assert {*FOR_UKRAINIAN, *FOR_RUSSIAN} == set(STYLES)


@pytest.mark.parametrize(
    ("russian", "ukrainian"),
    [
        ("Соловьёв", "Соловйов"),
        ("Алексеев", "Алексєєв"),
        ("Чижов", "Чижов"),
        ("Никитин", "Нікітін"),
        ("Волынский", "Волинський"),
        ("Долгий", "Долгий"),
        ("Ильюшин", "Ільюшин"),
        ("Лебедев", "Лебедєв"),
    ],
)
def test_russian_names_are_respelled_for_ukrainian_readers(russian: str, ukrainian: str) -> None:
    assert russian_to_ukrainian(russian) == ukrainian


def test_names_are_written_by_ear_in_other_alphabets() -> None:
    assert ukrainian_by_ear("Микола") == "Мыкола"
    assert latin_to_cyrillic("Yousef") == "Юсеф"
    assert latin_to_cyrillic("Khalid", ukrainian=True) == "Халід"
    assert latin_to_arabic("Shulga") == "شولغا"
    assert latin_to_hebrew("Boyko") == "בויקו"


@pytest.mark.parametrize(
    ("man", "woman"),
    [
        ("Ковальський", "Ковальська"),
        ("Ковальский", "Ковальская"),
        ("Павлов", "Павлова"),
        ("Нікітін", "Нікітіна"),
        ("Шевченко", "Шевченко"),
        ("Коваль", "Коваль"),
        ("Толстой", "Толстая"),
    ],
)
def test_women_bear_the_womens_form(man: str, woman: str) -> None:
    assert feminine(man) == woman
