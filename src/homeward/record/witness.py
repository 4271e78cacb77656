"""The rules of a witness (c2sp.org/tlog-witness) as one pure function: the same for HTTP and stick.

``judge`` says what ``add-checkpoint`` answers and why; whoever keeps the state countersigns and
keeps the new size in the same transaction.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from homeward.problem import Problem, Refused
from homeward.record.notes import (
    PLAIN,
    Checkpoint,
    Note,
    from_base64,
    read_checkpoint,
    read_note,
)
from homeward.record.refusal import refuse
from homeward.record.tree import HASH_BYTES, is_consistent

MOST_STEPS = 63
MOST_REQUEST_BYTES = 128 * 1024
SIZE_TYPE = "text/x.tlog.size"
PLACE = "add-checkpoint"

_OLD = re.compile(r"old (0|[1-9][0-9]{0,14})")


@dataclass(frozen=True, slots=True)
class Watched:
    """A log a witness watches: its key, and the size and root it countersigned last (0: none)."""

    name: str
    public: bytes
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status with its body; ``checkpoint`` is what to countersign, on 200 alone."""

    status: int
    body: str = ""
    problem: Problem | None = None
    checkpoint: Checkpoint | None = None
    signature: bytes = b""

    @property
    def content_type(self) -> str:
        """``text/x.tlog.size`` where the body is the size last countersigned."""
        return SIZE_TYPE if self.status == 409 and self.body else "text/plain"


def judge(request: bytes, watched: Callable[[str], Watched | None]) -> Answer:
    """What a witness answers to the body of an ``add-checkpoint``.

    ``watched`` gives the state of the log an origin names, None for one that nobody may write.
    200 asks the caller to countersign ``checkpoint`` and to keep it before anything is said.
    """
    try:
        old, path, note, checkpoint = _read(request)
    except Refused as refused:
        return Answer(400, problem=refused.problems[0])
    log = watched(checkpoint.origin)
    if log is None:
        return _no(404, "record.log-unknown", checkpoint.origin[:160], "a log of this exchange")
    signature = note.by_key(checkpoint.origin, PLAIN, log.public)
    if signature is None or not checkpoint.is_signed(signature, log.public):
        return _no(403, "record.checkpoint-signature-wrong", log.name, "the log's signature")
    if old > checkpoint.size or not checkpoint.size:
        return _no(400, "record.checkpoint-malformed", f"old {old}", f"at most {checkpoint.size}")
    if old != log.size:
        found = _no(409, "record.witness-size", f"old {old}", f"old {log.size}")
        return Answer(409, f"{log.size}\n", found.problem)
    if old == checkpoint.size and log.root != checkpoint.root:
        return _no(409, "record.fork", checkpoint.root.hex(), log.root.hex())
    continues = is_consistent(old, checkpoint.size, path, log.root, checkpoint.root)
    if path if not old else not continues:
        return _no(
            422, "record.proof-wrong", f"{old} to {checkpoint.size}", "a tree that continues ours"
        )
    return Answer(200, checkpoint=checkpoint, signature=signature)


def _no(status: int, code: str, value: str, expected: str) -> Answer:
    return Answer(status, problem=Problem(code, PLACE, value, expected))


def _read(request: bytes) -> tuple[int, list[bytes], Note, Checkpoint]:
    """The four parts of a request; raises Refused for another form."""
    head, gap, rest = request.partition(b"\n\n")
    if len(request) > MOST_REQUEST_BYTES or not gap or not head.isascii():
        refuse("witness-request", PLACE, "", "old <size>, a proof, an empty line, a checkpoint")
    first, *lines = head.decode("ascii").split("\n")
    old = _OLD.fullmatch(first)
    if old is None or len(lines) > MOST_STEPS:
        refuse("witness-request", PLACE, first[:80], f"old <size>, at most {MOST_STEPS} hashes")
    path = [from_base64(line, PLACE) for line in lines]
    if any(len(step) != HASH_BYTES for step in path):
        refuse("witness-request", PLACE, "", "hashes of 32 bytes")
    note = read_note(rest, PLACE)
    return int(old[1]), path, note, read_checkpoint(note.text, PLACE)


def request_of(old: int, path: list[bytes], note: bytes) -> bytes:
    """The body a log sends to a witness."""
    lines = [f"old {old}", *(base64.b64encode(step).decode() for step in path)]
    return ("\n".join(lines) + "\n\n").encode("ascii") + note
