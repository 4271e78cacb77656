"""The whole agreement as one table of fields: what stands around the obligations."""

from __future__ import annotations

from typing import Any

from homeward.terms.language import (
    CLOCK,
    COUNTS_WHEN,
    EFFECTS,
    FORMAT,
    LINKS,
    OBLIGATION,
    OTHER_ROLES,
    PARTY_ROLES,
    PREDICATE,
    PREDICATE_SCHEMA,
    QUANTITY,
    SIGNERS,
    UNITS_OF_TIME,
)
from homeward.terms.shapes import (
    DATE,
    ID,
    INSTANT,
    NAMES,
    REFERENCE,
    REFERENCE_PATTERN,
    WORDS,
    Either,
    Fields,
    Listing,
    Shape,
    Table,
    Text,
    Truth,
    Whole,
    definitions,
)

_SIDE_OR_SIDES = Listing(ID, single=True)
_IDS = Listing(REFERENCE, single=True)

PARTY = Fields(
    {"name": NAMES},
    {"role": Text(choices=PARTY_ROLES), "signed_by": WORDS, "speaks_for": _IDS, "note": NAMES},
)
OTHER = Fields(
    {"name": NAMES},
    {
        "role": Listing(Text(choices=OTHER_ROLES), single=True),
        "disputed_by": Listing(WORDS, single=True),
        "note": NAMES,
    },
)
CATEGORY = Fields({"when": PREDICATE}, {"name": NAMES, "decided_by": WORDS, "note": NAMES})
BALANCE = Fields(
    optional={
        "equal_by": Text(choices=("category", "total", "nothing")),
        "step": Whole(1),
        "no_bound": Truth(only=True),
        "order": Listing(ID),
        "first": ID,
        "end": Table(Whole()),
        "note": NAMES,
    },
)
EQUIVALENCE = Fields(
    {"by": Text(pattern=r"[a-z][a-z0-9_]{0,40}")},
    {
        "values": Table(Whole(1)),
        "unit": NAMES,
        "groups": Table(Listing(ID)),
        "same_first": Truth(),
        "note": NAMES,
    },
    one_of=("values", "groups"),
)
LINK = Fields(
    {"kind": Text(choices=LINKS)},
    {
        "id": ID,
        "of": _IDS,
        "after": _IDS,
        "before": _IDS,
        "share": Whole(1, 100),
        "confirmed_by": _SIDE_OR_SIDES,
        "places": Listing(WORDS),
        "with": NAMES,
        "read_by": Table(NAMES),
        "note": NAMES,
    },
)
SUM = Fields({"id": ID, "of": Listing(REFERENCE, least=2), "quantity": QUANTITY}, {"note": NAMES})
STAGE = Fields(
    {"id": ID},
    {
        "name": NAMES,
        "date": DATE,
        "window": Listing(INSTANT, least=2, most=2),
        "due": CLOCK,
        "after": _IDS,
        "sizes": Table(Whole(), key=REFERENCE_PATTERN),
        "per_day": Table(Whole()),
        "days": Whole(1),
        "later": Truth(only=True),
        "sites": Listing(WORDS),
        "note": NAMES,
    },
)
ORDER = Fields(
    {"first": _IDS},
    {
        "of": _IDS,
        "then": _IDS,
        "by": WORDS,
        "strength": Text(choices=("hard", "best_effort")),
        "note": NAMES,
    },
)
EFFECT_RULES = {
    name: Either(
        value=Text(choices=effects),
        table=Fields(
            {"effect": Text(choices=effects)},
            {"within": Whole(1), "unit": Text(choices=UNITS_OF_TIME), "note": NAMES},
        ),
    )
    for name, effects in EFFECTS.items()
}
DUTY = Fields(
    {"duty": NAMES},
    {
        "of": _IDS,
        "on": _IDS,
        "until": Either(value=WORDS, table=CLOCK),
        "guarantor": _IDS,
        "note": NAMES,
    },
)
_WHO_DECIDES: dict[str, Shape] = {
    "of": _IDS,
    "when": PREDICATE,
    "what": NAMES,
    "decided_by": WORDS,
    "until": WORDS,
    "note": NAMES,
}
LIST = Fields(
    optional={
        "by": _SIDE_OR_SIDES,
        "to": _SIDE_OR_SIDES,
        "of": _IDS,
        "what": NAMES,
        "size": Whole(1),
        "due": CLOCK,
        "round": Whole(1),
        "pool": Truth(),
        "picked_by": _IDS,
        "published": Truth(),
        "grows": Truth(),
        "note": NAMES,
    }
)

