"""Any table file as rows of cells: what delimiter, what encoding, what spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Any

from homeward.people import tables
from homeward.people.cells import Row
from homeward.people.heading import heading
from homeward.people.zeros import zero_formats
from homeward.problem import Problem, Refused

LARGEST_FILE = 64 * 2**20
LARGEST_UNPACKED = 256 * 2**20
MOST_CELLS = 5_000_000
_LOOK_AT = 64 * 2**10
_HINTS = {
    "people.file-too-large": "split the list",
    "people.file-unreadable": "save it again as CSV, XLSX or ODS",
    "people.xml-unsafe": "write plain PFIF",
}


def grid(name: str, data: bytes) -> list[Row]:
    """The rows of a file that hold anything; raises Refused when it cannot be read at all."""
    if len(data) > LARGEST_FILE:
        raise refused("people.file-too-large", name, f"{len(data)} bytes", f"<= {LARGEST_FILE}")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
        return _spreadsheet(name, data)
    return _delimited(name, data)


def refused(code: str, place: str, value: str = "", expected: str = "", hint: str = "") -> Refused:
    """One problem as an exception, for what makes a whole file unreadable."""
    return Refused([Problem(code, place, value, expected, hint or _HINTS.get(code, ""))])


def _spreadsheet(name: str, data: bytes) -> list[Row]:
    from python_calamine import CalamineError, CalamineWorkbook

    if data.startswith(b"PK"):
        _check_zip(name, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(title) for title in book.sheet_names]
        zeros = zero_formats(data) if data.startswith(b"PK") else {}
        grids = []
        for at, sheet in enumerate(sheets):
            # A sheet may claim a million empty rows; its declared size is checked before its cells.
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise refused("people.file-too-large", name, "too many cells", f"<= {MOST_CELLS}")
            skipped = sheet.start[0] if sheet.start else 0
            cells = sheet.to_python(skip_empty_area=True)
            for (row, column), digits in zeros.get(at, {}).items():
                _show_zeros(cells, row - skipped, column - (sheet.start or (0, 0))[1], digits)
            grids.append(
                [(n, row) for n, row in enumerate(cells, skipped + 1) if any(map(_said, row))]
            )
    except (CalamineError, ValueError, OSError) as error:
        raise refused(
            "people.file-unreadable", name, type(error).__name__, "a spreadsheet or a text table"
        ) from None
    headed = [rows for rows in grids if heading(rows)]
    return (headed or [rows for rows in grids if rows] or [[]])[0]


def _show_zeros(cells: list[list[Any]], row: int, column: int, digits: int) -> None:
    """Write a whole number in place with the zeros that its format shows."""
    if 0 <= row < len(cells) and 0 <= column < len(cells[row]):
        number = cells[row][column]
        if isinstance(number, float) and number.is_integer() and number >= 0:
            cells[row][column] = f"{int(number):0{digits}d}"


def _said(cell: Any) -> bool:
    return cell is not None and cell != "" and bool(str(cell).strip())


def _check_zip(name: str, data: bytes) -> None:
    """Refuse a bomb by unpacking with a limit: what the directory claims is not believed."""
    left = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for info in packed.infolist():
                left -= _unpacked_size(data, info, left)
                if left < 0:
                    raise refused(
                        "people.file-too-large", name, "unpacks too large", f"<= {LARGEST_UNPACKED}"
                    )
    except (zipfile.BadZipFile, zlib.error, IndexError) as error:
        raise refused(
            "people.file-unreadable", name, type(error).__name__, "a whole spreadsheet file"
        ) from None


def _unpacked_size(data: bytes, info: zipfile.ZipInfo, limit: int) -> int:
    start = info.header_offset
    names = int.from_bytes(data[start + 26 : start + 28], "little")
    extra = int.from_bytes(data[start + 28 : start + 30], "little")
    begin = start + 30 + names + extra
    packed = data[begin : begin + info.compress_size]
    if info.compress_type != zipfile.ZIP_DEFLATED:
        return len(packed)
    unpacking = zlib.decompressobj(-15)
    size = 0
    while packed and size <= limit:
        size += len(unpacking.decompress(packed, 2**20))
        packed = unpacking.unconsumed_tail
    return size


def _delimited(name: str, data: bytes) -> list[Row]:
    text = decode(data)
    if "\x00" in text:
        raise refused("people.file-unreadable", name, "binary data", "a text table or spreadsheet")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=find_delimiter(text))
    found, cells = [], 0
    try:
        for number, row in enumerate(reader, 1):
            cells += len(row)
            if cells > MOST_CELLS:
                raise refused("people.file-too-large", name, "too many cells", f"<= {MOST_CELLS}")
            if any(map(_said, row)):
                found.append((number, row))
    except csv.Error:
        raise refused(
            "people.file-unreadable", f"{name}:row {reader.line_num}", "", "a closed quotation mark"
        ) from None
    return found


def find_delimiter(text: str) -> str:
    """The character that splits the first rows into the most known headers, then most evenly."""
    sample = text[:_LOOK_AT].splitlines()[:30]
    seen = {char for char in "".join(sample[:5]) if not char.isalnum() and char not in "\"' _-./№"}
    best = (-1, -1.0, "")
    for char in sorted(seen | {",", ";", "\t", "|"}):
        rows = [row for row in csv.reader(sample, delimiter=char) if row]
        known = max(
            (sum(tables.column_of(cell) is not None for cell in row) for row in rows), default=0
        )
        widths = Counter(map(len, rows))
        even = widths.most_common(1)[0][1] / len(rows) if rows and max(widths) > 1 else 0.0
        best = max(best, (known, even, char))
    return best[2] if best[0] > 1 or best[1] > 0 else ","


def decode(data: bytes) -> str:
    """Text in UTF-8 or UTF-16 by its mark or its pattern, else the likeliest old code page."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data[3:].decode("utf-8", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    sample = data[:_LOOK_AT]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        # Between Latin separators every second byte is zero; no other encoding has any.
        if zeros.count(0) > 0.05 * len(zeros) and b"\x00" in sample:
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(old_code_page(data), "replace")


