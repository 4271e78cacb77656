"""The words of a web page, one block a line, and when the page says that it was published.

Which blocks are the report and which are menus, notices and other reports is told by trafilatura.
It is handed the page and fetches nothing.
"""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser

from homeward.dates import parse_instant

_LOOKS_LIKE_HTML = re.compile(r"<(?:!doctype|html|body|p|div|article|h1|br)\b", re.IGNORECASE)
_WHOLE_PAGE = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
_SILENT = frozenset(
    {"script", "style", "nav", "aside", "footer", "noscript", "template", "svg", "button"}
)
_BLOCKS = frozenset(
    {"p", "div", "article", "section", "header", "h1", "h2", "h3", "h4", "li", "ul", "ol", "br"}
    | {"blockquote", "figcaption", "figure", "main", "table", "tr", "td", "title", "body"}
)
_PUBLISHED = frozenset({"article:published_time", "datepublished", "dc.date.issued", "pubdate"})


def plain_text(text: str) -> str:
    """The text itself, or the readable words of an HTML page; one block of the page a line.

    >>> plain_text("<p>One &amp; two.</p><script>no()</script><p>Three.</p>")
    'One & two.\\nThree.'
    """
    if not _LOOKS_LIKE_HTML.search(text[:4000]):
        return text
    lines = _read(text).lines()
    if not _WHOLE_PAGE.search(text[:4000]):
        return "\n".join(lines)
    report = _letters(_report(text))
    kept = [line for line in lines if _letters(line) in report]
    return "\n".join(kept or lines)


def published(text: str) -> datetime | None:
    """The instant that an HTML page gives for itself; None without one, or without its zone.

    >>> published('<html><meta property="article:published_time" content="2031-05-09T18:30Z">')
    datetime.datetime(2031, 5, 9, 18, 30, tzinfo=datetime.timezone.utc)
    """
    if not _LOOKS_LIKE_HTML.search(text[:4000]):
        return None
    for said in _read(text).dates:
        try:
            return parse_instant(said)
        except ValueError:
            continue
    return None


def _report(page: str) -> str:
    from trafilatura import extract  # half a second to load, and most texts are no pages

    return extract(page, include_comments=False, favor_recall=True) or ""


def _letters(text: str) -> str:
    """Letters and digits alone: spaces and signs differ between two readings of one page."""
    return re.sub(r"[\W_]", "", text)


def _read(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    return page


class _Page(HTMLParser):
    """Collects the words outside of what no reader sees, and the page's word on its date."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.dates: list[str] = []
        self._silent = 0

    def lines(self) -> list[str]:
        """One block a line."""
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return [line for line in lines if line]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a block, or a stretch that is not read; the page's title is not its text."""
        given = {name: value or "" for name, value in attrs}
        names = {given.get(key, "").lower() for key in ("property", "name", "itemprop")}
        if tag == "meta" and names & _PUBLISHED:
            self.dates.insert(0, given.get("content", ""))
        elif tag == "time" and given.get("datetime"):
            self.dates.append(given["datetime"])
        self._silent += tag in _SILENT or tag == "title"
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Closes what was opened."""
        if (tag in _SILENT or tag == "title") and self._silent:
            self._silent -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keeps words that a reader sees."""
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))
