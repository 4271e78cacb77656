"""Accounts, sessions and roles; what waits for a second officer; who looked at what."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import available_timezones

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe

from homeward.office import accounts
from homeward.office.accountmodels import Access, Account, Waiting
from homeward.office.beginning import signing_officers
from homeward.office.pages.frame import now, officer_of, page, tell
from homeward.office.pages.tongue import clock_zone
from homeward.office.process import desk
from homeward.office.roles import roles, rooms_of
from homeward.office.seconding import confirm, refuse
from homeward.paper.manifest import qr
from homeward.problem import Problem, Refused


@page("administration", at_desk=False)
def administration(request: HttpRequest) -> HttpResponseBase:
    """Every account, what each role may, and a form for a new one."""
    found: tuple[Problem, ...] = ()
    given = {name: request.POST.get(name, "").strip() for name in ("name", "role", "officer")}
    if request.method == "POST" and request.POST.get("zone"):
        return _set_zone(request)
    if request.method == "POST":
        try:
            return _make(request, given)
        except Refused as refused:
            found = refused.problems
    shown = {
        "accounts": Account.objects.order_by("-active", "name"),
        "roles": [(role, rooms_of(role)) for role in roles()],
        "officers": signing_officers(desk()),
        "found": found,
        "given": given,
        "may_see_keys": officer_of(request).may("keys"),
        "zone": str(clock_zone()),
        "zones": sorted(available_timezones()),
    }
    return render(request, "office/administration.html", shown, status=422 if found else 200)


def _set_zone(request: HttpRequest) -> HttpResponseBase:
    zone = request.POST["zone"]
    if zone not in available_timezones():
        raise Refused([Problem("office.zone-unknown", "zone", zone[:40], "a zone such as UTC")])
    desk().keep("zone", zone)
    clock_zone.cache_clear()
    tell(request, "told.done")
    return redirect("administration")


def _make(request: HttpRequest, given: dict[str, str]) -> HttpResponse:
    password = accounts.new_password()
    known = signing_officers(desk())
    account = accounts.make_account(
        given["name"], given["role"], password, now(), officer=given["officer"], known=known
    )
    address = accounts.enrolment(account, f"Homeward {desk().name}")
    shown = {
        "account": account,
        "password": password,
        "secret": account.secret,
        "drawn": mark_safe(qr(address)),
    }
    return render(request, "office/account_made.html", shown)


@page("administration", at_desk=False)
def account(request: HttpRequest, number: int) -> HttpResponseBase:
    """One decision about an account: end its sessions, or close it for good."""
    chosen = get_object_or_404(Account, pk=number, active=True)
    what = request.POST.get("what", "")
    if request.method == "POST":
        if what == "end":
            accounts.end_sessions(chosen)
        elif what == "close":
            accounts.close_account(chosen)
        tell(request, "told.done")
        return redirect("administration")
    return render(request, "office/account.html", {"account": chosen})


@page("", level="see")
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second officer, and what became of what was asked for."""
    officer = officer_of(request)
    rows = [row for row in Waiting.objects.order_by("-asked_at")[:200] if officer.may(row.room)]
    shown = {
        "open": [_row(row, officer.name) for row in rows if row.state == "open"],
        "past": [_row(row, officer.name) for row in rows if row.state != "open"][:50],
    }
    return render(request, "office/waiting.html", shown)


def _row(row: Waiting, name: str) -> dict[str, Any]:
    body = json.loads(row.body)
    return {
        "row": row,
        "mine": row.asked_by == name,
        "stage": body.get("stage"),
        "step": body.get("step"),
        "digest": body.get("digest"),
        "text": body.get("text", ""),
        "to": body.get("to", ""),
        "heads": body.get("count", len(body.get("handles", body.get("list_handles", ())))),
        "without": body.get("without", ()),
    }


@page("", level="see")
def waiting_one(request: HttpRequest, number: int) -> HttpResponseBase:
    """One act to confirm: what it binds to, said before the button."""
    row = get_object_or_404(Waiting, pk=number)
    officer = officer_of(request)
    if request.method == "POST":
        if request.POST.get("word") == "confirm":
            confirm(officer, row, now())
            tell(request, "told.confirmed")
        else:
            refuse(officer, row, now())
            tell(request, "told.done")
        return redirect("waiting")
    shown = {**_row(row, officer.name), "may": officer.may(row.room, "sign")}
    return render(request, "office/waiting_one.html", shown)


@page("accesses", at_desk=False)
def accesses(request: HttpRequest) -> HttpResponse:
    """Every look at a person's data, newest first: numbers and reasons, never a name."""
    pages = Paginator(Access.objects.order_by("-pk"), 100)
    return render(
        request, "office/accesses.html", {"page": pages.get_page(request.GET.get("page"))}
    )
