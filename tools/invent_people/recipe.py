"""What to invent: sides, how their clerks write, and how many people go along each edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

CULTURES = ("uk", "ru", "latin", "ar", "he")
RECIPES = Path(__file__).parent / "recipes"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a side holds people: its share of the military, of the civilians, of the wounded."""

    code: str
    military: float = 1.0
    civilian: float = 0.0
    wounded: float = 1.0


@dataclass(frozen=True, slots=True)
class Side:
    """A side: whose names its people bear, and the letters its clerks use for other people."""

    name: str
    culture: str
    writes: Mapping[str, float]
    prefix: str
    nationality: str
    sites: tuple[Site, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """People of ``claimant`` in the hands of ``holder``: counts per category.

    ``pairs`` are on both lists, ``sought_only`` are not held, ``held_only`` are not looked for.
    """

    holder: str
    claimant: str
    pairs: Mapping[str, int]
    sought_only: Mapping[str, int] = field(default_factory=dict)
    held_only: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the bytes of the lists."""

    seed: int
    sides: tuple[Side, ...]
    edges: tuple[Edge, ...]
    captured: tuple[date, date]
    early: float = 0.3
    wounded: float = 0.02
    officers: float = 0.06
    rank_codes: bool = False
    regions: bool = True

    def side(self, name: str) -> Side:
        """The side called ``name``; raises StopIteration when there is none."""
        return next(side for side in self.sides if side.name == name)


def read_recipe(name: str) -> Recipe:
    """The recipe in ``recipes/<name>.yaml``, or in the file of that path."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else RECIPES / f"{name}.yaml"
    return recipe_from(yaml.safe_load(path.read_text(encoding="utf-8")))


def recipe_from(document: Mapping[str, Any]) -> Recipe:
    """A recipe from its YAML document; raises KeyError, TypeError or ValueError if it is wrong."""
    optional = ("early", "wounded", "officers", "rank_codes", "regions")
    known = {"seed", "sides", "edges", "captured", *optional}
    unknown = set(document) - known
    if unknown:
        raise ValueError(f"unknown in a recipe: {', '.join(sorted(unknown))}")
    sides = tuple(_side(name, row) for name, row in document["sides"].items())
    first, last = document["captured"]
    return Recipe(
        seed=document["seed"],
        sides=sides,
        edges=tuple(Edge(**row) for row in document["edges"]),
        captured=(first, last),
        **{key: document[key] for key in optional if key in document},
    )


def _side(name: str, row: Mapping[str, Any]) -> Side:
    culture = row["names"]
    if culture not in CULTURES:
        raise ValueError(f"{name}: names are of {', '.join(CULTURES)}, not {culture!r}")
    writes = row.get("writes", {culture: 1})
    if set(writes) - set(CULTURES):
        raise ValueError(f"{name}: clerks write {', '.join(CULTURES)}, not {sorted(writes)}")
    return Side(
        name=name,
        culture=culture,
        writes=writes,
        prefix=row.get("prefix", name[:2].upper()),
        nationality=row.get("nationality", name),
        sites=tuple(Site(code, **shares) for code, shares in row.get("sites", {}).items()),
    )


def simple_recipe(
    seed: int, sides: Mapping[str, str], *, pairs: int, sought: int, held: int
) -> Recipe:
    """A ring over ``sides`` (name to culture) with the same sizes on each edge.

    Two sides make a plain exchange. A tenth of the people are civilians.
    """
    names = list(sides)
    rows = {
        name: {
            "names": culture,
            "sites": {f"{name[:1].upper()}{n}": {"civilian": 1} for n in (1, 2, 3)},
        }
        for name, culture in sides.items()
    }
    return Recipe(
        seed=seed,
        sides=tuple(_side(name, row) for name, row in rows.items()),
        edges=tuple(
            Edge(holder, claimant, _split(pairs), _split(sought - pairs), _split(held - pairs))
            for holder, claimant in zip(names, names[1:] + names[:1], strict=True)
        ),
        captured=(date(2024, 1, 10), date(2025, 3, 20)),
    )


def _split(count: int) -> dict[str, int]:
    return {"prisoner_of_war": count - count // 10, "civilian": count // 10}
