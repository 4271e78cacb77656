"""The room's tables of facts: words for headers and values, names, letters, weights."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_NOT_A_WORD = re.compile(r"[\W_]+")


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated rows of ``data/<name>``, without comments and empty lines."""
    source = files("homeward.people").joinpath("data", name)
    data = source.read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


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


def column_of(header: str) -> str | None:
    """The canonical column that a header means, or None."""
    return headers().get(plain(header) or header.strip())


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
def months() -> dict[str, int]:
    """Number of the month by its name."""
    return {
        word.casefold(): int(number)
        for number, words in rows("months.tsv")
        for word in words.split("|")
    }
