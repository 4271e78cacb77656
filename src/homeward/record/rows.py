"""What a store's rows hold, by the types they were written with; anything else is damage."""

from __future__ import annotations

from typing import NoReturn

from homeward.record.refusal import refuse


def damaged(place: str, value: str, expected: str) -> NoReturn:
    """Refuse a store whose rows are not what was written."""
    hint = "sign nothing: restore a backup, or fetch the log again from another party"
    refuse("store-damaged", place, value, expected, hint)


def as_int(value: object) -> int:
    """A number column's value."""
    if not isinstance(value, int):
        damaged("store", type(value).__name__, "a number as it was written")
    return value


def as_text(value: object) -> str:
    """A text column's value."""
    if not isinstance(value, str):
        damaged("store", type(value).__name__, "a text as it was written")
    return value


def as_bytes(value: object) -> bytes:
    """A bytes column's value; PostgreSQL gives them as a memoryview."""
    if not isinstance(value, bytes | bytearray | memoryview):
        damaged("store", type(value).__name__, "bytes as they were written")
    return bytes(value)
