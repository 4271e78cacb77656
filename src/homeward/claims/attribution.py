"""Who says which part of a sentence: frames of speaker, verb of saying, and what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from homeward.claims.citing import according, quote_from, what_precedes
from homeward.claims.cues import status_of, subject_of
from homeward.claims.mentions import Names
from homeward.claims.model import Span
from homeward.claims.sentences import Sentence
from homeward.claims.speakers import (
    ARTICLE,
    Frame,
    Memory,
    Voice,
    far_from,
    unknown_name,
    voice_of,
    voices_in,
)
from homeward.claims.words_for import Lexicon


@dataclass(frozen=True, slots=True)
class _Verb:
    start: int
    end: int
    status: str


def frames(sentence: Sentence, names: Names, memory: Memory) -> tuple[Frame, ...]:
    """The frames of one sentence, left to right; the article's own voice where nobody is named."""
    text = sentence.text
    if sentence.all_quoted and memory.last:
        return (Frame(memory.last, "says", (0, 0), (0, len(text)), carried=True),)
    of_previous = _of_previous(sentence, names, memory)
    if of_previous is not None:
        memory.keep(of_previous.voices)
        return (of_previous,)
    quote = quote_from(sentence, names, memory)
    found = [quote] if quote else [*_by_verbs(sentence, names, memory)]
    found += [] if quote else [*according(sentence, names, memory)]
    if not found and sentence.signed_by:
        voice = Voice(sentence.signed_by, "body", None, None)
        return (Frame((voice,), "says", (0, 0), (0, len(text))),)
    if not found:
        bodies = [m for m in names.mentions(text) if m.kind == "body" and len(m.label) > 8]
        memory.named = voice_of(bodies[-1], sentence.start, memory) if bodies else memory.named
        return (Frame((ARTICLE,), "says", (0, 0), (0, len(text))),)
    told = [frame for frame in found if frame.about_previous] or found
    for frame in told:
        memory.keep(frame.voices)
    return tuple(found)


def _verbs(sentence: Sentence, words: Lexicon) -> list[_Verb]:
    found = [
        _Verb(match.start(), match.end(), status)
        for status in words.keys("speech")
        for match in words.pattern("speech", status).finditer(sentence.text)
        if not sentence.in_quotation(sentence.start + match.start())
        # "United States" says nothing; headings write every word with a capital.
        and (not match.group()[0].isupper() or not sentence.ended)
        and not _noun(sentence.text, match.start(), words)
    ]
    kept: list[_Verb] = []
    for verb in sorted(found, key=lambda v: (v.start, -v.end)):
        if not kept or verb.start >= kept[-1].end:
            kept.append(verb)
    return kept


def _noun(text: str, at: int, words: Lexicon) -> bool:
    """ "Its promises", "what he said": the word names something and nobody speaks by it."""
    before = text[:at].rstrip()
    if words.pattern("what_is_said").search(before[-12:]):
        return True
    if words.pattern("things_told").search(before[-24:]):
        return True  # "an agreement announced last week"
    if words.pattern("relative_subject").search(before[-14:]):
        return True  # "a deal that promised"
    return bool(words.pattern("noun_after").fullmatch(before.rsplit(" ", 1)[-1]))


def _by_verbs(sentence: Sentence, names: Names, memory: Memory) -> Iterator[Frame]:
    words = names.words
    if any(True for _ in according(sentence, names, memory)):
        return
    verbs = _verbs(sentence, words)
    previous: Frame | None = None
    pending: list[Frame] = []
    for verb in verbs:
        floor = previous.content[0] if previous else 0
        frame = _frame(sentence, verb, floor, names, memory, previous)
        if frame is None:
            continue
        if previous is not None and pending and previous.content[1] > frame.head[0]:
            pending[-1] = replace(previous, content=(previous.content[0], frame.head[0]))
        elif previous is not None and pending and previous.head[1] > frame.head[0]:
            pending[-1] = replace(previous, head=(previous.head[0], frame.head[0]))
        if previous is not None and _nested(sentence, previous, frame, verb):
            frame = replace(frame, through=previous.voices[0].label)
        pending.append(frame)
        previous = frame
        memory.keep(frame.voices)
    yield from pending


def _nested(sentence: Sentence, outer: Frame, inner: Frame, verb: _Verb) -> bool:
    """ "A said that B had confirmed": right where A's words begin, B is named and speaks."""
    starts = [voice.span.start - sentence.start for voice in inner.voices if voice.span]
    if not starts or inner.voices == outer.voices or outer.about_previous:
        return False
    begins = outer.content[0]
    between = sentence.text[begins : min(starts)].strip()
    return begins <= min(starts) < verb.start and len(between.split()) <= 1


