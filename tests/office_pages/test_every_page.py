"""Every page of an office in the middle of its work, looked over: for readers of any kind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import DESK, PHONE, axe_violations, chromium
from tests.office.databases import rows_of
from tests.office.offices import Office
from tests.office_pages.sitting import InChromium
from tests.office_pages.test_friday import Untranslated, every_page
from tests.office_pages.visiting import HEADER, Visitor, open_pages, visitor

HEAVIEST = 150_000
# a row without an id, and a date that is none: the check has something to show
DAMAGED = HEADER + ",Ткаченко,Микола,,1990-04-11,m,prisoner_of_war\nN-H2,Левченко,,,31-31-1,m,x\n"


@pytest.fixture(scope="module")
def folder(line: list[Office], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of north's folder in which something waits, something is doubted, something fails."""
    copy = tmp_path_factory.mktemp("every") / "north"
    shutil.copytree(line[0].folder, copy)
    with open_pages(copy) as address:
        officer = visitor(address)
        officer.get("/people/")  # search learns of the lists
        officer.send("/crossing/", {"verb": "suspend"})
        officer.send("/crossing/", {"verb": "resume"})
        given = {"which": "held"}
        columns = officer.send("/people/import/", given, {"file": ("list.csv", DAMAGED.encode())})
        chosen = dict(enumerate(HEADER.strip().split(",")))
        told = {f"column-{place}": column for place, column in chosen.items()}
        officer.send(columns.url.removeprefix(address), told, page=columns)
    return copy


def keeper(folder: Path, address: str) -> Visitor:
    """Whoever keeps the folder: the only one who sees the administration."""
    one = Visitor(address)
    one.send("/enter/token/", {"token": (folder / "officer.token").read_text(encoding="ascii")})
    return one


@pytest.fixture(scope="module")
def names(folder: Path) -> list[str]:
    """Everyone whom this office knows, as its lists write them."""
    found = [name for (name,) in rows_of(folder, "SELECT shown FROM office_person")]
    assert len(found) >= 8
    return found


def paths_of(address: str, name: str) -> list[str]:
    """Every page that links lead to, and those that only a form or a search leads to."""
    officer = visitor(address)
    searched = officer.send("/people/", {"query": name, "which": ""})
    person = re.search(r'href="(/people/\d+/)"', searched.text)
    assert person
    more = ["/people/import/1/columns/", "/people/import/1/check/", person[1]]
    found = sorted({*every_page(address), *more})
    return [path for path in found if "Content-Disposition" not in officer.get(path).headers]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all of this."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[str]:
    """The copy, open."""
    with open_pages(folder) as address:
        yield address


@pytest.fixture(scope="module")
def paths(served: str, names: list[str]) -> list[str]:
    """One address of each kind of page that a head of the office can open."""
    found = paths_of(served, names[0])
    assert len(found) >= 27, found
    return found


@pytest.mark.browser
@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("ar", PHONE)])
def test_no_page_has_a_fault_that_axe_finds_or_is_wider_than_its_window(
    served: str, browser: Browser, paths: list[str], folder: Path, language: str, width: int
):
    seat = InChromium(browser, served, "first", language)
    seat.page.set_viewport_size({"width": width, "height": 900})
    wrong = {}
    for path in paths:
        seat.go(path)
        wrong[path] = faults(seat, width)
    seat.page.goto(f"{served}/people/999999/")
    wrong["a refusal"] = faults(seat, width)
    token = (folder / "officer.token").read_text(encoding="ascii")
    seat.go("/enter/token/")
    wrong["the entrance of the keeper"] = faults(seat, width)
    seat.page.fill("#token", token)
    with seat.page.expect_navigation():
        seat.page.locator("main form button").click()
    wrong["the administration"] = faults(seat, width)
    seat.page.fill("#name", f"anna-{language}")
    with seat.page.expect_navigation():
        seat.page.locator("main form:has(#name) button").click()
    wrong["an account made"] = faults(seat, width)
    seat.go("/administration/1/")
    wrong["an account"] = faults(seat, width)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.browser
@pytest.mark.parametrize("language", ["he", "uk", "ru"])
def test_no_word_of_any_language_is_too_long_for_a_phone(
    served: str, browser: Browser, paths: list[str], language: str
):
    seat = InChromium(browser, served, "first", language)
    seat.page.set_viewport_size({"width": PHONE, "height": 844})
    wrong = {}
    for path in paths:
        seat.go(path)
        wrong[path] = seat.page.evaluate(OVERLAPPING)
    assert {path: found for path, found in wrong.items() if found} == {}


