"""The plan: made by the proposer, checked and certified by every other side, then frozen."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import replace
from typing import Any

from homeward.office.desk import Call, Desk, refused, sha256, verb
from homeward.office.founding import agreed_annexes, agreed_terms, finality, require_final
from homeward.office.shortfall import EVERYBODY, After, Open, after_shortfall
from homeward.plan import (
    Conflict,
    Plan,
    PlanLine,
    Resources,
    certify,
    check,
    make_plan,
    read_lines,
    read_plan,
    write_plan,
)
from homeward.plan.lines import write_lines
from homeward.plan.rows import PlanRow
from homeward.problem import Refused, errors
from homeward.record import Draft, Entry, Part
from homeward.terms import Annex, Size
from homeward.terms.kernel import Kind, Step, Transfer


def planning_lines(desk: Desk) -> tuple[PlanLine, ...]:
    """Every line the sides have offered and not withdrawn since, by handle."""
    lines: list[PlanLine] = []
    for entry in desk.entries("replies"):
        read, problems = read_lines(desk.part(entry, 1).decode())
        if errors(problems):
            raise Refused(problems)
        # each side speaks for the people it holds, and for nobody else's
        lines += [line for line in read if line.holder == entry.author]
    withdrawn = {
        (e.author, h) for e in desk.entries("objections") for h in json.loads(desk.part(e))
    }
    offered = [line for line in lines if (line.holder, line.handle) not in withdrawn]
    return tuple(sorted(offered, key=lambda line: line.handle))


def _sheet_rows(desk: Desk) -> list[tuple[Entry, dict[str, Any]]]:
    return [
        (entry, row)
        for entry in desk.entries("step-sheet")
        if sheet_sides(desk, entry)
        for row in json.loads(desk.part(entry))["transfers"]
    ]


def stayed_behind(desk: Desk) -> set[str]:
    """Handles at the line whose holder's standing word is that the person was not released."""
    ledger = desk.open_crossing().ledger
    told = {(str(e.handle), str(e.sender)) for e in desk.entries("not-released")}
    return {
        handle
        for handle, holder in told
        if ledger.says(handle, holder, "not-released")
        and not ledger.says(handle, holder, "released")
    }


def gone_handles(desk: Desk, stage: int | None = None) -> set[str]:
    """List handles of those on a sheet (of one stage, or of any) who did not stay behind."""
    behind = stayed_behind(desk)
    return {
        row["list_handle"]
        for entry, row in _sheet_rows(desk)
        if row["handle"] not in behind and stage in (None, entry.stage)
    }


def _stage(desk: Desk, number: int) -> tuple[Annex, Resources]:
    """A stage's annex with the sizes that are still to be planned, and its resources."""
    annexes = agreed_annexes(desk)
    if number not in annexes:
        raise refused("office.no-annex", f"stage {number}", expected="an annex signed by all sides")
    annex, resources = annexes[number]
    behind = stayed_behind(desk)
    gone = Counter(
        (row["from"], row["to"], row["class"])
        for entry, row in _sheet_rows(desk)
        if entry.stage == number and row["handle"] not in behind
    )
    sizes = tuple(replace(size, count=size.count - _taken(size, gone)) for size in annex.sizes)
    return replace(annex, sizes=sizes, total=None), resources


def _taken(size: Size, gone: Counter[tuple[str, str, str]]) -> int:
    """How many of a size are on sheets already."""
    return sum(
        count
        for (sender, to, cls), count in gone.items()
        if (sender, to) == (size.sender, size.to)
        and Kind.parse(cls).state == size.state
        and Kind.parse(cls).group == size.group
        and size.category in (None, Kind.parse(cls).category)
    )


def next_step(desk: Desk) -> int:
    """The first step number that no sheet has used."""
    return max((entry.step or 0 for entry in desk.entries("step-sheet")), default=0) + 1


@verb("lines")
def offered_lines(desk: Desk, call: Call) -> dict[str, Any]:
    """The lines to plan with, as CSV: for this office's own planners, never for the public."""
    return {"lines": write_lines(planning_lines(desk))}


@verb("make-plan")
def plan_stage(desk: Desk, call: Call) -> dict[str, Any]:
    """Plan one stage from both sides' lines under the terms and its annex, and sign it."""
    number = call.number("stage")
    held = desk.entries("plan-proposed", author=desk.name, stage=number)
    on_sheets = {row["list_handle"] for _, row in _sheet_rows(desk)}
    if held and not _is_carried_out(proposed_plan(desk, held[-1]), on_sheets):
        text = desk.part(held[-1]).decode()
        return {"digest": held[-1].digest, "stage": number, "plan": text}
    places, after = _open_places(desk, number)
    annex = places.within_reach() if after is not EVERYBODY else places.annex
    if not after.planned or not any(size.count for size in annex.sizes):
        notes = [] if after.planned else after.notes_json()
        return {"digest": None, "stage": number, "plan": "", "notes": notes}
    made = make_plan(
        places.terms,
        [annex],
        places.lines,
        places.resources,
        seed=int(call.body.get("seed", 0)),
        first_step=next_step(desk),
        done=places.done,
    )
    if isinstance(made, Conflict):
        raise Refused(made.problems)
    entry = _propose_plan(desk, call, number, made)
    return {
        "digest": entry.digest,
        "stage": number,
        "status": made.status,
        "objective": [[level.name, level.value] for level in made.objective],
        "bound": [[level.name, level.bound] for level in made.objective],
        "gap": made.gap,
        "largest_lead": dict(made.largest_lead),
        "plan": write_plan(made),
        "notes": after.notes_json(),
        "seconds": made.seconds,
    }


