"""Reading a record copy with nothing but the copy: every signature, chain, root and tile.

A log is checked from its first entry on and left at the first fault; the other logs are still
checked. The problems come in the order of the files: exchange, then log by log.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from homeward.problem import Problem, Refused
from homeward.record.certificate import read_certificate
from homeward.record.copying import EXCHANGE, policy_text
from homeward.record.entry import read_entry
from homeward.record.exchange import Exchange, first_log, read_exchange
from homeward.record.forks import Fork, forked_log, read_fork
from homeward.record.heads import SignedHead, read_head
from homeward.record.log import Log, check_next, new_log
from homeward.record.notes import Checkpoint
from homeward.record.refusal import refuse
from homeward.record.sums import check_sums
from homeward.record.tiles import Files, bundle_of, check_tiles, read_bundles
from homeward.record.tree import HASH_BYTES

Progress = Callable[[int], None]

_FOLDER = re.compile(r"([a-z][a-z0-9-]{0,31}\.[a-z][a-z0-9-]{0,31}\.[1-9][0-9]{0,14})/(.+)")
_OLDER = re.compile(r"checkpoints/([1-9][0-9]{0,14})")
_SUM = re.compile(r"[0-9a-f]{64}")
_EVERY = 1000


@dataclass(slots=True)
class Reading:
    """A copy as far as it could be read; ``logs`` holds only what was verified."""

    files: Files
    exchange: Exchange | None = None
    logs: dict[str, Log] = field(default_factory=dict)
    folders: dict[str, list[str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    forks: list[Fork] = field(default_factory=list)
    progress: Progress | None = None
    entries: int = 0

    def note(self, code: str, place: str, value: str = "", expected: str = "") -> None:
        self.notes.append(Problem(f"record.{code}", place, value, expected, level="note"))


def read_files(
    files: Files,
    trusted: Mapping[str, Checkpoint] | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Check a whole copy. Never raises for what is wrong with it: the problems say it.

    ``trusted`` holds checkpoints up to which the entries' signatures were checked before.
    """
    reading = Reading(files, progress=progress)
    try:
        reading.exchange = _exchange(files)
    except Refused as refused:
        reading.problems.extend(refused.problems)
        return reading
    _sort_names(reading)
    for name in sorted(reading.folders):
        try:
            _read_log(reading, reading.exchange, name, (trusted or {}).get(name))
        except Refused as refused:
            reading.problems.extend(refused.problems)
    _check_sightings(reading)
    _check_certificates(reading)
    _check_sums(reading)
    _read_forks(reading)
    _check_bodies(reading)
    _note_absent(reading, reading.exchange)
    return reading


def _exchange(files: Files) -> Exchange:
    data = files.get(EXCHANGE)
    if data is None:
        refuse("exchange-missing", EXCHANGE, "", "the exchange's text")
    return read_exchange(data.decode("latin-1"), EXCHANGE)


def _sort_names(reading: Reading) -> None:
    for name in sorted(reading.files):
        found = _FOLDER.fullmatch(name)
        if found:
            reading.folders.setdefault(found[1], []).append(found[2])
        elif name != EXCHANGE and not name.startswith(("bodies/", "forks/")):
            reading.note("file-unknown", name)


def _read_log(reading: Reading, exchange: Exchange, name: str, trusted: Checkpoint | None) -> None:
    log = _open_log(reading, exchange, name)
    data = reading.files.get(f"{name}/checkpoint")
    if data is None:
        refuse("checkpoint-missing", f"{name}/checkpoint", "", "the log's newest checkpoint")
    head = read_head(log, data, f"{name}/checkpoint")
    older = _older_heads(reading, log)
    reading.logs[name] = log
    size = reading.sizes[name] = head.checkpoint.size
    for each, place in older:
        if each.checkpoint.size > size:
            refuse("tail-cut", place, str(size), f"{each.checkpoint.size} entries or more")
    _read_entries(reading, log, size, trusted)
    for each, place in [*older, (head, f"{name}/checkpoint")]:
        if log.tree.root(each.checkpoint.size) != each.checkpoint.root:
            refuse("root-differs", place, each.checkpoint.root.hex(), "the root of the entries")
        _keep_head(reading, log, each)
    check_tiles(reading.files, log.tree, size, name)
    policy = reading.files.get(f"{name}/policy")
    if policy is not None and policy != policy_text(log).encode("ascii"):
        refuse("policy-differs", f"{name}/policy", "", "the keys and the quorum of the exchange")
    _check_times(reading, log)


def _open_log(reading: Reading, exchange: Exchange, name: str) -> Log:
    data = reading.files.get(f"{name}/certificate")
    certificate = None
    if data is not None:
        place = f"{name}/certificate"
        certificate = read_certificate(exchange, data.decode("latin-1"), place)
        if certificate.log != name or name == first_log(name.partition(".")[0]):
            refuse("certificate-other", place, certificate.log, name)
    log = new_log(exchange, name, certificate)
    if log is None:
        refuse("log-unknown", f"{name}/checkpoint", name, "a log that a card or certificate opens")
    return log


def _older_heads(reading: Reading, log: Log) -> list[tuple[SignedHead, str]]:
    found = []
    for rest in reading.folders[log.name]:
        number = _OLDER.fullmatch(rest)
        if number:
            place = f"{log.name}/{rest}"
            head = read_head(log, reading.files.get(place) or b"", place)
            if head.checkpoint.size != int(number[1]):
                refuse("checkpoint-misnamed", place, str(head.checkpoint.size), number[1])
            found.append((head, place))
    return sorted(found, key=lambda each: each[0].checkpoint.size)


