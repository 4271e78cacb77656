"""Two sides at the first of two steps."""

from __future__ import annotations

from homeward.crossing import Crossing
from homeward.problem import Problem
from homeward.terms.kernel import Step
from tests.crossing.hand import Hand, sheet

DIGEST = "a" * 64


class Scene:
    """Two sides at the first of two steps, with everything signed and held."""

    def __init__(self) -> None:
        self.one, self.two = sheet(1, 1), sheet(2, 1)
        self.north, self.south = Hand("north"), Hand("south")
        self.line = Crossing(["north", "south"], me="north")
        for step in (self.one, self.two):
            assert not self.line.open_sheet(step, DIGEST)
            for hand in (self.north, self.south):
                hand.sign("step-ready", stage=1, step=step.number, digest=DIGEST)

    def told(self, *hands: Hand) -> Crossing:
        for hand in hands or (self.north, self.south):
            self.line.take(hand.acts)
        return self.line

    def close(self, step: Step) -> None:
        for hand in (self.north, self.south):
            hand.sign("step-closed", stage=1, step=step.number)


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code.removeprefix("crossing.") for problem in problems]
