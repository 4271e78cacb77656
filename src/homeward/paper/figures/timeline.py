"""Figure 4, timeline: acts below the line, statements above it with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from homeward.paper.svg import Drawing
from homeward.words import RIGHT_TO_LEFT, say


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said or done at an instant: a number to find it in the table, and its words."""

    at: datetime
    key: str
    words: str
    said: bool
    verdict: str = ""


def timeline_figure(marks: Sequence[Mark], *, lang: str = "en", width: int = 720) -> str:
    """The timeline as SVG: time runs along the base, so that "said before it happened" is seen."""
    above = [mark for mark in marks if mark.said]
    below = [mark for mark in marks if not mark.said]
    places = _spread([m.at for m in marks], width)
    up, down = _rows(above, places, width), _rows(below, places, width)
    base = 26 + 15 * (max(up.values(), default=0) + 1)
    height = base + 24 + 15 * (max(down.values(), default=0) + 1) + 30
    drawing = Drawing(
        width,
        height,
        say("paper.timeline.title", lang),
        say("paper.timeline.description", lang, said=len(above), done=len(below)),
        rtl=lang in RIGHT_TO_LEFT,
    )
    drawing.text(0, 12, say("paper.timeline.said", lang), "small muted")
    drawing.line(0, base, width, base, "axis")
    for mark in (*above, *below):
        x = places[mark.at]
        row = (up if mark.said else down)[mark.key]
        y = base - 12 - 15 * row if mark.said else base + 22 + 15 * row
        drawing.line(x, base, x, y + (2 if mark.said else -10), "hair")
        drawing.dot(x, base, 2.5, "both" if mark.said else "act")
        anchor = "end" if x > width - 30 else "start"
        drawing.text(x + (2 if anchor == "start" else -2), y, mark.key, _cls(mark), anchor)
    _draw_days(drawing, marks, places, base)
    drawing.text(0, height - 4, say("paper.timeline.done", lang), "small muted")
    return drawing.to_svg()


def _cls(mark: Mark) -> str:
    return "small strong" if mark.verdict in ("premature", "contradicted") else "small"


def _spread(instants: Sequence[datetime], width: float) -> dict[datetime, float]:
    """Places along the base: true to time within a day, quiet days drawn short."""
    ordered = sorted(set(instants))
    if not ordered:
        return {}
    gaps = [min((b - a).total_seconds() / 3600, 6.0) + 0.4 for a, b in pairwise(ordered)]
    total = sum(gaps) or 1.0
    x, places = 0.0, {ordered[0]: 8.0}
    for instant, gap in zip(ordered[1:], gaps, strict=True):
        x += gap
        places[instant] = 8 + (width - 40) * x / total
    return places


def _rows(marks: Sequence[Mark], places: dict[datetime, float], width: float) -> dict[str, int]:
    """The lowest row in which each mark's words do not touch its neighbours'."""
    ends: list[float] = []
    rows = {}
    for mark in sorted(marks, key=lambda m: (m.at, m.key)):
        x = places[mark.at]
        room = 7.0 * len(mark.key) + 6
        row = next((k for k, end in enumerate(ends) if end <= x), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = min(x + room, width + room)
        rows[mark.key] = row
    return rows


def _draw_days(
    drawing: Drawing, marks: Sequence[Mark], places: dict[datetime, float], base: float
) -> None:
    shown: set[str] = set()
    last = -100.0
    for mark in sorted(marks, key=lambda m: m.at):
        day = mark.at.date().isoformat()
        if day not in shown and places[mark.at] - last > 44:
            drawing.text(places[mark.at], base + 11, day[5:], "tiny number")
            shown.add(day)
            last = places[mark.at]
