"""The lead is reckoned from one side's own log, person by person."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.crossing import Act, Crossing, audit, leads, tally
from homeward.terms.kernel import Kind, Transfer
from tests.crossing.hand import Hand, handed_over, sheet


def test_an_order_counts_as_out_before_anybody_moves() -> None:
    north = Hand("north")
    north.sign("release-ordered", sheet().transfers[0])
    assert tally(north.acts, "north").lead == 1


def test_the_lead_rises_with_orders_and_falls_with_own_receipts() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=3), north, south)
    counted = tally(north.acts + south.acts, "north")
    assert (counted.lead, counted.largest) == (0, 3)
    assert [lead for _, lead in leads(north.acts, "north")] == [1, 2, 3, 3, 3, 3, 2, 1, 0]


def test_it_is_read_from_the_sides_own_log_alone() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=3), north, south)
    assert tally(north.acts, "north") == tally(north.acts + south.acts, "north")


def test_a_conceded_person_lowers_it_once_even_when_they_come_after_all() -> None:
    north, (mine, theirs) = Hand("north"), sheet(size=1).transfers
    north.sign("release-ordered", mine)
    north.sign("conceded", theirs)
    assert (tally(north.acts, "north").lead, tally(north.acts, "north").conceded) == (0, 1)
    north.sign("received", theirs)
    assert (tally(north.acts, "north").lead, tally(north.acts, "north").conceded) == (0, 0)


def test_extras_and_persons_beside_the_balance_move_nothing() -> None:
    for group in ("extra", "beside"):
        kind = Kind("soldier", "living", group)
        north = Hand("north")
        north.sign("received", Transfer(f"{group}1", "south", "north", kind, 1, 1))
        assert tally(north.acts, "north").lead == 0
        north.sign("release-ordered", Transfer(f"{group}2", "north", "south", kind, 1, 1))
        assert tally(north.acts, "north").largest == 0


def test_taking_back_after_the_order_lowers_it_and_before_it_does_not() -> None:
    mine = sheet(size=1).transfers[0]
    north = Hand("north")
    north.sign("release-ordered", mine)
    north.sign("not-released", mine)
    assert tally(north.acts, "north").lead == 0
    hasty = Hand("north")
    hasty.sign("not-released", mine)
    hasty.sign("release-ordered", mine)
    assert tally(hasty.acts, "north").lead == 1


def test_an_order_and_a_return_that_cross_leave_the_person_out() -> None:
    mine = sheet(size=1).transfers[0]
    gate, office = Hand("north", "gate"), Hand("north")
    order = gate.sign("release-ordered", mine)
    crossing = office.sign("not-released", mine)
    assert tally([order, crossing], "north").lead == 1
    knowing = crossing._replace(hash="k" * 64, seen=(("north.gate.1", 1),))
    assert tally([order, knowing], "north").lead == 0


def test_a_return_that_names_the_order_came_after_it() -> None:
    mine = sheet(size=1).transfers[0]
    order = Hand("north", "gate").sign("release-ordered", mine)
    back = Hand("north").sign("not-released", mine, prior=order.hash)
    assert tally([order, back], "north").lead == 0


def test_a_return_takes_back_only_the_orders_it_came_after() -> None:
    mine = sheet(size=1).transfers[0]
    gate, office = Hand("north", "gate"), Hand("north")
    gate.sign("release-ordered", mine)
    office.sign("release-ordered", mine)
    office.sign("not-released", mine)
    assert tally(gate.acts + office.acts, "north").lead == 1


def test_a_later_epoch_comes_after_an_earlier_one_whatever_the_numbers() -> None:
    mine = sheet(size=1).transfers[0]
    first, second = Hand("north"), Hand("north", epoch=2)
    first.sign("step-ready", stage=1, step=1)
    word = {"order": first.sign("release-ordered", mine), "back": first.sign("not-released", mine)}
    again = {
        "back": second.sign("not-released", mine),
        "order": second.sign("release-ordered", mine),
    }
    assert tally([word["order"], again["back"]], "north").lead == 0
    assert tally([word["back"], again["order"]], "north").lead == 1


def test_who_says_both_left_and_stayed_counts_as_out() -> None:
    mine = sheet(size=1).transfers[0]
    north = Hand("north")
    for kind in ("release-ordered", "released", "not-released"):
        north.sign(kind, mine)
    assert tally(north.acts, "north").lead == 1


def test_who_says_both_came_and_did_not_counts_as_not_received() -> None:
    theirs = sheet(size=1).transfers[1]
    north = Hand("north")
    north.sign("received", theirs)
    north.sign("not-received", theirs)
    assert tally(north.acts, "north").lead == 0


def test_a_word_about_people_whom_a_side_neither_gives_nor_gets_moves_nothing() -> None:
    north, (mine, theirs) = Hand("north"), sheet(size=1).transfers
    north.sign("released", theirs)
    north.sign("received", mine)
    assert (tally(north.acts, "north").lead, tally(north.acts, "north").largest) == (0, 0)


def test_a_fact_about_one_person_takes_no_other_person_back() -> None:
    north = Hand("north")
    _, _, first, second = sheet(size=2).transfers
    receipt = north.sign("received", first)
    north.sign("not-received", second, prior=receipt.hash)
    assert tally(north.acts, "north").lead == -1


def test_what_was_seen_once_is_known_ever_after() -> None:
    mine = sheet(size=1).transfers[0]
    gate, office = Hand("north", "gate"), Hand("north")
    order = gate.sign("release-ordered", mine)
    office.sign("step-ready", stage=1, step=1, seen=(("north.gate.1", 1),))
    office.sign("not-released", mine)
    assert tally([order, *office.acts], "north").lead == 0


def test_a_correction_takes_its_fact_out_of_the_count() -> None:
    north, (_, theirs) = Hand("north"), sheet(size=1).transfers
    wrong = north.sign("received", theirs)
    north.sign("correction", prior=wrong.hash)
    assert tally(north.acts, "north").lead == 0
    right = north.sign("received", theirs)
    assert tally(north.acts, "north").lead == -1
    north.sign("not-received", theirs, prior=right.hash)
    assert tally(north.acts, "north").lead == 0


def test_nobody_corrects_another_sides_word() -> None:
    north, south = Hand("north"), Hand("south")
    receipt = north.sign("received", sheet(size=1).transfers[1])
    correction = south.sign("correction", prior=receipt.hash)
    assert tally([receipt, correction], "north").lead == -1


def test_an_unequal_sheet_leaves_no_lead_behind_once_it_is_closed() -> None:
    keyed = sheet(size=1)
    more = tuple(replace(keyed.transfers[0], handle=f"north1{i}") for i in range(5))
    north, south = Hand("north"), Hand("south")
    handed_over(replace(keyed, transfers=(*more, keyed.transfers[1])), north, south)
    assert tally(north.acts, "north").lead == 4
    for number in (1, 2):  # proposed twice, settled once
        sums = {"north.out": 5, "north.in": 1, "south.out": 1, "south.in": 5, "proposal": number}
        north.sign("step-closed", stage=1, step=1, sums=sums)
    assert (tally(north.acts, "north").lead, tally(north.acts, "north").largest) == (0, 5)


def test_it_is_known_for_each_step() -> None:
    north = Hand("north")
    for number in (1, 2):
        north.sign("release-ordered", sheet(number, 1).transfers[0])
    north.sign("received", sheet(1, 1).transfers[1])
    line = Crossing(["north", "south"])
    line.take(north.acts)
    assert (line.net_lead("north"), line.net_lead("north", 1), line.net_lead("north", 2)) == (
        1,
        0,
        1,
    )
    assert line.net_lead("north", 3) == 0


def test_in_a_ring_people_out_to_one_side_are_answered_by_another() -> None:
    ring = sheet(size=1, moves=(("north", "east"), ("east", "south"), ("south", "north")))
    hands = {side: Hand(side) for side in ("north", "east", "south")}
    for t in ring.transfers:
        hands[t.sender].sign("release-ordered", t)
    hands["north"].sign("received", ring.transfers[2])
    acts = [act for hand in hands.values() for act in hand.acts]
    assert [tally(acts, side).lead for side in hands] == [0, 1, 1]


@given(st.randoms(use_true_random=False))
def test_two_writers_merge_the_same_way_in_every_order(shuffler: object) -> None:
    gate, office = Hand("north", "gate"), Hand("north")
    people = sheet(size=4).transfers
    for t in people[:2]:
        gate.sign("release-ordered", t)
    for t in people[4:6]:
        office.sign("received", t)
    gate.sign("release-ordered", people[2], seen=(("north.office.1", 2),))
    acts: list[Act] = [*gate.acts, *office.acts]
    straight = leads(acts, "north")
    shuffler.shuffle(acts)  # type: ignore[attr-defined]
    assert leads(acts, "north") == straight
    # What nothing puts after a receipt is counted before it.
    assert [lead for _, lead in straight] == [1, 2, 1, 0, 1]


# -- the audit from headers ------------------------------------------------------------------------


def _two_steps() -> tuple[Hand, Hand]:
    north, south = Hand("north"), Hand("south")
    for number in (1, 2):
        step = sheet(number, 1)
        for hand, other in ((north, south), (south, north)):
            seen = ((other.log, len(other.acts)),) if other.acts else ()
            hand.sign("step-ready", stage=1, step=number, digest="d" * 64, seen=seen)
        north.sign("step-ready", stage=1, step=number, digest="d" * 64, seen=_all(south))
        handed_over(step, north, south)
        for hand, other in ((north, south), (south, north)):
            hand.sign("step-closed", stage=1, step=number, seen=_all(other))
        north.sign("suspension", seen=_all(south))
    return north, south


def _all(hand: Hand) -> tuple[tuple[str, int], ...]:
    return ((hand.log, len(hand.acts)),)


def test_headers_alone_show_that_orders_followed_the_rule() -> None:
    north, south = _two_steps()
    assert audit(north.acts + south.acts) == ()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("step-closed", "crossing.ordered-too-early"),
        ("step-ready", "crossing.ordered-not-ready"),
    ],
)
def test_an_order_that_had_not_seen_the_other_sides_word_is_named(kind: str, code: str) -> None:
    north, south = _two_steps()
    kept = [a for a in south.acts if not (a.kind == kind and a.step == (1 if "clo" in kind else 2))]
    found = audit(north.acts + kept)
    assert {p.code for p in found if "north" in p.place} == {code}


def test_a_word_taken_back_in_a_second_history_convicts_nobody_who_held_the_first() -> None:
    north, south, step = Hand("north"), Hand("south"), sheet(1, 1)
    ready = south.sign("step-ready", stage=1, step=1, digest="d" * 64)
    south.sign("suspension")
    taken_back = south.fork("correction", prior=ready.hash)
    north.sign("step-ready", stage=1, step=1, digest="d" * 64, seen=_all(south))
    north.sign("release-ordered", step.transfers[0])
    assert audit([*north.acts, *south.acts, taken_back]) == ()
    found = audit([*north.acts, ready, taken_back])  # here it is the only history
    assert {p.code for p in found} == {"crossing.ordered-not-ready"}


def test_an_order_on_two_different_sheets_is_named() -> None:
    north, south = _two_steps()
    changed = [
        a._replace(digest="e" * 64) if a.kind == "step-ready" and a.step == 1 else a
        for a in south.acts
    ]
    assert "crossing.ordered-two-sheets" in {p.code for p in audit(north.acts + changed)}


def test_a_word_taken_back_after_an_order_is_no_fault_of_the_order() -> None:
    north, south = _two_steps()
    for kind in ("step-ready", "step-closed"):
        word = next(act for act in south.acts if act.kind == kind)
        south.sign("correction", prior=word.hash)
    assert audit(north.acts + south.acts) == ()


def test_a_step_in_which_a_side_had_no_part_is_not_held_against_it() -> None:
    north, south = _two_steps()
    east, west = Hand("east"), Hand("west")
    handed_over(sheet(1, 1, moves=(("east", "west"), ("west", "east"))), east, west)
    moved = [a for a in north.acts + south.acts if a.step == 2]
    found = audit([*moved, *east.acts, *west.acts])
    assert not [p for p in found if "east" in p.expected and "north" in p.place]
