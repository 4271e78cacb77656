"""The plan: made by the proposer, checked and certified by every other side, then frozen."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from homeward.problem import Refused, errors
from homeward.record import Draft, Entry, Part
from homeward.terms import Annex, Size
from homeward.terms.kernel import Kind, Step, Transfer


def planning_lines(desk: Desk) -> tuple[PlanLine, ...]:
    """Every line the sides have offered that neither end has taken off since, by handle."""
    lines: list[PlanLine] = []
    for entry in desk.entries("replies"):
        read, problems = read_lines(desk.part(entry, 1).decode())
        if errors(problems):
            raise Refused(problems)
        # each side speaks for the people it holds, and for nobody else's
        lines += [line for line in read if line.holder == entry.author]
    off = _taken_off(desk)
    offered = [
        line
        for line in lines
        if not off & {(line.holder, line.handle), (line.claimant, line.handle)}
    ]
    return tuple(sorted(offered, key=lambda line: line.handle))


def _taken_off(desk: Desk) -> set[tuple[str, str]]:
    return {(e.author, h) for e in desk.entries("objections") for h in json.loads(desk.part(e))}


def taken_off(desk: Desk) -> set[str]:
    """Handles that anybody has taken off the lines to plan with."""
    return {handle for _, handle in _taken_off(desk)}


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


@dataclass(frozen=True)
class Question:
    """What a plan of a stage is to answer, as ``make_plan`` takes it: ``places`` by place."""

    places: tuple[Any, ...]
    named: dict[str, Any]
    after: After


@verb("make-plan")
def plan_stage(desk: Desk, call: Call) -> dict[str, Any]:
    """Plan one stage from both sides' lines under the terms and its annex, and sign it.

    ``found`` is a plan with its certificate that was looked for beside the desk: it is checked and
    proven before it is signed, as anybody's is.
    """
    asked = question(desk, call)
    if not isinstance(asked, Question):
        return asked
    found = call.body.get("found")
    made = _as_found(desk, asked, found) if found else make_plan(*asked.places, **asked.named)
    if isinstance(made, Conflict):
        raise Refused(made.problems)
    stage = call.number("stage")
    entry = _propose_plan(desk, call, stage, made)
    return {
        "digest": entry.digest,
        "stage": stage,
        "status": made.status,
        "objective": [[level.name, level.value] for level in made.objective],
        "bound": [[level.name, level.bound] for level in made.objective],
        "gap": made.gap,
        "largest_lead": dict(made.largest_lead),
        "plan": write_plan(made),
        "notes": asked.after.notes_json(),
        "seconds": made.seconds,
    }


def question(desk: Desk, call: Call) -> Question | dict[str, Any]:
    """What is to be planned of a stage; the answer itself where a plan stands or none is needed."""
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
    named = {
        "seed": int(call.body.get("seed", 0)),
        "first_step": next_step(desk),
        "done": places.done,
    }
    return Question((places.terms, [annex], places.lines, places.resources), named, after)


def costs_question(desk: Desk, call: Call) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """What another clause would come to in a whole stage, whoever of it has gone already."""
    annexes = agreed_annexes(desk)
    number = call.number("stage")
    if number not in annexes:
        raise refused("office.no-annex", f"stage {number}", expected="an annex signed by all sides")
    annex, resources = annexes[number]
    done = gone_handles(desk) - gone_handles(desk, number)
    places = (agreed_terms(desk), [annex], planning_lines(desk), resources)
    return places, {"seed": int(call.body.get("seed", 0)), "done": done}


def _as_found(desk: Desk, asked: Question, found: Mapping[str, Any]) -> Plan:
    """A plan that was found beside the desk; raises Refused where it does not answer any more."""
    plan, problems = read_plan(str(found["plan"]), certificate=found["certificate"])
    if plan is None:
        raise Refused(problems)
    done = asked.named["done"]
    faults = [*check(plan, *asked.places, done=done), *certify(plan, *asked.places, done=done)]
    steps = [row.step for row in plan.rows if row.step]
    if errors(faults) or min(steps, default=next_step(desk)) < next_step(desk):
        raise refused(
            "office.plan-overtaken",
            f"stage {plan.rows[0].stage}" if plan.rows else "stage",
            value=faults[0].code if faults else "",
            expected="lines, sheets and stages as they were when the plan was begun",
            hint="something was signed meanwhile: ask for the plan again",
        )
    return replace(plan, seconds=float(found.get("seconds", 0)))


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
