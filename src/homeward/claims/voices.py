"""Who says which number about which direction, and whether two sides' words exclude each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from homeward.claims.known import Known, Move, SomeTerms, moves_of
from homeward.claims.model import Claim, Statement

SAYS_IT_HAPPENED = frozenset({"completed", "under_way", "confirmed"})
Key = tuple[Move, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says of one direction: so many, released or received, in which claim."""

    sender: str
    to: str
    categories: tuple[str, ...]
    state: str
    n: int
    party: str
    claim: str
    status: str
    act: str


def who_says(statements: Iterable[Statement], known: Known) -> tuple[Said, ...]:
    """One row per direction, category and side that spoke of it; third parties are left out.

    A side's word about the other side's act stands in its own row and fills no other.
    """
    rows = [
        Said(*key[0], key[1], key[2], n, claim.party, claim.id, claim.status, claim.act)
        for statement in statements
        for claim in statement.claims
        if claim.party and claim.status in SAYS_IT_HAPPENED
        for key, n in numbers(claim, known).items()
    ]
    return tuple(
        sorted(rows, key=lambda row: (row.sender, row.to, row.categories, row.party, row.claim))
    )


def numbers(claim: Claim, known: Known) -> dict[Key, int]:
    """The claim's exact numbers per direction and set of categories, sums of its parts included."""
    terms = known.terms
    found: dict[Key, int] = {}
    parts: dict[tuple[Move, str], dict[tuple[str, ...], int]] = {}
    for count in claim.counts:
        categories = known.resolve(count.category)
        if categories is None or count.bound != "exact" or count.unit != "persons":
            continue
        for move in _single_moves(count.counting, moves_of(count, terms.moves)):
            found[(move, categories, count.state)] = count.n
            parts.setdefault((move, count.state), {})[categories] = count.n
    for (move, state), by_category in parts.items():
        if partition(by_category, terms):
            found.setdefault((move, terms.categories, state), sum(by_category.values()))
    return found


def _single_moves(counting: str, moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Directions of which the number speaks one by one: a sum over several names none of them."""
    return moves if counting == "each" or len(moves) == 1 else ()


def partition(by_category: Iterable[tuple[str, ...]], terms: SomeTerms) -> bool:
    """Whether the categories cover the terms' categories, each exactly once."""
    named = [category for categories in by_category for category in categories]
    return len(terms.categories) > 1 and sorted(named) == sorted(terms.categories)


def others(claim: Claim, known: Known) -> Iterator[Claim]:
    """What another side says happened in the same days."""
    mine = known.event_window(claim)
    for statement in known.statements:
        for other in statement.claims:
            if not other.party or other.party == claim.party or other.id == claim.id:
                continue
            if other.status not in SAYS_IT_HAPPENED or other.subject != claim.subject:
                continue
            theirs = known.event_window(other)
            if (
                mine
                and theirs
                and mine.end
                and theirs.end
                and (mine.start, mine.end)
                != (
                    theirs.start,
                    theirs.end,
                )
            ):
                continue
            yield other


@dataclass(frozen=True, slots=True)
class Echo:
    """What the other sides' words do to a claim: exclude it, or say the same of every direction."""

    excluded_by: tuple[str, ...] = ()
    theirs: int = 0
    mirror: bool = False
    same: bool = False


def echo(claim: Claim, known: Known) -> Echo:
    """Compare the claim's numbers with what other sides said of the same days."""
    mine = numbers(claim, known)
    heard: set[Key] = set()
    for other in others(claim, known):
        for key, n in numbers(other, known).items():
            if key not in mine:
                continue
            if n != mine[key]:
                mirror = {claim.act, other.act} == {"released", "received"}
                return Echo((other.id,), n, mirror or _ends(claim, other))
            heard.add(key)
    leaves = set(mine)
    return Echo(same=bool(leaves) and heard == leaves)


def _ends(claim: Claim, other: Claim) -> bool:
    return {c.counting for c in claim.counts} | {c.counting for c in other.counts} >= {
        "incoming",
        "outgoing",
    }
