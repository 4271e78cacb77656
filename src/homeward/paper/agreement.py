"""One agreement on one page: a lane for each side, a row for each clause, an arrow for each gift.

Time runs as the text has it, from top to bottom; at the end edge lines bind the rows that depend
on each other. Beneath stand, in words, what is tied and how the balance is kept; the page adds
the same as a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from homeward.paper.report import stylesheet
from homeward.paper.svg import Drawing, breadth, wrapped
from homeward.terms.agreement import Terms
from homeward.terms.outline import Outline, Row, Tie, outline
from homeward.words import RIGHT_TO_LEFT, say

_WIDTH, _EDGE, _LINE = 960.0, 24.0, 17.0
_WORDS, _TIE = 360.0, 20.0
_EMPTY = ' class="empty"'
_COLUMNS = ("number", "from", "to", "quantity", "what", "when", "ties")
# First strong isolate and its end, as the sentences set names and foreign words apart.
_APART, _END = "\u2068", "\u2069"
_FONT = 'svg { background: var(--paper); font-family: system-ui, "Noto Sans", sans-serif; }'


def agreement_figure(terms: Terms, lang: str = "en") -> str:
    """Who gives whom to whom, when, tied to what: SVG with its words inside.

    The classes are the shared stylesheet's; ``standalone`` adds what a file of its own needs.
    """
    page = outline(terms, lang)
    sheet = _Sheet(page, lang)
    title = say("terms.draw.title", lang, title=page.title)
    said = ". ".join(_in_words(row, page, lang) for row in page.rows)
    drawing = Drawing(_WIDTH, sheet.height, title, said, rtl=lang in RIGHT_TO_LEFT)
    drawing.rect(0, 0, _WIDTH, sheet.height, "ground")
    drawing.lines(_EDGE, 30, sheet.title, "strong", height=20)
    drawing.lines(_EDGE, 30 + 20 * len(sheet.title), sheet.agreed, "muted", height=_LINE)
    sheet.lanes(drawing)
    for row in page.rows:
        sheet.row(drawing, row)
    for place, tie in enumerate(page.ties):
        sheet.tie(drawing, place, tie)
    sheet.beneath(drawing)
    return drawing.to_svg()


def agreement_page(terms: Terms, lang: str = "en") -> str:
    """The drawing with the same rows as a table beneath it, as one page that needs nothing else."""
    page = outline(terms, lang)
    title = escape(say("terms.draw.title", lang, title=page.title))
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    heads = "".join(
        f'<th scope="col">{escape(say(f"terms.draw.head_{name}", lang))}</th>' for name in _COLUMNS
    )
    body = "\n".join(f"<tr>{_cells(row, page, lang)}</tr>" for row in page.rows)
    notes = "\n".join(f"<li>{escape(note)}</li>" for note in (*_tied(page), *page.notes))
    return (
        f'<!doctype html>\n<html lang="{lang}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>\n{stylesheet()}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n<p>{escape(page.agreed)}</p>\n"
        f'<figure class="wide table broad">{agreement_figure(terms, lang)}</figure>\n'
        f'<table class="stack">\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>\n"
        f"<ul>\n{notes}\n</ul>\n</main>\n</body>\n</html>\n"
    )


def _cells(row: Row, page: Outline, lang: str) -> str:
    names, comma = dict(page.lanes), say("terms.comma", lang)
    between = " ⇄ " if row.both_ways else ""
    marks = comma.join(t.mark for t in page.ties if row.number in (*t.rows, *t.after, *t.before))
    givers, takers = (comma.join(names[id_] for id_ in ids) for ids in (row.senders, row.to))
    told = (str(row.number), givers + between, takers, row.quantity, row.what, row.when, marks)
    heads = (say(f"terms.draw.head_{name}", lang) for name in _COLUMNS)
    return "".join(
        f'<td data-label="{escape(head)}"{"" if cell else _EMPTY}>{escape(cell)}</td>'
        for head, cell in zip(heads, told, strict=True)
    )


def _tied(page: Outline) -> list[str]:
    return [f"{tie.mark}. {tie.words}" for tie in page.ties]


def standalone(figure: str) -> str:
    """The figure as a file of its own, with the colours of the shared stylesheet in it."""
    style = stylesheet()
    root = re.findall(r"^:root \{.*?^\}", style, re.DOTALL | re.MULTILINE)[:1]
    shapes = re.findall(r"^svg [^{]*\{[^}]*\}", style, re.MULTILINE)
    return figure.replace(
        "<defs>", f"<style>\n{chr(10).join([*root, *shapes, _FONT])}\n</style><defs>", 1
    )


def _fitted(words: str, room: float, size: float) -> list[str]:
    """The words in lines; what was set apart from the line's direction stays so on each line."""
    lines, opened = [], 0
    for line in wrapped(words, room, size):
        begun = _APART * opened + line
        opened = begun.count(_APART) - begun.count(_END)
        lines.append(begun + _END * opened)
    return lines


