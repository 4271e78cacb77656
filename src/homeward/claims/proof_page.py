"""A page for each statement: what was claimed in our own words, both verdicts, and what they rest
on. It holds no text of a source and no person's name."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any

from homeward.claims.model import Judged, Verdict
from homeward.claims.publishing import (
    Publisher,
    claim_reviews,
    in_our_words,
    may_go_out,
    names_nobody,
)
from homeward.words import RIGHT_TO_LEFT, say

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}"
    "code{overflow-wrap:anywhere}dt{font-weight:600}"
)


def proof_pages(
    statements: Iterable[tuple[str, Collection[str]]],
    judged: Sequence[Judged],
    publisher: Publisher,
    on: date,
    heads: Mapping[str, str],
    language: str = "en",
) -> dict[str, str]:
    """Every file of a published check by its name: ``claims.jsonld`` with all of them, and a page
    for each statement, given as its id and the ids of its claims."""
    files: dict[str, str] = {}
    graph: list[Any] = []
    for name, claims in statements:
        mine = [e for e in judged if e.claim.id in claims and may_go_out(e.claim, publisher)]
        if not mine:
            continue
        page = f"{name}.html"
        here = replace(publisher, address=f"{publisher.address.rstrip('/')}/{page}")
        files[page] = statement_page(mine, here, on, heads, language)
        graph += claim_reviews(mine, here, on, language)["@graph"]
    reviews = {"@context": "https://schema.org", "@graph": graph}
    files["claims.jsonld"] = json.dumps(reviews, indent=1, ensure_ascii=False) + "\n"
    return files


def statement_page(
    judged: Sequence[Judged],
    publisher: Publisher,
    on: date,
    heads: Mapping[str, str],
    language: str = "en",
) -> str:
    """One statement as a page of HTML that loads nothing, with its ClaimReview inside.

    ``heads`` says which record was looked at: each log's name with its size and root, so that
    whoever holds a copy can tell whether it is the same.
    """
    document = json.dumps(claim_reviews(judged, publisher, on, language), ensure_ascii=False)
    data = document.replace("<", "\\u003c")  # or a value could close the element it stands in
    title = say("claims.page.title", language)
    parts = [
        f'<!DOCTYPE html><html lang="{language}" dir="{_direction(language)}">',
        f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>',
        f'<script type="application/ld+json">{data}</script>',
        f"<h1>{escape(title)}</h1>",
        *(_claim(each, publisher, on, language) for each in judged),
        f"<h2>{escape(say('claims.page.record', language))}</h2>",
        _list(f"{log}: {head}" for log, head in sorted(heads.items())),
        "</html>",
    ]
    return "\n".join(parts) + "\n"


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _claim(judged: Judged, publisher: Publisher, on: date, language: str) -> str:
    told = in_our_words(judged.claim, publisher.sides, language)
    rows = (
        (say("claims.page.as_said", language), judged.as_said),
        (say("claims.page.as_known", language, day=on.isoformat()), judged.as_known),
    )
    body = "".join(f"<dt>{escape(when)}</dt>{_verdict(found, language)}" for when, found in rows)
    return (
        f'<section id="{escape(judged.claim.id)}"><h2>{escape(told)}</h2><dl>{body}</dl></section>'
    )


def _verdict(verdict: Verdict, language: str) -> str:
    found = say(f"claims.verdict.{verdict.verdict}", language)
    why = verdict.why.say(language) if names_nobody(verdict) else ""
    proofs = _list(verdict.evidence) if verdict.evidence else ""
    return f"<dd><strong>{escape(found)}</strong> {escape(why)}{proofs}</dd>"


def _list(items: Iterable[str]) -> str:
    rows = "".join(f"<li><code>{escape(item)}</code></li>" for item in items)
    return f"<ul>{rows}</ul>"
