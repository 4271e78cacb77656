"""Figure 4, timeline: acts below the line, statements above it with their verdicts.

Time runs along lines as words do on a page. What was said before an act always stands before it;
what was said or done in one breath shares a column. Each line begins with its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from homeward.paper.svg import Drawing, breadth, flowed
from homeward.paper.wording import Wording
from homeward.words import RIGHT_TO_LEFT, say

# How a verdict is drawn: borne out, not yet borne out when said, resting on one side's word
# alone, against the record.
SIGNS = {
    "consistent": "borne",
    "consistent_under_other_rule": "borne",
    "kept": "borne",
    "partly_kept": "borne",
    "premature": "early",
    "one_side_only": "one-word",
    "not_signed_by_both": "one-word",
    "contradicted": "against",
    "disputed": "against",
    "lapsed": "against",
}
_GRAVEST = ("against", "early", "one-word", "borne")
_MOST, _ROW, _DAY = 6, 16.0, 40.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said or done at an instant: a number to find it in the table, and its words."""

    at: datetime
    key: str
    words: str
    said: bool
    verdicts: tuple[str, ...] = ()

    @property
    def sign(self) -> str:
        """The gravest sign among the verdicts; empty where none can be checked."""
        signs = {SIGNS.get(verdict, "") for verdict in self.verdicts}
        return next((sign for sign in _GRAVEST if sign in signs), "")


@dataclass
class _Column:
    x: float
    marks: list[Mark]
    day: str = ""


@dataclass
class _Line:
    columns: list[_Column] = field(default_factory=list)

    def most(self, *, said: bool) -> int:
        counts = [len(c.marks) for c in self.columns if c.marks[0].said is said]
        return max(counts, default=0)


def timeline_figure(marks: Sequence[Mark], *, lang: str = "en", width: int = 720) -> str:
    """The timeline as SVG, so that "said before it happened" is seen at a glance."""
    said = sum(mark.said for mark in marks)
    lines = _lines(sorted(marks, key=lambda m: (m.at, m.said)), width)
    keys = [say(f"paper.timeline.{sign}", lang) for sign in _GRAVEST]
    places = flowed([breadth(key) + 40 for key in keys], width)
    heights = [_ROW * (line.most(said=True) + line.most(said=False)) + 58 for line in lines]
    drawing = Drawing(
        width,
        44 + sum(heights) + 22 * (places[-1][1] + 1) if marks else 24,
        say("paper.timeline.title", lang),
        say("paper.timeline.description", lang, said=said, done=len(marks) - said),
        rtl=lang in RIGHT_TO_LEFT,
    )
    if not marks:
        drawing.text(0, 14, say("paper.timeline.empty", lang), "muted")
        return drawing.to_svg()
    drawing.text(0, 12, say("paper.timeline.said", lang), "small muted")
    y, words = 20.0, Wording(lang)
    for line, high in zip(lines, heights, strict=True):
        _draw_line(drawing, line, y, words)
        y += high
    drawing.text(0, y + 4, say("paper.timeline.done", lang), "small muted")
    for sign, key, (x, row) in zip(_GRAVEST, keys, places, strict=True):
        _sign(drawing, x + 6, y + 22 + 22 * row, sign)
        drawing.text(x + 18, y + 26 + 22 * row, key, "small")
    return drawing.to_svg()


def _lines(marks: Sequence[Mark], width: float) -> list[_Line]:
    """Columns of marks, set one after another and broken into lines that fit the width."""
    lines: list[_Line] = []
    x, shown = width, ""
    for day, on_day in groupby(marks, key=lambda m: m.at.date().isoformat()):
        for column in _columns(list(on_day)):
            wide = max(breadth(mark.key) for mark in column) + (22 if column[0].said else 10)
            if x + max(wide, _DAY if day != shown else 0) > width:
                lines.append(_Line())
                x, shown = 0.0, ""
            fresh = day != shown
            lines[-1].columns.append(_Column(x, column, day if fresh else ""))
            # a date needs its own room beneath the line, whatever stands above it
            x, shown = x + (max(wide, _DAY) if fresh else wide), day
    for line in lines if len(lines) == 1 else lines[:-1]:
        last = line.columns[-1].x + _DAY
        for placed in line.columns:
            placed.x *= min(max((width - 8) / last, 1.0), 2.2)
    return lines


def _columns(marks: Sequence[Mark]) -> list[list[Mark]]:
    found: list[list[Mark]] = []
    for mark in marks:
        if found and found[-1][0].said is mark.said and len(found[-1]) < _MOST:
            found[-1].append(mark)
        else:
            found.append([mark])
    return found


def _draw_line(drawing: Drawing, line: _Line, top: float, words: Wording) -> None:
    base = top + _ROW * line.most(said=True) + 10
    below = base + _ROW * line.most(said=False) + 10
    drawing.line(0, base, drawing.width, base, "axis")
    for column in line.columns:
        if column.day:
            drawing.line(column.x, base - 5, column.x, below + 14, "hair")
            drawing.text(column.x + 3, below + 14, words.date(column.day[5:]), "tiny number")
        for place, mark in enumerate(column.marks):
            if mark.said:
                y = base - 8 - _ROW * (len(column.marks) - 1 - place)
                _sign(drawing, column.x + 10, y - 4, mark.sign)
                drawing.text(column.x + 18, y, mark.key, _cls(mark))
            else:
                drawing.text(column.x + 5, base + 16 + _ROW * place, mark.key, "small")


def _cls(mark: Mark) -> str:
    return "small strong" if mark.sign in ("early", "against") else "small"


def _sign(drawing: Drawing, x: float, y: float, sign: str) -> None:
    if sign == "borne":
        drawing.dot(x, y, 4, "both")
    elif sign in ("early", "one-word"):
        drawing.dot(x, y, 4, sign)
    elif sign == "against":
        drawing.line(x - 4, y - 4, x + 4, y + 4, "against")
        drawing.line(x - 4, y + 4, x + 4, y - 4, "against")
