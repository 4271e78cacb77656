"""Thousands of schedules with liars, lost and repeated packages and crashes: sampled, not proved.

The exhaustive searches stand in ``test_promise.py``; here the real crossing is played with chains
of acts, several persons a step, extras, suspensions, corrections and forks. With signed entries,
restores and offline devices it is played in ``test_soak.py``.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.crossing import Act, Crossing, conflicts_in, position, rule
from tests.crossing.mutants import without
from tests.crossing.streets import World

RING = (("north", "east"), ("east", "south"), ("south", "north"))
PAIR = (("north", "south"), ("south", "north"))


def _drawn(data: st.DataObject) -> World:
    def choose(n: int) -> int:
        return data.draw(st.integers(0, n - 1)) if n > 1 else 0

    return _world(
        choose, honest=data.draw(st.sampled_from([1, 2, 3])), ring=data.draw(st.booleans())
    )


def _world(choose: object, *, honest: int, ring: bool, device: bool = False) -> World:
    moves = RING if ring else PAIR
    sides = ("north", "south", "east") if ring else ("north", "south")
    size = 1 if ring else 2
    return World(sides[:honest], choose, moves=moves, device=device, size=size)  # type: ignore[arg-type]


@given(st.data())
@settings(max_examples=100)
def test_an_honest_side_is_never_more_than_one_step_behind(data: st.DataObject) -> None:
    world = _drawn(data)
    world.play(data.draw(st.integers(1, 60)))
    world.check_end()


def _play(seed: int, moves: int = 120) -> World:
    """One schedule of a seed: who is honest, ring or pair, with devices or not, all by the seed."""
    dice = random.Random(seed)
    world = _world(
        dice.randrange,
        honest=dice.choice([1, 1, 1, 2, 3]),
        ring=dice.random() < 0.3,
        device=dice.random() < 0.4,
    )
    world.play(moves)
    world.check_end()
    return world


@pytest.mark.parametrize("first", range(0, 500, 250), ids=lambda n: f"seeds {n} to {n + 249}")
def test_hundreds_of_hostile_schedules_keep_the_promise(first: int) -> None:
    _play_all(range(first, first + 250))


@pytest.mark.parametrize(
    ("verb", "code", "expected"),
    [
        ("may_order", "crossing.earlier-step-open", "step-closed of north"),
        ("may_order", "crossing.not-ready", ""),
        ("may_close", "crossing.incoming-open", ""),
    ],
)
def test_the_same_schedules_find_a_weaker_rule(
    verb: str, code: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule, verb, without(getattr(rule, verb), code, expected))
    with pytest.raises(AssertionError):
        _play_all(range(400))


def _play_all(seeds: Iterable[int]) -> None:
    for seed in seeds:
        _play(seed)


@pytest.mark.parametrize("ring", [False, True], ids=["pair", "ring"])
def test_honest_sides_finish_once_everything_arrives(ring: bool) -> None:
    for seed in range(40):
        dice = random.Random(seed)
        world = _world(dice.randrange, honest=3, ring=ring, device=seed % 2 == 0)
        world.play(dice.randrange(80))
        world.finish()
        world.check_end()
        _everybody_accounted_for(world)


def _everybody_accounted_for(world: World) -> None:
    fold = position(world.ever, sides=world.sides)
    inside = fold.count(group="inside", attested_by="both", outcome="transferred")
    came = {
        a.handle for a in world.ever if a.kind == "received" and not a.handle.startswith("extra")
    }
    gone = set().union(*(office.gone for office in world.offices.values()))
    assert inside == len(came & gone)
    for side in world.sides:
        sums = {
            tuple(office.crossing.agreed_closing(step.number).sums)
            for office in world.offices.values()
            for step in world.steps[:1]
        }
        assert len(sums) == 1, side


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_every_order_of_arrival_gives_the_same_result(seed: int, shuffler: random.Random) -> None:
    world = _play(seed, moves=50)
    acts = list(world.ever)
    straight = _everything(world, acts)
    shuffler.shuffle(acts)
    half = len(acts) // 2
    assert _everything(world, acts[half:] + acts + acts[:half]) == straight


def _everything(world: World, acts: list[Act]) -> str:
    """All that can be asked, as text, so that it can be compared byte for byte."""
    crossing = Crossing(world.sides)
    for step in world.steps:
        crossing.open_sheet(step, "5" * 64, world.writers)
    for act in acts:
        crossing.take([act])
    told = [
        position(acts, sides=world.sides).to_json(),
        conflicts_in(acts),
        crossing.conflicts(),
        crossing.flags(sorted(set(acts), key=lambda act: act.hash)),
        crossing.whose_turn(),
    ]
    for side in world.sides:
        told += [crossing.tally(side), crossing.next_acts(side), crossing.is_suspended(side)]
        for step in world.steps:
            told += [crossing.may_close(side, step.number), crossing.closing(side, step.number)]
            told += [crossing.agreed_closing(step.number), crossing.is_void(step.number)]
            told += [crossing.may_order(side, h) for h in sorted(step.out(side))]
    return repr(told)
