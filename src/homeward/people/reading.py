"""Any list in: a file's rows as lines, and every problem at once with its row and column."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeward.dates import PartialDate
from homeward.people import tables
from homeward.people.dating import Unreadable, month_first, read_date
from homeward.people.grids import Row, grid, header_row, refused
from homeward.people.line import COLUMNS, Line
from homeward.people.parts import split_name
from homeward.people.pfif import looks_like_pfif, pfif_rows
from homeward.problem import Problem, Refused, errors

LONGEST_CELL = 2000
_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\xad",
    )
)
_GUARD = re.compile(r"\A'(?=[=+\-@\t\r])")
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


def read_list(name: str, data: bytes, *, mapping: Mapping[str, str] | None = None) -> ListRead:
    """The lines of a CSV, TSV, XLSX, XLS, ODS or PFIF file, with all its problems.

    ``name`` is how the file is called in problems. ``mapping`` gives canonical columns (or
    ``full_name``) for headers that are not known; it goes before the known words. Never raises
    for what is in the file: an unreadable one has no rows and one problem.
    """
    try:
        rows = pfif_rows(name, data) if looks_like_pfif(data) else grid(name, data)
        return _Reading(name, rows, mapping or {}, hashlib.sha256(data).hexdigest()).read()
    except Refused as refusal:
        return ListRead((), refusal.problems, 0, {}, name)


class _Reading:
    """One file on its way in; collects problems and the ids already met."""

    def __init__(self, name: str, rows: list[Row], mapping: Mapping[str, str], source: str) -> None:
        where = header_row(rows) if not mapping else _mapped_header(rows, mapping)
        if where is None:
            raise refused(
                "people.no-header",
                name,
                expected="a row of headers with a surname or a full name, and an id",
                hint="name the columns as in docs/reference/lists.md or hand in a mapping",
            )
        self.name, self.source = name, source
        self.header_number, header = rows[where]
        self.header = [tidy(cell) for cell in header]
        self.body = rows[where + 1 :]
        self.problems: list[Problem] = []
        self.columns = self._columns(mapping)
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
        for at, header in enumerate(self.header):
            column = mapping.get(header) or tables.column_of(header)
            if not header or column == "":
                continue
            if column is None:
                self.problems.append(
                    Problem(
                        "people.column-unknown",
                        place,
                        header,
                        level="note",
                        hint="the column is left out; a mapping can name it",
                    )
                )
            elif column in columns.values():
                self.problems.append(
                    Problem(
                        "people.column-twice",
                        place,
                        header,
                        f"one column for {column}",
                        "the first one is read",
                        "warning",
                    )
                )
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
        if texts.get("full_name"):
            parts = split_name(texts["full_name"])
            for column, part in zip(("surname", "given_name", "patronymic"), parts, strict=True):
                known[column] = known.get(column) or part
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


def _mapped_header(rows: list[Row], mapping: Mapping[str, str]) -> int | None:
    for index, (_, cells) in enumerate(rows[:20]):
        if any(tidy(cell) in mapping for cell in cells):
            return index
    return header_row(rows)


def tidy(cell: Any) -> str:
    """A cell as text: composed, without invisible marks; whole numbers without ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # An apostrophe before a sign keeps a spreadsheet from taking a text for a formula.
    text = _GUARD.sub("", str(cell))
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


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


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> guarded("=HYPERLINK(1)"), guarded("0012")
    ("'=HYPERLINK(1)", '0012')
    """
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text else text
