"""A writer beyond the first: another device, or a new epoch after a restore.

The party's offline identity key and two of its officers certify the new log's keys and name the
last heads known of the party's own logs, and the officers who sign nothing in the new log. The
first entry there is a ``key-change`` whose digest is the certificate's SHA-256, so the certificate
cannot be exchanged for another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeward.record.entry import Sighting
from homeward.record.exchange import Exchange, first_log
from homeward.record.keys import Keys
from homeward.record.refusal import refuse
from homeward.record.signing import SigningKey, is_proper_key, is_signed

FORMAT = "homeward-writer/v1"
OFFICERS = 2
MOST_CERTIFICATE_BYTES = 8192
MOST_HEADS = 32

_LOG = re.compile(r"[a-z][a-z0-9-]{0,31}\.[a-z][a-z0-9-]{0,31}\.[1-9][0-9]{0,14}")
_HEX32 = re.compile(r"[0-9a-f]{64}")
_HEX64 = re.compile(r"[0-9a-f]{128}")
_OFFICER = re.compile(r"[a-z][a-z0-9-]{0,31}")
_AFTER = re.compile(_LOG.pattern + r" [1-9][0-9]{0,14} [0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """The keys of one log, the heads it begins after, and the text that its party signed.

    ``without`` are the officers whose signatures do not count in it: lost or stolen keys.
    """

    log: str
    entry: bytes
    checkpoint: bytes
    after: tuple[Sighting, ...]
    without: tuple[str, ...]
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode("ascii")).hexdigest()


def certify(
    exchange: Exchange,
    keys: Keys,
    log: str,
    writer: tuple[SigningKey, SigningKey],
    after: Sequence[Sighting],
    officers: Sequence[str],
    without: Iterable[str] = (),
) -> Certificate:
    """Certify a new log of one's own; ``writer`` is its entry key and its checkpoint key."""
    entry, checkpoint = writer
    lines = [FORMAT, f"exchange {exchange.id}", f"log {log}"]
    lines += [f"entry {entry.public.hex()}", f"checkpoint {checkpoint.public.hex()}"]
    ordered = sorted(after, key=lambda each: each.log)
    lines += [f"after {each.log} {each.size} {each.root}" for each in ordered]
    lines += [f"without {each}" for each in sorted(without)]
    body = "\n".join(lines) + "\n"
    message = _message(body)
    body += f"proof entry {entry.sign(message).hex()}\n"
    body += f"proof checkpoint {checkpoint.sign(message).hex()}\n"
    for each in sorted(officers):
        if each not in keys.officers:
            refuse("officer-unknown", f"certificate {log}", each[:40], "an officer of this office")
        body += f"officer {each} {keys.officers[each].sign(message).hex()}\n"
    body += f"identity {keys.identity.sign(message).hex()}\n"
    return read_certificate(exchange, body)


def _message(body: str) -> bytes:
    return b"homeward-writer/v1 signature\n" + body.encode("ascii")


def read_certificate(exchange: Exchange, text: str, place: str = "certificate") -> Certificate:
    """Read and check a certificate; raises Refused with the first thing that is wrong."""
    if not text.isascii() or len(text) > MOST_CERTIFICATE_BYTES or not text.endswith("\n"):
        refuse("certificate-malformed", place, "", "ASCII lines, at most 8 KiB")
    lines = text[:-1].split("\n")
    if lines[:2] != [FORMAT, f"exchange {exchange.id}"]:
        refuse("certificate-malformed", place, lines[0][:80], FORMAT + " of this exchange")
    rest = lines[2:]
    log = _take(rest, "log", _LOG, place)
    keys = [bytes.fromhex(_take(rest, name, _HEX32, place)) for name in ("entry", "checkpoint")]
    after = []
    while rest and rest[0].startswith("after "):
        name, size, root = _take(rest, "after", _AFTER, place).split(" ")
        after.append(Sighting(name, int(size), root))
    without = []
    while rest and rest[0].startswith("without "):
        without.append(_take(rest, "without", _OFFICER, place))
    body = "\n".join(lines[: len(lines) - len(rest)]) + "\n"
    _check_log(exchange, log, after, place)
    officers = exchange.cards[log.partition(".")[0]].officers
    if without != sorted(set(without)) or not officers.keys() >= set(without):
        refuse("certificate-malformed", place, " ".join(without)[:120], "own officers in order")
    for name, key in zip(("entry", "checkpoint"), keys, strict=True):
        signature = bytes.fromhex(_take(rest, f"proof {name}", _HEX64, place))
        if not is_proper_key(key) or not is_signed(_message(body), signature, key):
            refuse("certificate-proof-wrong", place, name, "a signature by that key")
    ids = _check_signers(exchange, log, body, rest, place)
    if not ids.isdisjoint(without):
        refuse("officer-revoked", place, min(ids & set(without)), "officers who still sign")
    return Certificate(log, keys[0], keys[1], tuple(after), tuple(without), text)


def _take(rest: list[str], name: str, pattern: re.Pattern[str], place: str) -> str:
    line = rest.pop(0) if rest else ""
    value = line[len(name) + 1 :]
    if not line.startswith(name + " ") or not pattern.fullmatch(value):
        refuse("certificate-malformed", place, line[:80], f"{name} {pattern.pattern}")
    return value


def _check_log(exchange: Exchange, log: str, after: Sequence[Sighting], place: str) -> None:
    party = log.partition(".")[0]
    if party not in exchange.cards:
        refuse("party-unknown", place, party, "a party of the exchange")
    if log == first_log(party):
        refuse("certificate-malformed", place, log, "a log that no card opens")
    names = [each.log for each in after]
    own = all(name.partition(".")[0] == party and name != log for name in names)
    if names != sorted(set(names)) or not own or len(names) > MOST_HEADS:
        refuse("certificate-malformed", place, " ".join(names)[:120], "own other logs in order")


def _check_signers(
    exchange: Exchange, log: str, body: str, rest: list[str], place: str
) -> set[str]:
    """Check the signatures below the proofs; returns the officers among them."""
    card = exchange.cards[log.partition(".")[0]]
    if not rest:
        refuse("certificate-malformed", place, "", "officers and the identity key")
    *officers, identity = rest
    message = _message(body)
    named = [line.split(" ") for line in officers]
    if any(len(each) != 3 or each[0] != "officer" for each in named):
        refuse("certificate-malformed", place, "", "officer <id> <signature>")
    ids = [each[1] for each in named]
    if len(ids) != OFFICERS or ids != sorted(set(ids)):
        refuse("officers-number", place, str(len(ids)), f"{OFFICERS} different officers in order")
    signers = [(f"officer {each}", card.officers.get(each)) for each in ids]
    signers.append(("identity", card.identity))
    for (name, key), line in zip(signers, (*officers, identity), strict=True):
        signature = bytes.fromhex(_take([line], name, _HEX64, place))
        if key is None or not is_signed(message, signature, key):
            refuse("certificate-signature-wrong", place, name, "a signature of the author's card")
    return set(ids)
