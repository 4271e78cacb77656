"""Terms as values: parties, obligations with their quantities, balance, and the clauses around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeward.dates import PartialDate
from homeward.terms.document import Path
from homeward.terms.predicates import Facts, holds

Names = str | Mapping[str, str]
PERSONS = frozenset({"living", "remains", "either", "unknown"})
WHOLE_CATEGORY = "person"


def named(names: Names | None, language: str, fallback: str = "") -> str:
    """A text in ``language``, else in English, else in the first language it was written in."""
    if names is None:
        return fallback
    if isinstance(names, str):
        return names
    return names.get(language) or names.get("en") or next(iter(sorted(names.items())))[1]


# What is owed in these states is no person, and its unit is not known unless it is said.
_THINGS = frozenset({"asset", "act"})


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a count that has a name of its own: so many, or so many in the hundred."""

    name: str
    count: int | None = None
    percent: int | None = None
    when: Mapping[str, Any] | None = None
    names: Names | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """How many, in one of the forms of docs/reference/terms.md, with its counting rule.

    ``number`` is the count of the forms that stand alone; ``give`` of ``per`` of ``of`` is the
    key of a ratio (per each), a lump (per all) or a percentage; ``part`` narrows what it is of.
    With ``every`` (a day, a week, a month, a stage) the number is a rate, and the whole is open.
    ``parts`` divide the number; counts ``among`` it may overlap.
    """

    form: str
    number: int | None = None
    upper: int | None = None
    of: str | None = None
    give: int = 1
    per: int = 1
    part: str | None = None
    counting: str | None = None
    unit: str = ""
    every: str | None = None
    parts: tuple[Part, ...] = ()
    among: tuple[Part, ...] = ()
    rounding: str = "whole_groups"
    believed: int | None = None
    as_of: PartialDate | None = None
    tolerance: int = 10
    note: Names | None = None

    @property
    def low(self) -> int:
        """The least that meets it; 0 where the number is a result of something else."""
        return 0 if self.every else self.rate[0]

    @property
    def high(self) -> int | None:
        """The most that it allows; None where there is no ceiling."""
        return None if self.every else self.rate[1]

    @property
    def rate(self) -> tuple[int, int | None]:
        """The least and the most of the number as written, for one ``every`` if it has one."""
        return self._least(), self._most()

    def _least(self) -> int:
        if self.number is None or self.form == "at_most":
            return 0
        if self.form == "about":
            return -(-self.number * (100 - self.tolerance) // 100)
        return self.number

    def _most(self) -> int | None:
        if self.number is None or self.form == "at_least":
            return None
        if self.form == "range":
            return self.upper
        if self.form == "about":
            return self.number * (100 + self.tolerance) // 100
        return self.number

    @property
    def count(self) -> int | None:
        """The one number that is owed, where there is one."""
        return self.number if self.form in ("exact", "list_size") and not self.every else None


@dataclass(frozen=True, slots=True)
class Obligation:
    """What one side owes another: whom, how many, in which state, inside or beside the balance.

    ``sender`` and ``to`` are ids; where several act jointly they are joined by ``+`` and
    ``senders`` and ``receivers`` hold each. ``open`` are points of it, such as a venue, that are
    known not to have been agreed by a day: nobody owes them yet, and they are not settled.
    """

    id: str
    clause: str
    sender: str
    to: str
    quantity: Quantity
    category: str | None = None
    state: str = "living"
    group: str = "inside"
    when: Mapping[str, Any] | None = None
    what: Names | None = None
    stage: str | None = None
    held_by: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    destination: Names | None = None
    chosen_by: str | None = None
    named: int | None = None
    family: int = 0
    due: Mapping[str, Any] | None = None
    readings: Mapping[str, Quantity] = field(default_factory=dict)
    open: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mutual: bool = False
    note: Names | None = None
    path: Path = ()

    @property
    def senders(self) -> frozenset[str]:
        return frozenset(self.sender.split("+"))

    @property
    def receivers(self) -> frozenset[str]:
        return frozenset(self.to.split("+"))

    @property
    def count(self) -> int | None:
        return self.quantity.count

    @property
    def least(self) -> int | None:
        """The number that has to be reached, where the clause names one."""
        named = self.quantity.form in ("at_least", "range") and not self.quantity.every
        return self.low if named else self.count

    @property
    def low(self) -> int:
        return self.quantity.low

    @property
    def high(self) -> int | None:
        return self.quantity.high

    def to_json(self) -> dict[str, Any]:
        """One row of ``owed``."""
        return {
            "obligation": self.id,
            "from": self.sender,
            "to": self.to,
            "category": self.category,
            "state": self.state,
            "group": self.group,
            "form": self.quantity.form,
            "count": self.count,
            "low": self.low,
            "high": self.high,
            "counting": self.quantity.counting,
            "unit": self.quantity.unit or ("persons" if self.state not in _THINGS else None),
            "per": self.quantity.every,
        }


@dataclass(frozen=True, slots=True)
class Sum:
    """One quantity over several obligations taken together."""

    id: str
    of: tuple[str, ...]
    quantity: Quantity
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Balance:
    """What is kept equal, and by how many heads a side may be ahead on the way."""

    equal_by: str | None = None
    step: int | None = None
    no_bound: bool = False
    order: tuple[str, ...] = ()
    first: str = "alternate"
    end: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """One agreement; ``said`` holds every clause as it was read, obligations included."""

    id: str
    digest: str
    parties: Mapping[str, Names]
    others: Mapping[str, Names]
    obligations: tuple[Obligation, ...]
    sums: tuple[Sum, ...] = ()
    balance: Balance = Balance()
    predicates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    agreed_on: PartialDate | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, compare=False)
    name_of_text: str = field(default="terms.yaml", compare=False)

    def clauses(self, section: str) -> tuple[tuple[Path, Mapping[str, Any]], ...]:
        """Path and content of each clause of a section (``obligations``, ``linkage`` ...)."""
        listed = enumerate(self.said.get(section, ()))
        return tuple(
            ((section, number), clause) for number, clause in listed if isinstance(clause, Mapping)
        )

    def title(self, language: str) -> str:
        """The agreement's title, or its id where it has none."""
        return named(self.said.get("title"), language, self.id)

    def name(self, party: str, language: str) -> str:
        """The name of a party or other participant; several joined by ``+`` are all named."""
        known = {**self.others, **self.parties}
        return ", ".join(named(known.get(one), language, one) for one in party.split("+"))

    def category_name(self, category: str, language: str) -> str:
        """The name of one of the terms' categories."""
        said = self.said.get("categories", {}).get(category, {})
        return named(said.get("name"), language, category)

    def place(self, *path: str | int) -> str:
        """``name:line`` of a clause in the text that was read."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return f"{self.name_of_text}:{self.lines[path[:end]]}"
        return f"{self.name_of_text}:1"

    @property
    def sides(self) -> tuple[str, ...]:
        """The parties that give or receive, sorted; a mere signatory is none."""
        active = {s for o in self.obligations for s in o.senders | o.receivers}
        return tuple(sorted(active & set(self.parties)))

    @property
    def moves(self) -> tuple[tuple[str, str], ...]:
        """Which side releases persons, living or dead, to which; sorted."""
        return tuple(
            sorted(
                {
                    (sender, to)
                    for o in self.obligations
                    if o.state in PERSONS
                    for sender in o.senders
                    for to in o.receivers
                }
            )
        )

    @property
    def step(self) -> int | None:
        """The most heads a side may have out in an open step; None where no bound was agreed."""
        return self.balance.step

    @property
    def equal_by(self) -> str | None:
        return self.balance.equal_by

    @property
    def first(self) -> str:
        return self.balance.first

    @property
    def categories(self) -> tuple[str, ...]:
        """The terms' own categories, sorted; one for everybody where none are defined."""
        return tuple(sorted(self.predicates)) or (WHOLE_CATEGORY,)

    @property
    def order(self) -> tuple[str, ...]:
        """All categories in the order of steps: those named first, then the rest, sorted."""
        rest = (name for name in self.categories if name not in self.balance.order)
        return (*self.balance.order, *rest)

    def category_of(self, facts: Facts) -> str | None:
        """The one category that the facts fit; None where none or more than one does."""
        if not self.predicates:
            return WHOLE_CATEGORY
        fits = [n for n, p in self.predicates.items() if holds(p, facts, self.agreed_on)]
        return fits[0] if len(fits) == 1 else None

    def value_of(self, facts: Facts) -> int:
        """A person's value in the unit of the agreed scale; 1 where there is no scale."""
        scale = self.said.get("equivalence", {})
        return int(scale.get("values", {}).get(str(facts.get(scale.get("by", ""), "")), 1))

    def owed(self) -> tuple[dict[str, Any], ...]:
        """One row for each obligation in one direction, sorted by its id."""
        return tuple(obligation.to_json() for obligation in self.obligations)

    def find(self, reference: str) -> tuple[Obligation, ...]:
        """The obligations that an id or a clause's id means."""
        return tuple(o for o in self.obligations if reference in (o.id, o.clause))
