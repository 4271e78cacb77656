"""The four kinds of file: whom a side looks for, whom it holds, and who is who."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tools.invent_people.noise import Written, write_foreign, write_own
from tools.invent_people.people import Person, invent_many
from tools.invent_people.recipe import Edge, Recipe, Side, Site
from tools.invent_people.words import read_table

COLUMNS = (
    "id", "surname", "given_name", "patronymic", "birth_date", "birth_place", "sex",
    "nationality", "category", "state", "rank", "service_number", "unit", "captured_on",
    "captured_at", "held_at", "health", "tags", "notes",
)  # fmt: skip
GOLD = ("sought_side", "sought_id", "held_side", "held_id")
# The seven codes of the capture card, GC III annex IV B.
_HEALTH = (
    ("good", 46), ("not_wounded", 20), ("recovered", 12), ("convalescent", 6), ("sick", 9),
    ("slightly_wounded", 7),
)  # fmt: skip
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a person's captivity; each list shows part of it."""

    rank: Mapping[str, str]
    unit: str
    service_number: str
    captured: date
    taken_in: Mapping[str, str]
    born_in: Mapping[str, str]
    health: str
    site: str
    state: str
    young: bool


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One invented person on one edge, with which lists name them."""

    person: Person
    facts: Facts
    holder: Side
    claimant: Side
    sought: bool
    held: bool


def invent_lists(recipe: Recipe) -> dict[str, str]:
    """Every file of the exchange folder that names people: path within the folder to text."""
    cases = [case for edge in recipe.edges for case in _cases(recipe, edge)]
    sought_ids: dict[Case, str] = {}
    held_ids: dict[Case, str] = {}
    files = {}
    for side in recipe.sides:
        rng = Random(f"{recipe.seed}/lists/{side.name}")
        wanted = [case for case in cases if case.claimant is side and case.sought]
        kept = [case for case in cases if case.holder is side and case.held]
        sought_ids |= _numbered(wanted, f"{side.prefix}-S", rng)
        held_ids |= _numbered(kept, f"{side.prefix}-H", rng)
        rows = [_sought_row(recipe, case, sought_ids[case], rng) for case in wanted]
        files[f"{side.name}/sought.csv"] = _csv(COLUMNS, rows)
        rows = [_held_row(recipe, case, held_ids[case], rng) for case in kept]
        files[f"{side.name}/held.csv"] = _csv(COLUMNS, rows)
    gold = sorted(
        (case.claimant.name, sought_ids[case], case.holder.name, held_ids[case])
        for case in cases
        if case.sought and case.held
    )
    files["gold.csv"] = _csv(GOLD, [dict(zip(GOLD, row, strict=True)) for row in gold])
    return files


def _numbered(cases: list[Case], prefix: str, rng: Random) -> dict[Case, str]:
    """Shuffle the cases of a list and number them, so that ids say nothing about pairs."""
    rng.shuffle(cases)
    return {case: f"{prefix}{number:05d}" for number, case in enumerate(cases, start=1)}


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _cases(recipe: Recipe, edge: Edge) -> list[Case]:
    rng = Random(f"{recipe.seed}/people/{edge.holder}/{edge.claimant}")
    holder, claimant = recipe.side(edge.holder), recipe.side(edge.claimant)
    groups = (
        (edge.pairs, True, True),
        (edge.sought_only, True, False),
        (edge.held_only, False, True),
    )
    kinds = [
        (*kind.partition("/")[::2], sought, held)
        for counts, sought, held in groups
        for kind, count in counts.items()
        for _ in range(count)
    ]
    rng.shuffle(kinds)
    people = invent_many(claimant.culture, [kind[0] for kind in kinds], rng)
    return [
        Case(person, _facts(recipe, holder, person, state or "living", rng), holder, claimant, *on)
        for person, (_, state, *on) in zip(people, kinds, strict=True)
    ]


def _facts(recipe: Recipe, holder: Side, person: Person, state: str, rng: Random) -> Facts:
    civilian = person.category == "civilian"
    culture = person.culture
    health = "" if state == "remains" else _health(recipe, civilian, rng)
    return Facts(
        rank={} if civilian else _rank(recipe, rng),
        unit="" if civilian else _unit(culture, rng),
        service_number="" if civilian else f"{rng.randrange(10**8):08d}",
        captured=_captured(recipe, rng),
        taken_in=_region(rng, fighting="yes") if recipe.regions and culture in ("uk", "ru") else {},
        born_in=_region(rng, culture=culture) if recipe.regions else {},
        health=health,
        site=_site(holder.sites, civilian, health == "seriously_wounded", rng),
        state=state,
        young=not civilian and person.born.year > recipe.captured[1].year - 25,
    )


def _rank(recipe: Recipe, rng: Random) -> Row:
    ranks = read_table("ranks")
    officers = rng.random() < recipe.officers
    among = [row for row in ranks if (row["officer"] == "yes") is officers]
    return rng.choices(among, [float(row["weight"]) for row in among])[0]


def _health(recipe: Recipe, civilian: bool, rng: Random) -> str:
    if not civilian and rng.random() < recipe.wounded:
        return "seriously_wounded"
    if civilian:
        return rng.choices(("good", "recovered", "sick"), (70, 10, 20))[0]
    return rng.choices([code for code, _ in _HEALTH], [share for _, share in _HEALTH])[0]


def _captured(recipe: Recipe, rng: Random) -> date:
    first, last = recipe.captured
    days = (last - first).days
    span = min(days, 90) if rng.random() < recipe.early else days
    return first + timedelta(rng.randrange(span + 1))


def _region(rng: Random, **wanted: str) -> Mapping[str, str]:
    rows = read_table("regions")
    known = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return rng.choice(known) if known else {}


def _unit(culture: str, rng: Random) -> str:
    if culture == "uk":
        return f"А{rng.randrange(1000, 4999)}"
    return f"{rng.randrange(10000, 99999)}"


def _site(sites: Sequence[Site], civilian: bool, wounded: bool, rng: Random) -> str:
    shares = [s.civilian if civilian else s.wounded if wounded else s.military for s in sites]
    return rng.choices([site.code for site in sites], shares)[0] if sum(shares) else ""


def _sought_row(recipe: Recipe, case: Case, number: str, rng: Random) -> Row:
    """As the person's own office writes it: from papers; the day of capture is often unsure."""
    facts, person, side = case.facts, case.person, case.claimant
    script = side.culture
    written = write_own(person, script, rng)
    lost = facts.captured + timedelta(rng.choice((0, 0, 0, 0, 1, -1, 3, -4)))
    row = _row(number, written, person, side.nationality, facts)
    row["rank"] = facts.rank.get("code" if recipe.rank_codes else script, "")
    row["service_number"] = facts.service_number if rng.random() < 0.9 else ""
    row["unit"] = _unit_as(facts.unit, script, rng) if rng.random() < 0.95 else ""
    row["birth_place"] = facts.born_in.get(script, "") if rng.random() < 0.9 else ""
    row["captured_on"] = str(lost)[: rng.choices((10, 7, 4, 0), (60, 22, 6, 12))[0]]
    row["captured_at"] = facts.taken_in.get(script, "") if rng.random() < 0.8 else ""
    row["tags"] = ";".join(_tags(case, rng, ("confirmed", 0.45), ("asked_before", 0.2)))
    row["notes"] = _note("sought", script, rng)
    return row


