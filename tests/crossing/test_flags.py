"""Facts are never refused; what is odd about them is said beside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeward.terms.kernel import Kind
from tests.crossing.hand import Hand
from tests.crossing.scene import Scene, codes


@pytest.fixture
def scene() -> Scene:
    return Scene()


def _flags(scene: Scene, hand: Hand) -> list[str]:
    act = hand.acts[-1]
    line = scene.told()
    assert act in list(line.ledger)
    return codes(line.flags([act]))


def test_a_fact_in_its_place_raises_no_flag(scene: Scene) -> None:
    scene.north.sign("release-ordered", scene.one.transfers[0])
    scene.north.sign("released", scene.one.transfers[0])
    assert _flags(scene, scene.north) == []
    assert scene.line.flags([scene.north.sign("stage-closed", stage=1)]) == ()


def test_a_release_without_an_order_is_flagged(scene: Scene) -> None:
    scene.north.sign("released", scene.one.transfers[0])
    assert _flags(scene, scene.north) == ["unordered"]


def test_a_fact_that_differs_from_the_sheet_is_flagged(scene: Scene) -> None:
    scene.north.sign("received", scene.one.transfers[1], step=2)
    assert _flags(scene, scene.north) == ["differs-from-sheet"]


def test_a_fact_about_somebody_on_no_sheet_is_flagged_unless_they_are_an_extra(
    scene: Scene,
) -> None:
    stranger = replace(scene.one.transfers[1], handle="stranger")
    scene.north.sign("received", stranger)
    assert _flags(scene, scene.north) == ["off-sheet"]
    scene.north.sign("received", replace(stranger, kind=Kind("soldier", "living", "extra")))
    assert _flags(scene, scene.north) == []


def test_a_fact_after_its_author_closed_the_step_is_noted(scene: Scene) -> None:
    scene.close(scene.one)
    scene.north.sign("received", scene.one.transfers[1])
    assert _flags(scene, scene.north) == ["after-closing"]


def test_a_word_about_somebody_elses_person_is_flagged(scene: Scene) -> None:
    scene.north.sign("released", scene.one.transfers[1])
    assert _flags(scene, scene.north) == ["not-its-word"]
