"""The words of one page: parties, categories and states in its language, each kept whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeward.words import RIGHT_TO_LEFT, known, number, say

# A name or a date keeps its own direction inside a line that runs the other way.
_FIRST_STRONG, _LEFT_TO_RIGHT, _END = "\u2068", "\u2066", "\u2069"

Names = Mapping[str, Mapping[str, str]]


def spoken(words: Mapping[str, str] | None, lang: str, fallback: str) -> str:
    """The text in ``lang``, else in English, else in the first language it was written in."""
    if not words:
        return fallback
    return words.get(lang) or words.get("en") or words[min(words)]


@dataclass(frozen=True)
class Wording:
    """How one language says who and what; ``names`` and ``categories`` are by id, in ``lang``."""

    lang: str
    names: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)

    @property
    def rtl(self) -> bool:
        """Whether the language runs right to left."""
        return self.lang in RIGHT_TO_LEFT

    def side(self, party: str) -> str:
        """A party's name, isolated where the line runs the other way; several by ``+``."""
        named = ", ".join(self.names.get(one, one) for one in party.split("+"))
        return f"{_FIRST_STRONG}{named}{_END}" if self.rtl else named

    def direction(self, sender: str, to: str) -> str:
        """From whom to whom."""
        return say("paper.direction", self.lang, sender=self.side(sender), to=self.side(to))

    def date(self, text: str) -> str:
        """A date or code that is read from left to right wherever it stands."""
        return f"{_LEFT_TO_RIGHT}{text}{_END}" if self.rtl else text

    def number(self, value: int) -> str:
        """A whole number with the language's grouping."""
        return number(value, self.lang)

    def category(self, category: str | None) -> str:
        """The terms' own word for a category, else a common one, else its id."""
        if not category:
            return say("paper.everyone", self.lang)
        own = self.categories.get(category)
        if own and own != category:
            return own
        for key in (f"paper.category.{category}", f"terms.word.{category}"):
            if known(key, self.lang):
                return say(key, self.lang)
        return own or category

    def kind(self, category: str | None, state: str = "living", group: str | None = None) -> str:
        """Category, state and group as one phrase; what goes without saying is left out."""
        words = [self.category(category)] if category or state == "living" else []
        if state != "living":
            words.append(self.state(state))
        if group in ("beside", "extra"):
            words.append(say(f"paper.group.{group}", self.lang))
        return say("paper.comma", self.lang).join(words)

    def state(self, state: str) -> str:
        """The living, remains, or those of whom it is not known."""
        key = f"paper.state.{state}"
        return say(key, self.lang) if known(key, "en") else state

    def count_of(self, done: int, agreed: int | None) -> str:
        """``12 of 40``; only the first where nothing was agreed in numbers."""
        if not agreed:
            return self.number(done)
        return say("paper.position.of", self.lang, n=done, agreed=agreed)
