"""Figure 1, position: per direction the agreed number, and how much of it both have signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from homeward.paper.svg import Drawing, breadth, flowed
from homeward.paper.wording import Wording
from homeward.terms.kernel import Cell, Position
from homeward.words import RIGHT_TO_LEFT, say

# What is owed in these states is no person; it is said in words and never drawn as one.
THINGS = frozenset({"asset", "act"})
_ORDER = ("living", "remains")


@dataclass(frozen=True, slots=True)
class Thin:
    """A row of its own beneath the count: ``beside``, ``extra`` or ``home``; heads."""

    name: str
    count: int
    agreed: int = 0
    state: str = "living"


@dataclass(frozen=True, slots=True)
class Bar:
    """One direction and state: heads agreed, signed by both, by one side only; thin rows."""

    sender: str
    to: str
    state: str
    agreed: int
    both: int
    one_side: int
    thin: tuple[Thin, ...] = ()

    @property
    def left(self) -> int:
        """Heads still owed: agreed, less those both sides signed for."""
        return max(self.agreed - self.both, 0)

    def rows(self, name: str) -> int:
        """Heads in the thin rows of that name."""
        return sum(row.count for row in self.thin if row.name == name)


def bars_of(position: Position) -> tuple[Bar, ...]:
    """One bar for each direction and state, in the order of the sides' names, living first."""
    agreed: dict[tuple[str, str, str], int] = {}
    ways: set[tuple[str, str]] = set()
    for row in position.owed:
        if row.get("state", "living") in THINGS:
            continue
        ways.add((row["from"], row["to"]))
        if row.get("group", "inside") == "inside":
            key = (row["from"], row["to"], row.get("state", "living"))
            agreed[key] = agreed.get(key, 0) + int(row.get("agreed") or 0)
    cells = [cell for cell in position.cells if cell.outcome == "transferred"]
    # several sides may owe jointly: their cells then stand under the joint direction
    ways |= {(c.sender, c.to) for c in cells if not any(_within(c, way) for way in ways)}
    return tuple(bar for way in sorted(ways) for bar in _bars(position, way, agreed, cells, ways))


def _within(cell: Cell, way: tuple[str, str]) -> bool:
    return cell.sender in way[0].split("+") and cell.to in way[1].split("+")


def _bars(
    position: Position,
    way: tuple[str, str],
    agreed: Mapping[tuple[str, str, str], int],
    cells: Sequence[Cell],
    ways: Iterable[tuple[str, str]],
) -> list[Bar]:
    own = [cell for cell in cells if _within(cell, way)]
    inside = [cell for cell in own if cell.group == "inside"]
    states = {state for *ends, state in agreed if tuple(ends) == way}
    states |= {cell.state for cell in inside}
    ordered = sorted(states, key=lambda s: (_ORDER.index(s) if s in _ORDER else 9, s))
    bars = []
    for state in ordered or ["living"]:
        here = [cell for cell in inside if cell.state == state]
        both = sum(cell.count for cell in here if cell.attested_by == "both")
        everyone = sum(cell.count for cell in here)
        bars.append(Bar(*way, state, agreed.get((*way, state), 0), both, everyone - both))
    thin = _thin(position, way, own, ways)
    last = bars[-1]
    bars[-1] = Bar(*way, last.state, last.agreed, last.both, last.one_side, thin)
    return bars


def _thin(
    position: Position, way: tuple[str, str], own: Sequence[Cell], ways: Iterable[tuple[str, str]]
) -> tuple[Thin, ...]:
    rows = []
    for group in ("beside", "extra"):
        due: dict[str, int] = {}
        for row in position.owed:
            fits = (row["from"], row["to"], row.get("group")) == (*way, group)
            if fits and row.get("state") not in THINGS:
                state = row.get("state", "living")
                due[state] = due.get(state, 0) + int(row.get("agreed") or 0)
        # an extra is on no sheet: nobody but the receiver is asked to sign for one
        found = [
            c for c in own if c.group == group and (c.attested_by == "both" or group == "extra")
        ]
        for state in sorted(set(due) | {c.state for c in found}):
            count = sum(c.count for c in found if c.state == state)
            rows.append(Thin(group, count, due.get(state, 0), state))
    home = [row for row in position.home if row.get("to") in way[1].split("+")]
    # home says only to whom: with several givers it stands at the first of them, for all
    first = min(w for w in ways if w[1] == way[1]) == way
    if home and first:
        rows.append(Thin("home", sum(int(row.get("count", 0)) for row in home)))
    return tuple(rows)


