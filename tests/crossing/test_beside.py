"""A sheet of people beside the balance is no step: it waits for none, and none waits for it."""

from __future__ import annotations

from homeward.crossing import Act, Crossing
from homeward.terms.kernel import Kind, Step, Transfer

SIDES = ("north", "south")


def sheet(number: int, group: str = "inside") -> Step:
    kind = Kind("military", "living", group)
    return Step(
        1,
        number,
        (
            Transfer(f"{number}a", "north", "south", kind, 1, number),
            Transfer(f"{number}b", "south", "north", kind, 1, number),
        ),
    )


def ready(side: str, seq: int, step: int) -> Act:
    hash_ = f"{side}{step}"
    return Act(hash_, side, "office", 1, seq, "step-ready", 1, step, digest=f"d{step}")


def test_a_later_step_does_not_wait_for_those_beside_the_balance():
    line = Crossing(SIDES, me="north")
    line.open_sheet(sheet(1, "beside"), digest="d1")
    line.open_sheet(sheet(2), digest="d2")
    line.take([ready(side, 0, 2) for side in SIDES])
    assert line.may_order("north", "2a") == ()
    assert line.may_order("north", "1a") == (), "nobody's readiness gates them"


def test_the_turn_never_stops_at_them():
    line = Crossing(SIDES, me="north")
    line.open_sheet(sheet(1, "beside"), digest="d1")
    line.open_sheet(sheet(2), digest="d2")
    assert line.whose_turn() == SIDES
    turns = {(turn.kind, turn.step) for turn in line.next_acts("north")}
    assert turns == {("release-ordered", 1), ("step-ready", 2)}
