"""Claims, statements, verdicts and commitments as values, their words drawn from ``lists``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeward.dates import PartialDate
from homeward.words import number, say


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its translations; the first one stands where a language is missing.

    >>> str(Words((("en", "a minister"), ("uk", "міністр"))))
    'a minister'
    """

    in_languages: tuple[tuple[str, str], ...]

    @classmethod
    def plain(cls, text: str) -> Words:
        """A text in no particular language."""
        return cls((("", text),))

    def say(self, language: str) -> str:
        """The text in ``language``, or the first one."""
        return dict(self.in_languages).get(language, self.in_languages[0][1])

    def __str__(self) -> str:
        return self.in_languages[0][1]


@dataclass(frozen=True, slots=True)
class Count:
    """One number in a claim with its counting rule.

    ``sender`` and ``to`` are side ids, None where the words do not name one. ``each`` counts every
    direction by itself, ``in_total`` adds them, ``incoming`` and ``outgoing`` see one side.
    """

    n: int
    bound: str = "exact"
    category: str | None = None
    sender: str | None = None
    to: str | None = None
    counting: str = "unknown"
    unit: str = "persons"
    state: str = "living"

    def to_json(self) -> dict[str, Any]:
        """The count as an item of ``counts[]``."""
        return {
            "n": self.n,
            "bound": self.bound,
            "category": self.category,
            "from": self.sender,
            "to": self.to,
            "counting": self.counting,
            "unit": self.unit,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True)
class Window:
    """From an instant to an instant, the last one left out; no end means open-ended."""

    start: datetime
    end: datetime | None = None

    def to_json(self) -> dict[str, str | None]:
        """Both ends in ISO 8601."""
        return {
            "from": self.start.isoformat(),
            "to": self.end.isoformat() if self.end else None,
        }


