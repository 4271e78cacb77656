"""Who gives whom to whom: the sides in a circle, an arrow for each direction with its count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin

from homeward.paper.figures.position import Bar, bars_of
from homeward.paper.svg import Drawing, breadth, wrapped
from homeward.paper.wording import Wording
from homeward.terms.kernel import Position
from homeward.words import RIGHT_TO_LEFT, say

Point = tuple[float, float]
_ROOM, _LINE = 112.0, 17.0


@dataclass(frozen=True, slots=True)
class Arrow:
    """A direction with its heads inside the balance, of every state: agreed and signed by both."""

    sender: str
    to: str
    agreed: int
    both: int


def arrows_of(position: Position) -> tuple[Arrow, ...]:
    """One arrow for each direction."""
    ways: dict[tuple[str, str], list[Bar]] = {}
    for bar in bars_of(position):
        ways.setdefault((bar.sender, bar.to), []).append(bar)
    return tuple(
        Arrow(*way, sum(b.agreed for b in bars), sum(b.both for b in bars))
        for way, bars in ways.items()
    )


def ring_figure(
    position: Position, *, names: Mapping[str, str], lang: str = "en", width: int = 720
) -> str:
    """The sides and who gives to whom, as SVG; the thick part of an arrow is signed by both."""
    words, arrows = Wording(lang, names), arrows_of(position)
    sides = sorted({side for arrow in arrows for side in (arrow.sender, arrow.to)})
    said = "; ".join(
        f"{words.direction(a.sender, a.to)}: {words.count_of(a.both, a.agreed)}" for a in arrows
    )
    narrow = width < 500
    radius = min(width / 2 - _ROOM / 2 - 4, 210.0) if narrow else 210.0
    rise = max(105.0, 30.0 * len(sides))
    turns = [2 * pi * k / len(sides) for k in range(len(sides))]
    lowest = max((-rise * cos(turn) for turn in turns), default=0.0)
    title = say("paper.ring.title", lang)
    drawing = Drawing(width, rise + lowest + 72, title, said, rtl=lang in RIGHT_TO_LEFT)
    places = {
        side: (width / 2 + radius * sin(turn), 24 + rise - rise * cos(turn))
        for side, turn in zip(sides, turns, strict=True)
    }
    both_ways = {(a.sender, a.to) for a in arrows}
    for arrow in arrows:
        beside = 9.0 if (arrow.to, arrow.sender) in both_ways else 0.0
        _draw_arrow(drawing, arrow, places, beside, words)
    for side in sides:
        _draw_side(drawing, places[side], wrapped(words.side(side), _ROOM - 12, 14.5))
    return drawing.to_svg()


def _draw_arrow(
    drawing: Drawing,
    arrow: Arrow,
    places: Mapping[str, Point],
    beside: float,
    words: Wording,
) -> None:
    start, end = places[arrow.sender], places[arrow.to]
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    across = (-along[1], along[0])

    def at(far: float, aside: float = 0.0) -> Point:
        aside += beside
        return (
            start[0] + along[0] * far + across[0] * aside,
            start[1] + along[1] * far + across[1] * aside,
        )

    first, last = _edge(along), length - _edge(along)
    share = min(arrow.both / arrow.agreed, 1.0) if arrow.agreed else float(arrow.both > 0)
    tip = last - 4
    drawing.line(*at(first), *at(tip - 10), "edge")
    if share:
        drawing.line(*at(first), *at(first + (tip - 10 - first) * share), "edge-both")
    drawing.polygon((at(tip), at(tip - 12, 6), at(tip - 12, -6)), "both" if share == 1 else "owed")
    label = words.count_of(arrow.both, arrow.agreed)
    room = breadth(label, 14)
    # the number stands on the outer side of the circle, or on the arrow's own side of a pair
    middle, out = at((first + last) / 2), 1.0
    if not beside:
        away = (middle[0] - drawing.width / 2, middle[1] - drawing.height / 2)
        out = 1.0 if across[0] * away[0] + across[1] * away[1] >= 0 else -1.0
    far = abs(across[0]) * room / 2 + abs(across[1]) * 8 + 10
    x, y = at((first + last) / 2, out * far)
    x = min(max(x, room / 2), drawing.width - room / 2)
    drawing.text(x, y + 5, label, "number", "middle")


def _edge(along: Point) -> float:
    """How far a line runs from the middle of a side's box to its border."""
    wide, high = _ROOM / 2 + 3, 24.0
    return min(wide / abs(along[0]) if along[0] else 1e9, high / abs(along[1]) if along[1] else 1e9)


def _draw_side(drawing: Drawing, middle: Point, lines: Sequence[str]) -> None:
    x, y = middle
    drawing.rect(x - _ROOM / 2, y - 20, _ROOM, 40, "party")
    top = y + 5 - _LINE * (len(lines) - 1) / 2
    for place, line in enumerate(lines[:2]):
        drawing.text(x, top + _LINE * place, line, "strong", "middle")
