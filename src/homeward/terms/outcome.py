"""From terms and events to a judgement: what was owed by the rules, what came, what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.allotment import Allotment, Moved
from homeward.terms.dues import Due, count_against
from homeward.terms.happened import Done, Event, handovers, targets
from homeward.terms.judging import RULES
from homeward.terms.mixes import mix_is_told

# What a fate does to the number where the agreement does not say: nobody may be forced
# (GC III art. 109 and 118), so a refusal never leaves a debt; a death leaves it open.
_UNSAID = {
    "refusal": "counts",
    "death": "still_owed",
    "no_longer_eligible": "reduces",
    "lost_on_the_way": "still_owed",
    "self_recovered": "reduces",
    "claimant_rejects": "counts",
}
_RULE_OF = {
    "declined": "refusal",
    "died": "death",
    "no_longer_eligible": "no_longer_eligible",
    "lost_on_the_way": "lost_on_the_way",
    "recovered_by_own_side": "self_recovered",
    "not_recognised": "claimant_rejects",
}


@dataclass
class Ledger:
    """Per obligation: persons counted by rule, taken off the number, and not to be known."""

    credit: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    cut: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    more: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    open_end: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Account:
    """One obligation at the end: least and most asked, least and most done, and its standing."""

    obligation: Obligation
    low: int
    high: int | None
    done: int
    most_done: int | None
    standing: str
    left: int | None = None
    days: tuple[str, str] | None = None
    credit: int = 0

    def to_json(self) -> dict[str, Any]:
        """One row of ``done``."""
        return {
            "obligation": self.obligation.id,
            "from": self.obligation.sender,
            "to": self.obligation.to,
            "count": self.done,
            "at_most": self.most_done,
            "standing": self.standing,
            "first": self.days[0] if self.days else None,
            "last": self.days[1] if self.days else None,
        }


def effect_of(terms: Terms, fate: str) -> str:
    """What the agreement says a fate does to the number, or the rule where it is silent."""
    case = _RULE_OF[fate]
    rule = terms.said.get("rules", {}).get(case)
    if rule is None:
        return _UNSAID[case]
    return str(rule["effect"] if isinstance(rule, Mapping) else rule)


def moved_by(terms: Terms, done: Done) -> list[Moved]:
    """The handovers that count, at the least number that anybody tells."""
    moved = []
    for event in done.events:
        if event.what not in ("handover", "counted") or event.outside or not event.low:
            continue
        found = targets(terms, event)
        state = event.state or (found[0].state if found else "living")
        ways = [(event.sender[0] if event.sender else "", event.to[0] if event.to else "")]
        if ways == [("", "")] and state == "act":
            # what two do together is each one's act: such an event has no direction
            ways = [(o.sender, o.to) for o in found] or ways
        moved += [
            Moved(
                sender=sender,
                to=to,
                category=event.category,
                state=state,
                group=None,
                count=event.low,
                under=event.under,
                part=event.part,
                facts=event.facts,
                place=event.at,
            )
            for sender, to in ways
        ]
    return moved


def ledger_of(terms: Terms, done: Done) -> Ledger:
    """What fates other than a handover do to each obligation's number."""
    ledger = Ledger()
    _by_author(terms, done, ledger)
    for event in done.events:
        found = targets(terms, event)
        if event.what in ("handover", "counted") and not event.outside:
            for o in found if event.high is None else ():
                ledger.open_end.add(o.id)
            if found and event.high is not None and not event.accounts:
                ledger.more[found[0].id] += event.high - event.low
        elif event.what == "other_person" and found:
            ledger.credit[found[0].id] -= event.low
        elif event.what in _RULE_OF and found:
            _apply(terms, ledger, event, found[0])
    return ledger


def _by_author(terms: Terms, done: Done, ledger: Ledger) -> None:
    """Numbers told by several belong together by author: each author's sum is one account."""
    told: dict[str, list[Event]] = defaultdict(list)
    for event in done.events:
        found = targets(terms, event)
        if event.accounts and event.what in ("handover", "counted") and found and not event.outside:
            told[found[0].id].append(event)
    for id_, events in told.items():
        authors = {who for event in events for who in event.accounts}
        sums = {sum(event.accounts.get(who, event.low) for event in events) for who in authors}
        ledger.credit[id_] += min(sums) - sum(event.low for event in events)
        ledger.more[id_] += max(sums) - min(sums)


def _apply(terms: Terms, ledger: Ledger, event: Event, obligation: Obligation) -> None:
    effect = effect_of(terms, event.what)
    if event.what == "not_recognised":
        # The person had been handed over and counted; only another effect takes that back.
        if effect != "counts":
            ledger.credit[obligation.id] -= event.low
    elif effect == "counts":
        ledger.credit[obligation.id] += event.low
    elif effect in ("reduces", "cuts_both"):
        ledger.cut[obligation.id] += event.low
        if effect == "cuts_both":
            for other in terms.obligations:
                if other.senders == obligation.receivers and other.receivers == obligation.senders:
                    ledger.cut[other.id] += event.low


