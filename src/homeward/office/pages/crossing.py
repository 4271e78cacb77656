"""The crossing desk: one step, one act at a time, its consequence before the button."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.crossing import Turn
from homeward.crossing import tell as tell_of
from homeward.office.accesses import note_access
from homeward.office.desk import Call, Desk
from homeward.office.founding import agreed_annexes
from homeward.office.line import open_held_sheets
from homeward.office.pages.frame import do, now, officer_of, page
from homeward.office.pages.standing import names_of, terms_or_none, wording
from homeward.office.pages.tongue import Tongue, language
from homeward.office.process import ask, desk
from homeward.office.resuming import is_unchecked
from homeward.office.search import known_as
from homeward.problem import Refused

# an act of the crossing, and the verb that asks for it
_VERB = {
    "step-ready": "ready",
    "release-ordered": "order",
    "released": "released",
    "received": "received",
    "conceded": "concede",
    "unreceipted-accepted": "accept-unreceipted",
    "step-closed": "close",
}
_WORDS = ("released", "not-released", "received", "not-received", "conceded", "release-ordered")


@page("crossing")
def crossing(request: HttpRequest) -> HttpResponseBase:
    """Where each step stands, what this side may sign now, and for whom the open step waits."""
    at = desk()
    if request.method == "POST":
        return _whole(request)
    shown: dict[str, Any] = {"met": at.exchange}
    if at.exchange is not None:
        shown |= _standing(at)
    return render(request, "office/crossing.html", shown)


def _whole(request: HttpRequest) -> HttpResponseBase:
    """Acts on the whole: suspend, resume; close a stage, in safety, home."""
    name, stage = request.POST.get("verb", ""), request.POST.get("stage", "")
    if name in ("suspend", "resume"):
        do(request, name)
    elif name in ("close-stage", "in-safety", "home") and stage.isdigit():
        count = request.POST.get("count", "")
        more: dict[str, Any] = {"count": int(count)} if name == "home" and count.isdigit() else {}
        do(request, name, stage=int(stage), **more)
    return redirect("crossing")


def _standing(at: Desk) -> dict[str, Any]:
    if at.role == "side":
        open_held_sheets(at)
    line, words = at.open_crossing(), wording(at, language())
    sides = at.sides()
    steps = []
    for number in line.steps():
        sheet = line.sheet(number)
        assert sheet is not None
        if not sheet.transfers:
            continue
        steps.append(
            {
                "number": number,
                "stage": sheet.stage,
                "heads": len(sheet.transfers),
                "ready": [words.side(s) for s in sides if line.is_ready(s, number)],
                "closed": [words.side(s) for s in sides if line.has_closed(s, number)],
                "open": any(not line.has_closed(s, number) for s in sheet.sides()),
            }
        )
    return {
        "steps": steps,
        "now_step": next((step for step in steps if step["open"]), None),
        "waits_for": [words.side(side) for side in line.whose_turn()],
        "suspended": [words.side(side) for side in sides if line.is_suspended(side)],
        "me_suspended": line.is_suspended(at.name),
        "told_of": told_of(at),
        "uncounted": is_unchecked(at, at.name),
        "conflicts": at.fold("conflicts", line.conflicts),
        "stages": _stages(at, steps),
        "lead": line.net_lead(at.name) if at.role == "side" else None,
    }


def told_of(at: Desk, number: int | None = None) -> list[dict[str, Any]]:
    """What does not fit, as a delegate is told it: words, evidence, and what may follow."""
    tongue = Tongue(language())
    line = at.open_crossing()
    opened = sum(line.sheet(step) is not None for step in line.steps())
    spoken = Tongue(tongue.speech)
    names = {
        side: spoken.say("crossing.side_named", name=name)
        for side, name in names_of(at, tongue.speech).items()
    }
    told = at.fold(("told", tongue.speech, opened), lambda: tell_of(line, tongue.speech, names))
    return [
        {
            "case": one.case,
            "step": one.step,
            "said": tongue.marked(one.words),
            "evidence": one.evidence,
            "allowed": [tongue.marked(each) for each in one.allowed],
        }
        for one in told
        if number in (None, one.step)
    ]


def _stages(at: Desk, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What this side may say next of each stage; a stage is not closed before its steps are."""
    if terms_or_none(at) is None:
        return []
    met = {step["stage"] for step in steps}
    still_open = {step["stage"] for step in steps if step["open"]}
    found = []
    for number in sorted(agreed_annexes(at)):
        said = {
            kind: bool(at.entries(kind, author=at.name, stage=number))
            for kind in ("stage-closed", "in-safety", "home-confirmed")
        }
        kinds = ("stage-closed", "in-safety", "home-confirmed")
        verbs = ("close-stage", "in-safety", "home")
        due = next((v for k, v in zip(kinds, verbs, strict=True) if not said[k]), "")
        if due == "close-stage" and (number in still_open or number not in met):
            due = ""
        found.append(
            {
                "number": number,
                "said": [kind for kind in kinds if said[kind]],
                "due": due,
                "received": len(at.entries("received", author=at.name, stage=number)),
            }
        )
    return found


