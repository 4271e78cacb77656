"""The crossing itself: sheets opened by one office, and the acts of all, as a guarded state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from homeward.crossing import closing as closings
from homeward.crossing import rule
from homeward.crossing.acts import HOME_WRITER, Act, Signed, acts_of
from homeward.crossing.closing import Closing
from homeward.crossing.conflicts import conflicts, facts_against
from homeward.crossing.lead import Tally, tally
from homeward.crossing.ledger import Ledger
from homeward.crossing.turns import Turn, next_acts, waiting_for
from homeward.problem import Problem
from homeward.terms.kernel import Step, Transfer


class Crossing:
    """What happened at the line, as one office knows it; takes acts, answers by rule R.

    ``sides`` are the parties that give or receive, in any order; ``me`` is the side whose office
    keeps this state (None for an observer). It reads no clock and no file.
    """

    def __init__(self, sides: Sequence[str], me: str | None = None) -> None:
        self.sides = tuple(sorted(sides))
        self.me = me
        self.ledger = Ledger()
        self._sheets: dict[int, tuple[Step, str]] = {}
        self._transfers: dict[str, Transfer] = {}
        self._writers: dict[str, str] = {}
        self._tallies: dict[str, tuple[int, Tally]] = {}
        self._unanswered: dict[str, tuple[tuple[int, int], dict[int, list[str]]]] = {}
        self._reported_forks: set[str] = set()
        self._restored: dict[str, int] = {}

    # -- taking in ---------------------------------------------------------------------------

    def take(self, entries: Iterable[Signed | Act]) -> tuple[Act, ...]:
        """Take acts in, in any order and as often as they come; returns those that were new."""
        return self.ledger.add(acts_of(entries))

    def open_sheet(
        self, sheet: Step, digest: str, writers: Mapping[str, str] | None = None
    ) -> tuple[Problem, ...]:
        """Take in a step sheet that this office has opened; ``digest`` is its text's SHA-256 hex.

        ``writers`` names the writer each handle is assigned to (``office`` where it says nothing).
        A side with no part in a step opens an empty sheet for it. A sheet never changes: another
        one for the same step, or a handle already on a sheet, is refused and nothing is taken.
        """
        held = self._sheets.get(sheet.number)
        place = f"step {sheet.number}"
        if held is not None:
            if held == (sheet, digest):
                return ()
            hint = "put a substitute into a later step"
            return (Problem("crossing.sheet-changed", place, digest[:16], held[1][:16], hint),)
        handles = [t.handle for t in sheet.transfers]
        twice = {h for h in handles if handles.count(h) > 1 or h in self._transfers}
        if twice:
            expected = "a fresh handle for each person and step"
            return tuple(
                Problem("crossing.handle-on-two-sheets", f"{place} handle {h}", h, expected)
                for h in sorted(twice)
            )
        self._sheets[sheet.number] = (sheet, digest)
        self._transfers |= {t.handle: t for t in sheet.transfers}
        self._writers |= {h: w for h, w in (writers or {}).items() if h in self._transfers}
        return ()

    def report_forks(self, logs: Iterable[str]) -> None:
        """Set the logs (``author.writer.epoch``) of which the record holds inconsistent trees."""
        self._reported_forks = set(logs)

    def report_restored(self, writer: str, epoch: int) -> None:
        """Note that an own writer starts again in ``epoch`` and has signed nothing in it yet."""
        self._restored[writer] = epoch

    # -- the standing that rule R reads ------------------------------------------------------

    def sheet(self, step: int) -> Step | None:
        """The sheet of a step, if this office has opened it."""
        held = self._sheets.get(step)
        return None if held is None else held[0]

    def digest(self, step: int) -> str:
        """The digest of an opened sheet."""
        return self._sheets[step][1]

    def steps(self) -> tuple[int, ...]:
        """The numbers of the steps whose sheets are open here."""
        return tuple(sorted(self._sheets))

    def transfer(self, handle: str) -> Transfer | None:
        """The planned transfer behind a handle, from the opened sheets."""
        return self._transfers.get(handle)

    def writer_of(self, handle: str) -> str:
        """The only writer that may order this person out."""
        return self._writers.get(handle, HOME_WRITER)

    def is_ready(self, side: str, step: int) -> bool:
        """Whether ``side`` signed ``step-ready`` on this very sheet, and on no other."""
        digests = {a.digest for a in self.ledger.of_step("step-ready", step) if a.author == side}
        return digests == {self.digest(step)}

    def has_closed(self, side: str, step: int) -> bool:
        """Whether a ``step-closed`` of ``side`` stands for this step."""
        return any(a.author == side for a in self.ledger.of_step("step-closed", step))

    def is_void(self, step: int) -> bool:
        """Whether every writer signed ``not-released`` for all its handles of the step."""
        sheet = self.sheet(step)
        if sheet is None:
            return False
        people = [t for t in sheet.transfers if t.kind.group == "inside"]
        return all(rule.is_kept(self, t.handle, t.sender) for t in people)

    def is_suspended(self, side: str) -> bool:
        """Whether a suspension by ``side`` stands without a later resumption of its own."""
        own = [a for a in self.ledger.of_kind("suspension") if a.author == side]
        named = {None, *(act.hash for act in own)}  # one that answers a fork lifts nothing
        lifted = [
            a for a in self.ledger.of_kind("resumption") if a.author == side and a.prior in named
        ]
        return any(not any(self.ledger.precedes(act, later) for later in lifted) for act in own)

    def is_unchecked(self, side: str, writer: str) -> bool:
        """Whether a restored writer still waits for its last head to be confirmed."""
        if self.epoch(side, writer) > self.ledger.newest(side, writer):
            return True
        return self.ledger.is_unchecked(side, writer, self.sides)

    def epoch(self, side: str, writer: str) -> int:
        """The epoch that a writer is in, as far as this office knows."""
        told = self._restored.get(writer, 1) if side == self.me else 1
        return max(told, self.ledger.newest(side, writer))

    def forked(self, side: str, step: int) -> tuple[str, ...]:
        """Logs of the step's sides with two histories that ``side`` has not decided to overlook."""
        groups = self.ledger.forks()
        if not groups and not self._reported_forks:
            return ()
        sheet = self.sheet(step)
        parties = sheet.sides() if sheet else frozenset(self.sides)
        answered = {a.prior for a in self.ledger.of_kind("resumption") if a.author == side}
        proved = {g[0].log for g in groups if not answered & {act.hash for act in g}}
        logs = proved | (self._reported_forks - self._logs_of(answered))
        return tuple(sorted(log for log in logs if log.split(".")[0] in parties))

    def _logs_of(self, named: Iterable[str | None]) -> set[str]:
        """The logs that entries stand in; a suspension is no word on a fork, so it names none."""
        acts = (self.ledger.get(each) for each in named if each is not None)
        return {act.log for act in acts if act is not None and act.kind != "suspension"}

    # -- rule R ------------------------------------------------------------------------------

    def may_order(self, side: str, handle: str, writer: str = HOME_WRITER) -> tuple[Problem, ...]:
        """Reasons against ordering this person out now; none means that it may be signed."""
        return rule.may_order(self, side, handle, writer)

    def holds_order(self, side: str, handle: str) -> bool:
        """Whether an order for this person stands that was signed since its writer's restore."""
        return rule.holds_order(self, side, handle)

    def may_leave(self, side: str, handle: str) -> tuple[Problem, ...]:
        """Reasons why the crew may not let this person go on the order that is held."""
        return rule.may_leave(self, side, handle)

    def may_close(self, side: str, step: int) -> tuple[Problem, ...]:
        """Reasons against signing ``step-closed``."""
        return rule.may_close(self, side, step)

    def may_concede(self, side: str, handle: str) -> tuple[Problem, ...]:
        """Reasons against giving up an incoming person."""
        return rule.may_concede(self, side, handle)

    def may_accept_unreceipted(self, side: str, handle: str) -> tuple[Problem, ...]:
        """Reasons against closing without the receiver's word for this person."""
        return rule.may_accept_unreceipted(self, side, handle)

    def closing(self, side: str, step: int) -> Closing | Problem:
        """What ``side`` would sign to close the step (number, sums, prior), or why not yet."""
        return closings.closing(self, side, step)

    def agreed_closing(self, step: int) -> Closing | None:
        """The highest closing proposal accepted by all sides of the step."""
        return closings.agreed_closing(self, step)

    def next_acts(self, side: str) -> tuple[Turn, ...]:
        """What ``side`` may do now, step by step."""
        return next_acts(self, side)

    def whose_turn(self) -> tuple[str, ...]:
        """The sides that the lowest open step waits for."""
        return waiting_for(self)

    def prior_for(self, side: str, handle: str, kind: str) -> str | None:
        """The hash that ``side``'s next fact of this kind about the person names as ``prior``."""
        return self.ledger.answered(handle, side, kind)

    # -- what stands -------------------------------------------------------------------------

    def flags(self, entries: Iterable[Signed | Act]) -> tuple[Problem, ...]:
        """What is odd about these acts given all that is held; they are accepted all the same."""
        return tuple(p for act in acts_of(entries) for p in facts_against(self, act))

    def conflicts(self) -> tuple[Problem, ...]:
        """Where the signed words do not fit together, with both sides' words; accepted all."""
        return conflicts(self.ledger)

    def tally(self, side: str) -> Tally:
        """The side's lead, its largest and what it conceded, in heads."""
        size, counted = self._tallies.get(side, (-1, None))
        if counted is None or size != len(self.ledger):
            counted = tally(self.ledger, side)
            self._tallies[side] = (len(self.ledger), counted)
        return counted

    def net_lead(self, side: str, step: int | None = None) -> int:
        """Heads that ``side`` is ahead by its own log; in one step, or over all."""
        counted = self.tally(side)
        return counted.lead if step is None else counted.by_step.get(step, 0)

    def largest_lead(self, side: str) -> int:
        """The largest net lead ``side`` ever had, over its own log in its order."""
        return self.tally(side).largest

    def unanswered(self, side: str) -> int:
        """Heads of ``side`` that are out without their receiver's word or two officers' acceptance.

        Counted over the opened sheets; rule R keeps this within one step, like the lead. A receipt
        that its author takes back later was a receipt: it shows as a conflict, not here.
        """
        return sum(map(len, self._out_in(side).values()))

    def unanswered_in(self, side: str, step: int) -> tuple[str, ...]:
        """The same, as the handles of one step."""
        return tuple(self._out_in(side).get(step, ()))

    def _out_in(self, side: str) -> dict[int, list[str]]:
        now = len(self.ledger), len(self._transfers)
        held = self._unanswered.get(side)
        if held is None or held[0] != now:
            found: dict[int, list[str]] = {}
            for t in self._transfers.values():
                if t.sender == side and t.kind.group == "inside" and self._is_unanswered(t):
                    found.setdefault(t.step, []).append(t.handle)
            held = self._unanswered[side] = now, found
        return held[1]

    def _is_unanswered(self, t: Transfer) -> bool:
        ledger = self.ledger
        return (
            ledger.is_out(t.handle, t.sender)
            and not ledger.ever_said(t.handle, t.to, "received")
            and not ledger.says(t.handle, t.sender, "unreceipted-accepted")
        )

    def conceded(self, side: str) -> int:
        """Heads that ``side`` gave up and has not received."""
        return self.tally(side).conceded
