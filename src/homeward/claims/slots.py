"""The slots of a claim read from a clause: which values they take and where each was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from homeward.claims.clauses import Clause
from homeward.claims.cues import EXCHANGE, Cue
from homeward.claims.mentions import CAPITAL, Names
from homeward.claims.model import About, Claim, Span, Words
from homeward.claims.moments import NEVER, Moment, When, moments
from homeward.claims.sentences import Sentence
from homeward.claims.speakers import ARTICLE, Frame, Voice
from homeward.claims.ways import Found
from homeward.claims.words_for import Lexicon
from homeward.dates import PartialDate

TO_COME = frozenset({"planned", "promised", "announced", "ready", "conditional", "postponed"})
# What happens and is over: told in the past, or in so few words that no verb stands in them.
HAPPENINGS = EXCHANGE | {"list", "talks", "meeting", "call"}
# Days after which an event told by the article itself is history and not the exchange spoken of.
HISTORY = 180
# Days within which a report's first dated exchange is the one that it goes on to speak of.
RECENT = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found in one clause."""

    subject: Cue
    status: Cue
    counts: tuple[Found, ...]
    said: When
    event: When


def status_for(
    subject: Cue | None,
    status: Cue | None,
    counts: tuple[Found, ...],
    article: bool,
    over: bool = False,
) -> Cue:
    """The status of a clause, from its cue and from what can be said of its subject."""
    name = subject.value if subject else ""
    value = status.value if status else ""
    start, end = (status.start, status.end) if status else (0, 0)
    plain = value in ("planned", "completed", "under_way", "assessed", "")
    if name in ("comparison", "casualties") or (name == "territory" and plain):
        value = "asserted"
    elif name == "held" and value in ("completed", "under_way", ""):
        value = "asserted"  # "are held" is how things stand and nothing that was carried out
    elif name == "demand" and plain:
        value = "demanded"
    elif not value and _is_over(name, bool(counts), over):
        value = "completed"
    elif not value:
        value = "asserted"
    if article and value in ("demanded", "accused") and name not in EXCHANGE:
        value = "asserted"
    return Cue(value, start, end)


def _is_over(subject: str, counted: bool, over: bool) -> bool:
    """Whether what no word of status is told of may be taken to have happened."""
    if subject == "mediation" or (subject in EXCHANGE and counted):
        return True
    return subject in HAPPENINGS and over


def belongs(found: Found, subject: str, text: str, words: Lexicon) -> bool:
    """Whether a number is one of the subject's: deaths a week are not people exchanged.

    A number a week of those exchanged stays, so that it is seen and no verdict rests on it.
    """
    if subject == "casualties":
        return True
    if words.pattern("harmed").search(text[: found.start].rstrip()):
        return False  # "a war that killed 13,000 people"
    if found.count.unit != "persons" and subject in EXCHANGE:
        return not words.pattern("subjects", "casualties").search(text)
    return found.count.unit == "persons" and subject in EXCHANGE | {"list", "held", "mediation"}


def category_of(text: str, words: Lexicon) -> str | None:
    """The category that a clause without numbers names; None for people of any kind."""
    if words.pattern("prisoner_of_war").search(text):
        return "prisoner_of_war"
    for name in ("military", "civilian"):
        if words.pattern("persons", name).search(text):
            return name
    return None


def channel_of(sentence: Sentence, words: Lexicon) -> str:
    """Where it was said, as far as the sentence tells; a line without a full stop is a heading."""
    for name in words.keys("channels"):
        if words.pattern("channels", name).search(sentence.text):
            return name
    return "unknown" if sentence.ended else "headline"


def instant_of(said: When, said_at: datetime) -> datetime:
    """The instant against which the words said are read: their own day, where one is named."""
    day = said[0]
    if day is None or day.day is None:
        return said_at
    return datetime.combine(day.first(), said_at.timetz())


def event_of(
    clause: Clause, sentence: Sentence, words: Lexicon, base: datetime, status: str
) -> When:
    """When the thing spoken of happens: the clause's first date, or one before its clause."""
    text = words.fragment("days_of_persons").sub(lambda m: " " * len(m.group()), clause.text)
    inside = [
        m.nearest(base) if status == "agreed" else m.when(status in TO_COME)
        for m in _without_doubles(moments(text, words, base), text)
        if not words.pattern("since_when").search(clause.text[: m.start + 6])
    ]
    found = next((when for when in inside if when != NEVER), NEVER)
    if found == NEVER and clause.voices == (ARTICLE,) and clause.start:
        before = moments(sentence.text[: clause.start], words, base)
        found = next((m.past for m in before if m.past != NEVER), NEVER)
    return found


def _without_doubles(found: tuple[Moment, ...], text: str) -> Iterator[Moment]:
    """ "Today, 15 June": the date itself, and not the word before it."""
    for at, moment in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        apart = following is None or text[moment.end : following.start].strip(" ,(")
        if apart or following is None or not _exact(following, text):
            yield moment