# What stands beyond the window, and labels of a row that reach into its value.
OVERLAPPING = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const found = wide > 0 ? ["wider by " + wide] : [];
  for (const cell of document.querySelectorAll("table.stack td[data-label]:not(.empty)")) {
    const label = getComputedStyle(cell, "::before");
    const room = parseFloat(getComputedStyle(cell).paddingInlineStart);
    if (cell.offsetParent && parseFloat(label.width) > room) found.push(cell.dataset.label);
  }
  return found;
}"""


@pytest.mark.browser
def test_the_room_that_stands_open_is_in_sight_on_a_phone(served: str, browser: Browser):
    seat = InChromium(browser, served, "first", "ar")
    seat.page.set_viewport_size({"width": PHONE, "height": 844})
    for path in ("/", "/accesses/"):
        seat.go(path)
        box = seat.page.locator(".doors [aria-current]").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE
        assert seat.page.evaluate("scrollY") == 0


@pytest.mark.browser
def test_a_decision_on_a_pair_is_in_sight_while_its_lines_are_read(
    served: str, browser: Browser, paths: list[str]
):
    pair = [path for path in paths if re.fullmatch(r"/matching/\d+/", path)]
    if not pair:
        pytest.skip("the matcher was certain of every pair")
    seat = InChromium(browser, served, "first")
    seat.page.set_viewport_size({"width": PHONE, "height": 600})
    seat.go(pair[0])
    button = seat.page.locator(".decide button").first.bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 600
    said = seat.page.locator("main").inner_text()
    assert said.index("Both lines") < said.index("Your word counts") < said.index("Two persons\n")


def faults(seat: InChromium, width: int) -> list[str]:
    """What axe-core finds, and by how much the page is too wide."""
    wide = seat.page.evaluate("document.documentElement.scrollWidth") - width
    return axe_violations(seat.page) + ([f"wider by {wide}"] if wide > 0 else [])


@pytest.mark.browser
def test_no_page_weighs_more_than_a_poor_line_carries(served: str, paths: list[str]):
    officer = visitor(served)
    weights = {path: len(officer.get(path).data) for path in paths}
    assert {path: weight for path, weight in weights.items() if weight > HEAVIEST} == {}


@pytest.mark.browser
def test_every_page_is_whole_without_scripts(served: str, browser: Browser, paths: list[str]):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{served}/enter/")
    page.fill("#name", "first")
    page.fill("#password", "nobody-here-is-real")
    page.locator("main form button").click()
    for path in paths:
        page.goto(served + path)
        assert page.locator("h1").is_visible(), path
        for form in page.locator("main form").all():
            own = page.locator(f'button[form="{form.get_attribute("id")}"]')
            assert form.locator("button").count() + own.count(), path


@pytest.mark.browser
def test_a_printed_page_is_its_text_without_doors_and_buttons(
    served: str, browser: Browser, paths: list[str]
):
    seat = InChromium(browser, served, "first")
    seat.page.emulate_media(media="print")
    seat.page.set_viewport_size({"width": 720, "height": 1000})  # a sheet of A4 between margins
    for path in paths:
        seat.go(path)
        for gone in (".doors", ".top form", "main form button"):
            shown = [one.inner_text() for one in seat.page.locator(gone).all() if one.is_visible()]
            assert shown == [], path
        assert seat.page.locator("h1").is_visible(), path
        assert seat.page.evaluate("document.documentElement.scrollWidth") <= 720, path


@pytest.mark.browser
def test_no_page_shows_a_word_that_was_never_given_to_the_translators(
    folder: Path, paths: list[str], names: list[str], tmp_path: Path
):
    wrong = {}
    copy = tmp_path / "north"  # the folder itself is open
    shutil.copytree(folder, copy)
    with open_pages(copy, rehearsed=False, environment={"HOMEWARD_PSEUDO": "1"}) as address:
        officer = visitor(address)
        other = keeper(copy, address)
        texts = {path: officer.get(path).text for path in paths}
        given = {"name": "boris", "role": "auditor", "officer": ""}
        texts["made"] = other.send("/administration/", given).text
        for path in ("/administration/", "/administration/1/", "/enter/", "/enter/token/"):
            texts[path] = other.get(path).text
        texts["refusal"] = officer.get("/people/999999/").text
        texts["found"] = officer.send("/people/", {"query": names[0], "which": ""}).text
    for path, text in texts.items():
        reader = Untranslated()
        reader.feed(text)
        wrong[path] = reader.found
    assert {path: found for path, found in wrong.items() if found} == {}


class Bare(Untranslated):
    """Collects names that stand in the line without being isolated from it."""

    DATA = ("bdi", "option", "textarea", "pre", "title")

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names

    def handle_data(self, data: str) -> None:
        if any(name in data for name in self.names) and not any(told for _, told in self.open):
            self.found.append(data.strip())


@pytest.mark.browser
def test_no_persons_name_stands_bare_in_a_line(served: str, paths: list[str], names: list[str]):
    officer = visitor(served)
    texts = {path: officer.get(path).text for path in paths}
    texts["found"] = officer.send("/people/", {"query": names[0], "which": ""}).text
    for path, text in texts.items():
        reader = Bare(names)
        reader.feed(text)
        assert reader.found == [], path
    assert sum(any(name in text for name in names) for text in texts.values()) >= 4


def test_whose_turn_it_is_at_the_line_is_known_before_anybody_has_looked_there(
    line: list[Office], tmp_path: Path
):
    copy = tmp_path / "north"
    shutil.copytree(line[0].folder, copy)
    with open_pages(copy) as address:
        visitor(address).send("/plan/", {"verb": "hold-sheets", "stage": "1"})
    with open_pages(copy) as address:
        assert "act at the line in step 1" in visitor(address).get("/").text


def test_a_stage_is_not_offered_for_closing_while_a_step_of_it_is_open(
    line: list[Office], tmp_path: Path
):
    copy = tmp_path / "north"
    shutil.copytree(line[0].folder, copy)
    with open_pages(copy) as address:
        officer = visitor(address)
        officer.send("/plan/", {"verb": "hold-sheets", "stage": "1"})
        desk = officer.get("/crossing/").text
    assert "Step 1 is open" in desk
    assert 'value="close-stage"' not in desk
