"""One signed act: its header in ASCII lines, strictly read, and the draft it is written from.

A leaf is 64 bytes of signature and then the header's bytes as they were signed. The header's lines
come in one order, every value has one spelling, and the kind decides which lines there are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
_LINES: dict[str, tuple[re.Pattern[str], bool]] = {
    "exchange": (re.compile(_HEX), False),
    "author": (re.compile(_NAME), False),
    "writer": (re.compile(_NAME), False),
    "epoch": (re.compile(_COUNT), False),
    "seq": (re.compile(_NUMBER), False),
    "prev": (re.compile(_HEX), False),
    "seen": (re.compile(rf"{_NAME}\.{_NAME}\.{_COUNT} {_COUNT} {_HEX}"), True),
    "kind": (re.compile(r"[a-z]+(?:-[a-z]+)*"), False),
    "stage": (re.compile(_COUNT), False),
    "step": (re.compile(_COUNT), False),
    "from": (re.compile(_NAME), False),
    "to": (re.compile(_NAME), False),
    "class": (re.compile(rf"{_WORD}/{_WORD}/{_WORD}"), False),
    "handle": (re.compile(r"[0-9a-f]{32}"), False),
    "digest": (re.compile(_HEX), False),
    "sums": (re.compile(rf"{_SUM}(?: {_SUM})*"), False),
    "prior": (re.compile(_HEX), False),
    "part": (re.compile(rf"{_HEX} {_HEX}"), True),
    "officer": (re.compile(rf"{_NAME} [0-9a-f]{{128}}"), True),
}
_ORDER = {name: place for place, name in enumerate(_LINES)}
_ALWAYS = ("exchange", "author", "writer", "epoch", "seq", "prev", "kind")
_DECIDED = tuple(name for name in _LINES if name not in (*_ALWAYS, "seen", "officer"))
_PRINTABLE = re.compile(rb"[\x20-\x7e\n]*")


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
    fields = _read_lines(header, place)
    kind = fields["kind"][0]
    rule = rules().get(kind)
    if rule is None:
        refuse("kind-unknown", place, kind, "a kind of the table")
    _check_fields(rule, fields, place)
    return _entry(fields, leaf, place)


def _read_lines(header: bytes, place: str) -> dict[str, list[str]]:
    if len(header) > MOST_HEADER_BYTES:
        refuse("header-too-long", place, f"{len(header)} bytes", f"at most {MOST_HEADER_BYTES}")
    if not _PRINTABLE.fullmatch(header):
        refuse("header-not-ascii", place, "", "printable ASCII and newlines")
    if not header.endswith(b"\n"):
        refuse("header-cut", place, "", "a newline at the end")
    first, *lines = header[:-1].decode("ascii").split("\n")
    if first != FORMAT:
        refuse("header-format", place, first[:80], FORMAT)
    fields: dict[str, list[str]] = {}
    last = -1
    for line in lines:
        name, _, value = line.partition(" ")
        order = _ORDER.get(name)
        if order is None:
            refuse("header-line-unknown", place, line[:80], "a line of this format")
        pattern, repeats = _LINES[name]
        if order < last or (order == last and not repeats):
            code = "header-line-twice" if name in fields else "header-line-order"
            refuse(code, place, line[:80], "each line in its place, once")
        if not pattern.fullmatch(value):
            refuse("header-value-malformed", place, line[:120], f"{name} {pattern.pattern}")
        fields.setdefault(name, []).append(value)
        last = order
    for name in _ALWAYS:
        if name not in fields:
            refuse("header-line-missing", place, name, "a line every header has")
    return fields


def _check_fields(rule: Rule, fields: Mapping[str, list[str]], place: str) -> None:
    for name in _DECIDED:
        if name in fields and name not in rule.allowed:
            refuse("field-forbidden", place, name, f"no such line in {rule.kind}")
        if name in rule.required and name not in fields:
            refuse("field-missing", place, name, f"a line that {rule.kind} requires")
    officers = [line.partition(" ")[0] for line in fields.get("officer", ())]
    if len(officers) != rule.officers:
        refuse("officers-number", place, str(len(officers)), f"{rule.officers} officers")
    if officers != sorted(set(officers)):
        refuse("officers-malformed", place, " ".join(officers), "different officers in order")
    if "from" in fields and fields.get("from") == fields.get("to"):
        refuse("field-contradicts", place, fields["from"][0], "from and to that differ")


def _entry(fields: Mapping[str, list[str]], leaf: bytes, place: str) -> Entry:
    author, writer, epoch = (fields[name][0] for name in ("author", "writer", "epoch"))
    seen = _sightings(fields.get("seen", ()), f"{author}.{writer}.{epoch}", place)
    parts = tuple(PartRef(*line.split(" ")) for line in fields.get("part", ()))

    def text(name: str) -> str | None:
        return fields[name][0] if name in fields else None

    def number(name: str) -> int | None:
        return int(fields[name][0]) if name in fields else None

    return Entry(
        exchange=fields["exchange"][0],
        author=author,
        writer=writer,
        epoch=int(epoch),
        seq=int(fields["seq"][0]),
        prev=fields["prev"][0],
        seen=seen,
        kind=fields["kind"][0],
        stage=number("stage"),
        step=number("step"),
        sender=text("from"),
        to=text("to"),
        cls=text("class"),
        handle=text("handle"),
        digest=text("digest"),
        sums=_read_sums(fields["sums"][0], place) if "sums" in fields else None,
        prior=text("prior"),
        parts=parts,
        officers=tuple(_pair(line) for line in fields.get("officer", ())),
        log=f"{author}.{writer}.{epoch}",
        hash=hashlib.sha256(b"\x00" + leaf).hexdigest(),
        leaf=leaf,
    )


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
