"""One writer's log as a copy of it is held: entries, tree, checkpoints, countersignatures.

``check_next`` is the one set of rules by which an entry may follow the last; the store and the
verifier both ask it. Nothing here reads a file, a clock or a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, overload

from homeward.problem import Problem
from homeward.record.certificate import Certificate
from homeward.record.entry import ZEROS, Entry, Sighting
from homeward.record.exchange import Exchange, first_log
from homeward.record.kinds import rules
from homeward.record.notes import (
    MLDSA,
    PLAIN,
    Checkpoint,
    Cosignature,
    NoteSignature,
    cosignature_line,
    key_id,
    note_of,
)
from homeward.record.signing import is_signed
from homeward.record.tree import Tree

Value = TypeVar("Value")


class BySize(dict[int, Value]):
    """What is held for trees of several sizes; an act must not cost a look through all of them."""

    largest = 0

    def __setitem__(self, size: int, value: Value) -> None:
        super().__setitem__(size, value)
        self.largest = max(self.largest, size)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a log is held: its size and the root at that size, hexadecimal."""

    size: int
    root: str


class Entries(Protocol):
    """The entries of a log: a list, or what reads them from a store's tables when asked."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Entry]: ...
    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __delitem__(self, at: slice) -> None: ...
    def append(self, entry: Entry) -> None: ...
    def extend(self, entries: Iterable[Entry]) -> None: ...


@dataclass(slots=True)
class Log:
    """A log as it is held. ``checkpoints`` holds root and the log's signature by size."""

    name: str
    exchange: Exchange
    entry_key: bytes
    checkpoint_key: bytes
    certificate: Certificate | None = None
    entries: Entries = field(default_factory=list[Entry])
    tree: Tree = field(default_factory=Tree)
    seen: dict[str, Sighting] = field(default_factory=dict)
    checkpoints: BySize[tuple[bytes, bytes]] = field(default_factory=BySize)
    cosignatures: dict[str, BySize[Cosignature]] = field(default_factory=dict)
    mldsa: dict[str, BySize[Cosignature]] = field(default_factory=dict)

    @property
    def author(self) -> str:
        return self.name.partition(".")[0]

    @property
    def origin(self) -> str:
        return self.exchange.origin(self.name)

    @property
    def head(self) -> Head:
        return Head(len(self.tree), self.tree.root().hex())

    def add(self, entry: Entry) -> None:
        """Take an entry that ``check_next`` has passed."""
        self.entries.append(entry)
        self.tree.append(bytes.fromhex(entry.hash))
        for each in entry.seen:
            self.seen[each.log] = each

    def withhold(self, leaf_hash: bytes) -> None:
        """Take the leaf hash of an entry whose header a public copy leaves out."""
        self.tree.append(leaf_hash)

    def cut(self, size: int, seen: Mapping[str, Sighting]) -> None:
        """Take back the entries from ``size`` on, unsound after all; ``seen`` is as it was."""
        del self.entries[size:]
        self.tree.truncate(size)
        self.seen = dict(seen)

    def checkpoint(self, size: int) -> Checkpoint:
        """The checkpoint at a size whose signature is held."""
        return Checkpoint(self.origin, size, self.checkpoints[size][0])

    def newest(self) -> int:
        """The size of the largest checkpoint that the entries held reach."""
        held, largest = len(self.tree), self.checkpoints.largest
        if largest <= held:
            return largest
        return max((size for size in self.checkpoints if size <= held), default=0)

    def last_seen(self, party: str) -> Cosignature | None:
        """What a party countersigned last of this log."""
        held = self.cosignatures.get(party)
        return held[held.largest] if held else None

    def cosigned_at(self, size: int) -> Iterator[Cosignature]:
        """The countersignatures of exactly this checkpoint, by party."""
        for party in sorted(self.cosignatures):
            if size in self.cosignatures[party]:
                yield self.cosignatures[party][size]

    def note(self, size: int) -> bytes:
        """The checkpoint at ``size`` as a signed note with every countersignature held."""
        checkpoint = self.checkpoint(size)
        own = NoteSignature(
            self.origin,
            key_id(self.origin, PLAIN, self.checkpoint_key),
            self.checkpoints[size][1],
        )
        cards = self.exchange.cards
        lines = [
            cosignature_line(self.exchange.witness(each.party), cards[each.party].witness, each)
            for each in self.cosigned_at(size)
        ]
        for party, held in sorted(self.mldsa.items()):
            public = cards[party].mldsa
            if size in held and public is not None:
                name = self.exchange.witness(party)
                lines.append(cosignature_line(name, public, held[size], MLDSA))
        return note_of(checkpoint.text, (own, *lines))