def _in_words(row: Row, page: Outline, lang: str) -> str:
    names = dict(page.lanes)
    comma = say("terms.comma", lang)
    a, b = (comma.join(names[id_] for id_ in ids) for ids in (row.senders, row.to))
    way = say("terms.draw.ways" if row.both_ways else "terms.draw.way", lang, a=a, b=b)
    rest = say("terms.semicolon", lang).join(
        part for part in (row.quantity, row.what, row.when) if part
    )
    return f"{row.number}. {way}: {rest}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands: its top, its middle, and the lines of its words with their classes."""

    top: float
    middle: float
    words: tuple[tuple[str, str], ...]


class _Sheet:
    """The measures of one page: where each lane, row and tie stands."""

    def __init__(self, page: Outline, lang: str) -> None:
        self.page, self.lang = page, lang
        whole = _WIDTH - 2 * _EDGE
        self.title = _fitted(say("terms.draw.title", lang, title=page.title), whole, 15)
        self.agreed = _fitted(page.agreed, whole, 14)
        room = _WIDTH - 2 * _EDGE - _WORDS - _TIE * max(len(page.ties), 1) - 30
        self.gap = min(room / max(len(page.lanes), 2), 220.0)
        first = _EDGE + _WORDS + 24 + self.gap / 2
        self.x = {id_: first + n * self.gap for n, (id_, _) in enumerate(page.lanes)}
        self.ties_at = first + (len(page.lanes) - 0.5) * self.gap + 14
        self.crowded = self.gap < 120
        self.box = min(self.gap * (1.9 if self.crowded else 0.92), 170)
        self.names = {id_: _fitted(name, self.box - 8, 14)[:4] for id_, name in page.lanes}
        self.head = 10 + _LINE * max(2, *(len(lines) for lines in self.names.values()), 0)
        self.heads_at = 30 + 20 * len(self.title) + _LINE * len(self.agreed)
        self.places: dict[int, _Place] = {}
        top = self.heads_at + (self.head + 4) * (2 if self.crowded else 1) + 12
        for row in page.rows:
            words = self._words(row)
            high = max(len(words) * _LINE + 18, 46)
            self.places[row.number] = _Place(top, top + high / 2, words)
            top += high
        self.end = top
        self.notes = self._notes()
        self.height = self.end + 30 + len(self.notes) * _LINE + 34

    def _words(self, row: Row) -> tuple[tuple[str, str], ...]:
        """The words of a row, line by line: how many, whom, when."""
        room = _WORDS - 40
        parts = ((row.quantity, "strong"), (row.what, ""), (row.when, "muted"))
        return tuple(
            (line, cls) for words, cls in parts if words for line in _fitted(words, room, 13.5)
        )

    def _notes(self) -> list[tuple[str, str]]:
        """What is tied, and how the balance is kept, under their heads."""
        room = _WIDTH - 2 * _EDGE - 10
        notes: list[tuple[str, str]] = []
        for key, sentences in (("ties", _tied(self.page)), ("also", self.page.notes)):
            if sentences:
                notes.append((say(f"terms.draw.{key}", self.lang), "strong"))
                notes += [(line, "") for one in sentences for line in _fitted(one, room, 13.5)]
                notes.append(("", ""))
        return notes

    def lanes(self, drawing: Drawing) -> None:
        """A box with the name of each side and a line down from it; neighbours one lower."""
        for n, (id_, lines) in enumerate(self.names.items()):
            x = self.x[id_]
            top = self.heads_at + (self.head + 4 if self.crowded and n % 2 else 0)
            drawing.line(x, top + self.head, x, self.end, "hair")
            drawing.rect(x - self.box / 2, top, self.box, self.head, "party")
            first = top + self.head / 2 + 5 - (len(lines) - 1) * _LINE / 2
            for line, words in enumerate(lines):
                drawing.text(x, first + line * _LINE, words, "strong", "middle")

    def row(self, drawing: Drawing, row: Row) -> None:
        """The number, the words and the arrow of one clause."""
        place = self.places[row.number]
        drawing.line(_EDGE, place.top, _WIDTH - _EDGE, place.top, "hair")
        top = place.middle + 5 - (len(place.words) - 1) * _LINE / 2
        drawing.text(_EDGE + 18, top, str(row.number), "number strong", "end")
        for line, (words, cls) in enumerate(place.words):
            drawing.text(_EDGE + 32, top + line * _LINE, words, cls)
        if row.both_ways:
            self._arrow(drawing, row, (row.senders, row.to), place.middle - 8)
            self._arrow(drawing, row, (row.to, row.senders), place.middle + 8)
        else:
            self._arrow(drawing, row, (row.senders, row.to), place.middle)

    def _arrow(
        self, drawing: Drawing, row: Row, ends: tuple[Sequence[str], Sequence[str]], y: float
    ) -> None:
        """A dot at each giver, a head at each receiver, an open dot where it passes through."""
        givers, takers = ([self.x[id_] for id_ in ids] for ids in ends)
        touched = [*givers, *takers]
        cls = {"living": "axis", "remains": "limit"}.get(row.kind, "edge")
        drawing.line(min(touched), y, max(touched), y, cls)
        for x in givers:
            drawing.dot(x, y, 4, "act" if row.kind == "living" else "early")
        for id_ in row.via:
            drawing.dot(self.x[id_], y, 5, "early")
        for x in takers:
            near = min(givers, key=lambda giver: abs(giver - x))
            back = x - 11 if near < x else x + 11
            solid = "act" if row.kind == "living" else "early"
            drawing.polygon(((x, y), (back, y - 5), (back, y + 5)), solid)

    def tie(self, drawing: Drawing, place: int, tie: Tie) -> None:
        """A line along the rows that are bound, from its letter; a gate points at what waits."""
        x = self.ties_at + _TIE * place
        bound = tie.rows or (*tie.after, *tie.before)
        ys = sorted(self.places[number].middle for number in bound)
        if not ys:
            drawing.text(x, self.end - 6, tie.mark, "strong", "middle")
            return
        alone = ys[0] == ys[-1]
        start, end = (ys[0] - 9, ys[-1] + 9) if alone else (ys[0], ys[-1])
        drawing.line(x, start, x, end, "axis")
        drawing.text(x, start - 8, tie.mark, "strong", "middle")
        if tie.before and not tie.after:
            drawing.diamond(x, start, "early", 4)
        for number in tie.rows:
            y = self.places[number].middle
            for level in (y - 9, y + 9) if alone else (y,):
                drawing.line(x - 6, level, x, level, "axis")
        for number in tie.after:
            drawing.dot(x, self.places[number].middle, 4, "early")
        for number in tie.before:
            y = self.places[number].middle
            drawing.polygon(((x - 9, y), (x, y - 5), (x, y + 5)), "act")

    def beneath(self, drawing: Drawing) -> None:
        """What the lines mean, and the sentences on ties and balance."""
        drawing.line(_EDGE, self.end, _WIDTH - _EDGE, self.end, "rule")
        top = self.end + 26
        for line, (words, cls) in enumerate(self.notes):
            drawing.text(_EDGE, top + line * _LINE, words, cls)
        y, x = top + len(self.notes) * _LINE + 6, _EDGE
        for kind in ("living", "remains", "thing"):
            if any(row.kind == kind for row in self.page.rows):
                cls = {"living": "axis", "remains": "limit", "thing": "edge"}[kind]
                words = say(f"terms.draw.{kind}", self.lang)
                solid = "act" if kind == "living" else "early"
                drawing.line(x, y - 4, x + 30, y - 4, cls)
                drawing.polygon(((x + 34, y - 4), (x + 23, y - 9), (x + 23, y + 1)), solid)
                drawing.text(x + 42, y, words, "small")
                x += 70 + breadth(words)
