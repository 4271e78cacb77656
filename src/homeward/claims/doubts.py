"""What was guessed or left open in a reading: nothing doubtful is asserted without a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from homeward.claims.clauses import Clause
from homeward.claims.mentions import Names
from homeward.claims.model import Claim
from homeward.claims.moments import moments
from homeward.claims.sentences import Sentence
from homeward.claims.slots import Parts
from homeward.claims.speakers import SPEAKING, Voice
from homeward.claims.ways import Found
from homeward.claims.words_for import Lexicon, lexicon

# Of these subjects only plain statuses are read surely: an opinion of an exchange often holds the
# news of it beside the opinion, and who mediated is mostly said in passing.
_PLAIN = {
    "exchange": frozenset(
        {"completed", "under_way", "planned", "agreed", "confirmed", "no_comment", "demanded"}
        | {"denied", "postponed", "cancelled", "suspended", "ready", "promised", "conditional"}
    ),
    "agreement": frozenset({"completed", "agreed", "not_agreed", "confirmed"}),
    "remains": frozenset(
        {"completed", "under_way", "planned", "confirmed", "accused", "postponed", "proposed"}
    ),
    "mediation": frozenset({"completed"}),
    "list": frozenset({"completed", "under_way", "planned"}),
    "talks": frozenset({"completed", "planned"}),
    "meeting": frozenset({"completed", "planned"}),
}
# Statuses that say that something is so, or will be.
_SO = frozenset({"completed", "under_way", "planned", "agreed", "confirmed", "ready"})
# What is told on the way makes no second news of a sentence.
ASIDE = frozenset({"background", "source", "outlook", "other", "comparison"})
# A clause of more words, or of more parts between commas, tells more than one claim holds.
# In English; elsewhere a comma stands before every clause and shows less.
LONG, LONG_COUNTED, PARTS, PARTS_ELSEWHERE = 26, 40, 2, 4
# Characters behind which a status is mostly that of something else, where no number bears it out.
LATE = 60
# Words beside a speaker that are neither of the name nor of the saying.
BESIDE = 3
# Verbs that need no subject in the words: nobody else's matter is confirmed or left uncommented.
_TELLING = frozenset({"confirmed", "denied", "no_comment"})
_DIGITS = re.compile(r"(?<![\w-])\d[\d,]*(?!\w)")


def doubts_of(
    sentence: Sentence,
    clause: Clause,
    voice: Voice,
    parts: Parts,
    counts: list[Found],
    names: Names,
) -> Iterator[str]:
    """Why a reading is not sure, from ``lists.DOUBTS``.

    None where the speaker was found, status and subject were said in words, every number was
    read and its side is known, and nobody else is left who may have said it. A speaker without
    a state or side may be one of the parties: that stays open.
    """
    words, article = names.words, voice.kind == "article"
    if not (article or voice.code is not None or _by_name(voice, words)):
        yield "speaker_open"
    if parts.status.end <= parts.status.start and clause.frame.status == "says":
        yield "status_guessed"
    elif parts.subject.value not in _PLAIN:
        yield "words_left"
    elif parts.status.value not in _PLAIN[parts.subject.value]:
        yield "opinion_and_news"
    if parts.subject.end <= parts.subject.start and clause.frame.status not in _TELLING:
        yield "subject_guessed"
    if any(item.count.counting == "unknown" for item in counts):
        yield "side_open"
    if article and (_quotes(sentence) or _says_somebody(sentence, names)):
        yield "somebody_speaks"
    if not clause.frame.sure or (not article and _words_beside(sentence, clause, voice, words)):
        yield "speaker_open"
    late = not counts and parts.status.start > LATE
    if late or _more_told(clause.text, len(counts), words):
        yield "words_left"
    if _numbers_left(clause.text, counts, words):
        yield "number_left"
    if parts.status.value in _SO and words.pattern("negation").search(clause.text):
        yield "not_so"


def beside_others(claims: list[Claim]) -> list[Claim]:
    """A sentence that tells several things: which of them it tells as news is open where no
    number says so."""
    news = [claim for claim in claims if claim.subject not in ASIDE]
    if len({(c.status, c.subject, c.counts, c.span) for c in news}) < 2:
        return claims
    return [
        claim if claim.counts else replace(claim, sure=False, doubts=(*claim.doubts, "told_beside"))
        for claim in claims
    ]


def _by_name(voice: Voice, words: Lexicon) -> bool:
    """A person or a body; but "an aide" may be anybody's."""
    nameless = voice.kind == "body" and words.pattern("nameless").fullmatch(voice.label)
    return voice.kind in ("person", "body") and not nameless


