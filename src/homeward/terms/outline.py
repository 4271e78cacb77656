"""``outline``: who gives whom to whom, when, tied to what; plain rows that a drawing is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homeward.terms.agreement import Obligation, Terms
from homeward.terms.phrases import Speech
from homeward.terms.showing import agreed, balanced
from homeward.terms.surroundings import afterwards, linked, stages


@dataclass(frozen=True, slots=True)
class Row:
    """One clause: its givers and receivers by id, and its words.

    ``kind`` is ``living`` (persons in any state but dead), ``remains``, or ``thing`` for goods
    and acts; ``both_ways`` that each of the two gives to the other.
    """

    number: int
    clause: str
    senders: tuple[str, ...]
    to: tuple[str, ...]
    via: tuple[str, ...]
    kind: str
    both_ways: bool
    quantity: str
    what: str
    when: str


@dataclass(frozen=True, slots=True)
class Tie:
    """One link: the rows it binds, or those that wait (``before``) for others (``after``)."""

    mark: str
    kind: str
    rows: tuple[int, ...]
    after: tuple[int, ...]
    before: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that one page shows of an agreement, in one language."""

    title: str
    agreed: str
    lanes: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    ties: tuple[Tie, ...]
    notes: tuple[str, ...]


def outline(terms: Terms, lang: str) -> Outline:
    """The agreement's clauses as rows in the order they were written, and what binds them."""
    clauses = _clauses(terms)
    numbers = {found[0].clause: number for number, found in enumerate(clauses, start=1)}
    speech = Speech(terms, lang, numbers)
    rows = tuple(_row(speech, numbers[found[0].clause], found) for found in clauses)
    return Outline(
        title=speech.foreign(terms.title(lang)),
        agreed=agreed(speech),
        lanes=tuple((id_, speech.name(id_)) for id_ in _lanes(terms, rows)),
        rows=rows,
        ties=tuple(_ties(speech, rows)),
        notes=(*_start(speech), *stages(speech), *balanced(speech), *afterwards(speech)),
    )


def _clauses(terms: Terms) -> list[list[Obligation]]:
    found: dict[str, list[Obligation]] = {}
    for o in sorted(terms.obligations, key=lambda o: (o.path, o.id)):
        found.setdefault(o.clause, []).append(o)
    return list(found.values())


def _lanes(terms: Terms, rows: Iterable[Row]) -> list[str]:
    """Everybody through whose hands something goes: parties first, as the text names them."""
    used = {id_ for row in rows for id_ in (*row.senders, *row.to, *row.via)}
    return [id_ for id_ in (*terms.parties, *terms.others) if id_ in used]


def _row(speech: Speech, number: int, found: list[Obligation]) -> Row:
    o = found[0]
    senders = sorted({one for each in found for one in each.senders})
    to = sorted({one for each in found for one in each.receivers})
    if o.mutual:
        senders, to = [o.sender], [o.to]
    kind = {"asset": "thing", "act": "thing", "remains": "remains"}.get(o.state, "living")
    return Row(
        number=number,
        clause=o.clause,
        senders=tuple(senders),
        to=tuple(to),
        via=o.via,
        kind=kind,
        both_ways=o.mutual,
        quantity=_quantity(speech, found),
        what=_what(speech, o),
        when=_when(speech, o),
    )


def _quantity(speech: Speech, found: list[Obligation]) -> str:
    """The number with its counting rule, as far as it has one."""
    o = found[0]
    if o.state == "act":
        return speech.say("draw.act")
    whole = next((s.quantity for s in speech.terms.sums if s.id == o.clause), o.quantity)
    said = speech.quantity(whole, o.state)
    many = o.mutual or len(found) > 1 or len(o.senders) > 1 or len(o.receivers) > 1
    if many and whole.counting in ("each", "in_total"):
        rule = speech.say(f"compare.{whole.counting}").strip("*")
        said = speech.say("draw.counting", quantity=said, counting=rule)
    return said


def _what(speech: Speech, o: Obligation) -> str:
    shown = [speech.text(o.what)] if o.what is not None else []
    if o.category:
        shown.append(speech.say("detail.category", name=speech.name(o.category)))
    if o.when:
        shown.append(speech.predicate(o.when))
    if o.group == "beside" and o.state not in ("asset", "act"):
        shown.append(speech.say("detail.beside"))
    if o.destination:
        shown.append(speech.say("detail.destination", place=speech.text(o.destination)))
    return speech.listed(shown)


def _when(speech: Speech, o: Obligation) -> str:
    shown = [speech.say("detail.stage", stage=speech.foreign(o.stage))] if o.stage else []
    if o.due:
        shown.append(speech.clock(o.due))
    return speech.listed(shown)


def _start(speech: Speech) -> Iterable[str]:
    if "start" in speech.terms.said:
        yield speech.say("head.start", when=speech.when(speech.terms.said["start"]))


def _ties(speech: Speech, rows: tuple[Row, ...]) -> Iterable[Tie]:
    for place, (_, link) in enumerate(speech.terms.clauses("linkage")):
        gate = link["kind"] == "gate"
        after, before = (_meant(speech.terms, rows, link, field) for field in ("after", "before"))
        of = () if gate else _meant(speech.terms, rows, link, "of")
        everything = not gate and "of" not in link and link["kind"] != "none"
        yield Tie(
            mark=_letter(place),
            kind=link["kind"],
            rows=tuple(row.number for row in rows) if everything else of,
            after=after,
            before=before,
            words=" ".join(f"{one[:1].upper()}{one[1:]}" for one in linked(speech, link)),
        )


def _letter(place: int) -> str:
    """a to z, then aa, ab and so on."""
    first, last = divmod(place, 26)
    return (_letter(first - 1) if first else "") + "abcdefghijklmnopqrstuvwxyz"[last]


def _meant(
    terms: Terms, rows: Iterable[Row], link: Mapping[str, Any], field: str
) -> tuple[int, ...]:
    """The rows that a link names, by clause, direction, part, category, stage or sum."""
    wanted = set(link.get(field, ()))
    for one in terms.sums:
        if one.id in wanted:
            wanted |= {o.clause for name in one.of for o in terms.find(name)}
    clauses = {
        o.clause
        for o in terms.obligations
        if wanted & {o.id, o.clause, o.category, o.stage, *(p.name for p in o.quantity.parts)}
    }
    return tuple(row.number for row in rows if row.clause in clauses)
