"""A day's report about invented sides, with everything in it that a report can show."""

from __future__ import annotations

from datetime import UTC, datetime

from homeward.paper import Deed, LastWord, Replanned, ReportData, Said, Waiting
from homeward.paper.data import Answer, Scripted
from homeward.terms.kernel import Cell, Position

NORTH_SOUTH = (("north", "south"), ("south", "north"))


def position() -> Position:
    """Nineteen of forty each way signed by both, one by its holder only; not complete."""
    cells = []
    for sender, to in NORTH_SOUTH:
        for by, count in (("both", 19), ("holder", 1)):
            cells.append(
                Cell(
                    sender,
                    to,
                    "military",
                    "living",
                    "inside",
                    1,
                    1,
                    by,
                    "transferred",
                    count,
                    count,
                )
            )
    owed = tuple(
        {
            "from": sender,
            "to": to,
            "category": "military",
            "state": "living",
            "group": "inside",
            "agreed": 40,
            "done": 19,
            "left": 21,
        }
        for sender, to in NORTH_SOUTH
    )
    return Position(
        as_of="2031-03-04T20:00:00+02:00",
        cells=tuple(cells),
        owed=owed,
        lead={"north": 1, "south": 1},
        largest_lead={"north": 5, "south": 4},
        conceded={"north": 0, "south": 1},
        step=5,
        home=({"to": "south", "stage": 1, "count": 19},),
        complete=False,
    )


def report_data() -> ReportData:
    """Enough for every section of the page."""
    claim = {
        "status": "completed",
        "as_said": "premature",
        "as_known": "contradicted",
        "why": {"en": "Both sides had signed for 0 of 40.", "uk": "Обидві підписали 0 із 40."},
    }
    return ReportData(
        title={"en": "Forty each", "uk": "По сорок"},
        names={"north": {"en": "North", "uk": "Північ"}, "south": {"en": "South", "uk": "Південь"}},
        clauses={"en": ("North releases 40.",), "uk": ("Північ звільняє 40.",)},
        position=position(),
        leads={"north": [(0.5, 5), (1, 0)], "south": [(0.7, 4), (1, 0)]},
        stages=[
            (1, "2031-03-04", {(a, b, "military", "living"): (20, 19) for a, b in NORTH_SOUTH})
        ],
        deeds=[Deed(datetime(2031, 3, 4, 9, tzinfo=UTC), "begun", "north", 1)],
        said=[
            Said(
                datetime(2031, 3, 4, 8, tzinfo=UTC),
                "post",
                "A <b>third</b> party",
                "third",
                "post",
                "It is done & dusted.",
                "en",
                (claim,),
            )
        ],
        commitments=[
            {
                "what": "to name a place",
                "owed_by": ["north"],
                "since": "2031-03-01",
                "word_of": "South",
                "state": "open",
            }
        ],
        exceptions=[{"kind": "conceded", "count": 1, "stage": 1, "side": "south", "steps": [2, 4]}],
        exchange_id="ab" * 32,
        logs=[{"log": "north.office.1", "size": 120, "signed": ["south"]}],
        verified=True,
        concessions={"south": [(0.9, 1)]},
        categories={"military": {"en": "soldiers", "uk": "вояки", "ar": "جنود"}},
        waiting=Waiting(1, 5, ("south",), datetime(2031, 3, 4, 15, tzinfo=UTC)),
        last_words=[
            LastWord("north", "step-closed", 1, 5, datetime(2031, 3, 4, 15, tzinfo=UTC)),
            LastWord("south", "received", 1, 5, datetime(2031, 3, 4, 14, tzinfo=UTC)),
        ],
        replanned=[Replanned(1, {1: 40, 2: 40}, {1: 38, 2: 42}, moved=2, again=1, added=0)],
        answered=5,
        answers=[Answer("north", True, 4, 4, 3, True), Answer("south", True, 3, 3, 4)],
        scripted=[
            Scripted("refused", 1, 2, "north", 2),
            Scripted("bus_lost", 1, 3, "south"),
        ],
    )


RING = (("north", "east"), ("east", "south"), ("south", "north"))


def _ring_cell(sender: str, to: str, state: str, group: str, by: str, count: int) -> Cell:
    category = "fallen" if state == "remains" else "military"
    return Cell(sender, to, category, state, group, 1, 1, by, "transferred", count, count)


def ring_position() -> Position:
    """Three sides in a ring: living and remains, some beside the balance, one extra, a map owed."""
    cells, owed = [], []
    for sender, to in RING:
        cells += [
            _ring_cell(sender, to, "living", "inside", "both", 30),
            _ring_cell(sender, to, "remains", "inside", "both", 4),
        ]
        for state, agreed in (("living", 60), ("remains", 12)):
            owed.append({"from": sender, "to": to, "state": state, "agreed": agreed})
    cells.append(_ring_cell("north", "east", "living", "beside", "both", 3))
    cells.append(_ring_cell("east", "south", "living", "extra", "both", 1))
    owed.append({"from": "north", "to": "east", "state": "living", "group": "beside", "agreed": 5})
    owed.append(
        {"from": "south", "to": "north", "state": "asset", "group": "beside", "agreed": None}
        | {"obligation": "maps"}
    )
    return Position(
        as_of="2031-03-06T20:00:00+02:00",
        cells=tuple(cells),
        owed=tuple(owed),
        lead={"north": 0, "east": -2, "south": 0},
        largest_lead={"north": 8, "east": 8, "south": 8},
        conceded={"north": 0, "east": 0, "south": 0},
        step=8,
        home=({"to": "south", "stage": 1, "count": 30},),
    )


def ring_data() -> ReportData:
    """The ring as a report: what does not fit into a plain exchange of two."""
    return ReportData(
        title={"en": "A ring"},
        names={side: {"en": side.title()} for side in ("north", "east", "south")},
        clauses={"en": ("1. Each gives to the next.",)},
        position=ring_position(),
        leads={side: [(0.5, 8), (1, 0)] for side in ("north", "east", "south")},
        stages=[(1, "2031-03-04", {(a, b, "fallen", "remains"): (12, 4) for a, b in RING})],
        things={"maps": {"en": "maps of the fields"}},
        exceptions=[{"kind": "not-released", "count": 2, "stage": 1, "side": "east"}],
    )
