"""Plan lines: what sides tell each other about a person in order to plan, and no more than that."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from homeward.dates import PartialDate
from homeward.problem import Problem

STATES = ("living", "remains")
#: A line takes part in a plan only while it is ready; the other words say why it does not.
STATUSES = ("ready", "unfit", "withheld", "refused", "dead")
COLUMNS = (
    "handle",
    "holder",
    "claimant",
    "category",
    "state",
    "medical",
    "held_since",
    "site",
    "seats",
    "group_code",
)
OPTIONAL = ("value", "status", "unit", "meets")
# The words of lists (GC III annex IV B, and two more) behind each medical level.
_HEALTH = (
    ("good", "not_wounded", "recovered", "convalescent"),
    ("slightly_wounded", "wounded", "sick"),
    ("seriously_wounded", "seriously_sick"),
)
_MONTH = 7  # len("2022-05")
_LARGEST = 9999


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One person as the other side may see them before the crossing: a handle, no name.

    ``medical`` is 0, 1 or 2 (2 goes first; never a diagnosis). ``held_since`` is a month
    (``2022-05``), a year where no more is known, or empty. ``site`` is a pseudonym of a holding
    site. ``seats`` are vehicle seats (2 or more for a stretcher). Lines of one holder with the
    same ``group_code`` stay together. ``value`` is in points where the terms have a scale, and 1
    elsewhere. ``unit`` is a pseudonym too, and counts only for fairness between units. ``meets``
    names the clauses (and parts of their numbers, ``clause/part``) whose conditions the person
    meets, where the terms ask for what a line does not tell; None where nobody has looked.
    """

    handle: str
    holder: str
    claimant: str
    category: str
    state: str = "living"
    medical: int = 0
    held_since: str = ""
    site: str = ""
    seats: int = 1
    group_code: str = ""
    value: int = 1
    status: str = "ready"
    unit: str = ""
    meets: tuple[str, ...] | None = None

    def facts(self) -> dict[str, object]:
        """The flat mapping that the terms' predicates read.

        ``health`` holds every code of the level: which of them it is, a line does not tell.
        """
        return {
            "category": self.category,
            "state": self.state,
            "medical": self.medical,
            "health": _HEALTH[self.medical],
            "held_since": self.held_since,
        }


def read_lines(
    text: str | bytes, place: str = "lines.csv"
) -> tuple[tuple[PlanLine, ...], tuple[Problem, ...]]:
    """Plan lines from CSV text, in the order written, with every problem found.

    Lines that can be read are returned even where others cannot.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            return (), (Problem("plan.not-utf8", place, expected="UTF-8"),)
    lines: list[PlanLine] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        problems += _header_problems(reader.fieldnames or (), place)
        if any(problem.level == "error" for problem in problems):
            return (), tuple(problems)
        for number, row in enumerate(reader, start=2):
            line, found = _read_row(row, f"{place}:row {number}")
            problems += found
            if line is not None and line.handle in seen:
                where = f"{place}:row {number}:handle"
                hint = f"first in row {seen[line.handle]}"
                problems.append(Problem("plan.handle-twice", where, line.handle, "one line", hint))
            elif line is not None:
                seen[line.handle] = number
                lines.append(line)
    except csv.Error as error:
        problems.append(Problem("plan.not-csv", place, str(error), "a table of cells with commas"))
    return tuple(lines), tuple(problems)


def _header_problems(names: Iterable[str], place: str) -> list[Problem]:
    found = [name for name in names if name is not None]
    where = f"{place}:row 1"
    problems = [
        Problem("plan.column-missing", where, expected=name)
        for name in COLUMNS
        if name not in found
    ]
    for name in found:
        if name not in COLUMNS and name not in OPTIONAL:
            hint = "the column is not read; names and the like do not belong here"
            problems.append(Problem("plan.column-unknown", where, name, hint=hint, level="warning"))
    twice = sorted({name for name in found if found.count(name) > 1})
    return problems + [Problem("plan.column-twice", where, name, "one column") for name in twice]


def _read_row(row: dict[str, str | None], place: str) -> tuple[PlanLine | None, list[Problem]]:
    cells = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *OPTIONAL)}
    problems = [
        Problem("plan.cell-empty", f"{place}:{name}", expected=name)
        for name in ("handle", "holder", "claimant")
        if not cells[name]
    ]
    if cells["holder"] and cells["holder"] == cells["claimant"]:
        problems.append(
            Problem("plan.same-side", f"{place}:claimant", cells["claimant"], "another side")
        )
    state = _word(cells["state"] or "living", STATES, f"{place}:state", problems)
    status = _word(cells["status"] or "ready", STATUSES, f"{place}:status", problems)
    medical = _number(cells["medical"] or "0", 0, 2, f"{place}:medical", problems)
    seats = _number(cells["seats"] or "1", 0, _LARGEST, f"{place}:seats", problems)
    value = _number(cells["value"] or "1", 1, _LARGEST, f"{place}:value", problems)
    since = _month(cells["held_since"], f"{place}:held_since", problems)
    if any(problem.level == "error" for problem in problems):
        return None, problems
    names = ("handle", "holder", "claimant", "category", "site", "group_code")
    line = PlanLine(
        **{name: cells[name] for name in names},
        state=state,
        medical=medical,
        held_since=since,
        seats=seats,
        value=value,
        status=status,
        unit=cells["unit"],
        meets=None if row.get("meets") is None else _names(cells["meets"]),
    )
    return line, problems


def _names(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip())


def _word(value: str, known: tuple[str, ...], place: str, problems: list[Problem]) -> str:
    if value not in known:
        problems.append(Problem("plan.word-unknown", place, value, "one of " + ", ".join(known)))
    return value


def _number(value: str, low: int, high: int, place: str, problems: list[Problem]) -> int:
    plain = value.isascii() and value.isdigit() and len(value) <= len(str(_LARGEST))
    if not plain or not low <= int(value) <= high:
        problems.append(Problem("plan.bad-number", place, value, f"{low} to {high}"))
        return low
    return int(value)


def _month(value: str, place: str, problems: list[Problem]) -> str:
    if not value:
        return ""
    try:
        since = PartialDate.parse(value)
    except ValueError:
        problems.append(Problem("plan.bad-date", place, value, "a month such as 2024-05"))
        return ""
    month = value[:_MONTH]
    if since.day is not None:
        hint = "a day can point to one person; the month is kept"
        problems.append(Problem("plan.date-too-exact", place, value, month, hint, "warning"))
    return month


def write_lines(lines: Iterable[PlanLine]) -> str:
    """CSV text that ``read_lines`` reads back, sorted by handle."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    ordered = sorted(lines, key=lambda line: line.handle)
    names = [*COLUMNS, *OPTIONAL]
    if not any(line.unit for line in ordered):
        names.remove("unit")
    if all(line.meets is None for line in ordered):
        names.remove("meets")
    writer.writerow(names)
    writer.writerows([_cell(line, name) for name in names] for line in ordered)
    return out.getvalue()


def _cell(line: PlanLine, name: str) -> object:
    return ";".join(line.meets or ()) if name == "meets" else getattr(line, name)
