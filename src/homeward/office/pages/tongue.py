"""The office's words in the language of the page, and the zone its times are shown in."""

from __future__ import annotations

import os
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

from homeward.office.models import Note
from homeward.words import RIGHT_TO_LEFT, known, say

# A language made of marks: text that is not between them was never given to the translators.
PSEUDO = "xx"


def language() -> str:
    """The language of this page."""
    if os.environ.get("HOMEWARD_PSEUDO"):
        return PSEUDO
    return (get_language() or "en").split("-")[0]


class Tongue:
    """The office's sentences in one language: ``{{ words.people.title }}`` in a template."""

    def __init__(self, language: str, prefix: str = "office") -> None:
        self.language = language
        self.prefix = prefix

    @property
    def speech(self) -> str:
        """The language that other rooms are asked to speak."""
        return "en" if self.language == PSEUDO else self.language

    def marked(self, sentence: str) -> str:
        """A sentence that another room said in ``speech``: between marks in the pseudo-language."""
        return f"⟦{sentence}⟧" if self.language == PSEUDO else sentence

    def __getitem__(self, key: str) -> str | Tongue:
        whole = f"{self.prefix}.{key}"
        if known(whole, "en"):
            return self.spoken(whole)
        return Tongue(self.language, whole)

    def __str__(self) -> str:
        raise KeyError(self.prefix)

    def say(self, key: str, **values: Any) -> str:
        """A sentence of the office with its values."""
        return self.spoken(f"{self.prefix}.{key}", **values)

    def spoken(self, key: str, **values: Any) -> str:
        """A sentence of any room."""
        return self.marked(say(key, self.speech, **values))

    def has(self, key: str) -> bool:
        """Whether the office has this sentence in the page's own language."""
        return known(f"{self.prefix}.{key}", self.speech)

    def word(self, key: str, value: str) -> str:
        """The office's word for a value such as a kind of entry; the value where there is none."""
        whole = f"{self.prefix}.{key}.{value}"
        return self.spoken(whole) if known(whole, "en") else value


def direction(language: str) -> str:
    """Which way the page runs."""
    return "rtl" if language in RIGHT_TO_LEFT or language == PSEUDO else "ltr"


@cache
def clock_zone() -> ZoneInfo:
    """The zone that this office's times are shown in; UTC until an administrator names another.

    One process is one office, so it is read once; whoever changes it clears the cache.
    """
    named = Note.objects.filter(key="zone").values_list("value", flat=True).first()
    return ZoneInfo(named or "UTC")
