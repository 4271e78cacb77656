"""A desk's copy of all logs, in two forms that a schedule can be played over.

``Copy`` keeps the logs in memory by the record's own rules: entries are signed, and every
signature, chain and fork is checked on taking. It is cheap enough for a hundred thousand schedules.
``Shelved`` is the whole store over a database, with packages as bytes.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, ClassVar, NamedTuple

from homeward.problem import Problem
from homeward.record import Draft, Entry, Exchange, Keys, Store, make_keys, open_exchange
from homeward.record.certificate import Certificate, certify
from homeward.record.entry import MOST_SIGHTINGS, ZEROS, Sighting, read_entry, sign_entry
from homeward.record.forks import Fork, fork_of_entries, read_fork
from homeward.record.log import Log, check_next, new_log
from homeward.record.signing import SigningKey

OFFICERS = ("ana", "ben")
NEUTRAL = "observer"
_START = datetime(2030, 5, 1, 9, tzinfo=UTC)


class Cast(NamedTuple):
    """The parties of an exchange, with their keys, and another exchange of the same parties."""

    sides: tuple[str, ...]
    exchange: Exchange
    other: Exchange
    keys: dict[str, Keys]


@cache
def cast(sides: tuple[str, ...]) -> Cast:
    """Keys and two exchanges for these sides and a neutral; always the same for the same sides."""
    dice = random.Random(11)
    keys = {name: make_keys(name, "side", OFFICERS, dice.randbytes) for name in sides}
    keys[NEUTRAL] = make_keys(NEUTRAL, "neutral", OFFICERS, dice.randbytes)
    cards = [own.card for own in keys.values()]
    exchange, other = (open_exchange(cards, terms, {}) for terms in (b"terms", b"others"))
    return Cast(sides, exchange, other, keys)


@cache
def _writer(sides: tuple[str, ...], log: str) -> tuple[Certificate, SigningKey]:
    """The certificate and entry key of a log beyond a party's first; its heads are left out."""
    exchange, keys = cast(sides).exchange, cast(sides).keys[log.partition(".")[0]]
    dice = random.Random(log)
    pair = (SigningKey(dice.randbytes(32)), SigningKey(dice.randbytes(32)))
    return certify(exchange, keys, log, pair, (), OFFICERS), pair[0]


Section = tuple[str, Certificate | None, tuple[Entry, ...]]


@dataclass(frozen=True)
class Parcel:
    """What one desk sends: of each log all it holds. A forged one is told apart by taking it."""

    sections: tuple[Section, ...]


