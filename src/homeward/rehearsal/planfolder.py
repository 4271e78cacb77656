"""A plan with everything it was made from in one folder, so that it can be explained and redone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from homeward.people import propose
from homeward.plan import Plan, PlanLine, Resources, read_lines, read_plan, write_plan
from homeward.plan.events import Event
from homeward.plan.lines import write_lines
from homeward.plan.offering import line_of
from homeward.plan.parts import unlooked
from homeward.plan.resources import read_resources
from homeward.problem import Problem, Refused, errors
from homeward.rehearsal.cast import read_cast
from homeward.rehearsal.filing import Files
from homeward.rehearsal.folder import Folder, read_folder
from homeward.rehearsal.run import OWN
from homeward.terms import Annex, Terms, read_annexes, read_terms

_SOURCES = ("exchange.yaml", "terms.yaml", "stages.yaml")
_NEEDED = (*_SOURCES, "lines.csv")


@dataclass(frozen=True)
class PlanTask:
    """What a plan is made from; ``sources`` are the texts it was read from, by file name."""

    terms: Terms
    annexes: tuple[Annex, ...]
    lines: tuple[PlanLine, ...]
    resources: Resources
    seed: int
    sources: Mapping[str, str]
    problems: tuple[Problem, ...] = ()


def read_plan_folder(path: Path) -> PlanTask:
    """The task in an exchange folder: from its ``lines.csv``, else from its lists.

    Raises Refused with every problem found.
    """
    if (path / "lines.csv").is_file():
        return _from_lines(path)
    folder, problems = read_folder(path)
    if folder is None:
        raise Refused(problems)
    resources, _ = read_resources(folder.cast.resources)
    return PlanTask(
        folder.terms,
        folder.annexes,
        offered_lines(folder),
        resources,
        folder.cast.seed,
        texts_of(path),
        problems,
    )


def texts_of(path: Path) -> dict[str, str]:
    """The texts in an exchange folder that a plan rests on, by file name."""
    return {
        name: (path / name).read_text(encoding="utf-8-sig")
        for name in _SOURCES
        if (path / name).is_file()
    }


def _from_lines(path: Path) -> PlanTask:
    files = Files(path)
    data = {name: files.take(name, needed=name != "stages.yaml") for name in _NEEDED}
    cast = terms = None
    annexes: tuple[Annex, ...] = ()
    lines: tuple[PlanLine, ...] = ()
    if (text := data["exchange.yaml"]) is not None:
        cast, found = read_cast(text)
        files.problems += found
    if (text := data["terms.yaml"]) is not None:
        terms, found = read_terms(text)
        files.problems += found
    if (text := data["stages.yaml"]) is not None:
        annexes, found = read_annexes(text, terms)
        files.problems += found
    if (text := data["lines.csv"]) is not None:
        lines, found = read_lines(text)
        files.problems += found
    if cast is None or terms is None or errors(files.problems):
        raise Refused(files.problems)
    resources, _ = read_resources(cast.resources)
    sources = texts_of(path)
    problems = (*files.problems, *unlooked(terms, lines))
    return PlanTask(terms, annexes, lines, resources, cast.seed, sources, problems)


def offered_lines(folder: Folder) -> tuple[PlanLine, ...]:
    """Those whom a holder's list and a seeker's list agree on, as lines to plan with.

    Doubtful pairs are decided by gold.csv, and stay apart without it. The handle is made from the
    folder, the holder and the list's id, so that the same folder gives the same plan.
    """
    true = {(g.seeker, g.sought_id, g.holder, g.held_id) for g in folder.gold or ()}
    lines: dict[str, PlanLine] = {}
    for holder, seeker in folder.cast.moves:
        held, sought = folder.lines[holder, "held"], folder.lines[seeker, "sought"]
        matching = propose(tuple(sought.values()), tuple(held.values()))
        pairs = [(pair.sought_id, pair.held_id) for pair in matching.same]
        pairs += [
            (pair.sought_id, pair.held_id)
            for pair in matching.review
            if (seeker, pair.sought_id, holder, pair.held_id) in true
        ]
        taken: set[str] = set()
        for sought_id, held_id in pairs:
            handle = _handle(folder.digest, holder, held_id)
            if handle in lines or sought_id in taken:
                continue
            taken.add(sought_id)
            line = line_of(
                held[held_id], folder.terms, handle=handle, holder=holder, claimant=seeker
            )
            lines[handle] = line
    return tuple(line for _, line in sorted(lines.items()))


def _handle(digest: str, holder: str, held_id: str) -> str:
    return hashlib.sha256(f"{digest}/{holder}/{held_id}".encode()).hexdigest()[:32]


def write_plan_folder(out: Path, task: PlanTask, plan: Plan) -> None:
    """Write plan.csv, its certificate, and what it was made from into ``out``."""
    out.mkdir(mode=OWN, parents=True, exist_ok=True)
    for name, text in task.sources.items():
        (out / name).write_text(text, encoding="utf-8")
    (out / "lines.csv").write_text(write_lines(task.lines), encoding="utf-8")
    (out / "plan.csv").write_text(write_plan(plan), encoding="utf-8")
    certificate = json.dumps(plan.certificate, sort_keys=True, indent=1)
    (out / "certificate.json").write_text(certificate + "\n", encoding="utf-8")


def read_planned(path: Path) -> tuple[PlanTask, Plan]:
    """A plan (its folder, or plan.csv in it) and its task; raises Refused with every problem."""
    folder = path if path.is_dir() else path.parent
    task = _from_lines(folder) if (folder / "lines.csv").is_file() else None
    if task is None:
        hint = "homeward plan DIR --out OUT writes everything that is needed"
        raise Refused([Problem("rehearsal.missing-file", f"{folder}/lines.csv", hint=hint)])
    certificate: dict[str, Any] | None = None
    if (folder / "certificate.json").is_file():
        certificate = _certificate(folder / "certificate.json")
    file = path if path.is_file() else folder / "plan.csv"
    plan, problems = read_plan(file.read_bytes(), certificate=certificate, place=file.name)
    if plan is None:
        raise Refused(problems)
    return task, plan


def _certificate(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        expected = "the JSON that homeward plan wrote"
        raise Refused([Problem("plan.bad-certificate", path.name, expected=expected)])
    return said


def handle_of(task: PlanTask, person: str) -> str:
    """The handle that a person is known by; raises Refused where no line has it."""
    if any(line.handle == person for line in task.lines):
        return person
    raise Refused(
        [Problem("rehearsal.unknown-person", "lines.csv", person[:40], "a handle of lines.csv")]
    )


def read_what_happened(
    path: Path, plan: Plan
) -> tuple[tuple[str, ...], tuple[Event, ...], tuple[Problem, ...]]:
    """Who of a plan has crossed and what befell others, from YAML or JSON, with every problem.

    ``done`` lists handles and ``events`` what happened, as docs/reference/plan.md has them. A
    position.json has no handles: those of a step who crossed are then taken in the plan's order.
    """
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError):
        said = None
    if isinstance(said, dict) and isinstance(said.get("position"), dict):
        said = said["position"]
    if not isinstance(said, dict) or not set(said) & {"done", "events", "cells"}:
        problem = Problem("rehearsal.what-happened", path.name, "", "done, events or cells")
        return (), (), (problem,)
    problems: list[Problem] = []
    known = {row.handle for row in plan.rows}
    done = [str(handle) for handle in _listed(said, "done", path, problems)]
    problems += [
        Problem("rehearsal.unknown-person", f"{path.name}:done", handle, "a handle of the plan")
        for handle in done
        if handle not in known
    ]
    if "cells" in said:
        done += _crossed(plan, _listed(said, "cells", path, problems), path, problems)
        hint = "a position names nobody: who crossed is taken in the plan's order"
        problems.append(Problem("rehearsal.no-handles", path.name, hint=hint, level="note"))
    events = []
    for number, row in enumerate(_listed(said, "events", path, problems)):
        try:
            events.append(Event(**row))
        except TypeError:
            place = f"{path.name}:events:{number + 1}"
            wanted = "kind, and handle or code, stage, count"
            problems.append(Problem("rehearsal.what-happened", place, "", wanted))
    return tuple(dict.fromkeys(done)), tuple(events), tuple(problems)


def _listed(said: dict[str, Any], name: str, path: Path, problems: list[Problem]) -> list[Any]:
    found = said.get(name) or []
    if isinstance(found, list):
        return found
    place = f"{path.name}:{name}"
    problems.append(Problem("rehearsal.what-happened", place, str(found)[:40], "a list"))
    return []


_CELL = ("to", "category", "state", "group", "stage", "step")


def _crossed(plan: Plan, cells: Iterable[Any], path: Path, problems: list[Problem]) -> list[str]:
    done: list[str] = []
    for number, cell in enumerate(cells):
        told = isinstance(cell, dict) and {"from", "count", "outcome", *_CELL} <= set(cell)
        if not told or type(cell["count"]) is not int or cell["count"] < 0:
            place = f"{path.name}:cells:{number + 1}"
            problems.append(Problem("rehearsal.what-happened", place, "", "a cell of a position"))
            continue
        if cell["outcome"] != "transferred" or cell.get("attested_by") != "both":
            continue
        rows = [
            row
            for row in plan.rows
            if row.sender == cell["from"] and all(getattr(row, n) == cell[n] for n in _CELL)
        ]
        done += [row.handle for row in sorted(rows, key=lambda r: r.order)[: cell["count"]]]
    return done