def new_log(exchange: Exchange, name: str, certificate: Certificate | None = None) -> Log | None:
    """An empty log under its author's keys; None when nothing certifies such a writer."""
    card = exchange.cards.get(name.partition(".")[0])
    if card is None:
        return None
    if name == first_log(card.name):
        return Log(name, exchange, card.entry, card.checkpoint)
    if certificate is None or certificate.log != name:
        return None
    return Log(name, exchange, certificate.entry, certificate.checkpoint, certificate)


def check_next(log: Log, entry: Entry, *, signed: bool = True) -> Problem | None:
    """The first reason why ``entry`` cannot follow the last of ``log``; None when it can.

    ``signed=False`` leaves out the log's own signature, for an entry just signed here.
    """
    if entry.exchange != log.exchange.id:
        return _fault("exchange-other", log, entry.exchange, log.exchange.id)
    if entry.log != log.name:
        return _fault("log-other", log, entry.log, log.name)
    if signed and not entry.is_signed(log.entry_key):
        return _fault("entry-signature-wrong", log, "", "a signature by this log's entry key")
    size = len(log.tree)
    if entry.seq != size:
        return _fault("seq-gap", log, str(entry.seq), str(size))
    last = log.tree.leaf(size - 1).hex() if size else ZEROS
    if entry.prev != last:
        return _fault("prev-differs", log, entry.prev, last)
    return _check_seen(log, entry) or _check_parties(log, entry) or _check_first(log, entry)


def _check_seen(log: Log, entry: Entry) -> Problem | None:
    for each in entry.seen:
        if each.log.partition(".")[0] not in log.exchange.cards:
            return _fault("party-unknown", log, each.log, "a party of the exchange")
        before = log.seen.get(each.log)
        if before and each != before and each.size <= before.size:
            return _fault("seen-goes-down", log, str(each.size), f"over {before.size}")
    return None


def _check_parties(log: Log, entry: Entry) -> Problem | None:
    card = log.exchange.cards[log.author]
    rule = rules()[entry.kind]
    if rule.author not in ("any", card.role):
        return _fault("author-not-allowed", log, card.role, rule.author)
    for party in (entry.sender, entry.to):
        if party is not None and party not in log.exchange.cards:
            return _fault("party-unknown", log, party, "a party of the exchange")
    if entry.officers:
        message = entry.officer_message()
        for each, signature in entry.officers:
            key = card.officers.get(each)
            if key is None:
                return _fault("officer-unknown", log, each, "an officer on the author's card")
            if log.certificate is not None and each in log.certificate.without:
                return _fault("officer-revoked", log, each, "an officer who still signs here")
            if not is_signed(message, bytes.fromhex(signature), key):
                return _fault("officer-signature-wrong", log, each, "that officer's signature")
    return None


def _check_first(log: Log, entry: Entry) -> Problem | None:
    if log.certificate is None or entry.seq:
        return None
    if entry.kind != "key-change" or entry.digest != log.certificate.digest:
        wanted = f"key-change with digest {log.certificate.digest}"
        return _fault("certificate-not-named", log, entry.kind, wanted)
    return None


def _fault(code: str, log: Log, value: str, expected: str) -> Problem:
    """The place is where the entry lies, whatever it says of itself."""
    place = f"entry {log.name}/{len(log.tree)}"
    return Problem(f"record.{code}", place, value[:120], expected)
