"""Checking a stretch of one log: everything that needs no other stretch, so that many run at once.

A block holds leaves as a copy has them. ``scan`` checks each by the rules of ``log.check_next`` and
gives back little: leaf hashes, what the entries say of other logs, counts. Where something is wrong
it only says where; the caller asks ``check_next`` itself for the reason.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from homeward.problem import Refused
from homeward.record.certificate import Certificate
from homeward.record.entry import Entry, Sighting, read_entry
from homeward.record.exchange import Exchange, read_exchange
from homeward.record.log import Log, check_next, new_log
from homeward.record.sums import Counted, counted_sums
from homeward.record.tree import HASH_BYTES, leaf_hash

BLOCK = 4096

_KIND = re.compile(rb"\nkind ([a-z-]+)\n")
_SEEN = b"\nseen "
_SUMS = b"\nsums "


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive leaves of a log from ``start`` on; ``before`` is the leaf hash in front of them.

    ``checked`` is the number up to which signatures were checked before. A leaf of 32 bytes is the
    hash of an entry that is withheld.
    """

    exchange: str
    log: str
    certificate: Certificate | None
    start: int
    before: bytes
    checked: int
    leaves: tuple[bytes, ...]
    parts: bool = False
    keep: bool = False


@dataclass(slots=True)
class Found:
    """What a block showed: ``bad`` is the first entry number that may not stand, None if all do."""

    start: int
    hashes: bytes = b""
    bad: int | None = None
    withheld: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    seen: list[tuple[int, Sighting]] = field(default_factory=list)
    sums: list[Counted] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


Spread = Callable[[Callable[[Block], Found], Iterable[Block]], Iterator[Found]]


@lru_cache(maxsize=4)
def _exchange(text: str) -> Exchange:
    return read_exchange(text)


class _Edge:
    """The right edge of a tree of which only the last leaf hash is known."""

    def __init__(self, size: int, last: bytes) -> None:
        self.size, self.last = size, last

    def __len__(self) -> int:
        return self.size

    def leaf(self, index: int) -> bytes:
        """The last leaf hash; no other is known."""
        assert index == self.size - 1
        return self.last


def scan(block: Block) -> Found:
    """Check a block; never raises for what is wrong with it."""
    log = new_log(_exchange(block.exchange), block.log, block.certificate)
    assert log is not None
    if block.start + len(block.leaves) <= block.checked and not (block.parts or block.keep):
        return _skim(block)
    found = Found(block.start)
    edge = _Edge(block.start, block.before)
    log.tree = edge  # type: ignore[assignment]
    hashes = []
    for leaf in block.leaves:
        if len(leaf) == HASH_BYTES:
            hashed = leaf
            found.withheld += 1
        else:
            entry = _checked(log, leaf, edge.size >= block.checked)
            if entry is None:
                found.bad = edge.size
                break
            hashed = bytes.fromhex(entry.hash)
            _note(found, entry, block.parts)
            if block.keep:
                found.entries.append(entry)
        hashes.append(hashed)
        edge.size, edge.last = edge.size + 1, hashed
    found.hashes = b"".join(hashes)
    return found


def _checked(log: Log, leaf: bytes, signed: bool) -> Entry | None:
    try:
        entry = read_entry(leaf)
    except Refused:
        return None
    if check_next(log, entry, signed=signed) is not None:
        return None
    for each in entry.seen:
        log.seen[each.log] = each
    return entry


def _note(found: Found, entry: Entry, parts: bool) -> None:
    found.seen += [(entry.seq, each) for each in entry.seen]
    counted = counted_sums(entry, found.kinds, found.withheld)
    if counted is not None:
        found.sums.append(counted)
    found.kinds[entry.kind] += 1
    if parts:
        found.parts += [each.ciphertext for each in entry.parts]


def _skim(block: Block) -> Found:
    """A block checked before: its hashes, and what its entries say of each other.

    That these are the bytes checked before is shown by the root, so they are in their one form.
    """
    leaves, sha256 = block.leaves, hashlib.sha256
    found = Found(block.start)
    found.hashes = b"".join(
        [leaf if len(leaf) == HASH_BYTES else sha256(b"\x00" + leaf).digest() for leaf in leaves]
    )
    whole = b"\x00".join(leaves)
    if _SEEN not in whole and _SUMS not in whole:
        found.kinds.update(kind.decode("ascii") for kind in _KIND.findall(whole))
        found.withheld = sum(len(leaf) == HASH_BYTES for leaf in leaves)
        return found
    for leaf in leaves:
        if len(leaf) == HASH_BYTES:
            found.withheld += 1
        elif _SEEN in leaf or _SUMS in leaf:
            try:
                _note(found, read_entry(leaf), parts=False)
            except Refused:
                found.bad = block.start
                return found
        else:
            kind = _KIND.search(leaf)
            found.kinds[kind[1].decode("ascii") if kind else ""] += 1
    return found


def one_after_another(work: Callable[[Block], Found], blocks: Iterable[Block]) -> Iterator[Found]:
    """The plain way to run blocks: here, in order."""
    return map(work, blocks)


def hash_of(leaf: bytes) -> bytes:
    """The leaf hash of an item of a bundle, withheld or not."""
    return leaf if len(leaf) == HASH_BYTES else leaf_hash(leaf)
