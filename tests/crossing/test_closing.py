"""Closing by numbered proposals, and whose turn it is."""

from __future__ import annotations

from typing import Any

from homeward.crossing import Closing, Crossing, Turn
from homeward.problem import Problem
from tests.crossing.hand import Hand, handed_over, sheet

DIGEST = "a" * 64


def _scene(size: int = 2) -> tuple[Any, Hand, Hand, Crossing]:
    step = sheet(1, size)
    north, south = Hand("north"), Hand("south")
    line = Crossing(["north", "south"])
    line.open_sheet(step, DIGEST)
    for hand in (north, south):
        hand.sign("step-ready", stage=1, step=1, digest=DIGEST)
    return step, north, south, line


def _sign(hand: Hand, line: Crossing) -> Closing:
    offered = line.closing(hand.author, 1)
    assert isinstance(offered, Closing), offered
    line.take([hand.sign("step-closed", stage=1, step=1, sums=offered.sums, prior=offered.prior)])
    return offered


def test_one_side_proposes_and_the_others_accept_its_number() -> None:
    step, north, south, line = _scene()
    handed_over(step, north, south)
    line.take([*north.acts, *south.acts])
    before = line.closing("south", 1)
    assert isinstance(before, Problem)
    assert before.code == "crossing.sums-differ"
    proposed = _sign(north, line)
    assert (proposed.number, proposed.prior) == (1, None)
    assert line.agreed_closing(1) is None
    accepted = _sign(south, line)
    assert accepted.prior == north.acts[-1].hash
    assert dict(accepted.sums)["south.received"] == 2
    agreed = line.agreed_closing(1)
    assert agreed is not None
    assert agreed.number == 1


def test_late_facts_make_a_second_proposal_and_the_highest_accepted_stands() -> None:
    step, north, south, line = _scene()
    handed_over(step, north, south)
    line.take([*north.acts, *south.acts])
    _sign(north, line)
    repeated = line.closing("north", 1)
    assert isinstance(repeated, Problem)
    assert repeated.code == "crossing.already-proposed"
    late = next(a for a in south.acts if a.kind == "received")
    line.take([south.sign("not-received", step.transfers[0], prior=late.hash)])
    refused = line.closing("south", 1)
    assert isinstance(refused, Problem)
    assert refused.value == "other sums"
    assert _sign(north, line).number == 2
    assert _sign(south, line).number == 2
    agreed = line.agreed_closing(1)
    assert agreed is not None
    assert dict(agreed.sums)["south.received"] == 1


def test_what_the_record_adds_to_the_sums_does_not_disturb_the_comparison() -> None:
    step, north, south, line = _scene()
    handed_over(step, north, south)
    line.take([*north.acts, *south.acts])
    offered = line.closing("north", 1)
    assert isinstance(offered, Closing)
    sums = {**dict(offered.sums), "own/received": 2, "size/south.office.1": 5}
    line.take([north.sign("step-closed", stage=1, step=1, sums=sums)])
    accepted = _sign(south, line)
    assert all("/" not in name for name, _ in accepted.sums)
    assert line.agreed_closing(1) is not None


def test_the_sides_take_turns_in_proposing() -> None:
    line = Crossing(["north", "south"])
    proposers = []
    for number in (1, 2, 3):
        line.open_sheet(sheet(number, 1), DIGEST)
        proposers += [
            side for side in line.sides if isinstance(line.closing(side, number), Closing)
        ]
    assert proposers == ["north", "south", "north"]


def test_next_acts_lead_a_side_through_the_step() -> None:
    step, north, south, line = _scene(size=1)
    mine, theirs = step.transfers
    assert line.next_acts("north") == (Turn("step-ready", 1),)
    assert line.whose_turn() == ("north", "south")
    line.take([*north.acts, *south.acts])
    assert line.next_acts("north") == (Turn("release-ordered", 1, ("north1a",)),)
    line.take([north.sign("release-ordered", mine)])
    assert line.next_acts("north") == (Turn("released", 1, ("north1a",)),)
    line.take([north.sign("released", mine)])
    assert line.next_acts("north") == (Turn("unreceipted-accepted", 1, ("north1a",), due=False),)
    assert line.next_acts("south") == (
        Turn("release-ordered", 1, ("south1a",)),
        Turn("received", 1, ("north1a",)),
    )
    assert line.whose_turn() == ("south",)
    line.take([south.sign("not-released", theirs), south.sign("received", mine)])
    assert line.next_acts("north") == (Turn("conceded", 1, ("south1a",), due=False),)
    line.take([north.sign("conceded", theirs)])
    assert line.next_acts("north") == (Turn("step-closed", 1),)
    _sign(north, line)
    assert line.next_acts("north") == ()
    assert line.next_acts("south") == (Turn("step-closed", 1),)
    _sign(south, line)
    assert line.whose_turn() == ()


