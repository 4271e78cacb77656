"""The words of an agreement: every clause, its fields, and the closed lists they choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from homeward.dates import PartialDate
from homeward.terms.document import Document, Path, pairs
from homeward.terms.shapes import (
    DATE,
    ID,
    NAMES,
    REFERENCE,
    WORDS,
    WRONG,
    Either,
    Fields,
    Listing,
    Named,
    Shape,
    Table,
    Text,
    Truth,
    Whole,
    Written,
)

FORMAT = "homeward-terms/1"
STATES = ("living", "remains", "either", "unknown", "asset", "act")
GROUPS = ("inside", "beside")
COUNTING = ("each", "in_total")
PARTY_ROLES = ("both", "holder", "receiver", "signatory")
OTHER_ROLES = (
    *("mediator", "guarantor", "neutral", "custodian", "host", "monitor", "transport"),
    *("facilitator", "commission", "beneficiary", "destination", "holder"),
)
FORMS = (
    *("exact", "about", "at_least", "at_most", "range", "all", "list_size", "ratio", "lump"),
    *("percent", "as_many_as", "unspecified"),
)
LINKS = (
    *("simultaneous", "gate", "ring", "all_or_nothing", "bundle", "none", "pace", "same_share"),
    *("one_for_one", "class_for_class", "disputed"),
)
EFFECTS = {
    "refusal": ("counts", "replaced", "reduces", "cuts_both"),
    "shortfall": ("carried_over", "made_good", "cuts_both", "ends", "accepted"),
    "substitution": ("none", "same_category", "by_agreement", "free"),
    "extras": ("beside", "counted", "returned"),
    "found_later": ("owed", "released", "next_agreement", "not_owed"),
    "claimant_rejects": ("counts", "does_not_count", "replaced"),
    "death": ("counts", "remains_instead", "replaced", "reduces"),
    "no_longer_eligible": ("counts", "replaced", "reduces"),
    "lost_on_the_way": ("counts", "still_owed", "reduces"),
    "self_recovered": ("counts", "reduces", "replaced"),
}
COUNTS_WHEN = ("both_signed", "released", "received", "arrived", "identified", "confirmed_by_other")
SIGNERS = ("holder", "receiver", "neutral", "mediator", "claimant")
# Facts that lists write with these words only; docs/reference/exchange-folder.md has the columns.
CLOSED_FACTS = {
    "category": ("prisoner_of_war", "civilian", "medical", "religious", "unknown"),
    "sex": ("male", "female"),
}
# How a ratio is paid that does not come out even: by whole groups, or rounded to a person.
ROUNDING = ("whole_groups", "down", "up")
DAYS_THAT_COUNT = ("capture", "agreed", "handover")
UNITS_OF_TIME = ("hours", "days", "weeks", "months", "years")


@dataclass(frozen=True, slots=True)
class Bare:
    """A word, number or truth that is compared with a fact as it is written."""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        document.lines.setdefault(path, node.start_mark.line + 1)
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            document.say("no-value", path, "", "a word or a number")
            return WRONG
        return str(node.value)

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "number", "boolean"]}


def _day_that_counts(text: str) -> str | PartialDate:
    return text if text in DAYS_THAT_COUNT else PartialDate.parse(text)


_LIMITS = Fields(
    optional={
        "at_least": Whole(),
        "at_most": Whole(),
        "from": DATE,
        "until": DATE,
        "before": DATE,
        "after": DATE,
        "at": Written("one of capture, agreed, handover, or a date", _day_that_counts),
    }
)
FACT = r"[a-z][a-z0-9_]{0,40}"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A table over facts: all lines must hold; ``any`` and ``not`` hold further tables."""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        document.lines.setdefault(path, node.start_mark.line + 1)
        if not isinstance(node, yaml.MappingNode) or not node.value:
            document.say("wrong-type", path, "", "a table of facts")
            return WRONG
        read: dict[str, Any] = {}
        for name, value in pairs(node, path, document, FACT):
            read[name] = self._line(name).read(value, (*path, name), document)
        return WRONG if any(value is WRONG for value in read.values()) else read

    def _line(self, name: str) -> Shape:
        if name == "not":
            return self
        if name == "any":
            return Listing(self, least=2)
        return Either(value=Bare(), many=Listing(Bare()), table=_LIMITS)

    def schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/predicate"}


PREDICATE = Predicate()
PREDICATE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": f"^{FACT}$"},
    "properties": {
        "not": {"$ref": "#/$defs/predicate"},
        "any": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/predicate"}},
    },
    "additionalProperties": Either(value=Bare(), many=Listing(Bare()), table=_LIMITS).schema(),
}

# `after` alone says from when; together with `within` it is the event that starts the count.
CLOCK = Named(
    "clock",
    Fields(
        optional={
            "date": DATE,
            "within": Whole(1),
            "unit": Text(choices=UNITS_OF_TIME),
            "after": WORDS,
            "otherwise": NAMES,
            "judged_by": Listing(ID, single=True),
            "note": NAMES,
        }
    ),
)
_PARTS = Table(
    Fields(
        optional={
            "count": Whole(),
            "percent": Whole(0, 100),
            "when": PREDICATE,
            "name": NAMES,
        }
    )
)
_QUANTITY = Fields(
    optional={
        "exact": Whole(),
        "about": Whole(1),
        "at_least": Whole(),
        "at_most": Whole(),
        "range": Listing(Whole(), least=2, most=2),
        "all": Either(
            value=Truth(only=True),
            table=Fields(optional={"as_of": DATE, "believed": Whole(), "note": NAMES}),
        ),
        "list_size": Whole(1),
        "ratio": Fields(
            {"give": Whole(1), "of": REFERENCE},
            {
                "for_each": Whole(1),
                "part": ID,
                "rounding": Text(choices=ROUNDING),
                "note": NAMES,
            },
        ),
        "lump": Fields(
            {"give": Whole(1), "of": REFERENCE},
            {"for_all": Whole(1), "part": ID, "note": NAMES},
        ),
        "percent": Fields({"percent": Whole(1, 100), "of": REFERENCE}, {"note": NAMES}),
        "as_many_as": REFERENCE,
        "unspecified": Truth(only=True),
        "counting": Text(choices=COUNTING),
        "unit": WORDS,
        "per": Text(choices=("day", "week", "month", "stage")),
        "parts": _PARTS,
        "among": _PARTS,
        "believed": Whole(),
        "within_percent": Whole(0, 50),
        "note": NAMES,
    },
    one_of=FORMS,
)
QUANTITY = Named("quantity", _QUANTITY)
_SIDE_OR_SIDES = Listing(ID, single=True)
OBLIGATION = Fields(
    {"id": ID, "quantity": QUANTITY},
    {
        "between": Listing(ID, least=2, most=2),
        "from": _SIDE_OR_SIDES,
        "to": _SIDE_OR_SIDES,
        "what": NAMES,
        "category": ID,
        "when": PREDICATE,
        "state": Text(choices=STATES),
        "group": Text(choices=GROUPS),
        "destination": Either(
            value=WORDS,
            table=Fields(
                optional={"place": NAMES, "chosen_by": Text(choices=("person", *SIGNERS))}
            ),
        ),
        "via": _SIDE_OR_SIDES,
        "held_by": _SIDE_OR_SIDES,
        "named": Whole(1),
        "family": Whole(1),
        "stage": ID,
        "due": CLOCK,
        "readings": Table(QUANTITY),
        "open": Table(Fields({"as_of": DATE}, {"what": NAMES, "note": NAMES})),
        "amendment": ID,
        "note": NAMES,
    },
)