def _quotes(sentence: Sentence) -> bool:
    """Somebody's words; a name or a formula between quotation marks is none."""
    parts = (sentence.text[a - sentence.start : b - sentence.start] for a, b in sentence.quoted)
    return any(len(part.split()) > 3 for part in parts)


def _says_somebody(sentence: Sentence, names: Names) -> bool:
    """A verb of saying in words that were taken for the report's own, or somebody before "that":
    the verb between them may be one that no table holds."""
    words, text = names.words, sentence.text
    if any(words.pattern("speech", name).search(text) for name in ("says", "announced")):
        return True
    that = words.pattern("said_that").search(text)
    before = names.mentions(text[: that.start()]) if that else ()
    return any(mention.kind in SPEAKING for mention in before)


def _more_told(text: str, counted: int, words: Lexicon) -> bool:
    """Whether a clause is too long, or in too many parts, to hold no more than was read; where
    numbers were read, commas stand between what is told of their people."""
    length = len(text.split())
    if counted:
        return length > LONG_COUNTED
    led = bool(words.pattern("leads").match(text.lstrip(" \u201c\"'")))
    most = PARTS if words.language == "en" else PARTS_ELSEWHERE
    commas = len(re.findall(r",\s", text.rstrip(" ,")))
    return length > LONG or commas >= most + led


def _words_beside(sentence: Sentence, clause: Clause, voice: Voice, words: Lexicon) -> bool:
    """Whether the words around a speaker hold others that may be who speaks."""
    start, end = clause.frame.head
    if voice.span is None or words.language != "en" or not start <= voice.span.start < end:
        return False
    names = [v.span for v in clause.frame.voices if v.span]
    left = list(sentence.text[start:end])
    for span in names:
        a, b = span.start - sentence.start - start, span.end - sentence.start - start
        left[max(0, a) : max(0, b)] = " " * (max(0, b) - max(0, a))
    rest = "".join(left)
    found = [
        word
        for word in re.findall(r"[\w'-]+", words.pattern("beside_speaker").sub(" ", rest))
        if not word.isdigit()
    ]
    return len(found) > BESIDE


def _numbers_left(text: str, counts: list[Found], words: Lexicon) -> bool:
    """Numbers, in digits or words, that are neither a count that was read nor part of a date."""
    read = [(item.start, item.end) for item in counts]
    read += [(m.start, m.end) for m in moments(text, words, datetime(2000, 1, 1, tzinfo=UTC))]
    things = words.pattern("counted_things")
    return any(
        not any(start <= match.start() < end for start, end in read)
        and not things.match(text[match.end() :].lstrip(" -"))
        for pattern in (_DIGITS, _named_number(words.language))
        for match in pattern.finditer(text)
    )


@cache
def _named_number(language: str) -> re.Pattern[str]:
    """Numbers written as words, from three on: "the two sides" counts nobody."""
    words = lexicon(language)
    least = 2 if language == "en" else 1  # elsewhere "two" of people has words of its own
    names = [word for word, n in words.mapping("numbers", "units").items() if n > least]
    names += words.mapping("numbers", "scales")
    names += ["two(?= of )"] if language == "en" else []
    return re.compile(rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])", re.IGNORECASE)
