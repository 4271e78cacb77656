"""A package's manifest: a signed note that says what its sender holds and what lies beside it.

What a party holds is learned only from its own manifests; a lost package is therefore simply
followed by another that carries the same again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from homeward.record.exchange import Exchange
from homeward.record.log import Head
from homeward.record.notes import PLAIN, Note, note_of, read_note, sign_note
from homeward.record.refusal import refuse
from homeward.record.signing import SigningKey, is_signed

FORMAT = "homeward-package/v1"
MOST_LINES = 100_000
MOST_MANIFEST_BYTES = 16 * 1024 * 1024

_NAME = r"[a-z][a-z0-9-]{0,31}"
_LOG = rf"{_NAME}\.{_NAME}\.[1-9][0-9]{{0,14}}"
_NUMBER = r"(?:0|[1-9][0-9]{0,14})"
_HEX = r"[0-9a-f]{64}"
_PATTERNS = {
    "exchange": re.compile(_HEX),
    "from": re.compile(_NAME),
    "to": re.compile(_NAME),
    "at": re.compile(_NUMBER),
    "holds": re.compile(rf"{_LOG} {_NUMBER} {_HEX}"),
    "cosigned": re.compile(rf"{_LOG} {_NAME} {_NUMBER}"),
    "fork": re.compile(_HEX),
    "wants": re.compile(_HEX),
    "log": re.compile(rf"{_LOG} {_NUMBER} {_NUMBER}"),
    "body": re.compile(rf"{_HEX} {_LOG} {_NUMBER} {_NAME}(?:,{_NAME})*"),
    "file": re.compile(rf"[a-z0-9][a-z0-9.-]{{0,127}} {_NUMBER} {_HEX}"),
}
_ORDER = tuple(_PATTERNS)
_ONCE = _ORDER[:4]


@dataclass(frozen=True, slots=True)
class BodyRef:
    """Which entry a sealed body belongs to and which parties it is sealed to."""

    digest: str
    log: str
    seq: int
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one party tells another: what it holds, what it lacks, what this package carries."""

    exchange: str
    sender: str
    to: str
    at: int
    holds: Mapping[str, Head] = field(default_factory=dict)
    cosigned: Mapping[tuple[str, str], int] = field(default_factory=dict)
    forks: frozenset[str] = frozenset()
    wants: frozenset[str] = frozenset()
    logs: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    bodies: tuple[BodyRef, ...] = ()
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def carries(self) -> bool:
        """Whether it brings anything besides what its sender holds."""
        return bool(self.files)

    def to_text(self) -> str:
        """The lines in their order; sorted, so that one state has one spelling."""
        lines = [f"exchange {self.exchange}", f"from {self.sender}", f"to {self.to}"]
        lines.append(f"at {self.at}")
        lines += [
            f"holds {log} {head.size} {head.root}" for log, head in sorted(self.holds.items())
        ]
        pairs = sorted(self.cosigned.items())
        lines += [f"cosigned {log} {party} {size}" for (log, party), size in pairs]
        lines += [f"fork {each}" for each in sorted(self.forks)]
        lines += [f"wants {each}" for each in sorted(self.wants)]
        lines += [f"log {log} {start} {end}" for log, (start, end) in sorted(self.logs.items())]
        lines += [
            f"body {each.digest} {each.log} {each.seq} {','.join(each.readers)}"
            for each in sorted(self.bodies, key=lambda each: each.digest)
        ]
        lines += [f"file {name} {size} {sha}" for name, (size, sha) in sorted(self.files.items())]
        return FORMAT + "\n" + "\n".join(lines) + "\n"


def read_manifest_text(text: str, place: str = "package:manifest") -> Manifest:
    """Read a manifest's lines; raises Refused for any line out of form or order."""
    first, *lines = text.split("\n")
    if first != FORMAT or lines[-1:] != [""] or len(lines) > MOST_LINES:
        refuse("manifest-malformed", place, first[:80], FORMAT)
    found: dict[str, list[str]] = {name: [] for name in _ORDER}
    last = 0
    for line in lines[:-1]:
        name, _, value = line.partition(" ")
        pattern = _PATTERNS.get(name)
        if pattern is None or not pattern.fullmatch(value) or _ORDER.index(name) < last:
            refuse("manifest-malformed", place, line[:120], "a line of this format in its place")
        last = _ORDER.index(name)
        found[name].append(value)
    if any(len(found[name]) != 1 for name in _ONCE):
        refuse("manifest-malformed", place, "", "exchange, from, to and at, once each")
    manifest = _manifest(found)
    if manifest.to_text() != text:
        refuse("manifest-malformed", place, "", "lines sorted, each once")
    return manifest


def _manifest(found: Mapping[str, list[str]]) -> Manifest:
    split = {name: [value.split(" ") for value in values] for name, values in found.items()}
    return Manifest(
        exchange=found["exchange"][0],
        sender=found["from"][0],
        to=found["to"][0],
        at=int(found["at"][0]),
        holds={log: Head(int(size), root) for log, size, root in split["holds"]},
        cosigned={(log, party): int(size) for log, party, size in split["cosigned"]},
        forks=frozenset(found["fork"]),
        wants=frozenset(found["wants"]),
        logs={log: (int(start), int(end)) for log, start, end in split["log"]},
        bodies=tuple(
            BodyRef(digest, log, int(seq), tuple(readers.split(",")))
            for digest, log, seq, readers in split["body"]
        ),
        files={name: (int(size), sha) for name, size, sha in split["file"]},
    )


def sign_manifest(manifest: Manifest, exchange: Exchange, key: SigningKey) -> bytes:
    """The manifest as a note signed by its sender."""
    text = manifest.to_text()
    return note_of(text, [sign_note(text, exchange.courier(manifest.sender), key)])


def read_manifest(data: bytes, exchange: Exchange) -> Manifest:
    """A manifest of this exchange, signed by the party it says it is from; raises Refused."""
    place = "package:manifest"
    note = read_note(data, place, MOST_MANIFEST_BYTES)
    manifest = read_manifest_text(note.text, place)
    if manifest.exchange != exchange.id:
        refuse("exchange-other", place, manifest.exchange, exchange.id)
    for party in (manifest.sender, manifest.to):
        if party not in exchange.cards:
            refuse("party-unknown", place, party, "a party of the exchange")
    if not _is_from(note, manifest.sender, exchange):
        refuse("manifest-signature-wrong", place, manifest.sender, "its sender's signature")
    return manifest


def _is_from(note: Note, sender: str, exchange: Exchange) -> bool:
    public = exchange.cards[sender].witness
    signature = note.by_key(exchange.courier(sender), PLAIN, public)
    return signature is not None and is_signed(note.text.encode(), signature, public)
