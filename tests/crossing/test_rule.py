"""Rule R names every reason against an order, and refuses no fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeward.crossing import Crossing
from homeward.terms.kernel import Kind, Step, Transfer
from tests.crossing.hand import Hand, handed_over, sheet
from tests.crossing.scene import DIGEST, Scene, codes


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_when_everybody_is_ready_the_first_step_may_be_ordered(scene: Scene) -> None:
    assert scene.told().may_order("north", "north1a") == ()


def test_nobody_is_ordered_who_is_on_no_sheet_or_is_somebody_elses(scene: Scene) -> None:
    line = scene.told()
    assert codes(line.may_order("north", "stranger")) == ["not-on-sheet"]
    assert codes(line.may_order("north", "south1a")) == ["not-on-sheet"]


def test_an_order_waits_until_each_side_is_ready_on_the_same_sheet(scene: Scene) -> None:
    line = scene.told(scene.north)
    (problem,) = line.may_order("north", "north1a")
    assert problem.code == "crossing.not-ready"
    assert "south" in problem.expected


def test_ready_on_two_different_sheets_is_ready_on_none(scene: Scene) -> None:
    scene.south.sign("step-ready", stage=1, step=1, digest="b" * 64)
    assert codes(scene.told().may_order("north", "north1a")) == ["not-ready"]


def test_the_second_step_waits_for_the_closing_of_the_first_by_all(scene: Scene) -> None:
    handed_over(scene.one, scene.north, scene.south)
    problems = scene.told().may_order("north", "north2a")
    assert [(p.code, p.expected) for p in problems] == [
        ("crossing.earlier-step-open", "step-closed of north"),
        ("crossing.earlier-step-open", "step-closed of south"),
    ]
    scene.close(scene.one)
    assert scene.told().may_order("north", "north2a") == ()


def test_every_reason_against_an_order_is_given_at_once(scene: Scene) -> None:
    scene.north.sign("suspension")
    found = codes(scene.told(scene.north).may_order("north", "north2a", writer="gate"))
    assert found == [
        "other-writer",
        "not-ready",
        "earlier-step-open",
        "earlier-step-open",
        "suspended",
    ]


def test_a_step_whose_sheet_was_never_opened_stops_the_later_ones() -> None:
    line = Crossing(["north", "south"], me="north")
    line.open_sheet(sheet(2, 1), DIGEST)
    assert "sheet-not-opened" in codes(line.may_order("north", "north2a"))
    line.open_sheet(Step(1, 1, ()), "e" * 64)  # no part in it
    assert "sheet-not-opened" not in codes(line.may_order("north", "north2a"))


def test_an_order_is_given_once_and_not_for_somebody_signed_as_kept(scene: Scene) -> None:
    scene.north.sign("release-ordered", scene.one.transfers[0])
    assert codes(scene.told().may_order("north", "north1a")) == ["already-ordered"]
    scene.south.sign("not-released", scene.one.transfers[1])
    assert codes(scene.told().may_order("south", "south1a")) == ["already-kept"]


def test_only_the_writer_a_person_is_assigned_to_orders_them_out(scene: Scene) -> None:
    line = Crossing(["north", "south"], me="north")
    line.open_sheet(scene.one, DIGEST, writers={"north1a": "gate"})
    line.take([*scene.north.acts, *scene.south.acts])
    assert line.may_order("north", "north1a", "gate") == ()
    assert codes(line.may_order("north", "north1a", "office")) == ["other-writer"]


def test_persons_owed_whatever_the_numbers_are_never_gated(scene: Scene) -> None:
    wounded = Transfer("w1", "north", "south", Kind("soldier", "living", "beside"), 1, 3)
    line = scene.told()
    line.open_sheet(Step(1, 3, (wounded,)), DIGEST)
    scene.north.sign("suspension")
    line.take(scene.north.acts)
    assert line.may_order("north", "w1") == ()
    assert codes(line.may_leave("north", "w1")) == ["unordered"]
    line.take([scene.north.sign("release-ordered", wounded)])
    line.report_restored("office", 2)
    assert line.may_leave("north", "w1") == ()


def test_a_suspension_stops_only_its_own_side_and_only_orders(scene: Scene) -> None:
    stop = scene.north.sign("suspension")
    line = scene.told()
    assert codes(line.may_order("north", "north1a")) == ["suspended"]
    assert line.may_order("south", "south1a") == ()
    handed_over(scene.one, scene.north, scene.south)
    assert scene.told().may_close("north", 1) == ()
    scene.north.sign("resumption", prior=stop.hash)
    assert not scene.told().is_suspended("north")


def test_only_the_same_side_lifts_its_suspension_and_only_afterwards(scene: Scene) -> None:
    scene.north.sign("resumption", prior="0" * 64)
    stop = scene.north.sign("suspension")
    scene.south.sign("resumption", prior=stop.hash)
    assert scene.told().is_suspended("north")


def test_a_forked_log_stops_orders_until_a_side_decides_to_go_on(scene: Scene) -> None:
    forged = scene.south.fork("step-closed", stage=1, step=1)
    line = scene.told()
    line.take([forged])
    (problem,) = line.may_order("north", "north1a")
    assert (problem.code, problem.place) == ("crossing.forked", "log south.office.1")
    assert any(p.code == "crossing.forked" for p in line.conflicts())
    scene.north.sign("resumption", prior=forged.hash)
    assert scene.told().may_order("north", "north1a") == ()
    assert codes(line.may_order("south", "south1a")) == ["forked"]


def test_an_answer_to_a_fork_lifts_no_suspension(scene: Scene) -> None:
    forged = scene.south.fork("step-closed", stage=1, step=1)
    scene.north.sign("suspension")
    scene.north.sign("resumption", prior=forged.hash)
    scene.line.take([forged])
    assert codes(scene.told().may_order("north", "north1a")) == ["suspended"]


def test_a_fork_in_the_log_of_somebody_outside_the_step_stops_nothing(scene: Scene) -> None:
    observer = Hand("observer")
    observer.sign("statement-recorded", digest=DIGEST)
    scene.line.take([*observer.acts, observer.fork("statement-recorded", digest="c" * 64)])
    assert scene.told().may_order("north", "north1a") == ()


def test_an_earlier_step_of_others_stops_nobody() -> None:
    line = Crossing(["east", "north", "south", "west"], me="north")
    line.open_sheet(sheet(1, 1, moves=(("east", "west"), ("west", "east"))), DIGEST)
    line.open_sheet(sheet(2, 1), DIGEST)
    for side in ("north", "south"):
        line.take([Hand(side).sign("step-ready", stage=1, step=2, digest=DIGEST)])
    assert line.may_order("north", "north2a") == ()


def test_inconsistent_checkpoints_found_by_the_record_stop_orders_as_well(scene: Scene) -> None:
    line = scene.told()
    line.report_forks(["south.office.1"])
    assert codes(line.may_order("north", "north1a")) == ["forked"]
    line.report_forks([])
    assert line.may_order("north", "north1a") == ()


def test_a_side_may_decide_to_go_on_despite_a_fork_that_the_record_found(scene: Scene) -> None:
    line = scene.told()
    line.report_forks(["south.office.1"])
    scene.north.sign("resumption", prior=scene.south.acts[0].hash)
    assert scene.told().may_order("north", "north1a") == ()
    assert codes(line.may_order("south", "south1a")) == ["forked"]


def test_lifting_a_suspension_is_no_word_on_a_fork_in_the_same_log(scene: Scene) -> None:
    stop = scene.north.sign("suspension")
    scene.north.sign("resumption", prior=stop.hash)
    line = scene.told()
    line.report_forks(["north.office.1"])
    assert codes(line.may_order("north", "north1a")) == ["forked"]


# -- after a restore -----------------------------------------------------------------------------


def test_a_restored_writer_orders_nobody_until_its_past_is_confirmed(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    line = scene.told()
    line.take(again.acts)
    assert codes(line.may_order("north", "north1a")) == ["unchecked-restore"]
    again.sign("key-change", digest=DIGEST, prior=opened.hash)  # two officers counted
    line.take(again.acts)
    assert line.may_order("north", "north1a") == ()


def test_a_restored_writer_that_has_signed_nothing_yet_is_already_unchecked(scene: Scene) -> None:
    line = scene.told()
    line.report_restored("office", 2)
    assert codes(line.may_order("north", "north1a")) == ["unchecked-restore"]
    assert line.may_order("south", "south1a") == (), "its office was not restored"


def test_nobody_leaves_on_an_order_from_before_a_restore(scene: Scene) -> None:
    first = scene.one.transfers[0]
    assert codes(scene.told().may_leave("north", "north1a")) == ["unordered"]
    scene.north.sign("release-ordered", first)
    line = scene.told()
    assert line.may_leave("north", "north1a") == ()
    line.report_restored("office", 2)
    assert codes(line.may_leave("north", "north1a")) == ["ordered-before-restore"]
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    line.take(again.acts)
    assert codes(line.may_order("north", "north1a")) == ["unchecked-restore"]
    again.sign("key-change", digest=DIGEST, prior=opened.hash)
    line.take(again.acts)
    assert codes(line.may_leave("north", "north1a")) == ["ordered-before-restore"]
    assert line.may_order("north", "north1a") == ()
    again.sign("release-ordered", first)
    line.take(again.acts)
    assert line.may_leave("north", "north1a") == ()
    assert codes(line.may_order("north", "north1a")) == ["already-ordered"]


def test_nobody_is_ordered_while_somebody_of_an_earlier_step_is_out(scene: Scene) -> None:
    """A restored office orders somebody whom it had signed as kept; then its old log is back."""
    (first, due) = scene.one.transfers
    scene.south.sign("release-ordered", due)
    scene.south.sign("released", due)
    scene.north.sign("received", due)
    backup = len(scene.north.acts)
    scene.north.sign("not-released", first)
    scene.south.sign("conceded", first)
    scene.close(scene.one)
    lost, scene.north.acts[backup:] = scene.north.acts[backup:], []
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    again.sign("key-change", digest=DIGEST, prior=opened.hash)
    line = scene.told(scene.north)
    line.take([*again.acts, *scene.south.acts[:2]])
    assert line.may_order("north", "north1a") == ()
    again.sign("release-ordered", first)
    line.take([*again.acts, *lost, *scene.south.acts])
    assert line.has_closed("north", 1)
    assert line.has_closed("south", 1)
    assert codes(line.may_order("north", "north2a")) == ["earlier-person-out"]
    assert ("released", 1, ("north1a",)) in _offered(line)
    back = again.sign(
        "not-released", first, prior=line.prior_for("north", "north1a", "not-released")
    )
    line.take([back])
    assert line.may_order("north", "north2a") == ()


def _offered(line: Crossing) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(turn.kind, turn.step, turn.handles) for turn in line.next_acts("north")]


@pytest.mark.parametrize(
    ("witness", "missing", "confirmed"),
    [("observer", 0, True), ("north", 0, True), ("observer", 1, False), ("south", 0, False)],
    ids=["a neutral that knows no more", "a device", "a neutral that knows more", "the other side"],
)
def test_a_copy_confirms_a_restore_if_it_is_not_the_other_sides_and_knows_no_more(
    scene: Scene, witness: str, missing: int, confirmed: bool
) -> None:
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    seen = (("north.office.1", len(scene.north.acts) + missing), ("north.office.2", 1))
    copy = Hand(witness, "copier").sign("body-held", seen=seen, prior=opened.hash)
    line = scene.told()
    line.take([*again.acts, copy])
    assert line.is_unchecked("north", "office") is not confirmed


def test_nobody_confirms_a_restore_by_signing_something_else(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    again.sign("key-change", digest=DIGEST)
    seen = (("north.office.1", len(scene.north.acts)), ("north.office.2", 1))
    gate = Hand("north", "gate").sign("received", scene.one.transfers[1], seen=seen)
    line = scene.told()
    line.take([*again.acts, gate])
    assert line.is_unchecked("north", "office")


def test_the_count_of_another_party_confirms_nothing(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    scene.south.sign("key-change", digest=DIGEST, prior=opened.hash)
    line = scene.told()
    line.take(again.acts)
    assert line.is_unchecked("north", "office")


def test_a_new_log_of_which_the_beginning_is_not_held_stays_unchecked(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    counted = again.sign("key-change", digest=DIGEST, prior=opened.hash)
    line = scene.told()
    line.take([counted])
    assert line.is_unchecked("north", "office")


def test_a_restored_log_with_two_beginnings_stays_unchecked(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    forged = again.fork("key-change", digest="c" * 64)
    again.sign("key-change", digest=DIGEST, prior=opened.hash)
    line = scene.told()
    line.take([*again.acts, forged])
    assert line.is_unchecked("north", "office")


def test_an_unchecked_writers_word_that_somebody_stayed_closes_no_step(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    opened = again.sign("key-change", digest=DIGEST)
    again.sign("not-released", scene.one.transfers[0])
    again.sign("received", scene.one.transfers[1])
    line = scene.told()
    line.take(again.acts)
    assert codes(line.may_close("north", 1)) == ["outgoing-open"]
    again.sign("key-change", digest=DIGEST, prior=opened.hash)
    line.take(again.acts)
    assert line.may_close("north", 1) == ()


def test_facts_are_accepted_from_a_restored_writer_at_once(scene: Scene) -> None:
    again = Hand("north", epoch=2)
    again.sign("key-change", digest=DIGEST)
    again.sign("received", scene.one.transfers[1])
    line = scene.told()
    line.take(again.acts)
    assert line.net_lead("north") == -1


# -- closing and deciding --------------------------------------------------------------------------


def test_a_step_closes_when_each_person_of_it_is_accounted_for(scene: Scene) -> None:
    assert codes(scene.told().may_close("north", 1)) == ["incoming-open", "outgoing-open"]
    handed_over(scene.one, scene.north, scene.south)
    assert scene.told().may_close("north", 1) == ()


def test_who_did_not_come_is_conceded_and_who_was_not_signed_for_accepted(scene: Scene) -> None:
    mine, theirs = scene.one.transfers
    for kind in ("release-ordered", "released"):
        scene.north.sign(kind, mine)
    line = scene.told()
    assert line.may_concede("north", "south1a") == ()
    assert line.may_accept_unreceipted("north", "north1a") == ()
    scene.north.sign("conceded", theirs)
    scene.north.sign("unreceipted-accepted", mine)
    line = scene.told()
    assert line.may_close("north", 1) == ()
    assert codes(line.may_concede("north", "south1a")) == ["already-conceded"]
    assert codes(line.may_accept_unreceipted("north", "north1a")) == ["already-accepted"]
    assert line.conceded("north") == 1
    assert line.unanswered("north") == 0


def test_a_holder_that_says_both_has_not_handed_anybody_over(scene: Scene) -> None:
    handed_over(scene.one, scene.north, scene.south)
    scene.north.sign("not-released", scene.one.transfers[0])
    assert codes(scene.told().may_close("north", 1)) == ["outgoing-open"]


def test_persons_beside_the_balance_keep_no_step_open(scene: Scene) -> None:
    wounded = Transfer("w1", "north", "south", Kind("soldier", "living", "beside"), 1, 1)
    line = Crossing(["north", "south"], me="north")
    line.open_sheet(Step(1, 1, (*scene.one.transfers, wounded)), DIGEST)
    handed_over(scene.one, scene.north, scene.south)
    line.take([*scene.north.acts, *scene.south.acts])
    assert line.may_close("north", 1) == ()
    assert line.may_close("south", 1) == ()


def test_a_receipt_hands_nobody_over_whom_the_holder_has_not_signed_for(scene: Scene) -> None:
    handed_over(scene.one, scene.north, scene.south)
    scene.north.acts = [act for act in scene.north.acts if act.kind != "released"]
    assert codes(scene.told().may_close("north", 1)) == ["outgoing-open"]


def test_nobody_is_conceded_who_is_here_and_nobody_accepted_who_did_not_leave(scene: Scene) -> None:
    mine, theirs = scene.one.transfers
    scene.north.sign("received", theirs)
    scene.south.sign("received", mine)
    line = scene.told()
    assert codes(line.may_concede("north", "south1a")) == ["already-received"]
    assert codes(line.may_accept_unreceipted("north", "north1a")) == [
        "not-released",
        "receipt-held",
    ]
    assert codes(line.may_concede("north", "north1a")) == ["not-on-sheet"]
    assert codes(line.may_accept_unreceipted("north", "south1a")) == ["not-on-sheet"]


def test_a_receipt_taken_back_after_closing_is_a_conflict_and_no_open_release(scene: Scene) -> None:
    handed_over(scene.one, scene.north, scene.south)
    scene.close(scene.one)
    receipt = next(a for a in scene.south.acts if a.kind == "received")
    assert scene.told().unanswered("north") == 0
    scene.south.sign("not-received", scene.one.transfers[0], prior=receipt.hash)
    line = scene.told()
    assert line.unanswered("north") == 0
    assert codes(line.conflicts()) == ["released-but-missed"]
    assert line.may_order("north", "north2a") == ()


def test_a_step_in_which_nobody_left_is_void_and_closes_without_concessions(scene: Scene) -> None:
    for hand, t in zip((scene.north, scene.south), scene.one.transfers, strict=True):
        hand.sign("not-released", t)
    line = scene.told()
    assert line.is_void(1)
    assert line.may_close("north", 1) == ()


def test_kept_means_the_word_of_the_writer_that_could_have_ordered(scene: Scene) -> None:
    line = Crossing(["north", "south"], me="north")
    line.open_sheet(scene.one, DIGEST, writers={"north1a": "gate"})
    scene.north.sign("received", scene.one.transfers[1])
    scene.north.sign("not-released", scene.one.transfers[0])
    line.take(scene.north.acts)
    assert codes(line.may_close("north", 1)) == ["outgoing-open"]
    line.take([Hand("north", "gate").sign("not-released", scene.one.transfers[0])])
    assert line.may_close("north", 1) == ()


def test_a_side_closes_no_step_it_has_no_part_in(scene: Scene) -> None:
    line = scene.told()
    assert codes(line.may_close("north", 9)) == ["sheet-not-opened"]
    assert codes(line.may_close("east", 1)) == ["not-in-step"]


# -- sheets --------------------------------------------------------------------------------------


def test_a_sheet_never_changes_and_opening_it_again_changes_nothing(scene: Scene) -> None:
    assert scene.line.open_sheet(scene.one, DIGEST) == ()
    other = replace(scene.one, transfers=scene.one.transfers[:1])
    assert codes(scene.line.open_sheet(other, "b" * 64)) == ["sheet-changed"]
    assert scene.line.sheet(1) == scene.one


def test_a_handle_stands_on_one_sheet_only(scene: Scene) -> None:
    again = Step(1, 3, (replace(scene.one.transfers[0], step=3),))
    assert codes(scene.line.open_sheet(again, DIGEST)) == ["handle-on-two-sheets"]
    assert scene.line.sheet(3) is None
