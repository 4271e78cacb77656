"""``compare``: what a second version of an agreement means that the first did not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from homeward.terms.agreement import Obligation, Part, Quantity, Terms
from homeward.terms.phrases import Speech
from homeward.terms.unheard import plain
from homeward.words import known, number

# Fields whose change is a change of words alone; their places are told, not their texts.
_WORDS = frozenset({"title", "name", "note", "notes", "sources", "what", "unit", "format"})
_KEYED = ("stages", "sums", "amendments")
_TOLD_APART = ("obligations", "balance", "rules")
_LOUD = frozenset(
    {"counting", "quantity", "ways", "state", "group", "category", "step", "no_bound", "equal_by"}
)


Share = tuple[int, int]


@dataclass(frozen=True)
class Change:
    """One difference in meaning: of which clause and field, from what to what.

    ``kind`` is ``added``, ``removed``, ``changed`` or ``words``; ``stands_out`` marks what changes
    how many are owed, of whom, by whom, or how far a side may be ahead. ``totals`` are the heads
    of all directions together, ``shares`` those of each side, where both versions tell them.
    """

    section: str
    clause: str
    field: str
    kind: str
    before: Any = None
    after: Any = None
    stands_out: bool = False
    totals: tuple[int, int] | None = None
    shares: tuple[Share, Share] | None = None
    terms: tuple[Terms, Terms] | None = dataclasses.field(default=None, compare=False, repr=False)

    def say(self, language: str) -> str:
        """The change as one sentence in ``language`` (en, uk, ru, ar, he)."""
        assert self.terms is not None
        old, new = (Speech(terms, language) for terms in self.terms)
        what = _where(self, new)
        said: dict[str, Any] = {
            "before": _shown(self, old, self.before),
            "after": _shown(self, new, self.after),
        }
        if self.field == "counting" and self.totals is not None:
            said |= {"old": self.totals[0], "new": self.totals[1]}
            if self.shares is not None:
                side_old, side_new = (_range(share, new) for share in self.shares)
                said |= {"side_old": side_old, "side_new": side_new}
            key = "counting" if self.shares is None else "counting_side"
            sentence = new.say(f"compare.{key}", what=what, **said)
        else:
            sentence = new.say(f"compare.{self.kind}", what=what, **said)
        return sentence[0].upper() + sentence[1:]

    def to_json(self, language: str) -> dict[str, Any]:
        """The change as ``terms compare --json`` tells it."""
        told = ("section", "clause", "field", "kind", "stands_out", "totals", "shares")
        return {name: getattr(self, name) for name in told} | {"sentence": self.say(language)}


def compare(old: Terms, new: Terms) -> tuple[Change, ...]:
    """Every difference in meaning between two versions, what stands out first.

    The order of clauses, and lines that say the same in other words, are no difference; words
    that changed are told once for each clause.
    """
    found = [
        *_obligations(old, new),
        *_table("balance", old.said.get("balance", {}), new.said.get("balance", {})),
        *_table("rules", old.said.get("rules", {}), new.said.get("rules", {})),
        *_sections(old, new),
    ]
    told = [replace(change, terms=(old, new)) for change in found]
    return tuple(sorted(told, key=lambda c: (not c.stands_out, c.kind == "words")))


def _obligations(old: Terms, new: Terms) -> Iterator[Change]:
    before, after = _by_clause(old), _by_clause(new)
    for clause in sorted({*before, *after}):
        if clause not in after:
            yield Change("obligations", clause, "", "removed", before[clause], None, True)
        elif clause not in before:
            yield Change("obligations", clause, "", "added", None, after[clause], True)
        else:
            yield from _one(clause, before[clause], after[clause])


@dataclass(frozen=True)
class Clause:
    """All directions of one clause, with the number as it was written."""

    obligations: tuple[Obligation, ...]
    quantity: Quantity

    @property
    def total(self) -> int | None:
        """Heads in all directions together."""
        heads = self.quantity.number
        if heads is None or self.quantity.counting == "in_total":
            return heads
        return heads * len(self.obligations)

    @property
    def share(self) -> Share | None:
        """The least and most that each direction owes; None where nothing is owed both ways."""
        quantity = self.obligations[0].quantity
        if len(self.obligations) < 2 or quantity.number is None or quantity.high is None:
            return None
        return quantity.low, quantity.high

    def fields(self) -> dict[str, Any]:
        """What the clause means, field by field; numbers are apart from their counting rule."""
        o, q = self.obligations[0], self.quantity
        return {
            "counting": q.counting,
            "quantity": replace(q, counting=None, parts=(), among=(), unit="", note=None),
            "ways": tuple(sorted((one.sender, one.to) for one in self.obligations)),
            "parts": _made_up(q.parts),
            "among": _made_up(q.among),
            "destination": (o.destination, o.chosen_by),
            "readings": tuple(sorted(o.readings.items())),
            "open": tuple((name, point["as_of"]) for name, point in sorted(o.open.items())),
            **{name: getattr(o, name) for name in _PLAIN},
        }


def _made_up(parts: tuple[Part, ...]) -> tuple[Any, ...]:
    return tuple((p.name, p.count, p.percent, p.when) for p in parts)


_PLAIN = ("category", "when", "state", "group", "due", "stage", "via", "held_by", "named", "family")


def _by_clause(terms: Terms) -> dict[str, Clause]:
    sums = {one.id: one.quantity for one in terms.sums}
    found: dict[str, Clause] = {}
    for o in terms.obligations:
        earlier = found[o.clause].obligations if o.clause in found else ()
        found[o.clause] = Clause((*earlier, o), sums.get(o.clause, o.quantity))
    return found


def _one(clause: str, old: Clause, new: Clause) -> Iterator[Change]:
    before, after = old.fields(), new.fields()
    totals = None
    if old.total is not None and new.total is not None:
        totals = (old.total, new.total)
    shares = None
    if old.share is not None and new.share is not None:
        shares = (old.share, new.share)
    for name in before:
        if before[name] != after[name]:
            yield Change(
                "obligations", clause, name, "changed", before[name], after[name],
                name in _LOUD, totals, shares,
            )  # fmt: skip
    first, second = old.obligations[0], new.obligations[0]
    if (first.what, first.note) != (second.what, second.note):
        yield Change("obligations", clause, "what", "words")


def _range(share: Share, speech: Speech) -> str:
    """So many, or from the least to the most: bare numbers, which no language has to inflect."""
    low, high = (number(n, speech.language) for n in share)
    return low if low == high else speech.foreign(f"{low}–{high}")


def _table(section: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Field by field; a field that one version lacks was added or removed."""
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        apart = section == "parties" and None in (before, after)
        loud = apart or section == "sums" or (section == "balance" and name in _LOUD)
        if name in _WORDS or _bare(before) == _bare(after):
            yield Change(section, name, name, "words")
        else:
            kind = "added" if before is None else "removed" if after is None else "changed"
            yield Change(section, name, name, kind, before, after, loud)


