"""Rules that look right and are not, and rule R with one guard taken out.

Each names the model in which a search finds the schedule that breaks a promise. The four naive
rules stand in docs/explanation/never-more-than-one-step.md with the schedules found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from homeward.crossing import rule
from tests.crossing.model import Bare, Rules, Sheets
from tests.crossing.offices import Office, Restored, WalksFirst

PAIR = (("north", "south"), ("south", "north"))
RING = (("north", "east"), ("east", "south"), ("south", "north"))
GATE = {"north1a": "gate"}


def without(verb: Callable[..., Any], code: str, expected: str = "") -> Callable[..., Any]:
    """The same rule, deaf to one of its reasons."""

    def deaf(*asked: Any) -> tuple[Any, ...]:
        found = verb(*asked)
        return tuple(p for p in found if p.code != code or expected not in p.expected)

    return deaf


def counts_heads(now: Bare, side: str, step: int) -> tuple[Any, ...]:
    """Close as soon as as many came as were to come, whoever they are."""
    sheet = now.sheet(step)
    assert sheet is not None
    came = sum((side, "received", h) in now.kinds for h in (*sheet.incoming(side), f"extra{step}"))
    others = [p for p in rule.may_close(now, side, step) if p.code != "crossing.incoming-open"]
    return (*others, *(["too few"] if came < len(sheet.incoming(side)) else []))


def any_people(now: Bare, side: str, handle: str, writer: str) -> tuple[Any, ...]:
    """Order whomever you like, as long as one step's worth is out by what you know."""
    out = sum(now.is_out(h, side) for h, t in now.sheets.transfers.items() if t.sender == side)
    into = sum(now.is_in(h, side) for h, t in now.sheets.transfers.items() if t.to == side)
    kept = now.says(handle, side, "not-released")
    return ("enough are out",) if kept or out - into >= 1 else ()


@dataclass(frozen=True)
class Mutant:
    """A broken rule, the model that shows it, and what is broken there."""

    name: str
    model: Callable[[], Any]
    broken: str


def _office(rules: Rules, steps: int = 2, **more: Any) -> Office:
    return Office(Sheets(PAIR, steps), rules=rules, **more)


def devices(rules: Rules, writers: dict[str, str], **more: Any) -> Office:
    """An office and its device at the gate."""
    sheets = Sheets(PAIR, 2, writers=writers)
    return Office(sheets, rules=rules, writers=("office", "gate"), voids=False, **more)


R = Rules()

NAIVE = (
    Mutant(
        "wait only for the other's step-closed",
        lambda: _office(
            replace(
                R,
                may_order=without(
                    rule.may_order, "crossing.earlier-step-open", "step-closed of north"
                ),
            ),
            steps=3,
            watch=("lead",),
            beyond=1,
            early=True,
        ),
        "3 ahead where a step is 1",
    ),
    Mutant(
        "counts instead of handles",
        lambda: _office(
            replace(R, may_close=counts_heads), watch=("lead",), extras=True, decisions=False
        ),
        "2 ahead where a step is 1",
    ),
    Mutant(
        "sign after the walk",
        lambda: WalksFirst(_office(R, watch=("lead",), decisions=False)),
        "2 ahead where a step is 1",
    ),
    Mutant(
        "any S people",
        lambda: Office(
            Sheets(PAIR, 1, size=2),
            rules=replace(R, may_order=any_people),
            writers=("office", "gate"),
            watch=("lead",),
            step=1,
        ),
        "2 ahead where a step is 1",
    ),
)

GUARDS = (
    Mutant(
        "an order without everybody ready",
        lambda: _office(
            replace(R, may_order=without(rule.may_order, "crossing.not-ready")), readying=True
        ),
        "before all were ready",
    ),
    Mutant(
        "an order without the own closing of the step before",
        lambda: _office(
            replace(
                R,
                may_order=without(
                    rule.may_order, "crossing.earlier-step-open", "step-closed of north"
                ),
            ),
            watch=("lead",),
            early=True,
        ),
        "2 ahead",
    ),
    Mutant(
        "an order without the others' closing of the step before",
        lambda: _office(
            replace(
                R,
                may_order=without(
                    rule.may_order, "crossing.earlier-step-open", "step-closed of south"
                ),
            )
        ),
        "before all had closed step 1",
    ),
    Mutant(
        "an order by another writer than the assigned one",
        lambda: devices(
            replace(R, may_order=without(rule.may_order, "crossing.other-writer")),
            writers={},
            decisions=False,
        ),
        "2 out unanswered",
    ),
    Mutant(
        "an order for somebody signed as kept",
        lambda: _office(replace(R, may_order=without(rule.may_order, "crossing.already-kept"))),
        "2 out unanswered",
    ),
    Mutant(
        "an order by an unchecked writer after a restore",
        lambda: Restored(
            _office(
                replace(R, may_order=without(rule.may_order, "crossing.unchecked-restore")),
                voids=False,
                decisions=False,
            )
        ),
        "2 out unanswered",
    ),
    Mutant(
        "leaving on an order from before a restore",
        lambda: Restored(
            _office(
                replace(R, may_leave=without(rule.may_leave, "crossing.ordered-before-restore")),
                voids=False,
                decisions=False,
            )
        ),
        "2 out unanswered",
    ),
    Mutant(
        "an order while somebody of an earlier step is out",
        lambda: Restored(
            _office(
                replace(R, may_order=without(rule.may_order, "crossing.earlier-person-out")),
                voids=False,
                decisions=False,
            ),
            ("orders",),
            returns=True,
        ),
        "2 out unanswered",
    ),
    Mutant(
        "leaving after being signed as kept",
        lambda: _office(replace(R, may_leave=without(rule.may_leave, "crossing.already-kept"))),
        "2 ahead",
    ),
    Mutant(
        "closing with people still to come",
        lambda: _office(
            replace(R, may_close=without(rule.may_close, "crossing.incoming-open")),
            watch=("lead",),
        ),
        "2 ahead",
    ),
    Mutant(
        "closing with own people unaccounted for",
        lambda: _office(replace(R, may_close=without(rule.may_close, "crossing.outgoing-open"))),
        "2 out unanswered",
    ),
)

RESTORES = (
    Mutant(
        "a count that signs only for those who are gone",
        lambda: Restored(_office(R, voids=False, decisions=False), ("gone",)),
        "2 out unanswered",
    ),
    Mutant(
        "a count of those steps only that somebody is gone from",
        lambda: Restored(_office(R, voids=False, decisions=False), ("part",)),
        "2 out unanswered",
    ),
    Mutant(
        "a copy that knows no more than the backup",
        lambda: Restored(_office(R, voids=False, decisions=False), ("stale",)),
        "2 out unanswered",
    ),
)
