"""One signed act: its header in ASCII lines, strictly read, and the draft it is written from.

A leaf is 64 bytes of signature and then the header's bytes as they were signed. The header's lines
come in one order, every value has one spelling, and the kind decides which lines there are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from homeward.record.kinds import Rule, rules
from homeward.record.refusal import refuse
from homeward.record.signing import SIGNATURE_BYTES, SigningKey, is_signed

FORMAT = "homeward-entry/v1"
MOST_HEADER_BYTES = 2048
MOST_SIGHTINGS = 12
# As many fit a header with the longest names there are.
SIGHTINGS_ALONE = 6
ZEROS = "0" * 64
SIGNED_PREFIX = b"homeward-entry/v1 signature\n"
OFFICER_PREFIX = b"homeward-entry/v1 officer\n"

_NAME = r"[a-z][a-z0-9-]{0,31}"
_NUMBER = r"(?:0|[1-9][0-9]{0,14})"
_COUNT = r"[1-9][0-9]{0,14}"
_HEX = r"[0-9a-f]{64}"
_WORD = r"[a-z][a-z0-9_-]{0,31}"
_SUM = rf"[a-z0-9][a-z0-9._/:>_-]{{0,79}}={_NUMBER}"

# Every line of a header in its order: pattern of the value, whether it may repeat.
_LINES: dict[str, tuple[str, bool]] = {
    "exchange": (_HEX, False),
    "author": (_NAME, False),
    "writer": (_NAME, False),
    "epoch": (_COUNT, False),
    "seq": (_NUMBER, False),
    "prev": (_HEX, False),
    "seen": (rf"{_NAME}\.{_NAME}\.{_COUNT} {_COUNT} {_HEX}", True),
    "kind": (r"[a-z]+(?:-[a-z]+)*", False),
    "stage": (_COUNT, False),
    "step": (_COUNT, False),
    "from": (_NAME, False),
    "to": (_NAME, False),
    "class": (rf"{_WORD}/{_WORD}/{_WORD}", False),
    "handle": (r"[0-9a-f]{32}", False),
    "digest": (_HEX, False),
    "sums": (rf"{_SUM}(?: {_SUM})*", False),
    "prior": (_HEX, False),
    "part": (rf"{_HEX} {_HEX}", True),
    "officer": (rf"{_NAME} [0-9a-f]{{128}}", True),
}
_ORDER = {name: place for place, name in enumerate(_LINES)}
_ALWAYS = ("exchange", "author", "writer", "epoch", "seq", "prev", "kind")
_DECIDED = tuple(name for name in _LINES if name not in (*_ALWAYS, "seen", "officer"))
_PRINTABLE = re.compile(rb"[\x20-\x7e\n]*")


def _line(name: str, pattern: str, repeats: bool) -> str:
    """A pattern of one header line, or of several; its one group holds the value, or the lines."""
    if repeats:
        return rf"((?:{name} {pattern}\n)*)"
    return rf"{name} ({pattern})\n" if name in _ALWAYS else rf"(?:{name} ({pattern})\n)?"


# A whole header at once: millions are read; what does not fit is read again to find out why.
_HEADER = re.compile(rf"{FORMAT}\n" + "".join(_line(name, *_LINES[name]) for name in _LINES))


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed body: what it is for, its bytes, and the parties that may read it."""

    purpose: str
    value: bytes = field(repr=False)
    readers: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartRef:
    """What a header holds of a sealed body: its commitment and its ciphertext's SHA-256."""

    commitment: str
    ciphertext: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """The last checkpoint of another log that the author had countersigned: size and root."""

    log: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An act before it is signed; ``officers`` names the officers who sign beside the office."""

    kind: str
    stage: int | None = None
    step: int | None = None
    sender: str | None = None
    to: str | None = None
    cls: str | None = None
    handle: str | None = None
    digest: str | None = None
    sums: Mapping[str, int] | None = None
    prior: str | None = None
    parts: Sequence[Part] = ()
    officers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A signed act as it stands in its author's log; ``hash`` is the leaf hash, hexadecimal.

    Two entries are equal when their bytes are, so a set of entries is a set of acts.
    """

    exchange: str
    author: str
    writer: str
    epoch: int
    seq: int
    prev: str
    seen: tuple[Sighting, ...]
    kind: str
    stage: int | None
    step: int | None
    sender: str | None
    to: str | None
    cls: str | None
    handle: str | None
    digest: str | None
    sums: Mapping[str, int] | None
    prior: str | None
    parts: tuple[PartRef, ...]
    officers: tuple[tuple[str, str], ...]
    log: str
    hash: str
    leaf: bytes = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Entry) and self.leaf == other.leaf

    def __hash__(self) -> int:
        return hash(self.leaf)

    @property
    def public(self) -> bool:
        """Whether this kind's header stands in the public copy."""
        return rules()[self.kind].public

    @property
    def place(self) -> str:
        return f"entry {self.log}/{self.seq}"

    def is_signed(self, public: bytes) -> bool:
        """Whether the log's entry key signed exactly these bytes."""
        leaf = self.leaf
        return is_signed(SIGNED_PREFIX + leaf[64:], leaf[:64], public)

    def officer_message(self) -> bytes:
        """What an officer signs: the header without its officer lines, under a prefix."""
        header = self.leaf[SIGNATURE_BYTES:]
        return OFFICER_PREFIX + header[: header.find(b"\nofficer ") + 1 or None]


