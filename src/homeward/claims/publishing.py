"""Checks as others publish them: schema.org Claim and ClaimReview in JSON-LD.

What goes out is our own sentence made from the claim's slots. No text of a source and no person's
name is carried over: numbers can be checked without them, and a name cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from homeward.claims.model import Claim, Count, Judged, Verdict
from homeward.words import say

# Neither true nor false: said, and not rated.
UNRATED = frozenset({"opinion", "position", "background"})


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the check, where, and under which names the sides are spoken of.

    ``accepted`` holds the ids of claims read by the machine that a person has accepted; other
    machine readings are not published.
    """

    name: str
    address: str
    sides: Mapping[str, str] = field(default_factory=dict)
    accepted: frozenset[str] = frozenset()


def claim_reviews(
    judged: Iterable[Judged], publisher: Publisher, on: date, language: str = "en"
) -> dict[str, Any]:
    """A JSON-LD document with a ClaimReview for every rated claim and a Claim for every other.

    ``on`` is the day of the check. No rating scale is invented: ``reviewRating`` holds the
    verdict's words alone, and what was found when the words were said stands beside it.
    """
    chosen = [each for each in judged if may_go_out(each.claim, publisher)]
    items = [_item(each, publisher, on, language) for each in chosen]
    return {"@context": "https://schema.org", "@graph": items}


def in_our_words(claim: Claim, sides: Mapping[str, str], language: str = "en") -> str:
    """The claim told from its slots: status, subject, numbers with their way, and the day.

    >>> in_our_words(Claim("a", "completed", "exchange", "somebody"), {})
    'Exchange: said to be done'
    """
    numbers = ", ".join(_number(count, sides, language) for count in claim.counts)
    parts = [
        say(f"claims.status.{claim.status}", language),
        numbers,
        str(claim.event_date or ""),
    ]
    # A table with a key "other" would be read as plural forms.
    name = "other_matter" if claim.subject == "other" else claim.subject
    subject = say(f"claims.subject.{name}", language)
    return f"{subject[:1].upper()}{subject[1:]}: " + "; ".join(part for part in parts if part)


def may_go_out(claim: Claim, publisher: Publisher) -> bool:
    """A machine alone asserts nothing in public."""
    return claim.span is None or claim.id in publisher.accepted


def _item(judged: Judged, publisher: Publisher, on: date, language: str) -> dict[str, Any]:
    claim = _claim(judged.claim, publisher, language)
    if judged.as_known.verdict in UNRATED:
        return claim
    address = f"{publisher.address}#{judged.claim.id}"
    return {
        "@type": "ClaimReview",
        "@id": f"{address}-review",
        "url": address,
        "inLanguage": language,
        "datePublished": on.isoformat(),
        "author": {"@type": "Organization", "name": publisher.name},
        "claimReviewed": claim["text"],
        "itemReviewed": claim,
        "reviewRating": {"@type": "Rating", **_rating(judged.as_known, language)},
        "reviewBody": _because(judged, language),
    }


def _because(judged: Judged, language: str) -> str:
    """Why, in one sentence; and what was found when it was said, where that differs."""
    why = judged.as_known.why.say(language) if names_nobody(judged.as_known) else ""
    if judged.as_said.verdict == judged.as_known.verdict:
        return why
    then = say(f"claims.verdict.{judged.as_said.verdict}", language)
    return f"{why} {say('claims.desk.when_said', language, verdict=then)}".strip()


def names_nobody(verdict: Verdict) -> bool:
    """Sentences that name who speaks stay at home."""
    return all(name != "speaker" for name, _ in verdict.why.values)


def _rating(verdict: Verdict, language: str) -> dict[str, str]:
    return {"alternateName": say(f"claims.verdict.{verdict.verdict}", language)}


def _claim(claim: Claim, publisher: Publisher, language: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Claim",
        "@id": f"{publisher.address}#{claim.id}",
        "text": in_our_words(claim, publisher.sides, language),
        "author": _author(claim, publisher, language),
    }
    if claim.said_on is not None:
        found["datePublished"] = str(claim.said_on)
    return found


def _author(claim: Claim, publisher: Publisher, language: str) -> dict[str, str]:
    """The side that speaks, or what kind of speaker it is; never a person's name."""
    if claim.party is not None:
        name = publisher.sides.get(claim.party, claim.party)
    else:
        name = say(f"claims.role.{claim.role}", language)
    return {"@type": "Organization", "name": name}


def _number(count: Count, sides: Mapping[str, str], language: str) -> str:
    values = {
        "n": count.n,
        "to": sides.get(count.to or "", count.to or ""),
        "sender": sides.get(count.sender or "", count.sender or ""),
    }
    return say(f"claims.number.{count.counting}", language, **values)
