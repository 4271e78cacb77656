"""What really happened, as dated events and nothing else: no verdict, no word for a deviation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeward.dates import PartialDate
from homeward.problem import Problem, errors
from homeward.terms.agreement import Obligation, Terms
from homeward.terms.document import Document, Path, compose
from homeward.terms.language import STATES, Bare
from homeward.terms.shapes import (
    DATE,
    ID,
    NAMES,
    REFERENCE,
    SPAN,
    WORDS,
    WRONG,
    Fields,
    Listing,
    Table,
    Text,
    Truth,
    Whole,
    Wrong,
    definitions,
)

DONE_FORMAT = "homeward-done/1"
# What became of persons (or goods): these carry counts.
FATES = (
    *("handover", "counted", "declined", "died", "no_longer_eligible", "lost_on_the_way"),
    *("recovered_by_own_side", "not_recognised", "other_person", "identified", "held", "reserved"),
    *("kept_back", "moved_away", "declared_exchanged", "total"),
)
# What became of the arrangement: these carry a date, and often by whom.
TURNS = (
    *("began", "confirmed", "attack", "waited", "asked", "list_given", "list_refused"),
    *("list_disputed", "announced", "stopped", "resumed", "broken_off", "closed", "replaced"),
    *("overtaken", "prolonged", "amended", "statement", "progress"),
)
_IDS = Listing(ID, single=True)

EVENT = Fields(
    {"date": SPAN, "what": Text(choices=(*FATES, *TURNS))},
    {
        "id": ID,
        "from": _IDS,
        "to": _IDS,
        "under": REFERENCE,
        "also_under": WORDS,
        "together": Listing(REFERENCE, single=True),
        "fate": Text(choices=FATES),
        "count": Whole(),
        "at_least": Whole(),
        "between": Listing(Whole(), least=2, most=2),
        "accounts": Table(Whole()),
        "category": ID,
        "part": ID,
        "among": Table(Whole()),
        "state": Text(choices=STATES),
        "facts": Table(Bare(), key=r"[a-z][a-z0-9_]{0,40}"),
        "outside": Truth(only=True),
        "stage": ID,
        "place": WORDS,
        "of": REFERENCE,
        "by": _IDS,
        "said_by": _IDS,
        "hours": Whole(1),
        "percent": Whole(0, 100),
        "until": DATE,
        "why": NAMES,
        "note": NAMES,
    },
)
DONE = Fields(
    {"format": Text(choices=(DONE_FORMAT,)), "terms": ID, "events": Listing(EVENT, 0, gaps=True)},
    {"known_until": DATE, "sources": Listing(WORDS), "notes": Listing(NAMES, single=True)},
    partial=True,
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, on a date or between two, with the counts that were told.

    ``low`` and ``high`` are the least and the most that any account gives; ``high`` None where
    no number was published or only a least one.
    """

    what: str
    first: PartialDate
    last: PartialDate
    low: int = 0
    high: int | None = None
    sender: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    under: str | None = None
    category: str | None = None
    part: str | None = None
    among: Mapping[str, int] = field(default_factory=dict)
    state: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    outside: bool = False
    stage: str | None = None
    place: str | None = None
    of: str | None = None
    by: tuple[str, ...] = ()
    accounts: Mapping[str, int] = field(default_factory=dict)
    id: str | None = None
    hours: int = 0
    percent: int | None = None
    until: PartialDate | None = None
    also_under: str | None = None
    together: tuple[str, ...] = ()
    fate: str = "handover"
    note: Any = None
    at: str = ""

    @property
    def certain(self) -> bool:
        """Whether all accounts agree on one number."""
        return self.high == self.low


@dataclass(frozen=True)
class Done:
    """The events of one agreement, by date, and until when anything was known."""

    terms: str
    events: tuple[Event, ...]
    known_until: PartialDate | None = None


def read_done(
    text: str | bytes, terms: Terms, place: str = "done.yaml"
) -> tuple[Done | None, tuple[Problem, ...]]:
    """The events in ``text`` and every problem found; None where an error was among them."""
    document = Document(place)
    node = compose(text, document)
    said = DONE.read(node, (), document) if node is not None else WRONG
    done = None
    if not isinstance(said, Wrong):
        if said.get("terms", terms.id) != terms.id:
            document.say("other-terms", ("terms",), said["terms"], terms.id)
        events = [
            _event(event, ("events", number), terms, document)
            for number, event in enumerate(said.get("events", ()))
            if event is not WRONG
        ]
        done = Done(terms.id, tuple(sorted(events, key=_by_day)), said.get("known_until"))
        _not_after_the_horizon(done, document)
    found = sorted(set(document.problems), key=lambda p: (int(p.place.rpartition(":")[2]), p.code))
    return (None if errors(found) else done), tuple(found)


def _by_day(event: Event) -> tuple[Any, ...]:
    """By date, then by what the event says: where it stands in the file means nothing."""
    words = (event.what, event.under, event.category, event.part, event.state, event.id, event.of)
    told = (event.low, event.high or 0, sorted(event.accounts.items()), str(event.facts), event.at)
    return (event.first.first(), event.last.last(), *(word or "" for word in words), *told)


