"""Reading a record copy with nothing but the copy: every signature, chain, root and tile.

A log is checked from its first entry on and left at the first fault; the other logs are still
checked. The problems come in the order of the files: exchange, then log by log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import NoReturn

from homeward.problem import Problem, Refused
from homeward.record.certificate import read_certificate
from homeward.record.copying import EXCHANGE, policy_text
from homeward.record.crosschecking import (
    Said,
    check_bodies,
    check_certificates,
    check_sightings,
    check_sums,
    note_absent,
    read_forks,
)
from homeward.record.entry import Entry, read_entry
from homeward.record.exchange import Exchange, first_log, read_exchange
from homeward.record.forks import Fork
from homeward.record.heads import SignedHead, read_head
from homeward.record.log import BySize, Log, check_next, new_log
from homeward.record.notes import Checkpoint
from homeward.record.refusal import refuse
from homeward.record.scanning import BLOCK, Block, Spread, hash_of, one_after_another, scan
from homeward.record.tiles import Files, bundle_of, check_tiles, read_bundles, read_leaf
from homeward.record.tree import HASH_BYTES

Progress = Callable[[int], None]

_FOLDER = re.compile(r"([a-z][a-z0-9-]{0,31}\.[a-z][a-z0-9-]{0,31}\.[1-9][0-9]{0,14})/(.+)")
_OLDER = re.compile(r"checkpoints/([1-9][0-9]{0,14})")


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
    spread: Spread = one_after_another
    keep: bool = False
    said: dict[str, Said] = field(default_factory=dict)
    bodies: set[str] = field(default_factory=set)

    def note(self, code: str, place: str, value: str = "", expected: str = "") -> None:
        self.notes.append(Problem(f"record.{code}", place, value, expected, level="note"))


def read_files(
    files: Files,
    trusted: Mapping[str, Checkpoint] | None = None,
    progress: Progress | None = None,
    *,
    spread: Spread = one_after_another,
    keep: bool = False,
) -> Reading:
    """Check a whole copy. Never raises for what is wrong with it: the problems say it.

    ``trusted`` holds checkpoints up to which the entries' signatures were checked before.
    ``keep`` keeps every entry in memory; without it memory is about 64 bytes for each.
    ``spread`` runs blocks of entries, in order of the results, wherever the caller likes.
    """
    reading = Reading(files, progress=progress, spread=spread, keep=keep)
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
    check_sightings(reading)
    check_certificates(reading)
    check_sums(reading)
    read_forks(reading)
    check_bodies(reading)
    note_absent(reading, reading.exchange)
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
        elif name.startswith("bodies/"):
            reading.bodies.add(name)
        elif name != EXCHANGE and not name.startswith("forks/"):
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
    """Check the entries; where those checked before are not what they were, check them all."""
    if trusted is None or trusted.size > size:
        _read_blocks(reading, log, size, 0)
        return
    before = reading.entries
    with suppress(Refused):
        _read_blocks(reading, log, size, trusted.size)
        if log.tree.root(trusted.size) == trusted.root:
            return
    reading.entries = before
    log.cut(0, {})
    reading.said[log.name] = Said()
    _read_blocks(reading, log, size, 0)
    place = f"{log.name}/checkpoint"
    wanted = trusted.root.hex()
    refuse("checked-until-differs", place, log.tree.root(trusted.size).hex(), wanted)


def _read_blocks(reading: Reading, log: Log, size: int, checked: int) -> None:
    said = reading.said.setdefault(log.name, Said())
    faults: list[Refused] = []
    for found in reading.spread(scan, _blocks(reading, log, size, checked, faults)):
        bad = said.first_to_go_down(found, log.seen)
        last = found.bad if bad is None else bad
        good = len(found.hashes) // HASH_BYTES if last is None else last - found.start
        log.tree.extend(found.hashes[: good * HASH_BYTES])
        log.entries.extend(found.entries)
        said.take(found, found.start + good)
        reading.entries += good
        if reading.progress:
            reading.progress(reading.entries)
        if last is not None:
            _say_why(reading, log, size, last, signed=last >= checked)
    for fault in faults:
        raise fault


def _blocks(
    reading: Reading, log: Log, size: int, checked: int, faults: list[Refused]
) -> Iterator[Block]:
    """The log in blocks; a bundle that cannot be read ends them, and is told last."""
    waiting: list[bytes] = []
    start, before = 0, bytes(HASH_BYTES)
    leaves = read_bundles(reading.files, size, log.name)
    assert reading.exchange is not None
    text = reading.exchange.text
    while not faults:
        try:
            waiting = []
            for leaf in islice(leaves, BLOCK):
                waiting.append(leaf)
        except Refused as refused:
            faults.append(refused)
        if not waiting:
            return
        yield Block(
            text,
            log.name,
            log.certificate,
            start,
            before,
            checked,
            tuple(waiting),
            bool(reading.bodies),
            reading.keep,
        )
        start, before = start + len(waiting), hash_of(waiting[-1])


def _say_why(reading: Reading, log: Log, size: int, seq: int, *, signed: bool) -> NoReturn:
    """Raise the reason why entry ``seq`` may not follow, as the store would name it."""
    place = f"entry {log.name}/{seq}"
    entry = read_entry(read_leaf(reading.files, log.name, size, seq), place)
    problem = check_next(log, entry, signed=signed)
    if problem is None:
        refuse("checked-until-differs", place, entry.hash, "the entry checked before")
    raise Refused([problem])


def _keep_head(reading: Reading, log: Log, head: SignedHead) -> None:
    log.checkpoints[head.checkpoint.size] = (head.checkpoint.root, head.signature)
    for each in head.cosignatures:
        log.cosignatures.setdefault(each.party, BySize())[each.size] = each
    for each in head.mldsa:
        log.mldsa.setdefault(each.party, BySize())[each.size] = each
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


def entry_at(reading: Reading, log: str, seq: int) -> Entry | None:
    """Entry ``seq`` of a log that was read; None when its header is withheld."""
    leaf = read_leaf(reading.files, log, reading.sizes[log], seq)
    return None if len(leaf) == HASH_BYTES else read_entry(leaf, f"entry {log}/{seq}")


def file_of(problem: Problem, reading: Reading) -> tuple[str, str | None]:
    """The file a problem lies in, and the entry (``log/seq``) where it names one."""
    if not problem.place.startswith("entry "):
        return problem.place, None
    entry = problem.place.removeprefix("entry ")
    log, _, seq = entry.partition("/")
    size = max(reading.sizes.get(log, 0), int(seq) + 1)
    names = [f"{log}/{bundle_of(int(seq), size, kind)}" for kind in ("entries", "headers")]
    return next((name for name in names if reading.files.get(name) is not None), names[0]), entry