def position_words(position: Position, names: Mapping[str, str], lang: str) -> list[str]:
    """The number above the figure in words: one sentence where all directions stand alike."""
    words = Wording(lang, names)
    found: list[str] = []
    bars = [bar for bar in bars_of(position) if bar.agreed or bar.both or bar.one_side]
    for state in dict.fromkeys(bar.state for bar in bars):
        these = [bar for bar in bars if bar.state == state]
        alike = len({(bar.agreed, bar.both) for bar in these}) == 1 and len(these) > 1
        sentences = [_together(these, lang)] if alike else [_sentence(b, words) for b in these]
        if len({bar.state for bar in bars}) > 1:
            label = words.state(state)
            label = label[:1].upper() + label[1:]
            sentences = [
                say("paper.position.of_state", lang, state=label, sentence=s) for s in sentences
            ]
        found += sentences
    return found


def _together(bars: Sequence[Bar], lang: str) -> str:
    bar = bars[0]
    values = {"done": bar.both, "agreed": bar.agreed, "left": bar.left}
    if len(bars) == 2 and (bars[0].sender, bars[0].to) == (bars[1].to, bars[1].sender):
        return say("paper.position.each_way", lang, **values)
    return say("paper.position.each", lang, n=len(bars), **values)


def _sentence(bar: Bar, words: Wording) -> str:
    ends = {"sender": words.side(bar.sender), "to": words.side(bar.to)}
    if not bar.agreed:
        return say("paper.position.no_number", words.lang, done=bar.both, **ends)
    values = {"n": bar.both, "agreed": bar.agreed, "left": bar.left}
    return say("paper.position.sentence", words.lang, **values, **ends)


def position_figure(
    position: Position, *, names: Mapping[str, str], lang: str = "en", width: int = 720
) -> str:
    """The position as SVG: filled = signed by both, hatched = one side's word, open = owed."""
    bars, words = bars_of(position), Wording(lang, names)
    keys = [say(f"paper.key.{name}", lang) for name in _KEYS]
    places = flowed([breadth(key) + 44 for key in keys], width)
    drawing = Drawing(
        width,
        sum(_height(bar, words, width) for bar in bars) + 24 * (places[-1][1] + 1),
        say("paper.position.title", lang),
        _description(bars, words),
        rtl=lang in RIGHT_TO_LEFT,
    )
    most = max([1, *(max(bar.agreed, bar.both + bar.one_side) for bar in bars)])
    most = max([most, *(row.count for bar in bars for row in bar.thin)])
    several = len({bar.state for bar in bars}) > 1
    y = 4.0
    for bar in bars:
        y = _draw_bar(drawing, bar, words, most, y, several=several)
    for name, key, (x, row) in zip(_KEYS, keys, places, strict=True):
        drawing.rect(x, y + 24 * row, 14, 14, name)
        drawing.text(x + 20, y + 12 + 24 * row, key, "small")
    return drawing.to_svg()


def _description(bars: Sequence[Bar], words: Wording) -> str:
    return "; ".join(
        f"{_label(bar, words, several=True)}: {words.count_of(bar.both, bar.agreed)}"
        for bar in bars
    )


_KEYS = ("both", "one-word", "owed")


def _label(bar: Bar, words: Wording, *, several: bool) -> str:
    way = words.direction(bar.sender, bar.to)
    if not several:
        return way
    return f"{way}{say('paper.comma', words.lang)}{words.state(bar.state)}"


def _crowded(bar: Bar, words: Wording, width: float) -> bool:
    """Whether direction and number need a line each."""
    label = _label(bar, words, several=True)
    return breadth(label + words.count_of(bar.both, bar.agreed), 14.5) > width - 20


def _height(bar: Bar, words: Wording, width: float) -> float:
    return 64 + 30 * len(bar.thin) + 20 * _crowded(bar, words, width)


def _draw_bar(
    drawing: Drawing, bar: Bar, words: Wording, most: int, y: float, *, several: bool
) -> float:
    scale = drawing.width / most
    drawing.text(0, y + 15, _label(bar, words, several=several), "strong")
    y += 20 * _crowded(bar, words, drawing.width)
    counted = words.count_of(bar.both, bar.agreed)
    drawing.text(drawing.width, y + 15, counted, "figure-number", "end")
    y += 22
    drawing.rect(0, y, bar.agreed * scale, 24, "owed")
    drawing.rect(0, y, bar.both * scale, 24, "both")
    drawing.rect(bar.both * scale, y, bar.one_side * scale, 24, "one-word")
    y += 30
    for row in bar.thin:
        if row.agreed:
            drawing.rect(0, y, row.agreed * scale, 8, "owed")
        drawing.rect(0, y, row.count * scale, 8, row.name)
        drawing.text(0, y + 22, _thin_words(row, words), "small")
        y += 30
    return y + 12


def _thin_words(row: Thin, words: Wording) -> str:
    name = say(f"paper.position.{row.name}", words.lang)
    if row.state != "living":
        name = f"{words.state(row.state)}{say('paper.comma', words.lang)}{name}"
    return f"{name}: {words.count_of(row.count, row.agreed)}"
