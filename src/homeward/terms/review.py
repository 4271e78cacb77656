"""What an agreement leaves open or does against the law: warnings, each with its own page line.

The real case behind each is in docs/reference/problems-terms.md. Articles are those of the Third
and Fourth Geneva Conventions of 1949 (GC III, GC IV).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import PERSONS, Obligation, Terms
from homeward.terms.document import Path
from homeward.terms.predicates import facts_named, undated_ages

Found = Iterator[tuple[str, Path, str, str]]


def review(terms: Terms) -> tuple[Problem, ...]:
    """Every point of law and every known cause of dispute that the text does not settle."""
    found = []
    for look in (_wounded, _civilians, _prices, _will, _time, _who_decides, _shortfalls, _remains):
        for code, path, value, hint in look(terms):
            place = terms.place(*path)
            found.append(Problem(f"terms.{code}", place, value, hint=hint, level="warning"))
    return tuple(sorted(found, key=lambda p: (int(p.place.rpartition(":")[2]), p.code)))


def _persons(terms: Terms) -> list[Obligation]:
    return [o for o in terms.obligations if o.state in PERSONS]


def _predicates(terms: Terms) -> Iterator[tuple[Path, Mapping[str, Any], str]]:
    """Every predicate of the agreement with its place, and the group it is counted in."""
    used = {o.category: o.group for o in terms.obligations if o.category}
    everyone = any(o.category is None and o.group == "inside" for o in _persons(terms))
    for name, predicate in terms.predicates.items():
        group = used.get(name, "inside" if everyone else "beside")
        yield ("categories", name, "when"), predicate, group
    for o in terms.obligations:
        if o.when:
            yield (*o.path, "when"), o.when, o.group


def _speaks_of_wounds(predicate: Mapping[str, Any]) -> bool:
    # GC III art. 110 lists who is meant; a word that contains one of these is taken to mean them.
    return any(
        mark in word
        for name, word in facts_named(predicate)
        if name in ("health", "tags", "medical")
        for mark in ("wounded", "sick", "ill", "disabled")
    )


def _wounded(terms: Terms) -> Found:
    apart = False
    for path, predicate, group in _predicates(terms):
        if _speaks_of_wounds(predicate):
            apart = True
            if group == "inside":
                hint = (
                    "GC III art. 109-110: owed whatever the numbers; put them under group: beside"
                )
                yield "wounded-inside", path, "", hint
    inside = [o for o in _persons(terms) if o.group == "inside" and o.state != "remains"]
    if inside and not apart:
        hint = "GC III art. 109-110: say that the seriously wounded and sick go beside the balance"
        yield "wounded-not-apart", inside[0].path, "", hint


def _civilians(terms: Terms) -> Found:
    hint = "GC IV art. 132-135: civilians are released on their own ground; count them apart"
    for name, predicate in terms.predicates.items():
        legal = {word for fact, word in facts_named(predicate) if fact == "category"}
        if "civilian" in legal and len(legal) > 1:
            yield "civilians-mixed", ("categories", name), name, hint
    living = [o for o in _persons(terms) if o.state != "remains" and o.when is None]
    if not terms.predicates and living:
        yield "civilians-mixed", living[0].path, "no categories", hint


def _prices(terms: Terms) -> Found:
    hint = "a price of persons by class; the law knows none, and the lead stays counted in heads"
    persons = {o.id for o in _persons(terms)}
    for o in terms.obligations:
        priced = {o.id, *(target.id for target in terms.find(o.quantity.of or ""))} & persons
        if o.quantity.form in ("ratio", "lump") and priced:
            given = f"{o.quantity.give} {o.quantity.unit}".rstrip()
            price = f"{o.id}: {given} for {o.quantity.per}"
            yield "price-of-class", (*o.path, "quantity"), price, hint
    scale = terms.said.get("equivalence", {}).get("values", {})
    if scale:
        ranked = sorted(scale.items(), key=lambda item: (-item[1], item[0]))
        price = ", ".join(f"{rank} {value}" for rank, value in ranked)
        yield "price-of-class", ("equivalence", "values"), price, hint


def _will(terms: Terms) -> Found:
    if _persons(terms) and "refusal" not in terms.said.get("rules", {}):
        hint = "nobody is sent against their will: GC III art. 109 and 118; say what a refusal does"
        yield "refusal-unsaid", ("rules",), "", hint
    confirmation = terms.said.get("confirmation", {})
    if _persons(terms) and "interview" not in confirmation:
        yield "interview-unsaid", ("confirmation",), "", "say who asks each person, and in private"


def _time(terms: Terms) -> Found:
    dated = any({"date", "window", "due"} & stage.keys() for _, stage in terms.clauses("stages"))
    if "start" not in terms.said and not dated:
        yield "start-unsaid", (), "", "say on which day, or after what, it begins"
    if not dated and not any(o.due for o in terms.obligations):
        yield "end-unsaid", (), "", "say by when it is to be done"
    for path, predicate, _ in _predicates(terms):
        if undated_ages(predicate):
            hint = "say at: capture, agreed or handover; a birthday on the way changes who is owed"
            yield "age-day-unsaid", path, "", hint
    for path, duty in terms.clauses("after_release"):
        if "until" not in duty or "guarantor" not in duty:
            yield "duty-open", path, "", "say until when a duty lasts and who answers for it"


def _who_decides(terms: Terms) -> Found:
    decided = any("decided_by" in clause for _, clause in terms.clauses("eligibility"))
    for name in sorted(terms.predicates):
        if not decided and "decided_by" not in terms.said["categories"][name]:
            hint = "say who decides that a person belongs here, and what the receiver may answer"
            yield "decider-unsaid", ("categories", name), name, hint
    if not terms.said.get("announcements", {}).get("may"):
        yield "announcer-unsaid", ("announcements",), "", "say who may announce, and from when"
    if "confirmation" not in terms.said:
        yield "confirmation-unsaid", (), "", "say when a person counts as exchanged, who signs"


def _shortfalls(terms: Terms) -> Found:
    rules = terms.said.get("rules", {})
    counted = [o for o in _persons(terms) if o.quantity.form not in ("all", "unspecified")]
    if counted and "shortfall" not in rules:
        yield "shortfall-unsaid", ("rules",), "", "say what follows when fewer come than agreed"
    if counted and "substitution" not in rules:
        yield "substitution-unsaid", ("rules",), "", "say whether another may come in place of one"
    if _persons(terms) and not {"death", "lost_on_the_way"} <= rules.keys():
        hint = "say what a death before or on the way does to the number, and who tells the family"
        yield "loss-unsaid", ("rules",), "", hint
    for o in _persons(terms):
        whole = o.quantity.form == "all"
        listed = any("size" in clause or "due" in clause for _, clause in terms.clauses("lists"))
        if whole and o.quantity.as_of is None and o.quantity.believed is None and not listed:
            hint = "say as of which day, and let each side declare how many it holds"
            yield "population-unsaid", (*o.path, "quantity"), o.id, hint


def _remains(terms: Terms) -> Found:
    bodies = [o for o in terms.obligations if o.state == "remains"]
    moves = {(o.sender, o.to) for o in bodies}
    linked = bool(terms.clauses("linkage"))
    for o in bodies:
        if not o.mutual and (o.to, o.sender) not in moves and not linked:
            hint = "say whether the other side owes remains too, or that this is one-way"
            yield "direction-unsaid", o.path, o.id, hint
    if bodies and "remains" not in terms.said.get("confirmation", {}):
        hint = "say whether remains count when received or when identified, and who replaces"
        yield "identification-unsaid", bodies[0].path, "", hint
