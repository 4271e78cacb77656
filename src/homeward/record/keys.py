"""A party's keys and the card that shows their public halves, signed by each of them.

The card is ASCII text in fixed order; every key on it signs the lines above, so nobody can present
a key that it does not hold. docs/reference/record.md gives the bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import pyrage

from homeward.record import postquantum
from homeward.record.bech32 import bech32_encode
from homeward.record.refusal import refuse
from homeward.record.signing import SigningKey, is_proper_key, is_signed

CARD_FORMAT = "homeward-card/v1"
KEYS_FORMAT = "homeward-keys/v1"
PURPOSES = ("identity", "entry", "checkpoint", "witness")
MOST_CARD_BYTES = 16 * 1024
MOST_OFFICERS = 32

NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")
_HEX32 = re.compile(r"[0-9a-f]{64}")
_HEX64 = re.compile(r"[0-9a-f]{128}")
_MLDSA = re.compile(rf"[0-9a-f]{{{2 * postquantum.PUBLIC_BYTES}}}")
_AGE = re.compile(r"age1[02-9ac-hj-np-z]{58}")

Role = Literal["side", "neutral"]


@dataclass(frozen=True, slots=True)
class Card:
    """What a party shows of itself: role, nonce, public keys, officers; proofs of possession."""

    name: str
    role: Role
    nonce: bytes
    identity: bytes
    entry: bytes
    checkpoint: bytes
    witness: bytes
    age: str
    officers: Mapping[str, bytes]
    text: str
    mldsa: bytes | None = None

    def keys(self) -> dict[str, bytes]:
        """Every signing key on the card by the name its line carries."""
        named = {purpose: getattr(self, purpose) for purpose in PURPOSES}
        return named | {f"officer {each}": key for each, key in self.officers.items()}

    @property
    def fingerprint(self) -> str:
        """Eight groups of the identity key, to be compared face to face."""
        text = self.identity.hex()
        return " ".join(text[start : start + 8] for start in range(0, 64, 8))


@dataclass(frozen=True, slots=True)
class Keys:
    """A party's secret keys. Never printed: ``to_text`` is for a file only its owner may read."""

    name: str
    role: Role
    nonce: bytes
    identity: SigningKey = field(repr=False)
    entry: SigningKey = field(repr=False)
    checkpoint: SigningKey = field(repr=False)
    witness: SigningKey = field(repr=False)
    age: str = field(repr=False)
    officers: Mapping[str, SigningKey] = field(repr=False)
    mldsa: bytes | None = field(default=None, repr=False)

    @property
    def card(self) -> Card:
        """The public card, with a proof of possession by every key."""
        return read_card(_card_text(self))

    def to_text(self) -> str:
        """The secret seeds as lines; read back by ``Keys.from_text``."""
        lines = [KEYS_FORMAT, f"name {self.name}", f"role {self.role}", f"nonce {self.nonce.hex()}"]
        lines += [f"{purpose} {getattr(self, purpose).seed.hex()}" for purpose in PURPOSES]
        lines.append(f"age {self.age}")
        lines += [f"mldsa44 {self.mldsa.hex()}"] if self.mldsa else []
        lines += [f"officer {each} {key.seed.hex()}" for each, key in self.officers.items()]
        return "\n".join(lines) + "\n"

    def seal(self, passphrase: str) -> bytes:
        """The keys as an age file under a passphrase; takes about a second, on purpose."""
        sealed: bytes = pyrage.passphrase.encrypt(self.to_text().encode("ascii"), passphrase)
        return sealed

    @classmethod
    def unseal(cls, data: bytes, passphrase: str) -> Keys:
        """Open what ``seal`` wrote; raises Refused for another passphrase or damaged bytes."""
        try:
            text = pyrage.passphrase.decrypt(data, passphrase)
        except pyrage.DecryptError:
            refuse("passphrase-wrong", "keys", "", "the passphrase these keys were sealed under")
        return cls.from_text(text.decode("latin-1"))

    @classmethod
    def from_text(cls, text: str) -> Keys:
        """Read what ``to_text`` wrote; raises Refused when a line is missing or misplaced."""
        lines = text.split("\n")
        names = ["name", "role", "nonce", *PURPOSES, "age"]
        last = 10 if lines[9:10] and lines[9].startswith("mldsa44 ") else 9
        found = dict(line.split(" ", 1) for line in lines[1:9] if " " in line)
        officers = [line.split(" ") for line in lines[last:-1]]
        shaped = all(len(each) == 3 and each[0] == "officer" for each in officers)
        if lines[0] != KEYS_FORMAT or list(found) != names or lines[-1] or not shaped:
            refuse("keys-malformed", "keys", "", KEYS_FORMAT)
        try:
            signing = {each: SigningKey(bytes.fromhex(found[each])) for each in PURPOSES}
            named = {each[1]: SigningKey(bytes.fromhex(each[2])) for each in officers}
            nonce = bytes.fromhex(found["nonce"])
            mldsa = bytes.fromhex(lines[9].removeprefix("mldsa44 ")) if last == 10 else None
        except ValueError:
            refuse("keys-malformed", "keys", "", "seeds of 32 bytes in hexadecimal")
        role: Role = "side" if found["role"] == "side" else "neutral"
        seal = found["age"]
        return cls(found["name"], role, nonce, **signing, age=seal, officers=named, mldsa=mldsa)


