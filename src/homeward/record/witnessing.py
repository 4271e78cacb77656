"""An office as a witness: the rules of ``witness`` on what its shelf holds.

A party's countersignature says that it holds the entries. A right checkpoint beyond what is held
is therefore answered 503, besides C2SP's own answers, until a package has brought them.
"""

from __future__ import annotations

from homeward.problem import Problem, Refused
from homeward.record.keys import Keys
from homeward.record.notes import read_note
from homeward.record.shelf import Shelf
from homeward.record.taking import countersign
from homeward.record.tree import EMPTY_ROOT
from homeward.record.witness import PLACE, Answer, Watched, judge


def answer_request(shelf: Shelf, keys: Keys, request: bytes, at: int) -> Answer:
    """Judge and countersign; to be called inside ``writing``, so that two requests never race."""
    answer = judge(request, lambda origin: _watched(shelf, keys.name, origin))
    checkpoint = answer.checkpoint
    if checkpoint is None:
        return answer
    log = shelf.log(shelf.exchange.log(checkpoint.origin))
    assert log is not None
    size, held = checkpoint.size, len(log.tree)
    if size > held:
        hint = "send the package that brings the entries, then ask again"
        wanted = f"{size} entries held"
        problem = Problem("record.witness-lacks-entries", PLACE, str(held), wanted, hint)
        return Answer(503, problem=problem)
    if log.tree.root(size) != checkpoint.root:
        ours = log.tree.root(size).hex()
        return Answer(422, problem=Problem("record.fork", PLACE, checkpoint.root.hex(), ours))
    shelf.add_checkpoint(log, size, checkpoint.root, answer.signature)
    if size not in log.cosignatures.get(keys.name, ()):
        last = log.last_seen(keys.name)
        countersign(shelf, keys, log, size, max(at, last.at if last else 0))
    name = shelf.exchange.witness(keys.name)
    lines = read_note(log.note(size), PLACE).signatures
    return Answer(200, "".join(each.line() for each in lines if each.name == name))


def _watched(shelf: Shelf, party: str, origin: str) -> Watched | None:
    """What this party countersigned last of the log an origin names; never of its own."""
    try:
        log = shelf.log(shelf.exchange.log(origin))
    except Refused:
        return None
    if log is None or log.author == party:
        return None
    last = log.last_seen(party)
    size = last.size if last else 0
    root = log.checkpoints[size][0] if size else EMPTY_ROOT
    return Watched(log.name, log.checkpoint_key, size, root)
