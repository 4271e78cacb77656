"""C2SP signed notes, checkpoints and countersignatures: the text forms a stranger's tools read.

Sources: c2sp.org/signed-note, c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from homeward.record import postquantum
from homeward.record.refusal import refuse
from homeward.record.signing import SIGNATURE_BYTES, SigningKey, is_signed

PLAIN = 0x01
COSIGNATURE = 0x04
MLDSA = 0x06
MOST_NOTE_BYTES = 64 * 1024
MOST_SIGNATURES = 100
MOST_TIME = 253402300799  # 9999-12-31T23:59:59Z, the last second with a date

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,14}")


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The first 4 bytes of SHA-256(name, newline, signature type, public key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def verifier_key(name: str, kind: int, public: bytes) -> str:
    """The key as ``name+id+key``, the form that other C2SP tools are given."""
    material = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, kind, public).hex()}+{material}"


def from_base64(text: str, place: str) -> bytes:
    """Standard base64 with padding and no stray bits; raises Refused for any other spelling."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        refuse("base64-malformed", place, text[:80], "standard base64")
    if base64.b64encode(value).decode() != text:
        refuse("base64-malformed", place, text[:80], "the one canonical spelling")
    return value


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: the key's name, its 4-byte id, and what follows."""

    name: str
    key: bytes
    value: bytes

    def line(self) -> str:
        return f"— {self.name} {base64.b64encode(self.key + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signature lines. Nothing is verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_bytes(self) -> bytes:
        return (self.text + "\n" + "".join(each.line() for each in self.signatures)).encode()

    def by_key(self, name: str, kind: int, public: bytes) -> bytes | None:
        """What the named key signed, unverified; None when that key has no line here."""
        wanted = key_id(name, kind, public)
        for each in self.signatures:
            if each.name == name and each.key == wanted:
                return each.value
        return None


def read_note(data: bytes, place: str, most: int = MOST_NOTE_BYTES) -> Note:
    """Take a signed note apart; raises Refused for anything but the exact form."""
    if len(data) > most:
        refuse("note-too-long", place, f"{len(data)} bytes", f"at most {most}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        refuse("note-not-utf8", place, "", "UTF-8")
    if any(ord(char) < 0x20 and char != "\n" for char in whole):
        refuse("note-control-character", place, "", "no control character but the newline")
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        refuse("note-malformed", place, "", "text, an empty line, signature lines")
    lines = tail[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        refuse("note-too-many-signatures", place, str(len(lines)), f"at most {MOST_SIGNATURES}")
    signatures = tuple(_read_signature(line, place) for line in lines)
    if len({(each.name, each.key) for each in signatures}) != len(signatures):
        refuse("note-signature-twice", place, "", "one line for each key")
    return Note(text + "\n", signatures)


def _read_signature(line: str, place: str) -> NoteSignature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != "—" or not _NAME.fullmatch(name) or not encoded:
        refuse("note-malformed", place, line[:80], "— name base64")
    value = from_base64(encoded, place)
    if len(value) < 5:
        refuse("note-malformed", place, line[:80], "4 bytes of key id and a signature")
    return NoteSignature(name, value[:4], value[4:])


def sign_note(text: str, name: str, key: SigningKey) -> NoteSignature:
    """A plain signature line (type 0x01) over a note's text."""
    return NoteSignature(name, key_id(name, PLAIN, key.public), key.sign(text.encode()))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: whose log, how many entries, which root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def sign(self, key: SigningKey) -> bytes:
        """The log's own 64-byte signature."""
        return key.sign(self.text.encode())

    def is_signed(self, signature: bytes, public: bytes) -> bool:
        return is_signed(self.text.encode(), signature, public)

    def cosign(self, key: SigningKey, at: int) -> bytes:
        """A witness's 64-byte signature at ``at`` (POSIX seconds): seen and consistent."""
        return key.sign(self._seen_at(at))

    def is_cosigned(self, at: int, signature: bytes, public: bytes) -> bool:
        return is_signed(self._seen_at(at), signature, public)

    def cosign_mldsa(self, seed: bytes, name: str, at: int) -> bytes:
        """The same as ``cosign`` in ML-DSA-44: 2,420 bytes, made under the witness's name."""
        return postquantum.sign(seed, self._seen_by(name, at))

    def is_cosigned_mldsa(self, name: str, at: int, signature: bytes, public: bytes) -> bool | None:
        """None where this program cannot check ML-DSA-44."""
        return postquantum.is_signed(self._seen_by(name, at), signature, public)

    def _seen_by(self, name: str, at: int) -> bytes:
        return postquantum.message(name, at, self.origin, self.size, self.root)

    def _seen_at(self, at: int) -> bytes:
        return f"cosignature/v1\ntime {at}\n{self.text}".encode()


def read_checkpoint(text: str, place: str) -> Checkpoint:
    """The three lines of a checkpoint and nothing more; raises Refused otherwise."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        refuse("checkpoint-malformed", place, "", "origin, size, root; no extension lines")
    if not _SIZE.fullmatch(lines[1]):
        refuse("checkpoint-malformed", place, lines[1][:40], "a size without leading zeros")
    root = from_base64(lines[2], place)
    if len(root) != 32:
        refuse("checkpoint-malformed", place, lines[2][:80], "a root of 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True, order=True)
class Cosignature:
    """That a party saw a consistent checkpoint of ``size`` at ``at`` (POSIX seconds)."""

    size: int
    party: str
    at: int
    signature: bytes


def cosignature_line(
    name: str, public: bytes, cosignature: Cosignature, kind: int = COSIGNATURE
) -> NoteSignature:
    """The signature line of a countersignature: type 0x04, or 0x06 for ML-DSA-44."""
    value = cosignature.at.to_bytes(8, "big") + cosignature.signature
    return NoteSignature(name, key_id(name, kind, public), value)


def read_cosignature(value: bytes, place: str, kind: int = COSIGNATURE) -> tuple[int, bytes]:
    """The time and the signature inside a type 0x04 or 0x06 line; raises Refused."""
    length = 8 + (postquantum.SIGNATURE_BYTES if kind == MLDSA else SIGNATURE_BYTES)
    if len(value) != length:
        wanted = f"{length} bytes after the key id"
        refuse("cosignature-malformed", place, f"{len(value)} bytes", wanted)
    at = int.from_bytes(value[:8], "big")
    if at > MOST_TIME:
        refuse("cosignature-malformed", place, str(at), "a time before the year 10000")
    return at, value[8:]


def note_of(text: str, signatures: Iterable[NoteSignature]) -> bytes:
    """A whole signed note."""
    return Note(text, tuple(signatures)).to_bytes()