def _exact(moment: Moment, text: str) -> bool:
    """Whether a day is given by its number."""
    return moment.past[0] is not None and bool(re.search(r"\d", text[moment.start : moment.end]))


def places_of(text: str, names: Names) -> tuple[str, ...]:
    """Places that follow a word like "in" and are neither sides nor dates."""
    before, words = names.words.source("places_before"), names.words
    found = []
    kinds = words.source("place_kinds")
    for match in re.finditer(rf"(?<!\w)(?:{before}) ((?:{CAPITAL} ?)+(?:{kinds})?)", text):
        place = match.group(1).strip()
        month = place.split()[0].casefold() in words.mapping("moments", "months")
        weekday = place.split()[0].casefold() in words.mapping("moments", "weekdays")
        named = {m.kind for m in names.mentions(place)} & {"state", "adjective", "person", "body"}
        if not month and not weekday and not named and place not in found:
            found.append(place)
    return tuple(found)


def about_of(clause: Clause, voice: Voice, parts: Parts, names: Names) -> About:
    """Who owes it, with whom it is done, whether it is more of the same."""
    words, text = names.words, clause.text
    owed_by: tuple[str, ...] = ()
    if parts.status.value == "agreed" and parts.subject.value not in EXCHANGE:
        joint = any(mention.kind == "joint" for mention in names.mentions(text))
        owed_by = tuple(sorted(set(names.sides.values()))) if joint else ()
    others: tuple[str, ...] = ()
    if parts.subject.value in ("call", "meeting", "talks"):
        others = _companions(text, names, voice)
    further = parts.subject.value in EXCHANGE and bool(words.pattern("further").search(text))
    return About(" ".join(text.split())[:120].strip(" ,;"), owed_by, others, "", further)


def _companions(text: str, names: Names, voice: Voice) -> tuple[str, ...]:
    """Those with whom somebody speaks or meets: every name after a word like "with"."""
    before, joint = names.words.source("with"), names.words.source("and")
    ends = names.words.source("phrase_ends")
    found: list[str] = []
    for match in re.finditer(
        rf"(?<!\w)(?:{before}) (?P<who>.+?)(?=[,.;:]| (?:{ends})(?!\w)|$)", text, re.IGNORECASE
    ):
        for part in re.split(rf" (?:{joint}) ", match["who"]):
            known = [m.label for m in names.mentions(part) if m.kind == "person"]
            name = known[0] if known else part.strip(' \u201c\u201d"')
            if name and name != voice.label and name not in found:
                found.append(name)
    return tuple(found)


def form_of(sentence: Sentence, clause: Clause, voice: Voice, words: Lexicon) -> str:
    """Quoted whole, in part, or told in other words."""
    if voice.kind == "article":
        return "narration"
    start, end = sentence.start + clause.start, sentence.start + clause.end
    places = [at for at in range(start, end) if sentence.text[at - sentence.start].isalnum()]
    quoted = sum(sentence.in_quotation(at) for at in places)
    if words.pattern("altered").search(sentence.text) and sentence.text.upper() != sentence.text:
        return "altered"
    if not quoted:
        return "paraphrase"
    return "direct" if quoted >= 0.9 * len(places) else "mixed"


def slots_of(
    voice: Voice, parts: Parts, counts: list[Found], offset: int
) -> tuple[tuple[str, Span], ...]:
    """Where each slot was read, in the whole text."""
    found: list[tuple[str, Span]] = []
    if voice.span is not None:
        found.append(("speaker", voice.span))
    for name, cue in (("status", parts.status), ("subject", parts.subject)):
        if cue.end > cue.start:
            found.append((name, Span(offset + cue.start, offset + cue.end)))
    for n, item in enumerate(counts):
        found.append((f"counts.{n}", Span(offset + item.start, offset + item.end)))
    return tuple(found)


def day_of(instant: datetime | date) -> PartialDate:
    """The day of an instant in its own zone."""
    return PartialDate(instant.year, instant.month, instant.day)


def long_ago(event: When, said_at: datetime) -> bool:
    """Whether the event lies so far back that it is history to the report."""
    day, window = event
    last = day.last() if day else (window.end or window.start).date() if window else None
    return last is not None and (said_at.date() - last).days > HISTORY


def recent(day: PartialDate, said_at: datetime) -> PartialDate | None:
    """The day, where it is one of the last days before the report."""
    return day if day.day and 0 <= (said_at.date() - day.last()).days <= RECENT else None


def spoken_by(claim: Claim, frame: Frame, names: Names) -> Claim:
    """The claim of the sentence before, now that "this was reported by X" names its speaker."""
    voice = frame.voices[0]
    if claim.role != "press":
        return claim
    side = names.side(voice.code) or (None if names.sides else voice.code)
    return replace(
        claim,
        speaker=Words.plain(voice.label),
        role="party" if side else "third",
        party=side,
        quote_form="paraphrase" if claim.quote_form == "narration" else claim.quote_form,
        slots=(*claim.slots, *((("speaker", voice.span),) if voice.span else ())),
    )
