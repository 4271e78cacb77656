"""Verdicts on record copies: is one sound, and what was known when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from homeward.problem import Problem, Refused
from homeward.record.entry import Entry
from homeward.record.exchange import Exchange
from homeward.record.forks import Fork, fork_of_checkpoints, fork_of_entries, read_fork
from homeward.record.heads import SignedHead, read_head
from homeward.record.log import Log
from homeward.record.notes import Checkpoint, read_checkpoint, read_note
from homeward.record.reading import (
    Progress,
    Reading,
    entry_at,
    file_of,
    first_differing,
    read_files,
)
from homeward.record.refusal import refuse
from homeward.record.scanning import Spread, one_after_another
from homeward.record.tiles import Files


@dataclass(frozen=True, slots=True)
class LogSeen:
    """One log of a copy: how long, with which root, and who countersigned how far and when."""

    name: str
    size: int
    root: str
    withheld: int
    cosigned: Mapping[str, tuple[int, datetime]]
    mldsa: Mapping[str, int]

    def to_json(self) -> dict[str, object]:
        """The log as an item of ``logs[]``."""
        return {
            "log": self.name,
            "size": self.size,
            "root": self.root,
            "withheld": self.withheld,
            "cosigned": {
                party: {"size": size, "at": at.isoformat()}
                for party, (size, at) in self.cosigned.items()
            },
            "mldsa44": dict(self.mldsa),
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on a copy; ``reason`` is the first thing wrong, None when it is sound."""

    entries: int
    logs: tuple[LogSeen, ...]
    sound: bool
    reason: Problem | None
    file: str | None
    entry: str | None
    forks: tuple[Fork, ...]
    notes: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def absent(self) -> tuple[str, ...]:
        """The logs that the copy lacks: of a party listed, or one that another log has seen."""
        return tuple(note.place for note in self.notes if note.code == "record.log-absent")

    def to_json(self) -> dict[str, object]:
        """The document that ``verify --json`` prints."""
        reason: dict[str, object] | None = None
        if self.reason is not None:
            reason = {**self.reason.to_json(), "file": self.file, "entry": self.entry}
        forks = [{"log": each.log, "seq": each.seq, "kind": each.kind} for each in self.forks]
        return {
            "entries": self.entries,
            "logs": [log.to_json() for log in self.logs],
            "sound": self.sound,
            "absent": list(self.absent),
            "reason": reason,
            "forks": forks,
            "notes": [note.to_json() for note in self.notes],
            "problems": [problem.to_json() for problem in self.problems],
        }


def verify(
    copy: Files,
    against: Sequence[Files | bytes] = (),
    checked_until: Sequence[bytes] | bytes | None = None,
    progress: Progress | None = None,
    spread: Spread = one_after_another,
) -> Verification:
    """Check a record copy with nothing but the copy; never raises for what is wrong with it.

    ``copy`` maps file names to bytes. ``against`` holds other copies, or single checkpoint notes,
    that this copy must agree with and reach. ``checked_until`` holds checkpoint notes up to which
    the reader checked the entries' signatures before: those are not checked again.
    ``progress`` is called with the number of entries read. ``spread`` runs blocks of entries, here
    one after another; a caller with other processes at hand passes a map over those.
    """
    notes = [checked_until] if isinstance(checked_until, bytes) else list(checked_until or ())
    problems: list[Problem] = []
    trusted = {}
    for each in notes:
        try:
            name, checkpoint = _trusted(each)
            trusted[name] = checkpoint
        except Refused as refused:
            problems.extend(refused.problems)
    reading = read_files(copy, trusted, progress, spread=spread)
    for other in against:
        _hold_against(reading, other)
    return _verdict(reading, problems)


def _trusted(data: bytes) -> tuple[str, Checkpoint]:
    """A checkpoint the reader vouches for; its own signature is checked with the copy's."""
    note = read_note(data, "checked-until")
    checkpoint = read_checkpoint(note.text, "checked-until")
    parts = checkpoint.origin.split("/")
    if len(parts) != 5:
        refuse("exchange-other", "checked-until", checkpoint.origin[:160], "an origin of this copy")
    return ".".join(parts[2:]), checkpoint


def _hold_against(reading: Reading, other: Files | bytes) -> None:
    """Find where this copy is shorter than, or differs from, what is held elsewhere."""
    if isinstance(other, bytes):
        _hold_against_note(reading, other)
        return
    theirs = read_files(other)
    if reading.exchange is None or theirs.exchange is None:
        reading.problems.extend(theirs.problems)
        return
    if reading.exchange.id != theirs.exchange.id:
        _add(reading, "exchange-other", "exchange.txt", theirs.exchange.id, reading.exchange.id)
        return
    for problem in theirs.problems:
        reading.note("other-unsound", problem.place, problem.code)
    for name, log in sorted(theirs.logs.items()):
        ours = reading.logs.get(name)
        if ours is None:
            reading.note("log-absent", name, "", "a log that the other copy holds")
            continue
        fork = fork_between(reading, theirs, name)
        if fork is not None:
            reading.forks.append(fork)
        differing = first_differing(ours, log)
        if differing is not None:
            _add(reading, "fork", f"entry {name}/{differing}", "two histories", "one history")
        elif len(log.tree) > len(ours.tree):
            _cut(reading, ours, len(log.tree))


