"""Sources that are cited: "according to X", "in their words", "quote from X"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from homeward.claims.cues import subject_of
from homeward.claims.mentions import CAPITAL, Names
from homeward.claims.model import Span
from homeward.claims.sentences import Sentence
from homeward.claims.speakers import Frame, Memory, Voice, unknown_name, voice_of, voices_in
from homeward.claims.subjects import named_in
from homeward.claims.words_for import Lexicon


def what_precedes(text: str, floor: int, head: int) -> tuple[int, int]:
    end = len(text[:head].rstrip(" ,-"))
    return floor, max(floor, end)


def according(sentence: Sentence, names: Names, memory: Memory) -> Iterator[Frame]:
    """ "According to X, ..." and "..., according to X"."""
    text = sentence.text
    again = names.words.pattern("according_again").match(text)
    if again is not None and (memory.person or memory.last):
        person = (memory.person,) if memory.person else memory.last
        span = Span(sentence.start, sentence.start + again.end())
        voices = tuple(replace(voice, span=span) for voice in person if voice)
        yield Frame(voices, "says", (0, again.end()), (again.end(), len(text)))
        return
    match = names.words.pattern("according").search(text)
    if match is None or sentence.in_quotation(sentence.start + match.start()):
        return
    region = text[match.end() : match.end() + 120]
    offset = sentence.start + match.end()
    if names.words.pattern("aside_within").search(text[: match.start()].rstrip(" ,")):
        return
    voices = voices_in(region, offset, names, memory, first=True)
    again = names.words.pattern("object_pronouns").match(region.lstrip())
    if again and (memory.person or memory.last):
        person = (memory.person,) if memory.person else memory.last
        at = offset + len(region) - len(region.lstrip())
        voices = tuple(replace(v, span=Span(at, at + again.end())) for v in person if v)
    stop = re.search(r"[,.;:\u201c\"]|$", region)
    ends = offset + min(60, stop.start() if stop else 60)
    near = voices and voices[0].span and voices[0].span.start < ends
    if near:
        voices = _by_name(region, voices, offset)
    if not near:
        voices = _unnamed_source(region, offset, names.words)
    if not voices:
        return
    lead, comma = text[: match.start()], text.find(",", match.end())
    comma = _past_office(text, comma, names.words)
    if comma >= 0 and len(lead.split()) <= 4 and subject_of(lead, names.words, False) is None:
        yield Frame(voices, "says", (0, comma + 1), (comma + 1, len(text)))
    else:
        told = what_precedes(text, 0, match.start())
        yield Frame(voices, "says", (match.start(), len(text)), told)


def _by_name(region: str, voices: tuple[Voice, ...], offset: int) -> tuple[Voice, ...]:
    """ "According to the envoy, A B": the name behind the comma, where an office was cited."""
    first = voices[0]
    if first.span is None or first.kind != "body":
        return voices
    behind = region[first.span.end - offset :]
    named = re.match(rf", (?P<who>{CAPITAL}(?: {CAPITAL}){{1,2}})(?=[,.]|$)", behind)
    if named is None:
        return voices
    at = first.span.end + 2
    return (Voice(named["who"], "person", first.code, Span(at, at + len(named["who"]))),)


def quote_from(sentence: Sentence, names: Names, memory: Memory) -> Frame | None:
    """ "Quote from X: ...": X says what follows."""
    text = sentence.text
    match = names.words.pattern("quote_from").match(text)
    colon = text.find(":", match.end(), match.end() + 60) if match else -1
    if match is None or colon < 0:
        return None
    region, offset = text[match.end() : colon], sentence.start + match.end()
    voices = voices_in(region, offset, names, memory, first=True) or unknown_name(
        region + " ", offset, names.words
    )
    return Frame(voices, "says", (0, colon + 1), (colon + 1, len(text))) if voices else None


def quoted_as(sentence: Sentence, names: Names, memory: Memory) -> Frame | None:
    """ "A paper quoted X as saying that ...": X says it, and the paper passes it on."""
    text, words = sentence.text, names.words
    match = words.fragment("quoted_as").search(text)
    if match is None or sentence.in_quotation(sentence.start + match.start()):
        return None
    voice = _quoted_voice(match, sentence, names, memory)
    if voice is None:
        return None
    if sentence.quoted and sentence.quoted[0][0] == sentence.start:
        ends = sentence.quoted[0][1] - sentence.start
        return Frame((voice,), "says", (ends, len(text)), (0, ends))
    that = words.pattern("said_that").match(text, match.end())
    begins = that.end() if that else match.end()
    return Frame((voice,), "says", (0, begins), (begins, len(text)))


def _quoted_voice(
    match: re.Match[str], sentence: Sentence, names: Names, memory: Memory
) -> Voice | None:
    """Whoever is quoted: by name, by office, or as "her", whom the text has named before."""
    at = sentence.start + match.start("who")
    if names.words.pattern("object_pronouns").fullmatch(match["who"]):
        person = memory.person or (memory.last[0] if memory.last else None)
        return replace(person, span=Span(at, at + len(match["who"]))) if person else None
    named = named_in(match["who"], names)
    return voice_of(named, at, memory, names.words) if named else None


def _unnamed_source(region: str, offset: int, words: Lexicon) -> tuple[Voice, ...]:
    """ "According to figures of an agency": what is cited speaks, whoever it may be."""
    match = re.match(r"\s*(?P<source>[^,.;:\u201c\"]{4,60})(?=[,.;:]|$)", region)
    if match is None:
        return ()
    told = words.pattern("speakers_told").search(match["source"])
    if words.language == "en" and not (told or re.search(CAPITAL, match["source"])):
        return ()  # "citing alleged breaches": a reason and nobody
    span = Span(offset + match.start("source"), offset + match.end("source"))
    return (Voice(match["source"], "body", None, span),)


def _past_office(text: str, comma: int, words: Lexicon) -> int:
    """The comma after a speaker's office: "According to A B, the ombudsman, ..."."""
    following = text.find(",", comma + 1)
    if comma < 0 or following < 0:
        return comma
    office = words.pattern("titles").search(text[comma + 1 : following])
    return following if office and not re.search(r"\d", text[comma:following]) else comma
