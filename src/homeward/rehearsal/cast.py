"""exchange.yaml: who takes part, the clock, the resources, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from homeward.dates import parse_zone
from homeward.plan.resources import read_resources
from homeward.problem import Problem
from homeward.rehearsal.events import EVENT, Event, read_events
from homeward.terms.document import Document, Path, compose
from homeward.terms.shapes import (
    ID,
    INSTANT,
    NAMES,
    WRONG,
    Fields,
    Listing,
    Table,
    Text,
    Whole,
    Written,
    Wrong,
)

FORMAT = "homeward-exchange/1"
PARTY = r"[a-z][a-z0-9-]{0,31}"


@dataclass(frozen=True, slots=True)
class Plain:
    """A value of any shape, as plain data; who uses it reads it strictly."""

    def read(self, node: yaml.Node, path: Path, document: Document) -> Any:
        """The data below ``node``; the lines of tables are noted two levels deep."""
        document.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode) and len(path) < 4:
            for key, value in node.value:
                self.read(value, (*path, str(key.value)), document)
        try:
            return yaml.constructor.SafeConstructor().construct_document(node)
        except (yaml.YAMLError, ValueError, TypeError, OverflowError):
            # a day that does not exist, a table as a key: values that plain data cannot hold
            document.say("wrong-type", path, "", "plain names and numbers")
            return WRONG

    def schema(self) -> dict[str, Any]:
        """Anything."""
        return {}


_OFFICER = Text(pattern=PARTY)
_MEMBER = Fields(optional={"name": NAMES, "officers": Listing(_OFFICER, least=2)})
_CLOCK = Fields({"start": INSTANT, "zone": Written("an IANA zone: Europe/Kyiv", parse_zone)})
EXCHANGE = Fields(
    {
        "format": Text(choices=(FORMAT,)),
        "sides": Table(_MEMBER, key=PARTY, least=2),
        "moves": Listing(Listing(ID, least=2, most=2)),
        "clock": _CLOCK,
    },
    {
        "title": NAMES,
        "neutrals": Table(_MEMBER, key=PARTY, least=0),
        "proposer": ID,
        "seed": Whole(),
        "resources": Plain(),
        "events": Listing(EVENT, least=0),
    },
)


@dataclass(frozen=True, slots=True)
class Member:
    """One party: its name, its role, and the invented officers who act for it.

    With a ``passphrase`` its office's keys are sealed, and it is typed at every start.
    """

    name: str
    role: str
    officers: tuple[str, ...]
    title: Mapping[str, str] = field(default_factory=dict)
    passphrase: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part and how the rehearsal goes, as exchange.yaml says it."""

    members: tuple[Member, ...]
    moves: tuple[tuple[str, str], ...]
    proposer: str
    start: datetime
    zone: ZoneInfo
    seed: int
    resources: Mapping[str, Any]
    events: tuple[Event, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[Path, int] = field(default_factory=dict, compare=False, repr=False)
    file: str = "exchange.yaml"

    def place(self, *path: str | int) -> str:
        """Where in the file a value stands, or the nearest one that holds it."""
        return Document(self.file, dict(self.places)).place(*path)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides' names, sorted."""
        return tuple(sorted(m.name for m in self.members if m.role == "side"))

    @property
    def neutrals(self) -> tuple[str, ...]:
        """The neutrals' names, sorted."""
        return tuple(sorted(m.name for m in self.members if m.role == "neutral"))

    def member(self, name: str) -> Member:
        """The party of that name; raises KeyError for a stranger."""
        return {member.name: member for member in self.members}[name]

    def receivers(self, holder: str) -> tuple[str, ...]:
        """The sides to which ``holder`` releases people."""
        return tuple(sorted({to for sender, to in self.moves if sender == holder}))


def read_cast(
    text: str | bytes, place: str = "exchange.yaml"
) -> tuple[Cast | None, tuple[Problem, ...]]:
    """The cast in ``text`` and every problem found; None where it could not be read."""
    document = Document(place)
    node = compose(text, document)
    said = EXCHANGE.read(node, (), document) if node is not None else WRONG
    if isinstance(said, Wrong):
        return None, relabelled(document)
    _consistent(said, document)
    resources, problems = read_resources(said.get("resources"), f"{place}:resources")
    del resources  # only what is wrong with them matters here: the sides sign the text
    cast = Cast(
        members=(
            *_members(said["sides"], "side"),
            *_members(said.get("neutrals", {}), "neutral"),
        ),
        moves=tuple(sorted({(m[0], m[1]) for m in said["moves"] if len(m) == 2})),
        proposer=said.get("proposer", min(said["sides"], default="")),
        start=said["clock"]["start"],
        zone=said["clock"]["zone"],
        seed=said.get("seed", 0),
        resources=said.get("resources") or {},
        events=read_events(
            said.get("events", ()), said["sides"], said.get("neutrals", {}), document
        ),
        title=titles(said.get("title")),
        places=document.lines,
        file=place,
    )
    return cast, (*relabelled(document), *(_with_line(p, document) for p in problems))


def relabelled(document: Document, room: str = "rehearsal") -> tuple[Problem, ...]:
    """What was found wrong in a text of this room, under this room's name."""
    return tuple(
        replace(problem, code=f"{room}.{problem.code.partition('.')[2]}")
        for problem in document.problems
    )


def titles(said: Any) -> dict[str, str]:
    """A name in one or in several languages, by language; under "" where none is named."""
    if isinstance(said, str):
        return {"": said}
    return dict(said or {})


def _members(said: Mapping[str, Any], role: str) -> list[Member]:
    return [
        Member(
            name,
            role,
            tuple(member.get("officers", (f"{name}-first", f"{name}-second"))),
            titles(member.get("name")),
        )
        for name, member in said.items()
    ]


def _with_line(problem: Problem, document: Document) -> Problem:
    """A resource's problem with the line of the nearest table that holds it."""
    path = tuple(problem.place.split(":")[1:])
    hint = problem.hint or "see resources in docs/reference/exchange-folder.md"
    return replace(problem, place=f"{document.place(*path)}:{':'.join(path)}", hint=hint)


def _consistent(said: Mapping[str, Any], document: Document) -> None:
    sides = set(said["sides"])
    for name in sorted(sides & set(said.get("neutrals", {}))):
        document.say("party-twice", ("neutrals", name), name, "a side or a neutral, not both")
    _officers(said, document)
    _moves(said["moves"], sides, document)
    proposer = said.get("proposer")
    if proposer is not None and proposer not in sides:
        document.say("unknown-side", ("proposer",), proposer, ", ".join(sorted(sides)))


def _officers(said: Mapping[str, Any], document: Document) -> None:
    seen: set[str] = set()
    for group in ("sides", "neutrals"):
        for name, member in said.get(group, {}).items():
            for number, officer in enumerate(member.get("officers", ())):
                if officer in seen:
                    where = (group, name, "officers", number)
                    document.say("officer-twice", where, officer, "one name for one person")
                seen.add(officer)


def _moves(moves: tuple[tuple[str, ...], ...], sides: set[str], document: Document) -> None:
    seen: set[tuple[str, ...]] = set()
    for number, move in enumerate(moves):
        where = ("moves", number)
        for name in move:
            if name not in sides:
                document.say("unknown-side", where, name, ", ".join(sorted(sides)))
        if len(move) == 2 and move[0] == move[1]:
            document.say("gives-to-itself", where, move[0], "another side to give to")
        if move in seen:
            document.say("move-twice", where, " to ".join(move), "each move once")
        seen.add(move)
    for name in sorted(sides - {name for move in moves for name in move}):
        document.say(
            "idle-side",
            ("sides", name),
            name,
            "a move from or to it",
            "who gives and receives nobody is a neutral",
        )