def read_entry(leaf: bytes, place: str = "entry") -> Entry:
    """Take a leaf apart; raises Refused with the reason when a single byte is out of form.

    Whose key signed it, and whether it continues its log, is asked elsewhere.
    """
    header = leaf[SIGNATURE_BYTES:]
    short = len(header) <= MOST_HEADER_BYTES
    found = _HEADER.fullmatch(header.decode("latin-1")) if short else None
    if found is None:
        _refuse_header(header, place)
    values = dict(zip(_LINES, found.groups(), strict=True))
    rule = rules().get(values["kind"])
    if rule is None:
        refuse("kind-unknown", place, values["kind"], "a kind of the table")
    officers = tuple(_pair(line) for line in _repeated(values["officer"], "officer "))
    _check_fields(rule, values, officers, place)
    return _entry(values, officers, leaf, place)


def _refuse_header(header: bytes, place: str) -> NoReturn:
    """The first reason, line by line, why a header is not of this format."""
    if len(header) > MOST_HEADER_BYTES:
        refuse("header-too-long", place, f"{len(header)} bytes", f"at most {MOST_HEADER_BYTES}")
    if not _PRINTABLE.fullmatch(header):
        refuse("header-not-ascii", place, "", "printable ASCII and newlines")
    if not header.endswith(b"\n"):
        refuse("header-cut", place, "", "a newline at the end")
    first, *lines = header[:-1].decode("ascii").split("\n")
    if first != FORMAT:
        refuse("header-format", place, first[:80], FORMAT)
    known = set()
    last = -1
    for line in lines:
        name, _, value = line.partition(" ")
        order = _ORDER.get(name)
        if order is None:
            refuse("header-line-unknown", place, line[:80], "a line of this format")
        pattern, repeats = _LINES[name]
        if order < last or (order == last and not repeats):
            code = "header-line-twice" if name in known else "header-line-order"
            refuse(code, place, line[:80], "each line in its place, once")
        if not re.fullmatch(pattern, value):
            refuse("header-value-malformed", place, line[:120], f"{name} {pattern}")
        known.add(name)
        last = order
    missing = next(name for name in _ALWAYS if name not in known)
    refuse("header-line-missing", place, missing, "a line every header has")


def _check_fields(
    rule: Rule, values: Mapping[str, str | None], officers: Sequence[tuple[str, str]], place: str
) -> None:
    held = {name for name in _DECIDED if values[name]}
    if not rule.required <= held <= rule.allowed:
        faulty = (held - rule.allowed) | (rule.required - held)
        wrong = next(name for name in _DECIDED if name in faulty)
        if wrong in held:
            refuse("field-forbidden", place, wrong, f"no such line in {rule.kind}")
        refuse("field-missing", place, wrong, f"a line that {rule.kind} requires")
    if len(officers) != rule.officers:
        refuse("officers-number", place, str(len(officers)), f"{rule.officers} officers")
    names = [name for name, _ in officers]
    if names != sorted(set(names)):
        refuse("officers-malformed", place, " ".join(names), "different officers in order")
    if values["from"] is not None and values["from"] == values["to"]:
        refuse("field-contradicts", place, values["from"], "from and to that differ")


