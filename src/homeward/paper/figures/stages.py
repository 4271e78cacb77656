"""Stages by category: small multiples, one panel a stage, the same scale in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeward.paper.svg import Drawing, breadth, wrapped
from homeward.paper.wording import Wording
from homeward.words import RIGHT_TO_LEFT, say

StageCounts = tuple[int, str, Mapping[tuple[str, str, str, str], tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class StageRow:
    """One direction and kind within a stage: heads agreed in its annex, and signed by both."""

    stage: int
    day: str
    label: str
    agreed: int
    both: int


def stage_rows(stages: Sequence[StageCounts], words: Wording) -> tuple[StageRow, ...]:
    """Every line of every stage's annex, in the order of the stages."""
    return tuple(
        StageRow(stage, day, _label(key, words), agreed, both)
        for stage, day, rows in stages
        for key, (agreed, both) in sorted(rows.items())
    )


def _label(key: tuple[str, str, str, str], words: Wording) -> str:
    sender, to, category, state = key
    what = words.kind(category or None, state)
    return say(
        "paper.matrix.row", words.lang, sender=words.side(sender), to=words.side(to), what=what
    )


def stages_figure(rows: Sequence[StageRow], *, lang: str = "en", width: int = 720) -> str:
    """Stages as SVG: filled = signed by both, open = agreed in the annex."""
    words = Wording(lang)
    most = max((row.agreed for row in rows), default=1) or 1
    tail = breadth(f"{words.number(most)} / {words.number(most)}") + 10
    start = min(width * 0.45, max((breadth(r.label) for r in rows), default=0) + 12)
    labels = [wrapped(row.label, start - 10) for row in rows]
    heights = [max(24.0, 15.0 * len(lines) + 9) for lines in labels]
    panels = len({row.stage for row in rows})
    title = say("paper.stages.title", lang)
    said = "; ".join(
        f"{_heading(row, words)}, {row.label}: {words.count_of(row.both, row.agreed)}"
        for row in rows
    )
    height = sum(heights) + 40 * panels + 4
    drawing = Drawing(width, height, title, said, rtl=lang in RIGHT_TO_LEFT)
    y, shown = 0.0, None
    for row, lines, high in zip(rows, labels, heights, strict=True):
        if row.stage != shown:
            y, shown = y + (14 if shown is not None else 0), row.stage
            drawing.text(0, y + 16, _heading(row, words), "strong")
            y += 26
        scale = (width - start - tail) / most
        drawing.lines(0, y + 12, lines, "small", height=15)
        drawing.rect(start, y, row.agreed * scale, 16, "owed")
        drawing.rect(start, y, min(row.both, most) * scale, 16, "both")
        counted = f"{words.number(row.both)} / {words.number(row.agreed)}"
        drawing.text(width, y + 13, counted, "small number", "end")
        y += high
    return drawing.to_svg()


def _heading(row: StageRow, words: Wording) -> str:
    stage = say("paper.stages.stage", words.lang, n=row.stage)
    return f"{stage} · {words.date(row.day)}" if row.day else stage
