"""A whole exchange through the pages of three offices: two officers each, a courier on foot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.office_pages.sitting import Seat
from tests.office_pages.visiting import (
    STAGE,
    TERMS,
    Answer,
    Visitor,
    held_list,
    sought_list,
    visitor,
)

# words travel in the first round, and that they were seen in the second
ROUNDS = 2
# what a step asks for when all goes as its sheet says
DUE = ("step-ready", "release-ordered", "released", "received", "step-closed")


@dataclass
class House:
    """One party's office with its two officers, and whoever carries its packages.

    The first package goes out and in by an officer's own hand; after that a courier fills in the
    same forms, for there are hundreds of them.
    """

    name: str
    first: Seat
    second: Seat
    carried: set[str] = field(default_factory=set)
    courier: Visitor | None = None
    seen: Answer | None = None  # the record's page as the courier last saw it, with its forms
    taken: bool = False

    def confirm(self) -> None:
        """The second officer confirms everything that waits."""
        self.second.go("/waiting/")
        for path in self.second.links("/waiting/"):
            self.second.go(path)
            self.second.press("word", "confirm")
            assert not self.second.problems()

    def act(self, path: str, name: str, value: str = "") -> bool:
        """Press a button where the page offers it; returns whether it did."""
        self.first.go(path)
        if not self.first.has(name, value):
            return False
        self.first.press(name, value)
        assert not self.first.problems()
        return True

    def sign(self, path: str) -> bool:
        """Press the act that a step's page offers as due; returns whether there was one."""
        self.first.go(path)
        due = next((kind for kind in DUE if self.first.has("kind", kind)), "")
        if due:
            self.first.press("kind", due)
            assert not self.first.problems()
        return bool(due)

    def send(self) -> list[tuple[str, bytes]]:
        """Write packages and take the new ones from the outbox."""
        if self.courier is None:
            self.act("/record/", "verb", "send")
            self.courier = visitor(self.first.address)
            self.seen = self.courier.get("/record/")
        else:
            self.seen = self.courier.send("/record/", {"verb": "send"}, page=self.seen)
        names = re.findall(r'href="/record/out/([^"]+)"', self.seen.text)
        fresh = [name for name in names if name not in self.carried]
        self.carried |= set(fresh)
        return [(name, self.courier.get(f"/record/out/{name}").data) for name in fresh]

    def take(self, packages: Sequence[tuple[str, bytes]]) -> None:
        """Hand the packages in that came."""
        if packages and self.taken and self.courier is not None:
            files = {"package": packages}
            self.seen = self.courier.send("/record/in/", {}, files, page=self.seen)
            assert 'class="problems"' not in self.seen.text, self.seen.text
            return
        for package in packages:
            self.first.go("/record/")
            self.first.press("package", fill={"package": package})
            assert not self.first.problems()
        self.taken = True


def carry(houses: Sequence[House], rounds: int = ROUNDS) -> None:
    """Carry every package, some rounds long or until nobody has anything to say."""
    for _ in range(rounds):
        waiting = [(house.name, *each) for house in houses for each in house.send()]
        if not waiting:
            return
        for house in houses:
            house.take([(n, d) for _, n, d in waiting if n.split(".")[1] == house.name])


def meet(houses: Sequence[House]) -> None:
    """Cards are handed over, and every office opens the exchange on the same text."""
    cards = {}
    for house in houses:
        cards[house.name] = visitor(house.first.address).get("/terms/card/").text
    for house in houses:
        house.first.go("/terms/meet/")
        others = "".join(card for name, card in cards.items() if name != house.name)
        house.first.press("cards", fill={"cards": others, "text": TERMS})
        house.confirm()
    carry(houses)


def agree(houses: Sequence[House], proposer: House, path: str) -> None:
    """Whatever stands at ``path`` is signed by the other sides and made final by its proposer."""
    carry(houses)
    for house in houses[:2]:
        if house is not proposer:
            assert house.act(path, "word", "accept")
            house.confirm()
    carry(houses)
    assert proposer.act(path, "word", "finalise")
    proposer.confirm()
    carry(houses)


def propose(house: House, kind: str, text: str) -> str:
    """Put a text on the table; returns where it stands."""
    house.first.go(f"/terms/{kind}/")
    house.first.press("text", fill={"text": text})
    assert not house.first.problems()
    return house.first.here()


def import_lists(house: House) -> None:
    """Both lists, each by its three steps."""
    seat = house.first
    for which, text in (("held", held_list(house.name)), ("sought", sought_list(house.name))):
        seat.go("/people/import/")
        seat.press("file", fill={"which": which, "file": ("list.csv", text.encode())})
        seat.press("column-0")
        seat.settle()
        seat.press("once")
        seat.settle()
        assert seat.links("/people/edition/")


def review(house: House) -> None:
    """Both officers give their word on every pair that is left."""
    house.act("/matching/", "once")
    house.first.settle()
    for seat in (house.first, house.second):
        for _ in range(20):
            seat.go("/matching/")
            following = seat.links("/matching/")
            if not following:
                break
            seat.go(following[0])
            seat.press("word", "same")


def compare_lists(houses: Sequence[House], sides: Sequence[House]) -> None:
    """Lists in, shown, compared, decided, answered, accepted; wishes sealed."""
    for house in sides:
        import_lists(house)
        assert house.act("/lists/", "verb", "submit-lists")
    carry(houses)
    for house in sides:
        review(house)
        assert house.act("/lists/", "verb", "reply")
    carry(houses)
    for house in sides:
        assert house.act("/lists/", "verb", "accept-replies")
        assert house.act("/fitness/", "what", "seal")
    carry(houses)


def plan(houses: Sequence[House], sides: Sequence[House]) -> None:
    """The proposer plans, the other side checks and proves, sheets are frozen and held."""
    proposer = sides[0]
    assert proposer.act("/plan/", "verb", "make-plan")
    proposer.first.settle()
    proposer.first.go("/plan/")
    (path,) = proposer.first.links("/plan/")
    agree(houses, proposer, path)
    assert proposer.act("/plan/", "verb", "make-sheets")
    carry(houses)
    for house in sides:
        assert house.act("/plan/", "verb", "hold-sheets")
    carry(houses)


def cross(houses: Sequence[House], sides: Sequence[House]) -> int:
    """Every act at the line as the desk offers it, until no step is open; how many were signed."""
    signed = 0
    for _ in range(60):
        before = signed
        for house in sides:
            house.first.go("/crossing/")
            # the first step on the desk is the open one, where any is
            for path in house.first.links("/crossing/")[:1]:
                while house.sign(path):
                    signed += 1
        carry(houses)
        if signed == before:
            return signed
    raise AssertionError("the crossing never ended")


def bring_home(houses: Sequence[House], sides: Sequence[House]) -> None:
    """The stage is closed, everyone is in safety, and confirmed home beside the count."""
    for verb in ("close-stage", "in-safety", "home"):
        for house in sides:
            assert house.act("/crossing/", "verb", verb)
        carry(houses)


def whole_friday(houses: Sequence[House]) -> int:
    """From cards to home; returns the acts signed at the line."""
    sides = houses[:2]
    meet(houses)
    agree(houses, sides[0], propose(sides[0], "propose", TERMS))
    compare_lists(houses, sides)
    agree(houses, sides[0], propose(sides[0], "propose-stage", STAGE))
    plan(houses, sides)
    signed = cross(houses, sides)
    bring_home(houses, sides)
    carry(houses, 2 * ROUNDS)
    return signed
