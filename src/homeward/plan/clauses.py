"""Who counts for which obligation: lines sorted into pools and classes of identical persons."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from homeward.plan.allotting import allot as fill
from homeward.plan.lines import PlanLine
from homeward.plan.parts import asks, meets, part_id, told_parts
from homeward.plan.task import Cohort, Pool
from homeward.problem import Problem, Refused
from homeward.terms import Terms
from homeward.terms.allotment import Moved, allot
from homeward.terms.kernel import Kind, Position

#: What was carried out before: a position, or the handles.
Done = Position | Collection[str] | None
_MONTHS = 12
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_WAYS = ("holder", "claimant", "category", "state")
_FACTS = ("medical", "held_since", "meets")
#: What makes persons of one class; without the first three, and with what is owed, of one pool.
_SORT = (
    *("medical", "held_since", "group_code"),
    *("holder", "claimant", "site", "seats", "value", "unit"),
)
_CLASS = 3


@dataclass(frozen=True, slots=True)
class Owed:
    """What the terms make of a line: its kind, the obligations it may count against, and the
    parts of their numbers that it belongs to."""

    kind: Kind
    under: tuple[str, ...]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sorted:
    """Lines that may take part, what the terms make of each line, and what was done before."""

    lines: tuple[PlanLine, ...]
    owed: dict[str, Owed]  # by handle
    finished: dict[str, int]  # heads by obligation id
    crossed: dict[tuple[str, str], int]  # points inside the balance by direction; 1 where no scale
    parts: dict[str, int] | None = None  # heads by part; None where that is not known


def owed_to(terms: Terms, line: PlanLine) -> Owed | None:
    """What the terms make of a line; None where nobody owes this person."""
    category = line.category
    if category not in terms.categories:
        category = terms.category_of(line.facts()) or ""
    moved = Moved(
        line.holder, line.claimant, category or None, line.state, None, 1, facts=line.facts()
    )
    fitting = [
        o
        for o in terms.obligations
        if o.category in (None, category) and moved.fits(o, terms) and meets(line, terms, o)
    ]
    if not fitting:
        return None
    # A clause about these persons decides before one about everybody; beside before inside.
    fitting.sort(key=lambda o: (o.category is None and not o.when, o.group != "beside", o.id))
    group = fitting[0].group
    meant = sorted((o for o in fitting if o.group == group), key=lambda o: o.id)
    parts = (
        part_id(o, part)
        for o in meant
        for part in told_parts(terms, o)
        if meets(line, terms, o, part)
    )
    return Owed(Kind(category, line.state, group), tuple(o.id for o in meant), tuple(parts))


def sort_lines(terms: Terms, lines: Iterable[PlanLine], done: Done = None) -> Sorted:
    """Lines ready to go; raises Refused for a handle twice or a side unknown."""
    lines = tuple(lines)
    problems = _refusals(terms, lines)
    if problems:
        raise Refused(problems)
    gone = set() if done is None or isinstance(done, Position) else set(done)
    # Without predicates of their own, obligations tell few sorts of line apart: judge each once.
    by_facts = bool(asks(terms)) or not {line.category for line in lines} <= {*terms.categories}
    sort_of = attrgetter(*_WAYS, *(_FACTS if by_facts else ()))
    judged: dict[tuple[object, ...], Owed | None] = {}
    owed: dict[str, Owed] = {}
    taking: list[PlanLine] = []
    before: list[tuple[PlanLine, Owed]] = []
    for line in lines:
        key = sort_of(line)
        if key not in judged:
            judged[key] = owed_to(terms, line)
        found = judged[key]
        if found is None:
            continue
        owed[line.handle] = found
        if line.handle in gone:
            before.append((line, found))
        elif line.status == "ready":
            taking.append(line)
    return Sorted(tuple(taking), owed, *_finished(terms, before, done))


def _refusals(terms: Terms, lines: Sequence[PlanLine]) -> list[Problem]:
    problems = []
    sides = set(terms.sides)
    expected = "one of " + ", ".join(terms.sides)
    undated = {d for d in {line.held_since for line in lines} if d and not _DATE.fullmatch(d)}
    previous = ""
    plain = {line.holder for line in lines} | {line.claimant for line in lines} <= sides
    if plain and not undated and len({line.handle for line in lines}) == len(lines):
        return []
    for line in sorted(lines, key=attrgetter("handle")):
        place = f"line {line.handle}"
        if line.handle == previous:
            problems.append(Problem("plan.handle-twice", place, line.handle, "one line"))
        previous = line.handle
        if line.held_since in undated:
            where = f"{place}:held_since"
            problems.append(Problem("plan.bad-date", where, line.held_since, "2024-05 or 2024"))
        problems += [
            Problem("plan.side-unknown", place, side, expected)
            for side in {line.holder, line.claimant} - sides
        ]
    return problems


#: Heads by obligation; points inside the balance by direction; heads by part, where known.
_Behind = tuple[dict[str, int], dict[tuple[str, str], int], dict[str, int] | None]


def _finished(terms: Terms, before: Sequence[tuple[PlanLine, Owed]], done: Done) -> _Behind:
    """What was carried out before, told by handles or by a position."""
    if isinstance(done, Position):
        return _in_position(terms, done)
    place = {o.id: number for number, o in enumerate(terms.obligations)}
    supply = Counter(tuple(place[name] for name in owed.under) for _, owed in before)
    amount, left = fill(
        supply,
        [o.low for o in terms.obligations],
        [len(before) if o.high is None else o.high for o in terms.obligations],
    )
    behind = dict.fromkeys(place, 0)
    for (_, number), heads in amount.items():
        behind[terms.obligations[number].id] += heads
    for under, heads in left.items():
        behind[terms.obligations[under[0]].id] += heads
    crossed: Counter[tuple[str, str]] = Counter()
    for line, owed in before:
        if owed.kind.group == "inside":
            crossed[line.holder, line.claimant] += line.value
    parts = Counter(part for _, owed in before for part in owed.parts)
    return behind, dict(crossed), dict(parts)


def _in_position(terms: Terms, done: Position) -> _Behind:
    moved = [
        Moved(cell.sender, cell.to, cell.category, cell.state, cell.group, cell.count)
        for cell in done.cells
        if cell.attested_by == "both" and cell.outcome == "transferred"
    ]
    crossed: Counter[tuple[str, str]] = Counter()
    for one in moved:
        if one.group == "inside":
            crossed[one.sender, one.to] += one.count
    return dict(allot(terms, moved).done), dict(crossed), None if moved else {}


def tie_key(seed: int, handle: str) -> bytes:
    """The public order of persons who are equal in everything: both sides compute the same."""
    return hashlib.sha256(f"{seed}:{handle}".encode()).digest()


def make_cohorts(taking: Sorted, seed: int) -> tuple[tuple[Pool, ...], tuple[Cohort, ...]]:
    """Pools and cohorts in an order that the order of the lines does not change."""
    months = _months(taking.lines)
    bundles = _bundles(taking.lines)
    sort_of = attrgetter(*_SORT)
    alike: dict[tuple[object, ...], tuple[PlanLine, Owed, list[str]]] = {}
    for line in taking.lines:
        owed = taking.owed[line.handle]
        key = (*sort_of(line), id(owed))
        found = alike.get(key)
        if found is None:
            alike[key] = (line, owed, [line.handle])
        else:
            found[2].append(line.handle)
    pools: dict[tuple[object, ...], Pool] = {}
    for key, (line, owed, _) in alike.items():
        if key[_CLASS:] not in pools:
            pools[key[_CLASS:]] = _pool(line, owed)
    ordered = sorted(set(pools.values()))
    place = {pool: number for number, pool in enumerate(ordered)}
    places = {key: place[pool] for key, pool in pools.items()}
    merged: dict[tuple[int, int, int, int], list[str]] = {}
    for key, (line, _, handles) in alike.items():
        bundle = bundles.get((line.holder, line.group_code), -1)
        where = (places[key[_CLASS:]], bundle, -line.medical, -months[line.held_since])
        merged.setdefault(where, []).extend(handles)
    cohorts = tuple(
        Cohort(pool, -medical, -held, bundle, _in_tie_order(handles, seed))
        for (pool, bundle, medical, held), handles in sorted(merged.items())
    )
    return tuple(ordered), cohorts


def _pool(line: PlanLine, owed: Owed) -> Pool:
    kind = owed.kind
    ends = (line.holder, line.claimant, kind.category, kind.state, kind.group)
    return Pool(*ends, line.site, line.seats, line.value, line.unit, owed.under, owed.parts)


def _in_tie_order(handles: list[str], seed: int) -> tuple[str, ...]:
    if len(handles) == 1:
        return tuple(handles)
    return tuple(sorted(handles, key=lambda handle: tie_key(seed, handle)))


def _months(lines: Sequence[PlanLine]) -> dict[str, int]:
    """Months held, 1 or more, for each date that occurs; unknown counts as the latest."""
    dates = {date: _month(date) for date in {line.held_since for line in lines}}
    reference = max(dates.values(), default=0) + 1
    return {date: reference - month if month else 1 for date, month in dates.items()}


def _month(since: str) -> int:
    """Months since year 0; a year alone stands for its December, unknown for 0."""
    if not since:
        return 0
    year, _, month = since.partition("-")
    return int(year) * _MONTHS + int(month[:2] or _MONTHS)


def _bundles(lines: Sequence[PlanLine]) -> dict[tuple[str, str], int]:
    """Numbers of the groups that have more than one person left."""
    sizes: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.group_code:
            key = (line.holder, line.group_code)
            sizes[key] = sizes.get(key, 0) + 1
    return {key: n for n, key in enumerate(sorted(k for k, size in sizes.items() if size > 1))}
