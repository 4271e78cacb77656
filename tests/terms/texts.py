"""Agreements in the shape of texts, for the tests of this room: invented sides and numbers."""

from __future__ import annotations

from functools import cache

import yaml

from homeward.terms import read_annexes, read_terms

CATEGORIES = {
    "military": {"when": {"category": ["prisoner_of_war", "medical", "religious"]}},
    "civilian": {"when": {"category": ["civilian"]}},
}


def agreement(**changes):
    """A plain two-sided agreement of 600 each; keyword arguments replace whole sections."""
    said = {
        "format": "homeward-terms/1",
        "id": "two-valleys",
        "title": {"en": "Two valleys", "uk": "Дві долини"},
        "agreed": {"date": "2031-03-04", "place": "Valletta"},
        "parties": {
            "north": {"name": {"en": "North", "uk": "Північ"}},
            "south": {"name": {"en": "South", "uk": "Південь"}},
        },
        "categories": CATEGORIES,
        "obligations": [
            {
                "id": "all",
                "between": ["north", "south"],
                "what": {"en": "prisoners"},
                "quantity": {"exact": 600, "counting": "each"},
            }
        ],
        "balance": {"equal_by": "category", "step": 20, "order": ["military", "civilian"]},
    }
    said.update(changes)
    return {name: value for name, value in said.items() if value is not None}


# The C writer is ten times faster than the plain one.
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def written(said):
    """YAML in the order of ``said``."""
    return yaml.dump(said, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)


def text(**changes):
    return written(agreement(**changes))


@cache
def _read(said):
    return read_terms(said)


def terms(**changes):
    read, problems = _read(text(**changes))
    assert read is not None, [str(problem) for problem in problems]
    return read


def one_way(*obligations, **changes):
    """Terms with these obligations from side to side and no promise of equal numbers."""
    changes.setdefault("balance", {"no_bound": True})
    return terms(obligations=list(obligations), **changes)


def codes(problems):
    return [problem.code for problem in problems]


def stage(number=1, north=None, south=None, **changes):
    north = north or {"military": 130, "civilian": 70, "total": 200}
    south = south or {"military": 130, "civilian": 70, "total": 200}
    said = {
        "stage": number,
        "proposed_by": "north",
        "window": [f"2031-03-1{number}T06:00:00+02:00", f"2031-03-1{number}T22:00:00+02:00"],
        "counting": "each",
        "sizes": [
            {"from": "north", "to": "south", **north},
            {"from": "south", "to": "north", **south},
        ],
    }
    said.update(changes)
    return said


def stages(*listed):
    return written({"format": "homeward-stages/1", "stages": list(listed)})


def annexes(*listed, terms_, **options):
    return read_annexes(stages(*listed), terms_, **options)
