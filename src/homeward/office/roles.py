"""Who may do what: one file of roles by room, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LEVELS = ("see", "act", "sign")


@dataclass(frozen=True, slots=True)
class Officer:
    """Whoever sits at a page now: a sign-in name, a role, and an officer's key if they have one."""

    name: str
    role: str
    officer: str = ""

    def may(self, room: str, level: str = "see") -> bool:
        """Whether this role reaches ``level`` (see, act, sign) in a room."""
        granted = _table()["roles"].get(self.role, {}).get(room)
        return granted is not None and LEVELS.index(granted) >= LEVELS.index(level)


@dataclass(frozen=True, slots=True)
class Act:
    """What a verb needs from whoever asks for it."""

    verb: str
    room: str
    binding: bool = False
    officers: bool = False  # two officers' own keys sign the entry itself

    @property
    def level(self) -> str:
        """The level of the room that its asking and its confirming need."""
        return "sign" if self.binding else "act"


@cache
def _table() -> dict[str, Any]:
    text = files("homeward.office").joinpath("roles.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return table


def roles() -> tuple[str, ...]:
    """Every role an account may have; the keeper of the folder needs none."""
    return tuple(role for role in _table()["roles"] if role != "keeper")


def rooms_of(role: str) -> dict[str, str]:
    """The rooms open to a role, with the level it reaches in each."""
    return dict(_table()["roles"].get(role, {}))


def act_of(name: str) -> Act:
    """What an act of the pages asks for; raises KeyError for one that no page offers."""
    row = dict(_table()["verbs"][name])
    return Act(row.pop("asks", name), **row)
