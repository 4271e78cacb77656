"""Whoever sits at an office's pages: in Chromium, or with a browser that runs no scripts.

Both find a form by a field it holds, so one story can be told by either.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Protocol

import lxml.html
from playwright.sync_api import Browser, Page

from tests.office_pages.visiting import PASSWORD, Answer, visitor

Fill = Mapping[str, str | tuple[str, bytes]]


class Seat(Protocol):
    """One officer at the pages of one office."""

    address: str

    def go(self, path: str) -> None:
        """Open a page of the office."""

    def here(self) -> str:
        """The path of the page that is open."""

    def text(self) -> str:
        """What the page says."""

    def has(self, name: str, value: str = "") -> bool:
        """Whether the page has a form with such a field or button."""

    def press(self, name: str, value: str = "", fill: Fill | None = None) -> None:
        """Fill in the form that holds such a field, and press its button, or the one named."""

    def links(self, beginning: str) -> list[str]:
        """Where the page's links lead that begin so, in order."""

    def problems(self) -> str:
        """The problems on the page; nothing where there are none."""

    def settle(self) -> None:
        """Wait until what is at work behind the page is over."""


class Plain:
    """A seat without scripts, and without a browser: what the server sends is all there is."""

    def __init__(self, address: str, name: str, language: str = "en") -> None:
        self.address = address
        self.visitor = visitor(address, name)
        self.go("/")
        if language != "en":
            self._submit(self.page.xpath('//form[@class="tongues"]')[0], {"language": language})

    def go(self, path: str) -> None:
        answer = self.visitor.get(path)
        assert answer.status == 200, f"{path}: {answer.text}"
        self._show(answer)

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        self.page = lxml.html.document_fromstring(answer.text)
        (self.main,) = self.page.xpath("//main")

    def here(self) -> str:
        return self.answer.url.removeprefix(self.address)

    def text(self) -> str:
        return str(self.main.text_content())

    def _fields(self, name: str, value: str) -> list[lxml.html.HtmlElement]:
        wanted = f'[@value="{value}"]' if value else ""
        return list(self.main.xpath(f'.//form//*[@name="{name}"]{wanted}'))

    def has(self, name: str, value: str = "") -> bool:
        return bool(self._fields(name, value))

    def press(self, name: str, value: str = "", fill: Fill | None = None) -> None:
        field = self._fields(name, value)[0]
        form = next(field.iterancestors("form"))
        button = field if field.tag == "button" else form.xpath(".//button")[0]
        pressed = {button.get("name"): button.get("value")} if button.get("name") else {}
        self._submit(form, {**pressed, **(fill or {})})

    def _submit(self, form: lxml.html.FormElement, fill: Fill) -> None:
        told = [pair for pair in form.form_values() if pair[0] not in fill]
        told += [(name, given) for name, given in fill.items() if isinstance(given, str)]
        files = {name: given for name, given in fill.items() if not isinstance(given, str)}
        self._show(self.visitor.post(form.get("action") or self.here(), told, files))

    def links(self, beginning: str) -> list[str]:
        return [str(path) for path in self.main.xpath(".//a/@href") if path.startswith(beginning)]

    def problems(self) -> str:
        found = self.main.xpath('.//*[@class="problems"]')
        return str(found[0].text_content()) if found else ""

    def settle(self) -> None:
        for _ in range(5000):
            if not self.main.xpath(".//progress"):
                return
            # as the page itself asks of a browser without scripts
            assert '<noscript><meta http-equiv="refresh"' in self.answer.text
            time.sleep(0.05)  # whoever asks without a breath keeps the work waiting
            self.go(self.here())
        raise AssertionError("what is at work never ended")


class InChromium:
    """A seat in a browser with scripts."""

    def __init__(self, browser: Browser, address: str, name: str, language: str = "en") -> None:
        size = {"width": 1440, "height": 900}
        self.page: Page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
        self.address = address
        self.go("/enter/")
        self.press("password", fill={"name": name, "password": PASSWORD})
        if language != "en":
            self.page.select_option("#language", language)
            with self.page.expect_navigation():
                self.page.click(".tongues button")

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {self.text()}"

    def here(self) -> str:
        return self.page.url.removeprefix(self.address)

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def has(self, name: str, value: str = "") -> bool:
        return self.page.locator(f"main form {_mark(name, value)}").count() > 0

    def press(self, name: str, value: str = "", fill: Fill | None = None) -> None:
        for field, given in (fill or {}).items():
            self._fill(field, given)
        mark = _mark(name, value)
        own = self.page.locator(f"main form button{mark}")
        form = self.page.locator(f"main form:has({mark}) button")
        with self.page.expect_navigation():
            (own if own.count() else form).first.click()

    def _fill(self, name: str, given: str | tuple[str, bytes]) -> None:
        if isinstance(given, tuple):
            file = {"name": given[0], "mimeType": "text/plain", "buffer": given[1]}
            self.page.set_input_files(f'main [name="{name}"]', file)  # type: ignore[arg-type]
        elif self.page.locator(f'main input[type=radio][name="{name}"]').count():
            self.page.check(f"main {_mark(name, given)}")
        else:
            self.page.fill(f'main [name="{name}"]', given)

    def links(self, beginning: str) -> list[str]:
        found = self.page.locator(f'main a[href^="{beginning}"]').all()
        return [str(link.get_attribute("href")) for link in found]

    def problems(self) -> str:
        found = self.page.locator("main .problems")
        return found.first.inner_text() if found.count() else ""

    def settle(self) -> None:
        self.page.wait_for_selector("main:not(:has(progress))", timeout=0)


def _mark(name: str, value: str) -> str:
    return f'[name="{name}"]' + (f'[value="{value}"]' if value else "")
