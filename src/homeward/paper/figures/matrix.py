"""Figure 3, who signed what: acts by direction, a mark where a side has signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeward.paper.svg import Drawing
from homeward.terms.kernel import Position
from homeward.words import RIGHT_TO_LEFT, number, say

_HEAD = 44
_ROW = 30


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the matrix: what is counted, and how many each signature covers."""

    label: str
    agreed: int | None
    released: int
    received: int
    both: int


def matrix_rows(position: Position, names: Mapping[str, str], lang: str) -> tuple[Row, ...]:
    """Per direction, category and state: signed by the holder, by the receiver, by both."""
    agreed = {
        (r["from"], r["to"], r.get("category"), r.get("state", "living"), r.get("group")): r
        for r in position.owed
    }
    seen = {(c.sender, c.to, c.category, c.state, c.group) for c in position.cells}
    rows = []
    for key in sorted(seen | set(agreed), key=str):
        sender, to, category, state, group = key
        wanted = {"sender": sender, "to": to, "state": state, "outcome": "transferred"}
        wanted |= {"category": category} if category else {}
        wanted |= {"group": group} if group else {}
        both = position.count(**wanted, attested_by="both")
        label = say(
            "paper.matrix.row",
            lang,
            sender=names.get(sender, sender),
            to=names.get(to, to),
            what=_what(category, state, group, lang),
        )
        rows.append(
            Row(
                label,
                agreed.get(key, {}).get("agreed"),
                both + position.count(**wanted, attested_by="holder"),
                both + position.count(**wanted, attested_by="receiver"),
                both,
            )
        )
    return tuple(rows)


def _what(category: str | None, state: str, group: str | None, lang: str) -> str:
    words = [category or say("paper.everyone", lang)]
    words += [say("paper.remains", lang)] if state == "remains" else []
    words += [say(f"paper.group.{group}", lang)] if group in ("beside", "extra") else []
    return ", ".join(words)


def matrix_figure(rows: Sequence[Row], *, lang: str = "en", width: int = 720) -> str:
    """The matrix as SVG: a full mark where all are signed, a half one where some, else empty."""
    narrow = width < 500
    lift = 18 if narrow else 0
    row_height = _ROW + lift
    drawing = Drawing(
        width,
        _HEAD + row_height * len(rows) + 6,
        say("paper.matrix.title", lang),
        "; ".join(f"{r.label}: {r.released} / {r.received} / {r.both}" for r in rows),
        rtl=lang in RIGHT_TO_LEFT,
    )
    first = 0.04 * width if narrow else 0.46 * width
    columns = [first + (width - first) * (k + 0.5) / 3 for k in range(3)]
    for x, name in zip(columns, ("holder", "receiver", "both"), strict=True):
        drawing.text(x, 18, say(f"paper.matrix.{name}", lang), "small", "middle")
    drawing.line(0, _HEAD - 14, width, _HEAD - 14, "rule")
    for place, row in enumerate(rows):
        y = _HEAD + place * row_height
        drawing.text(0, y + 6, row.label, "strong" if narrow else "")
        for x, count in zip(columns, (row.released, row.received, row.both), strict=True):
            _mark(drawing, x, y + lift, count, row.agreed, lang)
        drawing.line(0, y + row_height - 13, width, y + row_height - 13, "hair")
    return drawing.to_svg()


def _mark(drawing: Drawing, x: float, y: float, count: int, agreed: int | None, lang: str) -> None:
    whole = agreed is not None and count >= agreed
    if count:
        drawing.dot(x - 22, y + 1, 6, "both" if whole else "one-word ring")
        drawing.text(x - 8, y + 6, number(count, lang), "number")
    else:
        drawing.text(x - 8, y + 6, "–", "muted")
