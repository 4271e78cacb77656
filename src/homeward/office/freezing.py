"""Freezing a plan: one sealed sheet a step, with fresh handles, held once it is as signed."""

from __future__ import annotations

import json
import secrets
from typing import Any

from homeward.office.desk import Call, Desk, refused, sha256, verb
from homeward.office.planning import agreed_plan, is_step, next_step, sheet, sheet_sides
from homeward.plan import Plan
from homeward.plan.rows import PlanRow
from homeward.problem import Refused, errors
from homeward.record import Draft, Entry, Part


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
