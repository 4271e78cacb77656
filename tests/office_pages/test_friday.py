"""The Friday through the pages of three offices; then every page looked over, both ways round."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE, axe_violations, chromium
from tests.office_pages.friday import House, whole_friday
from tests.office_pages.sitting import InChromium
from tests.office_pages.visiting import make_office, open_pages, visitor

pytestmark = [pytest.mark.browser, pytest.mark.soak]  # minutes a language
NAMES = ("north", "south", "observer")


@pytest.fixture(scope="module", params=["en", "ar"], ids=["english", "arabic"])
def friday(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Browser, list[House], int]]:
    """Three offices that have played the whole exchange in one language."""
    root = tmp_path_factory.mktemp(f"friday-{request.param}")
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        houses = []
        for name in NAMES:
            folder = make_office(root, name, "neutral" if name == "observer" else "side")
            address = stack.enter_context(open_pages(folder))
            first, second = (
                InChromium(browser, address, who, request.param) for who in ("first", "second")
            )
            houses.append(House(name, first, second))
        yield request.param, browser, houses, whole_friday(houses)


def test_everyone_is_signed_for_by_both_at_every_office(
    friday: tuple[str, Browser, list[House], int],
):
    language, _, houses, signed = friday
    assert signed >= 2 * 2 * 5
    for house in houses:
        house.first.go("/")
        page = house.first.page
        assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        rows = page.locator("main table").first.locator("tbody tr").all()
        counted = [[cell.inner_text() for cell in row.locator("td.number").all()] for row in rows]
        assert counted == [["4", "4", "0"]] * 2, house.name


def test_a_pair_is_settled_by_the_keyboard_alone(
    friday: tuple[str, Browser, list[House], int],
):
    _, _, houses, _ = friday
    seat = houses[0].first
    seat.go("/matching/")
    looked_at = seat.links("/matching/")
    if looked_at:
        seat.go(looked_at[0])
        with seat.page.expect_navigation():
            seat.page.keyboard.press("d")
        assert not seat.problems()


def every_page(address: str) -> list[str]:
    """One of each kind of page that an officer can reach from the overview."""
    officer = visitor(address)
    found: dict[str, str] = {}
    waiting = ["/", "/people/export/", "/terms/meet/"]
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"[0-9a-f]{32,}|\d+", "*", path)
        if kind in found:
            continue
        answer = officer.get(path)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue  # a file to be kept
        found[kind] = path
        waiting += re.findall(r'<a [^>]*href="(/[^"#?]*)"', answer.text)
    return sorted(found.values())


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_page_is_without_fault_for_readers_of_any_kind(
    friday: tuple[str, Browser, list[House], int], width: int
):
    _, _, houses, _ = friday
    seat = houses[0].first
    seat.page.set_viewport_size({"width": width, "height": 900})
    pages = every_page(seat.address)
    assert len(pages) >= 21, pages
    wrong: dict[str, list[str]] = {}
    for path in pages:
        seat.go(path)
        found = axe_violations(seat.page)
        wide = seat.page.evaluate("document.documentElement.scrollWidth") - width
        found += [f"wider than the window by {wide}"] if wide > 0 else []
        if found:
            wrong[path] = found
    assert wrong == {}


def test_a_persons_page_and_a_pair_are_without_fault_and_carry_no_name_in_address_or_title(
    friday: tuple[str, Browser, list[House], int],
):
    _, _, houses, _ = friday
    seat = houses[0].first
    seat.go("/people/")
    seat.page.fill("#query", "tkachenko")
    seat.page.locator("form[role=search] button").click()
    seat.page.wait_for_selector("#found table a")
    assert seat.page.url.endswith("/people/")
    with seat.page.expect_navigation():
        seat.page.locator("#found table a").first.click()
    assert axe_violations(seat.page) == []
    assert seat.page.title() == "Homeward"
    assert seat.page.locator("main table").count() >= 2


def test_the_entrance_is_without_fault_for_a_stranger(
    friday: tuple[str, Browser, list[House], int],
):
    _, browser, houses, _ = friday
    page = browser.new_context().new_page()
    for path in ("/enter/", "/enter/token/"):
        page.goto(houses[0].first.address + path)
        assert axe_violations(page) == []


def test_a_page_works_without_scripts(friday: tuple[str, Browser, list[House], int]):
    _, browser, houses, _ = friday
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(houses[0].first.address + "/enter/")
    page.fill("#name", "first")
    page.fill("#password", "nobody-here-is-real")
    page.locator("main form button").click()
    page.goto(houses[0].first.address + "/people/")
    page.fill("#query", "Левченко")
    page.locator("form[role=search] button").click()
    assert page.locator("#found table tbody tr").count() == 1


def test_what_the_offices_wrote_down_beside_their_databases_names_nobody(
    friday: tuple[str, Browser, list[House], int], tmp_path_factory: pytest.TempPathFactory
):
    language, *_ = friday
    for root in tmp_path_factory.getbasetemp().glob(f"friday-{language}*"):
        assert not list(root.rglob("faults.log"))
        for path in root.rglob("*"):
            inside = path.is_file() and path.parent.name not in ("papers",)
            if inside and not path.name.startswith("office.db"):
                data = path.read_bytes()
                assert "Ткаченко".encode() not in data, path.name
                assert b"Tkachenko" not in data, path.name
    assert Path(__file__).is_file()


class Untranslated(HTMLParser):
    """Collects letters that stand outside the marks of the pseudo-language."""

    DATA = ("bdi", "code", "time", "script", "style", "svg", "pre", "textarea", "kbd")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name for name, _ in attrs} & {"lang", "dir"} and tag != "html"
        if tag not in ("meta", "link", "input", "br"):
            self.open.append((tag, bool(told) or tag in self.DATA))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What is closed at once, as most of a figure is, holds no words."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        left = re.sub(r"⟦.*?⟧", "", data, flags=re.DOTALL)
        if re.search(r"[^\W\d_]", left) and not any(data for _, data in self.open):
            self.found.append(left.strip())


def test_no_page_shows_a_word_that_was_never_given_to_the_translators(
    friday: tuple[str, Browser, list[House], int],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
):
    language, _, houses, _ = friday
    pages = every_page(houses[0].first.address)
    folder = tmp_path_factory.getbasetemp() / f"friday-{language}0" / "north"
    shutil.copytree(folder, tmp_path / "north")
    with open_pages(tmp_path / "north", environment={"HOMEWARD_PSEUDO": "1"}) as address:
        officer = visitor(address)
        wrong = {}
        for path in pages:
            reader = Untranslated()
            reader.feed(officer.get(path).text)
            if reader.found:
                wrong[path] = reader.found
        assert wrong == {}
