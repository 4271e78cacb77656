"""Rings with a cap: the best disjoint ones, as trying everything finds them."""

from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.plan.cycles import clear, released, rings_of

Gives = dict[tuple[int, int], int]


def simple(members: int, gives: Gives, longest: int) -> set[tuple[int, ...]]:
    found = set()
    for size in range(2, longest + 1):
        for chosen in combinations(range(members), size):
            for rest in permutations(chosen[1:]):
                ring = (chosen[0], *rest)
                if all(way in gives for way in zip(ring, (*ring[1:], ring[0]), strict=True)):
                    found.add(ring)
    return found


def best(members: int, gives: Gives, longest: int) -> tuple[int, int, int]:
    rings = sorted(simple(members, gives, longest))

    def search(at: int, used: frozenset[int]) -> tuple[int, int, int]:
        if at == len(rings):
            return (0, 0, 0)
        found = search(at + 1, used)
        ring = rings[at]
        if not used & set(ring):
            rest = search(at + 1, used | set(ring))
            score = sum(gives[way] for way in zip(ring, (*ring[1:], ring[0]), strict=True))
            own = (len(ring), -(len(ring) > 2), score)
            found = max(found, tuple(a + b for a, b in zip(own, rest, strict=True)))
        return found

    return search(0, frozenset())


@st.composite
def pools(draw: st.DrawFn) -> tuple[int, Gives]:
    members = draw(st.integers(2, 6))
    ways = [(a, b) for a in range(members) for b in range(members) if a != b]
    chosen = draw(st.lists(st.sampled_from(ways), unique=True, max_size=14))
    return members, {way: draw(st.integers(0, 9)) for way in chosen}


@settings(max_examples=80)
@given(pools(), st.integers(2, 4))
def test_the_best_rings_are_those_that_trying_everything_finds(
    pool: tuple[int, Gives], longest: int
) -> None:
    members, gives = pool
    found = clear(members, gives, longest=longest)
    assert found.proven
    assert (found.released, -found.long, found.score) == best(members, gives, longest)
    inside = [member for ring in found.rings for member in ring]
    assert len(inside) == len(set(inside)) == found.released
    assert set(found.rings) <= simple(members, gives, longest)


@given(pools(), st.integers(2, 5))
def test_every_ring_is_found_once(pool: tuple[int, Gives], longest: int) -> None:
    members, gives = pool
    rows = rings_of(members, gives, longest).tolist()
    rings = [tuple(member for member in row if member < members) for row in rows]
    assert len(rings) == len(set(rings))
    assert set(rings) == simple(members, gives, longest)


def test_with_a_cap_fewer_are_released_than_without_one() -> None:
    """Four sides around a table, and one small exchange between two of them."""
    offers = {("a", "b"): 5, ("b", "c"): 5, ("c", "d"): 5, ("d", "a"): 4, ("b", "a"): 2}
    assert released(offers, longest=2) == {("a", "b"): 2}
    assert released(offers) == {("a", "b"): 1, ("a", "b", "c", "d"): 4}
    assert released({}) == {}
    with pytest.raises(ValueError, match="0 or more"):
        released({("a", "b"): -1})
