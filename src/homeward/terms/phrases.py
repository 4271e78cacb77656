"""The small phrases that clauses are said with: counts, dates, times, whom a predicate means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeward.dates import PartialDate
from homeward.terms.agreement import Names, Part, Quantity, Terms, named
from homeward.words import RIGHT_TO_LEFT, known, number, say

# First strong isolate and its end: words of another script keep to themselves.
_ISOLATE, _END = "\u2068", "\u2069"


@dataclass(frozen=True, slots=True)
class Speech:
    """One agreement spoken in one language; clauses in ``numbers`` are called by their number."""

    terms: Terms
    language: str
    numbers: Mapping[str, int] = field(default_factory=dict)

    def say(self, key: str, /, **values: Any) -> str:
        """The sentence ``terms.<key>`` in this language."""
        return say(f"terms.{key}", self.language, **values)

    def foreign(self, text: str) -> str:
        """A text that may be in another script, kept apart where lines run right to left."""
        return f"{_ISOLATE}{text}{_END}" if self.language in RIGHT_TO_LEFT else text

    def text(self, names: Names | None) -> str:
        """Words of the agreement in this language, without a final stop."""
        return self.foreign(named(names, self.language).strip().rstrip("."))

    def listed(self, shown: Iterable[str]) -> str:
        """Several details one after another."""
        return self.say("semicolon").join(shown)

    def bracketed(self, shown: Sequence[str]) -> str:
        """Details in brackets after what they belong to; nothing where there are none."""
        return f" ({self.listed(shown)})" if shown else ""

    def date(self, value: PartialDate | datetime) -> str:
        """A date or time as it is written everywhere: year first."""
        shown = value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)
        return self.foreign(shown)

    def names(self, ids: Iterable[str]) -> str:
        """Parties, categories or clauses by their names, joined."""
        return self.say("comma").join(self.name(one) for one in ids)

    def name(self, id_: str) -> str:
        """What an id is called: a party, a category, or the words of an obligation."""
        if id_ in self.terms.parties or id_ in self.terms.others or "+" in id_:
            return self.foreign(self.terms.name(id_, self.language))
        for group in ("moment", "state", "signer"):
            if self._known(f"{group}.{id_}"):
                return self.say(f"{group}.{id_}")
        if id_ in self.terms.predicates:
            return self.foreign(self.terms.category_name(id_, self.language))
        for obligation in self.terms.find(id_):
            if obligation.clause in self.numbers:
                return self.say("draw.number", number=self.numbers[obligation.clause])
        words = self.terms.said.get("milestones", {}).get(id_)
        for obligation in self.terms.find(id_):
            words = words or obligation.what
        return self.text(words) if words else self.foreign(id_)

    def clauses(self, ids: Iterable[str]) -> str:
        """Several obligations, or the words for all of them."""
        listed = tuple(ids)
        return self.names(listed) if listed else self.say("link.everything")

    def count(self, n: int, state: str, unit: str = "") -> str:
        """A number with its noun: persons, remains, or the unit of goods and money."""
        if state in ("asset", "act"):
            return f"{number(n, self.language)} {self.foreign(unit)}".strip()
        noun = state if state in ("remains", "either", "unknown") else "persons"
        return self.say(noun, n=n)

    def quantity(self, quantity: Quantity, state: str, times: int = 1) -> str:
        """How many, in words; ``times`` multiplies a number that stands for each direction."""
        shown = {
            "count": self.count((quantity.number or 0) * times, state, quantity.unit),
            "of": self.name(quantity.of) if quantity.of else "",
        }
        if quantity.part and quantity.of:
            shown["of"] = f"{shown['of']}: {self.part(quantity.of, quantity.part)}"
        form = quantity.form
        if form in ("ratio", "lump"):
            shown["count"] = self.count(quantity.give, state, quantity.unit)
            said = self.say(f"form.{form}", per=quantity.per, **shown)
            if quantity.rounding != "whole_groups":
                said += self.bracketed([self.say(f"form.rounded_{quantity.rounding}")])
        elif form == "range":
            low = number((quantity.number or 0) * times, self.language)
            upper = self.count((quantity.upper or 0) * times, state, quantity.unit)
            said = self.say("form.range", low=low, count=upper)
        elif form == "all" and quantity.as_of is not None:
            said = self.say("form.all_as_of", date=self.date(quantity.as_of))
        else:
            said = self.say(f"form.{form}", percent=quantity.give, **shown)
        return self.say(f"form.per_{quantity.every}", quantity=said) if quantity.every else said

    def part(self, reference: str, part: str) -> str:
        """The name of a part of an obligation's number."""
        for obligation in self.terms.find(reference):
            for one in obligation.quantity.parts:
                if one.name == part and one.names is not None:
                    return self.text(one.names)
        return self.foreign(part)

    def parts(self, parts: Iterable[Part]) -> str:
        """What a number is made up of, or who is among it."""
        shown = []
        for part in parts:
            name = self.text(part.names) if part.names else self.foreign(part.name)
            if part.count is not None:
                count = number(part.count, self.language)
                shown.append(self.say("detail.part_count", name=name, count=count))
            elif part.percent is not None:
                shown.append(self.say("detail.part_percent", name=name, percent=part.percent))
            else:
                shown.append(name)
        return self.say("comma").join(shown)

    def clock(self, clock: Mapping[str, Any]) -> str:
        """A deadline: a date, a time from an event, and what follows otherwise."""
        if "date" in clock:
            said = self.say("clock.date", date=self.date(clock["date"]))
        elif "within" in clock:
            time = self.say(clock.get("unit", "days"), n=clock["within"])
            after = clock.get("after")
            said = self.say("clock.within_only", time=time)
            if after:
                said = self.say("clock.within", time=time, after=self.name(after))
        elif "after" in clock:
            said = self.say("clock.after", after=self.name(clock["after"]))
        else:
            said = self.text(clock.get("note"))
        if "otherwise" in clock:
            otherwise = self.text(clock["otherwise"])
            return self.say("clock.otherwise", clock=said, otherwise=otherwise)
        return said

    def when(self, value: Any) -> str:
        """A date, a clock, or words that name an event."""
        if isinstance(value, PartialDate):
            return self.say("clock.on_date", date=self.date(value))
        return self.clock(value) if isinstance(value, Mapping) else self.text(value)

    def predicate(self, predicate: Mapping[str, Any]) -> str:
        """Whom a predicate means, line by line."""
        return self.say("comma").join(self._line(n, wanted) for n, wanted in predicate.items())

    def _line(self, name: str, wanted: Any) -> str:
        if name == "not":
            return self.say("fact.not", predicate=self.predicate(wanted))
        if name == "any":
            return self.say("fact.or").join(self.predicate(one) for one in wanted)
        fact = self.say(f"fact.{name}") if self._known(f"fact.{name}") else self.foreign(name)
        if isinstance(wanted, Mapping):
            return self._limits(fact, wanted)
        words = [wanted] if isinstance(wanted, str) else wanted
        shown = self.say("fact.or").join(map(self.word, words))
        return self.say("fact.is", fact=fact, words=shown)

    def word(self, value: str) -> str:
        """A value of a fact, such as a rank: its word where there is one, or as it was written."""
        if self._known(f"word.{value}"):
            return self.say(f"word.{value}")
        return self.foreign(value.replace("_", " "))

    def _limits(self, fact: str, limits: Mapping[str, Any]) -> str:
        rest = {name: value for name, value in limits.items() if name != "at"}
        shown = []
        if {"at_least", "at_most"} <= rest.keys():
            low, high = rest.pop("at_least"), rest.pop("at_most")
            shown.append(self.say("fact.between", fact=fact, low=low, high=high))
        shown += [
            self.say(f"fact.{name}", fact=fact, value=str(value)) for name, value in rest.items()
        ]
        if "at" in limits:
            at = limits["at"]
            if isinstance(at, PartialDate):
                shown.append(self.say("clock.on_date", date=self.date(at)))
            else:
                shown.append(self.say(f"fact.at_{at}"))
        return " ".join(shown)

    def _known(self, key: str) -> bool:
        return known(f"terms.{key}", self.language)
