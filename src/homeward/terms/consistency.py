"""Whether the clauses of one agreement can all be meant: names that exist, sums that close."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from homeward.terms.agreement import PERSONS, Quantity, Terms
from homeward.terms.document import Document, Path
from homeward.terms.language import CLOSED_FACTS, STATES
from homeward.terms.predicates import facts_named

Check = Callable[[Terms, Document], None]


def consistent(terms: Terms, document: Document) -> None:
    """Note everything that contradicts itself or names what is not there."""
    for check in (
        _names_once,
        _participants,
        _references,
        _directions,
        _quantities,
        _among,
        _lumps,
        _keys_end_somewhere,
        _categories,
        _balance,
        _equality,
        _windows,
    ):
        check(terms, document)


def _names_once(terms: Terms, document: Document) -> None:
    for name in sorted(set(terms.parties) & set(terms.others)):
        document.say("id-twice", ("others", name), name, "an id that is not a party's")
    for section in ("obligations", "sums", "stages", "amendments"):
        seen: dict[str, Path] = {}
        for path, clause in terms.clauses(section):
            if seen.setdefault(clause["id"], path) != path:
                document.say("id-twice", (*path, "id"), clause["id"], "an id of its own")


_PARTY_FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("linkage", ("confirmed_by",)),
    ("lists", ("by", "to", "picked_by")),
    ("after_release", ("on", "guarantor")),
    ("legal_acts", ("by",)),
    ("answers", ("by",)),
    ("amendments", ("agreed_by",)),
)


def _participants(terms: Terms, document: Document) -> None:
    everyone = {*terms.parties, *terms.others}
    for path, clause in terms.clauses("obligations"):
        _known(clause.get("between", ()), terms.parties, (*path, "between"), document)
        for field in ("from", "to", "via", "held_by"):
            _known(clause.get(field, ()), everyone, (*path, field), document)
        _known(clause.get("readings", {}), everyone, (*path, "readings"), document)
    for section, fields in _PARTY_FIELDS:
        for path, clause in terms.clauses(section):
            for field in fields:
                _known(clause.get(field, ()), everyone, (*path, field), document)
    confirmation = terms.said.get("confirmation", {})
    _known(confirmation.get("by", ()), everyone, ("confirmation", "by"), document)
    may = terms.said.get("announcements", {}).get("may", ())
    _known(may, everyone, ("announcements", "may"), document)
    _known(terms.balance.end, terms.parties, ("balance", "end"), document)
    if terms.first not in ("alternate", "together"):
        _known((terms.first,), terms.parties, ("balance", "first"), document)
    for path, stage in terms.clauses("stages"):
        _known(stage.get("per_day", {}), everyone, (*path, "per_day"), document)


def _known(names: Iterable[str], known: Iterable[str], path: Path, document: Document) -> None:
    wanted = sorted(known)
    for name in names:
        if name not in wanted:
            document.say("party-unknown", path, name, "one of " + ", ".join(wanted))


def _references(terms: Terms, document: Document) -> None:
    if len(terms.clauses("obligations")) < len(terms.said["obligations"]):
        return  # what could not be read would be missed here a second time
    obligations = {o.id for o in terms.obligations} | {o.clause for o in terms.obligations}
    stages = {stage["id"] for _, stage in terms.clauses("stages")}
    anything = obligations | stages | {s.id for s in terms.sums} | set(terms.predicates)
    anything |= {link["id"] for _, link in terms.clauses("linkage") if "id" in link}
    anything |= {part.name for o in terms.obligations for part in o.quantity.parts}
    anything |= {*STATES, *terms.said.get("milestones", {})}

    def refer(names: Any, known: set[str], path: Path) -> None:
        for name in (names,) if isinstance(names, str) else names:
            if name not in known:
                document.say("reference-unknown", path, name, "one of " + ", ".join(sorted(known)))

    for path, clause in terms.clauses("obligations"):
        quantity = clause["quantity"]
        for form in ("ratio", "lump", "percent"):
            if form in quantity:
                whole = terms.find(quantity[form]["of"])
                names = {part.name for o in whole for part in o.quantity.parts}
                refer(quantity[form].get("part", ()), names, (*path, "quantity", form))
                refer(quantity[form]["of"], obligations, (*path, "quantity", form))
        refer(quantity.get("as_many_as", ()), obligations, (*path, "quantity"))
        refer(clause.get("stage", ()), stages, (*path, "stage"))
    for section in ("sums", "lists", "eligibility", "exclusions", "after_release"):
        for path, clause in terms.clauses(section):
            refer(clause.get("of", ()), obligations, (*path, "of"))
    for section, fields in (("linkage", ("of", "after", "before")), ("order", ("first", "then"))):
        for path, clause in terms.clauses(section):
            for field in fields:
                refer(clause.get(field, ()), anything, (*path, field))
    if "extension" in terms.said:
        refer(terms.said["extension"]["of"], obligations, ("extension", "of"))
    for path, stage in terms.clauses("stages"):
        refer(stage.get("after", ()), anything, (*path, "after"))
        refer(stage.get("sizes", ()), obligations, (*path, "sizes"))


def _directions(terms: Terms, document: Document) -> None:
    for o in terms.obligations:
        own = sorted(o.senders & o.receivers)
        if own:
            document.say("gives-to-itself", o.path, own[0], "another side to receive")
        if o.mutual and o.quantity.form in ("ratio", "lump", "percent", "as_many_as"):
            document.say(
                "direction-needed",
                (*o.path, "quantity"),
                o.quantity.form,
                "from and to",
                "a key binds one direction to the other",
            )
        if o.state in ("asset", "act") and o.group == "inside":
            document.say(
                "not-a-person",
                (*o.path, "group"),
                o.state,
                "group: beside",
                "only persons count in the balance",
            )


def _quantities(terms: Terms, document: Document) -> None:
    for o in terms.obligations:
        _quantity(o.quantity, (*o.path, "quantity"), document)
        high = o.quantity.high
        if o.named is not None and high is not None and o.named > high:
            document.say("named-beyond", (*o.path, "named"), o.named, f"at most {high}")
        for who, reading in o.readings.items():
            _quantity(reading, (*o.path, "readings", who), document)
    for one in terms.sums:
        _quantity(one.quantity, (*one.path, "quantity"), document)


def _quantity(quantity: Quantity, path: Path, document: Document) -> None:
    if quantity.form == "range" and (quantity.number or 0) > (quantity.upper or 0):
        document.say("range-reversed", path, f"{quantity.number}, {quantity.upper}", "low, high")
    if not quantity.parts:
        return
    whole = quantity.give if quantity.form in ("ratio", "lump") else quantity.number
    counts = [part.count for part in quantity.parts if part.count is not None]
    percents = [part.percent for part in quantity.parts if part.percent is not None]
    if percents and not counts and sum(percents) != 100:
        document.say("parts-mismatch", path, f"{sum(percents)} %", "parts of 100 % together")
    exact = quantity.form in ("exact", "list_size", "ratio", "lump")
    if not counts or not exact or whole is None:
        return
    # Parts that are only names may hold the rest; parts with numbers must not go beyond it.
    every = len(counts) == len(quantity.parts)
    if sum(counts) > whole or (every and sum(counts) != whole):
        sums = f"{' + '.join(map(str, counts))} = {sum(counts)}"
        hint = "for the rest, add a part without a count: rest: {}" if sum(counts) < whole else ""
        document.say("parts-mismatch", path, sums, str(whole), hint)


def _among(terms: Terms, document: Document) -> None:
    """Who is counted among a number cannot be more than the number; they may well overlap."""
    for o in terms.obligations:
        most = o.quantity.rate[1]
        for one in o.quantity.among:
            if one.count is not None and most is not None and one.count > most:
                path = (*o.path, "quantity", "among", one.name)
                document.say("among-beyond", path, one.count, f"at most {most}")


def _lumps(terms: Terms, document: Document) -> None:
    """A lump for a part of another number is for as many as that part holds."""
    for o in terms.obligations:
        quantity = o.quantity
        if quantity.form != "lump" or quantity.part is None or quantity.of is None:
            continue
        for part in (p for t in terms.find(quantity.of) for p in t.quantity.parts):
            if part.name == quantity.part and part.count not in (None, quantity.per):
                path = (*o.path, "quantity", "lump")
                document.say("lump-group", path, f"for all {quantity.per}", str(part.count))


def _keys_end_somewhere(terms: Terms, document: Document) -> None:
    for o in terms.obligations:
        if o.quantity.form == "as_many_as":
            continue
        seen, front = {o.id, o.clause}, [o]
        while front:
            reference = front.pop().quantity.of
            for target in terms.find(reference) if reference else ():
                if target.id in (o.id, o.clause):
                    document.say("key-of-itself", o.path, o.id, "a key that ends at a number")
                elif target.id not in seen:
                    seen.add(target.id)
                    front.append(target)


def _categories(terms: Terms, document: Document) -> None:
    for o in terms.obligations:
        if o.category is not None and o.category not in terms.categories:
            document.say(
                "category-unknown",
                (*o.path, "category"),
                o.category,
                "one of " + ", ".join(terms.categories),
            )
    for number, name in enumerate(terms.balance.order):
        if name not in terms.categories:
            document.say(
                "category-unknown",
                ("balance", "order", number),
                name,
                "one of " + ", ".join(terms.categories),
            )
    for name, predicate in terms.predicates.items():
        for fact, word in sorted(facts_named(predicate)):
            known = CLOSED_FACTS.get(fact, (word,))
            if word not in known:
                place = ("categories", name, "when")
                document.warn(
                    "fact-unknown", place, f"{fact}: {word}", "one of " + ", ".join(known)
                )
    names = sorted(terms.predicates)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            if _overlap(terms.predicates[one], terms.predicates[other]):
                document.say(
                    "categories-overlap",
                    ("categories", other),
                    f"{one} and {other}",
                    "each person in one category only",
                )


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two predicates over the same plain facts share words in every line."""

    def words(value: Any) -> set[str]:
        return {value} if isinstance(value, str) else set(value)

    plain = all(
        name not in ("not", "any") and not isinstance(value, Mapping)
        for predicate in (one, other)
        for name, value in predicate.items()
    )
    return (
        plain
        and set(one) == set(other)
        and all(words(one[name]) & words(other[name]) for name in one)
    )


