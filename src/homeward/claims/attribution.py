"""Who says which part of a sentence: frames of speaker, verb of saying, and what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from homeward.claims.citing import according, quote_from, quoted_as, what_precedes
from homeward.claims.mentions import Names
from homeward.claims.model import Span
from homeward.claims.said import (
    after_speaker,
    content_start,
    little_left,
    stands_alone,
    told_before,
)
from homeward.claims.sentences import Sentence
from homeward.claims.speakers import (
    ARTICLE,
    Frame,
    Memory,
    Voice,
    far_from,
    unknown_name,
    voice_of,
    voices_after,
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
    quote = quote_from(sentence, names, memory) or quoted_as(sentence, names, memory)
    found = [quote] if quote else [*_by_verbs(sentence, names, memory)]
    found = found or [*according(sentence, names, memory)]
    if not found and sentence.signed_by:
        voice = Voice(sentence.signed_by, "body", None, None)
        return (Frame((voice,), "says", (0, 0), (0, len(text))),)
    if not found:
        people = [m for m in names.mentions(text) if m.kind == "person" and m.start < 80][:1]
        people = [m for m in people if "," not in text[: m.start]]
        memory.person = voice_of(people[0], sentence.start, memory) if people else memory.person
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
        and (
            _that_follows(sentence.text, match.end(), words)
            or not _noun(sentence.text, match.start(), words)
        )
    ]
    kept: list[_Verb] = []
    for verb in sorted(found, key=lambda v: (v.start, -v.end)):
        if not kept or verb.start >= kept[-1].end:
            kept.append(verb)
    return kept


def _that_follows(text: str, end: int, words: Lexicon) -> bool:
    """ "Media reports that": with "that" right after it, even "reports" says something."""
    media = words.pattern("sayers").search(text[:end].rpartition(" ")[0][-12:])
    return bool(media and words.pattern("said_that").match(text[end:].lstrip()))


def _noun(text: str, at: int, words: Lexicon) -> bool:
    """ "Its promises", "what he said": the word names something and nobody speaks by it."""
    before = text[:at].rstrip()
    word = re.match(r"\w+ (\w+)", text[at:])
    if word is not None and words.pattern("said_next").fullmatch(word[1]):
        return True  # "initial reports said"
    if words.pattern("what_is_said").search(before[-12:]):
        return True
    plainly = words.pattern("said_plainly").match(text, at)
    if words.pattern("things_told").search(before[-24:]) and not plainly:
        return True  # "an agreement announced last week"
    if words.pattern("relative_subject").search(before[-14:]):
        return True  # "a deal that promised"
    last = before.rsplit(" ", 1)[-1]
    told = plainly or re.match(r"\w+ed(?!\w)", text[at:])
    if words.pattern("sayers").fullmatch(last) and told:
        return False  # "state media reported": no reports of the media
    return bool(words.pattern("noun_after").fullmatch(last))


def _by_verbs(sentence: Sentence, names: Names, memory: Memory) -> Iterator[Frame]:
    words = names.words
    if any(True for _ in according(sentence, names, memory)) and not _quoted_by(sentence, words):
        return
    verbs = _verbs(sentence, words)
    previous: Frame | None = None
    pending: list[Frame] = []
    for verb in verbs:
        floor = previous.content[0] if previous else 0
        frame = _frame(sentence, verb, floor, names, memory, previous)
        hopes = frame and frame.status == "assessed" and frame.voices[0].kind in ("state", "seat")
        if frame is None or (hopes and previous and _nested(sentence, previous, frame, verb)):
            continue  # "A said that B's side hoped to ...": A tells it
        if previous is not None and pending and _passes_on(frame, previous):
            # "A said ..., B reported": B passes on what A said.
            pending[-1] = previous = replace(
                pending[-1], through=frame.voices[0].label, content=_up_to(previous, frame)
            )
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


def _passes_on(frame: Frame, previous: Frame) -> bool:
    """Whether a frame that ends the sentence only repeats what the frame before it tells."""
    told_before = frame.content[1] <= frame.head[0] and frame.content[1] > frame.content[0]
    after = previous.content[0] >= previous.head[1]
    return told_before and after and frame.status == "says" and not frame.about_previous


def _up_to(previous: Frame, frame: Frame) -> tuple[int, int]:
    return previous.content[0], max(previous.content[0], min(previous.content[1], frame.content[1]))


def _quoted_by(sentence: Sentence, words: Lexicon) -> bool:
    """ "...", the official said, according to a paper: the official speaks."""
    cited = words.pattern("according").search(sentence.text)
    if cited is None or cited.start() <= 20:
        return False
    return any(verb.end <= cited.start() for verb in _verbs(sentence, words))


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
    marks = (",", "-", '"', "\u201d", "\u00bb")
    if text[: verb.start].rstrip().endswith(marks) and not _going(text, verb, words):
        inverted = _inverted(sentence, verb, floor, names, memory)
        if inverted is not None and not _aside_follows(text[verb.end :], words):
            return inverted
    if previous is not None and _going(text, verb, words) and not _with(text, verb):
        # "A said ..., adding that": whoever spoke goes on.
        return _said_by(sentence, verb, previous.voices, (verb.start, floor), names, memory)
    begin = _region_start(sentence, verb, floor, previous is not None)
    region = _without_relatives(text[begin : verb.start], words)
    voices = voices_in(region, sentence.start + begin, names, memory)
    if previous is not None and far_from(voices, sentence.start + verb.start):
        voices = ()
    if not voices and previous is not None and _only_joints(region, words):
        voices = previous.voices
    if not voices and text[: verb.start].rstrip().endswith(",") and _going(text, verb, words):
        # "A B made the remarks in an interview, saying": whoever the clause begins with.
        voices = voices_in(region, sentence.start + begin, names, memory, first=True)
    plural = text[verb.start : verb.end].endswith(("ли", "ют", "ут", "ят"))
    if not voices and words.language != "en" and plural:
        # "In the ministry they said": in these languages the place speaks.
        voices = voices_in(region, sentence.start + begin, names, memory, first=True)
    voices = voices or unknown_name(region, sentence.start + begin, words)
    if not voices:
        return _inverted(sentence, verb, floor, names, memory)
    if _within_relative(sentence, voices, previous, words):
        return None
    return _said_by(sentence, verb, voices, (begin, floor), names, memory)


def _with(text: str, verb: _Verb) -> bool:
    """ "..., with X saying": somebody else goes on."""
    return bool(re.search(r"(?<!\w)with [^,]{3,60}$", text[: verb.start]))


def _going(text: str, verb: _Verb, words: Lexicon) -> bool:
    return words.language == "en" and text[verb.start : verb.end].endswith("ing")


def _within_relative(
    sentence: Sentence, voices: tuple[Voice, ...], previous: Frame | None, words: Lexicon
) -> bool:
    """ "An effort that X hopes could ...": said of a noun, and not what the sentence tells."""
    starts = [voice.span.start - sentence.start for voice in voices if voice.span]
    before = sentence.text[: min(starts, default=0)].rstrip()
    told = previous is not None and abs(previous.content[0] - min(starts, default=0)) < 5
    if told or not starts:
        return False
    first = sentence.text[min(starts) :].split(" ", 1)[0]
    pronoun = words.language == "en" and words.pattern("pronouns").fullmatch(first)
    noun = pronoun and words.pattern("noun_before").search(before)
    return bool(noun or words.pattern("relative_object").search(before))


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
    end = content_start(text, verb.end, words)
    if words.fragment("this_said").match(text[verb.end :].lstrip()):
        return Frame(voices, verb.status, (head, len(text)), (0, 0), about_previous=True)
    before = told_before(sentence, voices, floor, words)
    if before is None and little_left(text[end:], words):
        before = told_before(sentence, voices, floor, words, led=True)
        before = before if before and stands_alone(text, before, words) else None
    ends = text[max(0, before[1] - 2) : before[1]] if before else ""
    quoted = re.fullmatch('[,.!?][\u201d"]', ends) and end == verb.end
    whole = before is not None and (bool(quoted) or stands_alone(text, before, words))
    if before is not None and (whole or little_left(text[end:], words)):
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
    if match is None or words.pattern("relative_pronouns").search(_segment(text, verb.start)):
        return None
    start = verb.end + 1 + match.end()
    voices = voices_in(text[start : start + 90], sentence.start + start, names, memory, first=True)
    if not voices:
        return None
    return Frame(voices, verb.status, (verb.start, len(text)), (0, verb.start))


def _segment(text: str, at: int) -> str:
    """The words between the last comma and a place, where a relative clause has its comma."""
    before = text[:at].rpartition(", ")
    return before[2] if before[1] else ""


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
    after = text[verb.end : verb.end + (90 if names.words.language == "en" else 160)]
    if names.words.language == "en" and names.words.pattern("aside").match(after.lstrip()):
        return None  # "said on social media"
    voices = voices_after(after, sentence.start + verb.end, names, memory)
    voices = voices or _pronoun_after(after, sentence.start + verb.end, names, memory)
    if voices and not _ends_after(text, voices, sentence.start, names.words):
        return None
    at = voices[0].span.start - sentence.start - verb.end if voices and voices[0].span else 99
    near = 140 if voices and voices[0].kind == "person" and names.words.language != "en" else 45
    if not voices or at > near or re.search(r"[,;:.]", after[:at]):
        return None
    if _more_between(after[:at], names.words):
        return None
    ends = max((v.span.end - sentence.start for v in voices if v.span), default=verb.end)
    if verb.start - floor < 12:
        start = after_speaker(text, ends, names.words)
        return Frame(voices, verb.status, (floor, start), (start, len(text)))
    return Frame(
        voices, verb.status, (verb.start, len(text)), what_precedes(text, floor, verb.start)
    )


def _more_between(between: str, words: Lexicon) -> bool:
    """ "Said 470 people were freed by X": what stands between is said, and X does not speak."""
    led = words.pattern("aside").match(between.strip())
    return words.language == "en" and not led and len(between.split()) > 2


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
    that = words.pattern("said_that")
    return bool(that.match(after)) or bool(
        words.pattern("aside").match(after) and that.search(after[:60])
    )
