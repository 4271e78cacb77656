"""Who is named in a text: states, their seats, bodies that speak, persons with their offices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from homeward.claims.model import Span
from homeward.claims.words_for import Lexicon, countries, lexicon

# A word that begins with a capital, in the scripts that have them.
CAPITAL = r"[^\W\d_a-zа-яіїєґё][\w'-]+"
_NAME = rf"{CAPITAL}(?: (?:al-|el-|bin |van |de )?{CAPITAL}){{1,2}}"


@dataclass(frozen=True, slots=True)
class Mention:
    """Something named: its words, place, kind, and the state or side it stands for."""

    start: int
    end: int
    label: str
    kind: str  # state, adjective, people, seat, body, person, joint, pronoun, message
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """How sides and states are named in one text: codes of states, ids of sides, surnames."""

    words: Lexicon
    sides: Mapping[str, str] = field(default_factory=dict)  # code or own name -> side id
    own: Mapping[str, str] = field(default_factory=dict)  # pattern of a side's own name -> side id
    persons: Mapping[str, Mention] = field(default_factory=dict)

    def side(self, code: str | None) -> str | None:
        """The side that a state or side name stands for; None for everybody else."""
        return self.sides.get(code) if code else None

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Everything named in ``text``, longest first where two begin at one place."""
        found = [*self._states(text), *self._bodies(text), *self._persons(text)]
        return _without_overlaps(found)

    def _states(self, text: str) -> Iterable[Mention]:
        for kind, pattern, code in _state_patterns(self.words.language):
            for match in pattern.finditer(text):
                if match.group().islower() and kind != "adjective":
                    continue
                yield Mention(match.start(), match.end(), match.group(), kind, code)
        for source, side in self.own.items():
            for match in re.finditer(rf"(?<!\w)(?:{source})(?!\w)", text):
                yield Mention(match.start(), match.end(), match.group(), "state", side)

    def _bodies(self, text: str) -> Iterable[Mention]:
        for match in _body_pattern(self.words.language, tuple(self.own)).finditer(text):
            code = _code_in(match.group(), self.words, self.own)
            yield Mention(match.start(), match.end(), match.group(), "body", code)
        for match in self.words.pattern("joint_speakers").finditer(text):
            yield Mention(match.start(), match.end(), match.group(), "joint")
        for match in self.words.pattern("pronouns").finditer(text):
            yield Mention(match.start(), match.end(), match.group(), "pronoun")
        for match in self.words.pattern("message_nouns").finditer(text):
            yield Mention(match.start(), match.end(), match.group(), "message")

    def _persons(self, text: str) -> Iterable[Mention]:
        for surname, person in self.persons.items():
            given = person.label.removesuffix(surname).strip()
            lead = rf"(?:{re.escape(given)} )?" if given else ""
            for match in re.finditer(rf"(?<!\w){lead}{re.escape(surname)}(?!\w)", text):
                yield replace(person, start=match.start(), end=match.end())


def _without_overlaps(found: Iterable[Mention]) -> tuple[Mention, ...]:
    chosen: list[Mention] = []
    for mention in sorted(found, key=lambda m: (m.start, m.start - m.end)):
        if not chosen or mention.start >= chosen[-1].end:
            chosen.append(mention)
    return tuple(chosen)


@cache
def _state_patterns(language: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    kinds = (("state", "names"), ("adjective", "adjectives"), ("people", "people"))
    return tuple(
        (kind, re.compile(rf"(?<!\w)(?:{source})(?![\w])", re.IGNORECASE), country.code)
        for country in countries(language)
        for kind, name in (*kinds, ("seat", "seats"))
        if (source := getattr(country, name))
    )


@cache
def any_state(language: str, own: tuple[str, ...] = ()) -> str:
    """Every way of naming any state, or a side by its ``own`` name, as one group of a pattern."""
    return "(?:" + "|".join([*own, *(country.any() for country in countries(language))]) + ")"


@cache
def _body_pattern(language: str, own: tuple[str, ...]) -> re.Pattern[str]:
    """A body with the state before it ("Russia's", "Turkish") or after it ("of Ukraine")."""
    words = lexicon(language)
    state, body = any_state(language, own), words.source("bodies")
    before = rf"(?:{state}(?:'s|s')? (?:\w+ )?)?"
    after = rf"(?:,? (?:of|in|to) (?:the )?{state}|'s [\w-]+)?"
    if language != "en":
        after = rf"(?: {state})?"
    return re.compile(rf"(?<!\w){before}{body}{after}(?!\w)", re.IGNORECASE)


def _code_in(text: str, words: Lexicon, own: Mapping[str, str] | None = None) -> str | None:
    for name, side in (own or {}).items():
        if re.search(rf"(?<!\w)(?:{name})(?!\w)", text):
            return side
    for _, pattern, code in _state_patterns(words.language):
        if pattern.search(text):
            return code
    return None


def know_names(text: str, words: Lexicon, sides: Mapping[str, Sequence[str]]) -> Names:
    """Read who is who: sides by their names, persons by the offices with which they are introduced.

    ``sides`` gives each side's id and its names; a name that is a state's brings with it the
    state's adjective, people and seat of government.
    """
    codes: dict[str, str] = {}
    own: dict[str, str] = {}
    for side, names in sides.items():
        for name in names or (side.capitalize(),):
            code = _code_in(name, words)
            if code is not None:
                codes[code] = side
            else:
                own[re.escape(name)] = side
        codes[side] = side
    return Names(words, codes, own, _persons_in(text, words, own))


def _persons_in(text: str, words: Lexicon, own: Mapping[str, str]) -> dict[str, Mention]:
    """Persons introduced with an office, by surname; the state stands beside the office."""
    found: dict[str, Mention] = {}
    for match in _introduction(words.language, tuple(own)).finditer(text):
        name = match.group("after") or match.group("before")
        if name is None or _code_in(name, words, own):
            continue
        surname = name.split()[-1].removesuffix("'s")
        lead = _just_before(text, match)
        code = _code_in(match.group(), words, own) or _code_in(lead, words, own)
        known = found.get(surname)
        if known is None or (known.code is None and code):
            label = name.removesuffix("'s")
            found[surname] = Mention(0, 0, label, "person", code)
    return found


def _just_before(text: str, match: re.Match[str]) -> str:
    """The words of the same sentence that lead up to an office: "Russian President ...'s aide"."""
    return text[max(0, match.start() - 60) : match.start()].rpartition(". ")[2]


@cache
def _introduction(language: str, own: tuple[str, ...]) -> re.Pattern[str]:
    words = lexicon(language)
    state = any_state(language, own)
    # Names keep their capitals while offices and states may be written either way.
    before = rf"(?i:(?:{state})(?:'s)? )?(?i:(?:\w+ )?{words.source('titles')})"
    of = rf"(?i:(?: (?:of|for|to) (?:the )?[\w' -]{{0,40}}?)?(?:{state})?)"
    following = rf"{before}(?i: {state})?(?:,)? (?P<after>{_NAME})"
    leading = rf"(?P<before>{_NAME}), (?:(?i:the|who is) )?{before}{of}"
    return re.compile(rf"(?<!\w)(?:{following}|{leading})(?!\w)")


def span_of(mention: Mention, offset: int) -> Span:
    """Where the mention stands in the whole text."""
    return Span(offset + mention.start, offset + mention.end)
