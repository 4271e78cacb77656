"""Figure 1, position: per direction the agreed number, and how much of it both have signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homeward.paper.svg import Drawing
from homeward.terms.kernel import Position
from homeward.words import RIGHT_TO_LEFT, number, say


@dataclass(frozen=True, slots=True)
class Bar:
    """One direction: heads agreed, signed by both, by one side only, beside, and home."""

    sender: str
    to: str
    agreed: int
    both: int
    one_side: int
    beside: int
    home: int

    @property
    def left(self) -> int:
        """Heads still owed: agreed, less those both sides signed for."""
        return max(self.agreed - self.both, 0)


def bars_of(position: Position) -> tuple[Bar, ...]:
    """One bar a direction, in the order of the sides' names."""
    agreed: dict[tuple[str, str], int] = {}
    for row in position.owed:
        if row.get("group", "inside") == "inside" and row.get("agreed") is not None:
            key = (row["from"], row["to"])
            agreed[key] = agreed.get(key, 0) + int(row["agreed"])
    moves = sorted(set(agreed) | {(cell.sender, cell.to) for cell in position.cells})
    return tuple(_bar(position, sender, to, agreed.get((sender, to), 0)) for sender, to in moves)


def _bar(position: Position, sender: str, to: str, agreed: int) -> Bar:
    moved = {"sender": sender, "to": to, "outcome": "transferred"}
    both = position.count(**moved, group="inside", attested_by="both")
    everyone = position.count(**moved, group="inside")
    home = sum(
        int(row.get("count", 0))
        for row in position.home
        if row.get("to") == to and row.get("from", sender) == sender
    )
    return Bar(
        sender, to, agreed, both, everyone - both, position.count(**moved, group="beside"), home
    )


def position_words(position: Position, names: Mapping[str, str], lang: str) -> list[str]:
    """The number above the figure in words, one sentence a direction."""
    return [
        say(
            "paper.position.sentence",
            lang,
            sender=names.get(bar.sender, bar.sender),
            to=names.get(bar.to, bar.to),
            n=bar.both,
            agreed=bar.agreed,
            left=bar.left,
        )
        for bar in bars_of(position)
    ]


def position_figure(
    position: Position, *, names: Mapping[str, str], lang: str = "en", width: int = 720
) -> str:
    """The position as SVG: filled = signed by both, hatched = one side's word, open = owed."""
    bars = bars_of(position)
    rows = sum(3 + (bar.beside > 0) for bar in bars)
    drawing = Drawing(
        width,
        rows * 26 + 12 * len(bars) + 34,
        say("paper.position.title", lang),
        " ".join(position_words(position, names, lang)),
        rtl=lang in RIGHT_TO_LEFT,
    )
    most = max((bar.agreed or bar.both + bar.one_side for bar in bars), default=1) or 1
    y = 4.0
    for bar in bars:
        y = _draw_bar(drawing, bar, names, lang, most, y)
    _draw_key(drawing, lang, y + 6)
    return drawing.to_svg()


def _draw_bar(
    drawing: Drawing, bar: Bar, names: Mapping[str, str], lang: str, most: int, y: float
) -> float:
    scale = drawing.width / most
    sender, to = names.get(bar.sender, bar.sender), names.get(bar.to, bar.to)
    drawing.text(0, y + 15, say("paper.direction", lang, sender=sender, to=to), "strong")
    counted = say("paper.position.of", lang, n=bar.both, agreed=bar.agreed)
    drawing.text(drawing.width, y + 15, counted, "figure-number", "end")
    y += 22
    drawing.rect(0, y, bar.agreed * scale, 24, "owed")
    drawing.rect(0, y, bar.both * scale, 24, "both")
    drawing.rect(bar.both * scale, y, bar.one_side * scale, 24, "one-word")
    y += 30
    for count, name in ((bar.beside, "beside"), (bar.home, "home")):
        if name == "beside" and not count:
            continue
        drawing.rect(0, y, count * scale, 8, name)
        words = f"{say(f'paper.position.{name}', lang)}: {number(count, lang)}"
        drawing.text(0, y + 22, words, "small")
        y += 30
    return y + 12


def _draw_key(drawing: Drawing, lang: str, y: float) -> None:
    third = drawing.width / 3
    for place, name in enumerate(("both", "one-word", "owed")):
        drawing.rect(place * third, y, 14, 14, name)
        drawing.text(place * third + 20, y + 12, say(f"paper.key.{name}", lang), "small")
