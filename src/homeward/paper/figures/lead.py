"""Figure 2, lead: how far each side was ahead, act by act, against the agreed step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from homeward.paper.svg import Drawing, breadth, wrapped
from homeward.paper.wording import Wording
from homeward.words import RIGHT_TO_LEFT, number, say

Series = Sequence[tuple[float, int]]
_BAND, _NAME, _FOOT = 72.0, 24.0, 44.0


@dataclass(frozen=True, slots=True)
class _Band:
    """Where a side is drawn: its zero line, pixels a head (negative: downwards), its edges."""

    base: float
    unit: float
    left: float
    right: float
    last: float

    def at(self, x: float, lead: int) -> tuple[float, float]:
        # a side that is behind is drawn at the base: the other side's curve shows by how much
        across = self.left + (self.right - self.left) * x / self.last
        return across, self.base - max(lead, 0) * self.unit


def lead_figure(
    leads: Mapping[str, Series],
    *,
    step: int,
    names: Mapping[str, str],
    lang: str = "en",
    width: int = 720,
    concessions: Mapping[str, Series] | None = None,
) -> str:
    """Net heads out over the steps, as SVG.

    ``leads`` gives for each side points (steps along the base, net heads out), ``concessions``
    the points at which it gave somebody up. Two sides are mirrored about zero, so that balance
    is seen as symmetry; more sides get a band each.
    """
    words, sides, given_up = Wording(lang, names), sorted(leads), concessions or {}
    mirrored, bands = len(sides) == 2, max(len(sides), 1)
    height = bands * (_BAND + _NAME) + (0 if mirrored else 10 * bands) + _FOOT
    key = _key(lang, width) if any(given_up.values()) else []
    height += 16 * len(key) + 6 * bool(key)
    title = say("paper.lead.title", lang)
    said = _description(leads, given_up, step, words)
    drawing = Drawing(width, height, title, said, rtl=lang in RIGHT_TO_LEFT)
    last = float(ceil(max((x for side in sides for x, _ in leads[side]), default=1)) or 1)
    top = max([step, 1, *(lead for side in sides for _, lead in leads[side])])
    left = max(breadth(number(top, lang)), 14.0) + 10
    for place, side in enumerate(sides):
        down = mirrored and place == 1
        base = _NAME + _BAND if mirrored else (place + 1) * (_NAME + _BAND + 10) - 10
        unit = (-1 if down else 1) * (_BAND - 6) / top
        band = _Band(base, unit, left, width - 8, last)
        name_y = base + _BAND + 18 if down else base - _BAND - 6
        drawing.text(left, name_y, words.side(side), "strong")
        _draw_side(drawing, leads[side], band, step, lang)
        for x, lead in given_up.get(side, ()):
            drawing.diamond(*band.at(x, lead), "conceded")
    _draw_base(drawing, last, left, words, key)
    return drawing.to_svg()


def _description(
    leads: Mapping[str, Series], given_up: Mapping[str, Series], step: int, words: Wording
) -> str:
    said = []
    for side in sorted(leads):
        largest = max((lead for _, lead in leads[side]), default=0)
        named = {"side": words.side(side), "n": largest, "step": step}
        said.append(say("paper.lead.largest", words.lang, **named))
        if given_up.get(side):
            count = len(given_up[side])
            said.append(f"{say('paper.lead.conceded_column', words.lang)}: {words.number(count)}")
    return "; ".join(said)


def _draw_side(drawing: Drawing, series: Series, band: _Band, step: int, lang: str) -> None:
    points = [band.at(0, 0)]
    for x, lead in series:
        across, height = band.at(x, lead)
        points += [(across, points[-1][1]), (across, height)]
    limit = band.at(0, step)[1]
    drawing.line(band.left, band.base, band.right, band.base, "rule")
    if band.unit > 0:  # the one zero line of a mirrored pair is named once
        drawing.text(band.left - 6, band.base + 4, "0", "small number", "end")
    if step:
        drawing.line(band.left, limit, band.right, limit, "limit")
        drawing.text(band.left - 6, limit + 4, number(step, lang), "small number", "end")
    drawing.path(points, "lead")


def _key(lang: str, width: float) -> list[str]:
    """What the mark of a concession means, in lines that fit."""
    return wrapped(say("paper.lead.conceded_key", lang), width - 60)


def _draw_base(
    drawing: Drawing, last: float, left: float, words: Wording, key: Sequence[str]
) -> None:
    y = drawing.height - 24 - 16 * len(key) - 6 * bool(key)
    right = drawing.width - 8
    room = max(breadth(words.number(int(last))) + 12, 26)
    every = next(
        n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if (right - left) / last * n >= room
    )
    for tick in range(every, int(last) + 1, every):
        x = left + (right - left) * (tick - 0.5) / last
        drawing.text(x, y, words.number(tick), "small number", "middle")
    drawing.text(left, y + 18, say("paper.lead.base", words.lang), "small muted")
    if key:
        drawing.diamond(left + 5, y + 36, "conceded")
        drawing.lines(left + 18, y + 40, key, "small")
