"""What a file holds, whichever form it has: one text or page, or the posts of a feed or export."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from homeward.claims.feeds import Post, claims_of_post, independent, read_feed
from homeward.claims.model import Claim
from homeward.claims.page import published
from homeward.claims.reading import read_claims
from homeward.problem import Problem, Refused

_FEED = re.compile(rb"\s*(?:\{|\[\s*\{|(?:<[^\0]{0,400}?)?<(?:rss|feed|rdf:RDF)[\s>])")


@dataclass(frozen=True, slots=True)
class Source:
    """One text and what it claims: when it was published, where, through whom.

    ``repeats`` is true for a post that tells an earlier one's words: one wire is one source.
    """

    claims: tuple[Claim, ...]
    at: datetime
    address: str = ""
    via: str = ""
    repeats: bool = False

    def to_json(self) -> dict[str, Any]:
        """Where the claims come from, and their ids."""
        return {
            "published": self.at.isoformat(),
            "address": self.address,
            "via": self.via,
            "repeats": self.repeats,
            "claims": [claim.id for claim in self.claims],
        }


def sources_in(
    data: bytes,
    place: str,
    *,
    now: datetime,
    said_at: datetime | None = None,
    lang: str = "en",
    context: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Source, ...]:
    """The texts in a file with their claims; raises Refused for a form that is not known.

    Plain text and HTML are one text, said at ``said_at``, else when the page says, else ``now``.
    RSS, Atom, Telegram's export and statuses of Mastodon or Truth Social are as many as they hold,
    each of its own instant.
    """
    if _is_feed(data):
        return _posts(data, place, lang, context)
    text = text_of(data, place)
    at = said_at or published(text) or now
    return (Source(read_claims(text, said_at=at, lang=lang, context=context), at),)


def text_of(data: bytes, place: str) -> str:
    """The bytes of a text file as text; raises Refused where they are not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem("claims.encoding", place, f"byte {error.start}", "a text in UTF-8")
        raise Refused([problem]) from error


def _is_feed(data: bytes) -> bool:
    return _FEED.match(data.removeprefix(b"\xef\xbb\xbf")) is not None


def _posts(
    data: bytes, place: str, lang: str, context: Mapping[str, Sequence[str]] | None
) -> tuple[Source, ...]:
    try:
        posts = read_feed(data)
    except ValueError as error:
        expected = "a text, a page, RSS, Atom, a Telegram export or Mastodon statuses"
        raise Refused([Problem("claims.unknown-form", place, str(error), expected)]) from error
    first = set(map(id, independent(posts)))
    return tuple(
        _source(n, post, id(post) not in first, lang, context) for n, post in enumerate(posts, 1)
    )


def _source(
    n: int, post: Post, repeats: bool, lang: str, context: Mapping[str, Sequence[str]] | None
) -> Source:
    claims = claims_of_post(post, lang=lang, context=context)
    numbered = tuple(_numbered(claim, n) for claim in claims)
    return Source(numbered, post.published, post.address, post.via or post.said_by, repeats)


def _numbered(claim: Claim, n: int) -> Claim:
    """The claim under an id that no other post of the file uses."""
    names = (claim.id, claim.reading_of, claim.answers)
    own, reading, answers = (f"{n}.{name}" if name else "" for name in names)
    return replace(claim, id=own, reading_of=reading, answers=answers)
