"""A plan's before and after: how many persons were told each stage, and how many are now."""

from __future__ import annotations

from collections.abc import Mapping

from homeward.paper.svg import Drawing, breadth
from homeward.paper.wording import Wording
from homeward.words import RIGHT_TO_LEFT, say


def replan_rows(before: Mapping[int, int], after: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """(stage, told before, told now) for every stage of either plan."""
    stages = sorted(set(before) | set(after))
    return [(stage, before.get(stage, 0), after.get(stage, 0)) for stage in stages]


def replan_figure(
    before: Mapping[int, int], after: Mapping[int, int], *, lang: str = "en", width: int = 720
) -> str:
    """Two bars a stage, as SVG: open = told before, filled = told now."""
    rows, words = replan_rows(before, after), Wording(lang)
    said = "; ".join(
        f"{say('paper.stages.stage', lang, n=stage)}: {words.number(old)} – {words.number(new)}"
        for stage, old, new in rows
    )
    title = say("paper.replan.title", lang)
    drawing = Drawing(width, 44 * len(rows) + 4, title, said, rtl=lang in RIGHT_TO_LEFT)
    labels = {stage: say("paper.stages.stage", lang, n=stage) for stage, _, _ in rows}
    start = max((breadth(label, 14.5) for label in labels.values()), default=0) + 12
    ends = [say("paper.replan.before", lang), say("paper.replan.after", lang)]
    room = max(breadth(f"{end} 0,000") for end in ends) + 10
    scale = max(drawing.width - start - room, 20) / max([1, *(max(o, n) for _, o, n in rows)])
    for place, (stage, *counts) in enumerate(rows):
        y = 44.0 * place
        drawing.text(0, y + 20, labels[stage], "strong")
        for k, (count, cls) in enumerate(zip(counts, ("owed", "both"), strict=True)):
            drawing.rect(start, y + 2 + 18 * k, count * scale, 14, cls)
            words_here = f"{words.number(count)} {ends[k]}"
            drawing.text(start + count * scale + 6, y + 14 + 18 * k, words_here, "small number")
    return drawing.to_svg()
