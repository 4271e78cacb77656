"""The words of one language as compiled patterns; tables live in ``lexicon/<language>.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LANGUAGES = ("en", "uk", "ru", "ar", "he")
NOTHING = re.compile(r"(?!)")


def alternatives(text: str) -> list[str]:
    """The patterns of a table's entry, parted at bars that stand outside brackets.

    >>> alternatives("spoke with | (phone|video) call")
    ['spoke with', '(phone|video) call']
    """
    found, depth, begin = [], 0, 0
    for at, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and text.startswith(" | ", at):
            found.append(text[begin:at])
            begin = at + 3
    return [part.lstrip() for part in (*found, text[begin:]) if part.strip()]


@cache
def joined(text: str) -> str:
    """One group of all alternatives, longest first so that more words win over fewer."""
    return "(?:" + "|".join(sorted(alternatives(text), key=len, reverse=True)) + ")"


def whole_words(text: str, prefix: str = "") -> re.Pattern[str]:
    """A pattern for the table's entry that begins and ends with whole words.

    ``prefix`` is what a language writes together with a word that follows.
    """
    if not text:
        return NOTHING
    return re.compile(rf"(?<!\w){prefix}{joined(text)}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Lexicon:
    """The tables of one language, each pattern compiled once."""

    language: str
    table: Mapping[str, Any]

    @property
    def prefix(self) -> str:
        """The letters that may be written together with any word: "and", "in", "to", "the"."""
        return str(self.table.get("prefix", ""))

    def pattern(self, *path: str) -> re.Pattern[str]:
        """The pattern of one entry; one that never matches where the language has none."""
        return _compiled(self.language, path)

    def source(self, *path: str) -> str:
        """The entry's alternatives as a group to build larger patterns from."""
        text = self._text(path)
        return joined(text) if text else "(?!)"

    def fragment(self, *path: str) -> re.Pattern[str]:
        """The pattern of an entry that begins or ends with signs instead of words."""
        return _fragment(self.language, path)

    def _text(self, path: tuple[str, ...]) -> str:
        node: Any = self.table
        for key in path:
            node = node.get(key, {}) if isinstance(node, Mapping) else {}
        return node if isinstance(node, str) else ""

    def keys(self, name: str) -> tuple[str, ...]:
        """The names of a table's entries in their order."""
        node = self.table.get(name, {})
        if isinstance(node, list):
            return tuple(key for row in node for key in row)
        return tuple(node)

    def mapping(self, *path: str) -> Mapping[str, int]:
        """A table of words with numbers."""
        node: Any = self.table
        for key in path:
            node = node.get(key, {})
        return {str(word): int(value) for word, value in node.items()}

    def statuses(self) -> Iterator[tuple[str, re.Pattern[str]]]:
        """Cues of status in the order in which they are tried."""
        for row in self.table["statuses"]:
            for status in row:
                yield status, _status(self.language, status)


@cache
def lexicon(language: str) -> Lexicon:
    """The tables of ``language``; raises KeyError for a language without any."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return Lexicon(language, _read(f"{language}.yaml"))


@cache
def _read(name: str) -> Any:
    source = files("homeward.claims").joinpath("lexicon", name)
    return yaml.safe_load(source.read_text(encoding="utf-8"))


@cache
def _compiled(language: str, path: tuple[str, ...]) -> re.Pattern[str]:
    words = lexicon(language)
    return whole_words(words._text(path), words.prefix)


@cache
def _fragment(language: str, path: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(lexicon(language).source(*path), re.IGNORECASE)


@cache
def _status(language: str, status: str) -> re.Pattern[str]:
    rows = [row[status] for row in lexicon(language).table["statuses"] if status in row]
    return whole_words(" | ".join(rows), lexicon(language).prefix)


@dataclass(frozen=True)
class Country:
    """How one state is named in one language, as patterns without word bounds."""

    code: str
    names: str
    adjectives: str
    people: str
    seats: str

    def any(self) -> str:
        """Every way of naming it."""
        parts = [part for part in (self.names, self.adjectives, self.people, self.seats) if part]
        return "|".join(parts)


@cache
def countries(language: str) -> tuple[Country, ...]:
    """The states that have names in ``language``."""
    kinds = ("names", "adjectives", "people", "seats")
    return tuple(
        Country(code, *("|".join(_escaped(row[language].get(kind, ()))) for kind in kinds))
        for code, row in _read("countries.yaml").items()
        if language in row
    )


def _escaped(names: list[str]) -> list[str]:
    """English names hold dots that mean dots; stems of other languages are patterns already."""
    plain = [name if "\\" in name or "[" in name else name.replace(".", r"\.") for name in names]
    return sorted(plain, key=len, reverse=True)
