"""The record as this office holds it: levels, forks, verify now, packages out and in."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office import delivering
from homeward.office.desk import Call, Desk
from homeward.office.pages.frame import do, now, officer_of, page, tell
from homeward.office.pages.standing import entries_of, since
from homeward.office.post import take
from homeward.office.process import desk
from homeward.problem import Problem, Refused
from homeward.record import Entry, verify

_PACKAGE = re.compile(r"\d{6}\.[a-z0-9-]+\.package\Z")
_LARGEST = 2**30
_NEWEST = 20  # packages to hand out; older ones lie in the outbox, and what is missing goes again


@page("record")
def record(request: HttpRequest) -> HttpResponseBase:
    """Every log held, who countersigned it, the newest entries with their levels, any fork."""
    at = desk()
    if request.method == "POST":
        name = request.POST.get("verb", "")
        if name in ("send", "publish"):
            do(request, name, {"send": "told.packed", "publish": "told.published"}[name])
        elif name == "deliver":
            delivering.start(officer_of(request), now())
        elif name == "address":
            party, address = (request.POST.get(key, "").strip() for key in ("party", "address"))
            delivering.know_address(at, party, address)
            tell(request, "told.done")
        return redirect("record")
    shown: dict[str, Any] = {"met": at.exchange}
    if at.exchange is not None and at.store is not None:
        outbox = sorted((p.name for p in (at.folder / "outbox").glob("*.package")), reverse=True)
        known = delivering.addresses(at)
        shown |= {
            "heads": _heads(at),
            "forks": at.store.forks(),
            "page": Paginator(_newest(at), 50).get_page(request.GET.get("page")),
            "outbox": outbox[:_NEWEST],
            "outbox_size": len(outbox),
            "known": [(party, known.get(party, "")) for party in at.parties() if party != at.name],
            "any_known": known,
            "job": delivering.last(),
            "may_see_keys": officer_of(request).may("keys"),
        }
        shown["entries"] = [_row(at, entry) for entry in shown["page"]]
    return render(request, "office/record.html", shown)


def _heads(at: Desk) -> list[dict[str, Any]]:
    store = at.open_store()
    return [
        {
            "log": name,
            "size": head.size,
            "root": head.root,
            "signed": sorted(store.cosigned(name, head.size).items()),
            "missing": sorted(
                set(at.parties()) - set(store.cosigned(name, head.size)) - {name.split(".")[0]}
            ),
        }
        for name, head in sorted(store.logs().items())
    ]


def _newest(at: Desk) -> list[Entry]:
    return sorted(entries_of(at), key=lambda e: (-e.seq, e.log))


def _row(at: Desk, entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "level": at.open_store().level(entry), "since": since(at, entry)}


@page("record")
def verify_now(request: HttpRequest) -> HttpResponseBase:
    """Check this office's whole copy with nothing but the copy, as anybody else could."""
    at = desk()
    if request.method != "POST":
        return redirect("record")
    found = verify(dict(at.open_store().copy()))
    shown = {"found": found, "at": now(), "logs": [log.to_json() for log in found.logs]}
    return render(request, "office/verified.html", shown)


@page("record")
def package_out(request: HttpRequest, name: str) -> HttpResponseBase:
    """One package from the outbox, to be carried by hand; it is signed and sealed."""
    path = desk().folder / "outbox" / name
    if not _PACKAGE.match(name) or not path.is_file():
        raise Http404
    kind = "application/octet-stream"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)


@page("record")
def package_in(request: HttpRequest) -> HttpResponseBase:
    """Take packages that were carried here; every signature is checked, what is new is kept."""
    if request.method != "POST":
        return redirect("record")
    entries, problems = 0, []
    files = request.FILES.getlist("package")
    if not files:
        problems.append(Problem("office.missing-field", "package", expected="a file"))
    for file in files:
        if (file.size or 0) > _LARGEST:
            problems.append(Problem("office.file-size", "package", str(file.size), "1 GiB at most"))
            continue
        taken = take(desk(), file.read(), Call(now(), officer_of(request).name))
        entries += taken["entries"]
        problems += [Problem(**problem) for problem in taken["problems"]]
    if problems:
        raise Refused(problems)
    tell(request, "told.taken", n=entries)
    return redirect("record")
