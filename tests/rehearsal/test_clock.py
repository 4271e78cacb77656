"""The simulated clock goes forward only, and what is due happens on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.rehearsal.clock import Clock, HorizonReached, Hours
from homeward.rehearsal.line import turns

START = datetime(2031, 5, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_clock_never_goes_back():
    clock = Clock(START)
    clock.to(START + 2 * HOUR)
    assert clock.to(START + HOUR) == START + 2 * HOUR


def test_a_continued_clock_begins_where_it_stopped():
    assert Clock(START, START + HOUR).now == START + HOUR


def test_what_is_due_happens_at_its_own_time_before_the_act_that_comes_after():
    clock = Clock(START)
    heard = []
    clock.when(START + 3 * HOUR, lambda now: heard.append(("late", now)))
    clock.when(START + HOUR, lambda now: heard.append(("early", now)))
    clock.to(START + 2 * HOUR)
    assert heard == [("early", START + HOUR)]
    clock.rest()
    assert heard[1:] == [("late", START + 3 * HOUR)]


def test_nothing_happens_beyond_the_horizon():
    clock = Clock(START)
    heard = []
    clock.when(START + 2 * HOUR, heard.append)
    clock.until = START + HOUR
    with pytest.raises(HorizonReached):
        clock.to(START + 3 * HOUR)
    clock.rest()
    assert heard == []
    assert clock.now <= START + HOUR


@given(st.integers(1, 60), st.integers(1, 48))
def test_a_stage_ends_within_its_window_in_the_order_of_its_acts(steps, hours):
    spread = Hours(START, hours * HOUR, tuple(range(5, 5 + steps)))
    begins = [spread.step(number) for number in spread.steps]
    acts = [START, *begins, spread.closed, spread.safe, spread.home, START + hours * HOUR]
    assert acts == sorted(acts)
    assert begins[0] >= START + hours * HOUR / 8 - timedelta(seconds=1)
    assert all(instant.microsecond == 0 for instant in acts)


@given(st.integers(1, 6), st.integers(1, 40))
def test_everyone_has_one_turn_in_a_step_and_the_first_one_changes(count, step):
    sides = tuple("abcdef"[:count])
    groups = turns("alternate", sides, step)
    assert sorted(side for group in groups for side in group) == list(sides)
    assert groups[0] == (sides[(step - 1) % count],)


def test_one_side_may_always_go_first():
    for step in (1, 2, 3):
        assert turns("south", ("east", "north", "south"), step) == (
            ("south",),
            ("east",),
            ("north",),
        )
