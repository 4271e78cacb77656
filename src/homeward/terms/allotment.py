"""Which obligation each movement counts against: as many as possible find one, in any order."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.predicates import holds

_PERSON_STATES = {"either": ("living", "remains"), "unknown": ("living", "remains")}


@dataclass(frozen=True, slots=True)
class Moved:
    """``count`` alike persons (or goods) from a sender to a receiver, planned or done.

    None stands for what is not said; ``under`` names the obligation where that is known.
    """

    sender: str
    to: str
    category: str | None
    state: str
    group: str | None
    count: int
    stage: int = 0
    step: int = 0
    under: str | None = None
    part: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""

    def fits(self, obligation: Obligation, terms: Terms) -> bool:
        """Whether it may count against this obligation."""
        if self.under is not None and self.under not in (obligation.id, obligation.clause):
            return False
        receivers = obligation.receivers | set(obligation.via)
        holders = obligation.senders | set(obligation.held_by)
        return (
            self.sender in holders
            and self.to in receivers
            and self.state in (obligation.state, *_PERSON_STATES.get(obligation.state, ()))
            and (self.category is None or obligation.category in (None, self.category))
            and self.group in (None, obligation.group)
            and self._meant(obligation, terms)
        )

    def _meant(self, obligation: Obligation, terms: Terms) -> bool:
        if obligation.when is None or not self.facts:
            return True
        return holds(obligation.when, self.facts, terms.agreed_on) is not False

    def key(self) -> tuple[Any, ...]:
        """What decides where it may count; alike movements are taken together."""
        facts = tuple(sorted((name, str(value)) for name, value in self.facts.items()))
        return (
            self.sender,
            self.to,
            self.category or "",
            self.state,
            self.group or "",
            self.under or "",
            self.part or "",
            facts,
        )


@dataclass(frozen=True, slots=True)
class Allotment:
    """Counts by obligation id (and by part), what no obligation allows, and that as problems."""

    done: Mapping[str, int]
    parts: Mapping[tuple[str, str], int]
    over: Mapping[str, int]
    not_owed: int
    problems: tuple[Problem, ...]

    @property
    def excess(self) -> int:
        """Everybody beyond what was agreed."""
        return sum(self.over.values()) + self.not_owed


def allot(
    terms: Terms, moved: Iterable[Moved], most: Mapping[str, int | None] | None = None
) -> Allotment:
    """Count ``moved`` against the obligations.

    ``most`` replaces the ceilings of obligations whose number is a result (keys, lumps).
    Minimums are filled before anything beyond them, so no person is wasted on a clause that
    needs none; the order of clauses and of movements does not matter.
    """
    supply: dict[tuple[Any, ...], int] = defaultdict(int)
    sample: dict[tuple[Any, ...], Moved] = {}
    for one in moved:
        supply[one.key()] += one.count
        sample.setdefault(one.key(), one)
    ceilings = {o.id: o.high for o in terms.obligations} | dict(most or {})
    flow = _Flow(
        {
            key: tuple(o.id for o in terms.obligations if sample[key].fits(o, terms))
            for key in supply
        }
    )
    order = sorted(supply)
    flow.fill(order, supply, {o.id: o.low for o in terms.obligations})
    flow.fill(order, supply, ceilings)
    over: dict[str, int] = defaultdict(int)
    problems: list[Problem] = []
    not_owed = 0
    for key in order:
        if not supply[key]:
            continue
        allowed = flow.allowed[key]
        if allowed:
            over[allowed[0]] += supply[key]
        else:
            not_owed += supply[key]
            problems.append(_unowed(sample[key], supply[key]))
    done = {o.id: flow.used[o.id] + over.get(o.id, 0) for o in terms.obligations}
    problems += [_excess(terms, id_, done[id_], ceilings[id_]) for id_ in sorted(over)]
    problems += _sums(terms, done)
    parts: dict[tuple[str, str], int] = defaultdict(int)
    for (key, id_), count in flow.amount.items():
        if sample[key].part:
            parts[(id_, sample[key].part or "")] += count
    return Allotment(done, parts, dict(over), not_owed, tuple(problems))


class _Flow:
    """Groups of alike movements on one side, obligations with room on the other."""

    def __init__(self, allowed: Mapping[tuple[Any, ...], tuple[str, ...]]) -> None:
        self.allowed = allowed
        self.amount: dict[tuple[tuple[Any, ...], str], int] = defaultdict(int)
        self.used: dict[str, int] = defaultdict(int)

    def fill(
        self,
        order: list[tuple[Any, ...]],
        supply: dict[tuple[Any, ...], int],
        ceilings: Mapping[str, int | None],
    ) -> None:
        """Move as much of the supply as the ceilings allow, shifting what was placed before."""
        for key in order:
            while supply[key]:
                path = self._path(key, ceilings)
                if path is None:
                    break
                supply[key] -= self._push(path, supply[key], ceilings)

    def _path(self, start: tuple[Any, ...], ceilings: Mapping[str, int | None]) -> list[Any] | None:
        """Shortest way start -> obligation (-> group that leaves it -> obligation)* with room."""
        came: dict[Any, Any] = {start: None}
        queue: deque[Any] = deque([start])
        while queue:
            node = queue.popleft()
            if isinstance(node, str):
                ceiling = ceilings[node]
                if ceiling is None or self.used[node] < ceiling:
                    return _back(node, came)
                follow: list[Any] = sorted(
                    k for (k, o), n in self.amount.items() if o == node and n
                )
            else:
                follow = list(self.allowed[node])
            for other in follow:
                if other not in came:
                    came[other] = node
                    queue.append(other)
        return None

    def _push(self, path: list[Any], wanted: int, ceilings: Mapping[str, int | None]) -> int:
        ceiling = ceilings[path[-1]]
        limits = [wanted] if ceiling is None else [wanted, ceiling - self.used[path[-1]]]
        limits += [self.amount[(path[i + 1], path[i])] for i in range(1, len(path) - 1, 2)]
        pushed = min(limits)
        for i in range(0, len(path) - 1, 2):
            self.amount[(path[i], path[i + 1])] += pushed
            if i:
                self.amount[(path[i], path[i - 1])] -= pushed
        self.used[path[-1]] += pushed
        return pushed


def _back(node: Any, came: Mapping[Any, Any]) -> list[Any]:
    path = [node]
    while came[path[-1]] is not None:
        path.append(came[path[-1]])
    return path[::-1]


def _who(sender: str, to: str, category: str | None, state: str) -> str:
    way = f"{sender} to {to}" if sender or to else "no direction told"
    return f"{way}, {category or 'any category'}, {state}"


def _unowed(one: Moved, count: int) -> Problem:
    return Problem(
        "terms.not-owed",
        one.place or "transfers",
        f"{count}: {_who(one.sender, one.to, one.category, one.state)}",
        "an obligation that covers them",
        "persons nobody owes are beside the agreement, or another clause was meant",
    )


def _excess(terms: Terms, id_: str, done: int, ceiling: int | None) -> Problem:
    obligation = next(o for o in terms.obligations if o.id == id_)
    who = _who(obligation.sender, obligation.to, obligation.category, obligation.state)
    return Problem(
        "terms.excess",
        terms.place(*obligation.path),
        f"{done}: {who}",
        f"at most {ceiling}",
        f"clause {obligation.clause}",
    )


def _sums(terms: Terms, done: Mapping[str, int]) -> list[Problem]:
    found = []
    for one in terms.sums:
        counted = sum(done[o.id] for reference in one.of for o in terms.find(reference))
        high = one.quantity.high
        if high is not None and counted > high:
            found.append(
                Problem(
                    "terms.excess",
                    terms.place(*one.path),
                    f"{counted} in total",
                    f"at most {high} in total",
                    f"clause {one.id}",
                )
            )
    return found