class Copy:
    """All logs as one desk holds them, in memory. ``writer`` is the desk's own name for its log.

    ``checked`` are entries whose signature some copy found good: the next one need not ask again,
    for the answer hangs on nothing but the bytes and the key. Everything else it asks for itself.
    """

    checked: ClassVar[set[bytes]] = set()

    def __init__(self, cast: Cast, name: str, writer: str = "office") -> None:
        self.cast, self.name, self.writer = cast, name, writer
        self.logs: dict[str, Log] = {}
        self.forked: dict[str, Fork] = {}
        self.problems: list[Problem] = []
        self.own = f"{name}.{writer}.1"
        if writer != "office":
            self._begin_own()

    @property
    def keys(self) -> Keys:
        return self.cast.keys[self.name]

    def _begin_own(self) -> Entry:
        certificate, _ = _writer(self.cast.sides, self.own)
        log = new_log(self.cast.exchange, self.own, certificate)
        assert log is not None
        self.logs[self.own] = log
        return self.sign(Draft("key-change", digest=certificate.digest, officers=OFFICERS))

    def _own_log(self) -> Log:
        log = self.logs.get(self.own) or new_log(self.cast.exchange, self.own)
        assert log is not None
        return self.logs.setdefault(self.own, log)

    def sign(self, draft: Draft) -> Entry:
        """Append to the own log."""
        log = self._own_log()
        secret = self.keys.entry
        if log.certificate is not None:
            secret = _writer(self.cast.sides, self.own)[1]
        entry = sign_entry(
            draft,
            exchange=self.cast.exchange.id,
            log=self.own,
            seq=len(log.entries),
            prev=log.entries[-1].hash if log.entries else ZEROS,
            seen=self._seen(log),
            parts=(),
            keys=(secret, self.keys.officers),
        )
        problem = check_next(log, entry, signed=False)
        assert problem is None, problem
        log.add(entry)
        return entry

    def says_all(self) -> bool:
        """Whether the next entry has room for all that was newly seen."""
        return len(self._all_seen(self._own_log())) <= MOST_SIGHTINGS

    def _seen(self, log: Log) -> list[Sighting]:
        return self._all_seen(log)[:MOST_SIGHTINGS]

    def _all_seen(self, log: Log) -> list[Sighting]:
        found = []
        for name, other in sorted(self.logs.items()):
            said = log.seen.get(name)
            size = len(other.entries)
            if name != log.name and size and (said is None or said.size < size):
                found.append(Sighting(name, size, other.entries[-1].hash))
        return found

    def parcel(self, to: str) -> Parcel:
        """All that is held, for any other desk."""
        return Parcel(
            tuple(
                (name, log.certificate, tuple(log.entries))
                for name, log in self.logs.items()
                if log.entries
            )
        )

    def take(self, parcel: Parcel) -> tuple[Entry, ...]:
        """Check what came and keep what is sound and new; each log stands or falls alone."""
        new: list[Entry] = []
        for name, certificate, entries in parcel.sections:
            log = self.logs.get(name) or new_log(self.cast.exchange, name, certificate)
            if log is None:
                self.problems.append(Problem("record.log-unknown", f"log {name}"))
            elif not self._parts(log, entries):
                new += self._extend(log, entries)
        return tuple(new)

    def _parts(self, log: Log, entries: tuple[Entry, ...]) -> bool:
        """Whether this copy of a log parts from ours; then the proof is kept, and nothing else."""
        both = min(len(log.entries), len(entries))
        if both == 0 or log.entries[both - 1] is entries[both - 1]:
            return False
        for ours, theirs in zip(log.entries, entries, strict=False):
            if ours.leaf != theirs.leaf:
                if _is_its_own(log, theirs):
                    proof = fork_of_entries(log, ours, theirs)
                    self.forked[log.name] = read_fork(proof.text, log)
                else:
                    self.problems.append(Problem("record.entry-signature-wrong", theirs.place))
                return True
        return False

    def _extend(self, log: Log, entries: tuple[Entry, ...]) -> Iterator[Entry]:
        for entry in entries[len(log.entries) :]:
            problem = check_next(log, entry, signed=entry.leaf not in self.checked)
            if problem is not None:
                self.problems.append(problem)
                return
            self.checked.add(entry.leaf)
            log.add(entry)
            self.logs[log.name] = log
            yield entry

    def entries(self) -> Iterator[Entry]:
        """Everything held."""
        for log in self.logs.values():
            yield from log.entries

    def forks(self) -> set[str]:
        """The logs of which two histories are proved."""
        return set(self.forked)

    def saved(self) -> Parcel:
        """A backup."""
        return self.parcel(self.name)

    def crash(self) -> None:
        """Whatever was signed or taken is on disk, so nothing is lost."""

    def restore(self, backup: Parcel) -> Entry:
        """Go on from a backup, in a log of its own: its first entry."""
        self.logs, self.forked = {}, {}
        for name, certificate, entries in backup.sections:
            log = new_log(self.cast.exchange, name, certificate)
            assert log is not None
            for entry in entries:
                log.add(entry)
            self.logs[name] = log
        first, epoch = self.own.rsplit(".", 1)
        self.own = f"{first}.{int(epoch) + 1}"
        return self._begin_own()

    def branch(self) -> Copy:
        """The same desk once more: whoever signs with both signs two histories."""
        twin = Copy.__new__(Copy)
        twin.cast, twin.name, twin.writer, twin.own = self.cast, self.name, self.writer, self.own
        twin.logs, twin.forked, twin.problems = {}, {}, []
        for name, certificate, entries in self.saved().sections:
            log = new_log(self.cast.exchange, name, certificate)
            assert log is not None
            for entry in entries:
                log.add(entry)
            twin.logs[name] = log
        return twin

    # -- what no honest desk sends ---------------------------------------------------------------

    def forged(self, parcel: Parcel, victim: str, draft: Draft) -> Parcel:
        """The parcel with one more entry in the log of ``victim``, signed with our own key."""
        log = f"{victim}.office.1"
        held = {
            name: (name, certificate, entries) for name, certificate, entries in parcel.sections
        }
        _, certificate, entries = held.get(log, (log, None, ()))
        entry = sign_entry(
            draft,
            exchange=self.cast.exchange.id,
            log=log,
            seq=len(entries),
            prev=entries[-1].hash if entries else ZEROS,
            seen=(),
            parts=(),
            keys=(self.keys.entry, self.keys.officers),
        )
        held[log] = (log, certificate, (*entries, entry))
        return Parcel(tuple(held.values()))

    def replayed(self, parcel: Parcel, draft: Draft) -> Parcel:
        """Our own log as it might stand in another exchange of the same parties."""
        log = f"{self.name}.office.1"
        entry = sign_entry(
            draft,
            exchange=self.cast.other.id,
            log=log,
            seq=0,
            prev=ZEROS,
            seen=(),
            parts=(),
            keys=(self.keys.entry, self.keys.officers),
        )
        return Parcel(((log, None, (entry,)),))

    def cut(self, parcel: Parcel, keep: Iterable[int]) -> Parcel:
        """The parcel with only some of its logs."""
        kept = set(keep)
        return Parcel(tuple(s for n, s in enumerate(parcel.sections) if n in kept))

    def spoiled(self, parcel: Parcel, at: int) -> Parcel:
        """The parcel with one bit of one entry changed on the way."""
        sections = list(parcel.sections)
        place = at % len(sections)
        name, certificate, entries = sections[place]
        leaf = bytearray(entries[-1].leaf)
        leaf[at % 64] ^= 1  # in the signature: what the header says stays readable
        broken = (*entries[:-1], read_entry(bytes(leaf)))
        sections[place] = (name, certificate, broken)
        return Parcel(tuple(sections))


