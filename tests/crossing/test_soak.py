"""Bad days over the crossing and the record together: signed entries, restores, offline devices.

Sampled, not proved. ``make test`` plays some two thousand days, ``make soak`` a hundred and twenty
thousand and prints what happened in them; bench/results/soak-crossing.txt is such a table.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.crossing import position, rule
from tests.crossing.days import Day, Setting
from tests.crossing.mutants import without
from tests.crossing.players import play
from tests.crossing.soak import KINDS, PAIR, Table, play_all, play_seed

PAIRS, RINGS, STORES = 100_000, 20_000, 2_000


@pytest.mark.parametrize(
    ("kind", "seeds"),
    [("pairs", range(400)), ("rings", range(150))],
    ids=["pairs, seeds 0 to 399", "rings, seeds 0 to 149"],
)
def test_on_hundreds_of_bad_days_every_promise_is_kept(kind: str, seeds: range) -> None:
    table = play_all(kind, seeds)
    assert not table.broken, table.broken[0]
    missing = [what for what in KINDS if not table.events[f"{kind}/{what}"]]
    assert not missing, "these never happened"


def test_the_same_over_whole_stores_with_packages_as_bytes() -> None:
    table = play_all("stores", range(50))
    assert not table.broken, table.broken[0]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_searching_adversary_finds_no_way_over_whole_stores(data: st.DataObject) -> None:
    day = _drawn(data, shelved=True)
    play(day, data.draw(st.integers(1, 30)))
    day.check_end()


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_searching_adversary_finds_no_way_with_two_offline_devices(data: st.DataObject) -> None:
    day = _drawn(data, devices=frozenset({"north"}))
    play(day, data.draw(st.integers(1, 60)))
    day.check_end()


def _drawn(data: st.DataObject, **more: object) -> Day:
    def choose(n: int) -> int:
        return data.draw(st.integers(0, n - 1)) if n > 1 else 0

    return Day(Setting(PAIR, frozenset({"north"}), neutral=True, **more), choose)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["pairs", "rings"])
def test_every_copy_of_the_same_entries_gives_the_same_position(kind: str) -> None:
    for seed in range(25):
        day = play_seed(kind, seed)
        for _ in range(2):  # what is told on may lie another exchange of copies away
            for desk in day.desks:
                for other in day.desks:
                    if other is not desk:
                        day.deliver(desk, other.copy.parcel(desk.name))
        entries = list(day.desks[0].copy.entries())
        straight = position(entries, sides=day.setting.sides).to_json()
        random.Random(seed).shuffle(entries)
        again = entries[: len(entries) // 3]
        assert position([*entries, *again], sides=day.setting.sides).to_json() == straight


# What is left out of the rule, and a day from which on it is soon missed.
WEAKER: Sequence[tuple[str, str, int]] = (
    ("may_order", "crossing.earlier-step-open", 0),
    ("may_order", "crossing.not-ready", 0),
    ("may_close", "crossing.incoming-open", 0),
    ("may_order", "crossing.other-writer", 140),
    ("may_leave", "crossing.already-kept", 2_080),
)


@pytest.mark.parametrize(("verb", "code", "first"), WEAKER)
def test_the_same_days_find_a_weaker_rule(
    verb: str, code: str, first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rule, verb, without(getattr(rule, verb), code))
    assert play_all("pairs", range(first, first + 60)).broken


@pytest.mark.soak
def test_on_a_hundred_and_twenty_thousand_bad_days_every_promise_is_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table()
    for kind, days in (("pairs", PAIRS), ("rings", RINGS), ("stores", STORES)):
        table.join(play_all(kind, range(days)))
    with capsys.disabled():
        print("\n" + table.text())
    assert not table.broken, table.broken[0]
