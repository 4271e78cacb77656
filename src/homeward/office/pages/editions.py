"""What the newest edition of an own list changes, and what the list is worth: ids and counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from homeward.office.accesses import note_access
from homeward.office.desk import Call
from homeward.office.models import ListFile
from homeward.office.pages.frame import now, officer_of, page
from homeward.office.process import AT_THE_DESK, ask, desk
from homeward.office.search import known_as
from homeward.people import Line, audit, compare_editions, read_list

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Read:
    """What two editions come to; the lines themselves are not kept in memory."""

    counts: tuple[tuple[str, int], ...]
    changed: tuple[tuple[str, tuple[str, ...]], ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]
    renumbered: tuple[tuple[str, str], ...]
    worth: tuple[tuple[str, int], ...]


@page("people", level="see", at_desk=False)
def edition(request: HttpRequest, which: str) -> HttpResponse:
    """The newest edition beside the one before it, and the list's own counts."""
    newest = ListFile.objects.filter(which=which).order_by("-edition").values("pk", "edition")[:2]
    if which not in ("held", "sought") or not newest:
        raise Http404
    returned = _returned() if which == "sought" else frozenset()
    former = newest[1]["pk"] if len(newest) > 1 else None
    read = _compare(newest[0]["pk"], former, returned, now().date())
    note_access(officer_of(request), "edition", now(), count=sum(n for _, n in read.counts))
    pages = Paginator(read.changed, 50).get_page(request.GET.get("page"))
    people = known_as(which, [number for number, _ in pages])
    shown = {
        "which": which,
        "edition": newest[0]["edition"],
        "read": read,
        "first": former is None,
        "page": pages,
        "rows": [(number, people.get(number), columns) for number, columns in pages],
        "added": read.added[:_SHOWN],
        "gone": read.gone[:_SHOWN],
    }
    return render(request, "office/edition.html", shown)


def _returned() -> frozenset[str]:
    """Ids of those sought whom this side has signed for."""
    with AT_THE_DESK:
        if desk().exchange is None:
            return frozenset()
        rows: list[dict[str, Any]] = ask("whereabouts", Call(now(), "", {}))["rows"]
    return frozenset(row["sought_id"] for row in rows if row["state"] == "returned")


@lru_cache(maxsize=4)
def _compare(newest: int, former: int | None, returned: frozenset[str], today: date) -> _Read:
    latter = _lines(newest)
    before = _lines(former) if former is not None else ()
    change = compare_editions(before, latter)
    counts = {
        "new": len(change.added),
        "changed": len(change.changed),
        "renumbered": len(change.renumbered),
        "same": change.same - len(change.renumbered),
        "gone": len(change.gone),
    }
    worth = audit(latter, returned=returned, today=today)
    return _Read(
        tuple(counts.items()),
        tuple(sorted(change.changed.items())),
        change.added if former is not None else (),
        change.gone,
        tuple(sorted(change.renumbered.items())),
        tuple((re.sub(r"\W+", "-", name), n) for name, n in worth.items()),
    )


def _lines(number: int) -> tuple[Line, ...]:
    kept = ListFile.objects.get(pk=number)
    return read_list(kept.name, bytes(kept.data)).lines
