"""Translated sentences with plural forms, one file of sentences per language.

A sentence is either a plain text with ``{named}`` places or a table of plural forms chosen by
the number called ``n`` (CLDR plural rules, https://cldr.unicode.org/index/cldr-spec/plural-rules).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("en", "uk", "ru", "ar", "he")
RIGHT_TO_LEFT = frozenset({"ar", "he"})
_GROUPING = {"en": ",", "uk": "\u00a0", "ru": "\u00a0", "ar": ",", "he": ","}


def plural_form(language: str, n: int) -> str:
    """The CLDR plural category of a whole number.

    >>> [plural_form("uk", n) for n in (1, 3, 11, 25)]
    ['one', 'few', 'many', 'many']
    >>> plural_form("ar", -12) == plural_form("ar", 12)
    True
    """
    n = abs(n)  # a lead may be below zero
    if language in ("uk", "ru"):
        return _east_slavic(n)
    if language == "ar":
        return _arabic(n)
    if language == "he" and n == 2:
        return "two"
    return "one" if n == 1 else "other"


def _east_slavic(n: int) -> str:
    ones, tens = n % 10, n % 100
    if ones == 1 and tens != 11:
        return "one"
    if 2 <= ones <= 4 and not 12 <= tens <= 14:
        return "few"
    return "many"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 99 else "other"


@cache
def _sentences(language: str) -> dict[str, Any]:
    source = files("homeward").joinpath("languages", f"{language}.yaml")
    if not source.is_file():
        return {}
    flat: dict[str, Any] = {}

    def walk(prefix: str, node: Any) -> None:
        plural = isinstance(node, dict) and "other" in node
        if isinstance(node, dict) and not plural:
            for key, child in node.items():
                walk(f"{prefix}.{key}" if prefix else str(key), child)
        else:
            flat[prefix] = node

    walk("", yaml.safe_load(source.read_text(encoding="utf-8")) or {})
    return flat


def number(value: int, language: str) -> str:
    """A whole number with the language's grouping.

    >>> number(1000, "en")
    '1,000'
    """
    return f"{value:,}".replace(",", _GROUPING.get(language, ","))


def say(key: str, language: str, /, **values: Any) -> str:
    """The sentence ``key`` in ``language``, falling back to English; raises KeyError if unknown."""
    sentence = _sentences(language).get(key)
    if sentence is None:
        language = "en"
        sentence = _sentences("en")[key]
    if isinstance(sentence, dict):
        form = plural_form(language, int(values["n"]))
        sentence = sentence.get(form, sentence["other"])
    shown = {
        name: number(value, language) if type(value) is int else value
        for name, value in values.items()
    }
    return str(sentence).format(**shown)


def known(key: str, language: str) -> bool:
    """Whether ``key`` has a sentence of its own in ``language``."""
    return key in _sentences(language)
