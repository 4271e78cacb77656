"""Plans of stages: made, looked through, asked why, checked and certified, accepted, frozen."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from homeward.office import devising
from homeward.office.desk import Desk
from homeward.office.founding import agreed_annexes, agreed_terms, finality
from homeward.office.pages.frame import asked_for, do, now, officer_of, page
from homeward.office.pages.standing import (
    both_sizes,
    current_position,
    proposals,
    terms_or_none,
    wording,
)
from homeward.office.pages.tongue import Tongue, language
from homeward.office.planning import (
    gone_handles,
    planning_lines,
    proposed_plan,
    sheet_sides,
)
from homeward.office.process import desk
from homeward.paper.figures import stage_rows, stages_figure
from homeward.plan import Plan, explain_person
from homeward.plan.frontier import read_sizes
from homeward.problem import Refused
from homeward.record import Entry
from homeward.terms import Annex

_MOST_SIZES = 8
_VERBS = ("make-sheets", "hold-sheets", "print-manifests")


@page("plan")
def plan(request: HttpRequest) -> HttpResponseBase:
    """Every stage agreed: its sizes and what is signed of them, its plans, its sheets."""
    at = desk()
    if request.method == "POST":
        name, number = request.POST.get("verb", ""), request.POST.get("stage", "")
        if name == "make-plan" and number.isdigit():
            devising.start(officer_of(request), int(number), now())
        elif name == "costs" and number.isdigit():
            sizes = read_sizes(request.POST.get("sizes", ""))[:_MOST_SIZES]
            devising.start_costs(officer_of(request), int(number), sizes, now())
        elif name in _VERBS and number.isdigit():
            do(request, name, stage=int(number))
        return redirect("plan")
    plan_job, costs = devising.last(), devising.last_costs()
    job = next((one for one in (plan_job, costs) if one and one.running), None)
    if request.headers.get("HX-Request"):
        answer = render(request, "office/plan_progress.html", {"job": job or plan_job})
        if job is None:
            answer["HX-Refresh"] = "true"
        return answer
    shown: dict[str, Any] = {"terms": terms_or_none(at) if at.exchange else None}
    shown |= {"at_work": job, "job": plan_job, "costs": costs}
    if shown["terms"]:
        annexes = {number: annex for number, (annex, _) in agreed_annexes(at).items()}
        plans = [row for row in proposals(at) if row["kind"] == "plan"]
        shown["stages"] = [_stage(at, annex, plans) for _, annex in sorted(annexes.items())]
        shown["drawn"] = _drawn(at, annexes)
    return render(request, "office/plan.html", shown)


def _stage(at: Desk, annex: Annex, plans: list[dict[str, Any]]) -> dict[str, Any]:
    """A stage with what may be done for it next by this side."""
    number = annex.stage
    own = [row for row in plans if row["stage"] == number]
    sheets = at.entries("step-sheet", stage=number)
    held = {e.prior for e in at.entries("body-held", author=at.name)}
    final = [row for row in own if row["state"] == "final"]
    mine = annex.proposed_by in (None, at.name)
    return {
        "annex": annex,
        "window": annex.window,
        "plans": own,
        "sheets": sorted({int(e.step or 0) for e in sheets}),
        "may_plan": mine and at.role == "side" and not final,
        "may_ask": at.role == "side",
        "may_freeze": any(row["author"] == at.name for row in final) and not sheets,
        "to_hold": sum(e.hash not in held and at.name in sheet_sides(at, e) for e in sheets),
    }


def _drawn(at: Desk, annexes: dict[int, Annex]) -> Any:
    spoken = language()
    signed: Counter[tuple[int, str, str, str, str]] = Counter()
    for cell in current_position(at).cells:
        if cell.attested_by == "both" and cell.outcome == "transferred" and cell.group == "inside":
            key = (cell.stage, cell.sender, cell.to, cell.category, cell.state)
            signed[key] += cell.count
    counted = []
    for number, annex in sorted(annexes.items()):
        sizes: dict[tuple[str, str, str, str], tuple[int, int]] = {}
        for size in annex.sizes:
            key4 = (size.sender, size.to, size.category or "", size.state)
            done = sum(
                n
                for (stage, *rest), n in signed.items()
                if stage == number
                and tuple(rest[:2]) == key4[:2]
                and (not size.category or rest[2] == size.category)
                and rest[3] == size.state
            )
            sizes[key4] = (size.count, done)
        day = annex.window[0].date().isoformat() if annex.window else ""
        counted.append((number, day, sizes))
    rows = stage_rows(counted, wording(at, spoken))
    if not rows:
        return None
    return {"rows": rows, "figure": both_sizes(lambda w: stages_figure(rows, lang=spoken, width=w))}


@page("plan", level="sign")
def plan_one(request: HttpRequest, digest: str) -> HttpResponseBase:
    """One plan: its steps, why for anyone in it, and the acceptance after check and proof."""
    at = desk()
    row = next((r for r in proposals(at) if r["digest"] == digest), None) if at.exchange else None
    if row is None or row["kind"] != "plan":
        raise Http404
    if request.method == "POST":
        name = "finalise-plan" if request.POST.get("word") == "finalise" else "accept-plan"
        do(request, name, digest=digest)
        return redirect("plan-one", digest)
    try:
        made = proposed_plan(at, row["entry"])
    except Refused:
        # sealed to the sides: a neutral sees that there is a plan, and who signed it
        return render(request, "office/plan_one.html", {"row": row, "me": at.name, "sealed": True})
    shown = {
        "row": row,
        "plan": made,
        "aims": made.objective,
        "steps": _steps(at, made),
        "heads": len(made.rows),
        "page": Paginator(made.rows, 100).get_page(request.GET.get("page")),
        "difference": _difference(at, row["entry"], made),
        "me": at.name,
        "waits": asked_for(digest),
        "asked": request.GET.get("why", ""),
        "reasons": _reasons(at, row["entry"], made, request.GET.get("why", "").strip()),
    }
    return render(request, "office/plan_one.html", shown)


def _steps(at: Desk, made: Plan) -> list[dict[str, Any]]:
    """Heads of each side in each step, by category."""
    words = wording(at, language())
    counted: Counter[tuple[int, str, str, str, str]] = Counter(
        (row.step, row.sender, row.to, row.category, row.group) for row in made.rows
    )
    return [
        {
            "step": step,
            "giver": words.side(sender),
            "taker": words.side(to),
            "what": words.kind(category, "living", group),
            "count": n,
        }
        for (step, sender, to, category, group), n in sorted(counted.items())
    ]


def _difference(at: Desk, entry: Entry, made: Plan) -> dict[str, Any] | None:
    """What a further plan of a stage changes for those who were told a step and have not gone."""
    former = [
        e
        for e in at.entries("plan-proposed", stage=entry.stage)
        if e.hash != entry.hash and finality(at, str(e.digest)) == "final"
    ]
    told = {row.handle: row.step for e in former for row in proposed_plan(at, e).rows}
    gone = gone_handles(at) - {row.handle for row in made.rows}
    now_told = {row.handle: row.step for row in made.rows}
    left = {handle: step for handle, step in told.items() if handle not in gone}
    if not former:
        return None
    moved = [h for h in sorted(left) if h in now_told and now_told[h] != left[h]]
    return {
        "moved": [(h, left[h], now_told[h]) for h in moved],
        "dropped": sorted(set(left) - set(now_told)),
        "added": sorted(set(now_told) - set(told)),
    }


def _reasons(at: Desk, entry: Entry, made: Plan, handle: str) -> list[str]:
    """Why somebody goes when they go, in sentences without a name."""
    if not handle:
        return []
    annex, resources = agreed_annexes(at)[int(entry.stage or 0)]
    behind = gone_handles(at) - {row.handle for row in made.rows}
    try:
        told = explain_person(
            made, handle, agreed_terms(at), [annex], planning_lines(at), resources, done=behind
        )
    except Refused as refused:
        return [str(problem) for problem in refused.problems]
    tongue = Tongue(language())
    return [tongue.marked(reason.sentence(tongue.speech)) for reason in told]
