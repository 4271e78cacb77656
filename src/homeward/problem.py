"""What is wrong, where, and what to do about it: problems are data, never bare strings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with a stable code that the docs explain.

    ``code`` is ``room.what-is-wrong``; ``place`` is a file and line, a row and column, or an
    entry (``terms.yaml:12``, ``held.csv:row 7:birth_date``, ``entry ukraine.office.1/17``).
    ``value`` and ``hint`` never carry a prisoner's name.
    """

    code: str
    place: str
    value: str = ""
    expected: str = ""
    hint: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        parts = [self.place, f"{self.level} {self.code}"]
        if self.value:
            parts.append(f"found {self.value}")
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.hint:
            parts.append(self.hint)
        return ": ".join(parts[:2]) + "".join(f"; {part}" for part in parts[2:])

    def to_json(self) -> dict[str, str]:
        """The problem as the ``problems[]`` items of every command's ``--json``."""
        return {
            "code": self.code,
            "place": self.place,
            "value": self.value,
            "expected": self.expected,
            "hint": self.hint,
            "level": self.level,
        }


class Refused(Exception):  # noqa: N818 - it is an answer, not a programming error
    """Raised where a verb cannot return a value; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those problems that must be mended before anything can go on."""
    return [problem for problem in problems if problem.level == "error"]
