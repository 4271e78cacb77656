"""The example folders: whole, readable, true to the public counts, and possible to carry out."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from homeward.plan import Plan, PlanLine, certify, check, make_plan
from homeward.plan.resources import read_resources
from homeward.terms import Annex, Terms, read_annexes, read_terms

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("istanbul-2025", "three-rivers", "small-unequal")
MATCHED = 0.97  # of the true pairs, at the least, that a matcher and the officers find


def rows(path: str) -> list[dict[str, str]]:
    with (EXAMPLES / path).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def exchange(name: str) -> dict[str, Any]:
    read = yaml.safe_load((EXAMPLES / name / "exchange.yaml").read_text("utf-8"))
    assert isinstance(read, dict)
    return read


def agreed(name: str) -> tuple[Terms, tuple[Annex, ...]]:
    terms, problems = read_terms((EXAMPLES / name / "terms.yaml").read_bytes())
    assert not problems
    assert terms is not None
    sites = exchange(name)["resources"]["sites"]
    annexes, problems = read_annexes(
        (EXAMPLES / name / "stages.yaml").read_bytes(), terms, sites=sites
    )
    assert not problems
    return terms, annexes


def offered(name: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    """Held lines that are somebody's true pair, by (holder, seeker)."""
    held: dict[tuple[str, str], dict[str, str]] = {}
    for side in exchange(name)["sides"]:
        held |= {(side, row["id"]): row for row in rows(f"{name}/{side}/held.csv")}
    found = defaultdict(list)
    for pair in rows(f"{name}/gold.csv"):
        key = (pair["held_side"], pair["sought_side"])
        found[key].append(held[pair["held_side"], pair["held_id"]])
    return found


def category_of(terms: Terms, row: Mapping[str, str]) -> str | None:
    return terms.category_of({key: value for key, value in row.items() if value})


@pytest.mark.parametrize("name", NAMES)
def test_every_example_can_be_read_without_a_problem(name: str) -> None:
    terms, annexes = agreed(name)
    document = exchange(name)
    assert set(terms.sides) == set(document["sides"])
    assert set(terms.moves) == {tuple(move) for move in document["moves"]}
    assert [annex.stage for annex in annexes] == list(range(1, len(annexes) + 1))
    assert read_resources(document["resources"])[1] == ()
    sites = document["resources"]["sites"]
    for side in document["sides"]:
        own = {code for code, site in sites.items() if site["holder"] == side}
        assert {row["held_at"] for row in rows(f"{name}/{side}/held.csv")} <= own


def test_istanbul_has_the_public_counts() -> None:
    terms, annexes = agreed("istanbul-2025")
    assert {(o.sender, o.to, o.count) for o in terms.obligations} == {
        ("ukraine", "russia", 1000),
        ("russia", "ukraine", 1000),
    }
    assert terms.step == 30
    for sender in ("ukraine", "russia"):
        counts = [
            (
                annex.count(sender=sender, category="military"),
                annex.count(sender=sender, category="civilian"),
            )
            for annex in annexes
        ]
        assert counts == [(270, 120), (307, 0), (303, 0)]
    days = [annex.window[0].date().isoformat() for annex in annexes if annex.window]
    assert days == ["2025-05-23", "2025-05-24", "2025-05-25"]
    evenings = [annex.agreed_on.date().isoformat() for annex in annexes if annex.agreed_on]
    assert evenings == ["2025-05-22", "2025-05-23", "2025-05-24"]


def test_istanbul_offers_enough_people_of_each_category() -> None:
    for found in offered("istanbul-2025").values():
        categories = Counter(row["category"] for row in found)
        assert categories["civilian"] >= 180
        assert categories.total() - categories["civilian"] >= 1150
        health = Counter(row["health"] for row in found)
        assert 10 <= health["seriously_wounded"] <= 40


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_can_be_filled_from_the_open_sites_even_by_a_wasteful_plan(name: str) -> None:
    """Stage after stage, small groups first, from the largest sites: the rest must be enough."""
    terms, annexes = agreed(name)
    resources = exchange(name)["resources"]
    for (holder, seeker), found in offered(name).items():
        left: dict[str, Counter[str]] = defaultdict(Counter)
        for row in found:
            left[category_of(terms, row) or "nobody"][row["held_at"]] += 1
        for counts in left.values():
            for site in counts:
                counts[site] = int(counts[site] * MATCHED)
        for annex in annexes:
            seats = {
                code: site["seats"]
                for code, site in resources["sites"].items()
                if site["holder"] == holder
                and (not annex.sites or code in annex.sites)
                and annex.stage not in site.get("closed", ())
            }
            sizes = [s for s in annex.sizes if (s.sender, s.to) == (holder, seeker)]
            for size in sorted(sizes, key=lambda size: size.count):
                found_now = take(left[size.category or ""], seats, size.count)
                assert found_now == size.count, (annex.stage, size)


