"""The report: one self-contained page that a mediator can read in ten minutes, without network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from homeward.paper.figures import (
    Mark,
    bars_of,
    lead_figure,
    matrix_figure,
    position_figure,
    position_words,
    stages_figure,
    timeline_figure,
)
from homeward.paper.figures.matrix import matrix_rows
from homeward.terms.kernel import Position
from homeward.words import RIGHT_TO_LEFT, number, say

_WIDE, _NARROW = 720, 348


@dataclass(frozen=True)
class Deed:
    """An act worth a line in the timeline: when it was countersigned, by whom, what."""

    at: datetime
    kind: str
    side: str
    stage: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """A statement with what was found of each of its claims, in two horizons.

    ``claims``: mappings with ``status``, ``as_said``, ``as_known`` (verdict words) and ``why``
    (language -> sentence).
    """

    at: datetime
    id: str
    speaker: str
    role: str
    channel: str
    text: str
    lang: str
    claims: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class ReportData:
    """Everything the report shows; no person's name or handle is among it."""

    title: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    clauses: Mapping[str, Sequence[str]]
    position: Position
    leads: Mapping[str, Sequence[tuple[float, int]]]
    stages: Sequence[tuple[int, str, Mapping[tuple[str, str, str], tuple[int, int]]]]
    deeds: Sequence[Deed] = ()
    said: Sequence[Said] = ()
    commitments: Sequence[Mapping[str, Any]] = ()
    exchange_id: str = ""
    logs: Sequence[Mapping[str, Any]] = ()
    verified: bool = False
    exceptions: Sequence[Mapping[str, Any]] = ()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("homeward.paper"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def stylesheet() -> str:
    """The stylesheet that pages, report and public folder share."""
    return files("homeward.paper").joinpath("homeward.css").read_text(encoding="utf-8")


def report(data: ReportData, languages: Sequence[str] = ("en", "uk")) -> str:
    """The page, every language in it, the first one shown; raises KeyError for an unknown one."""
    tongues = [_tongue(data, lang) for lang in languages]
    page = _environment().get_template("report.html.j2")
    return page.render(style=Markup(stylesheet()), tongues=tongues)


def _tongue(data: ReportData, lang: str) -> dict[str, Any]:
    names = {side: words.get(lang) or words.get("en") or side for side, words in data.names.items()}
    timeline = _timeline(data, names, lang)
    return {
        "lang": lang,
        "dir": "rtl" if lang in RIGHT_TO_LEFT else "ltr",
        "self_name": say("paper.self_name", lang),
        "say": lambda key, **values: say(f"paper.{key}", lang, **values),
        "number": lambda value: number(int(value), lang),
        "title": data.title.get(lang) or data.title.get("en") or "",
        "names": names,
        "words": position_words(data.position, names, lang),
        "bars": bars_of(data.position),
        "figures": _figures(data, names, lang, timeline),
        "timeline": timeline,
        "matrix": matrix_rows(data.position, names, lang),
        "totals": _totals(data.position),
        "data": data,
        "why": lambda claim: claim["why"].get(lang) or claim["why"].get("en", ""),
        "clauses": data.clauses.get(lang) or data.clauses.get("en") or (),
    }


def _totals(position: Position) -> dict[str, int]:
    """Transfers signed by both, and single attestations, inside the exchange."""
    moved = {"group": "inside", "outcome": "transferred"}
    both = position.count(**moved, attested_by="both")
    one = position.count(**moved) - both
    return {"transfers": both, "attestations": 2 * both + one, "one_side": one}


def _figures(
    data: ReportData, names: Mapping[str, str], lang: str, timeline: Sequence[Mapping[str, Any]]
) -> dict[str, Markup]:
    marks = [
        Mark(row["at"], row["key"], row["words"], row["said"], row["verdict"]) for row in timeline
    ]
    drawn: dict[str, Callable[[int], str]] = {
        "position": lambda w: position_figure(data.position, names=names, lang=lang, width=w),
        "timeline": lambda w: timeline_figure(marks, lang=lang, width=w),
        "matrix": lambda w: matrix_figure(
            matrix_rows(data.position, names, lang), lang=lang, width=w
        ),
        "lead": lambda w: lead_figure(
            data.leads, step=data.position.step, names=names, lang=lang, width=w
        ),
        "stages": lambda w: stages_figure(data.stages, names=names, lang=lang, width=w),
    }
    return {name: _both_sizes(draw) for name, draw in drawn.items()}


def _both_sizes(draw: Callable[[int], str]) -> Markup:
    """A drawing for a desk and one for a phone; the stylesheet shows the one that fits."""
    wide, narrow = Markup(draw(_WIDE)), Markup(draw(_NARROW))
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)


def _timeline(data: ReportData, names: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    """Acts and statements in one order, each with the key that the figure shows."""
    rows: list[dict[str, Any]] = [
        {
            "at": deed.at,
            "said": False,
            "who": names.get(deed.side, deed.side),
            "words": say(
                f"paper.deed.{deed.kind}", lang, stage=deed.stage or 0, **dict(deed.counts)
            ),
            "verdict": "",
            "statement": None,
        }
        for deed in data.deeds
    ]
    rows += [
        {
            "at": said.at,
            "said": True,
            "who": said.speaker,
            "words": said.text,
            "verdict": next((str(c["as_said"]) for c in said.claims), ""),
            "statement": said,
        }
        for said in data.said
    ]
    rows.sort(key=lambda row: (row["at"], row["said"]))
    counted = {True: 0, False: 0}
    for row in rows:
        counted[row["said"]] += 1
        place = counted[row["said"]]
        row["key"] = str(place) if row["said"] else _letters(place)
    return rows


def _letters(place: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa: acts are lettered, statements numbered."""
    letters = ""
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
