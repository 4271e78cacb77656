"""Stages by category: small multiples, one panel a stage, the same scale in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from homeward.paper.svg import Drawing
from homeward.words import RIGHT_TO_LEFT, number, say

StageCounts = tuple[int, str, Mapping[tuple[str, str, str], tuple[int, int]]]


def stages_figure(
    stages: Sequence[StageCounts], *, names: Mapping[str, str], lang: str = "en", width: int = 720
) -> str:
    """Stages as SVG.

    ``stages``: (number, date, {(from, to, category): (agreed, signed by both)}).
    """
    most = max((n for _, _, rows in stages for n, _ in rows.values()), default=1) or 1
    each = [30 + 24 * len(rows) + 14 for _, _, rows in stages]
    said = "; ".join(
        f"{say('paper.stages.stage', lang, n=stage)} {day}: "
        + ", ".join(
            f"{names.get(a, a)} – {names.get(b, b)}, {category} {done}/{agreed}"
            for (a, b, category), (agreed, done) in sorted(rows.items())
        )
        for stage, day, rows in stages
    )
    drawing = Drawing(
        width, sum(each) + 4, say("paper.stages.title", lang), said, rtl=lang in RIGHT_TO_LEFT
    )
    y = 0.0
    for (stage, day, rows), height in zip(stages, each, strict=True):
        drawing.text(0, y + 16, f"{say('paper.stages.stage', lang, n=stage)} · {day}", "strong")
        for place, (key, (agreed, done)) in enumerate(sorted(rows.items())):
            _row(drawing, y + 28 + 24 * place, key, agreed, done, most, names, lang)
        y += height
    return drawing.to_svg()


def _row(
    drawing: Drawing,
    y: float,
    key: tuple[str, str, str],
    agreed: int,
    done: int,
    most: int,
    names: Mapping[str, str],
    lang: str,
) -> None:
    sender, to, category = key
    start = drawing.width * (0.42 if drawing.width >= 500 else 0.5)
    scale = (drawing.width - start - 70) / most
    label = (
        f"{say('paper.direction', lang, sender=names.get(sender, sender), to=names.get(to, to))}"
    )
    drawing.text(0, y + 12, f"{label}, {category}", "small")
    drawing.rect(start, y, agreed * scale, 16, "owed")
    drawing.rect(start, y, done * scale, 16, "both")
    counted = f"{number(done, lang)} / {number(agreed, lang)}"
    drawing.text(drawing.width, y + 13, counted, "small number", "end")
