"""The plan itself: who goes when, with what it is worth and the proof; its CSV form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from homeward.problem import Problem

Status = Literal["optimal", "feasible", "unknown"]
COLUMNS = ("handle", "from", "to", "stage", "step", "trip", "order")
MORE = ("category", "state", "group", "site")
_DIGITS = 9
_NUMBERS = ("stage", "step", "trip", "order")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One person's place: the ``order``-th of ``sender`` in ``step`` (0: beside every step).

    ``trip`` numbers the sender's vehicle trips of the stage; 0 where no vehicle was named.
    """

    handle: str
    sender: str
    to: str
    stage: int
    step: int
    trip: int
    order: int
    category: str = ""
    state: str = "living"
    group: str = "inside"
    site: str = ""

    @property
    def key(self) -> tuple[int, int, str, int, str]:
        """Plans are written in this order."""
        return (self.stage, self.step, self.sender, self.order, self.handle)


@dataclass(frozen=True, slots=True)
class Level:
    """One aim, in order of precedence: more is better; ``bound`` is proven to be unbeatable."""

    name: str
    value: int
    bound: int
    unit: str


@dataclass(frozen=True)
class Plan:
    """Rows in order of stage, step, sender and place; see docs/reference/plan.md.

    ``largest_lead`` is the most heads of each side that are ever out in an open step. ``seconds``
    is how long it took here and never part of what is signed.
    """

    rows: tuple[PlanRow, ...]
    status: Status = "unknown"
    objective: tuple[Level, ...] = ()
    gap: float = 0.0
    certificate: Mapping[str, Any] = field(default_factory=dict)
    largest_lead: Mapping[str, int] = field(default_factory=dict)
    seconds: float = field(default=0.0, compare=False)

    def row(self, handle: str) -> PlanRow | None:
        """The row of a person; None for somebody who is in no stage."""
        return next((row for row in self.rows if row.handle == handle), None)


def largest_lead(rows: Iterable[PlanRow]) -> dict[str, int]:
    """The most heads of each side that are out in one step when nothing came back yet."""
    out: dict[tuple[str, int], int] = {}
    sides: set[str] = set()
    for row in rows:
        sides |= {row.sender, row.to}
        if row.step:
            out[row.sender, row.step] = out.get((row.sender, row.step), 0) + 1
    most = dict.fromkeys(sorted(sides), 0)
    for (side, _), heads in out.items():
        most[side] = max(most[side], heads)
    return most


def write_plan(plan: Plan) -> str:
    """The plan as CSV text: the same bytes on every machine for the same plan."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, *MORE))
    for row in sorted(plan.rows, key=lambda row: row.key):
        writer.writerow(getattr(row, each.name) for each in fields(PlanRow))
    return out.getvalue()


def read_plan(
    text: str | bytes, *, certificate: Mapping[str, Any] | None = None, place: str = "plan.csv"
) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan that ``write_plan`` wrote, and every problem; None where a row cannot be read.

    ``certificate`` is the proof that came with it; without one only ``check`` is possible.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None, (Problem("plan.not-utf8", place, expected="UTF-8"),)
    rows: list[PlanRow] = []
    problems: list[Problem] = []
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            where = f"{place}:row 1"
            return None, tuple(Problem("plan.column-missing", where, expected=n) for n in missing)
        for number, cells in enumerate(reader, start=2):
            row = _read_row(cells, f"{place}:row {number}", problems)
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        problems.append(Problem("plan.not-csv", place, str(error), "a table of cells with commas"))
    if problems:
        return None, tuple(problems)
    rows.sort(key=lambda row: row.key)
    return read_back(tuple(rows), certificate or {}), ()


def read_back(rows: tuple[PlanRow, ...], certificate: Mapping[str, Any]) -> Plan:
    """A plan from its rows and the claims of its certificate, which ``certify`` must prove."""
    plan = Plan(rows, certificate=certificate, largest_lead=largest_lead(rows))
    try:
        levels = tuple(Level(*level) for level in certificate.get("levels", ()))
        gap = float(certificate.get("gap", 0.0))
        status = certificate.get("status", "unknown")
    except (AttributeError, TypeError, ValueError):
        return plan  # whatever it is, certify will say that it proves nothing
    return replace(plan, objective=levels, gap=gap, status=status)


def _read_row(
    cells: Mapping[str, str | None], place: str, problems: list[Problem]
) -> PlanRow | None:
    text = {name: (cells.get(name) or "").strip() for name in (*COLUMNS, *MORE)}
    found = [
        Problem("plan.cell-empty", f"{place}:{name}", expected=name)
        for name in ("handle", "from", "to")
        if not text[name]
    ]
    found += [
        Problem("plan.bad-number", f"{place}:{name}", text[name], "a whole number")
        for name in _NUMBERS
        if not (text[name].isascii() and text[name].isdigit() and len(text[name]) <= _DIGITS)
    ]
    problems += found
    if found:
        return None
    stage, step, trip, order = (int(text[name]) for name in _NUMBERS)
    return PlanRow(
        text["handle"],
        text["from"],
        text["to"],
        stage,
        step,
        trip,
        order,
        text["category"],
        text["state"] or "living",
        text["group"] or "inside",
        text["site"],
    )
