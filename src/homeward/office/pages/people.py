"""People: search in any script, one person as dated and sourced values, export with a reason."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from homeward.office import imports
from homeward.office.accesses import note_access
from homeward.office.desk import Call, Desk
from homeward.office.editions import own_lines
from homeward.office.indexing import bring_up_to_date
from homeward.office.models import Handle, ListFile
from homeward.office.pages.frame import now, officer_of, page
from homeward.office.pages.standing import since
from homeward.office.papers import links_to_own
from homeward.office.personmodels import Person, Saying, Upload
from homeward.office.planning import sheet_sides
from homeward.office.process import AT_THE_DESK, ask, desk
from homeward.office.search import find
from homeward.people.line import COLUMNS
from homeward.people.reading import write_lines
from homeward.problem import Problem, Refused


@page("people", level="see", at_desk=False, counts=False)
def people(request: HttpRequest) -> HttpResponse:
    """Search by name, in any script and order; the query never travels in an address."""
    bring_up_to_date()
    query, which = request.POST.get("query", ""), request.POST.get("which", "")
    found = find(query, which if which in ("held", "sought") else "") if query else []
    if query:
        note_access(officer_of(request), "search", now(), count=len(found))
    editions = ListFile.objects.order_by("which", "-edition")
    shown = {
        "query": query,
        "which": which,
        "found": found,
        "editions": editions.values("which", "edition", "imported_at", "officer"),
        "compared": sorted(set(editions.values_list("which", flat=True))),
        "held": Person.objects.filter(which="held").count(),
        "sought": Person.objects.filter(which="sought").count(),
        "may_import": officer_of(request).may("imports", "act"),
        "may_export": officer_of(request).may("exports", "act"),
        "still": _still_sought() if request.method == "GET" else None,
    }
    part = "office/people_found.html" if request.headers.get("HX-Request") else "office/people.html"
    return render(request, part, shown)


def _still_sought() -> dict[str, int] | None:
    """How far those sought have come, by state; nobody drops off before this side has signed."""
    with AT_THE_DESK:
        if desk().exchange is None or not Person.objects.filter(which="sought").exists():
            return None
        counts = ask("whereabouts", Call(now(), "", {}))["counts"]
    return {state: n for state, n in counts.items() if state != "sought"}


@page("people")
def person(request: HttpRequest, number: int) -> HttpResponse:
    """Everything that was ever said about one person here, by which list, and what happened."""
    chosen = get_object_or_404(Person, pk=number)
    note_access(officer_of(request), "person", now(), subject=chosen.pk)
    sayings = list(Saying.objects.filter(person=chosen).select_related("edition"))
    sayings.sort(key=lambda one: one.edition.edition)
    shown = {
        "person": chosen,
        "values": _values(sayings),
        "sayings": sayings,
        "events": _events(desk(), chosen),
    }
    return render(request, "office/person.html", shown)


def _values(sayings: list[Saying]) -> list[dict[str, Any]]:
    """Each column with every value it ever had, the newest first, and who says each since when."""
    rows = []
    for column in COLUMNS:
        told: list[dict[str, Any]] = []
        for one in sayings:
            value = one.cells.get(column, "")
            if value and (not told or told[0]["value"] != value):
                told.insert(0, {"value": value, "edition": one.edition, "row": one.row})
        if told:
            rows.append({"column": column, "newest": told[0], "former": told[1:]})
    return rows


def _events(at: Desk, chosen: Person) -> list[dict[str, Any]]:
    """What happened to this person, as signed entries say: by the list handle, then at the line."""
    if at.exchange is None:
        return []
    events: list[dict[str, Any]] = []
    for handle in Handle.objects.filter(**{f"{chosen.which}_id": chosen.line_id}):
        offers = at.entries("replies", author=at.name, to=handle.seeker)
        events += [_event(at, entry, "offered", handle.seeker) for entry in offers]
        events += _at_the_line(at, handle.handle)
    if chosen.which == "sought":
        mine = [h for h, line in links_to_own(at).items() if line == chosen.line_id]
        for linked in mine:
            events += [_event(at, e, "found", e.author) for e in at.entries("replies", to=at.name)]
            events += _at_the_line(at, linked)
    return events


def _at_the_line(at: Desk, list_handle: str) -> list[dict[str, Any]]:
    events = []
    for entry in at.entries("step-sheet"):
        if not sheet_sides(at, entry):
            continue
        for row in json.loads(at.part(entry))["transfers"]:
            if row["list_handle"] == list_handle:
                events.append(_event(at, entry, "on-sheet", entry.author))
                events += [
                    _event(at, act, act.kind, act.author)
                    for kind in _ACTS
                    for act in at.entries(kind, handle=row["handle"])
                ]
    return events


_ACTS = (
    *("release-ordered", "released", "not-released", "received", "not-received"),
    *("conceded", "unreceipted-accepted"),
)


def _event(at: Desk, entry: Any, what: str, by: str) -> dict[str, Any]:
    level = at.open_store().level(entry)
    return {"what": what, "by": by, "at": since(at, entry), "entry": entry, "level": level}


@page("exports", at_desk=False)
def export(request: HttpRequest) -> HttpResponseBase:
    """Take an own list out as CSV: never without a reason, and the log says who did."""
    which, reason = request.POST.get("which", ""), request.POST.get("reason", "").strip()
    if request.method != "POST":
        return render(request, "office/export.html", {})
    problems = []
    if which not in ("held", "sought"):
        problems.append(Problem("office.list-unknown", "which", which[:10], "held or sought"))
    if len(reason) < 10:
        problems.append(Problem("office.reason-missing", "reason", "", "ten characters or more"))
    if problems:
        shown = {"found": problems, "which": which, "reason": reason}
        return render(request, "office/export.html", shown, status=422)
    lines = own_lines(which)
    note_access(officer_of(request), f"export-{which}", now(), count=len(lines), reason=reason)
    answer = HttpResponse(write_lines(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{which}.csv"'
    return answer


@page("imports", at_desk=False)
def import_file(request: HttpRequest) -> HttpResponseBase:
    """First step: which list, and the file."""
    if request.method == "POST":
        file = request.FILES.get("file")
        data = file.read() if file is not None else b""
        name = str(file.name) if file is not None else ""
        which = request.POST.get("which", "")
        try:
            upload = imports.take_in(which, name, data, officer_of(request).name, now())
        except Refused as refused:
            shown = {"found": refused.problems, "which": which}
            return render(request, "office/import_file.html", shown, status=422)
        return redirect("import-columns", upload.pk)
    return render(request, "office/import_file.html", {})


@page("imports", at_desk=False)
def import_columns(request: HttpRequest, number: int) -> HttpResponseBase:
    """Second step: what each column of the file is; known headers are filled in."""
    upload = get_object_or_404(Upload, pk=number)
    rows = imports.headers(upload)
    if request.method == "POST":
        chosen = {
            row["header"]: request.POST.get(f"column-{place}", "")
            for place, row in enumerate(rows)
            if row["header"]
        }
        allowed = {*COLUMNS, "full_name", ""}
        imports.choose_columns(upload, {h: c for h, c in chosen.items() if c in allowed})
        imports.start_check(upload)
        return redirect("import-check", upload.pk)
    shown = {
        "upload": upload,
        "columns": rows,
        "choices": (*COLUMNS, "full_name"),
        "found": imports.unnamed(upload),
    }
    return render(request, "office/import_columns.html", shown)


@page("imports", at_desk=False)
def import_check(request: HttpRequest, number: int) -> HttpResponseBase:
    """Third step: one status for each row and every problem; then whole or not at all."""
    upload = get_object_or_404(Upload, pk=number)
    running = imports.is_running(upload)
    if request.method == "POST":
        if upload.state == "checked" and not running and _sound(upload):
            officer = officer_of(request)
            imports.start_keeping(upload, officer.officer or officer.name, now())
        return redirect("import-check", upload.pk)
    if upload.state == "checking" and not running:
        imports.choose_columns(upload, upload.mapping)  # the office was stopped in the middle
        imports.start_check(upload)
        return redirect("import-check", upload.pk)
    pages = Paginator(upload.found.get("problems", []), 50)
    shown = {
        "upload": upload,
        "running": running,
        "sound": _sound(upload),
        "page": pages.get_page(request.GET.get("page")),
    }
    if request.headers.get("HX-Request"):
        answer = render(request, "office/import_progress.html", shown)
        if not running:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "office/import_check.html", shown)


def _sound(upload: Upload) -> bool:
    return upload.state == "checked" and not any(
        level == "error" for level, _, _ in upload.found.get("codes", ())
    )


@page("imports", at_desk=False)
def import_workbook(request: HttpRequest, number: int) -> HttpResponseBase:
    """The file back to mend: every problem as a comment on its cell."""
    upload = get_object_or_404(Upload, pk=number)
    note_access(officer_of(request), "problem-workbook", now(), count=upload.found.get("rows", 0))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(imports.workbook(upload), content_type=kind)
    answer["Content-Disposition"] = 'attachment; filename="problems.xlsx"'
    return answer
