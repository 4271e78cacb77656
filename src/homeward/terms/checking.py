"""``check``: one question, whatever stands at hand to ask it of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import Terms
from homeward.terms.allotment import Moved
from homeward.terms.annexes import Annex
from homeward.terms.controls import controls
from homeward.terms.deviations import deviations
from homeward.terms.dues import count_against
from homeward.terms.extension import extension
from homeward.terms.happened import Done
from homeward.terms.judging import Judgement, judge, movements
from homeward.terms.kernel import Position, Transfer
from homeward.terms.ledger import ledger, units_of
from homeward.terms.mixes import mixes
from homeward.terms.outcome import Account, accounts, verdict_of
from homeward.terms.rates import rates
from homeward.terms.review import review
from homeward.terms.shares import shares


def check(
    terms: Terms,
    *,
    transfers: Iterable[Transfer] | None = None,
    position: Position | None = None,
    plan_rows: Iterable[Any] | None = None,
    lines: Iterable[Any] | None = None,
    annexes: Sequence[Annex] = (),
    done: Done | None = None,
) -> Judgement:
    """Judge transfers, plan rows, a position or events by the terms and the annexes agreed so far.

    ``plan_rows`` have ``handle, sender, to, stage, step, category, state, group``; with
    ``lines`` (``handle, holder, claimant, category, state``) each row is checked against its
    line. ``lines`` alone are a list of persons: nobody has moved, and ``problems`` name those whom
    no clause covers and how many more they are than a clause asks for. Everything broken is in
    ``problems``; what merely has not happened is in ``left``. With nothing to judge, ``problems``
    are the warnings of ``review``.
    """
    if done is not None:
        return _by_events(terms, done)
    rows = tuple(plan_rows or ())
    listed = tuple(transfers or ())
    if transfers is None and plan_rows is None and position is None:
        judgement = judge(terms, (), annexes)
        if lines is not None:
            return replace(judgement, problems=_listed(terms, tuple(lines)))
        return replace(judgement, problems=(*judgement.problems, *review(terms)))
    judgement = judge(terms, movements(listed, rows, position), annexes)
    problems = _handles([*listed, *rows])
    if lines is not None:
        problems += _against_lines([*listed, *rows], tuple(lines))
    if position is not None:
        problems += _position(terms, position)
        judgement = replace(judgement, reckoned=units_of(terms, position))
    return replace(judgement, problems=(*judgement.problems, *problems))


def _by_events(terms: Terms, done: Done) -> Judgement:
    rows, allotment = accounts(terms, done)
    reckoned, found = reckon(terms, done, rows)
    problems = deviations(terms, done, rows, allotment, found)
    left = (
        {
            "obligation": row.obligation.id,
            "from": row.obligation.sender,
            "to": row.obligation.to,
            "count": row.left,
        }
        for row in rows
        if row.standing != "met"
    )
    verdict, rule = verdict_of(terms, done, rows, problems)
    return Judgement(
        problems=problems,
        owed=terms.owed(),
        done=tuple(row.to_json() for row in rows),
        left=tuple(left),
        verdict=verdict,
        rule=rule,
        reckoned=reckoned,
    )


def reckon(
    terms: Terms, done: Done, rows: Sequence[Account]
) -> tuple[tuple[dict[str, Any], ...], tuple[Problem, ...]]:
    """What follows from a clause by sums: shares, mixes, scales, earned time; and what broke."""
    found = [
        *controls(terms, done, rows),
        *mixes(terms, done),
        *shares(terms, done, rows),
        *ledger(terms, done),
        *extension(terms, done),
        *rates(terms, done),
    ]
    reckoned = tuple(row for row in found if not isinstance(row, Problem))
    return reckoned, tuple(problem for problem in found if isinstance(problem, Problem))


def _listed(terms: Terms, lines: Sequence[Any]) -> tuple[Problem, ...]:
    """Whom a list holds that no clause covers, and where it holds more than a clause asks for.

    A list may well be longer than what is owed, as a pool is: that is a note.
    """
    moved, problems = [], _handles(lines)
    for line in lines:
        category = line.category
        if category is not None and category not in terms.categories:
            known = "one of " + ", ".join(terms.categories)
            place = f"handle {line.handle}"
            problems.append(Problem("terms.category-unknown", place, category, known))
        else:
            place = "lines"
            moved.append(
                Moved(line.holder, line.claimant, category, line.state, None, 1, place=place)
            )
    allotment, _ = count_against(terms, moved)
    found = [
        replace(one, level="note") if one.code == "terms.excess" else one
        for one in allotment.problems
    ]
    return (*found, *problems)


def _handles(rows: Sequence[Any]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for row in rows:
        mapped = isinstance(row, Mapping)
        handle = row.get("handle") if mapped else getattr(row, "handle", None)
        if handle is not None and handle in seen:
            problems.append(
                Problem("terms.handle-twice", f"handle {handle}", "", "one transfer of a person")
            )
        elif handle is not None:
            seen.add(handle)
    return problems


def _against_lines(rows: Sequence[Any], lines: Sequence[Any]) -> list[Problem]:
    known = {line.handle: line for line in lines}
    problems = []
    for row in rows:
        line, place = known.get(row.handle), f"handle {row.handle}"
        if line is None:
            problems.append(Problem("terms.handle-unknown", place, "", "a line that was offered"))
            continue
        kind = getattr(row, "kind", row)
        pairs = (
            ("terms.other-holder", row.sender, line.holder),
            ("terms.other-claimant", row.to, line.claimant),
            ("terms.other-category", kind.category, line.category),
            ("terms.other-state", kind.state, line.state),
        )
        problems += [
            Problem(code, place, str(said), str(known_as))
            for code, said, known_as in pairs
            if said != known_as
        ]
    return problems


def _position(terms: Terms, position: Position) -> list[Problem]:
    if terms.step is None:
        return []
    return [
        Problem("terms.lead-exceeded", f"side {side}", str(lead), f"at most {terms.step}")
        for side, lead in sorted(position.largest_lead.items())
        if lead > terms.step
    ]
