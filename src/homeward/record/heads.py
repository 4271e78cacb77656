"""A checkpoint note read against its log's keys and the parties' witness keys."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.record.log import Log
from homeward.record.notes import (
    COSIGNATURE,
    MLDSA,
    PLAIN,
    Checkpoint,
    Cosignature,
    Note,
    read_checkpoint,
    read_cosignature,
    read_note,
)
from homeward.record.refusal import refuse


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint with its log's signature and other parties' countersignatures, all verified.

    ``mldsa`` are the second, ML-DSA-44 ones; ``unchecked`` names the parties whose second one this
    program had no means to check: those count for nothing.
    """

    checkpoint: Checkpoint
    signature: bytes
    cosignatures: tuple[Cosignature, ...]
    mldsa: tuple[Cosignature, ...] = ()
    unchecked: tuple[str, ...] = ()


def read_head(log: Log, data: bytes, place: str) -> SignedHead:
    """Read a checkpoint note of ``log``; raises Refused unless every known key's line is right.

    Lines of keys that no card names are ignored, as C2SP asks.
    """
    note = read_note(data, place)
    checkpoint = read_checkpoint(note.text, place)
    if checkpoint.origin != log.origin:
        refuse("exchange-other", place, checkpoint.origin[:160], log.origin)
    if not checkpoint.size:
        refuse("checkpoint-malformed", place, "0", "a log of at least one entry")
    signature = note.by_key(log.origin, PLAIN, log.checkpoint_key)
    if signature is None or not checkpoint.is_signed(signature, log.checkpoint_key):
        refuse("checkpoint-signature-wrong", place, str(checkpoint.size), "the log's signature")
    found = _cosignatures(log, note, checkpoint, place)
    second, unchecked = _second(log, note, checkpoint, place)
    return SignedHead(checkpoint, signature, found, second, unchecked)


def _cosignatures(
    log: Log, note: Note, checkpoint: Checkpoint, place: str
) -> tuple[Cosignature, ...]:
    found = []
    for party, card in log.exchange.cards.items():
        value = note.by_key(log.exchange.witness(party), COSIGNATURE, card.witness)
        if value is None:
            continue
        at, signed = read_cosignature(value, place)
        if not checkpoint.is_cosigned(at, signed, card.witness):
            refuse("cosignature-wrong", place, party, "that party's countersignature")
        if party != log.author:
            found.append(Cosignature(checkpoint.size, party, at, signed))
    return tuple(found)


def _second(
    log: Log, note: Note, checkpoint: Checkpoint, place: str
) -> tuple[tuple[Cosignature, ...], tuple[str, ...]]:
    found, unchecked = [], []
    for party, card in log.exchange.cards.items():
        name = log.exchange.witness(party)
        value = note.by_key(name, MLDSA, card.mldsa) if card.mldsa else None
        if value is None or card.mldsa is None:
            continue
        at, signed = read_cosignature(value, place, MLDSA)
        stands = checkpoint.is_cosigned_mldsa(name, at, signed, card.mldsa)
        if stands is False:
            refuse("cosignature-wrong", place, party, "that party's ML-DSA-44 countersignature")
        if stands is None:
            unchecked.append(party)
        elif party != log.author:
            found.append(Cosignature(checkpoint.size, party, at, signed))
    return tuple(found), tuple(unchecked)
