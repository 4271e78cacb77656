"""Posts and reports from files: RSS and Atom, Telegram exports, Mastodon and Truth Social JSON.

A post is the best source there is: who said it, where and at which minute stand beside its words.
Everything in a file is data; nothing in it is ever followed as an instruction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

import feedparser

from homeward.claims.model import Claim, Words
from homeward.claims.page import plain_text
from homeward.claims.reading import read_claims
from homeward.claims.slots import day_of

# Half of the longer text's phrases in common, and two reports tell one wire's words.
_SAME_WIRE = 0.5


@dataclass(frozen=True, slots=True)
class Post:
    """One post or report: its words, who published it, where, when, and whose words it passes on.

    ``said_by`` is set where the publisher speaks for itself; a report of a newspaper names its
    speakers in its words. ``carried_from`` is whoever wrote what is only passed on.
    """

    text: str
    published: datetime
    channel: str
    said_by: str = ""
    via: str = ""
    carried_from: str = ""
    address: str = ""
    edited: datetime | None = None


def read_feed(data: bytes) -> tuple[Post, ...]:
    """The posts of a file, whichever of the known forms it has; in the order of the file.

    Raises ValueError for any other form. RSS 2.0, Atom (RFC 4287), Telegram Desktop's
    ``result.json`` and statuses of the Mastodon API, which Truth Social shares, are known.
    """
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return tuple(_xml_posts(data))
    if start not in (b"{", b"["):
        raise ValueError("neither a feed nor an export of posts")
    try:
        read = json.loads(data)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("JSON that cannot be read") from error
    if isinstance(read, Mapping) and isinstance(read.get("messages"), list):
        return tuple(_telegram_posts(read))
    statuses = read if isinstance(read, list) else [read]
    return tuple(_status_posts(statuses))


def claims_of_post(
    post: Post, *, lang: str = "en", context: Mapping[str, Sequence[str]] | None = None
) -> tuple[Claim, ...]:
    """What a post claims. Words without a named speaker are its author's own; a post passed on
    is told by whoever wrote it, with the one who passed it on as ``via``."""
    claims = read_claims(post.text, said_at=post.published, lang=lang, context=context)
    speaker = post.carried_from or post.said_by
    party = _party_of(speaker, context or {})
    return tuple(_with_author(claim, post, speaker, party) for claim in claims)


def independent(posts: Sequence[Post]) -> tuple[Post, ...]:
    """The posts without those that repeat an earlier one's words: one wire is one source."""
    kept: list[tuple[Post, frozenset[str]]] = []
    for post in sorted(posts, key=lambda post: post.published):
        phrases = _phrases(post.text)
        if not any(_alike(phrases, other) for _, other in kept):
            kept.append((post, phrases))
    return tuple(post for post, _ in kept)


def revisions(posts: Sequence[Post]) -> tuple[tuple[Post, ...], ...]:
    """The posts by address, each with its revisions from the first to the last; none is dropped.

    What a report first said stays beside what it says now: a change is news of its own.
    """
    by_address: dict[str, list[Post]] = {}
    for at, post in enumerate(posts):
        by_address.setdefault(post.address or f"#{at}", []).append(post)
    versions = (sorted(each, key=lambda p: p.edited or p.published) for each in by_address.values())
    return tuple(tuple(dict.fromkeys(each)) for each in versions)


def _phrases(text: str) -> frozenset[str]:
    """Every run of four words: what two reports share when one is written from the other."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(" ".join(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME_WIRE * min(len(one), len(other))


def _with_author(claim: Claim, post: Post, speaker: str, party: str | None) -> Claim:
    via = post.said_by if post.carried_from else post.via
    channel = claim.channel if claim.channel not in ("unknown", "headline") else post.channel
    claim = replace(claim, channel=channel, via=via or claim.via)
    if claim.role != "press" or not speaker:
        return claim
    return replace(
        claim,
        speaker=Words.plain(speaker),
        role="party" if party else "third",
        party=party,
        quote_form="direct",
        said_on=day_of(post.published),
    )


def _party_of(speaker: str, context: Mapping[str, Sequence[str]]) -> str | None:
    """The side whose name the author's name holds; None where it holds none, or several."""
    label = speaker.casefold()
    found = [side for side, names in context.items() if any(n.casefold() in label for n in names)]
    return found[0] if len(found) == 1 else None


def _xml_posts(data: bytes) -> Iterator[Post]:
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data:
        raise ValueError("a feed with its own entities is not read")
    # An open file, because a string might be taken for an address and fetched.
    read = feedparser.parse(BytesIO(data), resolve_relative_uris=False, sanitize_html=True)
    if not read.version or (read.bozo and not read.entries):
        raise ValueError("XML that cannot be read")
    title = str(read.feed.get("title", ""))
    for entry in read.entries:
        bodies = [str(part.get("value", "")) for part in entry.get("content", ())]
        body = next(filter(None, bodies), "") or str(entry.get("summary", ""))
        # The dates as they were written: feedparser's own are in UTC, zone or none.
        dated = str(entry.get("published") or entry.get("updated") or "")
        yield from _report(
            str(entry.get("title", "")), body, _instant(dated), title, str(entry.get("link", ""))
        )


def _report(
    title: str, body: str, when: datetime | None, source: str, address: str
) -> Iterator[Post]:
    """A report without an instant is left out: nothing can be judged against it."""
    text = "\n".join(filter(None, (plain_text(title), plain_text(body))))
    if when is not None and text:
        yield Post(text, when, "article", via=source, address=address)


def _instant(text: str) -> datetime | None:
    """RFC 3339 or RFC 2822; without a zone it is no instant."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        try:
            read = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            return None
    return read if read.tzinfo is not None else None


def _telegram_posts(export: Mapping[str, Any]) -> Iterator[Post]:
    channel = str(export.get("name") or "")
    for message in export["messages"]:
        if not isinstance(message, Mapping) or message.get("type") != "message":
            continue
        when, text = _unix(message.get("date_unixtime")), _telegram_text(message.get("text"))
        if when is not None and text:
            yield Post(
                text,
                when,
                "telegram",
                said_by=str(message.get("from") or channel),
                carried_from=str(message.get("forwarded_from") or ""),
                address=str(message.get("id") or ""),
                edited=_unix(message.get("edited_unixtime")),
            )


def _telegram_text(text: Any) -> str:
    """A text is one string, or strings and entities with a ``text`` of their own."""
    if isinstance(text, str):
        return text.strip()
    parts: Iterable[Any] = text if isinstance(text, list) else ()
    words = (part.get("text", "") if isinstance(part, Mapping) else part for part in parts)
    return "".join(str(word) for word in words).strip()


def _unix(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _status_posts(statuses: Sequence[Any]) -> Iterator[Post]:
    for status in statuses:
        if not isinstance(status, Mapping) or "content" not in status:
            raise ValueError("JSON that holds no messages and no statuses")
        again = status.get("reblog")
        original = again if isinstance(again, Mapping) else status
        when = _instant(str(original.get("created_at") or ""))
        text = plain_text(f"<p>{original.get('content') or ''}</p>")
        if when is None or not text:
            continue
        address = str(original.get("url") or status.get("url") or "")
        yield Post(
            text,
            when,
            "truth_social" if "truthsocial" in address else "mastodon",
            said_by=_account(status),
            carried_from=_account(original) if original is not status else "",
            address=address,
            edited=_instant(str(original.get("edited_at") or "")),
        )


def _account(status: Mapping[str, Any]) -> str:
    account = status.get("account")
    if not isinstance(account, Mapping):
        return ""
    return str(account.get("display_name") or account.get("acct") or "")
