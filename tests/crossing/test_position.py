"""What stands attested, by whom: folded from headers, and never more than was signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.crossing import Act, Crossing, conflicts_in, position
from homeward.terms.kernel import Kind, Position, Transfer
from tests.crossing.hand import CIVILIAN, Hand, handed_over, sheet

SIDES = ("north", "south")


@dataclass(frozen=True)
class Owed:
    """As much of an obligation as the position reads."""

    id: str
    sender: str
    to: str
    count: int | None
    category: str | None = None
    state: str = "living"
    group: str = "inside"
    floor: int | None = None

    @property
    def least(self) -> int | None:
        return self.floor if self.count is None else self.count


@dataclass(frozen=True)
class Terms:
    obligations: tuple[Owed, ...]
    step: int | None = 3


def _fold(*hands: Hand, **more: Any) -> Position:
    return position([a for hand in hands for a in hand.acts], sides=SIDES, **more)


def _codes(acts: list[Act]) -> list[str]:
    return [problem.code.removeprefix("crossing.") for problem in conflicts_in(acts)]


def _scene() -> tuple[Hand, Hand, Transfer, Transfer]:
    return Hand("north"), Hand("south"), *sheet(size=1).transfers  # type: ignore[return-value]


def test_a_person_counts_when_both_have_signed_and_not_before() -> None:
    north, south, mine, _ = _scene()
    north.sign("release-ordered", mine)
    assert _fold(north).cells == ()
    north.sign("released", mine)
    assert _fold(north).count(attested_by="holder", outcome="transferred") == 1
    south.sign("received", mine)
    fold = _fold(north, south)
    assert fold.count(attested_by="both") == fold.count() == 1


def test_a_missing_log_leaves_the_other_sides_word_standing_alone() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=3), north, south)
    assert _fold(north).count(sender="north", attested_by="holder") == 3
    assert _fold(north).count(sender="south", attested_by="receiver") == 3
    assert _fold(north).count(attested_by="both") == 0
    assert _fold(north, south).count(attested_by="both") == 6


@pytest.mark.parametrize("kind", ["not-received", "conceded"])
def test_who_did_not_cross_is_counted_as_such(kind: str) -> None:
    north, south, mine, _ = _scene()
    north.sign("release-ordered", mine)
    north.sign("not-released", mine)
    south.sign(kind, mine)
    fold = _fold(north, south)
    assert fold.count(attested_by="both", outcome="not_transferred") == fold.count() == 1


def test_two_accounts_of_one_person_stand_side_by_side() -> None:
    north, south, mine, _ = _scene()
    north.sign("released", mine)
    south.sign("not-received", mine)
    fold = _fold(north, south)
    assert fold.count(attested_by="holder", outcome="transferred") == 1
    assert fold.count(attested_by="receiver", outcome="not_transferred") == 1
    assert _codes(north.acts + south.acts) == ["released-but-missed"]


def test_who_says_both_says_nothing_until_it_is_corrected() -> None:
    north, south, mine, _ = _scene()
    out = north.sign("released", mine)
    north.sign("not-released", mine)
    south.sign("received", mine)
    assert _fold(north, south).count(attested_by="both") == 0
    assert "says-both" in _codes(north.acts + south.acts)
    north.sign("correction", prior=north.acts[-1].hash)
    assert _fold(north, south).count(attested_by="both", outcome="transferred") == 1
    north.sign("not-released", mine, prior=out.hash)
    assert _fold(north, south).count(attested_by="both") == 0


def test_nobody_takes_back_another_sides_word() -> None:
    north, south, mine, _ = _scene()
    out = north.sign("released", mine)
    receipt = south.sign("received", mine, prior=out.hash)
    south.sign("correction", prior=out.hash)
    north.sign("not-received", mine, prior=receipt.hash)
    assert _fold(north, south).count(attested_by="both", outcome="transferred") == 1


def test_an_order_and_a_return_conflict_only_where_nothing_shows_which_came_first() -> None:
    north, gate, mine = Hand("north"), Hand("north", "gate"), sheet(size=1).transfers[0]
    north.sign("release-ordered", mine)
    north.sign("not-released", mine)
    assert _codes(north.acts) == []
    gate.sign("release-ordered", mine)
    assert _codes(north.acts) == []
    assert _codes([*gate.acts, north.acts[1]]) == ["order-and-return-cross"]


def test_where_both_sides_agree_there_is_no_conflict() -> None:
    north, south, mine, _ = _scene()
    order = north.sign("release-ordered", mine)
    out = north.sign("released", mine, prior=order.hash)
    south.sign("received", mine, prior=out.hash)
    assert _codes(north.acts + south.acts) == []


def test_no_other_party_can_speak_for_a_holder_or_a_receiver() -> None:
    north, south, mine, _ = _scene()
    observer = Hand("observer")
    for hand, kind in ((observer, "released"), (observer, "received"), (north, "received")):
        hand.sign(kind, mine)
    assert _fold(north, south, observer).cells == ()
    assert set(_codes(north.acts + observer.acts)) == {"not-its-word"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cls": str(CIVILIAN)}, "two-classes"),
        ({"step": 2}, "two-steps"),
        ({"sender": "east"}, "two-directions"),
    ],
)
def test_words_about_different_things_are_not_one_attestation(
    change: dict[str, Any], code: str
) -> None:
    north, south, mine, _ = _scene()
    north.sign("released", mine)
    south.sign("received", mine, **change)
    fold = _fold(north, south)
    assert fold.count(attested_by="both") == 0
    assert fold.count() == 2
    assert _codes(north.acts + south.acts) == [code]


def test_a_receipt_without_a_release_is_taken_and_shown() -> None:
    north, south, mine, _ = _scene()
    south.sign("received", mine)
    assert _fold(north, south).count(attested_by="receiver") == 1
    assert _codes(south.acts) == ["received-without-release"]


def test_an_extra_person_stands_in_a_cell_of_its_own() -> None:
    _, south, mine, _ = _scene()
    extra = replace(mine, handle="x1", kind=Kind("soldier", "living", "extra"))
    south.sign("received", extra)
    (cell,) = _fold(south).cells
    assert (cell.group, cell.attested_by, cell.count) == ("extra", "receiver", 1)
    assert _codes(south.acts) == ["extra-person"]


def test_a_wrong_person_is_named_beside_the_one_who_was_due() -> None:
    north, south, mine, _ = _scene()
    out = north.sign("released", mine)
    south.sign("not-received", mine, prior=out.hash)
    extra = replace(mine, handle="x1", kind=Kind("soldier", "living", "extra"))
    south.sign("received", extra, prior=out.hash)
    assert _codes(north.acts + south.acts) == [
        "released-but-missed",
        "extra-person",
        "wrong-person",
    ]


def test_a_person_given_up_who_arrives_after_all_is_received() -> None:
    north, south, mine, _ = _scene()
    north.sign("released", mine)
    south.sign("conceded", mine)
    assert _fold(north, south).conceded == {"north": 0, "south": 1}
    south.sign("received", mine)
    fold = _fold(north, south)
    assert fold.count(attested_by="both", outcome="transferred") == fold.count() == 1
    assert fold.conceded == {"north": 0, "south": 0}
    assert "conceded-then-received" in _codes(north.acts + south.acts)


def test_lead_and_largest_lead_stand_beside_the_count() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=3), north, south)
    fold = _fold(north, south, step=3, as_of="2030-01-02T10:00:00+00:00")
    assert fold.lead == {"north": 0, "south": 0}
    assert fold.largest_lead == {"north": 3, "south": 3}
    assert (fold.step, fold.as_of) == (3, "2030-01-02T10:00:00+00:00")


def test_recorded_statements_never_move_the_position() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=3), north, south)
    before = _fold(north, south)
    for hand in (north, south, Hand("observer")):
        hand.sign("statement-recorded", digest="a" * 64, stage=1)
    assert _fold(north, south) == before


# -- owed and home ---------------------------------------------------------------------------------

BOTH = (Owed("all:north-south", "north", "south", 2), Owed("all:south-north", "south", "north", 2))


def test_it_is_complete_only_when_everybody_owed_is_attested_by_both() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=2), north, south)
    terms = Terms(BOTH)
    fold = _fold(north, south, terms=terms)
    assert [(row["agreed"], row["done"], row["left"]) for row in fold.owed] == [(2, 2, 0)] * 2
    assert (fold.complete, fold.step) == (True, 3)
    assert not _fold(north, terms=terms).complete
    assert not _fold(north, south).complete


def test_who_came_from_home_to_home_is_told_beside_the_count() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=2), north, south)
    south.sign("home-confirmed", stage=1, sums={"heads": 1})
    south.sign("home-confirmed", stage=1, sums={"heads": 2})
    fold = _fold(north, south)
    assert fold.home == ({"to": "south", "stage": 1, "count": 2, "sums": {"heads": 2}},)
    assert _fold(north, south, public=True, past_long_stop=True).home == ()
    assert fold.count() == _fold(north, Hand("south")).count()


def test_persons_of_another_class_or_beside_do_not_answer_what_is_owed() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=2, kind=CIVILIAN), north, south)
    beside = Kind("soldier", "living", "beside")
    handed_over(sheet(2, size=2, kind=beside), north, south)
    terms = Terms((Owed("s", "north", "south", 2, "soldier"),))
    (row,) = _fold(north, south, terms=terms).owed
    assert (row["done"], row["left"]) == (0, 2)


def test_what_has_no_number_is_never_said_to_be_complete_and_what_is_no_person_never_hinders() -> (
    None
):
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=2), north, south)
    deposit = Owed("money", "north", "south", 1, state="asset", group="beside")
    with_money = _fold(north, south, terms=Terms((*BOTH, deposit)))
    assert with_money.complete
    assert with_money.owed[-1]["left"] is None
    open_end = Owed("rest", "north", "south", None)
    assert not _fold(north, south, terms=Terms((*BOTH, open_end))).complete


def test_a_number_that_has_to_be_reached_at_least_is_left_until_it_is() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=2), north, south)
    reached, short = (Owed("some", "north", "south", None, floor=least) for least in (1, 3))
    fold = _fold(north, south, terms=Terms((BOTH[1], reached)))
    assert (fold.owed[1]["agreed"], fold.owed[1]["left"], fold.complete) == (None, 0, True)
    fold = _fold(north, south, terms=Terms((BOTH[1], short)))
    assert (fold.owed[1]["left"], fold.complete) == (1, False)


# -- what the public sees --------------------------------------------------------------------------


def _stage(stage: int, size: int, north: Hand, south: Hand, kind: Kind = CIVILIAN) -> None:
    handed_over(sheet(stage, size=size, kind=kind, stage=stage), north, south)


def _publish(stage: int, *hands: Hand) -> None:
    for hand in hands:
        hand.sign("stage-closed", stage=stage)
        hand.sign("in-safety", stage=stage)


def test_nothing_of_a_stage_is_public_before_all_closed_it_and_all_are_in_safety() -> None:
    north, south = Hand("north"), Hand("south")
    _stage(1, 12, north, south)
    assert _fold(north, south, public=True).cells == ()
    assert _fold(north, south, public=True).largest_lead == {"north": 0, "south": 0}
    _publish(1, north)
    for kind in ("stage-closed", "in-safety"):
        half = [*north.acts, *south.acts, Hand("south", "other").sign(kind, stage=1)]
        assert position(half, sides=SIDES, public=True).cells == ()
    _publish(1, south)
    fold = _fold(north, south, public=True)
    assert fold.count(attested_by="both") == 24
    _stage(2, 12, north, south)
    assert _fold(north, south, public=True) == fold


def test_past_the_long_stop_date_everything_is_shown_by_stage() -> None:
    north, south = Hand("north"), Hand("south")
    _stage(1, 12, north, south)
    fold = _fold(north, south, public=True, past_long_stop=True)
    assert {cell.step for cell in fold.cells} == {0}
    assert fold.count() == 24


def test_a_class_of_fewer_than_ten_waits_for_the_end_and_then_shows_only_its_sum() -> None:
    north, south = Hand("north"), Hand("south")
    for stage in (1, 2):
        _stage(stage, 4, north, south)
        handed_over(sheet(stage + 2, size=12, stage=stage), north, south)
        _publish(stage, north, south)
    terms = Terms((Owed("c", "north", "south", 9, "civilian"), Owed("s", "north", "south", 24)))
    fold = _fold(north, south, terms=terms, public=True)
    assert fold.count(category="civilian") == 0
    assert fold.count(sender="north", category="soldier", stage=1) == 12
    assert [row["done"] for row in fold.owed] == [0, 24]  # no total gives it away
    enough = Terms((Owed("c", "north", "south", 8, "civilian"), Owed("s", "north", "south", 24)))
    ended = _fold(north, south, terms=enough, public=True)
    (cell,) = [c for c in ended.cells if c.sender == "north" and c.category == "civilian"]
    assert (cell.stage, cell.step, cell.count) == (0, 0, 8)


# -- as a whole ------------------------------------------------------------------------------------


def test_the_position_survives_json() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=2), north, south)
    fold = _fold(north, south, terms=Terms(BOTH))
    assert Position.from_json(fold.to_json()) == fold


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_nothing_is_attested_by_both_without_both_signatures(choices: list[int]) -> None:
    hands = {side: Hand(side) for side in ("north", "south", "observer")}
    people = sheet(size=3).transfers
    kinds = ("released", "not-released", "received", "not-received", "conceded", "correction")
    for n in choices:
        hand = hands[("north", "south", "observer")[n % 3]]
        kind, t = kinds[n // 3 % 6], people[n // 18 % 6]
        prior = hand.acts[n // 108 % len(hand.acts)].hash if hand.acts and n % 2 else None
        if kind == "correction":
            hand.sign(kind, prior=prior)
        else:
            hand.sign(kind, t, prior=prior)
    fold = _fold(*hands.values())
    signed = {(a.author, a.kind, a.handle) for hand in hands.values() for a in hand.acts}
    possible = sum(
        (t.sender, "released", t.handle) in signed and (t.to, "received", t.handle) in signed
        for t in people
    )
    assert fold.count(attested_by="both", outcome="transferred") <= possible
    for cell in fold.cells:
        one_side = {"holder": cell.sender, "receiver": cell.to}.get(cell.attested_by)
        assert one_side is None or one_side in SIDES


def test_a_hundred_thousand_acts_are_folded_whatever_their_order() -> None:
    north, south = Hand("north"), Hand("south")
    step = 0
    while len(north.acts) + len(south.acts) < 100_000:
        step += 1
        handed_over(sheet(step, size=26), north, south)
    acts = [*south.acts, *north.acts]
    fold = position(acts, sides=SIDES)
    assert fold.count(attested_by="both") * 3 == len(acts)


def test_a_crossing_and_a_fold_agree() -> None:
    north, south = Hand("north"), Hand("south")
    handed_over(sheet(size=3), north, south)
    south.acts.pop()
    line = Crossing(SIDES)
    line.take(reversed(north.acts))
    line.take(south.acts)
    fold = _fold(north, south)
    assert {side: line.net_lead(side) for side in SIDES} == fold.lead
    assert {side: line.largest_lead(side) for side in SIDES} == fold.largest_lead
