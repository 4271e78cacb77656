"""Double-dealing, and its portable proof: one writer, two histories.

Either two different entries that one key signed under one number, or two checkpoints that one key
signed and that cannot belong to one log. Whoever holds ``exchange.txt`` can check the proof alone.
A correction is an ordinary new entry and never a fork.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from homeward.record.entry import Entry, read_entry
from homeward.record.log import Log
from homeward.record.notes import (
    PLAIN,
    Checkpoint,
    NoteSignature,
    from_base64,
    key_id,
    note_of,
    read_checkpoint,
    read_note,
)
from homeward.record.refusal import refuse
from homeward.record.tree import roots_from_consistency

FORMAT = "homeward-fork/v1"
MOST_FORK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fork:
    """A proof that ``log`` has two histories which part at entry number ``seq`` or before."""

    log: str
    seq: int
    kind: str
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode("ascii")).hexdigest()


def fork_of_entries(log: Log, one: Entry, other: Entry) -> Fork:
    """The proof from two entries with one number."""
    leaves = sorted((one.leaf, other.leaf))
    lines = [FORMAT, f"exchange {log.exchange.id}", f"log {log.name}"]
    lines += [f"leaf {base64.b64encode(leaf).decode()}" for leaf in leaves]
    return Fork(log.name, one.seq, "entries", "\n".join(lines) + "\n")


def fork_of_checkpoints(
    log: Log,
    older: tuple[Checkpoint, bytes],
    newer: tuple[Checkpoint, bytes],
    path: Sequence[bytes],
) -> Fork:
    """The proof from two signed checkpoints.

    ``path`` is the consistency proof inside the newer tree from the older size: it shows which root
    the newer tree had there, and that it is not the older checkpoint's. Empty at equal sizes.
    """
    pair = [older, newer]
    if older[0].size == newer[0].size:
        pair.sort(key=lambda each: each[0].root)
    lines = [FORMAT, f"exchange {log.exchange.id}", f"log {log.name}"]
    for checkpoint, signature in pair:
        identity = key_id(log.origin, PLAIN, log.checkpoint_key)
        line = NoteSignature(log.origin, identity, signature)
        lines.append(f"note {base64.b64encode(note_of(checkpoint.text, [line])).decode()}")
    lines += [f"path {base64.b64encode(step).decode()}" for step in path]
    return Fork(log.name, older[0].size, "checkpoints", "\n".join(lines) + "\n")


def forked_log(text: str, place: str = "fork") -> str:
    """The log a proof speaks of, unverified; raises Refused when the text is no proof."""
    lines = text.split("\n")
    if not text.isascii() or len(text) > MOST_FORK_BYTES or len(lines) < 6 or lines[-1]:
        refuse("fork-malformed", place, "", FORMAT)
    if lines[0] != FORMAT or not lines[2].startswith("log "):
        refuse("fork-malformed", place, lines[0][:80], FORMAT)
    return lines[2].removeprefix("log ")


def read_fork(text: str, log: Log, place: str = "fork") -> Fork:
    """Check a proof against its log's keys; raises Refused when it proves nothing."""
    if forked_log(text, place) != log.name:
        refuse("fork-malformed", place, "", log.name)
    lines = text[:-1].split("\n")
    if lines[1] != f"exchange {log.exchange.id}":
        refuse("exchange-other", place, lines[1][:80], log.exchange.id)
    named = [line.partition(" ") for line in lines[3:]]
    values = [from_base64(value, place) for _, _, value in named]
    words = [name for name, _, _ in named]
    if words == ["leaf", "leaf"]:
        fork = _read_entries(log, values, place)
    elif words[:2] == ["note", "note"] and set(words[2:]) <= {"path"}:
        fork = _read_checkpoints(log, values, place)
    else:
        refuse("fork-malformed", place, " ".join(words)[:80], "two leaves, or two notes and a path")
    if fork.text != text:
        refuse("fork-malformed", place, "", "the smaller leaf or root first")
    return fork


def _read_entries(log: Log, leaves: list[bytes], place: str) -> Fork:
    one, other = (read_entry(leaf, place) for leaf in leaves)
    for each in (one, other):
        if each.log != log.name or each.exchange != log.exchange.id:
            refuse("fork-malformed", place, each.log, log.name)
        if not each.is_signed(log.entry_key):
            refuse("entry-signature-wrong", place, "", "a signature by this log's entry key")
    if one.seq != other.seq or one.leaf[64:] == other.leaf[64:]:
        refuse("fork-not-shown", place, "", "two different headers with one number")
    return fork_of_entries(log, one, other)


def _read_checkpoints(log: Log, values: list[bytes], place: str) -> Fork:
    pair = [_read_signed(log, value, place) for value in values[:2]]
    (older, _), (newer, _) = pair
    path = values[2:]
    if older.size == newer.size and not path:
        shown = older.root != newer.root
    else:
        roots = roots_from_consistency(older.size, newer.size, path, older.root)
        # With a full older tree the path cannot name another root: only a proof that fails is left,
        # and a failing proof proves nothing. Such forks are shown at the next size instead.
        shown = roots is not None and roots[1] == newer.root and roots[0] != older.root
    if not shown:
        refuse("fork-not-shown", place, "", "two checkpoints that cannot belong to one log")
    return fork_of_checkpoints(log, pair[0], pair[1], path)


def _read_signed(log: Log, data: bytes, place: str) -> tuple[Checkpoint, bytes]:
    note = read_note(data, place)
    checkpoint = read_checkpoint(note.text, place)
    signature = note.by_key(log.origin, PLAIN, log.checkpoint_key)
    if checkpoint.origin != log.origin or signature is None:
        refuse("fork-malformed", place, checkpoint.origin[:120], log.origin)
    if not checkpoint.is_signed(signature, log.checkpoint_key):
        refuse("checkpoint-signature-wrong", place, "", "the log's signature")
    return checkpoint, signature
