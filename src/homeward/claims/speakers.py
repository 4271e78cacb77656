"""Who speaks: names of persons, bodies and states beside a verb of saying, and words for them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from homeward.claims.mentions import CAPITAL, Mention, Names
from homeward.claims.model import Span
from homeward.claims.words_for import Lexicon

SPEAKING = frozenset({"state", "seat", "body", "person", "joint", "pronoun", "message"})


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks: label, state or side, and where the name stands; the article itself has none."""

    label: str
    kind: str
    code: str | None = None
    span: Span | None = None


ARTICLE = Voice("article", "article")


@dataclass(frozen=True, slots=True)
class Frame:
    """One part of a sentence and who says it; places are counted in the sentence.

    ``head`` holds the speaker, the verb and what stands about them; ``status`` is what the verb
    itself lends ("confirmed"), "says" where it lends nothing.
    """

    voices: tuple[Voice, ...]
    status: str
    head: tuple[int, int]
    content: tuple[int, int]
    sure: bool = True
    about_previous: bool = False
    through: str = ""  # who passes it on: "A said that B had confirmed"
    carried: bool = False  # a quotation that goes on from the sentence before


@dataclass
class Memory:
    """Who spoke last, so that "he", "the ministry" and open quotations find their speaker."""

    last: tuple[Voice, ...] = ()
    person: Voice | None = None
    bodies: list[Voice] = field(default_factory=list)
    named: Voice | None = None  # the last body that was only spoken of

    def keep(self, voices: tuple[Voice, ...]) -> None:
        """Remember who has just spoken."""
        self.last = voices
        for voice in voices:
            if voice.kind == "person":
                self.person = voice
            elif voice.kind == "body":
                self.bodies.append(voice)


def voices_in(
    region: str, offset: int, names: Names, memory: Memory, *, first: bool = False
) -> tuple[Voice, ...]:
    """The speakers named in a region: the last name, or several joined by "and"."""
    mentions = [m for m in names.mentions(region) if m.kind in SPEAKING]
    free = [m for m in mentions if first or not _is_object(region, m, names.words)]
    if first:
        # "said he" tells nobody's name, and "the UAE's" goes on to something of theirs.
        free = [m for m in free if m.kind != "pronoun" and not region[m.end :].startswith("'s ")]
    if not free:
        return ()
    chosen = [_first_speaker(free) if first else _main_name(region, free)]
    while not first:
        before = [m for m in mentions if m.end <= chosen[0].start]
        between = region[before[-1].end : chosen[0].start] if before else ""
        if not names.words.pattern("and").fullmatch(between.strip(" ,")):
            break
        chosen.insert(0, before[-1])
    chosen = [_with_its_name(region, mention) for mention in chosen]
    voices = [voice_of(mention, offset, memory, names.words) for mention in chosen]
    return tuple(voice for voice in voices if voice is not None)


def _main_name(region: str, free: list[Mention]) -> Mention:
    """The last name; but a person of whom only the office stands between commas speaks."""
    last = free[-1]
    persons = [m for m in free if m.kind == "person" and m.end < last.start]
    if last.kind in ("body", "state", "seat", "adjective") and persons:
        aside = region[persons[-1].end : last.start]
        closed = region[last.end :].lstrip().startswith(",")
        if aside.startswith(", ") and aside.count(",") == 1 and closed:
            return persons[-1]
    return last


def _with_its_name(region: str, mention: Mention) -> Mention:
    """ "A state's News Agency" where only the state is known: the whole name speaks."""
    match = re.match(rf"'s ({CAPITAL}(?: {CAPITAL}){{0,3}}) $", region[mention.end :])
    if mention.kind not in ("state", "seat") or match is None:
        return mention
    end = mention.end + match.end(1)
    return Mention(mention.start, end, region[mention.start : end], "body", mention.code)


def _first_speaker(mentions: list[Mention]) -> Mention:
    """The first one named; a person whose office and state come first stands for them."""
    for mention in mentions:
        near = mention.start - mentions[0].end < 30
        if mention.kind == "person" and near:
            return mention
    return mentions[0]


def _is_object(region: str, mention: Mention, words: Lexicon) -> bool:
    before = region[: mention.start].rstrip()
    word = before.rsplit(" ", 1)[-1] if before else ""
    if not word or before.endswith(","):
        return False
    joined_to_subject = words.pattern("and").fullmatch(word)
    return not joined_to_subject and bool(words.pattern("object_of").fullmatch(word))


def voice_of(
    mention: Mention, offset: int, memory: Memory, words: Lexicon | None = None
) -> Voice | None:
    span = Span(offset + mention.start, offset + mention.end)
    if mention.kind in ("pronoun", "message"):
        last = memory.last[0] if memory.last else None
        person = mention.kind == "pronoun" and mention.label.casefold() != "it"
        known = (memory.person if person else None) or last or memory.named
        return replace(known, span=span) if known else None
    role = words is not None and bool(words.pattern("roles").fullmatch(mention.label))
    if role and memory.person is not None:
        return replace(memory.person, span=span)
    if mention.kind == "body" and mention.code is None:
        return _known_body(mention, span, memory)
    return Voice(mention.label, mention.kind, mention.code, span)


def _known_body(mention: Mention, span: Span, memory: Memory) -> Voice:
    """ "The ministry" is the one that was named before."""
    noun = mention.label.casefold().split()[-1]
    for voice in reversed(memory.bodies):
        if noun in voice.label.casefold():
            return replace(voice, span=span)
    return Voice(mention.label, "body", None, span)


def unknown_name(region: str, offset: int, words: Lexicon) -> tuple[Voice, ...]:
    """A capitalised name before the verb, of somebody whom the text does not introduce.

    An adverb, or what is said of the name between commas, may stand between the two.
    """
    adverbs = rf"(?:{words.source('adverbs')} )*"
    match = re.search(rf"(?i:^|[\s(])({CAPITAL}(?: {CAPITAL}){{0,2}}) {adverbs}$", region)
    if match is None:
        match = re.match(rf"\s*({CAPITAL}(?: {CAPITAL}){{1,2}}),.*,\s*{adverbs}$", region)
    if match is None or match.group(1).isupper() or words.pattern("leads").match(match.group(1)):
        return ()
    if any(
        words.pattern("channels", name).search(match.group(1)) for name in words.keys("channels")
    ):
        return ()
    span = Span(offset + match.start(1), offset + match.end(1))
    return (Voice(match.group(1), "person", None, span),)


def far_from(voices: tuple[Voice, ...], verb: int) -> bool:
    """Whether more than an adverb or two stand between the last name and a later verb."""
    ends = [voice.span.end for voice in voices if voice.span]
    return bool(ends) and verb - max(ends) > 24
