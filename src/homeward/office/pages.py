"""The office's pages: drawn on the server, usable without JavaScript, printable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from homeward.crossing import position as fold_position
from homeward.office.desk import Desk
from homeward.office.founding import agreed_terms
from homeward.office.process import desk, token_is_ours
from homeward.paper import position_figure
from homeward.problem import Refused
from homeward.terms import Terms
from homeward.terms.kernel import Position
from homeward.words import RIGHT_TO_LEFT, say

Page = Callable[[HttpRequest], HttpResponse]


def enter_required(get_response: Page) -> Page:
    """Middleware: every page but the entrance wants this office's officer token, once a session."""

    def guard(request: HttpRequest) -> HttpResponse:
        open_to_all = request.path.startswith(("/enter/", "/api/", "/static/", "/language/"))
        if not open_to_all and not request.session.get("entered"):
            return redirect("enter")
        return get_response(request)

    return guard


def shared(request: HttpRequest) -> dict[str, Any]:
    """What every template needs: language, direction, the office's name, and its sentences."""
    language = (get_language() or "en").split("-")[0]
    return {
        "language": language,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "office_name": desk().name,
        "words": Sentences(language),
    }


class Sentences:
    """The office's sentences in one language, by key, for templates: ``{{ words.title }}``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getitem__(self, key: str) -> str:
        return say(f"office.{key}", self.language)


def enter(request: HttpRequest) -> HttpResponse:
    """The entrance: the officer token from the office's own folder opens the pages."""
    wrong = False
    if request.method == "POST":
        if token_is_ours(request.POST.get("token", "").strip()):
            request.session["entered"] = True
            return redirect("overview")
        wrong = True
    return render(request, "office/enter.html", {"wrong": wrong})


def current_position(desk: Desk) -> Position:
    """The position from every entry this office holds, under the terms where there are any."""
    entries = [entry for entries in desk.by_kind.values() for entry in entries]
    return fold_position(entries, sides=desk.sides(), terms=terms_or_none(desk))


def terms_or_none(desk: Desk) -> Terms | None:
    """The terms in force, or None while there are none."""
    try:
        return agreed_terms(desk)
    except Refused:
        return None


def overview(request: HttpRequest) -> HttpResponse:
    """Where the exchange stands at a glance, with the table beneath the figure."""
    at = desk()
    shown: dict[str, Any] = {"figure": "", "rows": (), "terms": None}
    if at.exchange is not None:
        language = (get_language() or "en").split("-")[0]
        terms = terms_or_none(at)
        position = current_position(at)
        names = {side: terms.name(side, language) for side in terms.sides} if terms else {}
        if position.owed:
            figure = position_figure(position, names=names, lang=language)
            shown["figure"] = mark_safe(figure)
        shown |= {"rows": position.owed, "position": position, "terms": terms}
    return render(request, "office/overview.html", shown)


def record(request: HttpRequest) -> HttpResponse:
    """The logs this office holds, who countersigned them, and any fork found."""
    at = desk()
    heads = []
    if at.store is not None:
        for name, head in sorted(at.store.logs().items()):
            signed = sorted(at.store.cosigned(name, head.size))
            heads.append({"log": name, "size": head.size, "root": head.root, "signed": signed})
    forks = at.store.forks() if at.store is not None else []
    return render(request, "office/record.html", {"heads": heads, "forks": forks})
