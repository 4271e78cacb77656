"""The report's words: every language says everything, with the same numbers and names in it."""

from __future__ import annotations

from pathlib import Path
from string import Formatter
from typing import Any

import pytest
import yaml

from homeward.words import LANGUAGES, plural_form, say

FOLDER = Path(__file__).resolve().parents[2] / "src" / "homeward" / "languages"
# The words whose forms a number chooses in each language (CLDR).
FORMS = {
    "en": {"one", "other"},
    "uk": {"one", "few", "many", "other"},
    "ru": {"one", "few", "many", "other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "he": {"one", "two", "other"},
}


def sentences(lang: str, room: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(prefix: str, node: Any) -> None:
        if isinstance(node, dict) and "other" not in node:
            for name, child in node.items():
                walk(f"{prefix}.{name}", child)
        else:
            found[prefix] = node

    document = yaml.safe_load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    walk(room, document[room])
    return found


def places(sentence: Any) -> set[str]:
    texts = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {name for text in texts for _, name, _, _ in Formatter().parse(str(text)) if name}


@pytest.mark.parametrize("room", ["paper", "office"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_sentence_and_no_other(lang: str, room: str):
    english = sentences("en", room)
    assert len(english) > 20
    assert set(sentences(lang, room)) == set(english)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_place_in_a_sentence_agrees_between_languages(lang: str):
    english = sentences("en", "paper")
    own = sentences(lang, "paper")
    # "one" may say the number as a word; every other place stands in every form
    differing = {k: places(own[k]) ^ places(english[k]) for k in english}
    assert {k: v for k, v in differing.items() if v} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_plural_has_exactly_its_languages_forms(lang: str):
    wrong = {
        key: set(sentence)
        for key, sentence in sentences(lang, "paper").items()
        if isinstance(sentence, dict) and set(sentence) != FORMS[lang]
    }
    assert wrong == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_form_of_a_plural_keeps_its_other_places(lang: str):
    for key, sentence in sentences(lang, "paper").items():
        if isinstance(sentence, dict):
            kept = {frozenset(places(text) - {"n"}) for text in sentence.values()}
            assert len(kept) == 1, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_markup_of_its_own(lang: str):
    marked = [k for k, said in sentences(lang, "paper").items() if set("<>&") & set(str(said))]
    assert marked == []


@pytest.mark.parametrize(("lang", "n"), [(lang, n) for lang in LANGUAGES for n in (0, 1, 2, 5, 21)])
def test_a_number_is_said_in_its_form(lang: str, n: int):
    words = say("paper.exceptions.not-released", lang, n=n, stage=1, side="X")
    assert "X" in words
    assert "{" not in words
    assert plural_form(lang, n) in FORMS[lang]