def _read_entries(reading: Reading, log: Log, size: int, trusted: Checkpoint | None) -> None:
    skip = trusted.size if trusted and trusted.size <= size else 0
    for seq, leaf in enumerate(read_bundles(reading.files, size, log.name)):
        if len(leaf) == HASH_BYTES:
            log.withhold(leaf)
        else:
            entry = read_entry(leaf, f"entry {log.name}/{seq}")
            problem = check_next(log, entry, signed=seq >= skip)
            if problem is not None:
                raise Refused([problem])
            log.add(entry)
        reading.entries += 1
        if reading.progress and not reading.entries % _EVERY:
            reading.progress(reading.entries)
    if trusted and skip and log.tree.root(skip) != trusted.root:
        place = f"{log.name}/checkpoint"
        refuse("checked-until-differs", place, log.tree.root(skip).hex(), trusted.root.hex())


def _keep_head(reading: Reading, log: Log, head: SignedHead) -> None:
    log.checkpoints[head.checkpoint.size] = (head.checkpoint.root, head.signature)
    for each in head.cosignatures:
        log.cosignatures.setdefault(each.party, {})[each.size] = each
    for each in head.mldsa:
        log.mldsa.setdefault(each.party, {})[each.size] = each
    for party in head.unchecked:
        place = f"{log.name}/checkpoint"
        reading.note("cosignature-not-checked", place, party, "a reader that knows ML-DSA-44")


def _check_times(reading: Reading, log: Log) -> None:
    """A witness's clock may be wrong, but its later countersignature is never the earlier one."""
    for party, held in sorted(log.cosignatures.items()):
        times = [held[size].at for size in sorted(held)]
        if times != sorted(times):
            place = f"{log.name}/checkpoints"
            reading.note("cosignature-times", place, party, "times that grow with the size")


def _check_sightings(reading: Reading) -> None:
    """What one log says it saw of another must be there, and be the same."""
    absent: set[str] = set()
    for log in reading.logs.values():
        for entry in log.entries:
            for each in entry.seen:
                other = reading.logs.get(each.log)
                if other is None:
                    absent.add(each.log)
                    continue
                if each.size > len(other.tree):
                    _fault(reading, "tail-cut", f"{each.log}/checkpoint", each.size, entry.place)
                elif other.tree.root(each.size).hex() != each.root:
                    _fault(reading, "seen-differs", entry.place, each.size, each.log)
    for name in sorted(absent - reading.folders.keys()):
        reading.note("log-absent", name, name, "a log that another log has seen")


def _fault(reading: Reading, code: str, place: str, size: int, by: str) -> None:
    hint = "two copies were shown, or this one was cut: compare with another party's copy"
    problem = Problem(f"record.{code}", place, by, f"the tree seen at {size}", hint)
    if not any((each.code, each.place) == (problem.code, place) for each in reading.problems):
        reading.problems.append(problem)


def _check_certificates(reading: Reading) -> None:
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


def _check_sums(reading: Reading) -> None:
    for log in reading.logs.values():
        for problem in check_sums(log, reading.logs):
            (reading.notes if problem.level == "note" else reading.problems).append(problem)


def _read_forks(reading: Reading) -> None:
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


def _check_bodies(reading: Reading) -> None:
    """Bodies may be absent; one that is there must be the one an entry names."""
    names = sorted(each for each in reading.files if each.startswith("bodies/"))
    if not names:
        return
    known = {
        part.ciphertext
        for log in reading.logs.values()
        for entry in log.entries
        for part in entry.parts
    }
    for name in names:
        wanted = name.removeprefix("bodies/")
        data = reading.files.get(name) or b""
        if not _SUM.fullmatch(wanted) or hashlib.sha256(data).hexdigest() != wanted:
            reading.problems.append(
                Problem("record.body-digest-differs", name, "", "bytes with that SHA-256")
            )
        elif wanted not in known:
            reading.note("body-unknown", name, "", "a body that an entry names")


def _note_absent(reading: Reading, exchange: Exchange) -> None:
    noted = {each.place for each in reading.notes if each.code == "record.log-absent"}
    for party in exchange.cards:
        name = first_log(party)
        if name not in reading.folders and name not in noted:
            reading.note("log-absent", name, party, "a log of every party listed")


def first_differing(one: Log, other: Log) -> int | None:
    """The first entry number at which two copies part; None when one continues the other."""
    low, high = 0, min(len(one.tree), len(other.tree))
    if one.tree.root(high) == other.tree.root(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if one.tree.root(middle + 1) == other.tree.root(middle + 1):
            low = middle + 1
        else:
            high = middle
    return low


def file_of(problem: Problem, reading: Reading) -> tuple[str, str | None]:
    """The file a problem lies in, and the entry (``log/seq``) where it names one."""
    if not problem.place.startswith("entry "):
        return problem.place, None
    entry = problem.place.removeprefix("entry ")
    log, _, seq = entry.partition("/")
    size = max(reading.sizes.get(log, 0), int(seq) + 1)
    names = [f"{log}/{bundle_of(int(seq), size, kind)}" for kind in ("entries", "headers")]
    return next((name for name in names if reading.files.get(name) is not None), names[0]), entry
