"""Stage annexes: when, where and how many of each category, agreed one by one after the terms."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import yaml

from homeward.problem import Problem
from homeward.terms.agreement import Terms
from homeward.terms.allotment import Moved, allot
from homeward.terms.document import Document, compose
from homeward.terms.kernel import Kind
from homeward.terms.language import COUNTING, STATES
from homeward.terms.shapes import (
    ID,
    ID_PATTERN,
    INSTANT,
    NAMES,
    WRONG,
    Fields,
    Listing,
    Text,
    Whole,
    Wrong,
    definitions,
)

STAGES_FORMAT = "homeward-stages/1"
_KIND = rf"{ID_PATTERN}(/({'|'.join(STATES)})(/(inside|beside))?)?"

SIZE = Fields(
    {"from": ID, "to": ID},
    {"total": Whole()},
    rest=Whole(),
    rest_key=_KIND,
)
ANNEX = Fields(
    {"stage": Whole(1), "sizes": Listing(SIZE)},
    {
        "proposed_by": ID,
        "agreed_on": INSTANT,
        "window": Listing(INSTANT, least=2, most=2),
        "counting": Text(choices=COUNTING),
        "total": Whole(),
        "crossing": Text(),
        "sites": Listing(Text()),
        "vehicles": Listing(Text()),
        "note": NAMES,
    },
)
STAGES = Fields(
    {"format": Text(choices=(STAGES_FORMAT,)), "stages": Listing(ANNEX, gaps=True)}, partial=True
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many of one kind move in one direction; ``category`` None where only a total is said."""

    sender: str
    to: str
    category: str | None
    state: str
    count: int
    group: str = "inside"


@dataclass(frozen=True, slots=True)
class Annex:
    """One stage as agreed: window, sizes, places and vehicles."""

    stage: int
    sizes: tuple[Size, ...]
    counting: str = "each"
    total: int | None = None
    window: tuple[datetime, datetime] | None = None
    agreed_on: datetime | None = None
    proposed_by: str | None = None
    sites: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    crossing: str | None = None
    place: str = field(default="", compare=False)

    def count(self, **wanted: Any) -> int:
        """Persons in the sizes that agree with every named field (``sender=``, ``category=``)."""
        return sum(
            size.count
            for size in self.sizes
            if all(getattr(size, name) == value for name, value in wanted.items())
        )

    def to_text(self) -> str:
        """The annex alone, as a text that ``read_annexes`` reads back to the same value."""
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for size in self.sizes:
            row = rows.setdefault((size.sender, size.to), {"from": size.sender, "to": size.to})
            row[_key(size)] = size.count
        stage: dict[str, Any] = {"stage": self.stage}
        if self.proposed_by:
            stage["proposed_by"] = self.proposed_by
        if self.agreed_on:
            stage["agreed_on"] = self.agreed_on.isoformat()
        if self.window:
            stage["window"] = [instant.isoformat() for instant in self.window]
        stage["counting"] = self.counting
        if self.total is not None:
            stage["total"] = self.total
        stage["sizes"] = list(rows.values())
        for name in ("crossing", "sites", "vehicles"):
            value = getattr(self, name)
            if value:
                stage[name] = value if isinstance(value, str) else list(value)
        document = {"format": STAGES_FORMAT, "stages": [stage]}
        return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))

    @property
    def text_digest(self) -> str:
        """SHA-256, in hex, of ``to_text()`` in UTF-8: what the sides sign."""
        return hashlib.sha256(self.to_text().encode("utf-8")).hexdigest()


def _key(size: Size) -> str:
    if size.category is None:
        return "total"
    if size.group != "inside":
        return f"{size.category}/{size.state}/{size.group}"
    return size.category if size.state == "living" else f"{size.category}/{size.state}"


def read_annexes(
    text: str | bytes,
    terms: Terms | None,
    place: str = "stages.yaml",
    *,
    sites: Collection[str] | None = None,
) -> tuple[tuple[Annex, ...], tuple[Problem, ...]]:
    """The stage annexes in ``text``, in order of stage, and every problem found.

    ``sites`` are the codes that exist, where the caller knows them. Annexes that could be read
    are returned even when there are problems. Where the terms themselves could not be read, what
    is wrong with the annexes alone is still said. The format is docs/reference/stages.md.
    """
    document = Document(place)
    node = compose(text, document)
    said = STAGES.read(node, (), document) if node is not None else WRONG
    annexes: list[Annex] = []
    if not isinstance(said, Wrong):
        for number, stage in enumerate(said.get("stages", ())):
            if stage is not WRONG:
                annexes.append(_annex(stage, number, terms, document, sites))
        _across(annexes, terms, document)
    found = sorted(set(document.problems), key=lambda p: (int(p.place.rpartition(":")[2]), p.code))
    return tuple(sorted(annexes, key=lambda annex: annex.stage)), tuple(found)


def _annex(
    stage: Mapping[str, Any],
    number: int,
    terms: Terms | None,
    document: Document,
    sites: Collection[str] | None,
) -> Annex:
    path = ("stages", number)
    window = stage.get("window")
    if window and window[0] >= window[1]:
        document.say("window-reversed", (*path, "window"), "", "start before end")
    proposer = stage.get("proposed_by")
    if terms is not None and proposer is not None and proposer not in terms.parties:
        document.say("party-unknown", (*path, "proposed_by"), proposer, ", ".join(terms.sides))
    for nth, site in enumerate(stage.get("sites", ())):
        if sites is not None and site not in sites:
            document.say("site-unknown", (*path, "sites", nth), site, ", ".join(sorted(sites)))
    sizes: list[Size] = []
    for nth, row in enumerate(stage["sizes"]):
        sizes += _row(row, (*path, "sizes", nth), terms, document)
    annex = Annex(
        stage=stage["stage"],
        sizes=tuple(sizes),
        counting=stage.get("counting", "each"),
        total=stage.get("total"),
        window=(window[0], window[1]) if window else None,
        agreed_on=stage.get("agreed_on"),
        proposed_by=proposer,
        sites=stage.get("sites", ()),
        vehicles=stage.get("vehicles", ()),
        crossing=stage.get("crossing"),
        place=document.place(*path),
    )
    _counting(annex, path, terms, document)
    _split(annex, path, terms, document)
    return annex


