"""What a plan is to be best at, in order, and how much each aim may give up for those after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeward.problem import Problem, Refused

#: Every aim with its unit; more is better, so what should be small is counted below zero.
UNITS = {
    "medical": "grade x stages",
    "held": "months x stages",
    "fairness": "hundredths of a percent behind",
    "trips": "trips",
}
#: Aims that add up over persons; the others join persons of a site or of a vehicle.
ADDED = ("medical", "held")
#: Tolerances are counted in hundredths of a percent.
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Aims:
    """Aims in order of precedence, and what each may give up, in hundredths of a percent."""

    order: tuple[str, ...] = ADDED
    tolerance: tuple[tuple[str, int], ...] = ()

    @property
    def added(self) -> bool:
        """Whether every aim adds up over persons and gives nothing up."""
        return set(self.order) <= set(ADDED) and not any(given for _, given in self.tolerance)

    def slack(self, name: str, value: int) -> int:
        """How far a level that reached ``value`` may fall for the sake of later ones."""
        return abs(value) * dict(self.tolerance).get(name, 0) // WHOLE


#: Persons by medical level, then those held longest.
PLAIN = Aims()


def read_aims(text: str) -> Aims:
    """Aims from words such as ``medical, held:0.5, fairness, trips``.

    A number is what the aim may give up, in percent of what it could reach. Raises Refused.
    """
    order: list[str] = []
    tolerance: list[tuple[str, int]] = []
    problems = []
    for part in text.split(","):
        name, _, given = (word.strip() for word in part.partition(":"))
        if name not in UNITS or name in order:
            problems.append(
                Problem("plan.bad-aims", "aims", name, "each once, of " + ", ".join(UNITS))
            )
            continue
        order.append(name)
        parts = _hundredths(given) if given else 0
        if parts is None:
            expected = "a percentage such as 0.5, at most 100"
            problems.append(Problem("plan.bad-aims", f"aims:{name}", given, expected))
        elif parts:
            tolerance.append((name, parts))
    if problems:
        raise Refused(problems)
    return Aims(tuple(order), tuple(tolerance))


def claimed_aims(certificate: Mapping[str, Any]) -> Aims:
    """The aims that a plan was made for, as its certificate tells them; whoever agreed on them
    holds them against its own. Raises Refused for a certificate that tells no aims."""
    levels, given = certificate.get("levels", ()), certificate.get("tolerance", {})
    try:
        order = tuple(str(level[0]) for level in levels if level[0] in UNITS)
        text = ",".join(
            f"{name}:{given[name] / 100:.2f}" if name in given else name for name in order
        )
        return read_aims(text) if order else PLAIN
    except (TypeError, KeyError, IndexError, AttributeError):
        problem = Problem("plan.bad-certificate", "certificate:aims", expected="levels by name")
        raise Refused([problem]) from None


def claimed_seed(certificate: Mapping[str, Any], otherwise: int = 0) -> int:
    """The public seed that a certificate tells; ``otherwise`` where it tells none."""
    seed = certificate.get("seed")
    return seed if type(seed) is int else otherwise


def _hundredths(given: str) -> int | None:
    whole, _, part = given.partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit()) or not whole or len(part) > 2 or len(whole) > 3:
        return None
    found = int(whole) * 100 + int(part.ljust(2, "0"))
    return found if found <= WHOLE else None