def take(left: Counter[str], seats: dict[str, int], wanted: int) -> int:
    taken = 0
    for site in sorted(seats, key=lambda code: -seats[code]):
        count = min(left[site], seats[site], wanted - taken)
        left[site] -= count
        seats[site] -= count
        taken += count
    return taken


def test_the_ring_has_nobody_who_receives_from_the_side_it_gives_to() -> None:
    terms, annexes = agreed("three-rivers")
    assert len(terms.sides) == 3
    assert not set(terms.moves) & {(to, sender) for sender, to in terms.moves}
    assert len(exchange("three-rivers")["neutrals"]) == 2
    assert len(annexes) == 3
    states = {row["state"] for found in offered("three-rivers").values() for row in found}
    assert states == {"living", "remains"}
    for sender, to in terms.moves:
        moved = sum(annex.count(sender=sender, to=to) for annex in annexes)
        assert 60 <= moved <= 90


def test_the_ring_tells_everybody_apart_by_the_agreed_ranks() -> None:
    terms, _ = agreed("three-rivers")
    for found in offered("three-rivers").values():
        assert all(category_of(terms, row) for row in found)
        assert all(terms.value_of(row) >= 1 for row in found)
        assert {terms.value_of(row) for row in found} >= {1, 2, 4}


def test_the_small_exchange_is_unequal_without_a_neutral_and_in_december() -> None:
    terms, annexes = agreed("small-unequal")
    assert exchange("small-unequal")["neutrals"] == {}
    given = {
        sender: sum(annex.count(sender=sender) for annex in annexes) for sender, _ in terms.moves
    }
    assert given == {"marsad": 60, "polovar": 20}
    assert [o.quantity.unit for o in terms.obligations if o.state == "asset"] == ["deposit"]
    windows = [annex.window for annex in annexes if annex.window]
    assert [window[0].month for window in windows] == [12, 12]
    offsets = [str(window[0].utcoffset()) for window in windows]
    assert offsets == ["2:00:00", "3:00:00"]


def test_no_name_of_a_person_stands_in_an_examples_yaml() -> None:
    for name in NAMES:
        texts = "".join(path.read_text("utf-8") for path in (EXAMPLES / name).glob("*.yaml"))
        gold = rows(f"{name}/gold.csv")
        sought = {row["id"]: row for row in rows(f"{name}/{gold[0]['sought_side']}/sought.csv")}
        for row in sought.values():
            assert f"{row['surname']} {row['given_name']}" not in texts


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_has_a_plan_that_keeps_terms_and_seats(name: str) -> None:
    terms, annexes = agreed(name)
    resources, _ = read_resources(exchange(name)["resources"])
    left = tuple(
        PlanLine(
            handle=f"{holder}-{row['id']}",
            holder=holder,
            claimant=seeker,
            category=category_of(terms, row) or "",
            state=row["state"],
            medical=2 if row["health"] == "seriously_wounded" else 0,
            held_since=row["captured_on"][:7],
            site=row["held_at"],
            seats=2 if row["health"] == "seriously_wounded" else 1,
        )
        for (holder, seeker), found in offered(name).items()
        for row in found
    )
    first = 1
    for annex in annexes:
        plan = make_plan(terms, [annex], left, resources, seed=1, first_step=first)
        assert isinstance(plan, Plan)
        assert not check(plan, terms, [annex], left, resources, first_step=first)
        assert not certify(plan, terms, [annex], left, resources)
        assert all(lead <= (terms.step or 0) for lead in plan.largest_lead.values())
        gone = {row.handle for row in plan.rows}
        left = tuple(line for line in left if line.handle not in gone)
        first = max(row.step for row in plan.rows) + 1
    steps = {"istanbul-2025": 35, "three-rivers": 14, "small-unequal": 6}
    assert first - 1 == steps[name]
