"""A small exchange played on a bad day: sides, some of them liars, and a network that is no friend.

Every choice is drawn from ``choose(n)`` (a number below n), so that Hypothesis or a seed decides
what happens, and a run can be played again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from homeward.crossing import Act, Closing, Crossing, Turn, audit, position, tally
from homeward.terms.kernel import Kind, Step, Transfer
from tests.crossing.hand import SOLDIER, Hand

DIGEST = "5" * 64
OTHER_DIGEST = "6" * 64
KINDS = (
    "step-ready",
    "release-ordered",
    "released",
    "not-released",
    "received",
    "not-received",
    "conceded",
    "unreceipted-accepted",
    "step-closed",
    "suspension",
    "resumption",
    "correction",
)
# What an honest side may do besides what its turn offers.
ASIDE = ("keep", "extra", "suspend", "resume", "resume")

Choose = Callable[[int], int]


class Office:
    """One party's copy of everything, and its own writers."""

    def __init__(self, name: str, world: World, *, honest: bool) -> None:
        self.name, self.world, self.honest = name, world, honest
        self.hands = {w: Hand(name, w) for w in world.writers_of(name)}
        self.held: dict[str, Act] = {}
        self.said_seen: dict[str, dict[str, int]] = {}
        self.gone: set[str] = set()
        self.sizes: dict[str, int] = {}
        self.crossing = self._crossing()

    def _crossing(self) -> Crossing:
        crossing = Crossing(self.world.sides, self.name)
        for step in self.world.steps:
            assert not crossing.open_sheet(step, DIGEST, self.world.writers)
        return crossing

    def take(self, acts: Sequence[Act]) -> None:
        """Hold these acts as well."""
        for act in self.crossing.take(acts):
            self.held[act.hash] = act
            self.sizes[act.log] = max(self.sizes.get(act.log, 0), act.seq + 1)

    def crash(self, choose: Choose) -> None:
        """Lose what is in memory, and read it again in another order."""
        acts = list(self.held.values())
        self.crossing = self._crossing()
        while acts:
            self.crossing.take([acts.pop(choose(len(acts)))])

    def sign(self, writer: str, kind: str, about: Transfer | None = None, **more: Any) -> Act:
        """Append to an own log, saying what was newly seen of the others."""
        hand = self.hands[writer]
        said = self.said_seen.setdefault(hand.log, {})
        seen = tuple(
            (log, size)
            for log, size in sorted(self.sizes.items())
            if log != hand.log and size > said.get(log, 0)
        )
        said.update(seen)
        act = hand.sign(kind, about, seen=seen, **more)
        self.take([act])
        self.world.ever.append(act)
        return act