def _bare(said: Any) -> Any:
    """A clause without its words, so that only its meaning is compared."""
    if isinstance(said, Mapping):
        return {name: _bare(value) for name, value in said.items() if name not in _WORDS}
    return tuple(_bare(one) for one in said) if isinstance(said, tuple) else said


def _sections(old: Terms, new: Terms) -> Iterator[Change]:
    for section in sorted({*old.said, *new.said} - set(_TOLD_APART) - {"id", "format"}):
        before, after = old.said.get(section), new.said.get(section)
        if before == after:
            continue
        if section in _WORDS:
            yield Change(section, "", section, "words")
        elif isinstance(before or after, tuple):
            yield from _listed(section, before or (), after or ())
        elif isinstance(before or after, Mapping):
            yield from _table(section, before or {}, after or {})
        else:
            kind = "added" if before is None else "removed" if after is None else "changed"
            yield Change(section, "", section, kind, before, after)


def _listed(section: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Change]:
    """Clauses with an id are compared field by field, the others as wholes."""
    if section in _KEYED:
        before = {clause["id"]: clause for clause in old}
        yield from _table(section, before, {clause["id"]: clause for clause in new})
        return
    gone = [one for one in old if one not in new]
    come = [one for one in new if one not in old]
    for one in gone:
        same = next((other for other in come if _bare(other) == _bare(one)), None)
        if same is not None and isinstance(one, Mapping):
            come.remove(same)
            yield Change(section, "", section, "words")
        else:
            yield Change(section, "", section, "removed", one, None)
    yield from (Change(section, "", section, "added", None, one) for one in come)


def _where(change: Change, speech: Speech) -> str:
    """The clause by its section and id, and the field where the clause has several."""
    section = speech.say(f"compare.in_{change.section}")
    parts = [f"{section} “{speech.foreign(change.clause)}”" if change.clause else section]
    if change.section == "obligations" and change.field:
        parts.append(speech.say(f"compare.of_{change.field}"))
    return speech.say("comma").join(parts)


def _shown(change: Change, speech: Speech, value: Any) -> str:
    """A value of a clause in words where the language has them, else as it was written."""
    if value is None or value in ((), (None, None)):
        return speech.say("compare.unsaid")
    if isinstance(value, Clause):
        return f"{speech.quantity(value.quantity, value.obligations[0].state)}"
    if isinstance(value, Quantity):
        state = _state(change, speech.terms)
        return speech.quantity(value, state)
    if change.field in ("category", "state", "stage") and isinstance(value, str):
        return speech.name(value)
    if change.field == "ways":
        return speech.say("comma").join(
            speech.say("compare.way", a=speech.name(a), b=speech.name(b)) for a, b in value
        )
    if change.field == "when":
        return speech.predicate(value)
    if change.field == "due":
        return speech.clock(value)
    word = value["effect"] if isinstance(value, Mapping) and "effect" in value else value
    for key in (f"compare.{word}", f"detail.{word}", f"effect.{word}"):
        if isinstance(word, str) and known(f"terms.{key}", speech.language):
            return speech.say(key)
    return speech.foreign(plain(value))


def _state(change: Change, terms: Terms) -> str:
    found = terms.find(change.clause)
    return found[0].state if found else "living"
