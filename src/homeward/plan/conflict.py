"""Why there is no plan: clauses that cannot all hold, in words with numbers, and repairs.

Where the task is a network, a minimum cut is the whole explanation: these clauses need so many,
those let at most so many through (Hoffman 1960). Elsewhere clauses are taken away as long as the
rest cannot hold either (QuickXplain, Junker 2004).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from homeward.plan.cuts import least_change, minimum_cut
from homeward.plan.network import Network, network
from homeward.plan.quarrel import apart, quarrel, smallest_change
from homeward.plan.steps import NoSteps
from homeward.plan.task import Clause, Task, values
from homeward.problem import Problem
from homeward.words import say

_REPAIRS = 12
_SECONDS = 20


@dataclass(frozen=True)
class Repair:
    """The smallest change to one clause alone after which there is a plan."""

    clause: Clause
    change: int

    def sentence(self, language: str = "en") -> str:
        """The change in words."""
        clause = self.clause.sentence(language)
        return say("plan.repair", language, n=abs(self.change), clause=clause)


@dataclass(frozen=True)
class Conflict:
    """Clauses that cannot hold together.

    Where ``need`` and ``can`` are given: the clauses ask for ``need`` heads where they let at
    most ``can`` through. Each repair is enough by itself.
    """

    clauses: tuple[Clause, ...]
    need: int | None = None
    can: int | None = None
    repairs: tuple[Repair, ...] = ()

    def sentences(self, language: str = "en") -> tuple[str, ...]:
        """One sentence for each clause, stages of one site or crossing taken together."""
        head: tuple[str, ...] = ()
        if self.need is not None and self.can is not None:
            head = (say("plan.conflict", language, n=self.need, can=self.can),)
        return (*head, *(clause.sentence(language) for clause in gathered(self.clauses)))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The same as problems, the repairs as hints."""
        hint = "; ".join(repair.sentence() for repair in self.repairs[:3])
        shown = "" if self.need is None else f"{self.need} needed"
        expected = "" if self.can is None else f"at most {self.can}"
        found = gathered(self.clauses)
        return tuple(
            Problem(
                "plan.clauses-conflict", clause.id, shown, expected, f"{clause.sentence()} {hint}"
            )
            for clause in found
        )


def explain_conflict(task: Task) -> Conflict:
    """The clauses in conflict of a task that has no plan.

    What too few persons are there for is said first: it needs no other clause.
    """
    net = network(task, closed=True)
    short = _too_few(task)
    cut = minimum_cut(net) if net is not None and short is None else None
    if short is not None:
        clause, need, can = short
        found = Conflict((clause, *_there(task, [clause], ())), need, can)
    elif cut is not None:
        there = _there(task, cut.clauses, cut.cohorts)
        found = Conflict((*cut.clauses, *there), cut.need, cut.can)
    else:
        named = quarrel(task)
        found = Conflict((*named, *_together(task, named), *_there(task, named, ())))
    return replace(found, repairs=_repairs(task, net, found.clauses[:_REPAIRS]))


def _together(task: Task, named: Sequence[Clause]) -> list[Clause]:
    """That groups stay together, where the clauses named could hold without that."""
    if not task.bundles or not apart(task, named, _SECONDS):
        return []
    return [Clause("groups", "together", values(n=len(task.bundles)))]


def _asked(task: Task) -> list[tuple[Clause, int, frozenset[int]]]:
    """Each clause about persons with the least it asks for, and the pools they are in."""
    duties = zip(task.duties, task.under, strict=True)
    found = [(duty.clause, duty.low, pools) for duty, pools in duties]
    limits = (limit for limit in task.limits if limit.measure == "heads")
    return found + [(limit.clause, limit.low, limit.pools) for limit in limits]


def _too_few(task: Task) -> tuple[Clause, int, int] | None:
    """A clause that asks for more persons than there are: how many, and how many there are."""
    short = [(clause, low, task.most(pools)) for clause, low, pools in _asked(task)]
    return min((one for one in short if one[1] > one[2]), default=None)


def _repairs(task: Task, net: Network | None, clauses: Sequence[Clause]) -> tuple[Repair, ...]:
    """The smallest change of each clause alone that is enough, the smallest of all first."""
    end = time.monotonic() + _SECONDS
    found = []
    for clause in clauses:
        if net is not None:
            change = least_change(net, clause)
        else:
            change = smallest_change(task, clause, end - time.monotonic())
        if change:
            found.append(Repair(clause, change))
    return tuple(sorted(found, key=lambda repair: (repair.change, repair.clause)))


def _there(task: Task, clauses: Sequence[Clause], cohorts: Sequence[int]) -> list[Clause]:
    """How many persons there are, of every sort that is too few."""
    pools = {task.cohorts[number].pool for number in cohorts}
    heads: dict[tuple[str, str, str], int] = {}
    for clause, low, meant in _asked(task):
        if clause in clauses and task.most(meant) < low:
            pools |= meant
            said = {name: str(value) for name, value in clause.values}
            if not meant and "who" in said:
                heads[said["who"], said["to"], said.get("category", "")] = 0
    for number in pools:
        pool = task.pools[number]
        key = (pool.holder, pool.claimant, pool.category)
        heads[key] = heads.get(key, 0) + task.heads[number]
    return [_on_lines(*key, n) for key, n in sorted(heads.items())]


def _on_lines(holder: str, claimant: str, category: str, heads: int) -> Clause:
    place = f"lines {holder}-{claimant} {category}".strip()
    given = values(n=heads, who=holder, to=claimant)
    if not category:
        return Clause(place, "there_all", given)
    return Clause(place, "there", values(category=category, **dict(given)))


def gathered(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Clauses that say the same of several stages as one, with the sum of their numbers."""
    met: dict[tuple[str, tuple[tuple[str, str | int], ...]], list[Clause]] = {}
    for clause in clauses:
        rest = tuple(one for one in clause.values if one[0] not in ("n", "stage"))
        met.setdefault((clause.key, rest), []).append(clause)
    found = []
    for (key, rest), group in met.items():
        if len(group) == 1 or key not in ("site", "crossing", "fleet"):
            found += group
            continue
        stages = sorted(int(dict(clause.values)["stage"]) for clause in group)
        total = sum(int(dict(clause.values)["n"]) for clause in group)
        given = dict(rest) | {"n": total, "stages": ", ".join(map(str, stages))}
        found.append(replace(group[0], key=f"{key}_stages", values=values(**given)))
    return tuple(found)


def steps_conflict(stop: NoSteps, step: int) -> Conflict:
    """A group that does not fit into steps of equal sides."""
    given = {"n": stop.heads, "who": stop.way[0], "to": stop.way[1], "step": step}
    clause = Clause(f"step {stop.way[0]}-{stop.way[1]}", "group", values(**given))
    return Conflict((clause,))
