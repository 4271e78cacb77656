"""Lists between the sides, and the wishes and fitness of those who were offered."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office.accesses import note_access
from homeward.office.desk import Call, Desk
from homeward.office.editions import own_list
from homeward.office.lists import lines_asked
from homeward.office.models import Handle, Proposal
from homeward.office.pages.frame import do, now, officer_of, page, tell
from homeward.office.pages.standing import since, wording
from homeward.office.pages.tongue import language
from homeward.office.personmodels import Asked
from homeward.office.planning import taken_off
from homeward.office.process import ask, desk
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


@page("lists")
def names(request: HttpRequest, which: str) -> HttpResponseBase:
    """Line by line: what became of each name this side asked for, or was asked for by another."""
    at = desk()
    if which not in ("sought", "asked") or at.exchange is None:
        raise Http404
    if request.method == "POST":
        _object(request)
        return redirect(request.get_full_path())
    rows = _sought(at) if which == "sought" else _asked(at)
    pages = Paginator(rows, 50).get_page(request.GET.get("page"))
    note_access(officer_of(request), f"names-{which}", now(), count=len(pages))
    if which == "sought":
        people = known_as("sought", (row["id"] for row in pages))
        for row in pages:
            own = people.get(row["id"])
            row |= {"name": own.shown if own else "", "born": own.born if own else ""}
    shown: dict[str, Any] = {"which": which, "page": pages, "rows": list(pages)}
    shown["may_object"] = any(row.get("may_object") for row in pages)
    return render(request, "office/names.html", shown)


def _object(request: HttpRequest) -> None:
    """Those ticked are not whom this side looks for."""
    ticked, reason = request.POST.getlist("handle"), request.POST.get("reason", "").strip()[:500]
    if ticked:
        do(request, "object", list_handles=ticked, **({"reason": reason} if reason else {}))


def _sought(at: Desk) -> list[dict[str, Any]]:
    """Every name this side asked for, with the answer as it stands, and how long it was asked."""
    off = taken_off(at)
    asked = min(
        filter(None, (since(at, e) for e in at.entries("list-submitted", author=at.name))),
        default=None,
    )
    days = (now() - asked).days if asked else None
    return [
        {
            "id": row["sought_id"],
            "answer": "taken-off" if row.get("handle") in off else row["state"],
            "handle": row.get("handle", ""),
            "days": days if row["state"] == "unanswered" else None,
            "may_object": row["state"] == "found" and row["handle"] not in off,
        }
        for row in ask("whereabouts", Call(now(), "", {}))["rows"]
    ]


def _asked(at: Desk) -> list[dict[str, Any]]:
    """Every name others asked this side for: what was answered, or what it waits for."""
    off = taken_off(at)
    rows = []
    for entry in at.entries("list-submitted", to=at.name):
        found = dict(Handle.objects.filter(seeker=entry.author).values_list("sought_id", "handle"))
        compared = set(
            Proposal.objects.filter(seeker=entry.author).values_list("sought_id", flat=True)
        )
        replied = bool(at.entries("replies", author=at.name, prior=entry.hash))
        asked = since(at, entry)
        waits = (now() - asked).days if asked and not replied else None
        for line, cells in lines_asked(at, entry).items():
            handle = found.get(line, "")
            answer = "found" if handle else "not-found" if replied else "to-decide"
            if not replied and line not in compared:
                answer = "to-compare"
            rows.append(
                {
                    "id": line,
                    "by": entry.author,
                    "name": " ".join(filter(None, (cells.get(c, "") for c in _NAME))),
                    "born": cells.get("birth_date", ""),
                    "answer": "taken-off" if handle and handle in off else answer,
                    "handle": handle,
                    "days": waits,
                }
            )
    return rows


_NAME = ("surname", "given_name", "patronymic")


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
