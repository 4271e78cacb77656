"""Who acts in a small model: one office against all, one that is restored, honest ones together.

A state is what each writer holds, as a set of words; ``moves`` gives all that can happen next and
``broken`` names the promise that a state breaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from homeward.terms.kernel import Step, Transfer
from tests.crossing.model import RULE_R, Bare, Rules, Sheets, Word


@dataclass(frozen=True)
class Office:
    """One side that keeps to the rules, with all its writers, against everybody else.

    The others are not modelled as parties: any word of theirs may reach any writer at any time or
    never, which covers every lie, delay and silence. The office's own people tell the truth.
    """

    sheets: Sheets
    rules: Rules = RULE_R
    me: str = "north"
    writers: tuple[str, ...] = ("office",)
    voids: bool = True  # the others may also sign not-released
    readying: bool = False  # step-ready comes when it comes, instead of standing at the start
    decisions: bool = True  # its officers may concede, and accept without a receipt
    early: bool = False  # facts of a step may come before the one before it is closed
    extras: bool = False  # somebody who is on no sheet may be handed over and signed for
    step: int | None = None  # heads of a step, where it is not the sheet's size
    beyond: int = 0  # look only for what exceeds the step by more than this
    watch: tuple[str, ...] = ("lead", "unanswered", "turn")  # the promises looked at
    _asked: dict[Any, tuple[Word, ...]] = field(default_factory=dict, compare=False, repr=False)

    def start(self) -> State:
        """Every writer holds nothing but the signed sheets."""
        ready = {
            Word(side, "office", "step-ready", k)
            for k, sheet in self.sheets.steps.items()
            for side in sheet.sides()
        }
        known = frozenset() if self.readying else frozenset(ready)
        return (known,) * len(self.writers)

    def moves(self, state: State) -> Iterator[tuple[str, State]]:
        """Everything that can happen next: own acts, others' words arriving, devices meeting."""
        for place, writer in enumerate(self.writers):
            known = state[place]
            for word in self.next_words(known, writer):
                if word.author != self.me:
                    yield f"{_told(word)}; {self.me}'s {writer} holds it", _with(state, place, word)
                elif word.kind != "not-released" or not _walked(state, word.about):
                    yield _told(word), _with(state, place, word)
            for other in state[:place] + state[place + 1 :]:
                for word in sorted(other - known, key=str):
                    if word.author == self.me and _hears(writer, word):
                        yield f"{_told(word)} reaches {writer}", _with(state, place, word)

    def next_words(self, known: frozenset[Word], writer: str, **told: Any) -> tuple[Word, ...]:
        """What this writer may sign next, and what it may hear next, holding ``known``."""
        asked = (known, writer, *told.values())
        if asked not in self._asked:
            now = Bare(self.sheets, known, me=self.me, **told)
            words = dict.fromkeys(self._own_acts(now, writer))
            words |= dict.fromkeys(w for w in self._others_words(now) if _hears(writer, w))
            self._asked[asked] = tuple(word for word in words if word not in known)
        return self._asked[asked]

    def _open_steps(self, now: Bare) -> Iterator[tuple[int, Step]]:
        for k, sheet in self.sheets.steps.items():
            if all(now.has_closed(side, k) for side in sheet.sides()):
                continue
            if self.early or k == 1 or now.has_closed(self.me, k - 1) or self._begun(now, sheet):
                yield k, sheet

    def _begun(self, now: Bare, sheet: Step) -> bool:
        return any(now.says(h, self.me, "release-ordered") for h in sheet.out(self.me))

    def _own_acts(self, now: Bare, writer: str) -> Iterator[Word]:
        for k, sheet in self.sheets.steps.items():
            if self.readying:
                yield Word(self.me, writer, "step-ready", k)
            for h in sorted(sheet.out(self.me)):
                if not self.rules.may_order(now, self.me, h, writer):
                    # Epoch 2 stands for "after the not-released", which no set of words would tell.
                    again = now.says(h, self.me, "not-released")
                    yield Word(self.me, writer, "release-ordered", h, 2 if again else 1)
        for k, sheet in self._open_steps(now):
            for h in sorted(sheet.out(self.me)):
                yield from self._about_leaving(now, writer, h)
            if writer != "office":
                continue  # a device at the gate sees people off; the office does the rest
            for h in sorted(sheet.incoming(self.me)):
                if not now.says(h, self.me, "conceded"):
                    yield Word(self.me, writer, "received", h)
                if self.decisions and not self.rules.may_concede(now, self.me, h):
                    yield Word(self.me, writer, "conceded", h)
            if self.extras:
                yield Word(self.me, writer, "received", f"extra{k}")
            if not self.rules.may_close(now, self.me, k):
                yield Word(self.me, writer, "step-closed", k)

    def _about_leaving(self, now: Bare, writer: str, h: str) -> Iterator[Word]:
        ordered = any(w.writer == writer for w in now.said(h, self.me, "release-ordered"))
        if ordered and not self.rules.may_leave(now, self.me, h):
            yield Word(self.me, writer, "released", h)
        if not now.says(h, self.me, "released") and (
            writer == "office" or self.sheets.writer_of(h) == writer
        ):
            yield Word(self.me, writer, "not-released", h)
        if writer == "office" and self.decisions and not self.rules.may_accept(now, self.me, h):
            yield Word(self.me, writer, "unreceipted-accepted", h)

    def _others_words(self, now: Bare) -> Iterator[Word]:
        others = [side for side in self.sheets.sides if side != self.me]
        if self.readying:
            for k in self.sheets.steps:
                yield from (Word(side, "office", "step-ready", k) for side in others)
        for k, sheet in self._open_steps(now):
            for t in sheet.transfers:
                if t.sender == self.me:
                    yield Word(t.to, "office", "received", t.handle)
                elif self.voids:
                    yield Word(t.sender, "office", "not-released", t.handle)
            yield from (Word(side, "office", "step-closed", k) for side in others)

    def broken(self, state: State) -> str:
        """Which promise this state breaks, if any: reckoned by handles, apart from the code."""
        now = Bare(self.sheets, frozenset().union(*state))
        step = self.sheets.size if self.step is None else self.step
        most = step + self.beyond
        out, into = self._moved(now)
        lead = len(out) - len(into)
        if "lead" in self.watch and lead > most:
            return f"{lead} ahead where a step is {step}"
        unanswered = sum(
            not now.says(h, self.sheets.transfers[h].to, "received")
            and not now.says(h, self.me, "unreceipted-accepted")
            for h in out
        )
        if "unanswered" in self.watch and unanswered > most:
            return f"{unanswered} out unanswered where a step is {step}"
        return self._out_of_turn(now) if "turn" in self.watch else ""

    def _moved(self, now: Bare) -> tuple[set[str], set[str]]:
        out, into = set(), set()
        for handle, t in self.sheets.transfers.items():
            if t.sender == self.me and now.is_out(handle, self.me):
                out.add(handle)
            given_up = now.says(handle, self.me, "conceded")
            if t.to == self.me and (given_up or now.says(handle, self.me, "received")):
                into.add(handle)
        return out, into

    def _out_of_turn(self, now: Bare) -> str:
        for k, sheet in self.sheets.steps.items():
            if not self._begun(now, sheet):
                continue
            if not all(now.is_ready(side, k) for side in sheet.sides()):
                return f"ordered out of step {k} before all were ready"
            for j in range(1, k):
                if not all(now.has_closed(side, j) for side in self.sheets.steps[j].sides()):
                    return f"ordered out of step {k} before all had closed step {j}"
        return ""


