"""From text to Terms: shape first, then sense, all problems at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from homeward.problem import Problem, errors
from homeward.terms.agreement import Balance, Obligation, Part, Quantity, Sum, Terms
from homeward.terms.articles import AGREEMENT
from homeward.terms.consistency import consistent
from homeward.terms.document import Document, Path, compose
from homeward.terms.shapes import WRONG

_ALONE = ("exact", "about", "at_least", "at_most", "list_size")


def read_terms(
    text: str | bytes, place: str = "terms.yaml"
) -> tuple[Terms | None, tuple[Problem, ...]]:
    """The agreement in ``text`` and every problem found; None where an error was among them.

    ``place`` names the text in problems. The language is docs/reference/terms.md.
    """
    document = Document(place)
    node = compose(text, document)
    if node is None:
        return None, _sorted(document)
    said = AGREEMENT.read(node, (), document)
    if said is WRONG:
        return None, _sorted(document)
    data = text.encode("utf-8") if isinstance(text, str) else text
    terms = _terms(said, document, hashlib.sha256(data).hexdigest())
    if {"parties", "obligations"} <= said.keys():
        consistent(terms, document)
    return (None if errors(document.problems) else terms), _sorted(document)


def _sorted(document: Document) -> tuple[Problem, ...]:
    def line(problem: Problem) -> tuple[int, str, str]:
        return int(problem.place.rpartition(":")[2]), problem.code, problem.value

    return tuple(sorted(set(document.problems), key=line))


def _terms(said: Mapping[str, Any], document: Document, digest: str) -> Terms:
    balance = _balance(said.get("balance", {}))
    obligations: list[Obligation] = []
    sums: list[Sum] = []
    for number, clause in enumerate(said.get("obligations", ())):
        if clause is WRONG:
            continue
        made, total = _directed(clause, ("obligations", number), balance.equal_by, document)
        obligations += made
        sums += total
    for number, clause in enumerate(said.get("sums", ())):
        if clause is WRONG:
            continue
        quantity = _quantity(clause["quantity"])
        sums.append(Sum(clause["id"], clause["of"], quantity, ("sums", number)))
    return Terms(
        id=said.get("id", ""),
        digest=digest,
        parties={name: party["name"] for name, party in said.get("parties", {}).items()},
        others={name: other["name"] for name, other in said.get("others", {}).items()},
        obligations=tuple(sorted(obligations, key=lambda o: o.id)),
        sums=tuple(sorted(sums, key=lambda s: s.id)),
        balance=balance,
        predicates={n: c["when"] for n, c in said.get("categories", {}).items()},
        agreed_on=said.get("agreed", {}).get("date"),
        said=said,
        lines=dict(document.lines),
        name_of_text=document.name,
    )


def _balance(said: Mapping[str, Any]) -> Balance:
    return Balance(
        equal_by=said.get("equal_by"),
        step=said.get("step"),
        no_bound=said.get("no_bound", False),
        order=said.get("order", ()),
        first=said.get("first", "alternate"),
        end=said.get("end", {}),
    )


def _directed(
    clause: Mapping[str, Any], path: Path, equal_by: str | None, document: Document
) -> tuple[list[Obligation], list[Sum]]:
    """One obligation for each direction, and the sum that binds them when counted in total."""
    quantity = _quantity(clause["quantity"])
    joint = any(len(clause.get(end, ())) > 1 for end in ("from", "to"))
    if "between" in clause:
        if "from" in clause or "to" in clause:
            document.say("one-of", path, clause["id"], "between, or from and to")
        ends = clause["between"]
        directions = [(ends[0], ends[1]), (ends[1], ends[0])]
    elif "from" in clause and "to" in clause:
        directions = _one_way(clause, quantity)
    else:
        document.say("missing-field", path, clause["id"], "between, or from and to")
        return [], []
    mutual = "between" in clause
    if quantity.number is not None and quantity.counting is None and (mutual or joint):
        document.say(
            "counting-missing",
            (*path, "quantity"),
            quantity.number,
            "counting: each, or counting: in_total",
            "each direction, or all of them together",
        )
    sums: list[Sum] = []
    if mutual and quantity.counting == "in_total" and quantity.number is not None:
        quantity, sums = _split(clause, quantity, path, equal_by, document)
    many = len(directions) > 1
    made = [
        _obligation(clause, path, (sender, to), quantity, mutual, many) for sender, to in directions
    ]
    if sums:
        sums = [Sum(clause["id"], tuple(sorted(o.id for o in made)), sums[0].quantity, path)]
    return made, sums


def _one_way(clause: Mapping[str, Any], quantity: Quantity) -> list[tuple[str, str]]:
    """Several who act jointly owe one number together, or each its own where it says each."""
    if quantity.counting == "each":
        return [(sender, to) for sender in clause["from"] for to in clause["to"]]
    return [("+".join(sorted(clause["from"])), "+".join(sorted(clause["to"])))]


def _split(
    clause: Mapping[str, Any], total: Quantity, path: Path, equal_by: str | None, document: Document
) -> tuple[Quantity, list[Sum]]:
    """Each direction's share of a total: half where the balance is equal, else up to all of it."""
    assert total.number is not None
    kept = [Sum(clause["id"], (), total, path)]
    if equal_by in ("category", "total") and total.form in ("exact", "list_size"):
        if total.number % 2:
            document.say(
                "total-not-divisible",
                (*path, "quantity"),
                total.number,
                "a total that both directions can share equally",
            )
        return _with(total, form=total.form, number=total.number // 2), kept
    return _with(total, form="at_most", number=total.high or None), kept


def _with(quantity: Quantity, form: str, number: int | None) -> Quantity:
    form = form if number is not None else "unspecified"
    return Quantity(
        form, number, counting=quantity.counting, unit=quantity.unit, every=quantity.every
    )


def _obligation(
    clause: Mapping[str, Any],
    path: Path,
    ends: tuple[str, str],
    quantity: Quantity,
    mutual: bool,
    many: bool,
) -> Obligation:
    sender, to = ends
    state = clause.get("state", "living")
    destination = clause.get("destination")
    place = destination.get("place") if isinstance(destination, Mapping) else destination
    chosen = destination.get("chosen_by") if isinstance(destination, Mapping) else None
    beside = state in ("remains", "asset", "act")
    return Obligation(
        id=f"{clause['id']}:{sender}-{to}" if many else clause["id"],
        clause=clause["id"],
        sender=sender,
        to=to,
        quantity=quantity,
        category=clause.get("category"),
        state=state,
        group=clause.get("group", "beside" if beside else "inside"),
        when=clause.get("when"),
        what=clause.get("what"),
        stage=clause.get("stage"),
        held_by=clause.get("held_by", ()),
        via=clause.get("via", ()),
        destination=place,
        chosen_by=chosen,
        named=clause.get("named"),
        family=clause.get("family", 0),
        due=clause.get("due"),
        readings={who: _quantity(q) for who, q in clause.get("readings", {}).items()},
        open=clause.get("open", {}),
        mutual=mutual,
        note=clause.get("note"),
        path=path,
    )


def _quantity(said: Mapping[str, Any]) -> Quantity:
    form = next(name for name in _FORM_ORDER if name in said)
    value = said[form]
    common: dict[str, Any] = {
        "counting": said.get("counting"),
        "unit": said.get("unit", ""),
        "every": said.get("per"),
        "parts": _parts(said.get("parts", {})),
        "among": _parts(said.get("among", {})),
        "believed": said.get("believed"),
        "tolerance": said.get("within_percent", 10),
        "note": said.get("note"),
    }
    if form in _ALONE:
        return Quantity(form, value, **common)
    if form == "range":
        return Quantity(form, value[0], value[1], **common)
    if form == "all" and isinstance(value, Mapping):
        common |= {"believed": value.get("believed", common["believed"])}
        return Quantity(form, as_of=value.get("as_of"), **common)
    if form == "as_many_as":
        return Quantity(form, of=value, **common)
    if form in ("ratio", "lump", "percent"):
        give = value.get("give", value.get("percent"))
        per = value.get("for_each", value.get("for_all", 100 if form == "percent" else 1))
        common |= {"part": value.get("part"), "rounding": value.get("rounding", "whole_groups")}
        return Quantity(form, of=value["of"], give=give, per=per, **common)
    return Quantity(form, **common)


def _parts(said: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(
        Part(name, part.get("count"), part.get("percent"), part.get("when"), part.get("name"))
        for name, part in sorted(said.items())
    )


_FORM_ORDER = (
    *_ALONE,
    *("range", "all", "ratio", "lump", "percent", "as_many_as", "unspecified"),
)
