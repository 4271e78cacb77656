"""A day's report about invented sides, with everything in it that a report can show."""

from __future__ import annotations

from datetime import UTC, datetime

from homeward.paper import Deed, ReportData, Said
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
        stages=[(1, "2031-03-04", {(a, b, "military"): (20, 19) for a, b in NORTH_SOUTH})],
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
        exceptions=[{"kind": "conceded", "count": 1, "stage": 1, "side": "south"}],
        exchange_id="ab" * 32,
        logs=[{"log": "north.office.1", "size": 120, "signed": ["south"]}],
        verified=True,
    )
