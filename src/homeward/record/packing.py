"""Making a package: everything that one party is not known to hold, and what we hold ourselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from homeward.record.archive import write_archive
from homeward.record.keys import Keys
from homeward.record.log import Head, Log
from homeward.record.manifest import BodyRef, Manifest, sign_manifest
from homeward.record.notes import Cosignature
from homeward.record.shelf import Peer, Shelf

# What fits one package; the rest follows in the next.
MOST_ENTRIES = 20_000
MOST_BODIES = 10_000
MOST_BODY_TOTAL = 128 * 1024 * 1024


def make_package(
    shelf: Shelf, keys: Keys, to: str, at: int, *, ask: bool = False
) -> tuple[bytes, Peer] | None:
    """The package for a party, and what is to be remembered of having made it.

    None when the party lacks nothing and waits for nothing, unless we ``ask``.
    """
    peer = shelf.peers.get(to)
    known = peer.manifest if peer else Manifest(shelf.exchange.id, to, keys.name, 0)
    files: dict[str, bytes] = {}
    logs: dict[str, tuple[int, int]] = {}
    for log in shelf.logs.values():
        section = None if _parted(shelf, log, known) else _section(log, known, to)
        if section is not None:
            logs[log.name] = section[0]
            files |= section[1]
    refs = _bodies(shelf, known, logs, to, files)
    missing = {digest: fork for digest, fork in shelf.forks.items() if digest not in known.forks}
    files |= {f"fork-{digest}": fork.text.encode() for digest, fork in missing.items()}
    wants = _wants(shelf, to)
    waits = ask or bool(peer and peer.owed)
    if not files and not waits and wants == (peer.told if peer else frozenset()):
        return None
    manifest = replace(state_of(shelf, keys.name, to, at), wants=wants, logs=logs, bodies=refs)
    sums = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    manifest = replace(manifest, files=sums)
    files["manifest"] = sign_manifest(manifest, shelf.exchange, keys.witness)
    return write_archive(files), Peer(known, owed=False, told=wants)


def state_of(shelf: Shelf, sender: str, to: str, at: int) -> Manifest:
    """A manifest that says what is held and carries nothing."""
    held = {log.name: log for log in shelf.logs.values() if log.entries}
    return Manifest(
        shelf.exchange.id,
        sender,
        to,
        at,
        holds={name: log.head for name, log in held.items()},
        cosigned={
            (name, party): sizes.largest
            for name, log in held.items()
            for party, sizes in log.cosignatures.items()
            if sizes
        },
        forks=frozenset(shelf.forks),
    )


def _section(log: Log, known: Manifest, to: str) -> tuple[tuple[int, int], dict[str, bytes]] | None:
    """What a party lacks of one log: entries, checkpoints, countersignatures, a proof."""
    size = log.newest()
    start = _common(log, known, to, size)
    lacking = [each for each in _lacking(log, known) if each.size <= max(size, start)]
    if not size or (start >= size and not lacking):
        return None
    end = min(size, start + MOST_ENTRIES)
    if end < size and end not in log.checkpoints:
        end = max((each for each in log.checkpoints if start < each <= end), default=size)
    older = sorted({each.size for each in lacking if each.size <= end and each.size != end})
    files = {
        f"{log.name}.checkpoint": log.note(end),
        f"{log.name}.entries": _framed(entry.leaf for entry in log.entries[start:end]),
    }
    if older:
        files[f"{log.name}.history"] = _framed(log.note(each) for each in older)
    if 0 < start < end:
        steps = log.tree.consistency(start, end)
        files[f"{log.name}.consistency"] = b"".join(steps)
    if log.certificate is not None:
        files[f"{log.name}.certificate"] = log.certificate.text.encode("ascii")
    return (min(start, end), end), files


def _parted(shelf: Shelf, log: Log, known: Manifest) -> bool:
    """Whether the party holds another history of this log and knows the proof of it already."""
    head = known.holds.get(log.name)
    if head is None or _continues(log, head):
        return False
    return any(shelf.forks[each].log == log.name for each in known.forks & shelf.forks.keys())


def _continues(log: Log, head: Head) -> bool:
    """Whether our copy of a log holds all that the party holds of it."""
    return head.size <= len(log.tree) and log.tree.root(head.size).hex() == head.root


def _common(log: Log, known: Manifest, to: str, size: int) -> int:
    """How many entries of a log the party holds as we hold them."""
    head = known.holds.get(log.name)
    if head is None:
        # Its own log it is taken to hold, until it says otherwise.
        return size if log.author == to and not known.at else 0
    if head.size <= len(log.tree) and not _continues(log, head):
        return 0  # two histories: the whole of ours lets it find where they part
    return min(head.size, size)


def _lacking(log: Log, known: Manifest) -> Iterable[Cosignature]:
    for party, held in log.cosignatures.items():
        last = known.cosigned.get((log.name, party), 0)
        yield from (each for each in held.values() if each.size > last)


def _framed(values: Iterable[bytes]) -> bytes:
    """Big-endian uint16 length and bytes, one after the other, as in an entry bundle."""
    return b"".join(len(value).to_bytes(2, "big") + value for value in values)


def _bodies(
    shelf: Shelf,
    known: Manifest,
    logs: dict[str, tuple[int, int]],
    to: str,
    files: dict[str, bytes],
) -> tuple[BodyRef, ...]:
    """Who may read which body of the entries sent; the sealed bytes for those who are readers."""
    exchange = shelf.exchange
    refs: dict[str, BodyRef] = {}
    total = 0
    # A side that asks for what is sealed to another could be hoarding it for the day a key leaks.
    relays = exchange.cards[to].role == "neutral" or exchange.policy.get("relay") == "yes"
    for name, (start, end) in logs.items():
        for body in shelf.bodies(name, start, end):
            refs[body.ref.digest] = body.ref
    for digest in known.wants - refs.keys():
        wanted = shelf.body_ref(digest)
        if wanted is not None and shelf.ciphertext(digest) is not None:
            refs[digest] = wanted
    for digest, ref in refs.items():
        if to not in ref.readers and not (relays and digest in known.wants):
            continue
        ciphertext = shelf.ciphertext(digest)
        if ciphertext is None or total + len(ciphertext) > MOST_BODY_TOTAL:
            continue
        total += len(ciphertext)
        files[f"body-{digest}"] = ciphertext
        if len(files) > MOST_BODIES:
            break
    return tuple(refs.values())


def _wants(shelf: Shelf, to: str) -> frozenset[str]:
    """Bodies we may read and lack, and those that others asked us for in vain."""
    asked = {
        digest
        for party, peer in shelf.peers.items()
        if party != to
        for digest in peer.manifest.wants
        if shelf.body_ref(digest) is not None and shelf.ciphertext(digest) is None
    }
    return shelf.due() | frozenset(asked)