def _is_its_own(log: Log, entry: Entry) -> bool:
    """Whether a log's writer signed this entry for this exchange."""
    named = (entry.exchange, entry.log) == (log.exchange.id, log.name)
    return named and entry.is_signed(log.entry_key)


class Shelved:
    """The same over the record's store, a database in memory and packages as bytes."""

    def __init__(self, cast: Cast, name: str, writer: str = "office") -> None:
        assert writer == "office", "devices of one party meet by other means than packages"
        self.cast, self.name, self.writer = cast, name, writer
        self.problems: list[Problem] = []
        self.now = _START
        self.dice = random.Random(name)
        self._open(sqlite3.connect(":memory:"))

    def _open(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        keys = self.cast.keys[self.name]
        self.store = Store(connection, "?", self.cast.exchange, keys, random=self.dice.randbytes)

    @property
    def own(self) -> str:
        return self.store.own_log

    def says_all(self) -> bool:
        """Whether the next entry has room for all that was newly seen: two sides have few logs."""
        return True

    def _tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def sign(self, draft: Draft) -> Entry:
        return self.store.append([draft], self._tick())[0]

    def parcel(self, to: str) -> bytes:
        package = self.store.package_for(to, self._tick(), ask=True)
        assert package is not None
        return package

    def take(self, parcel: bytes) -> tuple[Entry, ...]:
        taken = self.store.take(parcel, self._tick())
        self.problems += taken.problems
        return taken.entries

    def entries(self) -> Iterator[Entry]:
        return self.store.entries()

    def forks(self) -> set[str]:
        return {fork.log for fork in self.store.forks()}

    def saved(self) -> bytes:
        return bytes(self.connection.serialize())

    def crash(self) -> None:
        """The process dies: only what the database holds is left."""
        self._open(self.connection)

    def restore(self, backup: bytes) -> Entry:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(backup)
        self._open(connection)
        return self.store.begin_log(OFFICERS, self._tick())

    def branch(self) -> Shelved:
        twin = Shelved(self.cast, self.name)
        connection = sqlite3.connect(":memory:")
        connection.deserialize(self.saved())
        twin._open(connection)
        twin.now = self.now
        return twin

    def forged(self, parcel: bytes, victim: str, draft: Draft) -> bytes:
        """A package in the name of ``victim`` that our own keys signed."""
        keys = self.cast.keys[self.name]
        theirs = self.cast.keys[victim]
        fake: Any = make_keys(victim, "side", OFFICERS, random.Random(3).randbytes)
        assert theirs.card not in (fake.card, keys.card)
        cards = [fake.card if n == victim else k.card for n, k in self.cast.keys.items()]
        store = Store(sqlite3.connect(":memory:"), "?", open_exchange(cards, b"terms", {}), fake)
        store.append([draft], self._tick())
        others = [n for n in self.cast.exchange.sides if n != victim]
        package = store.package_for(others[0], self._tick())
        assert package is not None
        return package

    def replayed(self, parcel: bytes, draft: Draft) -> bytes:
        """A package of another exchange of the same parties."""
        keys = self.cast.keys[self.name]
        store = Store(sqlite3.connect(":memory:"), "?", self.cast.other, keys)
        store.append([draft], self._tick())
        others = [n for n in self.cast.exchange.sides if n != self.name]
        package = store.package_for(others[0], self._tick())
        assert package is not None
        return package

    def cut(self, parcel: bytes, keep: Iterable[int]) -> bytes:
        """A package cut short: it must be refused as a whole."""
        return parcel[: len(parcel) // 2]

    def spoiled(self, parcel: bytes, at: int) -> bytes:
        """A package with one bit changed on the way."""
        data = bytearray(parcel)
        data[at % len(data)] ^= 1
        return bytes(data)
