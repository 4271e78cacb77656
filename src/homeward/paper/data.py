"""What the report shows, as plain values: no person's name and no handle is among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeward.terms.kernel import Position

Spoken = Mapping[str, str]
Counts = Mapping[tuple[str, str, str, str], tuple[int, int]]


@dataclass(frozen=True)
class Deed:
    """An act worth a line in the timeline: when it was countersigned, by whom, what."""

    at: datetime
    kind: str
    side: str
    stage: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """A statement with what was found of each of its claims, in two horizons.

    ``speaker`` and ``text`` are in ``lang``, or by language. ``claims``: mappings with ``status``,
    ``as_said``, ``as_known`` (verdict words) and ``why`` (language -> sentence).
    """

    at: datetime
    id: str
    speaker: str | Spoken
    role: str
    channel: str
    text: str | Spoken
    lang: str
    claims: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class LastWord:
    """The last act at the line that a side signed: its kind, stage and step, and when."""

    side: str
    kind: str
    stage: int | None
    step: int | None
    at: datetime


@dataclass(frozen=True)
class Waiting:
    """The lowest open step, the sides that have not closed it, and when it last moved."""

    stage: int
    step: int
    sides: Sequence[str]
    since: datetime


@dataclass(frozen=True)
class Answer:
    """What one side has signed in a step: of itself, and for how many persons of each kind."""

    side: str
    ready: bool = False
    ordered: int = 0
    released: int = 0
    received: int = 0
    closed: bool = False


@dataclass(frozen=True)
class Scripted:
    """What a rehearsal's folder had go wrong and when; ``count`` persons, 0 where nobody."""

    kind: str
    stage: int
    step: int | None = None
    side: str = ""
    count: int = 0


@dataclass(frozen=True)
class Replanned:
    """A plan made again: persons who had been told a stage, by stage, before and after it.

    ``moved`` of them go in another stage than they were told, ``again`` in the same stage at
    another step; ``added`` persons are told for the first time. All in persons.
    """

    stage: int
    before: Mapping[int, int]
    after: Mapping[int, int]
    moved: int = 0
    again: int = 0
    added: int = 0


@dataclass(frozen=True)
class ReportData:
    """Everything the report shows.

    ``leads`` and ``concessions`` place heads along the steps (1.5 is half-way through step 2);
    ``stages`` is (number, date, {(from, to, category, state): (agreed, signed by both)});
    ``exceptions`` are rows of ``kind``, ``count``, ``stage``, ``side`` and ``steps``; ``answers``
    are about the open step, or the last one (``answered``). ``things`` names what is owed beside
    persons by obligation. ``sought`` counts by side those it looks for: all (``sought``), and how
    many of them are in each state, from ``returned`` down. ``names``, ``categories`` and
    ``things`` are by language.
    """

    title: Spoken
    names: Mapping[str, Spoken]
    clauses: Mapping[str, Sequence[str]]
    position: Position
    leads: Mapping[str, Sequence[tuple[float, int]]]
    stages: Sequence[tuple[int, str, Counts]]
    deeds: Sequence[Deed] = ()
    said: Sequence[Said] = ()
    commitments: Sequence[Mapping[str, Any]] = ()
    exchange_id: str = ""
    logs: Sequence[Mapping[str, Any]] = ()
    verified: bool = False
    exceptions: Sequence[Mapping[str, Any]] = ()
    concessions: Mapping[str, Sequence[tuple[float, int]]] = field(default_factory=dict)
    categories: Mapping[str, Spoken] = field(default_factory=dict)
    things: Mapping[str, Spoken] = field(default_factory=dict)
    waiting: Waiting | None = None
    last_words: Sequence[LastWord] = ()
    replanned: Sequence[Replanned] = ()
    answered: int = 0
    answers: Sequence[Answer] = ()
    scripted: Sequence[Scripted] = ()
    sought: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
