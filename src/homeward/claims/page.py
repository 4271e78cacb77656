"""The words of a web page, one block a line; scripts, menus and figures' code are left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LOOKS_LIKE_HTML = re.compile(r"<(?:!doctype|html|body|p|div|article|h1|br)\b", re.IGNORECASE)
_SILENT = frozenset(
    {"script", "style", "nav", "aside", "footer", "noscript", "template", "svg", "button"}
)
_BLOCKS = frozenset(
    {"p", "div", "article", "section", "header", "h1", "h2", "h3", "h4", "li", "ul", "ol", "br"}
    | {"blockquote", "figcaption", "figure", "main", "table", "tr", "td", "title", "body"}
)


def plain_text(text: str) -> str:
    """The text itself, or the readable words of an HTML page; one block of the page a line.

    >>> plain_text("<p>One &amp; two.</p><script>no()</script><p>Three.</p>")
    'One & two.\\nThree.'
    """
    if not _LOOKS_LIKE_HTML.search(text[:4000]):
        return text
    page = _Page()
    page.feed(text)
    page.close()
    lines = (" ".join(line.split()) for line in "".join(page.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Page(HTMLParser):
    """Collects the words outside of what no reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Opens a block, or a stretch that is not read; the page's title is not its text."""
        del attrs
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