def _frame(
    sentence: Sentence,
    verb: _Verb,
    floor: int,
    names: Names,
    memory: Memory,
    previous: Frame | None,
) -> Frame | None:
    """The frame of one verb of saying; None where the verb says nothing here."""
    text, words = sentence.text, names.words
    if _passive(text, verb, words):
        return _passive_frame(sentence, verb, names, memory)
    if text[: verb.start].rstrip().endswith((",", "-", '"', "\u201d", "\u00bb")):
        inverted = _inverted(sentence, verb, floor, names, memory)
        if inverted is not None and not _aside_follows(text[verb.end :], words):
            return inverted
    begin = _region_start(sentence, verb, floor, previous is not None)
    region = _without_relatives(text[begin : verb.start], words)
    voices = voices_in(region, sentence.start + begin, names, memory)
    if previous is not None and far_from(voices, sentence.start + verb.start):
        voices = ()
    if not voices and previous is not None and _only_joints(region, words):
        voices = previous.voices
    if not voices and words.language != "en" and text[verb.start : verb.end].endswith("ли"):
        # "In the ministry they said": in these languages the place speaks.
        voices = voices_in(region, sentence.start + begin, names, memory, first=True)
    voices = voices or unknown_name(region, sentence.start + begin, words)
    if not voices:
        return _inverted(sentence, verb, floor, names, memory)
    return _said_by(sentence, verb, voices, (begin, floor), names, memory)


def _said_by(
    sentence: Sentence,
    verb: _Verb,
    voices: tuple[Voice, ...],
    begins: tuple[int, int],
    names: Names,
    memory: Memory,
) -> Frame:
    """The frame of a verb whose speakers are known; ``begins`` is where its head and its words
    may start. What is said stands after the verb, or before the speaker, or in "this"."""
    text, words, (head, floor) = sentence.text, names.words, begins
    end = _content_start(text, verb, words)
    if words.fragment("this_said").match(text[verb.end :].lstrip()):
        return Frame(voices, verb.status, (head, len(text)), (0, 0), about_previous=True)
    before = _told_before(sentence, voices, floor, words)
    if before is None and _little_left(text[end:], words):
        before = _told_before(sentence, voices, floor, words, led=True)
        before = before if before and _full(text, before, words) else None
    if before is not None and (_little_left(text[end:], words) or _full(text, before, words)):
        return Frame(voices, verb.status, (before[1], len(text)), before)
    if verb.status == "no_comment":
        return Frame(voices, verb.status, (head, verb.start), (head, len(text)))
    also = words.pattern("as_did").search(text, end)
    if also is not None:
        # "..., as did X and Y": they say the same.
        region, offset = text[also.end() :], sentence.start + also.end()
        voices = (*voices, *voices_in(region, offset, names, memory))
    return Frame(voices, verb.status, (head, end), (end, also.start() if also else len(text)))


def _passive(text: str, verb: _Verb, words: Lexicon) -> bool:
    before = text[: verb.start].rstrip().split(" ")
    while len(before) > 1 and words.pattern("adverbs").fullmatch(before[-1]):
        before.pop()
    return bool(words.pattern("passive").fullmatch(before[-1].strip(",")))


def _passive_frame(sentence: Sentence, verb: _Verb, names: Names, memory: Memory) -> Frame | None:
    """ "... was confirmed by X": X says it."""
    text, words = sentence.text, names.words
    match = words.pattern("passive_by").match(text[verb.end :].lstrip())
    if match is None:
        return None
    start = verb.end + 1 + match.end()
    voices = voices_in(text[start : start + 90], sentence.start + start, names, memory, first=True)
    if not voices:
        return None
    return Frame(voices, verb.status, (verb.start, len(text)), (0, verb.start))


def _of_previous(sentence: Sentence, names: Names, memory: Memory) -> Frame | None:
    """ "This was reported by X": X said the sentence before."""
    text = sentence.text
    match = names.words.pattern("said_of_previous").match(text)
    if match is None:
        return None
    region = text[match.end() : match.end() + 120]
    voices = voices_in(region, sentence.start + match.end(), names, memory, first=True)
    if not voices:
        return None
    return Frame(voices, "says", (0, len(text)), (0, 0), about_previous=True)


def _region_start(sentence: Sentence, verb: _Verb, floor: int, later: bool) -> int:
    """Where the words that may name the verb's speaker begin."""
    text = sentence.text
    quotes = [end - sentence.start for _, end in sentence.quoted]
    start = max([floor, *(end for end in quotes if end <= verb.start)])
    if not later:
        return start
    cut = -1
    for match in re.finditer(r"(?:[,;]| and| but| while| -)\s", text[start : verb.start]):
        cut = match.start()
    return start + cut if cut >= 0 else start


def _without_relatives(region: str, words: Lexicon) -> str:
    """The region with its relative clauses blanked, so that only main names are left."""
    return re.sub(
        words.fragment("relative").pattern + r"[^,]*(?:,|$)",
        lambda match: " " * (match.end() - match.start()),
        region,
        flags=re.IGNORECASE,
    )


