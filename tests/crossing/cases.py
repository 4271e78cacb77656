"""One small scene for each case that a delegate may be told of, and the page that tells it."""

from __future__ import annotations

from collections.abc import Callable

from homeward.crossing import Closing, Crossing
from homeward.terms.kernel import Kind, Transfer
from tests.crossing.hand import Hand, sheet
from tests.crossing.scene import Scene


def receipt_missing() -> Crossing:
    """North lets two go; south signs for one of them."""
    line, north, south, people = _two_a_side()
    mine = [t for t in people if t.sender == "north"]
    for t in mine:
        north.sign("release-ordered", t)
    released = [north.sign("released", t) for t in mine]
    south.sign("received", mine[0], prior=released[0].hash)
    line.take([*north.acts, *south.acts])
    return line


def _two_a_side() -> tuple[Crossing, Hand, Hand, tuple[Transfer, ...]]:
    one = sheet(1, 2)
    line = Crossing(["north", "south"], me="north")
    line.open_sheet(one, "a" * 64)
    hands = Hand("north"), Hand("south")
    for hand in hands:
        hand.sign("step-ready", stage=1, step=1, digest="a" * 64)
    return line, *hands, one.transfers


def words_differ() -> Crossing:
    """North signed that its person left; south that nobody came."""
    scene = Scene()
    mine = scene.one.transfers[0]
    scene.north.sign("release-ordered", mine)
    out = scene.north.sign("released", mine)
    scene.south.sign("not-received", mine, prior=out.hash)
    return scene.told()


def kept() -> Crossing:
    """South's person does not go; north's does, and is received."""
    scene = Scene()
    mine, theirs = scene.one.transfers
    scene.north.sign("release-ordered", mine)
    out = scene.north.sign("released", mine)
    scene.south.sign("received", mine, prior=out.hash)
    order = scene.south.sign("release-ordered", theirs)
    scene.south.sign("not-released", theirs, prior=order.hash)
    return scene.told()


def sums_differ() -> Crossing:
    """Both were handed over; south closes as if nobody had come to it."""
    scene = Scene()
    mine, theirs = scene.one.transfers
    for hand, t in ((scene.north, mine), (scene.south, theirs)):
        hand.sign("release-ordered", t)
        hand.sign("released", t)
    scene.north.sign("received", theirs)
    scene.south.sign("received", mine)
    closing = scene.told().closing("north", 1)
    assert isinstance(closing, Closing)
    made = scene.north.sign("step-closed", stage=1, step=1, sums=dict(closing.sums))
    sums = {**dict(closing.sums), "south.received": 0}
    scene.south.sign("step-closed", stage=1, step=1, sums=sums, prior=made.hash)
    return scene.told()


def sheets_differ() -> Crossing:
    """South stands ready on another sheet than north."""
    line = Crossing(["north", "south"], me="north")
    line.open_sheet(sheet(1, 1), "a" * 64)
    for side, digest in (("north", "a" * 64), ("south", "b" * 64)):
        line.take([Hand(side).sign("step-ready", stage=1, step=1, digest=digest)])
    return line


def stopped() -> Crossing:
    """South suspends while north's person is on the way."""
    scene = Scene()
    mine = scene.one.transfers[0]
    scene.north.sign("release-ordered", mine)
    scene.south.sign("suspension")
    return scene.told()


def restored() -> Crossing:
    """North's disk died; it goes on from its backup in a new log."""
    scene = Scene()
    again = Hand("north", epoch=2)
    again.sign("key-change", digest="a" * 64)
    scene.line.take(again.acts)
    return scene.told()


def wrong_person() -> Crossing:
    """South releases the person due; somebody else steps out of the bus."""
    scene = Scene()
    theirs = scene.one.transfers[1]
    scene.south.sign("release-ordered", theirs)
    out = scene.south.sign("released", theirs)
    other = Kind("soldier", "living", "extra")
    stranger = Transfer("stranger", "south", "north", other, 1, 1)
    scene.north.sign("received", stranger, prior=out.hash)
    scene.north.sign("not-received", theirs, prior=out.hash)
    return scene.told()


SCENES: dict[str, Callable[[], Crossing]] = {
    "receipt-missing": receipt_missing,
    "words-differ": words_differ,
    "kept": kept,
    "sums-differ": sums_differ,
    "sheets-differ": sheets_differ,
    "stopped": stopped,
    "restored": restored,
    "wrong-person": wrong_person,
}
