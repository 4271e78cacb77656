"""Debian's Chromium, opened without any service that speaks to a network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 390, 1440


@contextmanager
def browser_page(width: int) -> Iterator[Page]:
    """A fresh page of the given width in CSS pixels; the test is skipped without Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine; `make test` installs it where it may")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            yield browser.new_page(viewport={"width": width, "height": 900})
        finally:
            browser.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser itself, for tests in which several people sit at pages of their own."""
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("no chromium on this machine; `make test` installs it where it may")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


AXE = Path(__file__).parent / "vendor" / "axe.min.js"


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is shown now: rule, help and first place."""
    # by the debugger's door: the page's own policy lets no script in, and stays as it is
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']} at {one['nodes'][0]['target']}" for one in found["violations"]
    ]
