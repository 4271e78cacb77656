"""A list's problems as a workbook to mend it in: the list as it was, a comment on each bad cell."""

from __future__ import annotations

import io
import re
from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

from homeward.people.cells import tidy
from homeward.people.reading import ListRead
from homeward.problem import Problem

_PLACE = re.compile(r":row (\d+)(?::(\w+))?\Z")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u06ff]")
_COLOURS = {"error": "#F4C7C3", "warning": "#FCE8B2", "note": "#E8EAED"}
_ORDER = ("note", "warning", "error")
_LONGEST_COMMENT = 2000
# A workbook states when it was made; the same list must give the same bytes.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a stamp without meaning


def problem_workbook(read: ListRead) -> bytes:
    """An XLSX file: the list with coloured, commented cells, and a sheet of all its problems.

    Texts are written as texts: a cell that begins with ``=`` is never a formula.
    """
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _MADE})
    _list_sheet(book, read)
    _problem_sheet(book, read.problems)
    book.close()
    return out.getvalue()


def _list_sheet(book: Any, read: ListRead) -> None:
    sheet = book.add_worksheet("list")
    colours = {level: book.add_format({"bg_color": colour}) for level, colour in _COLOURS.items()}
    day = {"num_format": "yyyy-mm-dd"}
    dates = {level: book.add_format(day | {"bg_color": c}) for level, c in _COLOURS.items()}
    dates[""] = book.add_format(day)
    if _RIGHT_TO_LEFT.search("".join(tidy(cell) for _, cells in read.table[:3] for cell in cells)):
        sheet.right_to_left()
    found = _by_cell(read)
    for at, (number, cells) in enumerate(read.table):
        width = max(len(cells), 1 + max((c for r, c in found if r == number), default=0))
        for column in range(width):
            problems = found.get((number, column), [])
            level = max((p.level for p in problems), key=_ORDER.index, default="")
            cell = cells[column] if column < len(cells) else ""
            _write(sheet, at, column, cell, dates[level] if _is_date(cell) else colours.get(level))
            if problems:
                text = "\n".join(_sentence(problem) for problem in problems)
                sheet.write_comment(at, column, text[:_LONGEST_COMMENT], {"x_scale": 2})
    sheet.freeze_panes(1, 0)


def _by_cell(read: ListRead) -> dict[tuple[int, int], list[Problem]]:
    """Problems by row number of the file and position of the cell; the first cell for a row."""
    headers = [tidy(cell) for cell in read.table[0][1]] if read.table else []
    positions = {column: headers.index(header) for header, column in read.mapping.items()}
    found: dict[tuple[int, int], list[Problem]] = defaultdict(list)
    for problem in read.problems:
        place = _PLACE.search(problem.place)
        if place:
            column = positions.get(place[2] or "", positions.get("full_name", 0) if place[2] else 0)
            if not place[2] and problem.value in headers:
                column = headers.index(problem.value)
            found[int(place[1]), column].append(problem)
    return found


def _is_date(cell: Any) -> bool:
    return isinstance(cell, date)


def _write(sheet: Any, row: int, column: int, cell: Any, style: Any) -> None:
    if isinstance(cell, bool) or cell is None or isinstance(cell, str | time):
        text = "" if cell is None else str(cell)
        if text or style is not None:
            (sheet.write_string if text else sheet.write_blank)(row, column, text, style)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, style)
    else:
        sheet.write_string(row, column, str(cell), style)


def _sentence(problem: Problem) -> str:
    parts = [problem.code]
    parts += [f"expected {problem.expected}"] if problem.expected else []
    parts += [problem.hint] if problem.hint else []
    return "; ".join(parts)


def _problem_sheet(book: Any, problems: tuple[Problem, ...]) -> None:
    sheet = book.add_worksheet("problems")
    bold = book.add_format({"bold": True})
    headers = ("level", "code", "place", "value", "expected", "hint")
    for column, header in enumerate(headers):
        sheet.write_string(0, column, header, bold)
    for row, problem in enumerate(problems, 1):
        for column, header in enumerate(headers):
            sheet.write_string(row, column, str(getattr(problem, header)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(problems), 1), len(headers) - 1)
