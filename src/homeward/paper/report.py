"""The report: one self-contained page that a mediator can read in ten minutes, without network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from homeward.paper.data import ReportData
from homeward.paper.drawn import drawn
from homeward.paper.figures import (
    arrows_of,
    bars_of,
    matrix_rows,
    position_words,
    replan_rows,
    stage_rows,
)
from homeward.paper.figures.position import THINGS, Bar
from homeward.paper.story import told
from homeward.paper.wording import Wording, spoken
from homeward.words import RIGHT_TO_LEFT, known, number, say


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("homeward.paper"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def stylesheet() -> str:
    """The stylesheet that pages, report and public folder share."""
    return files("homeward.paper").joinpath("homeward.css").read_text(encoding="utf-8")


def report(data: ReportData, languages: Sequence[str] = ("en", "uk", "ar")) -> str:
    """The page, every language in it, the first one shown; raises KeyError for an unknown one."""
    tongues = [Tongue(data, lang) for lang in languages]
    page = _environment().get_template("report.html.j2")
    return page.render(style=Markup(stylesheet()), tongues=tongues)


@dataclass(frozen=True)
class Tongue:
    """One language's reading of the data: what the template asks for, in that language."""

    data: ReportData
    lang: str

    @property
    def dir(self) -> str:
        """The language's direction, as HTML writes it."""
        return "rtl" if self.lang in RIGHT_TO_LEFT else "ltr"

    @property
    def self_name(self) -> str:
        """The language's own name, for the choice at the top."""
        return say("paper.self_name", self.lang)

    @property
    def title(self) -> str:
        """The exchange's title."""
        return spoken(self.data.title, self.lang, "")

    @cached_property
    def words(self) -> Wording:
        """Parties and categories by their names in this language."""
        sides = {side: spoken(said, self.lang, side) for side, said in self.data.names.items()}
        kinds = {kind: spoken(said, self.lang, kind) for kind, said in self.data.categories.items()}
        return Wording(self.lang, sides, kinds)

    def say(self, key: str, **values: Any) -> Markup:
        """A sentence of the page; what is put into it is escaped, marked-up names are kept."""
        shown = {
            name: value if type(value) is int else escape(value) for name, value in values.items()
        }
        return Markup(say(f"paper.{key}", self.lang, **shown))

    def word(self, group: str, name: str) -> str:
        """A word of a closed list, or the name itself where the list does not have it."""
        key = f"paper.{group}.{name}"
        return say(key, self.lang) if known(key, "en") else name

    def number(self, value: int) -> str:
        """A whole number with the language's grouping; its sign stays before it."""
        shown = number(abs(int(value)), self.lang)
        return f"\u200e\u2212{shown}" if value < 0 else shown

    def side(self, party: str) -> Markup:
        """A party's name, kept in its own direction."""
        named = (self.words.names.get(one, one) for one in party.split("+"))
        return Markup(", ").join(Markup("<bdi>{}</bdi>").format(name) for name in named)

    def isolated(self, words: str) -> Markup:
        """Words that may be in another language, kept in their own direction."""
        return Markup("<bdi>{}</bdi>").format(words)

    def sides(self, parties: Sequence[str]) -> Markup:
        """Several parties' names."""
        return escape(say("paper.comma", self.lang)).join(self.side(party) for party in parties)

    def listed(self, numbers: Sequence[int]) -> Markup:
        """Several numbers, read from left to right."""
        shown = say("paper.comma", self.lang).join(map(str, numbers))
        return Markup("<bdi>{}</bdi>").format(shown)

    def direction(self, sender: str, to: str) -> Markup:
        """From whom to whom."""
        return self.say("direction", sender=self.side(sender), to=self.side(to))

    def spoken(self, said: Mapping[str, str] | str) -> str:
        """A text that is given in several languages, or in one."""
        return said if isinstance(said, str) else spoken(said, self.lang, "")

    def instant(self, at: datetime | str) -> Markup:
        """A time to the minute; it never breaks and reads from left to right."""
        if isinstance(at, str):
            try:
                return self.instant(datetime.fromisoformat(at))
            except ValueError:
                return self.date(at)
        exact = at.isoformat()
        shown = at.strftime("%Y-%m-%d %H:%M")
        return Markup('<time class="date" dir="ltr" datetime="{}">{}</time>').format(exact, shown)

    def date(self, day: str) -> Markup:
        """A day that never breaks and reads from left to right."""
        return Markup('<span class="date" dir="ltr">{}</span>').format(day)

    @cached_property
    def story(self) -> list[dict[str, Any]]:
        """Acts and statements in one order, each with the key that the figure shows."""
        return told(self.data, self.words)

    @cached_property
    def figures(self) -> Mapping[str, Markup]:
        """Every figure, for a desk and for a phone."""
        return drawn(self.data, self.words, self.story)

    @property
    def sentences(self) -> list[str]:
        """The position in words."""
        return position_words(self.data.position, self.words.names, self.lang)

    @property
    def bars(self) -> Sequence[Sequence[Bar]]:
        """The rows of figure 1, those of one direction together."""
        ways: dict[tuple[str, str], list[Bar]] = {}
        for bar in bars_of(self.data.position):
            ways.setdefault((bar.sender, bar.to), []).append(bar)
        return list(ways.values())

    @property
    def thin(self) -> list[str]:
        """Which thin rows of figure 1 anything stands in; home is always shown."""
        bars = bars_of(self.data.position)
        named = {row.name for bar in bars for row in bar.thin}
        return [name for name in ("beside", "extra", "home") if name in {*named, "home"}]

    @property
    def clauses(self) -> tuple[list[str], str]:
        """The agreement's sentences without their numbers, and the language they are in."""
        lang = self.lang if self.data.clauses.get(self.lang) else "en"
        said = self.data.clauses.get(lang) or ()
        return [text.removeprefix(f"{n}. ") for n, text in enumerate(said, 1)], lang

    @property
    def arrows(self) -> Sequence[Any]:
        """The rows of the ring; empty for a plain exchange of two, where it says nothing new."""
        arrows = arrows_of(self.data.position)
        sides = {side for arrow in arrows for side in (arrow.sender, arrow.to)}
        return arrows if len(sides) > 2 else ()

    @property
    def matrix(self) -> Sequence[Any]:
        """The rows of figure 3."""
        return matrix_rows(self.data.position, self.words)

    @property
    def stage_rows(self) -> Sequence[Any]:
        """The rows of the stages' figure."""
        return stage_rows(self.data.stages, self.words)

    def replan_rows(self, again: Any) -> Sequence[Any]:
        """The rows of a plan's before and after."""
        return replan_rows(again.before, again.after)

    @property
    def things(self) -> list[Mapping[str, Any]]:
        """What is owed beside persons, in words."""
        return [
            {**row, "words": spoken(self.data.things.get(row["obligation"]), self.lang, "")}
            for row in self.data.position.owed
            if row.get("state") in THINGS
        ]

    @property
    def totals(self) -> Mapping[str, int]:
        """Transfers signed by both, and single attestations, inside the exchange."""
        moved = {"group": "inside", "outcome": "transferred"}
        both = self.data.position.count(**moved, attested_by="both")
        one = self.data.position.count(**moved) - both
        return {"transfers": both, "attestations": 2 * both + one, "one_side": one}

    @property
    def sought_columns(self) -> list[tuple[str, int]]:
        """The states of those looked for that anybody is in; received is always shown."""
        found = dict.fromkeys(
            name
            for counts in self.data.sought.values()
            for name, heads in counts.items()
            if name != "sought" and (heads or name == "returned")
        )
        return [(f"sought.{name}", 1) for name in found]

    @property
    def waited(self) -> str:
        """How long the open step has not moved, in the largest unit that says it well."""
        waiting = self.data.waiting
        try:
            now = datetime.fromisoformat(self.data.position.as_of)
            minutes = int((now - waiting.since).total_seconds() // 60) if waiting else 0
        except (TypeError, ValueError):
            return ""
        for unit, size, least in (("days", 1440, 2), ("hours", 60, 2), ("minutes", 1, 0)):
            if minutes // size >= least:
                return say(f"paper.{unit}", self.lang, n=max(minutes // size, 0))
        return ""
