"""A whole exchange through the pages of three offices: two officers each, a courier on foot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page

from tests.office_pages.visiting import (
    PASSWORD,
    STAGE,
    TERMS,
    Visitor,
    held_list,
    sought_list,
    visitor,
)

# words travel in the first round, and that they were seen in the second
ROUNDS = 2


@dataclass
class Seat:
    """One officer at the pages of one office."""

    page: Page
    address: str

    def go(self, path: str) -> None:
        """Open a page of the office."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {self.page.locator('main').inner_text()}"

    def press(self, form: str) -> None:
        """Press the button of the form that holds such a field."""
        with self.page.expect_navigation():
            self.page.locator(f"main form:has({form}) button").first.click()

    def has(self, form: str) -> bool:
        """Whether the page has a form with such a field."""
        return self.page.locator(f"main form:has({form})").count() > 0


def sit(browser: Browser, address: str, name: str, language: str) -> Seat:
    """Enter an office by its own entrance, and choose the language."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    seat = Seat(page, address)
    seat.go("/enter/")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    seat.press("#password")
    if language != "en":
        page.select_option("#language", language)
        with page.expect_navigation():
            page.click(".tongues button")
    return seat


@dataclass
class House:
    """One party's office with its two officers, and whoever carries its packages.

    The first package goes out and in by the browser; after that a courier fills in the same
    forms without one, for there are hundreds of them.
    """

    name: str
    first: Seat
    second: Seat
    carried: set[str] = field(default_factory=set)
    courier: Visitor | None = None
    taken: bool = False

    def confirm(self) -> None:
        """The second officer confirms everything that waits."""
        self.second.go("/waiting/")
        links = self.second.page.locator("main ul.cards a").all()
        for path in [link.get_attribute("href") for link in links]:
            self.second.go(str(path))
            self.second.press("input[value=confirm]")
            assert self.second.page.locator(".problems").count() == 0, self.second.page.content()

    def act(self, path: str, form: str) -> bool:
        """Press a button where the page offers it; returns whether it did."""
        self.first.go(path)
        if not self.first.has(form):
            return False
        self.first.press(form)
        problems = self.first.page.locator(".problems")
        assert problems.count() == 0, problems.first.inner_text()
        return True

    def sign(self, path: str) -> bool:
        """Press the one act that a step's page offers as due; returns whether there was one."""
        self.first.go(path)
        due = self.first.page.locator("main section.act form button")
        if not due.count():
            return False
        with self.first.page.expect_navigation():
            due.first.click()
        problems = self.first.page.locator(".problems")
        assert problems.count() == 0, problems.first.inner_text()
        return True

    def send(self) -> list[tuple[str, bytes]]:
        """Write packages and take the new ones from the outbox."""
        if self.courier is None:
            self.act("/record/", "input[name=verb][value=send]")
            names = self.first.page.locator('a[href^="/record/out/"]').all_inner_texts()
            self.courier = visitor(self.first.address)
        else:
            page = self.courier.send("/record/", {"verb": "send"})
            names = re.findall(r'href="/record/out/([^"]+)"', page.text)
        fresh = [name.strip() for name in names if name.strip() not in self.carried]
        self.carried |= set(fresh)
        return [(name, self.courier.get(f"/record/out/{name}").data) for name in fresh]

    def take(self, packages: Sequence[tuple[str, bytes]]) -> None:
        """Hand the packages in that came."""
        if not packages:
            return
        if self.taken and self.courier is not None:
            page = self.courier.get("/record/")
            answer = self.courier.send("/record/in/", {}, {"package": packages}, page=page)
            assert 'class="problems"' not in answer.text, answer.text
            return
        self.taken = True
        self.first.go("/record/")
        files = [
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
            for name, data in packages
        ]
        self.first.page.set_input_files("#package", files)  # type: ignore[arg-type]
        self.first.press("#package")
        problems = self.first.page.locator(".problems")
        assert problems.count() == 0, problems.first.inner_text()


def carry(houses: Sequence[House], rounds: int = ROUNDS) -> None:
    """Carry every package, some rounds long or until nobody has anything to say."""
    for _ in range(rounds):
        waiting = [(house.name, *each) for house in houses for each in house.send()]
        if not waiting:
            return
        for house in houses:
            house.take([(n, d) for _, n, d in waiting if n.split(".")[1] == house.name])


def meet(houses: Sequence[House]) -> None:
    """Cards are handed over, and every office opens the exchange on the same text."""
    cards = {}
    for house in houses:
        request = house.first.page.request
        cards[house.name] = request.get(f"{house.first.address}/terms/card/").text()
    for house in houses:
        house.first.go("/terms/meet/")
        others = "".join(card for name, card in cards.items() if name != house.name)
        house.first.page.fill("#cards", others)
        house.first.page.fill("#text", TERMS)
        house.first.press("#cards")
        house.confirm()
    carry(houses)


