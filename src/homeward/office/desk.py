"""The desk: one office's keys, store and crossing, and the register of its verbs.

A verb is a function ``verb(desk, call) -> dict``. It looks at the record first, so that saying
it twice does nothing twice, and raises :class:`Refused` with every problem it found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from homeward.crossing import Crossing
from homeward.office.keysafe import open_keys
from homeward.office.models import Note
from homeward.office.recordbase import record_connection
from homeward.problem import Problem, Refused
from homeward.record import Draft, Entry, Exchange, Store, read_exchange

Verb = Callable[["Desk", "Call"], dict[str, Any]]
VERBS: dict[str, Verb] = {}


def verb(name: str) -> Callable[[Verb], Verb]:
    """Enter a function in the register of what officers can ask the desk to do."""

    def enter(function: Verb) -> Verb:
        VERBS[name] = function
        return function

    return enter


@dataclass(frozen=True)
class Call:
    """One officer's request: the clock it was made by, who asks, and what with."""

    now: datetime
    officer: str
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A required text of the request; raises Refused when it is absent."""
        value = self.body.get(key)
        if not isinstance(value, str) or not value:
            raise refused("office.missing-field", key, expected="a text")
        return value

    def number(self, key: str) -> int:
        """A required whole number of the request; raises Refused when it is absent."""
        value = self.body.get(key)
        if type(value) is not int:
            raise refused("office.missing-field", key, expected="a whole number")
        return value


def refused(
    code: str, place: str, *, value: str = "", expected: str = "", hint: str = ""
) -> Refused:
    """A refusal with a single problem."""
    return Refused([Problem(code, place, value, expected, hint)])


def sha256(data: bytes | str) -> str:
    """Hex SHA-256 of a text as it is agreed on."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


class Desk:
    """One office at work: it writes only its own log, and reads everyone's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = open_keys(folder)
        self.name = self.keys.card.name
        self.role = self.keys.card.role
        self.reload()

    def reload(self) -> None:
        """Forget everything in memory and take it again from the database."""
        self.exchange: Exchange | None = None
        self.store: Store | None = None
        self.crossing: Crossing | None = None
        self.by_kind: dict[str, list[Entry]] = {}
        self.opened: dict[tuple[str, int], bytes] = {}
        self.texts: dict[str, Any] = {}  # agreed texts as read, by digest
        self.folded: dict[Any, Any] = {}  # what the record as it stands comes to; see ``fold``
        text = self.note("exchange")
        if text:
            self.enter(read_exchange(text))

    def enter(self, exchange: Exchange) -> None:
        """Take part in an exchange: open the store on it and fold what it holds."""
        self.exchange = exchange
        connection, mark = record_connection()
        self.store = Store(connection, mark, exchange, self.keys)
        self.crossing = Crossing(exchange.sides, self.name)
        self.learn(self.store.entries())

    def learn(self, entries: Iterable[Entry]) -> None:
        """Fold entries, own or taken from others, into what the desk knows."""
        fresh = list(entries)
        self.folded.clear()  # even without an entry: who has seen what may be new
        for entry in fresh:
            self.by_kind.setdefault(entry.kind, []).append(entry)
        if self.crossing is not None and self.store is not None:
            self.crossing.take(fresh)
            self.crossing.report_forks({fork.log for fork in self.store.forks()})

    def fold(self, key: Any, make: Callable[[], Any]) -> Any:
        """What ``make`` makes of the record, made once for as long as nothing new is learned."""
        if key not in self.folded:
            self.folded[key] = make()
        return self.folded[key]

    def append(self, call: Call, drafts: Iterable[Draft]) -> tuple[Entry, ...]:
        """Sign entries into the own log in one durable commit, then fold them."""
        wanted = list(drafts)
        if not wanted:
            return ()
        written = self.open_store().append(wanted, call.now)
        self.learn(written)
        return tuple(written)

    def open_store(self) -> Store:
        """The store; raises Refused before the parties have met."""
        if self.store is None:
            raise refused(
                "office.no-exchange", "office", hint="exchange cards with the other parties first"
            )
        return self.store

    def open_crossing(self) -> Crossing:
        """The crossing; raises Refused before the parties have met."""
        self.open_store()
        assert self.crossing is not None
        return self.crossing

    def parties(self) -> tuple[str, ...]:
        """Every party's name, sides first."""
        self.open_store()
        assert self.exchange is not None
        return (*self.exchange.sides, *self.exchange.neutrals)

    def sides(self) -> tuple[str, ...]:
        """The sides' names, sorted."""
        self.open_store()
        assert self.exchange is not None
        return tuple(self.exchange.sides)

    def entries(self, kind: str, **wanted: Any) -> list[Entry]:
        """Entries of a kind whose fields equal every ``wanted`` one, in order of learning."""
        return [
            entry
            for entry in self.by_kind.get(kind, ())
            if all(getattr(entry, name) == value for name, value in wanted.items())
        ]

    def part(self, entry: Entry, number: int = 0) -> bytes:
        """The opened part of an entry's body; raises Refused when this office cannot read it."""
        key = (entry.hash, number)
        if key not in self.opened:
            self.opened[key] = self.open_store().open_part(entry, number)
        return self.opened[key]

    def note(self, key: str) -> str | None:
        """A kept value, or None."""
        return Note.objects.filter(key=key).values_list("value", flat=True).first()

    def keep(self, key: str, value: str) -> None:
        """Keep a value under a key."""
        Note.objects.update_or_create(key=key, defaults={"value": value})
