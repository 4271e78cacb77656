"""Any list in: a file's rows as lines, and every problem at once with its row and column."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeward.dates import PartialDate
from homeward.people import tables
from homeward.people.cells import Row, guarded, tidy
from homeward.people.dating import Unreadable, month_first, read_date
from homeward.people.grids import grid, refused
from homeward.people.heading import column_of, heading
from homeward.people.line import COLUMNS, Line
from homeward.people.parts import split_name
from homeward.people.pfif import looks_like_pfif, pfif_rows
from homeward.problem import Problem, Refused, errors

LONGEST_CELL = 2000
_DATES = ("birth_date", "captured_on")


@dataclass(frozen=True, slots=True)
class ListRead:
    """What a file said: ``rows`` counts all rows that hold anything below the header.

    Every one of them is either in ``lines`` or has a problem of level error, never both.
    ``mapping`` gives the canonical column by the header as written.
    """

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    rows: int
    mapping: Mapping[str, str]
    name: str = ""
    table: tuple[Row, ...] = field(default=(), repr=False)


def read_list(
    name: str, data: bytes, *, mapping: Mapping[str, str] | None = None, first: int | None = None
) -> ListRead:
    """The lines of a CSV, TSV, XLSX, XLS, ODS or PFIF file, with all its problems.

    ``name`` is how the file is called in problems. ``mapping`` gives canonical columns (or
    ``full_name``) for headers that are not known; it goes before the known words. Of a list that
    is only looked at, the ``first`` rows are read, the header among them. Never raises for what
    is in the file: an unreadable one has no rows and one problem.
    """
    try:
        rows = pfif_rows(name, data) if looks_like_pfif(data) else grid(name, data)
        rows = rows[:first]
        return _Reading(name, rows, mapping or {}, hashlib.sha256(data).hexdigest()).read()
    except Refused as refusal:
        return ListRead((), refusal.problems, 0, {}, name)


class _Reading:
    """One file on its way in; collects problems and the ids already met."""

    def __init__(self, name: str, rows: list[Row], mapping: Mapping[str, str], source: str) -> None:
        found = heading(rows, mapping)
        if found is None:
            raise refused(
                "people.no-header",
                name,
                expected="a row of headers with a surname or a full name, and an id",
                hint="name the columns as in docs/reference/lists.md or hand in a mapping",
            )
        self.name, self.source = name, source
        self.header_number, self.header = found.number, list(found.words)
        self.body = [row for row in rows[found.place + 1 :] if not found.comes_again(row[1])]
        self.problems: list[Problem] = []
        self.columns = self._columns(mapping)
        # «الاسم» or «Name» may be a person's first name; alone on a list it is the whole name.
        self.given_alone = not {"surname", "full_name"} & set(self.columns.values())
        self.first_row: dict[str, int] = {}
        self.month_first = {
            column: month_first(tidy(row[at]) for _, row in self.body if at < len(row))
            for at, column in self.columns.items()
            if column in _DATES
        }

    def read(self) -> ListRead:
        lines = []
        for number, cells in self.body:
            before = len(self.problems)
            line = self._line(number, cells)
            if not errors(self.problems[before:]):
                lines.append(line)
        mapping = {self.header[at]: column for at, column in self.columns.items()}
        table = ((self.header_number, self.header), *self.body)
        return ListRead(
            tuple(lines), tuple(self.problems), len(self.body), mapping, self.name, table
        )

    def _columns(self, mapping: Mapping[str, str]) -> dict[int, str]:
        """Canonical column by position; what is unknown or doubled is a problem."""
        columns: dict[int, str] = {}
        place = f"{self.name}:row {self.header_number}"
        exact = {column_of(header, mapping, exactly=True) for header in self.header}
        for at, header in enumerate(self.header):
            column = column_of(header, mapping, exactly=True)
            if column is None and (about := column_of(header, mapping)) not in exact:
                column = about
            if not header or column == "":
                continue
            if column is None:
                hint = "the column is left out; a mapping can name it"
                self._note(place, "people.column-unknown", header, level="note", hint=hint)
            elif column in columns.values():
                expected, hint = f"one column for {column}", "the first one is read"
                self._note(place, "people.column-twice", header, expected, "warning", hint)
            else:
                columns[at] = column
        if "id" not in columns.values():
            raise refused(
                "people.column-missing",
                place,
                "",
                "a column for id",
                "every line needs an id of its own; number the rows if there is none",
            )
        return columns

    def _line(self, number: int, cells: list[Any]) -> Line:
        place = f"{self.name}:row {number}"
        if any(tidy(cell) for cell in cells[len(self.header) :]):
            self._note(
                place,
                "people.row-too-long",
                f"{len(cells)} cells",
                f"{len(self.header)}, as in the header",
                "error",
                "is a delimiter inside a text without quotation marks?",
            )
        raw = {column: cells[at] for at, column in self.columns.items() if at < len(cells)}
        texts = {column: self._text(place, column, cell) for column, cell in raw.items()}
        known: dict[str, Any] = {k: texts[k] for k in COLUMNS if k in texts}
        self._names(place, texts, known)
        self._id(place, number, known)
        for column in _DATES:
            if column in raw:
                known[column] = self._date(place, column, raw[column])
        for column, otherwise in (("sex", ""), ("category", "unknown"), ("state", "living")):
            known[column] = self._value(place, column, texts.get(column, ""), otherwise)
        known["health"] = self._health(place, texts.get("health", ""))
        known["tags"] = tuple(
            tag.strip() for tag in texts.get("tags", "").replace(",", ";").split(";") if tag.strip()
        )
        return Line(**known, row=number, source=self.source)

    def _note(
        self,
        place: str,
        code: str,
        value: str = "",
        expected: str = "",
        level: Any = "error",
        hint: str = "",
    ) -> None:
        self.problems.append(Problem(code, place, value, expected, hint, level))

    def _text(self, place: str, column: str, cell: Any) -> str:
        text = tidy(cell)
        if len(text) > LONGEST_CELL:
            self._note(
                f"{place}:{column}",
                "people.cell-too-long",
                f"{len(text)} characters",
                f"<= {LONGEST_CELL}",
                hint="shorten it; is a quotation mark left open?",
            )
            return text[:LONGEST_CELL]
        if "\ufffd" in text:
            self._note(
                f"{place}:{column}",
                "people.character-lost",
                "",
                "readable characters",
                "warning",
                "save the list again as UTF-8",
            )
        return text

    def _names(self, place: str, texts: Mapping[str, str], known: dict[str, Any]) -> None:
        full, own = texts.get("full_name", ""), texts.get("given_name", "")
        if full and own and not known.get("surname"):
            # «Name» beside «First names» is the surname, unless the first names are in it too.
            others = {*own.split(), *texts.get("patronymic", "").split()}
            known["surname"] = " ".join(word for word in full.split() if word not in others)
        elif full or (own and self.given_alone):
            parts = split_name(full or own)
            for column, part in zip(("surname", "given_name", "patronymic"), parts, strict=True):
                known[column] = part if self.given_alone else known.get(column) or part
        if not any(known.get(column) for column in ("surname", "given_name")):
            expected, hint = "a surname or a given name", "fill one in"
            self._note(place, "people.name-missing", "", expected, hint=hint)

    def _id(self, place: str, number: int, known: Mapping[str, Any]) -> None:
        identity = known.get("id", "")
        if not identity:
            expected, hint = "an id that no other line has", "number the rows"
            self._note(f"{place}:id", "people.id-missing", "", expected, hint=hint)
        elif identity in self.first_row:
            self._note(
                f"{place}:id",
                "people.id-twice",
                identity,
                f"an id other than that of row {self.first_row[identity]}",
                hint="give it one of its own, or take one row out",
            )
        else:
            self.first_row[identity] = number

    def _date(self, place: str, column: str, cell: Any) -> PartialDate | None:
        try:
            when, remark = read_date(cell, month_first=self.month_first[column])
        except Unreadable as unreadable:
            self._note(
                f"{place}:{column}",
                "people.date-unreadable",
                tidy(cell)[:40],
                "YYYY-MM-DD, YYYY-MM or YYYY",
                hint=unreadable.hint or "write the date as in 1987-03-09, or leave it empty",
            )
            return None
        if remark:
            self._note(
                f"{place}:{column}",
                "people.date-short-year",
                tidy(cell),
                str(when),
                "warning",
                "write the year with four digits",
            )
        if column == "birth_date" and when and (when.month, when.day) == (1, 1):
            self._note(
                f"{place}:{column}",
                "people.date-first-of-january",
                str(when),
                "",
                "note",
                "often written when only the year is known",
            )
        return when

    def _value(self, place: str, column: str, text: str, otherwise: str) -> str:
        if not text:
            return otherwise
        value = tables.values()[column].get(tables.plain(text))
        if value is None:
            allowed = ", ".join(sorted(set(tables.values()[column].values())))
            self._note(
                f"{place}:{column}",
                "people.value-unknown",
                text[:40],
                allowed,
                "warning",
                f"read as {otherwise or 'not said'}",
            )
            return otherwise
        return value

    def _health(self, place: str, text: str) -> str:
        """The capture card's code for a state of health; other words are kept, but never shown."""
        code = tables.values()["health"].get(tables.plain(text)) if text else ""
        if code is None:
            expected = ", ".join(dict.fromkeys(tables.values()["health"].values()))
            hint = "kept as written, but no priority can be read from it"
            place = f"{place}:health"
            self._note(place, "people.value-unknown", "", expected, "warning", hint)
            return text
        return code


def write_lines(lines: Iterable[Line]) -> str:
    """The lines as CSV under the canonical headers; ``read_list`` reads it back the same.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for line in lines:
        table.writerow(guarded(text) for text in line.cells().values())
    return out.getvalue()