def still_held(done: Done, terms: Terms, obligation: Obligation) -> int | None:
    """How many were last declared held under an obligation, less those since handed over or
    reserved; None where nobody ever declared it."""
    declared: int | None = None
    for event in done.events:
        if obligation not in targets(terms, event):
            continue
        if event.what == "held":
            declared = event.low
        elif declared is not None and event.what in ("handover", "reserved") and not event.outside:
            declared = max(declared - event.low, 0)
    return declared


def accounts(terms: Terms, done: Done) -> tuple[list[Account], Allotment]:
    """Every obligation with what was asked, what was done, and its standing."""
    allotment, asked = count_against(terms, moved_by(terms, done))
    ledger = ledger_of(terms, done)
    return [_account(terms, done, o, allotment, asked[o.id], ledger) for o in terms.obligations], (
        allotment
    )


def _account(
    terms: Terms, done: Done, o: Obligation, allotment: Allotment, asked: Due, ledger: Ledger
) -> Account:
    low = max(asked.low - ledger.cut[o.id], 0)
    high = None if asked.high is None else max(asked.high - ledger.cut[o.id], 0)
    came = allotment.done[o.id] + ledger.credit[o.id]
    most = None if o.id in ledger.open_end else came + ledger.more[o.id]
    standing = _standing(terms, done, o, (low, came, most), asked)
    left: int | None = max(low - came, 0) if asked.certain else None
    if o.quantity.form == "all":
        left = still_held(done, terms, o)
    events = handovers(terms, done, o)
    days = (str(events[0].first), str(max(events, key=_end).last)) if events else None
    return Account(o, low, high, came, most, standing, left, days, ledger.credit[o.id])


def _end(event: Event) -> date:
    return event.last.last()


def _standing(
    terms: Terms,
    done: Done,
    o: Obligation,
    numbers: tuple[int, int, int | None],
    asked: Due,
) -> str:
    low, came, most = numbers
    if came and not mix_is_told(terms, done, o):
        return "unknown" if came >= low else "short"
    if o.quantity.form == "all":
        held = still_held(done, terms, o)
        if held is None:
            return "unknown" if came or most is None else "open"
        return "short" if held else "met"
    if not asked.certain:  # not specified: whatever came is what was agreed
        return "met" if came or most is None else "open"
    if came >= low:
        return "met"
    return "unknown" if most is None or most >= low else "short"


def verdict_of(
    terms: Terms, done: Done, rows: Sequence[Account], problems: Sequence[Problem]
) -> tuple[str, str]:
    """One word for the whole and the rule that gave it; the first rule that holds decides."""
    ended = [event.what for event in done.events if event.what in _ENDINGS]
    counted = any(e.what in ("handover", "counted") and not e.outside for e in done.events)
    short, unsure = _sums(terms, rows)
    unmet = any(row.standing in ("short", "open") for row in rows)
    unmet = unmet or short or bool(totals_short(terms, done, rows))
    unsure = unsure or any(row.standing == "unknown" for row in rows)
    closed = "closed" in ended
    rules = {
        "V1": (unmet or not counted) and bool({"overtaken", "replaced"} & set(ended)),
        "V2": (unmet or not counted) and "broken_off" in ended,
        "V3": (unmet or not counted) and _stopped(ended),
        "V4": not counted,
        "V5": unmet and not closed,
        "V6": unsure and not closed,
        "V7": any(problem.level != "note" for problem in problems),
    }
    rule = next((id_ for id_, holds in rules.items() if holds), "V8")
    return RULES[rule], rule


_ENDINGS = ("stopped", "resumed", "broken_off", "closed", "replaced", "overtaken")


def _stopped(ended: Sequence[str]) -> bool:
    pauses = [what for what in ended if what in ("stopped", "resumed")]
    return bool(pauses) and pauses[-1] == "stopped"


def totals_short(terms: Terms, done: Done, rows: Sequence[Account]) -> list[tuple[Event, int, int]]:
    """Totals told over several obligations that fall short of what these ask for together."""
    found = []
    for event in done.events:
        part = event.facts or event.category or event.part
        if event.what != "total" or part or event.high is None:
            continue
        ids = {o.id for name in event.together for o in terms.find(name)}
        mine = [row for row in rows if row.obligation.id in ids]
        asked = sum(row.low for row in mine)
        # Persons who did not come and count all the same are in no total of those who came.
        came = event.high + sum(row.credit for row in mine)
        if came < asked:
            found.append((event, came, asked))
    return found


def _sums(terms: Terms, rows: Sequence[Account]) -> tuple[bool, bool]:
    """Whether a quantity over several obligations is certainly short, or cannot be known."""
    short = unsure = False
    for one in terms.sums:
        ids = {o.id for reference in one.of for o in terms.find(reference)}
        part = [row for row in rows if row.obligation.id in ids]
        if sum(row.done for row in part) >= one.quantity.low:
            continue
        most = [row.most_done for row in part]
        if None in most or sum(n or 0 for n in most) >= one.quantity.low:
            unsure = True
        else:
            short = True
    return short, unsure