def _entry(
    values: Mapping[str, Any], officers: tuple[tuple[str, str], ...], leaf: bytes, place: str
) -> Entry:
    log = f"{values['author']}.{values['writer']}.{values['epoch']}"
    stage, step, sums = values["stage"], values["step"], values["sums"]
    return Entry(
        exchange=values["exchange"],
        author=values["author"],
        writer=values["writer"],
        epoch=int(values["epoch"]),
        seq=int(values["seq"]),
        prev=values["prev"],
        seen=_sightings(_repeated(values["seen"], "seen "), log, place),
        kind=values["kind"],
        stage=int(stage) if stage else None,
        step=int(step) if step else None,
        sender=values["from"],
        to=values["to"],
        cls=values["class"],
        handle=values["handle"],
        digest=values["digest"],
        sums=_read_sums(sums, place) if sums else None,
        prior=values["prior"],
        parts=tuple(PartRef(*_pair(line)) for line in _repeated(values["part"], "part ")),
        officers=officers,
        log=log,
        hash=hashlib.sha256(b"\x00" + leaf).hexdigest(),
        leaf=leaf,
    )


def _repeated(lines: str, name: str) -> list[str]:
    """The values of lines that may stand several times."""
    return [line[len(name) :] for line in lines.splitlines()]


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(" ")
    return name, value


def _sightings(lines: Sequence[str], own: str, place: str) -> tuple[Sighting, ...]:
    if not lines:
        return ()
    found = []
    for line in lines:
        log, size, root = line.split(" ")
        found.append(Sighting(log, int(size), root))
    logs = [each.log for each in found]
    if logs != sorted(set(logs)) or own in logs or len(logs) > MOST_SIGHTINGS:
        refuse("seen-malformed", place, " ".join(logs)[:120], "other logs in order, each once")
    return tuple(found)


def _read_sums(value: str, place: str) -> dict[str, int]:
    pairs = [each.partition("=") for each in value.split(" ")]
    names = [name for name, _, _ in pairs]
    if names != sorted(set(names)):
        refuse("sums-malformed", place, value[:120], "names in order, each once")
    return {name: int(count) for name, _, count in pairs}


def first_lines(exchange: str, log: str, seq: int) -> bytes:
    """The lines of a header before ``prev``: they tell nothing but where the entry lies."""
    author, writer, epoch = log.split(".")
    lines = f"author {author}\nwriter {writer}\nepoch {epoch}\nseq {seq}\n"
    return f"{FORMAT}\nexchange {exchange}\n{lines}".encode("ascii")


def sign_entry(
    draft: Draft,
    *,
    exchange: str,
    log: str,
    seq: int,
    prev: str,
    seen: Sequence[Sighting],
    parts: Sequence[PartRef],
    keys: tuple[SigningKey, Mapping[str, SigningKey]],
) -> Entry:
    """Write the header of a draft, have it signed, and read it back; raises Refused.

    ``keys`` are the log's entry key and the officers' keys by id.
    """
    lines = [f"prev {prev}"]
    lines += [f"seen {each.log} {each.size} {each.root}" for each in seen]
    lines.append(f"kind {draft.kind}")
    lines += _draft_lines(draft)
    lines += [f"part {each.commitment} {each.ciphertext}" for each in parts]
    try:
        header = first_lines(exchange, log, seq) + ("\n".join(lines) + "\n").encode("ascii")
    except UnicodeEncodeError:
        refuse("header-not-ascii", f"entry {log}/{seq}", "", "printable ASCII")
    signer, officers = keys
    for each in sorted(draft.officers):
        if each not in officers:
            refuse("officer-unknown", f"entry {log}/{seq}", each[:40], "an officer of this office")
    message = OFFICER_PREFIX + header
    signed = [
        f"officer {each} {officers[each].sign(message).hex()}\n" for each in sorted(draft.officers)
    ]
    header += "".join(signed).encode("ascii")
    return read_entry(signer.sign(SIGNED_PREFIX + header) + header, f"entry {log}/{seq}")


def _draft_lines(draft: Draft) -> list[str]:
    sums = draft.sums
    values = {
        "stage": draft.stage,
        "step": draft.step,
        "from": draft.sender,
        "to": draft.to,
        "class": draft.cls,
        "handle": draft.handle,
        "digest": draft.digest,
        "sums": None if sums is None else " ".join(f"{name}={sums[name]}" for name in sorted(sums)),
        "prior": draft.prior,
    }
    return [f"{name} {value}" for name, value in values.items() if value is not None]
