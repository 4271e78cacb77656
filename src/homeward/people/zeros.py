"""Numbers that an XLSX workbook shows with zeros before them: 12 in the format 0000 reads 0012.

What reads the cells gives the bare number; an id would lose its zeros. Only formats made of zeros
alone are looked for, in the workbook's own XML.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

_FORMAT = re.compile(rb"<numFmt\b[^>]*>")
_ZEROS = re.compile(rb'formatCode="(0{2,})(?:;@)?"')
_NUMBER = re.compile(rb'numFmtId="(\d+)"')
_STYLES = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<xf\b[^>]*>")
_SHEET = re.compile(r"<sheet\b[^>]*>")
_LINK = re.compile(r"<Relationship\b[^>]*>")
_CELL = re.compile(rb"<c\b[^>]*>")
_REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_USED = re.compile(rb'\bs="(\d+)"')
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')

Widths = Mapping[tuple[int, int], int]


def zero_formats(data: bytes) -> dict[int, Widths]:
    """By place of the sheet in the workbook (0 is the first) how many digits a cell shows, by row
    and column (both from 0). Empty for a workbook without such formats."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = set(packed.namelist())
        if not {"xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
            return {}
        styles = _styles(packed.read("xl/styles.xml"))
        if not styles:
            return {}
        book = packed.read("xl/workbook.xml").decode("utf-8", "replace")
        links = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        targets = {
            link.get("Id"): link.get("Target", "")
            for link in map(_attributes, _LINK.findall(links))
        }
        found = {}
        for at, sheet in enumerate(map(_attributes, _SHEET.findall(book))):
            target = targets.get(sheet.get("r:id"), "").lstrip("/")
            path = target if target.startswith("xl/") else f"xl/{target}"
            if path in names:
                found[at] = _widths(packed.read(path), styles)
    return found


def _attributes(tag: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(tag))


def _styles(xml: bytes) -> dict[int, int]:
    """Digits shown, by number of the style, for formats of zeros alone."""
    formats = {
        number[1]: len(zeros[1])
        for tag in _FORMAT.findall(xml)
        if (number := _NUMBER.search(tag)) and (zeros := _ZEROS.search(tag))
    }
    used = _STYLES.search(xml)
    tags = _STYLE.findall(used[0]) if used and formats else []
    numbers = [_NUMBER.search(tag) for tag in tags]
    return {
        at: formats[number[1]]
        for at, number in enumerate(numbers)
        if number and number[1] in formats
    }


def _widths(xml: bytes, styles: Mapping[int, int]) -> Widths:
    found = {}
    for cell in _CELL.findall(xml):
        style, where = _USED.search(cell), _REFERENCE.search(cell)
        if style and where and int(style[1]) in styles:
            found[int(where[2]) - 1, _column(where[1])] = styles[int(style[1])]
    return found


def _column(letters: bytes) -> int:
    """The place of a column by its letters: A is 0, AA is 26."""
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1
