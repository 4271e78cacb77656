"""Taking a package: nothing is kept that is not signed, in its place and consistent.

Each log's section stands or falls alone: a fault in one party's log never keeps another's facts
out. Whatever is consistent is countersigned, whatever it says: seen, not agreed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from homeward.problem import Problem, Refused
from homeward.record.archive import read_archive
from homeward.record.certificate import read_certificate
from homeward.record.entry import Entry, read_entry
from homeward.record.forks import fork_of_checkpoints, fork_of_entries, forked_log, read_fork
from homeward.record.heads import SignedHead, read_head
from homeward.record.keys import Keys
from homeward.record.log import Log, check_next
from homeward.record.manifest import Manifest, read_manifest
from homeward.record.notes import Checkpoint, Cosignature
from homeward.record.refusal import refuse
from homeward.record.shelf import Peer, Shelf
from homeward.record.tree import is_consistent


@dataclass(frozen=True, slots=True)
class Taken:
    """What a package brought: new entries in log order; ``duplicate`` when nothing was new."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    duplicate: bool
    sender: str = ""


@dataclass(slots=True)
class Intake:
    """The work on one package."""

    shelf: Shelf
    keys: Keys | None
    manifest: Manifest
    files: Mapping[str, bytes]
    at: int
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    news: bool = False


def open_package(data: bytes, shelf: Shelf, me: str | None) -> tuple[Manifest, dict[str, bytes]]:
    """A package's manifest and files, every byte of them under its sender's signature."""
    files = read_archive(data)
    manifest = read_manifest(files.pop("manifest", b""), shelf.exchange)
    if me is not None and manifest.to != me:
        refuse("package-not-for-us", "package", manifest.to, me)
    if manifest.sender == me:
        refuse("package-from-us", "package", manifest.sender, "another party's package")
    told = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    if told != manifest.files:
        refuse("package-files-differ", "package", "", "the files the manifest names")
    return manifest, files


def take_in(intake: Intake) -> None:
    """Take every section, body and fork, remember the sender's state, countersign."""
    for name in intake.manifest.logs:
        try:
            _take_log(intake, name)
        except Refused as refused:
            intake.problems.extend(refused.problems)
    expected = {f"{name}.{kind}" for name in intake.manifest.logs for kind in _SECTION}
    _take_bodies(intake)
    for name, data in intake.files.items():
        if name.startswith("fork-"):
            _take_fork(intake, data)
        elif name not in expected and not name.startswith("body-"):
            intake.problems.append(Problem("record.package-file-unknown", f"package:{name}"))
    _remember(intake)
    if intake.keys is not None:
        _countersign(intake, intake.keys)


_SECTION = ("checkpoint", "entries", "history", "consistency", "certificate")


def _take_log(intake: Intake, name: str) -> None:
    log = _open_log(intake, name)
    start, end = intake.manifest.logs[name]
    head = read_head(log, _file(intake, name, "checkpoint"), f"package:{name}.checkpoint")
    checkpoint = head.checkpoint
    held = len(log.entries)
    if checkpoint.size != end or start > end:
        refuse("package-section", f"package:{name}", f"{start} {end}", str(checkpoint.size))
    _note_lost_tail(intake, log, end)
    if start > held:
        refuse(
            "package-gap",
            f"package:{name}",
            f"begins at {start}",
            f"at most {held}",
        )
    if start == held > 0:
        _check_consistency(intake, log, checkpoint)
    leaves = list(_frames(_file(intake, name, "entries"), f"package:{name}.entries"))
    if len(leaves) != end - start:
        refuse("package-section", f"package:{name}", str(len(leaves)), f"{end - start} entries")
    _check_overlap(intake, log, leaves[: max(0, held - start)], start)
    added = _add_entries(log, leaves[max(0, held - start) :], checkpoint)
    _check_root(intake, log, head)
    intake.shelf.add_entries(log, added, intake.at, known=True)
    intake.entries.extend(added)
    intake.news |= bool(added)
    _keep_head(intake, log, head)
    for data in _frames(intake.files.get(f"{name}.history", b""), f"package:{name}.history"):
        older = read_head(log, data, f"package:{name}.history")
        _check_root(intake, log, older)
        _keep_head(intake, log, older)


