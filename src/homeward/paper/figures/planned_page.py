"""A plan on one page: its figures, each with the same numbers as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from homeward.paper.figures.lead import lead_figure
from homeward.paper.figures.planned import (
    given_up_figure,
    given_up_rows,
    given_up_words,
    placed_figure,
    placed_rows,
    planned_leads,
)
from homeward.paper.figures.replan import replan_figure, replan_rows
from homeward.paper.report import stylesheet
from homeward.paper.wording import Wording
from homeward.words import RIGHT_TO_LEFT, say

if TYPE_CHECKING:
    from homeward.plan import Plan
    from homeward.terms import Terms

_WIDTHS = {"wide": 720, "narrow": 348}
Table = tuple[Sequence[str], Iterable[Sequence[str]]]


def plan_page(plan: Plan, terms: Terms, *, lang: str = "en", before: Plan | None = None) -> str:
    """One HTML page that needs nothing else: who goes when, the lead, what each aim gave up.

    ``before`` is the plan that this one replaces: then how many had been told each stage is shown
    beside how many are now.
    """
    words = Wording(
        lang,
        {side: terms.name(side, lang) for side in terms.sides},
        {category: terms.category_name(category, lang) for category in terms.categories},
    )
    parts = [_placed(plan, words), _lead(plan, terms, words), _given_up(plan, lang)]
    if before is not None:
        parts.append(_again(before, plan, words))
    title, style = escape(terms.title(lang)), stylesheet()
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    return (
        f'<!doctype html>\n<html lang="{lang}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _part(heading: str, draw: Callable[[int], str], table: Table) -> str:
    """A heading, the figure for a desk and for a phone, and its table."""
    heads, rows = table
    figure = "".join(f'<div class="{name}">{draw(width)}</div>' for name, width in _WIDTHS.items())
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in heads)
    body = "\n".join(f"<tr>{_cells(heads, row)}</tr>" for row in rows)
    return (
        f"<section>\n<h2>{escape(heading)}</h2>\n"
        f"<figure>{figure}</figure>\n"
        f'<table class="stack">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n'
        "</table>\n</section>\n"
    )


def _cells(heads: Sequence[str], row: Sequence[str]) -> str:
    labels = (f' data-label="{escape(head)}"' if head else "" for head in heads)
    return "".join(
        f"<td{label}>{escape(cell)}</td>" for label, cell in zip(labels, row, strict=True)
    )


def _placed(plan: Plan, words: Wording) -> str:
    stages = sorted({row.stage for row in plan.rows})
    rows = placed_rows(plan.rows, words, stages)
    heads = ["", *(say("paper.stages.stage", words.lang, n=stage) for stage in stages)]
    cells = [(row.label, *map(words.number, row.stages)) for row in rows]
    heading = say("plan.figures.placed", words.lang)

    def draw(width: int) -> str:
        return placed_figure(rows, stages, lang=words.lang, width=width)

    return _part(heading, draw, (heads, cells))


def _lead(plan: Plan, terms: Terms, words: Wording) -> str:
    leads = planned_leads(plan.rows)
    largest = {side: max((n for _, n in points), default=0) for side, points in leads.items()}
    step = terms.step or max(largest.values(), default=0)

    def draw(width: int) -> str:
        return lead_figure(leads, step=step, names=words.names, lang=words.lang, width=width)

    named = ("table", "largest_column", "step_column")
    heads = [say(f"paper.lead.{name}", words.lang) for name in named]
    numbers = {side: (words.number(n), words.number(step)) for side, n in largest.items()}
    cells = [(words.side(side), *each) for side, each in numbers.items()]
    return _part(say("paper.lead.heading", words.lang), draw, (heads, cells))


def _given_up(plan: Plan, lang: str) -> str:
    rows = given_up_rows(plan.objective, lang)
    cells = [(row.label, said) for row, said in zip(rows, given_up_words(rows, lang), strict=True)]
    heading = say("plan.figures.given_up", lang)

    def draw(width: int) -> str:
        return given_up_figure(rows, lang=lang, width=width)

    return _part(heading, draw, (["", ""], cells))


def _again(before: Plan, after: Plan, words: Wording) -> str:
    old, new = (dict(Counter(row.stage for row in plan.rows)) for plan in (before, after))
    heads = ["", *(say(f"paper.replan.{name}", words.lang) for name in ("before", "after"))]
    cells = [
        (say("paper.stages.stage", words.lang, n=stage), words.number(told), words.number(now))
        for stage, told, now in replan_rows(old, new)
    ]
    heading = say("paper.replan.heading", words.lang)

    def draw(width: int) -> str:
        return replan_figure(old, new, lang=words.lang, width=width)

    return _part(heading, draw, (heads, cells))
