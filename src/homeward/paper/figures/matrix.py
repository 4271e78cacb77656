"""Figure 3, who signed what: acts by direction, a mark where a side has signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from homeward.paper.figures.position import THINGS
from homeward.paper.svg import Drawing, breadth, wrapped
from homeward.paper.wording import Wording
from homeward.terms.kernel import Cell, Position
from homeward.words import RIGHT_TO_LEFT, number, say

_HEAD, _LINE = 44.0, 17.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix: what is counted, and how many each signature covers."""

    label: str
    agreed: int | None
    released: int
    received: int
    both: int


_Key = tuple[str, str, str | None, str, str]


def matrix_rows(position: Position, words: Wording) -> tuple[Row, ...]:
    """Per direction, category and state: signed by the holder, by the receiver, by both."""
    agreed: dict[_Key, int | None] = {}
    for due in position.owed:
        state = due.get("state", "living")
        key = (due["from"], due["to"], due.get("category"), state, due.get("group", "inside"))
        if state not in THINGS:
            agreed[key] = (agreed.get(key) or 0) + (due.get("agreed") or 0) or None
    moved = [cell for cell in position.cells if cell.outcome == "transferred"]
    seen: set[_Key] = {(c.sender, c.to, c.category, c.state, c.group) for c in moved}
    return tuple(
        _row(key, agreed.get(key), moved, words)
        for key in sorted(seen | set(agreed), key=_in_order)
    )


def _in_order(key: _Key) -> tuple[str, ...]:
    """By direction; living before remains, the whole before its categories, extras last."""
    sender, to, category, state, group = key
    late = {"inside": "0", "beside": "1"}.get(group, "2")
    return (sender, to, late, "" if state == "living" else state, category or "")


def _row(key: _Key, agreed: int | None, moved: Sequence[Cell], words: Wording) -> Row:
    sender, to, category, state, group = key
    here = [
        cell
        for cell in moved
        if cell.sender in sender.split("+")
        and cell.to in to.split("+")
        and (cell.state, cell.group) == (state, group)
        and (category is None or cell.category == category)
    ]
    signed = {
        by: sum(cell.count for cell in here if cell.attested_by == by)
        for by in ("both", "holder", "receiver")
    }
    label = say(
        "paper.matrix.row",
        words.lang,
        sender=words.side(sender),
        to=words.side(to),
        what=words.kind(category, state, group),
    )
    both = signed["both"]
    return Row(label, agreed, both + signed["holder"], both + signed["receiver"], both)


def matrix_figure(rows: Sequence[Row], *, lang: str = "en", width: int = 720) -> str:
    """The matrix as SVG: a full mark where all are signed, a half one where some, else empty."""
    narrow = width < 500
    first = 0.0 if narrow else 0.46 * width
    labels = [wrapped(row.label, width if narrow else first - 12, 14) for row in rows]
    heights = [_LINE * len(lines) + (32 if narrow else 14) for lines in labels]
    drawing = Drawing(
        width,
        _HEAD + sum(heights),
        say("paper.matrix.title", lang),
        "; ".join(f"{r.label}: {r.released} / {r.received} / {r.both}" for r in rows),
        rtl=lang in RIGHT_TO_LEFT,
    )
    columns = [first + (width - first) * (k + 0.5) / 3 for k in range(3)]
    for x, name in zip(columns, ("holder", "receiver", "both"), strict=True):
        drawing.text(x, 18, say(f"paper.matrix.{name}", lang), "small", "middle")
    drawing.line(0, _HEAD - 14, width, _HEAD - 14, "rule")
    y = _HEAD
    for row, lines, high in zip(rows, labels, heights, strict=True):
        drawing.lines(0, y + 6, lines, "strong" if narrow else "", height=_LINE)
        lift = _LINE * len(lines) if narrow else 0
        for x, count in zip(columns, (row.released, row.received, row.both), strict=True):
            _mark(drawing, x, y + lift, count, row.agreed, lang)
        drawing.line(0, y + high - 13, width, y + high - 13, "hair")
        y += high
    return drawing.to_svg()


def _mark(drawing: Drawing, x: float, y: float, count: int, agreed: int | None, lang: str) -> None:
    if not count:
        drawing.text(x, y + 6, "–", "muted", "middle")
        return
    whole = agreed is None or count >= agreed
    words = number(count, lang)
    drawing.dot(x - breadth(words, 14) / 2 - 8, y + 1, 6, "both" if whole else "one-word ring")
    drawing.text(x + 4, y + 6, words, "number", "middle")
