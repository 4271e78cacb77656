"""What the record says where a claim gives a number: the same count under the claim's own rule,
and under the rules with which it is easily mixed up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from homeward.claims.known import (
    Known,
    Move,
    Scope,
    agreed_size,
    moves_of,
    not_crossed,
    owed,
    signed,
)
from homeward.claims.model import Count

# How far "about" may be from the record: one in twenty, as newspapers round.
ROUNDING = 20


@dataclass(frozen=True, slots=True)
class Tally:
    """The record's numbers for one count of a claim, per direction, at one instant."""

    count: Count
    moves: tuple[Move, ...]
    numbers: tuple[int, ...]

    def values(self) -> tuple[int, ...]:
        """The numbers that the claim's own counting rule compares with."""
        return self.numbers if self.count.counting == "each" else (sum(self.numbers),)

    def shown(self) -> int:
        """The number to set beside the claim's: the first that differs, else any."""
        values = self.values()
        wrong = [value for value in values if not within(self.count, value)]
        return (wrong or list(values) or [0])[0]

    def fits(self) -> bool:
        """Whether the count is right under its own rule."""
        return bool(self.moves) and all(within(self.count, value) for value in self.values())

    def short(self) -> bool:
        """Whether the record shows fewer than the claim in some direction."""
        return any(value < self.count.n for value in self.values())


def within(count: Count, value: int) -> bool:
    """Whether ``value`` meets the count's number and bound."""
    if count.bound == "at_least":
        return value >= count.n
    if count.bound == "at_most":
        return value <= count.n
    if count.bound == "about":
        return abs(value - count.n) * ROUNDING <= max(count.n, ROUNDING)
    return value == count.n


def covered(known: Known, count: Count) -> tuple[Move, ...]:
    """The directions of the exchange that the count's words cover."""
    return moves_of(count, known.terms.moves)


def recorded(
    known: Known,
    count: Count,
    scope: Scope,
    at: datetime,
    *,
    by: str = "both",
    categories: tuple[str, ...] | None = None,
    moves: tuple[Move, ...] | None = None,
    group: str | None = None,
) -> Tally:
    """What was signed for in ``scope`` by ``at`` for the persons that ``count`` speaks of."""
    wanted = categories or known.resolve(count.category)
    assert wanted is not None, "claims with unknown categories are stopped before"
    moves = covered(known, count) if moves is None else moves

    def number(move: Move, when: datetime) -> int:
        position = known.position_at(min(when, known.at))
        return signed(
            position,
            move,
            categories=wanted,
            stages=scope.stages,
            state=count.state,
            by=by,
            group=group,
        )

    numbers = tuple(
        number(move, at) - (number(move, scope.since) if scope.since else 0) for move in moves
    )
    return Tally(count, moves, numbers)


def planned(known: Known, count: Count, scope: Scope) -> Tally | None:
    """What the agreed annexes, or for the whole exchange the terms, send in ``scope``."""
    wanted = known.resolve(count.category)
    assert wanted is not None
    moves = covered(known, count)
    whole = scope.stages is None and scope.since is None
    numbers = [
        owed(known, move, wanted, count.state)
        if whole
        else agreed_size(known, move, wanted, scope.stages, count.state)
        for move in moves
    ]
    known_numbers = tuple(number for number in numbers if number is not None)
    return Tally(count, moves, known_numbers) if len(known_numbers) == len(numbers) else None


def accounted(known: Known, count: Count, scope: Scope, at: datetime) -> bool:
    """Whether everybody agreed on for the scope has crossed or is signed as not crossed."""
    wanted = known.terms.categories
    position = known.position_at(min(at, known.at))
    for move in covered(known, count):
        size = agreed_size(known, move, wanted, scope.stages, count.state)
        if size is None or scope.since is not None:
            return False
        crossed = signed(position, move, stages=scope.stages, state=count.state)
        if crossed + not_crossed(position, move, scope.stages) < size:
            return False
    return True


def other_rules(
    known: Known, count: Count, scope: Scope, at: datetime
) -> Iterator[tuple[str, Tally]]:
    """The record's numbers under every rule that the claim's rule is mixed up with.

    Only a number that was said as such is mixed up: "more than so many" fits larger sums by chance.
    """
    if count.bound not in ("exact", "about"):
        return
    everywhere = known.terms.moves
    own = recorded(known, count, scope, at)
    both_ways = recorded(known, count, scope, at, moves=everywhere)
    # Where nobody crossed in some direction, a sum that fits would fit by chance.
    if all(both_ways.numbers):
        for rule in ("in_total", "each"):
            if count.counting != rule:
                yield rule, Tally(_under(count, rule), everywhere, both_ways.numbers)
    everyone = recorded(known, count, scope, at, categories=known.terms.categories)
    if known.resolve(count.category) != known.terms.categories and all(everyone.numbers):
        yield "all_categories", everyone
    if all(own.numbers) and (scope.stages is not None or scope.since is not None):
        yield "since_start", recorded(known, count, Scope(None, None, scope.closes), at)
    inside = recorded(known, count, scope, at, group="inside")
    if inside.numbers != own.numbers:
        yield "inside", inside


def _under(count: Count, counting: str) -> Count:
    return Count(count.n, count.bound, count.category, None, None, counting, state=count.state)


def cells(tally: Tally, scope: Scope, by: str = "both") -> tuple[str, ...]:
    """The cells of the record that a verdict rests on, as ``cell:...`` lines."""
    stages = "all stages" if scope.stages is None else "stage " + "+".join(map(str, scope.stages))
    kind = tally.count.category or "all"
    return tuple(
        f"cell:{sender}>{to}/{kind}/{tally.count.state}/{stages}/{by}={number}"
        for (sender, to), number in zip(tally.moves, tally.numbers, strict=True)
    )