class World:
    """Some steps, some sides, and all that was ever signed."""

    def __init__(
        self,
        honest: Sequence[str],
        choose: Choose,
        *,
        moves: Sequence[tuple[str, str]] = (("north", "south"), ("south", "north")),
        steps: int = 3,
        size: int = 2,
        device: bool = False,
    ) -> None:
        self.sides = tuple(sorted({side for move in moves for side in move}))
        self.size, self.choose, self.device = size, choose, device
        self.honest = tuple(honest)
        self.steps = [self._sheet(k, moves) for k in range(1, steps + 1)]
        self.transfers = [t for step in self.steps for t in step.transfers]
        self.writers = {
            t.handle: "gate" for t in self.transfers if device and t.handle.endswith("a")
        }
        self.ever: list[Act] = []
        self.post: list[tuple[str, tuple[Act, ...]]] = []
        self.offices = {s: Office(s, self, honest=s in honest) for s in self.sides}

    def writers_of(self, side: str) -> tuple[str, ...]:
        """The writers of a side: its office, and with a device also its gate."""
        return ("office", "gate") if self.device else ("office",)

    def _sheet(self, k: int, moves: Sequence[tuple[str, str]]) -> Step:
        people = (
            Transfer(f"{sender}{k}{letter}", sender, to, SOLDIER, 1, k)
            for sender, to in moves
            for letter in "abc"[: self.size]
        )
        return Step(1, k, tuple(people))

    # -- what can happen -----------------------------------------------------------------------

    def play(self, moves: int) -> None:
        """That many things happen; after each, every promise to the honest is checked."""
        for _ in range(moves):
            side = self.sides[self.choose(len(self.sides))]
            what = self.choose(8)
            if what < 5:
                self.act(self.offices[side])
                self.check(side)
            elif what < 7:
                self.network(side)
            elif self.choose(3) == 0:
                self.offices[side].crash(self.choose)
                self.check(side)

    def network(self, side: str) -> None:
        """A package is made, delivered (and kept, to come again), or lost."""
        what = self.choose(8)
        if what < 6 or not self.post:
            others = [s for s in self.sides if s != side]
            to = others[self.choose(len(others))]
            package = (to, tuple(self.offices[side].held.values()))
            if what < 4:
                self.offices[to].take(package[1])
            else:
                self.post.append(package)
        elif what == 6:
            to, acts = self.post[self.choose(len(self.post))]
            self.offices[to].take(acts)
        else:
            self.post.pop(self.choose(len(self.post)))

    def act(self, office: Office) -> None:
        """One side does something: the honest what rule R and the truth allow, others anything."""
        if not office.honest:
            self.lie(office)
            return
        turns = office.crossing.next_acts(office.name)
        if self.choose(3) == 0:
            self._order_whom_it_may(office)
        elif turns and self.choose(8):
            self.take_turn(office, turns[self.choose(len(turns))])
        else:
            self.aside(office, ASIDE[self.choose(len(ASIDE))])

    def _order_whom_it_may(self, office: Office) -> None:
        """As many as the rule lets go, whether or not it is their turn."""
        own = [t for t in self.transfers if t.sender == office.name]
        first = self.choose(len(own))
        for t in own[first:] + own[:first]:
            writer = self.writers.get(t.handle, "office")
            if not office.crossing.may_order(office.name, t.handle, writer):
                office.sign(writer, "release-ordered", t)

    def take_turn(self, office: Office, turn: Turn) -> None:
        """An honest side signs one of the acts that its turn offers, if it is true."""
        if turn.kind == "step-ready":
            office.sign("office", "step-ready", stage=1, step=turn.step, digest=DIGEST)
        elif turn.kind == "step-closed":
            closing = office.crossing.closing(office.name, turn.step)
            assert isinstance(closing, Closing)
            office.sign(
                "office",
                "step-closed",
                stage=1,
                step=turn.step,
                sums=closing.sums,
                prior=closing.prior,
            )
        else:
            handle = turn.handles[self.choose(len(turn.handles))]
            self._about(office, turn.kind, self._transfer(handle))

    def _transfer(self, handle: str) -> Transfer:
        return next(t for t in self.transfers if t.handle == handle)

    def _about(self, office: Office, kind: str, t: Transfer) -> None:
        writer = self.writers.get(t.handle, "office")
        crossing = office.crossing
        if kind == "released":
            leaves = not crossing.may_leave(office.name, t.handle) and self.choose(4)
            if leaves:
                office.gone.add(t.handle)
            office.sign(writer, "released" if leaves else "not-released", t)
        elif kind == "received":
            holder = self.offices[t.sender]
            came = t.handle in holder.gone if holder.honest else bool(self.choose(3))
            kinds = ("received", "conceded") if came else ("not-received", "conceded")
            kind = kinds[self.choose(6) == 0]
            if kind != "conceded" or not crossing.may_concede(office.name, t.handle):
                prior = crossing.prior_for(office.name, t.handle, kind)
                office.sign("office", kind, t, prior=prior)
        elif kind == "release-ordered":
            assert not crossing.may_order(office.name, t.handle, writer)
            office.sign(writer, kind, t)
        else:
            office.sign("office", kind, t)

    def aside(self, office: Office, what: str) -> None:
        """Things an honest side may do out of turn."""
        if what == "keep":
            own = [t for t in self.transfers if t.sender == office.name]
            t = own[self.choose(len(own))]
            said = office.crossing.ledger.words(t.handle)
            if t.handle not in office.gone and not any(a.kind == "not-released" for a in said):
                office.sign(self.writers.get(t.handle, "office"), "not-released", t)
        elif what == "extra":
            self._extra(office)
        elif what == "suspend" and not self.choose(4):
            office.sign("office", "suspension")
        elif what == "resume":
            own = [
                a
                for a in office.held.values()
                if a.author == office.name and a.kind == "suspension"
            ]
            if own:
                office.sign("office", "resumption", prior=own[self.choose(len(own))].hash)

    def _extra(self, office: Office) -> None:
        t = self.transfers[self.choose(len(self.transfers))]
        if t.to == office.name:
            number = self.choose(3)
            extra = Kind("soldier", "living", "extra")
            office.sign(
                "office",
                "received",
                Transfer(f"extra{office.name}{number}", t.sender, t.to, extra, 1, t.step),
            )

    def lie(self, office: Office) -> None:
        """A side that keeps to nothing plays along for gain, closes too soon, or signs noise."""
        turns = office.crossing.next_acts(office.name)
        what = self.choose(12)
        if what < 4 and turns:
            self._play_along(office, turns[self.choose(len(turns))])
        elif what < 9:
            self._close_too_soon(office)
        elif what < 11:
            self._sign_for_one(office)
        else:
            self._noise(office)

    def _play_along(self, office: Office, turn: Turn) -> None:
        if turn.kind in ("step-ready", "step-closed"):
            self.take_turn(office, turn)
        else:
            handle = turn.handles[self.choose(len(turn.handles))]
            office.sign("office", turn.kind, self._transfer(handle))

    def _close_too_soon(self, office: Office) -> None:
        """Ready for everything, and done with every step before anybody moved."""
        crossing = office.crossing
        for step in self.steps:
            if not crossing.is_ready(office.name, step.number):
                office.sign("office", "step-ready", stage=1, step=step.number, digest=DIGEST)
                return
            closing = crossing.closing(office.name, step.number)
            if not crossing.has_closed(office.name, step.number) and isinstance(closing, Closing):
                more = {"sums": closing.sums, "prior": closing.prior}
                office.sign("office", "step-closed", stage=1, step=step.number, **more)
                return

    def _sign_for_one(self, office: Office) -> None:
        """One receipt, true or not; or its own people, signed as kept."""
        t = self.transfers[self.choose(len(self.transfers))]
        if t.to == office.name:
            office.sign("office", "received", t)
        elif t.sender == office.name:
            office.sign(self.writers.get(t.handle, "office"), "not-released", t)

    def _noise(self, office: Office) -> None:
        """Anything at all, now and then twice under one number."""
        kind = KINDS[self.choose(len(KINDS))]
        t = self.transfers[self.choose(len(self.transfers))]
        writer = tuple(office.hands)[self.choose(len(office.hands))]
        held = list(office.held.values())
        prior = held[self.choose(len(held))].hash if held and self.choose(3) == 0 else None
        if kind in ("step-ready", "step-closed", "suspension", "resumption", "correction"):
            digest = OTHER_DIGEST if self.choose(8) == 0 else DIGEST
            office.sign(writer, kind, stage=1, step=t.step, digest=digest, prior=prior)
        else:
            office.sign(writer, kind, t, prior=prior)
        if self.choose(12) == 0:
            forged = office.hands[writer].fork("received", t)
            self.ever.append(forged)
            office.take([forged])

    # -- what must hold ------------------------------------------------------------------------

    def check(self, side: str) -> None:
        """The promises to an honest side, from its own acts alone and from its own office."""
        if side not in self.honest:
            return
        office = self.offices[side]
        counted = tally((act for act in self.ever if act.author == side), side)
        assert counted.largest <= self.size, f"{side} was {counted.largest} ahead"
        assert len(office.gone) - len(self._answers(office)) <= self.size
        assert office.crossing.unanswered(side) <= self.size

    def _answers(self, office: Office) -> set[str]:
        words = office.crossing.ledger
        return {
            t.handle
            for t in self.transfers
            if t.to == office.name
            and (words.is_in(t.handle, t.to) or words.says(t.handle, t.to, "conceded"))
        }

    def check_end(self) -> None:
        """What must hold of the whole record, whoever reads it in whatever order."""
        everything = {a.hash: a for a in self.ever}
        for side in self.honest:
            faults = [p for p in audit(everything.values()) if f" {side}." in p.place]
            assert not faults, faults[0]
        self._both_signed(list(everything.values()))

    def _both_signed(self, acts: list[Act]) -> None:
        """Nothing counts as attested by both unless each honest party signed its half."""
        fold = position(acts, sides=self.sides)
        for side in self.honest:
            for role, kind in (("sender", "released"), ("to", "received")):
                own = {a.handle for a in acts if a.author == side and a.kind == kind}
                both = fold.count(**{role: side}, attested_by="both", outcome="transferred")
                assert both <= len(own), f"{side} as {role} signed for {len(own)}, shown {both}"

    # -- a good end ----------------------------------------------------------------------------

    def finish(self) -> None:
        """From here on everybody is honest and everything arrives; it must come to an end."""
        for _ in range(400):
            for office in self.offices.values():
                self._settle(office)
                self.check(office.name)
            for office in self.offices.values():
                for other in self.offices.values():
                    office.take(list(other.held.values()))
            if all(self._closed(step) for step in self.steps):
                return
        raise AssertionError(f"stuck: {self._why()}")

    def _closed(self, step: Step) -> bool:
        return all(o.crossing.agreed_closing(step.number) for o in self.offices.values())

    def _settle(self, office: Office) -> None:
        crossing = office.crossing
        if crossing.is_suspended(office.name):
            for act in list(office.held.values()):
                if act.kind == "suspension" and act.author == office.name:
                    office.sign("office", "resumption", prior=act.hash)
        for turn in crossing.next_acts(office.name):
            if turn.kind in ("step-ready", "step-closed"):
                self.take_turn(office, turn)
                continue
            for handle in turn.handles:
                self._settle_person(office, turn.kind, self._transfer(handle))

    def _settle_person(self, office: Office, kind: str, t: Transfer) -> None:
        if kind in ("conceded", "unreceipted-accepted"):
            given_up = office.crossing.ledger.says(t.handle, t.to, "conceded")
            kept = office.crossing.ledger.says(t.handle, t.sender, "not-released")
            missed = office.crossing.ledger.says(t.handle, t.to, "not-received")
            if kept or missed or given_up:
                office.sign("office", kind, t)
        elif kind == "received":
            came = t.handle in self.offices[t.sender].gone
            office.sign("office", "received" if came else "not-received", t)
        else:
            self._about(office, kind, t)

    def _why(self) -> list[str]:
        return [
            f"{side}: step {step.number}: {problem}"
            for side, office in self.offices.items()
            for step in self.steps
            for problem in (
                *office.crossing.may_close(side, step.number),
                office.crossing.closing(side, step.number),
            )
        ]