def _balance(terms: Terms, document: Document) -> None:
    balance = terms.balance
    inside = [o for o in terms.obligations if o.group == "inside"]
    if ("balance",) in document.lines and "balance" not in terms.said:
        return  # it was there and could not be read
    if balance.step is not None and balance.no_bound:
        document.say("one-of", ("balance",), "step, no_bound", "step or no_bound")
    if inside and balance.step is None and not balance.no_bound:
        document.say(
            "step-missing",
            ("balance",),
            "",
            "step: heads, or no_bound: true",
            "how many of its people a side may have out unanswered",
        )
    if len(set(balance.order)) != len(balance.order):
        document.say("order-repeats", ("balance", "order"), "", "each category once")


def _equality(terms: Terms, document: Document) -> None:
    """In a plain exchange, what balance promises must follow from the obligations' numbers."""
    counted = [o for o in terms.obligations if o.group == "inside" and o.state in PERSONS]
    if terms.equal_by in (None, "nothing") and not terms.balance.end:
        return
    given = dict.fromkeys(terms.sides, 0)
    taken = dict.fromkeys(terms.sides, 0)
    for o in counted:
        if o.count is None or len(o.senders) > 1 or len(o.receivers) > 1:
            return
        given[o.sender] = given.get(o.sender, 0) + o.count
        taken[o.to] = taken.get(o.to, 0) + o.count
    for side in terms.sides:
        ahead = given[side] - taken[side]
        wanted = terms.balance.end.get(side)
        if wanted is not None and max(ahead, 0) != wanted:
            document.say("end-balance", ("balance", "end", side), wanted, str(max(ahead, 0)))
        elif wanted is None and ahead > 0 and terms.equal_by in ("category", "total"):
            document.say(
                "unequal-obligations",
                ("balance",),
                f"{side} gives {given[side]} and receives {taken[side]}",
                "equal numbers",
                "or equal_by: nothing, or the agreed difference under balance: end",
            )


def _windows(terms: Terms, document: Document) -> None:
    for path, stage in terms.clauses("stages"):
        if "window" in stage and stage["window"][0] >= stage["window"][1]:
            document.say("window-reversed", (*path, "window"), "", "start before end")
    for path, clause in terms.clauses("obligations"):
        due = clause.get("due", {})
        if "within" in due and "unit" not in due:
            document.say("missing-field", (*path, "due"), "", "unit")
