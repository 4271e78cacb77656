"""What the newest edition of an own list changes, and what the list is worth: ids and counts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from homeward.office.accesses import note_access
from homeward.office.desk import Call
from homeward.office.editions import comparison, last_comparison, start_comparing
from homeward.office.models import ListFile
from homeward.office.pages.frame import now, officer_of, page
from homeward.office.process import AT_THE_DESK, ask, desk
from homeward.office.search import known_as

_RETURNED = "already-returned"


@page("people", level="see", at_desk=False)
def edition(request: HttpRequest, which: str) -> HttpResponse:
    """The newest edition beside the one before it, and the list's own counts."""
    newest = ListFile.objects.filter(which=which).order_by("-edition").values("pk", "edition")[:2]
    if which not in ("held", "sought") or not newest:
        raise Http404
    shown = {"which": which, "edition": newest[0]["edition"], "first": len(newest) == 1}
    found = comparison(newest[0]["pk"], now().date())
    if found is None:
        return _not_yet(request, newest[0]["pk"], shown)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})  # it was waited for, and is there
    note_access(officer_of(request), "edition", now(), count=sum(n for _, n in found["counts"]))
    pages = Paginator(found["changed"], 50).get_page(request.GET.get("page"))
    people = known_as(which, [number for number, _ in pages])
    returned = _returned() if which == "sought" else 0
    shown |= {
        "found": found,
        "page": pages,
        "rows": [(number, people.get(number), columns) for number, columns in pages],
        "worth": [(name, returned if name == _RETURNED else n) for name, n in found["worth"]],
    }
    return render(request, "office/edition.html", shown)


def _not_yet(request: HttpRequest, number: int, shown: dict[str, Any]) -> HttpResponse:
    """Counted beside the pages; whoever looks again sees it when it is there, or why it is not."""
    job = last_comparison(number)
    if job is None or not job.problems or request.method == "POST":
        job = start_comparing(number, now().date())
    part = "edition_progress" if request.headers.get("HX-Request") else "edition"
    return render(request, f"office/{part}.html", {**shown, "job": job})


def _returned() -> int:
    """How many of those sought this side has signed for."""
    with AT_THE_DESK:
        if desk().exchange is None:
            return 0
        return int(ask("whereabouts", Call(now(), "", {}))["counts"]["returned"])