AGREEMENT = Fields(
    {
        "format": Text(choices=(FORMAT,)),
        "id": ID,
        "parties": Table(PARTY, least=2),
        "obligations": Listing(OBLIGATION, gaps=True),
    },
    {
        "title": NAMES,
        "agreed": Fields(optional={"date": DATE, "place": NAMES, "note": NAMES}),
        "start": Either(value=DATE, table=CLOCK),
        "under": _IDS,
        "replaces": _IDS,
        "others": Table(OTHER),
        "categories": Table(CATEGORY),
        "balance": BALANCE,
        "equivalence": EQUIVALENCE,
        "linkage": Listing(LINK, gaps=True),
        "sums": Listing(SUM, gaps=True),
        "stages": Listing(STAGE, gaps=True),
        "order": Listing(ORDER, gaps=True),
        "eligibility": Listing(Fields(optional=_WHO_DECIDES), gaps=True),
        "exclusions": Listing(Fields(optional=_WHO_DECIDES), gaps=True),
        "rules": Fields(optional=EFFECT_RULES),
        "confirmation": Fields(
            {"counts_when": Text(choices=COUNTS_WHEN)},
            {
                "signed_by": Listing(Text(choices=SIGNERS)),
                "by": _IDS,
                "remains": Text(choices=COUNTS_WHEN),
                "checks": Listing(NAMES),
                "interview": Fields(
                    optional={"by": _IDS, "before": CLOCK, "private": Truth(), "note": NAMES}
                ),
                "custody": Fields(optional={"by": _IDS, "days": Whole(1), "note": NAMES}),
                "note": NAMES,
            },
        ),
        "lists": Listing(LIST, gaps=True),
        "conditions": Listing(NAMES),
        "milestones": Table(NAMES),
        "legal_acts": Listing(Fields({"what": NAMES}, {"by": _IDS, "before": _IDS}), gaps=True),
        "sites": Listing(WORDS),
        "announcements": Fields(
            optional={
                "may": _IDS,
                "not_before": Either(
                    value=Text(choices=("agreed", "stage_closed", "all_closed", "both_signed")),
                    table=CLOCK,
                ),
                "kept_back": Listing(NAMES, single=True),
                "note": NAMES,
            }
        ),
        "after_release": Listing(DUTY, gaps=True),
        "extension": Fields(
            {
                "each": Whole(1),
                "of": REFERENCE,
                "gives": Whole(1),
                "unit": Text(choices=UNITS_OF_TIME),
            },
            {"at_most": Whole(1), "note": NAMES},
        ),
        "answers": Listing(
            Fields({"to": NAMES, "may": NAMES}, {"cure": NAMES, "by": _IDS, "note": NAMES}),
            gaps=True,
        ),
        "disputes": Fields(
            optional={
                "stop_releases": Truth(),
                "days": Whole(1),
                "settled_by": NAMES,
                "note": NAMES,
            }
        ),
        "amendments": Listing(
            Fields({"id": ID, "date": DATE, "what": NAMES}, {"agreed_by": _IDS, "note": NAMES}),
            gaps=True,
        ),
        "sources": Listing(WORDS),
        "notes": Listing(NAMES, single=True),
    },
    partial=True,
)


def terms_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an agreement, made from the fields that the reader uses."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Homeward terms, version 1",
        "$defs": {"predicate": PREDICATE_SCHEMA, **definitions(NAMES, CLOCK, QUANTITY)},
        **AGREEMENT.schema(),
    }