def _open_places(desk: Desk, stage: int) -> tuple[Open, After]:
    """What is still to be planned of a stage, and what the terms say of places left open."""
    annex, resources = _stage(desk, stage)
    short = any(size.count for size in annex.sizes)
    after = _after_earlier_plans(desk, stage) if short else EVERYBODY
    lines = after.among(planning_lines(desk))
    return Open(agreed_terms(desk), annex, lines, resources, gone_handles(desk)), after


def _propose_plan(desk: Desk, call: Call, stage: int, made: Plan) -> Entry:
    text = write_plan(made)
    parts = (
        Part("plan", text.encode(), desk.sides()),
        Part("certificate", json.dumps(made.certificate, sort_keys=True).encode(), desk.sides()),
    )
    draft = Draft("plan-proposed", stage=stage, digest=sha256(text), parts=parts)
    return desk.append(call, [draft])[0]


def _after_earlier_plans(desk: Desk, stage: int) -> After:
    """What the terms say of places left open, once a plan of the stage has been in force."""
    entries = desk.entries("plan-proposed", stage=stage)
    final = [e for e in entries if finality(desk, str(e.digest)) == "final"]
    told = {row.handle for e in final for row in proposed_plan(desk, e).rows}
    return after_shortfall(agreed_terms(desk), told) if final else EVERYBODY


def _is_carried_out(plan: Plan, on_sheets: set[str]) -> bool:
    """Whether everyone of a plan is on a sheet: what is still short needs a plan of its own."""
    return all(row.handle in on_sheets for row in plan.rows)


def proposed_plan(desk: Desk, entry: Entry) -> Plan:
    """The plan in a proposal, with its certificate; raises Refused when it cannot be read."""
    plan, problems = read_plan(
        desk.part(entry).decode(), certificate=json.loads(desk.part(entry, 1))
    )
    if plan is None or errors(problems):
        raise Refused(problems)
    return plan


@verb("accept-plan")
def accept_plan(desk: Desk, call: Call) -> dict[str, Any]:
    """Sign a plan after this office's own check and certificate; a fault refuses it by name."""
    digest = call.text("digest")
    found = desk.entries("plan-proposed", digest=digest)
    if not found:
        raise refused("office.not-proposed", "plan", value=digest[:16])
    entry = found[0]
    if not desk.entries("plan-accepted", author=desk.name, digest=digest):
        plan = proposed_plan(desk, entry)
        places, after = _open_places(desk, int(entry.stage or 0))
        annex = places.as_filled(plan) if after is not EVERYBODY else places.annex
        given = (places.terms, [annex], places.lines, places.resources)
        done = places.done
        problems = [*check(plan, *given, done=done), *certify(plan, *given, done=done)]
        if errors(problems):
            raise Refused(problems)
        draft = Draft("plan-accepted", stage=entry.stage, digest=digest, prior=entry.hash)
        desk.append(call, [draft])
    return {"digest": digest, "stage": entry.stage}


def agreed_plan(desk: Desk, stage: int) -> tuple[Entry, Plan]:
    """The stage's plan in force; raises Refused while there is none."""
    found = desk.entries("plan-proposed", stage=stage)
    if not found:
        raise refused("office.no-plan", f"stage {stage}")
    final = [e for e in found if finality(desk, str(e.digest)) == "final"]
    if not final:
        require_final(desk, str(found[-1].digest), f"plan of stage {stage}")
    return final[-1], proposed_plan(desk, final[-1])


def plan_authors(desk: Desk, stage: int | None) -> set[str]:
    """Whose plan for a stage every side has signed: only they freeze its sheets."""
    proposals = desk.entries("plan-proposed", stage=stage)
    return {e.author for e in proposals if finality(desk, str(e.digest)) == "final"}


@verb("make-sheets")
def make_sheets(desk: Desk, call: Call) -> dict[str, Any]:
    """Freeze the stage's manifests: one sealed sheet a step, with fresh handles for the line."""
    stage = call.number("stage")
    plan_entry, plan = agreed_plan(desk, stage)
    drafts = []
    for step in _sheets_to_make(desk, plan_entry, plan):
        rows = rows_of_sheet(plan, stage, step)
        transfers = [
            {
                "handle": secrets.token_hex(16),
                "list_handle": row.handle,
                "from": row.sender,
                "to": row.to,
                "class": f"{row.category}/{row.state}/{row.group}",
                "trip": row.trip,
                "order": row.order,
            }
            for row in rows
        ]
        text = json.dumps({"stage": stage, "step": step, "transfers": transfers}, sort_keys=True)
        # every side reads it: whoever plans the next stage must know who of the plan has gone
        part = Part("sheet", text.encode(), desk.sides())
        drafts.append(
            Draft(
                "step-sheet",
                stage=stage,
                step=step,
                digest=sha256(text),
                prior=plan_entry.hash,
                parts=(part,),
            )
        )
    desk.append(call, drafts)
    steps = sorted({int(e.step or 0) for e in desk.entries("step-sheet", stage=stage)})
    return {"steps": steps}