@dataclass(frozen=True, slots=True)
class About:
    """What a promise or a position is about: who owes what, with whom, on which condition."""

    what: str = ""
    owed_by: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    needs: str = ""
    further: bool = False

    def to_json(self) -> dict[str, Any]:
        """The fields under the names that statements.yaml uses."""
        return {
            "what": self.what,
            "owed_by": list(self.owed_by),
            "with": list(self.others),
            "needs": self.needs,
            "further": self.further,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """Where in a text a claim, or one of its slots, was read: code points, the end left out."""

    start: int
    end: int

    def to_json(self) -> dict[str, int]:
        """Start and end."""
        return {"start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that one speaker said: what, how far along, how many, when, and where it was read.

    ``sure`` is false where a slot was guessed or left open; ``doubts`` says which, from
    ``lists.DOUBTS``.
    ``reading_of`` is shared by claims that are alternative readings of the same words;
    ``answers`` names the claim whose outcome this one reports. ``extent`` tells "the exchange is
    complete" (whole) from "an exchange took place" (part) where no number is given.
    """

    id: str
    status: str
    subject: str
    speaker: Words
    role: str = "third"
    party: str | None = None
    counts: tuple[Count, ...] = ()
    category: str | None = None
    act: str = "exchanged"
    extent: str = "whole"
    event_date: PartialDate | None = None
    window: Window | None = None
    about: About = field(default_factory=About)
    places: tuple[str, ...] = ()
    said_at: datetime | None = None
    said_on: PartialDate | None = None
    via: str = ""
    channel: str = "unknown"
    quote_form: str = "paraphrase"
    reading_of: str = ""
    answers: str = ""
    span: Span | None = None
    slots: tuple[tuple[str, Span], ...] = ()
    sure: bool = True
    doubts: tuple[str, ...] = ()
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        """The claim as an item of ``claims[]``; see docs/reference/claims.md."""
        return {
            "id": self.id,
            "speaker": str(self.speaker),
            "role": self.role,
            "party": self.party,
            "via": self.via,
            "status": self.status,
            "subject": self.subject,
            "act": self.act,
            "extent": self.extent,
            "category": self.category,
            "counts": [count.to_json() for count in self.counts],
            "event_date": str(self.event_date) if self.event_date else None,
            "window": self.window.to_json() if self.window else None,
            "said_on": str(self.said_on) if self.said_on else None,
            "said_at": self.said_at.isoformat() if self.said_at else None,
            "channel": self.channel,
            "places": list(self.places),
            "about": self.about.to_json(),
            "quote_form": self.quote_form,
            "reading_of": self.reading_of,
            "answers": self.answers,
            "span": self.span.to_json() if self.span else None,
            "slots": {name: span.to_json() for name, span in self.slots},
            "sure": self.sure,
            "doubts": list(self.doubts),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """What one speaker said at one time, told in our own words, and the claims in it."""

    id: str
    text: Words
    speaker: Words
    role: str
    party: str | None
    via: str
    channel: str
    said_at: datetime
    known_at: datetime
    lang: str
    claims: tuple[Claim, ...]

    def to_json(self) -> dict[str, Any]:
        """The statement with its claims."""
        return {
            "id": self.id,
            "text": str(self.text),
            "speaker": str(self.speaker),
            "role": self.role,
            "party": self.party,
            "via": self.via,
            "channel": self.channel,
            "said_at": self.said_at.isoformat(),
            "known_at": self.known_at.isoformat(),
            "lang": self.lang,
            "claims": [claim.to_json() for claim in self.claims],
        }


@dataclass(frozen=True, slots=True)
class Why:
    """A reason as a sentence's key and its values, so that it can be said in any language."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, key: str, **values: Any) -> Why:
        """The reason ``claims.why.<key>`` with its values."""
        return cls(key, tuple(sorted(values.items())))

    def say(self, language: str = "en") -> str:
        """The sentence in ``language``; several numbers are joined by plus signs."""
        shown = {name: _shown(value, language) for name, value in self.values}
        return say(f"claims.why.{self.key}", language, **shown)

    def __str__(self) -> str:
        return self.say("en")


def _shown(value: Any, language: str) -> Any:
    if isinstance(value, Words):
        return value.say(language)
    if isinstance(value, tuple):
        return " + ".join(number(item, language) for item in value)
    return value


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a claim, why in one sentence, and the clauses and cells it rests on."""

    verdict: str
    why: Why
    evidence: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """Verdict, sentence, evidence and flags."""
        return {
            "verdict": self.verdict,
            "why": self.why.say(language),
            "evidence": list(self.evidence),
            "flags": list(self.flags),
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with both its verdicts: as it was said, and as is known at the horizon."""

    claim: Claim
    as_said: Verdict
    as_known: Verdict

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The claim's JSON with ``as_said``, ``as_known`` and, for readers in haste, the latter's
        ``verdict`` and ``why`` on top."""
        return {
            **self.claim.to_json(),
            "verdict": self.as_known.verdict,
            "why": self.as_known.why.say(language),
            "as_said": self.as_said.to_json(language),
            "as_known": self.as_known.to_json(language),
        }


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something owed: by whom, what, since when, on whose word, and how it stands.

    ``not_agreed`` is a known negative with a date: nobody owes it, and it is not unknown either.
    """

    id: str
    owed_by: tuple[str, ...]
    what: str
    since: datetime
    word_of: Words
    state: str
    why: Why
    window: Window | None = None
    done: int | None = None
    of: int | None = None
    closed_by: str = ""

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The commitment as an item of ``commitments[]``."""
        return {
            "id": self.id,
            "owed_by": list(self.owed_by),
            "what": self.what,
            "since": self.since.isoformat(),
            "word_of": self.word_of.say(language),
            "state": self.state,
            "why": self.why.say(language),
            "window": self.window.to_json() if self.window else None,
            "done": self.done,
            "of": self.of,
            "closed_by": self.closed_by,
        }
