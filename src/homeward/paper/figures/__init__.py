"""The figures that pages and the report share: plain data in, an SVG with its words out.

Each takes ``lang`` and ``width`` (CSS pixels), so that a phone gets a drawing of its own size
and right-to-left languages a mirrored one. The table beneath is the page's business.
"""

from __future__ import annotations

from homeward.paper.figures.lead import lead_figure
from homeward.paper.figures.matrix import matrix_figure, matrix_rows
from homeward.paper.figures.position import bars_of, position_figure, position_words
from homeward.paper.figures.replan import replan_figure, replan_rows
from homeward.paper.figures.ring import arrows_of, ring_figure
from homeward.paper.figures.stages import stage_rows, stages_figure
from homeward.paper.figures.timeline import Mark, timeline_figure

__all__ = [
    "Mark",
    "arrows_of",
    "bars_of",
    "lead_figure",
    "matrix_figure",
    "matrix_rows",
    "position_figure",
    "position_words",
    "replan_figure",
    "replan_rows",
    "ring_figure",
    "stage_rows",
    "stages_figure",
    "timeline_figure",
]
