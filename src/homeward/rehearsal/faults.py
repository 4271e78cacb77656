"""Faults of roads and machines, by name: what an exchange has to bear without anyone's fault.

``homeward rehearse --faults NAME`` plays the same story while packages are lost, late, doubled or
out of order, or offices' programs are ended at any moment. Nothing that is signed may change.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from homeward.rehearsal.courier import Courier, Way
from homeward.rehearsal.program import OfficeProgram

# How often each fault strikes: a package on its way, or (crash) a round of the courier.
SHARES: Mapping[str, Mapping[str, float]] = {
    "lossy": {"drop": 0.15, "delay": 0.2, "repeat": 0.2, "reorder": 0.5},
    "crash": {"crash": 0.1},
}


class FaultyCourier(Courier):
    """A courier on bad roads. What it does to packages follows from the seed."""

    def __init__(
        self, offices: Mapping[str, OfficeProgram], way: Way, faults: str, seed: int
    ) -> None:
        super().__init__(offices, way)
        self.shares = SHARES[faults]
        # a program that ends loses no package: only bad roads make people send again
        self.faulty = bool({"drop", "delay"} & self.shares.keys())
        self.struck: Counter[str] = Counter()
        self._dice = random.Random(f"{faults}/{seed}")

    def carry(self, now: datetime, sender: str | None = None) -> None:
        """Carry what is not held up; now and then an office's program ends meanwhile."""
        if self._strikes("crash"):
            self.offices[self._dice.choice(sorted(self.offices))].kill()
        super().carry(now, sender)

    def _bring(self, path: Path, sender: str, to: str, number: int, now: datetime) -> None:
        if self._strikes("delay"):
            return
        if self._strikes("drop"):
            path.unlink()
            return
        if self._strikes("reorder"):
            number = 999_999 - number
        if self._strikes("repeat"):
            again = path.read_bytes()
            super()._bring(path, sender, to, number, now)
            path.write_bytes(again)
            number = (number + 500_000) % 1_000_000
        super()._bring(path, sender, to, number, now)

    def _strikes(self, fault: str) -> bool:
        share = self.shares.get(fault, 0.0)
        struck = bool(share) and self._dice.random() < share
        self.struck[fault] += struck
        return struck
