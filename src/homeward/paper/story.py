"""What was said and what was done, in one order, with the keys that figure and table share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from homeward.paper.data import Deed, ReportData, Said
from homeward.paper.wording import Wording, spoken
from homeward.words import say


def told(data: ReportData, words: Wording) -> list[dict[str, Any]]:
    """Rows by time, with ``at``, ``said``, ``who``, ``words``, ``lang``, ``claims``, ``key``."""
    rows = [_done(deed, words) for deed in data.deeds] + [_said(s, words) for s in data.said]
    rows.sort(key=lambda row: (row["at"], row["said"]))
    counted = {True: 0, False: 0}
    for row in rows:
        counted[row["said"]] += 1
        place = counted[row["said"]]
        row["key"] = str(place) if row["said"] else _letters(place)
    return rows


def _done(deed: Deed, words: Wording) -> dict[str, Any]:
    sentence = say(f"paper.deed.{deed.kind}", words.lang, stage=deed.stage or 0, **deed.counts)
    who = words.names.get(deed.side, deed.side)
    return {
        "at": deed.at,
        "said": False,
        "who": who,
        "words": sentence,
        "lang": words.lang,
        "claims": [],
        "statement": None,
    }


def _said(said: Said, words: Wording) -> dict[str, Any]:
    texts = {said.lang: said.text} if isinstance(said.text, str) else said.text
    names = {said.lang: said.speaker} if isinstance(said.speaker, str) else said.speaker
    text = spoken(texts, words.lang, "")
    return {
        "at": said.at,
        "said": True,
        "who": spoken(names, words.lang, ""),
        "words": text,
        "lang": next(lang for lang, each in texts.items() if each == text),
        "claims": _claims(said.claims, words),
        "statement": said,
    }


def _claims(claims: Sequence[Mapping[str, Any]], words: Wording) -> list[dict[str, str]]:
    """Each finding once: claims of a statement that end in the same words are one row."""
    found: list[dict[str, str]] = []
    for claim in claims:
        said, known = str(claim["as_said"]), str(claim["as_known"])
        row = {"as_said": said, "as_known": known, "why": spoken(claim["why"], words.lang, "")}
        if row not in found:
            found.append(row)
    return found


def _letters(place: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa: acts are lettered, statements numbered."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