def make_keys(
    name: str,
    role: Role,
    officers: Sequence[str],
    random: Callable[[int], bytes],
    *,
    mldsa: bool = False,
) -> Keys:
    """New keys for a party; ``random(n)`` gives n bytes (``secrets.token_bytes`` in an office).

    ``mldsa`` adds an ML-DSA-44 witness key, with which the party countersigns a second time.
    Raises Refused when the party's or an officer's name is not a lower-case ASCII name.
    """
    for each in (name, *officers):
        if not NAME.fullmatch(each):
            refuse("name-malformed", "keys", each[:40], NAME.pattern)
    if len(set(officers)) != len(officers) or len(officers) > MOST_OFFICERS:
        refuse("officers-malformed", "keys", str(len(officers)), "different officers, at most 32")
    nonce = random(32)
    signing = {purpose: SigningKey(random(32)) for purpose in PURPOSES}
    age = bech32_encode("age-secret-key-", random(32)).upper()
    named = {each: SigningKey(random(32)) for each in sorted(officers)}
    seed = random(postquantum.SEED_BYTES) if mldsa else None
    table = MappingProxyType(named)
    return Keys(name, role, nonce, **signing, age=age, officers=table, mldsa=seed)


def _card_text(keys: Keys) -> str:
    recipient = pyrage.x25519.Identity.from_str(keys.age).to_public()
    second = [f"witness-mldsa44 {postquantum.public_of(keys.mldsa).hex()}"] if keys.mldsa else []
    lines = [
        CARD_FORMAT,
        f"name {keys.name}",
        f"role {keys.role}",
        f"nonce {keys.nonce.hex()}",
        *(f"{purpose} {getattr(keys, purpose).public.hex()}" for purpose in PURPOSES),
        *second,
        f"age {recipient}",
        *(f"officer {each} {key.public.hex()}" for each, key in keys.officers.items()),
    ]
    body = "\n".join(lines) + "\n"
    signers = [(purpose, getattr(keys, purpose)) for purpose in PURPOSES]
    signers += [(f"officer {each}", key) for each, key in keys.officers.items()]
    message = _possession(body)
    return body + "".join(f"proof {name} {key.sign(message).hex()}\n" for name, key in signers)


def _possession(body: str) -> bytes:
    return b"homeward-card/v1 proof of possession\n" + body.encode("ascii")


def read_card(text: str, place: str = "card") -> Card:
    """A card whose every key has signed it; raises Refused with the first thing that is wrong."""
    if not text.isascii() or len(text) > MOST_CARD_BYTES or not text.endswith("\n"):
        refuse("card-malformed", place, "", "ASCII lines, at most 16 KiB")
    lines = text[:-1].split("\n")
    fields = _Lines(lines, place)
    fields.expect(CARD_FORMAT)
    name = fields.value("name", NAME)
    role: Role = "side" if fields.value("role", re.compile("side|neutral")) == "side" else "neutral"
    nonce = bytes.fromhex(fields.value("nonce", _HEX32))
    keys = {purpose: bytes.fromhex(fields.value(purpose, _HEX32)) for purpose in PURPOSES}
    second = None
    if fields.next_is("witness-mldsa44"):
        second = bytes.fromhex(fields.value("witness-mldsa44", _MLDSA))
    age = fields.value("age", _AGE)
    officers = _read_officers(fields, place)
    body = "\n".join(lines[: fields.at]) + "\n"
    named = MappingProxyType(officers)
    card = Card(name, role, nonce, **keys, age=age, officers=named, text=text, mldsa=second)
    _check_keys(card, place)
    for each, key in card.keys().items():
        signature = bytes.fromhex(fields.value(f"proof {each}", _HEX64))
        if not is_signed(_possession(body), signature, key):
            refuse("card-proof-wrong", place, each, "a signature by that key over the card")
    if fields.at != len(lines):
        refuse("card-malformed", place, lines[fields.at][:80], "the end of the card")
    return card


def _read_officers(fields: _Lines, place: str) -> dict[str, bytes]:
    officers: dict[str, bytes] = {}
    while fields.next_is("officer"):
        each, _, key = fields.value("officer", re.compile(r"[^ ]+ [0-9a-f]{64}")).partition(" ")
        if not NAME.fullmatch(each) or (officers and each <= max(officers)):
            refuse("card-malformed", place, each[:40], "officers in order, each once")
        officers[each] = bytes.fromhex(key)
    if len(officers) > MOST_OFFICERS:
        refuse("officers-malformed", place, str(len(officers)), "at most 32")
    return officers


def _check_keys(card: Card, place: str) -> None:
    keys = card.keys()
    for name, key in keys.items():
        if not is_proper_key(key):
            refuse("key-not-proper", place, name, "a canonical point of the main subgroup")
    if len(set(keys.values())) != len(keys):
        refuse("key-used-twice", place, card.name, "a key of its own for every purpose")
    try:
        pyrage.x25519.Recipient.from_str(card.age)
    except pyrage.RecipientError:
        refuse("card-malformed", place, card.age, "an age recipient")


class _Lines:
    """A cursor over lines that must come in one order."""

    def __init__(self, lines: Sequence[str], place: str) -> None:
        self._lines, self._place, self.at = lines, place, 0

    def _line(self) -> str:
        return self._lines[self.at] if self.at < len(self._lines) else ""

    def next_is(self, name: str) -> bool:
        return self._line().startswith(name + " ")

    def expect(self, whole: str) -> None:
        if self._line() != whole:
            refuse("card-malformed", self._place, self._line()[:80], whole)
        self.at += 1

    def value(self, name: str, pattern: re.Pattern[str]) -> str:
        line = self._line()
        value = line[len(name) + 1 :]
        if not self.next_is(name) or not pattern.fullmatch(value):
            refuse("card-malformed", self._place, line[:80], f"{name} {pattern.pattern}")
        self.at += 1
        return value