def agree(houses: Sequence[House], proposer: House, path: str) -> None:
    """Whatever stands at ``path`` is signed by the other sides and made final by its proposer."""
    carry(houses)
    for house in houses[:2]:
        if house is not proposer:
            assert house.act(path, "input[value=accept]")
            house.confirm()
    carry(houses)
    assert proposer.act(path, "input[value=finalise]")
    proposer.confirm()
    carry(houses)


def propose(house: House, kind: str, text: str) -> str:
    """Put a text on the table; returns where it stands."""
    house.first.go(f"/terms/{kind}/")
    house.first.page.fill("#text", text)
    house.first.press("#text")
    assert house.first.page.locator(".problems").count() == 0, house.first.page.content()
    return house.first.page.url.removeprefix(house.first.address)


def import_lists(house: House) -> None:
    """Both lists, each by its three steps."""
    for which, text in (("held", held_list(house.name)), ("sought", sought_list(house.name))):
        page = house.first.page
        house.first.go("/people/import/")
        page.check(f"input[name=which][value={which}]")
        file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.set_input_files("#file", file)  # type: ignore[arg-type]
        house.first.press("#file")
        house.first.press("#column-0")
        page.wait_for_selector("table")
        with page.expect_navigation():
            page.locator("main form button").first.click()
        page.wait_for_selector('a.button[href="/people/"]')


def review(house: House) -> None:
    """Both officers give their word on every pair that is left, by the keyboard."""
    house.act("/matching/", "button")
    house.first.page.wait_for_selector("main:not(:has(progress))")
    for seat in (house.first, house.second):
        for _ in range(20):
            seat.go("/matching/")
            following = seat.page.locator("main a.button")
            if not following.count():
                break
            following.first.click()
            seat.page.wait_for_selector("button[data-key=s]")
            with seat.page.expect_navigation():
                seat.page.keyboard.press("s")


def compare_lists(houses: Sequence[House], sides: Sequence[House]) -> None:
    """Lists in, shown, compared, decided, answered, accepted; wishes sealed."""
    for house in sides:
        import_lists(house)
        assert house.act("/lists/", "input[value=submit-lists]")
    carry(houses)
    for house in sides:
        review(house)
        assert house.act("/lists/", "input[value=reply]")
    carry(houses)
    for house in sides:
        assert house.act("/lists/", "input[value=accept-replies]")
        assert house.act("/fitness/", "input[value=seal]")
    carry(houses)


def plan(houses: Sequence[House], sides: Sequence[House]) -> None:
    """The proposer plans, the other side checks and proves, sheets are frozen and held."""
    proposer = sides[0]
    assert proposer.act("/plan/", "input[value=make-plan]")
    path = proposer.first.page.locator('a[href^="/plan/"]:has(code)').get_attribute("href")
    agree(houses, proposer, str(path))
    assert proposer.act("/plan/", "input[value=make-sheets]")
    carry(houses)
    for house in sides:
        assert house.act("/plan/", "input[value=hold-sheets]")
    carry(houses)


def cross(houses: Sequence[House], sides: Sequence[House]) -> int:
    """Every act at the line as the desk offers it, until no step is open; how many were signed."""
    signed = 0
    for _ in range(60):
        before = signed
        for house in sides:
            house.first.go("/crossing/")
            go = house.first.page.locator('a.button[href^="/crossing/"]')
            if not go.count():
                continue
            path = str(go.get_attribute("href"))
            while house.sign(path):
                signed += 1
        carry(houses)
        if signed == before:
            return signed
    raise AssertionError("the crossing never ended")


def bring_home(houses: Sequence[House], sides: Sequence[House]) -> None:
    """The stage is closed, everyone is in safety, and confirmed home beside the count."""
    for verb in ("close-stage", "in-safety", "home"):
        for house in sides:
            assert house.act("/crossing/", f"input[name=verb][value={verb}]")
        carry(houses)


def whole_friday(houses: Sequence[House]) -> int:
    """From cards to home; returns the acts signed at the line."""
    sides = houses[:2]
    meet(houses)
    agree(houses, sides[0], propose(sides[0], "propose", TERMS))
    compare_lists(houses, sides)
    agree(houses, sides[0], propose(sides[0], "propose-stage", STAGE))
    plan(houses, sides)
    signed = cross(houses, sides)
    bring_home(houses, sides)
    carry(houses, 2 * ROUNDS)
    return signed


def numbers(text: str) -> list[int]:
    """The whole numbers in a text."""
    return [int(found) for found in re.findall(r"\d+", text)]