def test_a_later_step_offers_only_readiness_while_an_earlier_one_is_open() -> None:
    _, north, south, line = _scene(size=1)
    line.open_sheet(sheet(2, 1), DIGEST)
    line.take([*north.acts, *south.acts])
    kinds = {(turn.kind, turn.step) for turn in line.next_acts("north")}
    assert kinds == {("release-ordered", 1), ("step-ready", 2)}


def test_a_changed_word_names_the_word_it_changes() -> None:
    step, north, south, line = _scene(size=1)
    mine, theirs = step.transfers
    order = north.sign("release-ordered", mine)
    line.take(north.acts)
    assert line.prior_for("north", "north1a", "released") == order.hash
    out = north.sign("released", mine)
    line.take(north.acts)
    assert line.prior_for("north", "north1a", "not-released") == out.hash
    assert line.prior_for("south", "north1a", "received") == out.hash
    assert line.prior_for("north", "south1a", "received") is None
    line.take([south.sign("received", mine, prior=out.hash)])
    assert line.prior_for("south", "north1a", "not-received") == south.acts[-1].hash
    assert theirs.handle == "south1a"


def test_the_turn_comes_round_again_when_the_sums_have_changed() -> None:
    step, north, south, line = _scene()
    handed_over(step, north, south)
    line.take([*north.acts, *south.acts])
    _sign(north, line)
    assert line.next_acts("north") == ()
    late = next(a for a in south.acts if a.kind == "received")
    line.take([south.sign("not-received", step.transfers[0], prior=late.hash)])
    line.take([north.sign("unreceipted-accepted", step.transfers[0])])
    assert line.next_acts("north") == (Turn("step-closed", 1),)


def test_the_highest_number_accepted_by_all_stands() -> None:
    step, north, south, line = _scene()
    handed_over(step, north, south)
    line.take([*north.acts, *south.acts])
    for number in (1, 3, 2):
        sums = {**dict(_facts(line)), "proposal": number}
        made = north.sign("step-closed", stage=1, step=1, sums=sums)
        line.take([made, south.sign("step-closed", stage=1, step=1, sums=sums, prior=made.hash)])
    agreed = line.agreed_closing(1)
    assert agreed is not None
    assert agreed.number == 3
    accepted = line.closing("south", 1)
    assert isinstance(accepted, Closing)
    assert accepted.number == 3


def _facts(line: Crossing) -> dict[str, int]:
    offered = line.closing("north", 1)
    if isinstance(offered, Problem):
        return dict(line.ledger.of_step("step-closed", 1)[0].sums)
    return dict(offered.sums)


def test_a_ring_is_closed_when_every_side_has_accepted() -> None:
    ring = sheet(1, 1, moves=(("north", "east"), ("east", "south"), ("south", "north")))
    line = Crossing(["north", "east", "south"])
    line.open_sheet(ring, DIGEST)
    hands = {side: Hand(side) for side in line.sides}
    for t in ring.transfers:
        hands[t.sender].sign("released", t)
        hands[t.to].sign("received", t)
    for hand in hands.values():
        line.take(hand.acts)
    for side in ("east", "north"):
        _sign(hands[side], line)
        assert line.agreed_closing(1) is None
    _sign(hands["south"], line)
    assert line.agreed_closing(1) is not None


def test_who_was_given_up_and_came_is_counted_as_received_in_the_sums() -> None:
    step, north, south, line = _scene(size=1)
    south.sign("conceded", step.transfers[0])
    handed_over(step, north, south)
    line.take([*north.acts, *south.acts])
    offered = line.closing("north", 1)
    assert isinstance(offered, Closing)
    sums = dict(offered.sums)
    assert (sums["south.conceded"], sums["south.received"]) == (0, 1)


def test_a_step_that_one_side_has_closed_is_still_open() -> None:
    step, north, south, line = _scene(size=1)
    line.open_sheet(sheet(2, 1), DIGEST)
    handed_over(step, north, south)
    for hand in (north, south):
        hand.sign("step-ready", stage=1, step=2, digest=DIGEST)
    south.sign("released", sheet(2, 1).transfers[1])
    line.take([*north.acts, *south.acts])
    _sign(north, line)
    assert line.next_acts("north") == ()
    _sign(south, line)
    assert Turn("received", 2, ("south2a",)) in line.next_acts("north")


def test_in_a_void_step_nobody_is_asked_to_concede() -> None:
    step, north, south, line = _scene(size=1)
    south.sign("not-released", step.transfers[1])
    line.take([*north.acts, *south.acts])
    assert Turn("conceded", 1, ("south1a",), due=False) in line.next_acts("north")
    line.take([north.sign("not-released", step.transfers[0])])
    assert [turn.kind for turn in line.next_acts("north")] == ["step-closed"]
