"""Sealed bodies: one salted commitment each, sealed with age to those who may read it.

A body's plain form is a fixed first line, 32 bytes of salt, the purpose and the value, each behind
its length, and zeros up to a padded length that tells little about the value's.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyrage

from homeward.record.entry import Part, PartRef
from homeward.record.refusal import refuse

FORMAT = b"homeward-body/v1\n"
SALT_BYTES = 32
LEAST_BYTES = 256
MOST_BODY_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed body and what the header says of it."""

    ref: PartRef
    ciphertext: bytes
    readers: tuple[str, ...]


def _content(purpose: str, value: bytes) -> bytes:
    named = purpose.encode("utf-8")
    return len(named).to_bytes(4, "big") + named + len(value).to_bytes(8, "big") + value


def commitment(salt: bytes, purpose: str, value: bytes) -> str:
    """HMAC-SHA256 under the salt over length-prefixed purpose and value, hexadecimal."""
    return hmac.new(salt, _content(purpose, value), hashlib.sha256).hexdigest()


def padded_length(length: int) -> int:
    """Up to 12% more, so that only about log2(log2(length)) bits of the length show (Padmé)."""
    if length <= LEAST_BYTES:
        return LEAST_BYTES
    exponent = length.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (length + mask) & ~mask


def seal(part: Part, recipients: Sequence[str], random: Callable[[int], bytes]) -> Sealed:
    """Seal one part to age recipients; ``random`` gives the salt."""
    salt = random(SALT_BYTES)
    plain = FORMAT + salt + _content(part.purpose, part.value)
    plain += bytes(padded_length(len(plain)) - len(plain))
    if len(plain) > MOST_BODY_BYTES:
        refuse("body-too-long", part.purpose, f"{len(plain)} bytes", f"at most {MOST_BODY_BYTES}")
    keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    ciphertext = pyrage.encrypt(plain, keys)
    ref = PartRef(
        commitment(salt, part.purpose, part.value), hashlib.sha256(ciphertext).hexdigest()
    )
    return Sealed(ref, ciphertext, tuple(part.readers))


def open_body(ciphertext: bytes, ref: PartRef, identity: str, place: str) -> tuple[str, bytes]:
    """The purpose and the value of a sealed body; raises Refused when it is not the one named."""
    if hashlib.sha256(ciphertext).hexdigest() != ref.ciphertext:
        refuse("body-digest-differs", place, "", ref.ciphertext)
    try:
        plain = pyrage.decrypt(ciphertext, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError:
        refuse("body-unreadable", place, "", "a body sealed to this office")
    salt, purpose, value = _read_plain(plain, place)
    if not hmac.compare_digest(commitment(salt, purpose, value), ref.commitment):
        refuse("body-commitment-differs", place, "", ref.commitment)
    return purpose, value


def _read_plain(plain: bytes, place: str) -> tuple[bytes, str, bytes]:
    start = len(FORMAT) + SALT_BYTES
    salt = plain[len(FORMAT) : start]
    named = int.from_bytes(plain[start : start + 4], "big")
    purpose = plain[start + 4 : start + 4 + named]
    start += 4 + named
    end = start + 8 + int.from_bytes(plain[start : start + 8], "big")
    value = plain[start + 8 : end]
    padded = start + 8 <= end <= len(plain) == padded_length(end)
    if not plain.startswith(FORMAT) or not padded or any(plain[end:]):
        refuse("body-malformed", place, "", "salt, purpose and value behind their lengths")
    try:
        return salt, purpose.decode("utf-8"), value
    except UnicodeDecodeError:
        refuse("body-malformed", place, "", "a purpose in UTF-8")
