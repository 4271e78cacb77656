"""A drawing as text: shapes with classes from the shared stylesheet, a title and a description.

Coordinates are in CSS pixels from the start edge (the left one, or the right one where the
language runs right to left) and from the top. Nothing here knows what is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

# Between the mean width of a letter in the scripts shown and the widest ones.
_LETTER = 0.57
_UNSEEN = frozenset("\u2066\u2067\u2068\u2069\u200e\u200f")


def breadth(words: str, size: float = 12.5) -> float:
    """About how wide a line of words is, in CSS pixels, a little on the wide side."""
    return sum(_LETTER * size for letter in words if letter not in _UNSEEN)


def wrapped(words: str, room: float, size: float = 12.5) -> list[str]:
    """The words in lines that fit into ``room``; a single word is never cut."""
    lines: list[str] = []
    for word in words.split(" "):
        if lines and breadth(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def flowed(widths: Sequence[float], room: float) -> list[tuple[float, int]]:
    """(x, row) for items of these widths set one after another, on as many rows as needed."""
    places: list[tuple[float, int]] = []
    x, row = 0.0, 0
    for width in widths:
        if x and x + width > room:
            x, row = 0.0, row + 1
        places.append((x, row))
        x += width
    return places


def _n(value: float) -> str:
    """A coordinate, short: ``12`` rather than ``12.000``."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


@dataclass
class Drawing:
    """Shapes collected top to bottom; ``rtl`` mirrors every x."""

    width: float
    height: float
    title: str
    description: str
    rtl: bool = False
    shapes: list[str] = field(default_factory=list)

    def _x(self, x: float) -> float:
        return self.width - x if self.rtl else x

    def rect(self, x: float, y: float, width: float, height: float, cls: str) -> None:
        """A box whose start edge is at ``x``."""
        left = self.width - x - width if self.rtl else x
        self.shapes.append(
            f'<rect x="{_n(left)}" y="{_n(y)}" width="{_n(max(width, 0))}" '
            f'height="{_n(height)}" class="{cls}"{self._fill(cls)}/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, cls: str = "rule") -> None:
        """A straight line."""
        self.shapes.append(
            f'<line x1="{_n(self._x(x1))}" y1="{_n(y1)}" x2="{_n(self._x(x2))}" '
            f'y2="{_n(y2)}" class="{cls}"/>'
        )

    def path(self, points: list[tuple[float, float]], cls: str) -> None:
        """An open line through points."""
        steps = " ".join(f"{_n(self._x(x))},{_n(y)}" for x, y in points)
        self.shapes.append(f'<polyline points="{steps}" class="{cls}"/>')

    def dot(self, x: float, y: float, radius: float, cls: str) -> None:
        """A filled or open circle, by its class."""
        self.shapes.append(
            f'<circle cx="{_n(self._x(x))}" cy="{_n(y)}" r="{_n(radius)}" '
            f'class="{cls}"{self._fill(cls)}/>'
        )

    def polygon(self, points: Sequence[tuple[float, float]], cls: str) -> None:
        """A closed shape through points: an arrow's head, a mark."""
        steps = " ".join(f"{_n(self._x(x))},{_n(y)}" for x, y in points)
        self.shapes.append(f'<polygon points="{steps}" class="{cls}"/>')

    def diamond(self, x: float, y: float, cls: str, radius: float = 5) -> None:
        """A mark of its own shape, for what must not be taken for a dot."""
        self.polygon(((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)), cls)

    def lines(
        self, x: float, y: float, words: Sequence[str], cls: str = "", *, height: float = 16
    ) -> None:
        """Several lines of words below each other, the first at ``y``."""
        for place, line in enumerate(words):
            self.text(x, y + place * height, line, cls)

    def text(self, x: float, y: float, words: str, cls: str = "", anchor: str = "start") -> None:
        """A line of words; ``start`` and ``end`` follow the reading direction."""
        self.shapes.append(
            f'<text x="{_n(self._x(x))}" y="{_n(y)}" text-anchor="{anchor}" '
            f'class="{cls}">{escape(words)}</text>'
        )

    def _fill(self, cls: str) -> str:
        return f' fill="url(#{self._key()}-hatch)"' if "one-word" in cls.split() else ""

    def _key(self) -> str:
        name = f"{self.title}|{self.description}|{self.width}|{self.rtl}"
        return "f" + hashlib.sha256(name.encode()).hexdigest()[:10]

    def to_svg(self) -> str:
        """The whole drawing as one ``<svg>`` element."""
        key = self._key()
        direction = ' direction="rtl"' if self.rtl else ""
        hatch = (
            f'<defs><pattern id="{key}-hatch" width="6" height="6" '
            'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="6" height="6" class="hatch-ground"/>'
            '<line x1="0" y1="0" x2="0" y2="6" class="hatch-line"/></pattern></defs>'
        )
        body = "\n".join(self.shapes)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} '
            f'{_n(self.height)}" width="{_n(self.width)}" role="img" '
            f'aria-labelledby="{key}-t {key}-d"{direction}>\n'
            f'<title id="{key}-t">{escape(self.title)}</title>\n'
            f'<desc id="{key}-d">{escape(self.description)}</desc>\n{hatch}\n{body}\n</svg>'
        )