def _row(
    row: Mapping[str, Any], path: tuple[str | int, ...], terms: Terms | None, document: Document
) -> list[Size]:
    sender, to = row["from"], row["to"]
    if terms is not None and (sender, to) not in terms.moves:
        wanted = ", ".join(f"{a} to {b}" for a, b in terms.moves)
        document.say("move-unknown", path, f"{sender} to {to}", wanted)
    kinds = {key: count for key, count in row.items() if key not in ("from", "to", "total")}
    sizes = []
    for key, count in kinds.items():
        kind = Kind(*key.split("/"))
        if terms is not None and kind.category not in terms.categories:
            wanted = ", ".join(terms.categories)
            document.say("category-unknown", (*path, key), kind.category, wanted)
        sizes.append(Size(sender, to, kind.category, kind.state, count, kind.group))
    total = row.get("total")
    if not kinds:
        if total is None:
            document.say("missing-field", path, "", "a category with a number, or total")
        return [Size(sender, to, _only(terms), "living", total or 0)]
    counted = sum(kinds.values())
    if total is not None and counted != total:
        sums = " + ".join(str(count) for count in kinds.values())
        document.say("sum-mismatch", (*path, "total"), total, f"{sums} = {counted}")
    return sizes


def _only(terms: Terms | None) -> str | None:
    return terms.categories[0] if terms is not None and len(terms.categories) == 1 else None


def _counting(
    annex: Annex, path: tuple[str | int, ...], terms: Terms | None, document: Document
) -> None:
    """The annex must count as the terms count: each direction, or all directions together."""
    obligations = terms.obligations if terms is not None else ()
    agreed = {o.quantity.counting for o in obligations if o.mutual} - {None}
    if agreed and annex.counting not in agreed:
        document.say(
            "counting-differs",
            (*path, "counting"),
            annex.counting,
            "counting: " + " or ".join(sorted(str(rule) for rule in agreed)),
            "the same words would mean another number of persons",
        )
    directions: Counter[tuple[str, str]] = Counter()
    for size in annex.sizes:
        directions[(size.sender, size.to)] += size.count
    if annex.total is None:
        return
    sums = [sum(directions.values())] if annex.counting == "in_total" else directions.values()
    for counted in sums:
        if counted != annex.total:
            document.say(
                "sum-mismatch",
                (*path, "total"),
                annex.total,
                f"{counted} {'in total' if annex.counting == 'in_total' else 'each'}",
            )


def _split(
    annex: Annex, path: tuple[str | int, ...], terms: Terms | None, document: Document
) -> None:
    """Where the balance is equal, each side gives in a stage what it receives, by category."""
    if terms is None or terms.equal_by not in ("category", "total"):
        return
    given: Counter[tuple[str, str]] = Counter()
    taken: Counter[tuple[str, str]] = Counter()
    for size in annex.sizes:
        if size.group == "inside":
            category = (size.category or "total") if terms.equal_by == "category" else "total"
            given[(category, size.sender)] += size.count
            taken[(category, size.to)] += size.count
    unequal: dict[str, list[str]] = {}
    for category, side in sorted({*given, *taken}):
        gives, takes = given[(category, side)], taken[(category, side)]
        if gives != takes:
            unequal.setdefault(category, []).append(f"{side} gives {gives} and receives {takes}")
    for category, sides in unequal.items():
        document.say(
            "split-unequal",
            (*path, "sizes"),
            f"{category}: {'; '.join(sides)}",
            "equal numbers",
            "the balance was agreed to be equal; a sum that closes can hide it",
        )


def _across(annexes: list[Annex], terms: Terms | None, document: Document) -> None:
    seen: set[int] = set()
    for number, annex in enumerate(annexes):
        if annex.stage in seen:
            document.say("stage-twice", ("stages", number, "stage"), annex.stage, "its own number")
        seen.add(annex.stage)
    timed = sorted(
        (annex.window, number) for number, annex in enumerate(annexes) if annex.window is not None
    )
    for ((_, end), first), ((start, _), second) in pairwise(timed):
        if start < end:
            document.say(
                "window-overlap",
                ("stages", second, "window"),
                f"stage {annexes[second].stage}",
                f"a start after the end of stage {annexes[first].stage}",
            )
    in_order = [annexes[number].stage for _, number in timed]
    if in_order != sorted(in_order):
        document.say("stage-order", ("stages",), in_order, "windows in the order of the stages")
    if terms is not None:
        _totals(annexes, terms, document)


def _totals(annexes: list[Annex], terms: Terms, document: Document) -> None:
    """No direction and category may be promised more often than the obligations allow."""
    moved = tuple(
        Moved(s.sender, s.to, s.category, s.state, s.group, s.count, place=f"stage {annex.stage}")
        for annex in annexes
        for s in annex.sizes
        if s.count
    )
    for problem in allot(terms, moved).problems:
        document.problems.append(
            Problem(
                problem.code,
                document.place("stages"),
                problem.value,
                problem.expected,
                "over all stages together",
                problem.level,
            )
        )


def stages_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of stage annexes, made from the fields that the reader uses."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": definitions(NAMES),
        "title": "Homeward stages, version 1",
        **STAGES.schema(),
    }
