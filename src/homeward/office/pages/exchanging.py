"""Lists between the sides, and the wishes and fitness of those who were offered."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office.accesses import note_access
from homeward.office.desk import Desk
from homeward.office.lists import own_list
from homeward.office.models import Handle
from homeward.office.pages.frame import do, now, officer_of, page, tell
from homeward.office.pages.standing import since, wording
from homeward.office.pages.tongue import language
from homeward.office.personmodels import Asked
from homeward.office.process import desk
from homeward.office.search import known_as
from homeward.record import Entry

_KINDS = ("list-submitted", "list-received", "replies", "decisions", "objections", "willingness")
_VERBS = ("submit-lists", "reply", "accept-replies")


@page("lists")
def lists(request: HttpRequest) -> HttpResponseBase:
    """Requests, offers and answers between the sides: who signed what, and whose turn it is."""
    at = desk()
    if request.method == "POST":
        name = request.POST.get("verb", "")
        if name in _VERBS:
            do(request, name)
        return redirect("lists")
    shown: dict[str, Any] = {"met": at.exchange}
    if at.exchange is not None:
        held = [entry for kind in _KINDS for entry in at.by_kind.get(kind, ())]
        shown["rows"] = [_row(at, entry) for entry in held]
        shown |= _turns(at)
    return render(request, "office/lists.html", shown)


def _row(at: Desk, entry: Entry) -> dict[str, Any]:
    words = wording(at, language())
    store = at.open_store()
    seen = since(at, entry)
    return {
        "entry": entry,
        "by": words.side(entry.author),
        "to": words.side(entry.to) if entry.to else "",
        "since": seen,
        "days": (now() - seen).days if seen else None,
        "level": store.level(entry),
        "heads": _heads(at, entry),
    }


def _heads(at: Desk, entry: Entry) -> int | None:
    """How many persons an entry speaks of, where this office may read it."""
    try:
        text = at.part(entry).decode()
    except Exception:
        return None
    if entry.kind in ("objections", "willingness"):
        return len(json.loads(text))
    return sum(1 for _ in csv.reader(io.StringIO(text))) - 1


def _turns(at: Desk) -> dict[str, Any]:
    """What this side may do next: each with how many wait for it."""
    mine = at.entries("list-submitted", author=at.name)
    shown_to_me = at.entries("list-submitted", to=at.name)
    answered = {entry.prior for entry in at.entries("replies", author=at.name)}
    offered = at.entries("replies", to=at.name)
    linked = {entry.prior for entry in at.entries("decisions", author=at.name)}
    return {
        "may_submit": not mine and bool(own_list("sought")),
        "to_reply": sum(entry.hash not in answered for entry in shown_to_me),
        "to_link": sum(entry.hash not in linked for entry in offered),
        "offered": Handle.objects.count(),
    }


@page("fitness")
def fitness(request: HttpRequest) -> HttpResponseBase:
    """Whoever is offered is asked alone: their wish and their fitness, kept here and sealed."""
    at = desk()
    if request.method == "POST":
        return _keep(request, at)
    asked = {row.handle: row for row in Asked.objects.all()}
    handles = Handle.objects.order_by("handle")
    pages = Paginator(handles, 50).get_page(request.GET.get("page"))
    note_access(officer_of(request), "fitness", now(), count=len(pages))
    gone = _withdrawn(at)
    people = known_as("held", (row.held_id for row in pages))
    rows = [
        {
            "handle": row.handle,
            "person": people.get(row.held_id),
            "asked": asked.get(row.handle),
            "withdrawn": row.handle in gone,
        }
        for row in pages
    ]
    blocked = [h for h, one in asked.items() if one.wish == "unwilling" or one.fit == "unfit"]
    shown = {
        "rows": rows,
        "page": pages,
        "sealed": at.entries("willingness", author=at.name) if at.exchange else (),
        "offered": handles.count(),
        "asked": sum(bool(one.wish) for one in asked.values()),
        "to_withdraw": len(set(blocked) - gone),
    }
    return render(request, "office/fitness.html", shown)


def _withdrawn(at: Desk) -> set[str]:
    own = at.entries("objections", author=at.name) if at.exchange else []
    return {handle for entry in own for handle in json.loads(at.part(entry))}


def _keep(request: HttpRequest, at: Desk) -> HttpResponseBase:
    """One person's wish or fitness; or the whole, sealed; or those blocked, taken off the lines."""
    what = request.POST.get("what", "")
    if what == "seal":
        unwilling = Asked.objects.filter(wish="unwilling").values_list("handle", flat=True)
        do(request, "willingness", unwilling=sorted(unwilling))
    elif what == "withdraw":
        blocked = Asked.objects.filter(wish="unwilling") | Asked.objects.filter(fit="unfit")
        handles = sorted(set(blocked.values_list("handle", flat=True)) - _withdrawn(at))
        if handles:
            do(request, "withdraw", list_handles=handles)
    else:
        known = set(Handle.objects.values_list("handle", flat=True))
        for handle in known & {name[5:] for name in request.POST if name.startswith("wish-")}:
            wish, fit = (
                request.POST.get(f"wish-{handle}", ""),
                request.POST.get(f"fit-{handle}", ""),
            )
            said = {
                "wish": wish if wish in ("willing", "unwilling") else "",
                "fit": fit if fit in ("fit", "unfit") else "",
            }
            if any(said.values()):
                said |= {"account": officer_of(request).name, "at": now()}  # type: ignore[dict-item]
                Asked.objects.update_or_create(handle=handle, defaults=said)
        tell(request, "told.done")
    return redirect(request.get_full_path())
