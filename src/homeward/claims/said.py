"""Where the words said stand: after the verb of saying, or before the speaker."""

from __future__ import annotations

import re

from homeward.claims.cues import status_of, subject_of
from homeward.claims.sentences import Sentence
from homeward.claims.speakers import Voice
from homeward.claims.words_for import Lexicon

_PARTS = re.compile(r", |[\u201d\"]|'(?!\w)| -")


def after_speaker(text: str, ends: int, words: Lexicon) -> int:
    """Where the words said begin after "said X": behind "that", a comma, or the name itself."""
    rest, that = text[ends:], words.source("said_that")
    match = re.match(rf"[^,:;\"\u201c\u00ab]{{0,60}}?(?<!\w){that} ", rest)
    match = match or re.match(r"[^,:;\"\u201c\u00ab]*[,:]?\s*(?:що |что |that )?", rest)
    assert match is not None, "nothing at all matches too"
    return ends + (match.end() if match.end() < len(rest) else 0)


def content_start(text: str, verb: int, words: Lexicon) -> int:
    """Where the words said begin: after "that", a colon or an opening mark, asides left out."""
    rest = text[verb:]
    that, opening = words.source("said_that"), '[\u201c"\u00ab\u2018]'
    aside = r"(?P<aside>[^:\u201c\"\u00ab]{0,90}?)"
    match = re.match(rf"{aside}(?:(?P<that>,? {that} )|:(?!\d) ?|, (?={opening}))", rest)
    if match is None:
        return verb
    between = match["aside"].strip()
    if match["that"] and words.pattern("told_somebody").search(text[:verb]):
        return verb + match.end()
    led = not between or words.pattern("aside").match(between) is not None
    return verb + match.end() if led or not match["that"] else verb


def told_before(
    sentence: Sentence,
    voices: tuple[Voice, ...],
    floor: int,
    words: Lexicon,
    *,
    led: bool = False,
) -> tuple[int, int] | None:
    """The words said, where they stand before their speaker: "..., X said"."""
    starts = [voice.span.start - sentence.start for voice in voices if voice.span]
    if not starts:
        return None
    text = sentence.text
    # The comma of "4,208" and the sign of "Arvenia's" part nothing.
    comma = max(
        (m.start() for m in _PARTS.finditer(text, floor, min(starts))),
        default=-1,
    )
    if comma < 0 or comma - floor < 8:
        return None
    inside = text[floor:comma]
    if text[comma] == "'" and not text[floor:].lstrip().startswith(("'", "\u2018")):
        return None
    if not led and words.pattern("leads").match(inside.lstrip()):
        return None
    return floor, comma + (text[comma] in "\u201d\"'")


def stands_alone(text: str, before: tuple[int, int], words: Lexicon) -> bool:
    """Whether what stands before the speaker is a statement by itself."""
    told = text[before[0] : before[1]]
    about = subject_of(told, words, has_persons=True) or words.pattern("it_again").match(told)
    return status_of(told, words, "says") is not None and bool(about)


def little_left(rest: str, words: Lexicon) -> bool:
    few = len(re.findall(r"\w+", rest)) <= 6 and not re.search(r"\d{2,}", rest)
    return few and subject_of(rest, words, has_persons=True) is None