State = tuple[frozenset[Word], ...]


def _with(state: State, place: int, word: Word) -> State:
    return (*state[:place], state[place] | {word}, *state[place + 1 :])


def _hears(writer: str, word: Word) -> bool:
    """A gate need not hear of receipts: knowing less is the harder case, and a smaller search."""
    return writer == "office" or word.kind in ("step-closed", "not-released", "step-ready")


def _walked(state: State, handle: str | int) -> bool:
    return any(w.kind == "released" and w.about == handle for known in state for w in known)


def _told(word: Word) -> str:
    who = word.author if word.writer == "office" else f"{word.author}'s {word.writer}"
    return f"{who} signs {word.kind} {word.about}"


class Life(NamedTuple):
    """An office that may lose its disk: what it knows, what it ever signed, and its backup.

    ``held`` is what a neutral holds of it, who is sent each order before the person moves. ``gone``
    are those who left although nobody has said so yet.
    """

    known: frozenset[Word]
    ever: frozenset[Word]
    backup: frozenset[Word] | None = None
    restored: str = ""  # then "unchecked", then "confirmed"
    held: frozenset[Word] = frozenset()
    gone: frozenset[Word] = frozenset()


@dataclass(frozen=True)
class Restored:
    """An office with one writer that is restored once from a backup taken at any moment.

    ``checks`` are the ways in which its past may be confirmed: ``copy`` hands back all it signed;
    ``orders`` hands back the old log up to its last order; ``count``: two officers sign for those
    who are gone, and ``not-released`` for everybody who is there. Weaker ones, which must not do:
    ``part`` signs only for the steps that somebody is gone from, ``gone`` only for those who are
    gone, ``stale`` is a copy that knows no more.

    With ``returns`` the other side, who holds the whole old log, may hand it back at any time
    afterwards; with ``late`` people may leave some time before their crew says so.
    """

    office: Office
    checks: tuple[str, ...] = ("copy", "count")
    returns: bool = False
    late: bool = False

    def start(self) -> Life:
        (known,) = self.office.start()
        return Life(known, known)

    def moves(self, life: Life) -> Iterator[tuple[str, Life]]:
        """Everything that can happen next, the loss of the disk included."""
        unchecked = life.restored == "unchecked"
        epoch = 2 if life.restored else 1
        for word in self.office.next_words(life.known, "office", unchecked=unchecked, epoch=epoch):
            own = word._replace(epoch=epoch) if word.author == self.office.me else word
            yield from self._signed(life, own)
        if not life.restored:
            if life.backup is None:
                yield "a backup is taken", life._replace(backup=life.known)
            else:
                lost = life._replace(known=life.backup, backup=None, restored="unchecked")
                yield "the disk dies; north starts again from its backup", lost
        if unchecked:
            for check in self.checks:
                told = self._confirmed(life, check)
                after = life._replace(
                    known=life.known | told, ever=life.ever | told, restored="confirmed"
                )
                yield f"its past is confirmed by {check}", after
        if self.returns and life.restored == "confirmed" and not life.ever <= life.known:
            yield "the old log comes back", life._replace(known=life.known | life.ever)

    def _signed(self, life: Life, word: Word) -> Iterator[tuple[str, Life]]:
        own, h = word.author == self.office.me, word.about
        left = _walked((life.ever, life.gone), h)
        if own and word.kind == "not-released" and left:
            return  # nobody signs for a person who is not there
        ever = life.ever | {word}
        after = life._replace(known=life.known | {word}, ever=ever)
        if "orders" in self.checks and word.kind == "release-ordered":
            after = after._replace(held=frozenset(w for w in ever if w.author == word.author))
        yield _told(word), after
        if self.late and own and word.kind == "released" and not left:
            gone = life.gone | {word._replace(writer="crew")}
            yield f"{h} leaves; nothing is said yet", life._replace(gone=gone)

    def _confirmed(self, life: Life, check: str) -> set[Word]:
        own = {word for word in life.ever if word.author == self.office.me}
        if check == "copy":
            return own
        if check == "orders":
            return set(life.held)
        if check == "stale":
            return set()
        sheets, me = self.office.sheets, self.office.me
        left = {w.about for w in own | life.gone if w.kind == "released"}
        gone = {Word(me, "office", "released", h) for h in left}
        last = max((sheets.transfers[str(h)].step for h in left), default=0)
        if check == "count":
            last = max(sheets.steps)
        present = {
            Word(me, "office", "not-released", h, epoch=2)
            for k in range(1, last + 1)
            for h in sheets.steps[k].out(me) - left
        }
        return gone if check == "gone" else gone | present

    def broken(self, life: Life) -> str:
        """The promises are kept towards what was ever signed, remembered or not."""
        return self.office.broken((life.ever, life.gone))


