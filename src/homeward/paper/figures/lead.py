"""Figure 2, lead: how far each side was ahead, act by act, against the agreed step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from homeward.paper.svg import Drawing
from homeward.words import RIGHT_TO_LEFT, number, say

Series = Sequence[tuple[float, int]]
_START = 34.0


def lead_figure(
    leads: Mapping[str, Series],
    *,
    step: int,
    names: Mapping[str, str],
    lang: str = "en",
    width: int = 720,
) -> str:
    """Net heads out over the steps, as SVG.

    ``leads`` gives for each side points (steps along the base, net heads out). Two sides are
    mirrored about zero, so that balance is seen as symmetry; more sides get a band each.
    """
    sides = sorted(leads)
    largest = {side: max((lead for _, lead in leads[side]), default=0) for side in sides}
    said = "; ".join(
        say("paper.lead.largest", lang, side=names.get(s, s), n=largest[s], step=step)
        for s in sides
    )
    half = 84.0
    mirrored = len(sides) == 2
    bands = 1 if mirrored else len(sides)
    height = bands * half * (2 if mirrored else 1.3) + 62
    drawing = Drawing(width, height, say("paper.lead.title", lang), said, rtl=lang in RIGHT_TO_LEFT)
    last = max((x for side in sides for x, _ in leads[side]), default=1) or 1
    top = max([step, *largest.values(), 1])
    for place, side in enumerate(sides):
        sign = -1 if mirrored and place else 1
        base = half + 18 if mirrored else (place + 1) * half * 1.3
        _draw_side(drawing, leads[side], base, sign * (half - 14) / top, last, step)
        name_y = base + half + 4 if sign < 0 else base - half + 6
        drawing.text(_START, name_y, names.get(side, side), "strong")
    _draw_base(drawing, last, lang)
    return drawing.to_svg()


def _draw_side(
    drawing: Drawing, series: Series, base: float, unit: float, last: float, step: int
) -> None:
    left, right = _START, drawing.width - 4

    def at(x: float) -> float:
        return left + (right - left) * x / last

    points = [(at(0), base)]
    for x, lead in series:
        points.append((at(x), points[-1][1]))
        # a side that is behind is drawn at the base: the other side's curve shows by how much
        points.append((at(x), base - max(lead, 0) * unit))
    drawing.line(left, base, right, base, "rule")
    drawing.line(left, base - step * unit, right, base - step * unit, "limit")
    drawing.text(left - 6, base - step * unit + 4, str(step), "small number", "end")
    drawing.path(points, "lead")


def _draw_base(drawing: Drawing, last: float, lang: str) -> None:
    y = drawing.height - 6
    drawing.text(_START, y, say("paper.lead.base", lang), "small")
    drawing.text(drawing.width - 4, y, number(int(last), lang), "small number", "end")