def _open_log(intake: Intake, name: str) -> Log:
    text = intake.files.get(f"{name}.certificate")
    if text is not None:
        certificate = read_certificate(
            intake.shelf.exchange, text.decode("latin-1"), f"package:{name}"
        )
        if certificate.log != name:
            refuse("certificate-other", f"package:{name}", certificate.log, name)
        return intake.shelf.add_writer(certificate)
    log = intake.shelf.log(name)
    if log is None:
        refuse("log-unknown", f"package:{name}", name, "a log that a card or a certificate opens")
    return log


def _file(intake: Intake, name: str, kind: str) -> bytes:
    data = intake.files.get(f"{name}.{kind}")
    if data is None:
        refuse("package-file-missing", f"package:{name}.{kind}", "", "a file of every section")
    return data


def _frames(data: bytes, place: str) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        value = data[at + 2 : at + 2 + length]
        if len(value) != length or not length:
            refuse("package-section", place, "", "values behind their lengths, none cut")
        yield value
        at += 2 + length


def _check_consistency(intake: Intake, log: Log, checkpoint: Checkpoint) -> None:
    data = intake.files.get(f"{log.name}.consistency")
    if data is None or checkpoint.size == len(log.tree):
        return
    steps = [data[at : at + 32] for at in range(0, len(data), 32)]
    if not is_consistent(len(log.tree), checkpoint.size, steps, log.tree.root(), checkpoint.root):
        refuse("proof-wrong", f"package:{log.name}", str(checkpoint.size), "what continues ours")


def _check_overlap(intake: Intake, log: Log, leaves: list[bytes], start: int) -> None:
    """Entries already held must be the same; two under one number are the proof of a fork."""
    for seq, leaf in enumerate(leaves, start=start):
        ours = log.entries[seq]
        if leaf == ours.leaf:
            continue
        other = read_entry(leaf, f"entry {log.name}/{seq}")
        if other.exchange != log.exchange.id:
            refuse("exchange-other", other.place, other.exchange, log.exchange.id)
        if other.log != log.name or other.seq != seq or not other.is_signed(log.entry_key):
            refuse("entry-signature-wrong", other.place, "", "a signature by this log's entry key")
        # Read back as any stranger would: only what convinces a stranger is kept as a proof.
        proof = read_fork(fork_of_entries(log, ours, other).text, log, other.place)
        intake.news |= intake.shelf.add_fork(proof)
        refuse("fork", other.place, "two entries with one number", "one history", _FORK_HINT)


_FORK_HINT = "keep the proof, stop orders that rest on this writer, ask its officers for an answer"


def _add_entries(log: Log, leaves: list[bytes], checkpoint: Checkpoint) -> list[Entry]:
    """Check each new entry in its place; all of them or none."""
    held, seen = len(log.entries), dict(log.seen)
    try:
        for seq, leaf in enumerate(leaves, start=held):
            entry = read_entry(leaf, f"entry {log.name}/{seq}")
            problem = check_next(log, entry)
            if problem is not None:
                raise Refused([problem])
            log.add(entry)
        if leaves and log.tree.root() != checkpoint.root:
            refuse(
                "root-differs", f"package:{log.name}", checkpoint.root.hex(), "the entries' root"
            )
    except Refused:
        log.cut(held, seen)
        raise
    return log.entries[held:]


def _check_root(intake: Intake, log: Log, head: SignedHead) -> None:
    """A signed checkpoint at or below our size must have our root there."""
    checkpoint = head.checkpoint
    if checkpoint.size > len(log.tree):
        refuse("package-section", f"package:{log.name}", str(checkpoint.size), "a size we hold")
    if log.tree.root(checkpoint.size) == checkpoint.root:
        return
    newer = log.newest()
    if newer >= checkpoint.size:
        ours = (log.checkpoint(newer), log.checkpoints[newer][1])
        path = log.tree.consistency(checkpoint.size, newer)
        fork = fork_of_checkpoints(log, (checkpoint, head.signature), ours, path)
        try:
            intake.news |= intake.shelf.add_fork(read_fork(fork.text, log))
        except Refused as refused:
            intake.problems.extend(refused.problems)
    place = f"checkpoint {log.name} {checkpoint.size}"
    refuse("fork", place, checkpoint.root.hex(), log.tree.root(checkpoint.size).hex(), _FORK_HINT)


