"""Closing a step: one side numbers its proposals, the others accept one by its number."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.crossing.ledger import Ledger
from homeward.crossing.rule import Standing
from homeward.problem import Problem
from homeward.terms.kernel import Step

NUMBER = "proposal"


@dataclass(frozen=True, slots=True)
class Closing:
    """What a side signs as ``step-closed``: the proposal's number, its sums, whose it accepts.

    ``sums`` are heads by side: ``<side>.out`` and ``<side>.in`` are the sheet's sizes, the others
    what stands signed. ``prior`` is the accepted proposal's hash, None for the proposer's own.
    """

    step: int
    number: int
    sums: tuple[tuple[str, int], ...]
    prior: str | None


def proposer(sheet: Step) -> str:
    """The side that numbers the proposals of a step: the sides of the step take turns."""
    sides = sorted(sheet.sides())
    return sides[(sheet.number - 1) % len(sides)]


def sums_of(ledger: Ledger, sheet: Step) -> tuple[tuple[str, int], ...]:
    """Heads by side as they stand signed for one step, with the sheet's sizes beside them."""
    sums = {}
    for side in sorted(sheet.sides()):
        out, into = sheet.out(side), sheet.incoming(side)
        sums[f"{side}.out"] = len(out)
        sums[f"{side}.in"] = len(into)
        sums[f"{side}.released"] = sum(ledger.says(h, side, "released") for h in out)
        sums[f"{side}.kept"] = sum(
            ledger.says(h, side, "not-released") and not ledger.is_out(h, side) for h in out
        )
        sums[f"{side}.received"] = sum(ledger.is_in(h, side) for h in into)
        sums[f"{side}.conceded"] = sum(ledger.is_given_up(h, side) for h in into)
    return tuple(sorted(sums.items()))


def closing(now: Standing, side: str, step: int) -> Closing | Problem:
    """What ``side`` would sign to close this step, as far as it can see; or why not yet.

    Whether it may close at all is rule R's question (``may_close``), not this one's.
    """
    sheet = now.sheet(step)
    if sheet is None:
        return Problem("crossing.sheet-not-opened", f"step {step}", "no sheet", "its sheet")
    sums = sums_of(now.ledger, sheet)
    lead = proposer(sheet)
    made = [a for a in now.ledger.of_step("step-closed", step) if a.author == lead and not a.prior]
    if side == lead:
        if any(facts_of(a.sums) == sums for a in made):
            return Problem(
                "crossing.already-proposed", f"step {step}", "the same sums", "changed sums"
            )
        number = 1 + max((a.sum(NUMBER) for a in made), default=0)
        return Closing(step, number, (*sums, (NUMBER, number)), None)
    fitting = [a for a in made if facts_of(a.sums) == sums]
    if not fitting:
        value = "other sums" if made else "no proposal held"
        hint = f"exchange packages with {lead}, then {lead} proposes again"
        expected = f"a proposal of {lead} with the sums held here"
        return Problem("crossing.sums-differ", f"step {step}", value, expected, hint)
    best = max(fitting, key=lambda a: (a.sum(NUMBER), a.hash))
    number = best.sum(NUMBER)
    return Closing(step, number, (*sums, (NUMBER, number)), best.hash)


def agreed_closing(now: Standing, step: int) -> Closing | None:
    """The highest proposal that every other side of the step accepted; None while there is none."""
    sheet = now.sheet(step)
    if sheet is None:
        return None
    signed = now.ledger.of_step("step-closed", step)
    lead = proposer(sheet)
    others = sheet.sides() - {lead}
    for made in sorted(
        (a for a in signed if a.author == lead and not a.prior),
        key=lambda a: (-a.sum(NUMBER), a.hash),
    ):
        accepted = {a.author for a in signed if a.prior == made.hash}
        if others <= accepted:
            return Closing(step, made.sum(NUMBER), made.sums, made.hash)
    return None


def facts_of(sums: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """The heads in a closing, without its number and what the record adds (``own/``, ``size/``)."""
    return tuple(
        (name, value) for name, value in sorted(sums) if name != NUMBER and "/" not in name
    )
