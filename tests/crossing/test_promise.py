"""The promise of rule R, by visiting every state of small models; and what breaks without it.

The number of states of a search is in its test's name and is checked, so that a change of the rules
or of a model cannot shrink a search unseen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from homeward.crossing import rule
from tests.crossing.hand import as_crossing
from tests.crossing.model import RULE_R, Bare, Sheets
from tests.crossing.mutants import GATE, GUARDS, NAIVE, PAIR, RESTORES, RING, Mutant, devices
from tests.crossing.offices import Honest, Office, Restored
from tests.crossing.search import explore


def _returning(check: str, **more: Any) -> Restored:
    """An office restored and confirmed in one way, whose old log comes back afterwards."""
    office = Office(Sheets(PAIR, 2), voids=False, decisions=False)
    return Restored(office, (check,), returns=True, **more)


SEARCHES: dict[str, tuple[int, Callable[[], Any]]] = {
    "two sides, three steps": (30_872, lambda: Office(Sheets(PAIR, 3), voids=False)),
    "two sides, two steps, facts at any time, void steps": (
        18_624,
        lambda: Office(Sheets(PAIR, 2), early=True),
    ),
    "two sides, two steps, readiness at any time": (
        9_000,
        lambda: Office(Sheets(PAIR, 2), readying=True, voids=False),
    ),
    "one step of two persons": (12_096, lambda: Office(Sheets(PAIR, 1, size=2))),
    "an office and a device at the gate": (73_656, lambda: devices(RULE_R, GATE)),
    "a restore, confirmed by a copy or a count": (
        126_639,
        lambda: Restored(Office(Sheets(PAIR, 2), voids=False, decisions=False)),
    ),
    "a restore, confirmed by every order; the old log comes back": (
        199_328,
        lambda: _returning("orders"),
    ),
    "a ring of three, two steps, facts at any time": (
        14_704,
        lambda: Office(Sheets(RING, 2), voids=False, early=True),
    ),
    "a ring of three, three steps": (
        11_260,
        lambda: Office(Sheets(RING, 3), voids=False, decisions=False),
    ),
    "two honest sides finish, two steps": (16_313, lambda: Honest(Sheets(PAIR, 2))),
    "two honest sides finish, two persons": (
        87_927,
        lambda: Honest(Sheets(PAIR, 1, size=2), losses=False),
    ),
}
LONG_SEARCHES: dict[str, tuple[int, Callable[[], Any]]] = {
    "a ring of three, two steps, void steps": (97_056, lambda: Office(Sheets(RING, 2))),
    "two sides, three steps, void steps": (332_432, lambda: Office(Sheets(PAIR, 3))),
    "an office and a device at the gate, two persons": (
        60_288,
        lambda: Office(
            Sheets(PAIR, 1, size=2, writers=GATE), writers=("office", "gate"), voids=False
        ),
    ),
    "a restore, confirmed by a count; the old log comes back": (
        96_663,
        lambda: _returning("count"),
    ),
    "the same by every order, where people leave before anybody says so": (
        289_585,
        lambda: _returning("orders", late=True),
    ),
    "a ring of three honest sides finishes": (
        586_187,
        lambda: Honest(Sheets(RING, 1), losses=False),
    ),
}


def _named(searches: dict[str, tuple[int, Callable[[], Any]]]) -> list[Any]:
    return [
        pytest.param(states, model, id=f"{name}: {states} states")
        for name, (states, model) in searches.items()
    ]


@pytest.mark.parametrize(("states", "model"), _named(SEARCHES))
def test_no_reachable_state_breaks_a_promise(states: int, model: Callable[[], Any]) -> None:
    found = explore(model())
    assert not found.broken, str(found)
    assert found.states == states


@pytest.mark.soak
@pytest.mark.parametrize(("states", "model"), _named(LONG_SEARCHES))
def test_no_reachable_state_of_a_larger_model_breaks_a_promise(
    states: int, model: Callable[[], Any]
) -> None:
    found = explore(model())
    assert not found.broken, str(found)
    assert found.states == states


@pytest.mark.parametrize("mutant", [*NAIVE, *GUARDS, *RESTORES], ids=lambda mutant: mutant.name)
def test_a_weaker_rule_is_broken_by_some_schedule(mutant: Mutant) -> None:
    found = explore(mutant.model())
    assert mutant.broken in found.broken, f"survived {found.states} states"


def test_the_word_of_a_writer_that_could_not_have_ordered_settles_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def anybodys_word(now: Any, handle: str, side: str) -> bool:
        return now.ledger.says(handle, side, "not-released") and not now.is_out(handle, side)

    monkeypatch.setattr(rule, "is_kept", anybodys_word)
    assert "2 out unanswered" in explore(devices(RULE_R, GATE)).broken


def test_a_step_is_not_void_on_the_other_sides_word_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def void(now: Bare, step: int) -> bool:
        people = now.sheets.steps[step].transfers
        return all(rule.is_kept(now, t.handle, t.sender) for t in people if t.sender != "north")

    monkeypatch.setattr(Bare, "is_void", void)
    assert "2 ahead" in explore(Office(Sheets(PAIR, 2), watch=("lead",))).broken


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(Office(Sheets(PAIR, 2), readying=True), id="two sides"),
        pytest.param(Office(Sheets(RING, 2)), id="ring"),
        pytest.param(devices(RULE_R, GATE), id="devices"),
    ],
)
def test_the_bare_set_of_words_answers_like_the_crossing_itself(model: Office) -> None:
    states = [model.start()]
    known = set(states)
    for number, state in enumerate(states):
        if len(states) < 4_000:
            for _, after in model.moves(state):
                if after not in known:
                    known.add(after)
                    states.append(after)
        if number % 29 == 0:
            _compare(model, frozenset().union(*state))


def _compare(model: Office, words: frozenset[Any]) -> None:
    bare = Bare(model.sheets, words)
    crossing = as_crossing(model.sheets, words)
    for step in model.sheets.steps:
        assert crossing.is_void(step) == bare.is_void(step)
        for side in model.sheets.sides:
            assert crossing.may_close(side, step) == rule.may_close(bare, side, step)
    for handle, t in model.sheets.transfers.items():
        for writer in model.writers:
            allowed = rule.may_order(bare, t.sender, handle, writer)
            assert crossing.may_order(t.sender, handle, writer) == allowed
        assert crossing.may_leave(t.sender, handle) == rule.may_leave(bare, t.sender, handle)
        assert crossing.may_concede(t.to, handle) == rule.may_concede(bare, t.to, handle)
        assert crossing.may_accept_unreceipted(t.sender, handle) == rule.may_accept_unreceipted(
            bare, t.sender, handle
        )
