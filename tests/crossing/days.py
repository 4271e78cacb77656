"""A bad day at the line: sides, some of them liars, a network that is no friend, disks that die.

Every choice is drawn from ``choose(n)`` (a number below n), so that Hypothesis or a seed decides
what happens, and a day can be played again. What happened is counted by kind in ``happened``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from homeward.crossing import Act, Crossing, audit, position, tally
from homeward.record import Draft, Entry
from homeward.terms.kernel import Step, Transfer
from tests.crossing.copies import NEUTRAL, OFFICERS, Cast, Copy, Shelved, cast
from tests.crossing.hand import SOLDIER
from tests.crossing.model import Sheet

DIGEST = "5" * 64
Choose = Callable[[int], int]
Moves = Sequence[tuple[str, str]]
TWO_OFFICERS = frozenset({"conceded", "unreceipted-accepted", "key-change"})
GATE = "gate"


@dataclass(frozen=True)
class Setting:
    """Who meets whom, and on what terms."""

    moves: Moves
    honest: frozenset[str]
    devices: frozenset[str] = frozenset()  # sides with a second, offline device
    neutral: bool = False  # a neutral holds each order before the person moves
    size: int = 2
    steps: int = 3
    shelved: bool = False  # over the whole store, with packages as bytes
    frail: bool = False  # disks die often, and nobody is in a hurry to confirm

    @property
    def sides(self) -> tuple[str, ...]:
        return tuple(sorted({side for move in self.moves for side in move}))


@dataclass
class Party:
    """A side, and where its people are in truth."""

    name: str
    honest: bool
    ways: frozenset[str] = frozenset()  # what a liar does
    gone: set[str] = field(default_factory=set)
    left: bool = False  # walked away


class Desk:
    """One writer of a party: its copy of everything, and the crossing read from it."""

    def __init__(self, day: Day, party: Party, writer: str) -> None:
        self.day, self.party, self.writer = day, party, writer
        form = Shelved if day.setting.shelved else Copy
        self.copy: Any = form(day.cast, party.name, writer)
        self.twin: Any = None  # a liar's second history
        self.backup: Any = None
        self.opened: Entry | None = None  # the first entry of a log begun after a restore
        self.crossing = self._crossing()
        self.learn(list(self.copy.entries()))

    @property
    def name(self) -> str:
        return self.party.name

    def _crossing(self) -> Crossing:
        crossing = Crossing(self.day.setting.sides, self.name)
        for step in self.day.steps:
            assert not crossing.open_sheet(step, DIGEST, self.day.writers)
        return crossing

    def learn(self, entries: Sequence[Entry]) -> None:
        """Fold entries that the copy has kept, and what it has proved."""
        self.crossing.take(entries)
        self.crossing.report_forks(self.copy.forks())

    def sign(self, kind: str, about: Transfer | None = None, **more: Any) -> Entry:
        """Append to the own log; whoever is honest is checked at once."""
        entry: Entry = self.copy.sign(draft(kind, about, **more))
        self.learn([entry])
        self.day.signed(entry)
        return entry

    def crash(self) -> None:
        """Lose what is in memory, and read it again in another order."""
        before = {entry.hash for entry in self.copy.entries()}
        self.copy.crash()
        entries = list(self.copy.entries())
        assert before == {entry.hash for entry in entries}, "something acknowledged was lost"
        self.crossing = self._crossing()
        while entries:
            self.learn([entries.pop(self.day.choose(len(entries)))])

    def restore(self) -> None:
        """The disk dies; go on from the backup, in a new log."""
        self.opened = self.copy.restore(self.backup)
        self.backup = None
        self.crossing = self._crossing()
        self.learn(list(self.copy.entries()))
        assert self.opened is not None
        self.day.signed(self.opened)

    def holds_for(self, t: Transfer) -> bool:
        """Whether this writer is the one that may order the person out."""
        return t.sender == self.name and self.day.writers.get(t.handle, "office") == self.writer


def draft(kind: str, about: Transfer | None = None, **more: Any) -> Draft:
    """A draft of one act, with all that its kind asks for."""
    if about is not None:
        more = {
            "stage": about.stage,
            "step": about.step,
            "sender": about.sender,
            "to": about.to,
            "cls": str(about.kind),
            "handle": about.handle,
            **more,
        }
    if kind in TWO_OFFICERS:
        more["officers"] = OFFICERS
    return Draft(kind, **more)


class Day:
    """Some steps, some sides, and all that was ever signed."""

    def __init__(self, setting: Setting, choose: Choose) -> None:
        self.setting, self.choose = setting, choose
        self.cast: Cast = cast(setting.sides)
        Copy.checked.clear()
        self.happened: Counter[str] = Counter()
        self.steps = [self._sheet(k) for k in range(1, setting.steps + 1)]
        self.transfers = {t.handle: t for step in self.steps for t in step.transfers}
        self.writers = {
            t.handle: GATE
            for t in self.transfers.values()
            if t.sender in setting.devices and t.handle[2] == "0"
        }
        self.ever: dict[str, Act] = {}
        self.by_side: dict[str, list[Entry]] = {side: [] for side in setting.sides}
        self.lost: set[str] = set()  # persons who left and never arrived
        self.post: list[tuple[Desk, Any]] = []
        self.checked: dict[str, tuple[int, int]] = {}
        self.parties = {side: self._party(side) for side in setting.sides}
        self.desks = [Desk(self, p, "office") for p in self.parties.values()]
        self.desks += [Desk(self, self.parties[s], GATE) for s in sorted(setting.devices)]
        self.neutral = Desk(self, Party(NEUTRAL, honest=True), "office")
        for desk in self.desks:
            for entry in desk.copy.entries():
                self.signed(entry)

    def _sheet(self, k: int) -> Step:
        sides = self.setting.sides
        people = (
            Transfer(
                f"{sides.index(sender)}{k}{n}{sides.index(to)}".ljust(32, "0"),
                sender,
                to,
                SOLDIER,
                1,
                k,
            )
            for sender, to in self.setting.moves
            for n in range(self.setting.size)
        )
        return Sheet(1, k, tuple(people))

    def _party(self, side: str) -> Party:
        if side in self.setting.honest:
            return Party(side, honest=True)
        ways = {LIES[self.choose(len(LIES))] for _ in range(1 + self.choose(4))}
        return Party(side, honest=False, ways=frozenset(ways))

    # -- what happens --------------------------------------------------------------------------

    def signed(self, entry: Entry) -> None:
        """Note an entry that some desk signed, and hold its side to its promise."""
        self.ever[entry.hash] = entry  # type: ignore[assignment]
        if entry.author in self.by_side:
            self.by_side[entry.author].append(entry)
            if entry.kind == "release-ordered":
                self.happened[f"an order out of step {entry.step}"] += 1

    def parcel(self, sender: Desk, to: str) -> Any:
        """All that a desk holds; a liar with two histories sends one of them."""
        copy = sender.twin if sender.twin is not None and self.choose(2) else sender.copy
        return copy.parcel(to)

    def deliver(self, to: Desk, parcel: Any) -> None:
        """A desk takes what came."""
        before = len(to.copy.forks())
        to.learn(to.copy.take(parcel))
        self.happened["a fork found"] += len(to.copy.forks()) > before

    def order(self, desk: Desk, t: Transfer) -> None:
        """An honest order; where there is a neutral it holds the order before anybody moves."""
        assert not desk.crossing.may_order(desk.name, t.handle, desk.writer)
        _check_order(desk, t, self.steps[t.step - 1].sides())
        while not desk.copy.says_all():  # an order should show all that it rests on
            desk.sign("statement-recorded", digest=DIGEST)
        desk.sign("release-ordered", t)
        self.tell_neutral(desk)

    def tell_neutral(self, desk: Desk) -> None:
        """Where there is a neutral, it holds an order before anybody moves."""
        if self.setting.neutral:
            self.deliver(self.neutral, desk.copy.parcel(NEUTRAL))

    # -- what must hold ------------------------------------------------------------------------

    def bound(self, side: str) -> int:
        """The most that this side gives in one step."""
        return max(len(step.out(side)) for step in self.steps)

    def check(self, side: str) -> None:
        """The promises to an honest side, from its own acts and from where people are in truth."""
        party = self.parties[side]
        now = len(self.ever), len(party.gone)
        if not party.honest or self.checked.get(side) == now:
            return
        self.checked[side] = now
        most = self.bound(side)
        counted = tally(self.by_side[side], side)
        assert counted.largest <= most, f"{side} was {counted.largest} ahead"
        received = {a.handle for a in self.ever.values() if a.kind == "received"}
        own: dict[str, set[str | None]] = {}
        for act in self.by_side[side]:
            own.setdefault(act.kind, set()).add(act.handle)
        ordered = own.get("release-ordered", set()) - own.get("not-released", set())
        out = (ordered | party.gone) - received - own.get("unreceipted-accepted", set())
        assert len(out) <= most, f"{side} has {len(out)} out unanswered"

    def check_end(self) -> None:
        """What must hold of all that was signed, and of all who hold copies of it."""
        everything = list(self.ever.values())
        for side in self.setting.honest:
            faults = [p for p in audit(everything) if f" {side}." in p.place]
            assert not faults, faults[0]
        self._both_signed(everything)
        self._forks_are_found()

    def _both_signed(self, acts: list[Act]) -> None:
        """Nothing counts as attested by both unless each honest party signed its half."""
        fold = position(acts, sides=self.setting.sides)
        for side in self.setting.honest:
            for role, kind in (("sender", "released"), ("to", "received")):
                own = {a.handle for a in acts if a.author == side and a.kind == kind}
                both = fold.count(**{role: side}, attested_by="both", outcome="transferred")
                assert both <= len(own), f"{side} as {role} signed for {len(own)}, shown {both}"

    def _forks_are_found(self) -> None:
        """As soon as two copies that show two histories meet, both offices know of it."""
        honest = [d for d in self.desks if d.party.honest]
        for one in honest:
            for two in honest:
                if one.name != two.name:
                    parting = _parting(one.copy, two.copy)
                    self.deliver(one, two.copy.parcel(one.name))
                    found = one.copy.forks()
                    assert parting <= found, f"{parting - found} not found"


def _check_order(desk: Desk, t: Transfer, parties: frozenset[str]) -> None:
    """What an order asks for beside the steps, read from the copy itself and not by the rule."""
    own = [e for e in desk.copy.entries() if e.author == desk.name]
    stops = {e.hash: e for e in own if e.kind == "suspension"}
    lifted = [e for e in own if e.kind == "resumption"]
    for stop in stops.values():
        later = [e.seq > stop.seq or e.epoch > stop.epoch for e in lifted if e.prior in stops]
        assert any(later), f"{desk.name} orders while it has suspended"
    named = {e.prior for e in lifted}
    overlooked = {e.log for e in desk.copy.entries() if e.hash in named}
    forked = {log for log in desk.copy.forks() if log.split(".")[0] in parties}
    assert forked <= overlooked, f"{desk.name} orders although {forked} is forked"
    epoch = desk.copy.own.rpartition(".")[2]
    ordered = [e for e in own if e.handle == t.handle and e.kind == "release-ordered"]
    since = [e for e in ordered if str(e.epoch) == epoch]
    assert not since, f"{desk.name} orders {t.handle} twice"


LIES = (
    "withhold receipts",
    "lie in sums",
    "sign twice",
    "walk away",
    "forge the other's cell",
    "replay another exchange",
    "close too soon",
    "send half",
    "noise",
)


def _parting(one: Any, two: Any) -> set[str]:
    """The logs of which two copies hold different entries under one number."""
    held = {(e.log, e.seq): e.hash for e in one.entries()}
    return {e.log for e in two.entries() if held.get((e.log, e.seq), e.hash) != e.hash}
