"""Stages become steps: one number, equal sides, one category at a time, groups together."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.plan.rounds import by_turns
from homeward.plan.steps import NoSteps, Party, StepSet, Way, steps_of
from tests.plan.demo import demo

A, B = ("north", "south"), ("south", "north")
ORDER = ("military", "civilian")


def people(**counts: int) -> list[Party]:
    return [
        Party((f"{category}{number}",), category, (number,))
        for category, count in counts.items()
        for number in range(count)
    ]


def group(name: str, heads: int, category: str = "military") -> Party:
    return Party(tuple(f"{name}{n}" for n in range(heads)), category, (0, name))


def shape(steps: list[StepSet]) -> list[tuple[int, int]]:
    """Heads that each of two sides gives in each step."""
    return [
        tuple(sum(party.heads for party in step.get(way, ())) for way in (A, B)) for step in steps
    ]


def kinds(step: StepSet) -> set[str]:
    return {party.category for parties in step.values() for party in parties}


def test_270_and_120_become_nine_military_steps_then_four_civilian_ones():
    steps = steps_of(
        {A: people(military=270, civilian=120), B: people(military=270, civilian=120)}, 30, ORDER
    )
    assert shape(steps) == [(30, 30)] * 13
    assert [kinds(step) for step in steps] == [{"military"}] * 9 + [{"civilian"}] * 4


def test_a_category_that_does_not_fill_its_last_step_is_not_mixed():
    steps = steps_of({way: people(military=95, civilian=25) for way in (A, B)}, 30, ORDER)
    assert shape(steps) == [(30, 30), (30, 30), (30, 30), (5, 5), (25, 25)]
    assert all(len(kinds(step)) == 1 for step in steps)


def test_categories_are_mixed_only_where_the_sides_do_not_match_and_at_the_end():
    steps = steps_of(
        {A: people(military=100, civilian=20), B: people(military=80, civilian=40)}, 30, ORDER
    )
    assert [len(kinds(step)) for step in steps] == [1, 1, 1, 1, 2]
    assert shape(steps)[-1] == (20, 20)


def test_sixty_for_twenty_finish_together_three_for_one_in_every_step():
    steps = steps_of({A: people(military=60), B: people(military=20)}, 30, ORDER)
    assert shape(steps) == [(30, 10), (30, 10)]
    steps = steps_of({A: people(military=60), B: people(military=20)}, 25, ORDER)
    assert shape(steps) == [(24, 8), (24, 8), (12, 4)]


def test_numbers_without_a_common_part_go_in_shares_as_near_as_heads_allow():
    steps = steps_of({A: people(military=61), B: people(military=20)}, 30, ORDER)
    assert shape(steps) == [(21, 7), (20, 7), (20, 6)]


def test_a_ring_moves_every_edge_in_every_step():
    ring: list[Way] = [("a", "b"), ("b", "c"), ("c", "a")]
    steps = steps_of({way: people(military=8) for way in ring}, 3, ORDER)
    assert [len(step) for step in steps] == [3, 3, 3]
    assert [sum(len(parties) for parties in step.values()) for step in steps] == [9, 9, 6]


def test_a_side_with_two_directions_stays_within_one_step():
    ways = {
        ("a", "b"): people(military=7),
        ("a", "c"): people(military=5),
        ("b", "a"): people(military=4),
    }
    steps = steps_of(ways, 3, ORDER)
    for step in steps:
        out = Counter(way[0] for way, parties in step.items() for _ in parties)
        assert max(out.values()) <= 3
    assert len(steps) == 4


def test_groups_stay_in_one_step_and_single_persons_fill_it():
    waiting = {A: [group("f", 4), *people(military=8)], B: people(military=12)}
    steps = steps_of(waiting, 5, ORDER)
    assert shape(steps) == [(5, 5), (5, 5), (2, 2)]
    assert any(party.heads == 4 for party in steps[0][A])


def test_a_step_is_smaller_where_groups_leave_no_other_way():
    waiting = {A: [group("f", 4), group("g", 4)], B: people(military=8)}
    assert shape(steps_of(waiting, 5, ORDER)) == [(4, 4), (4, 4)]


def test_a_group_larger_than_a_step_is_named_with_its_size():
    with pytest.raises(NoSteps) as stop:
        steps_of({A: [group("f", 6)], B: people(military=6)}, 5, ORDER)
    assert (stop.value.way, stop.value.heads) == (A, 6)


def test_who_is_behind_begins_alone_and_who_gets_ahead_ends_alone():
    waiting = {A: people(military=50), B: people(military=70)}
    steps = steps_of(waiting, 30, ORDER, {"north": 10, "south": -10})
    assert shape(steps) == [(0, 10), (30, 30), (20, 20), (0, 10)]


def test_without_an_agreed_step_a_stage_is_one_step():
    assert shape(steps_of({A: people(military=9), B: people(military=9)}, None, ORDER)) == [(9, 9)]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.integers(1, 40)), max_size=5
    ),
    st.integers(1, 12),
)
def test_every_person_is_in_one_step_and_no_side_exceeds_it(
    rows: list[tuple[str, str, int]], step: int
) -> None:
    waiting = {(x, y): people(military=n, civilian=n // 3) for x, y, n in rows if x != y}
    steps = steps_of(waiting, step, ORDER)
    placed = Counter(
        (way, handle)
        for one in steps
        for way, parties in one.items()
        for party in parties
        for handle in party.handles
    )
    assert set(placed.values()) <= {1}
    assert len(placed) == sum(len(parties) for parties in waiting.values())
    for one in steps:
        out = Counter(way[0] for way, parties in one.items() for _ in parties)
        assert max(out.values()) <= step


def test_steps_are_numbered_through_all_stages():
    _, _, _, plan = demo()
    stages = {row.step: row.stage for row in plan.rows}
    assert sorted(stages) == list(range(1, 36))
    assert [stages[step] for step in (13, 14, 24, 25)] == [1, 2, 2, 3]
    assert plan.largest_lead == {"north": 30, "south": 30}


def most_unanswered(steps: list[StepSet], ahead: dict[str, int]) -> dict[str, int]:
    """Of each side with a bound, the most that was ever out and unanswered, step by step."""
    lead, most = dict(ahead), dict.fromkeys(ahead, 0)
    for taken in steps:
        for side in ahead:
            out = sum(p.heads for way, there in taken.items() if way[0] == side for p in there)
            most[side] = max(most[side], max(lead[side], 0) + out) if out else most[side]
        for (sender, to), parties in taken.items():
            heads = sum(party.heads for party in parties)
            for side, change in ((sender, heads), (to, -heads)):
                lead[side] = lead.get(side, 0) + change
    return most


def test_who_is_ahead_in_a_ring_waits_until_others_have_given():
    """b stands two ahead of its ring, the step is two: a gives first, though all could go."""
    waiting = {
        way: [Party((f"{way[0]}{n}",), "x", (n,)) for n in range(count)]
        for way, count in ((("a", "b"), 3), (("b", "c"), 2), (("c", "a"), 2))
    }
    ahead = {"a": -2, "b": 2, "c": 0}
    assert most_unanswered(steps_of(waiting, 2, ["x"]), ahead)["b"] > 2
    steps = by_turns(waiting, 2, ["x"], ahead)
    assert max(most_unanswered(steps, ahead).values()) <= 2
    heads = [h for one in steps for there in one.values() for p in there for h in p.handles]
    assert sorted(heads) == ["a0", "a1", "a2", "b0", "b1", "c0", "c1"]


@given(
    st.dictionaries(
        st.sampled_from([(a, b) for a in "abcd" for b in "abcd" if a != b]),
        st.lists(st.sampled_from([1, 1, 1, 2]), min_size=1, max_size=6),
        min_size=1,
    ),
    st.integers(2, 4),
    st.lists(st.integers(-4, 4), min_size=4, max_size=4),
)
def test_however_many_sides_give_nobody_is_more_than_a_step_ahead(
    sizes: dict[tuple[str, str], list[int]], step: int, start: list[int]
) -> None:
    waiting = {
        way: [
            Party(tuple(f"{way}{n}.{m}" for m in range(size)), "x", (n,))
            for n, size in enumerate(groups)
        ]
        for way, groups in sizes.items()
    }
    ahead = {side: max(-step, min(step, n)) for side, n in zip("abc", start, strict=False)}
    try:
        steps = by_turns(waiting, step, ["x"], ahead)
    except NoSteps:
        return
    assert max(most_unanswered(steps, ahead).values()) <= step
    heads = [h for one in steps for there in one.values() for p in there for h in p.handles]
    assert sorted(heads) == sorted(h for q in waiting.values() for p in q for h in p.handles)
    for taken in steps:
        for side in "abcd":
            out = sum(p.heads for way, there in taken.items() if way[0] == side for p in there)
            assert out <= step
