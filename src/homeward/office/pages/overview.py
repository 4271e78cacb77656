"""Where the exchange stands at a glance: drawn, with the table beneath."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from homeward.office.desk import Desk
from homeward.office.line import open_held_sheets
from homeward.office.pages.frame import now, page
from homeward.office.pages.standing import (
    both_sizes,
    current_position,
    lead_series,
    next_clock,
    open_promises,
    terms_or_none,
    turns,
    wording,
)
from homeward.office.pages.tongue import Tongue, language
from homeward.office.process import desk
from homeward.paper import lead_figure, position_figure
from homeward.paper.figures import matrix_figure, matrix_rows
from homeward.paper.figures.position import position_words


@page("overview")
def overview(request: HttpRequest) -> HttpResponse:
    """Position, both attestations, lead against the step, whose turn, objections, next clock."""
    at = desk()
    shown: dict[str, Any] = {"met": at.exchange is not None}
    if at.exchange is not None:
        shown |= _standing(at)
    return render(request, "office/overview.html", shown)


def _standing(at: Desk) -> dict[str, Any]:
    if at.role == "side":
        open_held_sheets(at)  # whose turn it is at the line, whoever has looked there before
    spoken = language()
    words = wording(at, spoken)
    position = current_position(at)
    said = position_words(position, words.names, spoken) if position.owed else ()
    shown: dict[str, Any] = {
        "terms": terms_or_none(at),
        "position": position,
        "in_words": [Tongue(spoken).marked(one) for one in said],
        "rows": [
            {
                **row,
                "giver": words.side(row["from"]),
                "taker": words.side(row["to"]),
                "what": words.kind(row.get("category"), row.get("state", "living")),
            }
            for row in position.owed
        ],
        "leads": [
            {
                "side": words.side(side),
                "lead": position.lead[side],
                "largest": position.largest_lead[side],
                "conceded": position.conceded[side],
            }
            for side in sorted(position.lead)
        ],
        "turns": [(turn, words.side(turn.party)) for turn in turns(at)],
        "objections": [(e, words.side(e.author)) for e in at.entries("objections")],
        "conflicts": at.fold("conflicts", at.crossing.conflicts) if at.crossing else (),
        "promises": open_promises(at),
        "clock": next_clock(at, now()),
    }
    if position.owed:
        shown |= at.fold(("figures", spoken), lambda: _figures(at, position, spoken))
    return shown


def _figures(at: Desk, position: Any, spoken: str) -> dict[str, Any]:
    words = wording(at, spoken)
    signed = matrix_rows(position, words)
    series = lead_series(at)
    return {
        "signed_rows": signed,
        "position_drawn": both_sizes(
            lambda w: position_figure(position, names=words.names, lang=spoken, width=w)
        ),
        "matrix_drawn": both_sizes(lambda w: matrix_figure(signed, lang=spoken, width=w)),
        "lead_drawn": both_sizes(
            lambda w: lead_figure(
                series, step=position.step, names=words.names, lang=spoken, width=w
            )
        ),
    }
