"""A cell of a table as text: tidied on its way in, safe for spreadsheets on its way out."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

Row = tuple[int, list[Any]]  # number in the file (1 is the first), cells

_INVISIBLE = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\xad",
    )
)
_GUARD = re.compile(r"\A'(?=[=+\-@\t\r])")


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


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> guarded("=HYPERLINK(1)"), guarded("0012")
    ("'=HYPERLINK(1)", '0012')
    """
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") and text else text