def old_code_page(data: bytes) -> str:
    """cp1251, cp1256, cp1255 or cp1252: the page that gives known headers and well-made words.

    All bytes are letters in most of these pages, but a wrong page knows no header, mixes scripts
    within a word, or puts small and capital letters without order.
    """
    best, page = (0, 0.5), "cp1252"
    for candidate, letters, fits in _PAGES:
        text = data[: 4 * _LOOK_AT].decode(candidate, "replace")
        words = [word for word in re.findall(r"[^\W\d_]+", text) if not word.isascii()]
        good = sum(letters.fullmatch(word) is not None and fits(word) for word in words)
        cells = re.split(r"[\r\n,;\t|]", text[:2000])
        known = sum(tables.column_of(cell) is not None for cell in cells if not cell.isascii())
        found = (known, round(good / len(words), 6) if words else 0.0)
        if found > best:
            best, page = found, candidate
    return page


def _cased(word: str) -> bool:
    return word.isupper() or word.istitle()


# Hebrew is asked first and Cyrillic must then do strictly better: words all in small Cyrillic
# letters, which Hebrew bytes would also be, do not occur in a list of names.
_PAGES: tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("cp1255", re.compile("[\u05d0-\u05ea\u05b0-\u05c7]+"), lambda _: True),
    ("cp1251", re.compile("[\u0400-\u045f\u0490\u0491]+"), lambda w: _cased(w) or w.islower()),
    (
        "cp1256",
        re.compile("[\u0621-\u0652\u067e\u0686\u0698\u06a9\u06af\u06be\u06cc]+"),
        lambda _: True,
    ),
    ("cp1252", re.compile("[A-Za-z\u00c0-\u00ff]+"), _cased),
)
