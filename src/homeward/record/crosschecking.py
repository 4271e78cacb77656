"""What the logs of a copy say of each other, checked when all of them are read."""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeward.problem import Problem, Refused
from homeward.record.entry import Sighting
from homeward.record.exchange import Exchange, first_log
from homeward.record.forks import forked_log, read_fork
from homeward.record.refusal import refuse
from homeward.record.sums import Tally
from homeward.record.tree import HASH_BYTES

if TYPE_CHECKING:
    from homeward.record.reading import Reading
    from homeward.record.scanning import Found

_SUM = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Said:
    """What one log's entries say of other logs, in about 50 bytes for each saying."""

    tally: Tally = field(default_factory=Tally)
    parts: set[str] = field(default_factory=set)
    _names: list[str] = field(default_factory=list)
    _which: array[int] = field(default_factory=lambda: array("H"))
    _seqs: array[int] = field(default_factory=lambda: array("Q"))
    _sizes: array[int] = field(default_factory=lambda: array("Q"))
    _roots: bytearray = field(default_factory=bytearray)

    def first_to_go_down(self, found: Found, seen: dict[str, Sighting]) -> int | None:
        """The first entry of a block that says it saw less than an earlier one; else remember."""
        for seq, each in found.seen:
            before = seen.get(each.log)
            if before and each != before and each.size <= before.size:
                return seq
            seen[each.log] = each
        return None

    def take(self, found: Found, end: int) -> None:
        """Keep what the entries of a block before number ``end`` said."""
        for seq, each in found.seen:
            if seq >= end:
                return
            if each.log not in self._names:
                self._names.append(each.log)
            self._which.append(self._names.index(each.log))
            self._seqs.append(seq)
            self._sizes.append(each.size)
            self._roots += bytes.fromhex(each.root)
        self.parts.update(found.parts)
        self.tally.take(found.sums, found.kinds, found.withheld)

    def sightings(self) -> Iterator[tuple[int, str, int, bytes]]:
        """Entry number, log, size and root of everything seen, in order."""
        rows = zip(self._seqs, self._which, self._sizes, strict=True)
        for at, (seq, which, size) in enumerate(rows):
            root = bytes(self._roots[at * HASH_BYTES : (at + 1) * HASH_BYTES])
            yield seq, self._names[which], size, root


def check_sightings(reading: Reading) -> None:
    """What one log says it saw of another must be there, and be the same."""
    absent: set[str] = set()
    for log in reading.logs.values():
        said = reading.said.get(log.name)
        for seq, name, size, root in said.sightings() if said else ():
            other = reading.logs.get(name)
            if other is None:
                absent.add(name)
            elif size > len(other.tree):
                _fault(reading, "tail-cut", f"{name}/checkpoint", size, f"entry {log.name}/{seq}")
            elif other.tree.root(size) != root:
                _fault(reading, "seen-differs", f"entry {log.name}/{seq}", size, name)
    for name in sorted(absent - reading.folders.keys()):
        reading.note("log-absent", name, name, "a log that another log has seen")


def _fault(reading: Reading, code: str, place: str, size: int, by: str) -> None:
    hint = "two copies were shown, or this one was cut: compare with another party's copy"
    problem = Problem(f"record.{code}", place, by, f"the tree seen at {size}", hint)
    if not any((each.code, each.place) == (problem.code, place) for each in reading.problems):
        reading.problems.append(problem)


def check_certificates(reading: Reading) -> None:
    """Where a log goes on beyond the head that its author named when it began a newer one."""
    for log in reading.logs.values():
        for each in log.certificate.after if log.certificate else ():
            older = reading.logs.get(each.log)
            if older is None:
                continue
            place = f"{log.name}/certificate"
            if each.size > len(older.tree):
                _fault(reading, "tail-cut", f"{each.log}/checkpoint", each.size, place)
            elif older.tree.root(each.size).hex() != each.root:
                _fault(reading, "seen-differs", place, each.size, each.log)
            elif each.size < len(older.tree):
                value = str(len(older.tree) - each.size)
                reading.note("beyond-certificate", f"{each.log}/checkpoint", value, place)


def check_sums(reading: Reading) -> None:
    """What closings count must be there."""
    for log in reading.logs.values():
        said = reading.said.get(log.name)
        for problem in said.tally.check(reading.logs) if said else ():
            (reading.notes if problem.level == "note" else reading.problems).append(problem)


def read_forks(reading: Reading) -> None:
    """Every proof of double-dealing must prove."""
    for name in sorted(each for each in reading.files if each.startswith("forks/")):
        try:
            text = (reading.files.get(name) or b"").decode("latin-1")
            log = reading.logs.get(forked_log(text, name))
            if log is None:
                refuse("log-unknown", name, "", "a log of this copy")
            fork = read_fork(text, log, name)
            if name != f"forks/{fork.digest}":
                refuse("fork-malformed", name, fork.digest, "the proof's own SHA-256 as its name")
            reading.forks.append(fork)
        except Refused as refused:
            reading.problems.extend(refused.problems)


def check_bodies(reading: Reading) -> None:
    """Bodies may be absent; one that is there must be the one an entry names."""
    known = {part for said in reading.said.values() for part in said.parts}
    for name in sorted(reading.bodies):
        wanted = name.removeprefix("bodies/")
        data = reading.files.get(name) or b""
        if not _SUM.fullmatch(wanted) or hashlib.sha256(data).hexdigest() != wanted:
            reading.problems.append(
                Problem("record.body-digest-differs", name, "", "bytes with that SHA-256")
            )
        elif wanted not in known:
            reading.note("body-unknown", name, "", "a body that an entry names")


def note_absent(reading: Reading, exchange: Exchange) -> None:
    """A party without a log is noted."""
    noted = {each.place for each in reading.notes if each.code == "record.log-absent"}
    for party in exchange.cards:
        name = first_log(party)
        if name not in reading.folders and name not in noted:
            reading.note("log-absent", name, party, "a log of every party listed")
