"""Who is named in a text: states, their seats, bodies that speak, persons with their offices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from homeward.claims.sentences import plainly
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
    got_back: frozenset[str] = frozenset()  # sides whose "returned" means "got back" here
    _asked: dict[str, tuple[Mention, ...]] = field(default_factory=dict, compare=False, repr=False)

    def side(self, code: str | None) -> str | None:
        """The side that a state or side name stands for; None for everybody else."""
        return self.sides.get(code) if code else None

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Everything named in ``text``, longest first where two begin at one place."""
        if text not in self._asked:  # a sentence is asked about many times
            found = [*self._states(text), *self._bodies(text), *self._persons(text)]
            self._asked[text] = _without_overlaps(found)
        return self._asked[text]

    def _states(self, text: str) -> Iterable[Mention]:
        for match in _state_pattern(self.words.language).finditer(text):
            kind, code, _ = (match.lastgroup or "").split("_")
            declined = self.words.language != "en" and kind == "people"
            if self.words.pattern("stands_behind").match(text, match.end()):
                continue  # "the X-backed rebels": X is not who they are
            if match.group().islower() and kind != "adjective" and not declined:
                continue
            yield Mention(match.start(), match.end(), match.group(), kind, code)
        for source, side in self.own.items():
            for match in re.finditer(rf"(?<!\w)(?:{source})(?!\w)", text):
                kind = "adjective" if match.group()[0].islower() else "state"
                yield Mention(match.start(), match.end(), match.group(), kind, side)

    def _bodies(self, text: str) -> Iterable[Mention]:
        for match in _body_pattern(self.words.language, tuple(self.own)).finditer(text):
            code = _code_in(match.group(), self.words, self.own)
            if self.words.pattern("of_no_state").search(match.group()):
                code = None  # "the Red Cross in X" does not speak for X
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
def _state_pattern(language: str) -> re.Pattern[str]:
    """Every way of naming every state in one pattern; the group that matches is "kind_CODE"."""
    kinds = (("adjective", "adjectives"), ("people", "people"), ("state", "names"))
    # Where names are stems, the longer words of adjectives and people are tried before them.
    groups: dict[str, list[str]] = {}
    for kind, name in (*kinds, ("seat", "seats")):
        for country in countries(language):
            for letter, source in _by_letter(getattr(country, name)):
                group = rf"(?P<{kind}_{country.code}_{ord(letter)}>(?:{source})(?!\w))"
                groups.setdefault(letter, []).append(group)
    # Only the names that begin with the letter at hand are tried: there are many.
    tried = [rf"(?=[{letter}])(?:{'|'.join(found)})" for letter, found in groups.items()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(tried) or '(?!)'})", re.IGNORECASE)


def _by_letter(source: str) -> Iterable[tuple[str, str]]:
    """The alternatives of one entry by their first letters, each in its order."""
    found: dict[str, list[str]] = {}
    for alternative in filter(None, source.split("|")):
        found.setdefault(alternative[0].casefold(), []).append(alternative)
    return ((letter, "|".join(parts)) for letter, parts in found.items())


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
    part = r"'s [\w-]+(?: (?:service|office|department|committee|agency|team))?"
    after = rf"(?: \((?-i:[A-Z]{{2,10}})\))?(?:,? (?:of|in|to) (?:the )?{state}|{part})?"
    after += rf"(?: for (?:the )?(?:{state}(?:'s)? )?{body})?"
    if language != "en":
        after = rf"(?: {state})?"
    return re.compile(rf"(?<!\w){before}{body}{after}(?!\w)", re.IGNORECASE)


def _code_in(text: str, words: Lexicon, own: Mapping[str, str] | None = None) -> str | None:
    for name, side in (own or {}).items():
        if re.search(rf"(?<!\w)(?:{name})(?!\w)", text):
            return side
    match = _state_pattern(words.language).search(text)
    return (match.lastgroup or "__").split("_")[1] if match else None


def know_names(text: str, words: Lexicon, sides: Mapping[str, Sequence[str]]) -> Names:
    """Read who is who: sides by their names, persons by the offices with which they are introduced.

    ``sides`` gives each side's id and its names; a name that is a state's brings with it the
    state's adjective, people and seat of government.
    """
    text = plainly(text)
    codes: dict[str, str] = {}
    own: dict[str, str] = {}
    for side, names in sides.items():
        for name in names or (side.capitalize(),):
            code = _code_in(name, words)
            if code is not None and _names_a_state(name, words):
                codes[code] = side
            else:
                own[_inflected(name, words)] = side
        codes[side] = side
    known = Names(words, codes, own, _persons_in(text, words, own))
    return replace(known, got_back=frozenset(_who_got_back(text, known)))