@page("crossing")
def step(request: HttpRequest, number: int) -> HttpResponseBase:
    """One step: the sheet with what each side has signed, and the one act that is due."""
    at = desk()
    if request.method == "POST":
        _ask(request, number)
        return redirect("step", number)
    open_held_sheets(at)
    rows = sheet_rows(at, number)
    note_access(officer_of(request), "sheet", now(), subject=number, count=len(rows))
    turns = [turn for turn in at.open_crossing().next_acts(at.name) if turn.step == number]
    due = [turn for turn in turns if turn.due]
    shown = {
        "number": number,
        "rows": rows,
        "turn": due[0] if due else None,
        "others": [turn for turn in turns if not turn.due],
        "asked_for": _asked_for(rows, due[0] if due else None),
        "why_not": _why_not(at, number) if not due else (),
        "leave": _leave(at, number, due[0] if due else None),
        "told_of": told_of(at, number),
    }
    return render(request, "office/step.html", shown)


def _leave(at: Desk, number: int, turn: Turn | None) -> dict[str, Any] | None:
    """Whether the crew may let this side's people go on the orders it holds, and why not."""
    if turn is None or turn.kind != "released":
        return None
    try:
        handles = ask("may-leave", Call(now(), "", {"step": number}))["handles"]
    except Refused as refused:
        return {"count": 0, "against": refused.problems[:6]}
    return {"count": len(handles), "against": ()}


def sheet_rows(at: Desk, number: int) -> list[dict[str, Any]]:
    """The sheet by order, with this side's own names, and each side's word on each person."""
    words = wording(at, language())
    papers = ask("sheet", Call(now(), "", {"step": number}))["rows"]
    held = known_as("held", (row["held_id"] for row in papers if "held_id" in row))
    sought = known_as("sought", (row["sought_id"] for row in papers if "sought_id" in row))
    acts = [entry for kind in _WORDS for entry in at.entries(kind, step=number)]
    said: dict[str, dict[str, list[str]]] = {}
    for entry in sorted(acts, key=lambda one: (one.epoch, one.seq)):
        said.setdefault(str(entry.handle), {}).setdefault(entry.author, []).append(entry.kind)
    rows = []
    for row in sorted(papers, key=lambda r: (r["from"] != at.name, r["trip"], r["order"])):
        own = held.get(row.get("held_id", "")) or sought.get(row.get("sought_id", ""))
        heard = said.get(row["handle"], {})
        rows.append(
            {
                **row,
                "name": own.shown if own else "",
                "born": own.born if own else "",
                "giver": words.side(row["from"]),
                "taker": words.side(row["to"]),
                "what": words.kind(row["class"].split("/")[0]),
                "holder_said": heard.get(row["from"], [])[-1:],
                "receiver_said": heard.get(row["to"], [])[-1:],
                "outgoing": row["from"] == at.name,
            }
        )
    return rows


def _asked_for(rows: list[dict[str, Any]], turn: Turn | None) -> list[dict[str, Any]]:
    """The persons that the due act is about; those who did not go, or come, are ticked."""
    if turn is None or turn.kind not in ("released", "received"):
        return []
    return [row for row in rows if row["handle"] in turn.handles]


def _why_not(at: Desk, number: int) -> list[dict[str, Any]]:
    """What this side waits for, in rule R's own reasons: each once, and for how many it holds."""
    line = at.open_crossing()
    sheet = line.sheet(number)
    if sheet is None or at.name not in sheet.sides() or line.has_closed(at.name, number):
        return []
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for problem in dict.fromkeys(line.may_close(at.name, number)):
        row = found.setdefault((problem.code, problem.expected), {"problem": problem, "count": 0})
        row["count"] += " handle " in problem.place
    return list(found.values())


def _ask(request: HttpRequest, number: int) -> None:
    """The act that was pressed, for exactly the persons that were on the page."""
    kind = request.POST.get("kind", "")
    if kind not in _VERB:
        return
    body: dict[str, Any] = {"step": number}
    excepted = request.POST.getlist("except")
    if kind == "released":
        body |= {"except": excepted, "reasons": reasons_given(request, excepted)}
    elif kind == "received":
        present = set(request.POST.getlist("handle")) - set(excepted)
        body |= {"handles": sorted(present), "except": excepted}
    elif kind in ("conceded", "unreceipted-accepted"):
        body["handles"] = sorted(request.POST.getlist("handle"))
    do(request, _VERB[kind], **body)


def reasons_given(request: HttpRequest, handles: list[str]) -> dict[str, str]:
    """Why each of some persons did not cross, as typed beside their names."""
    given = {handle: request.POST.get(f"reason-{handle}", "").strip()[:500] for handle in handles}
    return {handle: reason for handle, reason in given.items() if reason}