def _hold_against_note(reading: Reading, data: bytes) -> None:
    try:
        text = read_note(data, "against").text
        checkpoint = read_checkpoint(text, "against")
        name = reading.exchange.log(checkpoint.origin) if reading.exchange else ""
        log = reading.logs.get(name)
        if log is None:
            refuse("log-unknown", "against", name, "a log of this copy")
        head = read_head(log, data, "against")
    except Refused as refused:
        reading.problems.extend(refused.problems)
        return
    size = head.checkpoint.size
    if size > len(log.tree):
        _cut(reading, log, size)
    elif log.tree.root(size) != head.checkpoint.root:
        fork = _fork_of_head(log, head)
        if fork is not None:
            reading.forks.append(fork)
        _add(reading, "fork", f"{name}/checkpoint", f"another root at {size}", "one history")


def _fork_of_head(log: Log, head: SignedHead) -> Fork | None:
    """The proof that a signed checkpoint and this copy's newest cannot both be true."""
    newest = log.newest()
    if newest < head.checkpoint.size:
        return None
    ours = (log.checkpoint(newest), log.checkpoints[newest][1])
    path = log.tree.consistency(head.checkpoint.size, newest)
    fork = fork_of_checkpoints(log, (head.checkpoint, head.signature), ours, path)
    try:
        return read_fork(fork.text, log)
    except Refused:
        return None


def fork_between(ours: Reading, theirs: Reading, name: str) -> Fork | None:
    """The proof that two verified copies of a log show two histories, where one can be made."""
    one, other = ours.logs[name], theirs.logs[name]
    seq = first_differing(one, other)
    if seq is None:
        return None
    pair = [entry_at(reading, name, seq) for reading in (ours, theirs)]
    if pair[0] is not None and pair[1] is not None:
        return fork_of_entries(one, pair[0], pair[1])
    for log, head_log in ((one, other), (other, one)):
        for size in sorted(head_log.checkpoints):
            root, signature = head_log.checkpoints[size]
            if seq < size <= log.newest():
                head = SignedHead(Checkpoint(log.origin, size, root), signature, ())
                fork = _fork_of_head(log, head)
                if fork is not None:
                    return fork
    return None


def _add(reading: Reading, code: str, place: str, value: str, expected: str) -> None:
    reading.problems.append(Problem(f"record.{code}", place, value, expected))


def _cut(reading: Reading, log: Log, size: int) -> None:
    hint = "this copy is older, or its tail was cut: ask for the entries in between"
    place, held = f"{log.name}/checkpoint", str(len(log.tree))
    reading.problems.append(
        Problem("record.tail-cut", place, held, f"{size} entries held elsewhere", hint)
    )


def _verdict(reading: Reading, before: list[Problem]) -> Verification:
    problems = (*before, *reading.problems)
    reason = problems[0] if problems else None
    file, entry = file_of(reason, reading) if reason else (None, None)
    return Verification(
        entries=reading.entries,
        logs=tuple(_log_seen(log, reading) for _, log in sorted(reading.logs.items())),
        sound=reason is None,
        reason=reason,
        file=file,
        entry=entry,
        forks=tuple(reading.forks),
        notes=tuple(reading.notes),
        problems=problems,
    )


def _log_seen(log: Log, reading: Reading) -> LogSeen:
    newest = {party: held[held.largest] for party, held in log.cosignatures.items() if held}
    return LogSeen(
        log.name,
        len(log.tree),
        log.head.root,
        reading.said[log.name].tally.withheld if log.name in reading.said else 0,
        {party: (each.size, _instant(each.at)) for party, each in sorted(newest.items())},
        {party: held.largest for party, held in sorted(log.mldsa.items()) if held},
    )


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@dataclass(frozen=True, slots=True)
class Copy:
    """A sound copy, read: its exchange and its entries, log by log."""

    exchange: Exchange
    entries: tuple[Entry, ...]
    logs: Mapping[str, Log]
    forks: tuple[Fork, ...]
    notes: tuple[Problem, ...]

    def as_of(self, when: datetime) -> tuple[Entry, ...]:
        """The entries known at ``when``: under a checkpoint another party had countersigned."""
        at = when.timestamp()
        known = {
            name: max(
                (
                    each.size
                    for held in log.cosignatures.values()
                    for each in held.values()
                    if each.at <= at
                ),
                default=0,
            )
            for name, log in self.logs.items()
        }
        return tuple(entry for entry in self.entries if entry.seq < known[entry.log])

    def seen_at(self, entry: Entry) -> datetime | None:
        """When another party first countersigned a checkpoint over the entry; None for never."""
        log = self.logs.get(entry.log)
        found = [
            each.at
            for held in (log.cosignatures.values() if log else ())
            for each in held.values()
            if each.size > entry.seq
        ]
        return _instant(min(found)) if found else None

    def times(self) -> tuple[datetime, ...]:
        """Every instant at which something was countersigned, in order."""
        found = {
            each.at
            for log in self.logs.values()
            for held in log.cosignatures.values()
            for each in held.values()
        }
        return tuple(_instant(at) for at in sorted(found))


def read_copy(copy: Files, progress: Progress | None = None) -> Copy:
    """Read a copy that must be sound; raises Refused with every problem otherwise."""
    reading = read_files(copy, progress=progress, keep=True)
    if reading.problems or reading.exchange is None:
        raise Refused(reading.problems)
    entries = tuple(entry for _, log in sorted(reading.logs.items()) for entry in log.entries)
    forks, notes = tuple(reading.forks), tuple(reading.notes)
    return Copy(reading.exchange, entries, reading.logs, forks, notes)
