"""The whole Friday through the pages of three offices, without a script, on either database."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.office.databases import POSTGRESQL
from tests.office_pages.friday import House, whole_friday
from tests.office_pages.sitting import Plain
from tests.office_pages.visiting import make_office, open_pages
from tests.postgres import fresh_database

NAMES = ("north", "south", "observer")


# On SQLite a browser plays it too, in the long tests, to which this one then goes.
ON_EITHER = [
    pytest.param(("sqlite", "en"), marks=pytest.mark.soak),
    pytest.param(("postgresql", "ar")),
]


@pytest.fixture(scope="module", params=ON_EITHER[POSTGRESQL:], ids="-".join)
def friday(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[list[House], int]]:
    """Three offices that have played the whole exchange, each with a database of its own."""
    engine, language = request.param
    root = tmp_path_factory.mktemp(f"story-{engine}")
    with ExitStack() as stack:
        server = request.getfixturevalue("server") if engine == "postgresql" else None
        houses = []
        for name in NAMES:
            folder = make_office(root, name, "neutral" if name == "observer" else "side")
            where = {"DATABASE_URL": fresh_database(server, f"story-{name}")} if server else {}
            address = stack.enter_context(open_pages(folder, environment=where))
            first, second = (Plain(address, who, language) for who in ("first", "second"))
            houses.append(House(name, first, second))
        yield houses, whole_friday(houses)


def test_everyone_is_signed_for_by_both_and_every_office_says_so(friday: tuple[list[House], int]):
    houses, signed = friday
    assert signed >= 2 * 2 * 5
    for house in houses:
        house.first.go("/")
        assert isinstance(house.first, Plain)
        owed = house.first.main.xpath(".//table")[0].xpath(".//tbody/tr")
        counted = [[cell.text for cell in row.xpath('./td[@class="number"]')] for row in owed]
        assert counted == [["4", "4", "0"]] * 2, house.name


def test_every_office_verifies_the_same_record(friday: tuple[list[House], int]):
    houses, _ = friday
    found = []
    for house in houses:
        assert house.act("/record/", "once")
        assert house.first.here() == "/record/verify/"
        assert isinstance(house.first, Plain)
        rows = house.first.main.xpath(".//table//tbody/tr")
        found.append(sorted(re.sub(r"\s+", " ", str(row.text_content())) for row in rows))
    assert len(found[0]) == 3
    assert found[0] == found[1] == found[2]


def test_no_word_at_the_line_stands_against_another(friday: tuple[list[House], int]):
    for house in friday[0]:
        house.first.go("/crossing/")
        assert isinstance(house.first, Plain)
        assert not house.first.main.xpath('.//*[@class="misfit"]')


def test_what_was_promised_is_kept_by_the_record_and_said_so_to_the_public(
    friday: tuple[list[House], int],
):
    for house in friday[0]:
        assert isinstance(house.first, Plain)
        told = json.loads(house.first.visitor.get("/promises/public/").text)
        stands = [(row["state"], row["done"], row["of"]) for row in told["commitments"]]
        assert stands == [("kept", 4, 4)] * 2


def test_a_text_to_publish_may_say_what_both_have_signed(friday: tuple[list[House], int]):
    seat = friday[0][0].first
    seat.go("/claims/draft/")
    text = "North and South exchanged 4 prisoners of war each today."
    seat.press("word", "check", {"text": text})
    assert isinstance(seat, Plain)
    assert seat.main.xpath('.//form//input[@name="text"]'), seat.text()
    assert not seat.problems()
