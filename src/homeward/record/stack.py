"""The part of a log that stays in the store's tables until it is asked for.

Of every block of 256 entries the tables keep the root, and of every 256 such roots again the root,
so that a log of a million entries is opened by reading its last, unfinished blocks. No row is
believed: a block read later must have the root that the blocks above it have, up to the root that
the log signed, which ``Shelf`` checks when it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import overload

from homeward.problem import Refused
from homeward.record.entry import Entry, Sighting, read_entry
from homeward.record.log import Log
from homeward.record.rows import as_bytes, as_int, as_text, damaged
from homeward.record.tables import Tables
from homeward.record.tree import HASH_BYTES, Tree, leaf_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
# Blocks kept to answer the next question; about 16 kB each.
MOST_BLOCKS = 256


class Stack:
    """The rows of one log; also its ``entries``, each read and checked when it is asked for."""

    def __init__(self, tables: Tables, log: Log) -> None:
        self._tables, self._log = tables, log
        self._size = 0
        self._read: dict[int, Entry] = {}
        self._blocks: dict[tuple[int, int], Tree] = {}
        self._said: dict[str, int] = {}
        self._written = [0]

    def open(self) -> None:
        """Take up the log where its rows end: the right edge of its tree and what it has seen."""
        rows = self._tables.run(
            "SELECT max(seq) FROM record_entry WHERE log = ?", (self._log.name,)
        )
        self._size = 0 if rows[0][0] is None else as_int(rows[0][0]) + 1
        self._written = list(self._finished())
        heights = range(len(self._written))
        tails = [self._tail(level, self._written) for level in heights]
        self._log.entries = self
        self._log.tree = Tree.resumed(tails, HEIGHT, self._behind)
        self._take_sightings(tails[0][0])

    def _finished(self) -> Iterator[int]:
        """How many blocks of each height the tables have, from level 1 on; 0 ends the list."""
        below = self._size
        for level in count(1):
            rows = self._tables.run(
                "SELECT max(place) FROM record_block WHERE log = ? AND level = ?",
                (self._log.name, level),
            )
            last = rows[0][0]
            below = 0 if last is None else min(as_int(last) + 1, below // WIDTH)
            yield below
            if not below:
                return

    def _tail(self, level: int, finished: Sequence[int]) -> tuple[int, bytes]:
        """Number and hashes of a level that no finished block of the next level covers."""
        first = finished[level] * WIDTH
        end = finished[level - 1] if level else self._size
        return first, self._hashes(level, first, end)

    def _hashes(self, level: int, first: int, end: int) -> bytes:
        """The hashes ``first`` to before ``end`` of a level of blocks, as the rows have them."""
        if not level:
            return b"".join(leaf_hash(leaf) for leaf in self._leaves(first, end))
        rows = self._tables.run(
            "SELECT root FROM record_block WHERE log = ? AND level = ? AND place >= ?"
            " AND place < ? ORDER BY place",
            (self._log.name, level, first, end),
        )
        found = b"".join(as_bytes(root) for (root,) in rows)
        if len(found) != (end - first) * HASH_BYTES:
            damaged(f"log {self._log.name}", f"{len(rows)} roots", f"{end - first} roots of blocks")
        return found

    def _leaves(self, first: int, end: int) -> list[bytes]:
        rows = self._tables.run(
            "SELECT leaf FROM record_entry WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq",
            (self._log.name, first, end),
        )
        if len(rows) != end - first:
            place = f"entry {self._log.name}/{first}"
            damaged(place, f"{len(rows)} entries", f"{end - first} entries from here on")
        return [as_bytes(leaf) for (leaf,) in rows]

    def _take_sightings(self, tail: int) -> None:
        """What the log said of others: where the last block's row says it did, and in the tail."""
        rows = self._tables.run(
            "SELECT seen FROM record_block WHERE log = ? AND level = 1 AND place = ?",
            (self._log.name, tail // WIDTH - 1),
        )
        for each in as_text(rows[0][0]).split() if rows else ():
            name, _, seq = each.partition("=")
            self._take_sighting(name, int(seq) if seq.isdecimal() else -1)
        for entry in self[tail:]:
            for sighting in entry.seen:
                self._note(sighting, entry.seq)

    def _take_sighting(self, name: str, seq: int) -> None:
        if 0 <= seq < self._size:
            for sighting in self[seq].seen:
                if sighting.log == name:
                    self._note(sighting, seq)
                    return
        damaged(f"log {self._log.name}", f"{name} seen in {seq}"[:120], "an entry that says so")

    def _note(self, sighting: Sighting, seq: int) -> None:
        self._log.seen[sighting.log] = sighting
        self._said[sighting.log] = seq

    def said(self, entries: Sequence[Entry]) -> None:
        """Remember where the log said last how far it saw others."""
        self._said |= {each.log: entry.seq for entry in entries for each in entry.seen}

    def keep(self, entries: Sequence[Entry]) -> None:
        """Keep the roots of blocks that new entries have filled; in their transaction."""
        self.said(entries)
        seen = " ".join(f"{name}={seq}" for name, seq in sorted(self._said.items()))
        tree, size = self._log.tree, len(self._log.tree)
        for level in count(1):
            size //= WIDTH
            if level > len(self._written):
                self._written.append(0)
            written = self._written[level - 1]
            if size <= written:
                return
            rows = [
                (self._log.name, level, place, tree.subtree(level * HEIGHT, place), seen)
                for place in range(written, size)
            ]
            # Another process of this office may have kept some of them already.
            self._tables.many(
                "INSERT INTO record_block (log, level, place, root, seen) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                rows,
            )
            self._written[level - 1] = size

    def _behind(self, level: int, first: int, width: int) -> bytes:
        """Hashes that are not in memory, from blocks whose root is the one above them."""
        height, step = divmod(level, HEIGHT)
        whole = WIDTH >> step
        found = bytearray()
        for place in range(first // whole, (first + width - 1) // whole + 1):
            block = self._block(height, place)
            start = max(first - place * whole, 0)
            end = min(first + width - place * whole, whole)
            found += block.row(step, start, end - start)
        return bytes(found)

    def _block(self, height: int, place: int) -> Tree:
        block = self._blocks.get((height, place))
        if block is None:
            block = Tree()
            block.extend(self._hashes(height, place * WIDTH, (place + 1) * WIDTH))
            if block.root() != self._log.tree.subtree((height + 1) * HEIGHT, place):
                first = (place * WIDTH) << (height * HEIGHT)
                damaged(f"entry {self._log.name}/{first}", "", "what was signed, from here on")
            if len(self._blocks) >= MOST_BLOCKS:
                self._blocks.clear()
            self._blocks[height, place] = block
        return block

    # As ``log.entries``:

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[Entry]:
        for first in range(0, self._size, WIDTH):
            yield from self[first : first + WIDTH]

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> list[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | list[Entry]:
        if isinstance(at, int):
            seq = at + self._size if at < 0 else at
            if not 0 <= seq < self._size:
                raise IndexError(f"no entry {at} in a log of {self._size}")
            return self._read.get(seq) or self._fetch(seq, seq + 1)[0]
        first, end, step = at.indices(self._size)
        missing = [seq for seq in range(first, end) if seq not in self._read]
        if missing:
            self._fetch(missing[0], missing[-1] + 1)
        return [self._read[seq] for seq in range(first, end, step)]

    def _fetch(self, first: int, end: int) -> list[Entry]:
        """Read entries and check that they are those the log signed."""
        for seq, leaf in enumerate(self._leaves(first, end), start=first):
            if leaf_hash(leaf) != self._log.tree.leaf(seq):
                damaged(f"entry {self._log.name}/{seq}", "", "the entry that was signed")
            self._read[seq] = self._entry(leaf, seq)
        return [self._read[seq] for seq in range(first, end)]

    def _entry(self, leaf: bytes, seq: int) -> Entry:
        place = f"entry {self._log.name}/{seq}"
        try:
            entry = read_entry(leaf, place)
        except Refused as refused:
            why = refused.problems[0]
            damaged(place, f"{why.code} {why.value}"[:120], "an entry as it was signed")
        if entry.seq != seq or entry.log != self._log.name:
            damaged(place, entry.place, "the entry of this place")
        return entry

    def beyond(self) -> list[Entry]:
        """Entries that another process has added since; the caller gives them to the log."""
        rows = self._tables.run(
            "SELECT seq, leaf FROM record_entry WHERE log = ? AND seq >= ? ORDER BY seq",
            (self._log.name, self._size),
        )
        found = []
        for seq, (said, leaf) in enumerate(rows, start=self._size):
            if said != seq:
                damaged(f"entry {self._log.name}/{seq}", str(said)[:40], str(seq))
            found.append(self._entry(as_bytes(leaf), seq))
        self.said(found)
        return found

    def append(self, entry: Entry) -> None:
        """Take an entry whose row is written in the same transaction, or was by another process."""
        self._read[self._size] = entry
        self._size += 1

    def extend(self, entries: Iterable[Entry]) -> None:
        """Take several entries."""
        for entry in entries:
            self.append(entry)

    def __delitem__(self, at: slice) -> None:
        """Take back the entries from ``at.start`` on, whose rows were not written."""
        for seq in range(at.start, self._size):
            del self._read[seq]
        self._size = at.start