def _sheets_to_make(desk: Desk, plan_entry: Entry, plan: Plan) -> list[int]:
    """The numbers of a plan's sheets that are not made yet, its sheet beside the steps last."""
    stage = plan_entry.stage
    steps = {row.step for row in plan.rows if row.stage == stage}
    made = {e.step for e in desk.entries("step-sheet", author=desk.name, prior=plan_entry.hash)}
    missing = sorted(steps - made - {0})
    if 0 in steps and not made - steps:
        missing.append(max([next_step(desk) - 1, *steps]) + 1)
    return missing


def rows_of_sheet(plan: Plan, stage: int, step: int) -> list[PlanRow]:
    """A stage's rows in a step; where the plan has no such step, those beside the balance.

    Whoever is owed whatever the numbers stands outside every step (GC III art. 109), on a sheet of
    their own that waits for no step and that no step waits for.
    """
    rows = [row for row in plan.rows if row.stage == stage]
    known = step in {row.step for row in rows}
    return [row for row in rows if row.step == (step if known else 0)]


def sheet(desk: Desk, entry: Entry) -> Step:
    """The opened sheet of a step."""
    document = json.loads(desk.part(entry))
    transfers = tuple(
        Transfer(
            handle=row["handle"],
            sender=row["from"],
            to=row["to"],
            kind=Kind.parse(row["class"]),
            stage=document["stage"],
            step=document["step"],
        )
        for row in document["transfers"]
    )
    return Step(document["stage"], document["step"], transfers)


@verb("hold-sheets")
def hold_sheets(desk: Desk, call: Call) -> dict[str, Any]:
    """Open the stage's sheets, compare each with the plan that was signed, and say so."""
    stage = call.number("stage")
    plan_entry, plan = agreed_plan(desk, stage)
    drafts = []
    for entry in desk.entries("step-sheet", stage=stage):
        if entry.author != plan_entry.author or desk.name not in sheet_sides(desk, entry):
            continue
        if desk.entries("body-held", author=desk.name, prior=entry.hash):
            continue
        _compare_with_plan(desk, entry, plan)
        refusals = desk.open_crossing().open_sheet(sheet(desk, entry), str(entry.digest))
        if errors(refusals):
            raise Refused(refusals)
        drafts.append(
            Draft("body-held", stage=stage, step=entry.step, digest=entry.digest, prior=entry.hash)
        )
    desk.append(call, drafts)
    held = desk.entries("body-held", author=desk.name, stage=stage)
    steps = sorted({int(e.step or 0) for e in held if e.step is not None})
    crossing = desk.open_crossing()
    beside = [n for n in steps if (opened := crossing.sheet(n)) and not is_step(opened)]
    return {"steps": [n for n in steps if n not in beside], "beside": beside}


def is_step(opened: Step) -> bool:
    """Whether anybody on a sheet counts in the balance: a sheet without is outside every step."""
    return any(t.kind.group == "inside" for t in opened.transfers)


def has_part(desk: Desk, stage: int, step: int) -> bool:
    """Whether any plan signed for the stage has this side give or receive in a step."""
    entries = desk.entries("plan-proposed", stage=stage)
    final = [e for e in entries if finality(desk, str(e.digest)) == "final"]
    rows = [row for e in final for row in proposed_plan(desk, e).rows if row.stage == stage]
    meant = step if step in {row.step for row in rows} else 0
    return any(desk.name in (row.sender, row.to) for row in rows if row.step == meant)


def sheet_sides(desk: Desk, entry: Entry) -> frozenset[str]:
    """The sides that give or receive on a sheet; none when this office may not read it."""
    try:
        return sheet(desk, entry).sides()
    except Refused:
        return frozenset()


def _compare_with_plan(desk: Desk, entry: Entry, plan: Plan) -> None:
    rows = json.loads(desk.part(entry))["transfers"]
    shown = sorted((r["list_handle"], r["from"], r["to"], r["class"]) for r in rows)
    planned = sorted(
        (r.handle, r.sender, r.to, f"{r.category}/{r.state}/{r.group}")
        for r in rows_of_sheet(plan, int(entry.stage or 0), int(entry.step or 0))
    )
    if shown != planned or sha256(desk.part(entry)) != entry.digest:
        raise refused(
            "office.sheet-differs",
            f"stage {entry.stage} step {entry.step}",
            expected="the persons of the plan that was signed",
            hint="the sheet is not signed for; ask the proposer for a true one",
        )