def _only_joints(region: str, words: Lexicon) -> bool:
    left = words.pattern("and_then").sub(" ", region)
    return not re.search(r"\w", left)


def _inverted(
    sentence: Sentence, verb: _Verb, floor: int, names: Names, memory: Memory
) -> Frame | None:
    """ "...", said X: the speaker stands right after the verb."""
    text = sentence.text
    after = text[verb.end : verb.end + 90]
    voices = voices_in(after, sentence.start + verb.end, names, memory, first=True)
    voices = voices or _pronoun_after(after, sentence.start + verb.end, names, memory)
    if voices and not _ends_after(text, voices, sentence.start, names.words):
        return None
    at = voices[0].span.start - sentence.start - verb.end if voices and voices[0].span else 99
    if not voices or at > 45 or re.search(r"[,;:.]", after[:at]):
        return None
    ends = max((v.span.end - sentence.start for v in voices if v.span), default=verb.end)
    if verb.start - floor < 12:
        start = _after_speaker(text, ends, names.words)
        return Frame(voices, verb.status, (floor, start), (start, len(text)))
    return Frame(
        voices, verb.status, (verb.start, len(text)), what_precedes(text, floor, verb.start)
    )


def _pronoun_after(after: str, offset: int, names: Names, memory: Memory) -> tuple[Voice, ...]:
    """ "...", said she: only where the verb may stand before any speaker."""
    match = re.match(rf"\s(?:{names.words.source('pronouns')})(?=[.,;]|$)", after, re.IGNORECASE)
    person = memory.person or (memory.last[0] if memory.last else None)
    if match is None or names.words.language == "en" or person is None:
        return ()
    return (replace(person, span=Span(offset + 1, offset + match.end())),)


def _ends_after(text: str, voices: tuple[Voice, ...], offset: int, words: Lexicon) -> bool:
    """Whether the speaker's name closes the words of saying: "said X.", "said X in a letter"."""
    ends = max((voice.span.end - offset for voice in voices if voice.span), default=len(text))
    rest = text[ends:]
    if words.language != "en" or not rest.strip() or rest[0] in ",.;:":
        return True
    first = rest.split()[0].strip(",.;:") if rest[0].isspace() else ""
    return bool(words.pattern("after_inverted").fullmatch(first))


def _aside_follows(rest: str, words: Lexicon) -> bool:
    """ "..., said on Monday that": the words said follow, and the speaker stands before."""
    after = rest.lstrip(" ,")
    return any(words.pattern(name).match(after) for name in ("aside", "said_that"))


def _after_speaker(text: str, ends: int, words: Lexicon) -> int:
    """Where the words said begin after "said X": behind "that", a comma, or the name itself."""
    rest, that = text[ends:], words.source("said_that")
    match = re.match(rf"[^,:;\"\u201c\u00ab]{{0,60}}?(?<!\w){that} ", rest)
    match = match or re.match(r"[^,:;\"\u201c\u00ab]*[,:]?\s*(?:що |что |that )?", rest)
    assert match is not None, "nothing at all matches too"
    return ends + (match.end() if match.end() < len(rest) else 0)


def _content_start(text: str, verb: _Verb, words: Lexicon) -> int:
    """Where the words said begin: after "that", a colon or an opening mark, asides left out."""
    rest = text[verb.end :]
    that, opening = words.source("said_that"), '[\u201c"\u00ab\u2018]'
    aside = r"(?P<aside>[^:\u201c\"\u00ab]{0,90}?)"
    match = re.match(rf"{aside}(?:(?P<that>,? {that} )|: ?|, (?={opening}))", rest)
    if match is None:
        return verb.end
    between = match["aside"].strip()
    led = not between or words.pattern("aside").match(between) is not None
    return verb.end + match.end() if led or not match["that"] else verb.end


def _told_before(
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
    comma = max(text.rfind(sign, floor, min(starts)) for sign in (",", "\u201d", '"', "'", " -"))
    if comma < 0 or comma - floor < 8:
        return None
    inside = text[floor:comma]
    if text[comma] == "'" and not text[floor:].lstrip().startswith(("'", "\u2018")):
        return None
    if not led and words.pattern("leads").match(inside.lstrip()):
        return None
    return floor, comma + (text[comma] in "\u201d\"'")


def _full(text: str, before: tuple[int, int], words: Lexicon) -> bool:
    """Whether what stands before the speaker is a statement by itself."""
    told = text[before[0] : before[1]]
    about = subject_of(told, words, has_persons=True) or words.pattern("it_again").match(told)
    return status_of(told, words, "says") is not None and bool(about)


def _little_left(rest: str, words: Lexicon) -> bool:
    few = len(re.findall(r"\w+", rest)) <= 6 and not re.search(r"\d{2,}", rest)
    return few and subject_of(rest, words, has_persons=True) is None
