"""One way to say no: a Refused with a single named problem."""

from __future__ import annotations

from typing import NoReturn

from homeward.problem import Problem, Refused


def refuse(code: str, place: str, value: str = "", expected: str = "", hint: str = "") -> NoReturn:
    """Raise Refused with one problem; ``code`` is given without the room's name."""
    raise Refused([Problem(f"record.{code}", place, value, expected, hint)])