def _note_lost_tail(intake: Intake, log: Log, end: int) -> None:
    """Others hold more of our own log than we do: this copy was restored or cut."""
    mine = intake.keys is not None and log.author == intake.keys.name
    if mine and end > len(log.entries):
        intake.shelf.set_lost(log.name, len(log.entries), end)
        hint = "sign nothing in this log; open a new epoch of it (begin_log)"
        place, ours = f"log {log.name}", str(len(log.entries))
        intake.problems.append(
            Problem("record.tail-lost", place, ours, f"{end} held elsewhere", hint, "warning")
        )
        intake.news = True


def _keep_head(intake: Intake, log: Log, head: SignedHead) -> None:
    checkpoint = head.checkpoint
    intake.shelf.add_checkpoint(log, checkpoint.size, checkpoint.root, head.signature)
    for each in head.cosignatures:
        intake.news |= intake.shelf.add_cosignature(log, each)
    for each in head.mldsa:
        intake.news |= intake.shelf.add_cosignature(log, each, "mldsa")


def _take_bodies(intake: Intake) -> None:
    """Keep sealed bodies that belong to entries held; note those that are due to us."""
    for ref in intake.manifest.bodies:
        log = intake.shelf.logs.get(ref.log)
        entry = log.entries[ref.seq] if log and ref.seq < len(log.entries) else None
        if entry is None or all(part.ciphertext != ref.digest for part in entry.parts):
            continue
        data = intake.files.get(f"body-{ref.digest}")
        if data is not None and hashlib.sha256(data).hexdigest() != ref.digest:
            place = f"package:body-{ref.digest}"
            intake.problems.append(Problem("record.body-digest-differs", place, "", ref.digest))
            data = None
        intake.news |= intake.shelf.add_body(ref, data, intake.keys.name if intake.keys else None)


def _take_fork(intake: Intake, data: bytes) -> None:
    try:
        text = data.decode("latin-1")
        log = intake.shelf.log(forked_log(text, "package:fork"))
        if log is None:
            refuse("log-unknown", "package:fork", "", "a log of this exchange")
        fork = read_fork(text, log, "package:fork")
    except Refused as refused:
        intake.problems.extend(refused.problems)
        return
    if intake.shelf.add_fork(fork):
        intake.news = True
        place = f"entry {fork.log}/{fork.seq}"
        intake.problems.append(Problem("record.fork", place, fork.kind, "one history", _FORK_HINT))


def _remember(intake: Intake) -> None:
    """What a party said last is what it holds, whatever its clock says.

    A restored office holds less than before and may have an older clock; nothing tells its package
    from an old one arriving late. Believing an old one costs a repetition, which does no harm;
    disbelieving a restored office would keep its lost tail from it.
    """
    shelf, manifest = intake.shelf, intake.manifest
    before = shelf.peers.get(manifest.sender)
    owed = manifest.carries or bool(before and before.owed)
    told = before.told if before else frozenset[str]()
    shelf.set_peer(manifest.sender, Peer(manifest, owed, told))


def _countersign(intake: Intake, keys: Keys) -> None:
    """Countersign the newest checkpoint of every other party's log, once."""
    for log in intake.shelf.logs.values():
        size = log.newest()
        last = log.last_seen(keys.name)
        if log.author == keys.name or not size or (last and last.size >= size):
            continue
        at = max(intake.at, last.at if last else 0)
        countersign(intake.shelf, keys, log, size, at)


def countersign(shelf: Shelf, keys: Keys, log: Log, size: int, at: int) -> None:
    """Say once for all that this checkpoint was seen; in ML-DSA-44 too where the card has a key."""
    checkpoint = log.checkpoint(size)
    signature = checkpoint.cosign(keys.witness, at)
    shelf.add_cosignature(log, Cosignature(size, keys.name, at, signature))
    if keys.mldsa is not None:
        name = log.exchange.witness(keys.name)
        second = checkpoint.cosign_mldsa(keys.mldsa, name, at)
        shelf.add_cosignature(log, Cosignature(size, keys.name, at, second), "mldsa")