def _held_row(recipe: Recipe, case: Case, number: str, rng: Random) -> Row:
    """As the office that holds the person writes it: foreign names, own knowledge of custody."""
    facts, person, side = case.facts, case.person, case.holder
    script = rng.choices(list(side.writes), list(side.writes.values()))[0]
    written = write_foreign(person, script, rng)
    row = _row(number, written, person, case.claimant.nationality, facts)
    own = side.culture
    if recipe.rank_codes:
        row["rank"] = facts.rank.get("code", "")
    elif rng.random() < 0.85:
        row["rank"] = facts.rank.get(own, "")
    unit = facts.unit if rng.random() < 0.85 else _unit(person.culture, rng)
    row["unit"] = _unit_as(unit, own, rng) if facts.unit and rng.random() < 0.25 else ""
    row["service_number"] = facts.service_number if rng.random() < 0.06 else ""
    row["birth_place"] = facts.born_in.get(own, "") if rng.random() < 0.5 else ""
    row["captured_on"] = str(facts.captured)[: rng.choices((10, 7), (85, 15))[0]]
    row["captured_at"] = facts.taken_in.get(own, "") if rng.random() < 0.6 else ""
    row["held_at"] = facts.site
    row["health"] = facts.health
    row["tags"] = ";".join(_tags(case, rng, ("proceedings", 0.01)))
    row["notes"] = _note("held", own, rng)
    return row


def _row(number: str, written: Written, person: Person, nationality: str, facts: Facts) -> Row:
    row = dict.fromkeys(COLUMNS, "")
    row |= {"id": number, "surname": written.surname, "given_name": written.given}
    row |= {"patronymic": written.patronymic, "birth_date": written.born, "sex": person.sex}
    row |= {"nationality": nationality, "category": person.category, "state": facts.state}
    return row


def _unit_as(unit: str, script: str, rng: Random) -> str:
    if not unit:
        return ""
    if script in ("uk", "ru"):
        return rng.choice(("в/ч {}", "{}", "в/ч{}")).format(unit)
    return rng.choice(("unit {}", "{}")).format(unit.replace("А", "A"))


def _tags(case: Case, rng: Random, *chances: tuple[str, float]) -> list[str]:
    tags = [tag for tag, chance in chances if rng.random() < chance]
    return [*tags, "under_25"] if case.facts.young else tags


def _note(kind: str, script: str, rng: Random) -> str:
    if rng.random() >= 0.05:
        return ""
    return rng.choice([row[script] for row in read_table("notes") if row["list"] == kind])