def _not_after_the_horizon(done: Done, document: Document) -> None:
    """Nobody tells of a day after the day until which anything was known."""
    known = done.known_until
    for event in done.events:
        if known is not None and event.first.first() > known.last():
            document.problems.append(
                Problem("terms.after-known", event.at, str(event.first), f"until {known}")
            )


def _event(said: Mapping[str, Any], path: Path, terms: Terms, document: Document) -> Event:
    _known(said, path, terms, document)
    targets = terms.find(said.get("under", ""))
    low, high = _counts(said)
    one = targets[0] if len(targets) == 1 else None
    return Event(
        what=said["what"],
        first=said["date"][0],
        last=said["date"][1],
        low=low,
        high=high,
        sender=said.get("from", tuple(sorted(one.senders)) if one else ()),
        to=said.get("to", tuple(sorted(one.receivers)) if one else ()),
        under=said.get("under"),
        category=said.get("category"),
        part=said.get("part"),
        among=said.get("among", {}),
        state=said.get("state"),
        facts=said.get("facts", {}),
        outside=said.get("outside", False),
        stage=said.get("stage"),
        place=said.get("place"),
        of=said.get("of"),
        by=said.get("by", ()),
        accounts=said.get("accounts", {}),
        id=said.get("id"),
        hours=said.get("hours", 0),
        percent=said.get("percent"),
        until=said.get("until"),
        also_under=said.get("also_under"),
        together=said.get("together", ()),
        fate=said.get("fate", "handover"),
        note=said.get("note"),
        at=document.place(*path),
    )


def _known(said: Mapping[str, Any], path: Path, terms: Terms, document: Document) -> None:
    """Note every name in an event that the terms do not know, and counts told twice."""
    everyone = {*terms.parties, *terms.others}
    for end in ("from", "to", "by", "said_by"):
        for name in said.get(end, ()):
            if name not in everyone:
                wanted = "one of " + ", ".join(sorted(everyone))
                document.say("party-unknown", (*path, end), name, wanted)
    for name in (*said.get("together", ()), *([said["under"]] if "under" in said else [])):
        if not terms.find(name):
            known = ", ".join(o.id for o in terms.obligations)
            document.say("reference-unknown", path, name, f"one of {known}")
    names = {part.name for o in terms.obligations for part in o.quantity.parts}
    if said.get("part", "") not in {*names, ""}:
        wanted = "one of " + ", ".join(sorted(names))
        document.say("reference-unknown", (*path, "part"), said["part"], wanted)
    among = {part.name for o in terms.obligations for part in o.quantity.among}
    for name, count in said.get("among", {}).items():
        if name not in among:
            wanted = "one of " + ", ".join(sorted(among))
            document.say("reference-unknown", (*path, "among"), name, wanted)
        elif "count" in said and count > said["count"]:
            document.say("among-beyond", (*path, "among"), count, f"at most {said['count']}")
    if said.get("category", "") not in {*terms.categories, ""}:
        wanted = "one of " + ", ".join(terms.categories)
        document.say("category-unknown", (*path, "category"), said["category"], wanted)
    counts = [name for name in ("count", "at_least", "between", "accounts") if name in said]
    if len(counts) > 1:
        expected = "one of count, at_least, between, accounts"
        document.say("one-of", path, ", ".join(counts), expected)
    if said["what"] == "handover" and said.get("from") and said.get("from") == said.get("to"):
        document.say("gives-to-itself", path, said["from"][0], "another side to receive")
    if said["what"] == "handover" and "under" not in said and not {"from", "to"} <= said.keys():
        document.say("missing-field", path, "handover", "from and to, or under")


def _counts(said: Mapping[str, Any]) -> tuple[int, int | None]:
    if "count" in said:
        return said["count"], said["count"]
    if "at_least" in said:
        return said["at_least"], None
    told = said.get("between") or tuple(said.get("accounts", {}).values())
    return (min(told), max(told)) if told else (0, None)


def handovers(terms: Terms, done: Done, obligation: Obligation) -> list[Event]:
    """The handovers under one obligation that both sides took as part of it, by date."""
    return [
        event
        for event in done.events
        if event.what == "handover" and not event.outside and obligation in targets(terms, event)
    ]


def targets(terms: Terms, event: Event) -> tuple[Obligation, ...]:
    """The obligations that an event is about: those named, else those it fits."""
    named = terms.obligations if event.under is None else terms.find(event.under)
    found = tuple(
        o
        for o in named
        if (not event.sender or set(event.sender) & (o.senders | set(o.held_by)))
        and (not event.to or set(event.to) & (o.receivers | set(o.via)))
        and (event.state in (None, o.state) or o.state in ("either", "unknown"))
        and (event.category is None or o.category in (None, event.category))
    )
    if event.under is None and not event.facts:
        # of whom nothing is told is taken under the general clause, where there is one
        return tuple(o for o in found if o.when is None) or found
    return found


def done_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a file of events, made from the fields that the reader uses."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": definitions(NAMES),
        "title": "Homeward events, version 1",
        **DONE.schema(),
    }
