"""Every clause becomes one plain numbered sentence in each of the five languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from homeward.terms import check, read_terms, show
from homeward.words import LANGUAGES, RIGHT_TO_LEFT, say
from tests.terms.test_agreements import FOLDER, OUTCOMES
from tests.terms.texts import one_way, terms

WHOLE = Path(__file__).with_name("whole.yaml")
LANGUAGE_FILES = Path(__file__).parents[2] / "src" / "homeward" / "languages"


def whole():
    read, problems = read_terms(WHOLE.read_bytes(), "whole.yaml")
    assert [str(problem) for problem in problems] == []
    return read


def leaves(node, prefix=""):
    if isinstance(node, dict) and "other" not in node:
        return {leaf for key, child in node.items() for leaf in leaves(child, f"{prefix}.{key}")}
    return {prefix}


def counted_sentences(language):
    """Every sentence of the room that has plural forms, by its path."""

    def walk(node, path):
        if isinstance(node, dict) and isinstance(node.get("other"), str):
            yield path, node
        elif isinstance(node, dict):
            for key, child in node.items():
                yield from walk(child, f"{path}.{key}")

    text = (LANGUAGE_FILES / f"{language}.yaml").read_text(encoding="utf-8")
    return walk(yaml.safe_load(text)["terms"], "terms")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_language_can_be_said(language):
    sentences = show(whole(), language)
    assert len(sentences) > 80
    for number, sentence in enumerate(sentences, start=1):
        assert sentence.startswith(f"{number}. ")
        assert sentence.endswith(".")
        assert "{" not in sentence
        assert "None" not in sentence


def test_each_language_has_every_sentence_with_the_same_places():
    spoken = {
        language: yaml.safe_load((LANGUAGE_FILES / f"{language}.yaml").read_text())["terms"]
        for language in LANGUAGES
    }
    for language in LANGUAGES:
        assert leaves(spoken[language]) == leaves(spoken["en"]), language
    forms = {"uk": {"one", "few", "many", "other"}, "ru": {"one", "few", "many", "other"}}
    forms["ar"] = {"zero", "one", "two", "few", "many", "other"}
    for language, wanted in forms.items():
        for node in (spoken[language][name] for name in ("persons", "remains", "days")):
            assert set(node) == wanted


@pytest.mark.parametrize(
    ("language", "each", "in_total"),
    [
        ("en", "*each*", "*in total*"),
        ("uk", "*кожна*", "*загалом*"),
        ("ru", "*каждая*", "*всего*"),
        ("ar", "*لكل طرف*", "*في المجموع*"),
        ("he", "*כל צד*", "*בסך הכול*"),
    ],
)
def test_each_and_in_total_stand_out(language, each, in_total):
    def said(counting):
        quantity = {"exact": 600, "counting": counting}
        read = one_way({"id": "all", "between": ["north", "south"], "quantity": quantity})
        return "\n".join(show(read, language))

    assert each in said("each")
    assert "1,200" in said("each").replace("\u00a0", ",")
    assert in_total not in said("each")
    assert in_total in said("in_total")
    assert each not in said("in_total")
    assert "1,200" not in said("in_total").replace("\u00a0", ",")


@pytest.mark.parametrize(
    ("language", "n", "words"),
    [
        ("en", 1, "1 person "),
        ("en", 2, "2 persons"),
        ("uk", 1, "1 особа"),
        ("uk", 3, "3 особи"),
        ("uk", 12, "12 осіб"),
        ("uk", 21, "21 особа"),
        ("ru", 2, "2 человека"),
        ("ru", 5, "5 человек"),
        ("ar", 2, "شخصان"),
        ("ar", 5, "5 أشخاص"),
        ("ar", 40, "40 شخصًا"),
        ("ar", 100, "100 شخص"),
        ("he", 2, "שני בני אדם"),
        ("he", 7, "7 בני אדם"),
    ],
)
def test_numbers_take_the_right_form_of_the_noun(language, n, words):
    read = one_way({"id": "a", "from": "north", "to": "south", "quantity": {"exact": n}})
    assert words in "\n".join(show(read, language))


def test_names_are_said_in_the_language_asked_for():
    assert "Дві долини" in show(terms(), "uk")[0]
    assert "Північ, Південь" in show(terms(), "uk")[1]


def test_foreign_words_are_kept_apart_where_lines_run_right_to_left():
    title = show(terms(), "he")[0]
    assert re.search("\u2068Two valleys\u2069", title)


def test_permuting_the_clauses_says_the_same_sentences_in_another_order():
    some = [
        {"id": "a", "from": "north", "to": "south", "quantity": {"exact": 4}},
        {"id": "b", "from": "south", "to": "north", "quantity": {"at_least": 9}},
    ]
    one, other = show(one_way(*some), "en"), show(one_way(*some[::-1]), "en")
    bare = {sentence.partition(". ")[2] for sentence in one}
    assert bare == {sentence.partition(". ")[2] for sentence in other}


def test_the_whole_language_can_be_judged():
    judgement = check(whole())
    assert judgement.verdict == "not_begun"
    assert {"terms.price-of-class", "terms.civilians-mixed"} & {p.code for p in judgement.problems}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_gate_by_share_says_its_share(language):
    goods = {"id": "goods", "from": "south", "to": "north", "state": "asset",
             "quantity": {"exact": 50, "unit": "tons"}}  # fmt: skip
    men = {"id": "men", "from": "north", "to": "south", "quantity": {"exact": 3}}
    gate = {"kind": "gate", "after": "goods", "share": 20, "before": "men"}
    said = show(one_way(goods, men, linkage=[gate]), language)
    assert any(re.search("20\\s?[%٪]", sentence) for sentence in said)


ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")
LOOSE = re.compile("[A-Za-z]+|\u2068|\u2069|\\d+[-/]\\d+")


@pytest.mark.parametrize("language", sorted(RIGHT_TO_LEFT))
def test_no_foreign_name_word_or_date_stands_loose_in_a_line_that_runs_right_to_left(language):
    for name in OUTCOMES:
        agreed, _ = read_terms((FOLDER / f"{name}.yaml").read_bytes())
        for sentence in show(agreed, language):
            bare = sentence
            while ISOLATED.search(bare):
                bare = ISOLATED.sub("", bare)
            assert LOOSE.findall(bare) == [], (name, sentence)


# The plural categories of whole numbers (CLDR); zero has a form of its own where one reads better.
FORMS = {
    "en": {"one", "other"},
    "uk": {"one", "few", "many", "other"},
    "ru": {"one", "few", "many", "other"},
    "ar": {"one", "two", "few", "many", "other"},
    "he": {"one", "two", "other"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_with_a_number_has_every_form_of_its_language(language):
    found = list(counted_sentences(language))
    assert len(found) > 15
    for path, forms in found:
        assert forms.keys() >= FORMS[language], path
        # A noun in the dual or after "one" is the number; beside a bare number there is no noun.
        if language == "ar" and "{n}" in forms["one"]:
            assert len(set(forms.values())) == 1, path


@pytest.mark.parametrize(
    ("language", "n", "words"),
    [
        ("ar", 1, "شخص واحد"),
        ("ar", 10, "10 أشخاص"),
        ("ar", 11, "11 شخصًا"),
        ("ar", 102, "102 شخص"),
        ("ar", 103, "103 أشخاص"),
        ("ar", 1000, "1,000 شخص"),
        ("he", 1, "אדם אחד"),
        ("he", 20, "20 בני אדם"),
        ("uk", 111, "111 осіб"),
        ("uk", 1002, "1\u00a0002 особи"),
        ("ru", 101, "101 человек"),
    ],
)
def test_large_and_small_numbers_take_their_nouns_form(language, n, words):
    read = one_way({"id": "a", "from": "north", "to": "south", "quantity": {"exact": n}})
    assert words in "\n".join(show(read, language))


def test_sentences_do_not_give_a_party_a_gender():
    """Names are feminine, masculine or plural; Arabic and Hebrew verbs would have to agree."""
    read = one_way({"id": "a", "from": "north", "to": "south", "quantity": {"exact": 5}})
    assert not any("يسلّم " in sentence for sentence in show(read, "ar"))
    assert not any("מוסר " in sentence for sentence in show(read, "he"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_act_that_two_owe_each_other_names_both_and_how_often(language):
    talks = {"id": "talks", "between": ["north", "south"], "state": "act", "what": "talks"}
    talks["quantity"] = {"exact": 2, "per": "month", "counting": "each"}
    read = terms(obligations=[talks])
    (said,) = (line for line in show(read, language) if "talks" in line)
    assert read.name("north", language) in said
    assert read.name("south", language) in said
    assert say("terms.form.per_month", language, quantity="2") in said
    if language == "en":
        assert said.endswith("North and South owe each other an act (talks; 2 a month).")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rank_of_two_words_is_said_without_the_mark_between_them(language):
    folder = Path(__file__).parents[2] / "examples" / "three-rivers"
    read, _ = read_terms((folder / "terms.yaml").read_bytes(), "terms.yaml")
    said = "\n".join(show(read, language))
    assert "lieutenant colonel" in said
    assert "_" not in said