def _names_a_state(name: str, words: Lexicon) -> bool:
    """Whether nothing but the state is named: "the Arvenian Liberation Front" is somebody else."""
    left = _state_pattern(words.language).sub(" ", name).strip()
    return words.language != "en" or not left or bool(words.pattern("state_words").fullmatch(left))


def _inflected(name: str, words: Lexicon) -> str:
    """The name as a pattern; where names are declined, its stem with any ending."""
    if words.language == "en":
        return re.escape(name)
    # The stem serves the name in every case and its adjective.
    prefix = words.prefix
    stems = [_stem(word) for word in name.split()]
    return rf"{prefix}(?i:" + " ".join(rf"{re.escape(stem)}\w{{0,8}}" for stem in stems) + ")"


def _stem(word: str) -> str:
    """The word without its ending; a stem of three letters would begin other words too."""
    short = re.sub(r"(?:[иі]я|[аяійоеєьыиїюу])$", "", word)
    return short if len(short) > 3 else word[:-1]


def _who_got_back(text: str, names: Names) -> Iterable[str]:
    """ "Returned from their captivity": in such a text, a side that returns people gets them."""
    for match in names.words.fragment("got_back").finditer(text):
        before = names.mentions(text[max(0, match.start() - 40) : match.start()])
        side = names.side(before[-1].code) if before else None
        if side:
            yield side


def _persons_in(text: str, words: Lexicon, own: Mapping[str, str]) -> dict[str, Mention]:
    """Persons introduced with an office, by surname; the state stands beside the office."""
    found: dict[str, Mention] = {}
    for match in _introduction(words.language, tuple(own)).finditer(text):
        name = match.group("after") or match.group("before")
        if name is None or _code_in(name, words, own) or _no_name(name, words):
            continue
        surname = name.split()[-1].removesuffix("'s")
        lead = _just_before(text, match)
        code = _code_in(match.group(), words, own) or _code_in(lead, words, own)
        known = found.get(surname)
        if known is None or (known.code is None and code):
            label = name.removesuffix("'s")
            found[surname] = Mention(0, 0, label, "person", code)
    for match in _apposition(words.language).finditer(text):
        for name in filter(None, (match["one"], match["other"])):
            if not _code_in(name, words, own):
                code = _code_in(match["what"], words, own)
                found.setdefault(name.split()[-1], Mention(0, 0, name, "person", code))
    return found


@cache
def _apposition(language: str) -> re.Pattern[str]:
    """ "A B, who headed ...", "A B and C D, the heads of ...": persons by what is said of them."""
    lead = lexicon(language).source("said_of_persons")
    return re.compile(
        rf"(?<!\w)(?P<one>{_NAME})(?: (?i:{lexicon(language).source('and')}) (?P<other>{_NAME}))?, "
        rf"(?P<what>(?i:{lead})(?!\w)[^,.;]{{0,80}})"
    )


def _no_name(name: str, words: Lexicon) -> bool:
    """Days, months and offices are written with capitals too."""
    first = name.split(maxsplit=1)[0].casefold()
    known = {**words.mapping("moments", "months"), **words.mapping("moments", "weekdays")}
    office = any(words.pattern(kind).match(name) for kind in ("bodies", "titles"))
    return first in known or office or name.isupper()


def _just_before(text: str, match: re.Match[str]) -> str:
    """The words of the same sentence that lead up to an office: "Russian President ...'s aide"."""
    return text[max(0, match.start() - 60) : match.start()].rpartition(". ")[2]


@cache
def _introduction(language: str, own: tuple[str, ...]) -> re.Pattern[str]:
    words = lexicon(language)
    state = any_state(language, own)
    # Names keep their capitals while offices and states may be written either way.
    headed = rf"{words.source('head_of')} (?:the )?(?:{state}(?:'s)? )?{words.source('bodies')}"
    office = rf"(?:{headed}|(?:\w+ )?{words.source('titles')})"
    before = rf"(?i:(?:{state})(?:'s)? )?(?i:{office})"
    of = rf"(?i:(?: (?:of|for|to) (?:the )?[\w' -]{{0,40}}?)?(?:{state})?)"
    # After an office one name is enough: "President Verne".
    name = rf"{CAPITAL}(?: (?:al-|el-|bin |van |de )?{CAPITAL}){{0,2}}"
    # "Adviser to the head of the Office A B": a body is no name.
    no_body = rf"(?!(?i:{words.source('bodies')})(?!\w))" if language != "en" else ""
    following = rf"{before}(?i: (?:of )?(?:the )?{state})?(?:,)? {no_body}(?P<after>{name})"
    leading = rf"(?P<before>{_NAME}), (?:(?i:the|who is) )?{before}{of}"
    return re.compile(rf"(?<!\w)(?:{following}|{leading})(?!\w)")
