"""The room's tables of facts: words for headers and values, names, letters, weights."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_NOT_A_WORD = re.compile(r"[\W_]+")
_PARTS = re.compile(r"[/\\|,;:()\[\]]")


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of ``data/<name>``, without comments and empty lines, and without
    the last column, which says where a row is from (see ``data/ORIGIN.md``)."""
    source = files("homeward.people").joinpath("data", name)
    data = source.read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")[:-1]


def plain(word: str) -> str:
    """A header or value as it is compared: lower case, letters and digits only.

    >>> plain("Прізвище, ім'я")
    'прізвищеімя'
    """
    return _NOT_A_WORD.sub("", word.casefold())


@cache
def headers() -> dict[str, str]:
    """Canonical column by header word, ``full_name`` among them."""
    found = {}
    for column, _, words in rows("headers.tsv"):
        found[plain(column)] = column
        for word in words.split("|"):
            # «№» is all punctuation and is kept as it stands.
            found[plain(word) or word] = column
    return found


def column_of(header: str, *, exactly: bool = False) -> str | None:
    """The canonical column that a header means, or None.

    Unless ``exactly``, a remark is passed over and a header in two languages understood, as long
    as its parts do not mean different columns.

    >>> column_of("Прізвище / Surname"), column_of("Date of birth (dd.mm.yyyy)")
    ('surname', 'birth_date')
    """
    found = headers().get(plain(header) or header.strip())
    if found or exactly:
        return found
    parts = filter(None, map(str.strip, _PARTS.split(header)))
    columns = [headers().get(plain(part) or part) for part in parts]
    # «(yes/no)» is no column for a number, though «no» alone is.
    others = set(columns[1:]) - {None, "id"}
    return columns[0] if columns and others <= {columns[0]} else None


@cache
def values() -> dict[str, dict[str, str]]:
    """Canonical value by word, for each closed column (sex, category, state)."""
    found: dict[str, dict[str, str]] = {}
    for column, value, _, words in rows("values.tsv"):
        table = found.setdefault(column, {})
        table[plain(value)] = value
        for word in words.split("|"):
            table[plain(word)] = value
    return found


@cache
def grades() -> dict[str, int]:
    """How high a rank is by its word, 1 the lowest."""
    return {
        plain(word): int(grade)
        for grade, _, words in rows("ranks.tsv")
        for word in words.split("|")
    }


@cache
def months() -> dict[str, int]:
    """Number of the month by its name."""
    return {
        word.casefold(): int(number)
        for number, words in rows("months.tsv")
        for word in words.split("|")
    }
