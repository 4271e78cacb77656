"""``show``: the agreement in plain numbered sentences, one for each clause."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from homeward.terms.agreement import Obligation, Terms
from homeward.terms.phrases import Speech
from homeward.terms.surroundings import SURROUNDINGS
from homeward.words import number

Sentences = Iterator[str]


def show(terms: Terms, lang: str) -> tuple[str, ...]:
    """Every clause as one sentence in ``lang`` (en, uk, ru, ar, he), numbered from 1.

    What decides how many persons are meant is set between asterisks: *each*, *in total*.
    Words that the agreement itself uses stay in the language they were written in.
    """
    speech = Speech(terms, lang)
    sentences: list[str] = []
    sections: tuple[Callable[[Speech], Sentences], ...] = (_head, _who, _owed, balanced)
    for section in (*sections, *SURROUNDINGS):
        sentences += section(speech)
    return tuple(
        f"{n}. {sentence[:1].upper()}{sentence[1:]}"
        for n, sentence in enumerate(sentences, start=1)
    )


def agreed(speech: Speech) -> str:
    """What it is called, and when and where it was agreed."""
    said = speech.terms.said.get("agreed", {})
    title = speech.foreign(speech.terms.title(speech.language))
    date = speech.date(said["date"]) if "date" in said else ""
    place = speech.text(said["place"]) if "place" in said else ""
    key = "when_where" if date and place else "when" if date else "where" if place else "bare"
    return speech.say(f"head.{key}", title=title, date=date, place=place)


def _head(speech: Speech) -> Sentences:
    terms = speech.terms
    yield agreed(speech)
    yield speech.say("head.parties", names=speech.names(terms.parties))
    for field in ("under", "replaces"):
        if field in terms.said:
            names = speech.say("comma").join(map(speech.foreign, terms.said[field]))
            yield speech.say(f"head.{field}", names=names)
    if "start" in terms.said:
        yield speech.say("head.start", when=speech.when(terms.said["start"]))


def _who(speech: Speech) -> Sentences:
    for id_, other in speech.terms.said.get("others", {}).items():
        roles = speech.say("comma").join(speech.say(f"role.{r}") for r in other.get("role", ()))
        name = speech.name(id_)
        if "disputed_by" in other:
            by = speech.names(other["disputed_by"])
            yield speech.say("role.disputed", name=name, roles=roles, by=by)
        elif roles:
            yield speech.say("role.line", name=name, roles=roles)
    for id_, category in speech.terms.said.get("categories", {}).items():
        said = {"name": speech.name(id_), "predicate": speech.predicate(category["when"])}
        by = category.get("decided_by")
        if by:
            yield speech.say("category_decided", by=speech.name(by), **said)
        else:
            yield speech.say("category", **said)


def _owed(speech: Speech) -> Sentences:
    clauses: dict[str, list[Obligation]] = {}
    for obligation in sorted(speech.terms.obligations, key=lambda o: (o.path, o.id)):
        clauses.setdefault(obligation.clause, []).append(obligation)
    for obligations in clauses.values():
        yield _obligation(speech, obligations)


def _obligation(speech: Speech, obligations: Sequence[Obligation]) -> str:
    o = obligations[0]
    details = _details(speech, o)
    said = {"from": speech.name(o.sender), "to": speech.name(o.to), "details": details}
    if o.state == "act" and o.mutual:
        return speech.say("gives.act_both", a=said["from"], b=said["to"], details=details)
    if o.state == "act":
        return speech.say("gives.act", **said)
    quantity = o.quantity
    whole = next((s.quantity for s in speech.terms.sums if s.id == o.clause), None)
    if o.mutual:
        sides = {"a": said["from"], "b": said["to"], "details": details}
        if whole is not None:
            total = speech.quantity(whole, o.state)
            return speech.say("gives.in_total", quantity=total, **sides)
        if quantity.counting == "each" and quantity.number is not None:
            double = speech.quantity(quantity, o.state, times=2)
            each = speech.quantity(quantity, o.state)
            return speech.say("gives.each", quantity=each, double=double, **sides)
        return speech.say("gives.both", quantity=speech.quantity(quantity, o.state), **sides)
    joint = len(o.senders) > 1 or len(o.receivers) > 1
    if len(obligations) > 1:
        said["from"] = speech.names(dict.fromkeys(other.sender for other in obligations))
        said["to"] = speech.names(dict.fromkeys(other.to for other in obligations))
    key = "joint_each" if len(obligations) > 1 else "joint_total" if joint else "one_way"
    return speech.say(f"gives.{key}", quantity=speech.quantity(quantity, o.state), **said)


def _details(speech: Speech, o: Obligation) -> str:
    """What narrows an obligation, in brackets after it."""
    shown = [speech.text(o.what)] if o.what is not None else []
    if o.state == "act" and o.quantity.every:  # an act has no number but how often
        often = number(o.quantity.number or 1, speech.language)
        shown.append(speech.say(f"form.per_{o.quantity.every}", quantity=often))
    if o.category:
        shown.append(speech.say("detail.category", name=speech.name(o.category)))
    if o.when:
        shown.append(speech.say("detail.when", predicate=speech.predicate(o.when)))
    if o.quantity.parts:
        shown.append(speech.say("detail.parts", parts=speech.parts(o.quantity.parts)))
    if o.quantity.among:
        shown.append(speech.say("detail.among", parts=speech.parts(o.quantity.among)))
    for key, n in (("named", o.named), ("family", o.family), ("believed", o.quantity.believed)):
        if n:
            shown.append(speech.say(f"detail.{key}", n=n))
    if o.stage:
        shown.append(speech.say("detail.stage", stage=speech.foreign(o.stage)))
    if o.destination:
        shown.append(speech.say("detail.destination", place=speech.text(o.destination)))
    if o.chosen_by:
        shown.append(speech.say("detail.chosen", by=speech.name(o.chosen_by)))
    for key, ids in (("via", o.via), ("held_by", o.held_by)):
        if ids:
            shown.append(speech.say(f"detail.{key}", names=speech.names(ids)))
    if o.due:
        shown.append(speech.say("detail.due", when=speech.clock(o.due)))
    if o.state not in ("asset", "act"):
        shown.append(speech.say(f"detail.{o.group}"))
    for who, reading in sorted(o.readings.items()):
        quantity = speech.quantity(reading, o.state)
        shown.append(speech.say("detail.reading", name=speech.name(who), quantity=quantity))
    for name, point in sorted(o.open.items()):
        what = speech.text(point["what"]) if "what" in point else speech.foreign(name)
        shown.append(speech.say("detail.open", what=what, date=speech.date(point["as_of"])))
    if o.note:
        shown.append(speech.text(o.note))
    return speech.bracketed(shown)


def balanced(speech: Speech) -> Sentences:
    """What is kept equal, how far a side may be ahead, scales and sums."""
    terms, balance = speech.terms, speech.terms.balance
    said: Mapping[str, Any] = terms.said.get("balance", {})
    if balance.equal_by:
        yield speech.say(f"balance.{balance.equal_by}")
    if balance.step is not None:
        yield speech.say("balance.step", n=balance.step)
    if balance.no_bound:
        yield speech.say("balance.no_bound")
    if balance.order:
        yield speech.say("balance.order", names=speech.names(balance.order))
    if "first" in said:
        known = balance.first in ("alternate", "together")
        key = balance.first if known else "first"
        yield speech.say(f"balance.{key}", name=speech.name(balance.first))
    for side, n in sorted(balance.end.items()):
        yield speech.say("balance.end", n=n, name=speech.name(side))
    yield from _equivalence(speech)
    own = {o.clause for o in terms.obligations}
    for one in terms.sums:
        if one.id not in own:
            quantity = speech.quantity(one.quantity, "living")
            yield speech.say("balance.sum", names=speech.names(one.of), quantity=quantity)


def _equivalence(speech: Speech) -> Sentences:
    said = speech.terms.said.get("equivalence")
    if said is None:
        return
    by, comma = speech.foreign(said["by"]), speech.say("comma")
    if "values" in said:
        ranked = sorted(said["values"].items(), key=lambda item: (-item[1], item[0]))
        shown = comma.join(
            f"{speech.word(name)} {number(value, speech.language)}" for name, value in ranked
        )
        yield speech.say("balance.values", by=by, values=shown)
    else:
        groups = comma.join(
            f"{speech.word(name)} ({comma.join(map(speech.word, members))})"
            for name, members in said["groups"].items()
        )
        yield speech.say("balance.groups", by=by, values=groups)
    if said.get("same_first"):
        yield speech.say("balance.same_first", by=by)
