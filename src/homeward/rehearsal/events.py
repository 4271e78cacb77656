"""What exchange.yaml says will go wrong on the way: read here, played at the line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from homeward.terms.document import Document, Path
from homeward.terms.language import PREDICATE
from homeward.terms.shapes import ID, NAMES, WRONG, Fields, Text, Whole, Wrong

# What each kind cannot do without.
NEEDS = {
    "refused": "who",
    "absent": "who",
    "unfit": "who",
    "dead": "who",
    "extra": "side",
    "wrong_person": "who",
    "substitution": "who",
    "bus_lost": "side",
    "side_stops": "side",
    "side_resumes": "side",
    "office_killed": "side",
    "network_cut": "side",
    "statement_published": "note",
}
_OF_ANY_PARTY = frozenset({"office_killed", "network_cut"})


@dataclass(frozen=True, slots=True)
class Whom:
    """A predicate over facts, with how many of those it fits are meant."""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        """The predicate as terms read it, with ``pick`` beside it."""
        if not isinstance(node, yaml.MappingNode):
            return PREDICATE.read(node, path, document)
        picks = [value for key, value in node.value if key.value == "pick"]
        if len(picks) > 1:
            document.say("key-twice", (*path, "pick"), "pick", "once")
        rest = [pair for pair in node.value if pair[0].value != "pick"]
        facts: Any = {}
        if rest:
            only = yaml.MappingNode(node.tag, rest, node.start_mark, node.end_mark)
            facts = PREDICATE.read(only, path, document)
        pick = Whole(1).read(picks[0], (*path, "pick"), document) if picks else 1
        return WRONG if WRONG in (facts, pick) else {"facts": facts, "pick": pick}

    def schema(self) -> dict[str, Any]:
        """As a predicate, and ``pick``."""
        return {"allOf": [PREDICATE.schema()]}


EVENT = Fields(
    {"kind": Text(choices=tuple(NEEDS)), "stage": Whole(1)},
    {"step": Whole(1), "side": ID, "who": Whom(), "note": NAMES},
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happens: before the stage's first step, or at a step of the exchange.

    ``who`` is a predicate over the facts of ``side``'s held people, ``pick`` how many it befalls.
    """

    kind: str
    stage: int
    step: int | None = None
    side: str = ""
    who: Mapping[str, Any] = field(default_factory=dict)
    pick: int = 1
    note: str = ""
    name: str = ""


def read_events(
    said: Sequence[Mapping[str, Any]],
    sides: Collection[str],
    neutrals: Collection[str],
    document: Document,
) -> tuple[Event, ...]:
    """The events in the order in which they happen; what they lack is noted."""
    events = []
    for number, row in enumerate(said):
        here = ("events", number)
        if NEEDS[row["kind"]] not in row:
            document.say("missing-field", here, row["kind"], NEEDS[row["kind"]])
        known = {*sides, *(neutrals if row["kind"] in _OF_ANY_PARTY else ())}
        side = row.get("side", "")
        if side and side not in known:
            document.say("unknown-side", (*here, "side"), side, ", ".join(sorted(known)))
        who = row.get("who", {})
        who = {} if isinstance(who, Wrong) else who
        note = row.get("note", "")
        events.append(
            Event(
                row["kind"],
                row["stage"],
                row.get("step"),
                side,
                who.get("facts", {}),
                who.get("pick", 1),
                note if isinstance(note, str) else next(iter(note.values()), ""),
                f"{number + 1}-{row['kind']}",
            )
        )
    return tuple(sorted(events, key=lambda event: (event.stage, event.step or 0)))
