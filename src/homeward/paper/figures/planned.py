"""A plan in pictures: who goes when from where, how far each side is ahead, what an aim gave up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeward.paper.svg import Drawing, breadth, wrapped
from homeward.paper.wording import Wording
from homeward.words import RIGHT_TO_LEFT, say

if TYPE_CHECKING:
    from homeward.plan.rows import Level, PlanRow

_ROW, _HEAD, _BAR = 34.0, 30.0, 16.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Persons of one way, category and site: how many go in each stage."""

    label: str
    stages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One aim: what it could reach, what it reached, and what it gave up for the aims after it."""

    label: str
    could: int
    reached: int

    @property
    def lost(self) -> int:
        return self.could - self.reached


def placed_rows(
    rows: Iterable[PlanRow], words: Wording, stages: Sequence[int]
) -> tuple[Placed, ...]:
    """A line for each way, category and site of a plan, in that order."""
    counts: Counter[tuple[tuple[str, str, str, str], int]] = Counter(
        ((row.sender, row.to, row.category, row.site), row.stage) for row in rows
    )
    keys = sorted({key for key, _ in counts})
    return tuple(
        Placed(_label(key, words), tuple(counts[key, stage] for stage in stages)) for key in keys
    )


def _label(key: tuple[str, str, str, str], words: Wording) -> str:
    sender, to, category, site = key
    what = words.kind(category or None, "living")
    way = say(
        "paper.matrix.row", words.lang, sender=words.side(sender), to=words.side(to), what=what
    )
    return f"{way}, {site}" if site else way


def placed_figure(
    rows: Sequence[Placed], stages: Sequence[int], *, lang: str = "en", width: int = 720
) -> str:
    """Stages side by side, a row for each category and site, as SVG; bars of one scale."""
    words = Wording(lang)
    start = min(width * 0.45, max((breadth(row.label) for row in rows), default=0) + 12)
    labels = [wrapped(row.label, start - 10) for row in rows]
    heights = [max(_ROW, 15.0 * len(lines) + 10) for lines in labels]
    column = (width - start) / max(1, len(stages))
    most = max((count for row in rows for count in row.stages), default=1) or 1
    scale = max(column - breadth(words.number(most)) - 16, 4) / most
    names = [say("paper.stages.stage", lang, n=stage) for stage in stages]
    said = "; ".join(
        f"{row.label}: "
        + ", ".join(f"{name} {words.number(n)}" for name, n in zip(names, row.stages, strict=True))
        for row in rows
    )
    title = say("plan.figures.placed", lang)
    rtl = lang in RIGHT_TO_LEFT
    drawing = Drawing(width, _HEAD + sum(heights) + 4, title, said, rtl=rtl)
    for place, name in enumerate(names):
        drawing.text(start + place * column, 16, name, "small strong")
    y = _HEAD
    for row, lines, high in zip(rows, labels, heights, strict=True):
        drawing.line(0, y - 4, width, y - 4, "hair")
        drawing.lines(0, y + 12, lines, "small", height=15)
        for place, count in enumerate(row.stages):
            x = start + place * column
            if count:
                drawing.rect(x, y, count * scale, _BAR, "both")
            drawing.text(x + count * scale + 5, y + 13, words.number(count), "small number")
        y += high
    return drawing.to_svg()


def planned_leads(rows: Iterable[PlanRow]) -> dict[str, list[tuple[float, int]]]:
    """How far each side gets ahead in a plan, for ``lead_figure``.

    The worst order within a step is drawn: each side lets everybody of the step go before anybody
    comes. The step closes when all have come. Where sides were to give unequal numbers, each step
    is in the agreed proportion, so none is ahead once it is closed.
    """
    steps: dict[int, list[PlanRow]] = {}
    total: Counter[str] = Counter()
    for row in rows:
        if row.step:
            steps.setdefault(row.step, []).append(row)
            total[row.sender] += 1
            total[row.to] -= 1
    uneven = any(total.values())
    ahead = dict.fromkeys(sorted(total), 0)
    found: dict[str, list[tuple[float, int]]] = {side: [] for side in ahead}
    for place, (_, there) in enumerate(sorted(steps.items())):
        for side in ahead:
            out = sum(row.sender == side for row in there)
            found[side].append((place + 0.5, ahead[side] + out))
            if not uneven:
                ahead[side] += out - sum(row.to == side for row in there)
            found[side].append((place + 1.0, ahead[side]))
    return found


def given_up_rows(levels: Iterable[Level], lang: str = "en") -> tuple[GivenUp, ...]:
    """A line for each aim of a plan, in order of precedence."""
    return tuple(
        GivenUp(say(f"plan.levels.{level.name}", lang), level.bound, level.value)
        for level in levels
    )


def given_up_words(rows: Iterable[GivenUp], lang: str = "en") -> list[str]:
    """What each aim reached of what it could, and gave up, in words."""
    words = Wording(lang)
    return [
        say(
            "plan.figures.gave",
            lang,
            reached=_signless(row.reached, words),
            could=_signless(row.could, words),
            lost=words.number(row.lost),
        )
        for row in rows
    ]


def given_up_figure(rows: Sequence[GivenUp], *, lang: str = "en", width: int = 720) -> str:
    """Filled = reached, open = given up for the aims below, as SVG; each aim its own scale."""
    said = given_up_words(rows, lang)
    title = say("plan.figures.given_up", lang)
    description = "; ".join(f"{row.label}: {one}" for row, one in zip(rows, said, strict=True))
    drawing = Drawing(width, 58 * len(rows) + 4, title, description, rtl=lang in RIGHT_TO_LEFT)
    for place, (row, one) in enumerate(zip(rows, said, strict=True)):
        y = 58.0 * place
        drawing.text(0, y + 14, row.label, "strong")
        drawing.text(width, y + 14, one, "small number", "end")
        # Of what should be small, the longer bar is what was accepted in the end.
        whole = max(abs(row.could), abs(row.reached), 1)
        drawing.rect(0, y + 22, width * max(abs(row.could), abs(row.reached)) / whole, 14, "owed")
        drawing.rect(0, y + 22, width * min(abs(row.could), abs(row.reached)) / whole, 14, "both")
    return drawing.to_svg()


def _signless(value: int, words: Wording) -> str:
    """What should be small is counted below zero; a reader sees the plain number."""
    return words.number(abs(value))
