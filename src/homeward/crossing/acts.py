"""Acts: the headers of record entries, as far as the crossing reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, Protocol

from homeward.terms.kernel import Kind

# What a holder says about a person it holds, and a receiver about a person it is to receive.
HOLDER_KINDS = frozenset({"release-ordered", "released", "not-released", "unreceipted-accepted"})
RECEIVER_KINDS = frozenset({"received", "not-received", "conceded"})
# Facts are accepted in any state and order; the other two kinds of either side are decisions.
FACTS = frozenset({"released", "not-released", "received", "not-received"})
OPPOSITE = {
    "released": "not-released",
    "not-released": "released",
    "received": "not-received",
    "not-received": "received",
}
HOME_WRITER = "office"
EXTRA = "extra"


class Sighted(Protocol):
    """How much of another log an author had countersigned."""

    @property
    def log(self) -> str: ...
    @property
    def size(self) -> int: ...


class Signed(Protocol):
    """What an entry of the record offers; its bodies are not needed here."""

    @property
    def author(self) -> str: ...
    @property
    def writer(self) -> str: ...
    @property
    def epoch(self) -> int: ...
    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def stage(self) -> int | None: ...
    @property
    def step(self) -> int | None: ...
    @property
    def sender(self) -> str | None: ...
    @property
    def to(self) -> str | None: ...
    @property
    def cls(self) -> str | None: ...
    @property
    def handle(self) -> str | None: ...
    @property
    def digest(self) -> str | None: ...
    @property
    def sums(self) -> Mapping[str, int] | None: ...
    @property
    def prior(self) -> str | None: ...
    @property
    def seen(self) -> Sequence[Sighted]: ...
    @property
    def hash(self) -> str: ...


class Act(NamedTuple):
    """One signed header. ``seq`` counts from 0 within (author, writer, epoch); ``hash`` names it.

    ``seen`` pairs other logs' names with the number of their entries that the author had signed
    for, where that had grown since the author's entry before; see ``Sightings``.
    """

    hash: str
    author: str
    writer: str
    epoch: int
    seq: int
    kind: str
    stage: int | None = None
    step: int | None = None
    sender: str | None = None
    to: str | None = None
    cls: str | None = None
    handle: str | None = None
    digest: str | None = None
    sums: tuple[tuple[str, int], ...] = ()
    prior: str | None = None
    seen: tuple[tuple[str, int], ...] = ()

    @property
    def log(self) -> str:
        """``author.writer.epoch``, the name of the log it stands in."""
        return f"{self.author}.{self.writer}.{self.epoch}"

    @property
    def place(self) -> str:
        """Where a problem about it is: the log's name and the entry's number."""
        return f"entry {self.log}/{self.seq}"

    def sum(self, name: str, otherwise: int = 0) -> int:
        """The number that a closing or a count states under ``name``."""
        return dict(self.sums).get(name, otherwise)


# A key that sorts acts the same way wherever they are sorted: log by log.
order_of = attrgetter("author", "writer", "epoch", "seq", "hash")


def act_of(entry: Signed | Act) -> Act:
    """The act that a verified entry of the record carries; an act is returned as it is."""
    if isinstance(entry, Act):
        return entry
    return Act(
        entry.hash,
        entry.author,
        entry.writer,
        entry.epoch,
        entry.seq,
        entry.kind,
        entry.stage,
        entry.step,
        entry.sender,
        entry.to,
        entry.cls,
        entry.handle,
        entry.digest,
        tuple(sorted(entry.sums.items())) if entry.sums else (),
        entry.prior,
        tuple((sighting.log, sighting.size) for sighting in entry.seen),
    )


def acts_of(entries: Iterable[Signed | Act]) -> list[Act]:
    """Every entry as an act, in the order given."""
    return [act_of(entry) for entry in entries]


def withdraws(later: Act, earlier: Act) -> bool:
    """Whether ``later`` takes ``earlier`` back: the author's own correction or opposite fact.

    A correction cannot itself be taken back; the fact is signed anew instead.
    """
    if later.author != earlier.author or later.prior != earlier.hash:
        return False
    if later.kind == "correction":
        return True
    return later.kind == OPPOSITE.get(earlier.kind) and later.handle == earlier.handle


@lru_cache(maxsize=4096)
def kind_of(cls: str | None) -> Kind:
    """The kind of person that a header's class names; one that cannot be read is shown as such."""
    try:
        return Kind.parse(cls or "")
    except ValueError:
        return Kind(cls or "unknown", "unknown", "unknown")


def inside(act: Act) -> bool:
    """Whether the person counts in the balance (the class's group is ``inside``)."""
    return kind_of(act.cls).group == "inside"
