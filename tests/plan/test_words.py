"""What planning says is said in all languages, with the same numbers in it."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

import pytest
import yaml

from homeward.words import LANGUAGES


def sentences(language: str) -> dict[str, str]:
    text = files("homeward.languages").joinpath(f"{language}.yaml").read_text("utf-8")
    found: dict[str, str] = {}

    def walk(path: str, part: Any) -> None:
        if isinstance(part, str):
            found[path] = part
            return
        for name, inner in part.items():
            walk(f"{path}.{name}", inner)

    walk("plan", yaml.safe_load(text)["plan"])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_stands_in_every_language_with_the_same_values(language: str):
    english, other = sentences("en"), sentences(language)
    assert set(other) == set(english)
    for path, words in english.items():
        values = set(re.findall(r"\{(\w+)\}", words))
        assert set(re.findall(r"\{(\w+)\}", other[path])) == values, (language, path)
