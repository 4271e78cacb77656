"""Reads statements.yaml strictly: every problem with its line, nothing guessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import yaml

from homeward.claims.lists import (
    ACTS,
    BOUNDS,
    CLAUSE,
    COUNTINGS,
    EXTENTS,
    QUOTE_FORMS,
    ROLES,
    STATUSES,
    SUBJECTS,
    UNITS,
)
from homeward.claims.model import About, Claim, Count, Statement, Window, Words
from homeward.dates import PartialDate, parse_instant
from homeward.problem import Problem
from homeward.terms.document import Document, Path, compose
from homeward.terms.shapes import (
    DATE,
    ID,
    INSTANT,
    LANGUAGE,
    NAMES,
    REFERENCE_PATTERN,
    WORDS,
    WRONG,
    Fields,
    Listing,
    Text,
    Truth,
    Whole,
    Written,
)

FORMAT = "homeward-statements/1"


def _end(text: str) -> datetime | None:
    return None if text == "open" else parse_instant(text)


def _party(text: str) -> str | None:
    return None if text in ("null", "~") else text


COUNT = Fields(
    required={"n": Whole(), "counting": Text(choices=COUNTINGS)},
    optional={
        "bound": Text(choices=BOUNDS),
        "category": ID,
        "from": ID,
        "to": ID,
        "unit": Text(choices=UNITS),
        "state": Text(choices=("living", "remains")),
    },
)
ABOUT = Fields(
    required={"what": WORDS},
    optional={
        "owed_by": Listing(ID, single=True),
        "with": Listing(WORDS, single=True),
        "needs": WORDS,
        "further": Truth(),
    },
)
CLAIM = Fields(
    required={"status": Text(choices=STATUSES), "subject": Text(choices=SUBJECTS)},
    optional={
        "id": ID,
        "counts": Listing(COUNT, gaps=True),
        "category": ID,
        "act": Text(choices=ACTS),
        "extent": Text(choices=EXTENTS),
        "event_date": DATE,
        "window": Listing(Written("a time with its zone, or open", _end), least=2, most=2),
        "about": ABOUT,
        "places": Listing(WORDS, single=True),
        "quote_form": Text(choices=QUOTE_FORMS),
        "reading_of": WORDS,
        "answers": Text(pattern=rf"({CLAUSE})?{REFERENCE_PATTERN}"),
    },
)
SPEAKER = Fields(
    required={"name": NAMES, "role": Text(choices=ROLES)},
    optional={"party": Written("a side's id, or null", _party)},
)
STATEMENT = Fields(
    required={
        "id": ID,
        "text": NAMES,
        "speaker": SPEAKER,
        "said_at": INSTANT,
        "claims": Listing(CLAIM, gaps=True),
    },
    optional={
        "via": WORDS,
        "channel": ID,
        "known_at": INSTANT,
        "lang": Text(pattern=LANGUAGE),
    },
)
FILE = Fields(
    required={
        "format": Text(choices=(FORMAT,)),
        "statements": Listing(STATEMENT, least=0, gaps=True),
    }
)
LIST = Listing(STATEMENT, least=0, gaps=True)


def load_statements(
    text: str | bytes, place: str = "statements.yaml", *, sides: Collection[str] | None = None
) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """Statements and all problems of a statements.yaml; see docs/reference/claims.md.

    A statement that could not be read is left out and named among the problems. Where ``sides``
    are given, every side named must be one of them.
    """
    document = Document(place)
    root = compose(text, document)
    if root is None:
        return (), _ours(document)
    bare = isinstance(root, yaml.SequenceNode)
    read = (LIST if bare else FILE).read(root, (), document)
    if read is WRONG:
        return (), _ours(document)
    path: Path = () if bare else ("statements",)
    rows = [
        ((*path, n), row)
        for n, row in enumerate(read if bare else read["statements"])
        if row is not WRONG
    ]
    statements = tuple(_statement(row) for _, row in rows)
    claims = [
        ((*here, "claims", n), claim, row)
        for here, row in rows
        for n, claim in enumerate(row["claims"])
        if claim is not WRONG
    ]
    _check_ids(rows, statements, claims, document)
    for here, row in rows:
        _check_statement(row, here, document)
    for here, claim, _ in claims:
        _check_claim(claim, here, document)
    if sides is not None:
        _check_sides(rows, claims, sides, document)
    return statements, _ours(document)


def _ours(document: Document) -> tuple[Problem, ...]:
    return tuple(
        replace(problem, code="claims." + problem.code.partition(".")[2])
        for problem in document.problems
    )


def _check_ids(
    rows: Sequence[tuple[Path, Any]],
    statements: Sequence[Statement],
    claims: Sequence[tuple[Path, Any, Any]],
    document: Document,
) -> None:
    """Notes ids that repeat, and answers to claims that nobody made."""
    places = [(*here, "id") for here, _ in rows] + [here for here, _, _ in claims]
    made = [claim.id for statement in statements for claim in statement.claims]
    seen: set[str] = set()
    for here, name in zip(places, [row["id"] for _, row in rows] + made, strict=True):
        if name in seen:
            document.say("id-twice", here, name, "an id of its own")
        seen.add(name)
    for here, claim, _ in claims:
        answered = claim.get("answers", "")
        if answered and not answered.startswith(CLAUSE) and answered not in made:
            expected = "the id of a claim, or clause:ID of the terms"
            document.say("answers-nothing", (*here, "answers"), answered, expected)


def _check_statement(row: Mapping[str, Any], here: Path, document: Document) -> None:
    """Notes a party without a side, a side without a party, and news known before it was said."""
    speaker = row["speaker"]
    if (speaker["role"] == "party") != bool(speaker.get("party")):
        expected = "a side's id exactly when the role is party"
        document.say("party-and-role", (*here, "speaker"), speaker["role"], expected)
    if row.get("known_at", row["said_at"]) < row["said_at"]:
        known = row["known_at"].isoformat()
        document.say("known-before-said", (*here, "known_at"), known, "said_at or later")


def _check_claim(claim: Mapping[str, Any], here: Path, document: Document) -> None:
    """Notes windows that end before they begin, and one-way counts without their side."""
    start, end = claim.get("window", (None, None))
    if "window" in claim and (start is None or (end is not None and end <= start)):
        document.say("bad-window", (*here, "window"), "", "a start, then a later end or open")
    for n, count in enumerate(claim.get("counts", ())):
        counting = "" if count is WRONG else count["counting"]
        wanted = {"incoming": "to", "outgoing": "from"}.get(counting)
        if wanted and wanted not in count:
            where = (*here, "counts", n)
            document.say("count-without-side", where, counting, f"{wanted}: a side")


def _check_sides(
    rows: Sequence[tuple[Path, Any]],
    claims: Sequence[tuple[Path, Any, Any]],
    sides: Collection[str],
    document: Document,
) -> None:
    """Notes every side named that is no side of the exchange."""
    named: list[tuple[Path, str | None]] = [
        ((*here, "speaker", "party"), row["speaker"].get("party")) for here, row in rows
    ]
    for here, claim, _ in claims:
        for n, count in enumerate(claim.get("counts", ())):
            ends = {} if count is WRONG else count
            named += [((*here, "counts", n, end), ends.get(end)) for end in ("from", "to")]
        owed_by = claim.get("about", {}).get("owed_by", ())
        named += [((*here, "about", "owed_by"), side) for side in owed_by]
    for where, side in named:
        if side is not None and side not in sides:
            document.say("unknown-side", where, side, ", ".join(sorted(sides)))


def _statement(row: Mapping[str, Any]) -> Statement:
    speaker = row["speaker"]
    shared = {
        "speaker": _words(speaker["name"]),
        "role": speaker["role"],
        "party": speaker.get("party"),
        "via": row.get("via", ""),
        "channel": row.get("channel", "unknown"),
    }
    said_at: datetime = row["said_at"]
    claims = tuple(
        _claim(claim, f"{row['id']}.{n}", said_at, shared)
        for n, claim in enumerate(row["claims"], start=1)
        if claim is not WRONG
    )
    return Statement(
        id=row["id"],
        text=_words(row["text"]),
        said_at=said_at,
        known_at=row.get("known_at", said_at),
        lang=row.get("lang", "en"),
        claims=claims,
        **shared,
    )


def _words(read: str | Mapping[str, str]) -> Words:
    return Words.plain(read) if isinstance(read, str) else Words(tuple(read.items()))


def _claim(row: Mapping[str, Any], name: str, said_at: datetime, shared: Any) -> Claim:
    about = row.get("about", {})
    window = row.get("window")
    plain = {"category", "act", "extent", "event_date", "places", "quote_form"}
    plain |= {"reading_of", "answers"}
    return Claim(
        id=row.get("id", name),
        status=row["status"],
        subject=row["subject"],
        counts=tuple(_count(count) for count in row.get("counts", ()) if count is not WRONG),
        window=Window(*window) if window and window[0] else None,
        about=About(
            what=about.get("what", ""),
            owed_by=about.get("owed_by", ()),
            others=about.get("with", ()),
            needs=about.get("needs", ""),
            further=about.get("further", False),
        ),
        said_at=said_at,
        said_on=PartialDate(said_at.year, said_at.month, said_at.day),
        **shared,
        **{key: row[key] for key in plain if key in row},
    )


def _count(row: Mapping[str, Any]) -> Count:
    renamed = {"from": "sender"}
    return Count(**{renamed.get(key, key): value for key, value in row.items()})