@dataclass(frozen=True)
class WalksFirst:
    """An office whose people walk as soon as they may, and whose order is written afterwards.

    A state is (what the log holds, who has walked). Where the log holds no order, ``not-released``
    is signed: nobody knows better.
    """

    office: Office

    def start(self) -> State:
        """Nobody has walked."""
        return (*self.office.start(), frozenset())

    def moves(self, state: State) -> Iterator[tuple[str, State]]:
        """As the office's, but for orders."""
        known, walked = state
        me = self.office.me
        for word in self.office.next_words(known, "office"):
            walks = Word(me, "crew", "released", word.about)
            if (word.author, word.kind) == (me, "release-ordered") and walks not in walked:
                yield f"{word.about} walks; nothing is signed yet", (known, walked | {walks})
            else:
                yield _told(word), (known | {word}, walked)

    def broken(self, state: State) -> str:
        """The promises, towards those who walked."""
        return self.office.broken(state)


@dataclass(frozen=True)
class Honest:
    """Several sides that all keep to the rules and tell the truth; words arrive when they arrive.

    A person ordered out leaves or does not; one who left arrives or is lost on the way. Receivers
    concede real shortfalls only, and holders accept only what the receiver conceded.
    """

    sheets: Sheets
    rules: Rules = RULE_R
    losses: bool = True  # people may be lost on the way
    _asked: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def start(self) -> State:
        """Every side holds the signed sheets, and nothing else."""
        return Office(self.sheets).start() * len(self.sheets.sides)

    def moves(self, state: State) -> Iterator[tuple[str, State]]:
        """Everything that can happen next."""
        for place, side in enumerate(self.sheets.sides):
            known = state[place]
            for word in self._next_words(known, side):
                if word.kind != "received" or _walked(state, word.about):
                    yield _told(word), _with(state, place, word)
            # A package holds all that its sender knows. One that comes late tells no other story
            # than one that came in time before its sender went on.
            for other, sender in zip(state, self.sheets.sides, strict=True):
                if not other <= known:
                    told = (*state[:place], known | other, *state[place + 1 :])
                    yield f"a package of {sender} reaches {side}", told

    def _next_words(self, known: frozenset[Word], side: str) -> list[Word]:
        if (known, side) not in self._asked:
            now = Bare(self.sheets, known, me=side)
            words = dict.fromkeys(self._acts(now, side))
            self._asked[known, side] = [word for word in words if word not in known]
        return self._asked[known, side]

    def _acts(self, now: Bare, side: str) -> Iterator[Word]:
        for k, sheet in self.sheets.steps.items():
            if side in sheet.sides():
                yield Word(side, "office", "step-ready", k)
            for t in sheet.transfers:
                if t.sender == side:
                    yield from self._seeing_off(now, t)
                if t.to == side:
                    yield from self._awaiting(now, t)
            if side in sheet.sides() and not self.rules.may_close(now, side, k):
                yield Word(side, "office", "step-closed", k)

    def _seeing_off(self, now: Bare, t: Transfer) -> Iterator[Word]:
        side, h = t.sender, t.handle
        if not self.rules.may_order(now, side, h, "office"):
            yield Word(side, "office", "release-ordered", h)
        if now.says(h, side, "release-ordered"):
            if not now.says(h, side, "not-released"):
                yield Word(side, "office", "released", h)
            if not now.says(h, side, "released"):
                yield Word(side, "office", "not-released", h)
        if now.says(h, t.to, "conceded") and not self.rules.may_accept(now, side, h):
            yield Word(side, "office", "unreceipted-accepted", h)

    def _awaiting(self, now: Bare, t: Transfer) -> Iterator[Word]:
        side, h = t.to, t.handle
        if now.says(h, side, "conceded"):
            return
        yield Word(side, "office", "received", h)
        lost = self.losses and now.says(h, t.sender, "released")
        if (lost or now.says(h, t.sender, "not-released")) and not self.rules.may_concede(
            now, side, h
        ):
            yield Word(side, "office", "conceded", h)

    def broken(self, state: State) -> str:
        """The promises of every side."""
        for place, side in enumerate(self.sheets.sides):
            asked = ("broken", state[place], side)
            if asked not in self._asked:
                self._asked[asked] = Office(self.sheets, me=side).broken((state[place],))
            if self._asked[asked]:
                return f"{side}: {self._asked[asked]}"
        return ""

    def unfinished(self, state: State) -> str:
        """What is still open when nothing more can happen."""
        for k, sheet in self.sheets.steps.items():
            for known in state:
                now = Bare(self.sheets, known)
                if not all(now.has_closed(side, k) for side in sheet.sides()):
                    return f"step {k} never closes"
        return ""
