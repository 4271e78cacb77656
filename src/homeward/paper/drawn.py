"""The report's figures, each drawn twice: for a desk and for a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from homeward.paper.data import Replanned, ReportData
from homeward.paper.figures import (
    Mark,
    lead_figure,
    matrix_figure,
    matrix_rows,
    position_figure,
    replan_figure,
    ring_figure,
    stage_rows,
    stages_figure,
    timeline_figure,
)
from homeward.paper.wording import Wording

_WIDE, _NARROW = 720, 348


def drawn(
    data: ReportData, words: Wording, story: Sequence[Mapping[str, Any]]
) -> dict[str, Markup]:
    """Every figure by its name; plans made again are ``replan-1``, ``replan-2`` and so on."""
    position, names, lang = data.position, words.names, words.lang
    marks = [_mark(row) for row in story]
    signed, stages = matrix_rows(position, words), stage_rows(data.stages, words)
    figures: dict[str, Callable[[int], str]] = {
        "position": lambda w: position_figure(position, names=names, lang=lang, width=w),
        "ring": lambda w: ring_figure(position, names=names, lang=lang, width=w),
        "timeline": lambda w: timeline_figure(marks, lang=lang, width=w),
        "matrix": lambda w: matrix_figure(signed, lang=lang, width=w),
        "lead": lambda w: lead_figure(
            data.leads,
            step=position.step,
            names=names,
            lang=lang,
            width=w,
            concessions=data.concessions,
        ),
        "stages": lambda w: stages_figure(stages, lang=lang, width=w),
    }
    for place, again in enumerate(data.replanned, 1):
        figures[f"replan-{place}"] = partial(_replan, again, lang)
    return {name: _both_sizes(draw) for name, draw in figures.items()}


def _replan(again: Replanned, lang: str, width: int) -> str:
    return replan_figure(again.before, again.after, lang=lang, width=width)


def _mark(row: Mapping[str, Any]) -> Mark:
    verdicts = tuple(claim["as_said"] for claim in row["claims"])
    return Mark(row["at"], row["key"], row["words"], row["said"], verdicts)


def _both_sizes(draw: Callable[[int], str]) -> Markup:
    """A drawing for a desk and one for a phone; the stylesheet shows the one that fits."""
    wide, narrow = Markup(draw(_WIDE)), Markup(draw(_NARROW))
    return Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(wide, narrow)
