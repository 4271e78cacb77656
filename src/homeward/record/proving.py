"""The proof of one entry as a file of its own (c2sp.org/tlog-proof), made and checked."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from homeward.record.certificate import Certificate
from homeward.record.entry import Entry, first_lines, read_entry
from homeward.record.exchange import Exchange
from homeward.record.heads import SignedHead, read_head
from homeward.record.log import new_log
from homeward.record.notes import from_base64, read_checkpoint, read_note
from homeward.record.reading import entry_at, read_files
from homeward.record.refusal import refuse
from homeward.record.signing import SIGNATURE_BYTES
from homeward.record.tiles import Files
from homeward.record.tree import is_included, leaf_hash

FORMAT = "c2sp.org/tlog-proof@v1"
MOST_PROOF_BYTES = 64 * 1024

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,14})")


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry that a proof file shows, and the checkpoint it lies under."""

    entry: Entry
    head: SignedHead

    @property
    def header(self) -> list[str]:
        """The lines that were signed."""
        return self.entry.leaf[SIGNATURE_BYTES:].decode("ascii").splitlines()

    def seen_by(self) -> list[tuple[str, str]]:
        """Who countersigned the checkpoint, and when."""
        found = sorted(self.head.cosignatures, key=lambda each: each.party)
        return [(each.party, datetime.fromtimestamp(each.at, UTC).isoformat()) for each in found]

    def to_json(self) -> dict[str, object]:
        """The document that ``check-proof --json`` prints."""
        checkpoint = self.head.checkpoint
        return {
            "log": self.entry.log,
            "seq": self.entry.seq,
            "kind": self.entry.kind,
            "header": self.header,
            "checkpoint": {"size": checkpoint.size, "root": checkpoint.root.hex()},
            "cosigned": dict(self.seen_by()),
        }


def prove(copy: Files, log: str, seq: int) -> bytes:
    """A proof file for entry ``seq`` of ``log``: path, checkpoint, and the entry as extra data.

    What the checkpoint's origin and the index say already, the entry's first lines, is left out.

    Raises Refused when the log's copy is not sound or does not hold the entry.
    """
    reading = read_files(copy)
    faulty = [problem for problem in reading.problems if log in problem.place]
    held = reading.logs.get(log)
    if held is None or faulty or reading.exchange is None:
        refuse("copy-unsound", log, faulty[0].code if faulty else "", "a sound log of the copy")
    entry = entry_at(reading, log, seq) if 0 <= seq < len(held.tree) else None
    if entry is None:
        refuse("entry-unknown", f"entry {log}/{seq}", str(seq), f"one of {len(held.tree)}")
    size = held.newest()
    path = held.tree.inclusion(seq, size)
    told = len(first_lines(reading.exchange.id, log, seq))
    extra = entry.leaf[:SIGNATURE_BYTES] + entry.leaf[SIGNATURE_BYTES + told :]
    lines = [FORMAT, f"extra {base64.b64encode(extra).decode()}", f"index {seq}"]
    lines += [base64.b64encode(step).decode() for step in path]
    return ("\n".join(lines) + "\n\n").encode("ascii") + held.note(size)


def check_proof(
    exchange: Exchange, data: bytes, certificates: tuple[Certificate, ...] = ()
) -> Proven:
    """Check a proof file against the exchange alone; raises Refused with what is wrong."""
    place = "proof"
    head, gap, note = data.partition(b"\n\n")
    if len(data) > MOST_PROOF_BYTES or not gap or not head.isascii():
        refuse("proof-malformed", place, "", FORMAT)
    first, *lines = head.decode("ascii").split("\n")
    index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    if first != FORMAT or index is None or not lines[0].startswith("extra "):
        refuse("proof-malformed", place, first[:80], f"{FORMAT}, extra, index")
    extra = from_base64(lines[0].removeprefix("extra "), place)
    path = [from_base64(line, place) for line in lines[2:]]
    origin = read_checkpoint(read_note(note, place).text, place).origin
    name = exchange.log(origin)
    known = {each.log: each for each in certificates}
    log = new_log(exchange, name, known.get(name))
    if log is None:
        refuse("log-unknown", place, name, "a log that a card or a certificate opens")
    signed = read_head(log, note, place)
    seq = int(index[1])
    told = first_lines(exchange.id, name, seq)
    leaf = extra[:SIGNATURE_BYTES] + told + extra[SIGNATURE_BYTES:]
    entry = read_entry(leaf, place)
    if not entry.is_signed(log.entry_key):
        refuse("entry-signature-wrong", place, entry.log, "an entry of this log")
    size, root = signed.checkpoint.size, signed.checkpoint.root
    if not is_included(leaf_hash(leaf), seq, size, path, root):
        refuse("proof-wrong", place, str(seq), "a path from the entry to the checkpoint's root")
    return Proven(entry, signed)
