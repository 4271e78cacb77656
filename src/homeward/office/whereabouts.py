"""Those this side looks for, each with what is known: nobody drops off the list.

It is for this side's own desk. A line stays on it until the side itself has signed for the person.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from homeward.office.desk import Call, Desk, verb
from homeward.office.editions import ids_on
from homeward.office.papers import links_to_own
from homeward.office.planning import sheet_sides

# From the most that can be known of a person to the least.
STATES = ("returned", "set-out", "on-a-sheet", "found", "not-found", "unanswered")


@verb("whereabouts")
def whereabouts(desk: Desk, call: Call) -> dict[str, Any]:
    """Every own sought line with its state, and how many there are of each.

    ``returned``: this side signed that it received the person; ``set-out``: the holder signed the
    release; ``on-a-sheet``: in a step agreed on; ``found``: a holder answered with a handle;
    ``not-found``: every holder answered and none has the person; ``unanswered``: some have not.
    """
    known = _furthest(desk)
    asked = desk.entries("list-submitted", author=desk.name)
    answered = {entry.prior for entry in desk.entries("replies", to=desk.name)}
    rest = "not-found" if all(entry.hash in answered for entry in asked) else "unanswered"
    ids = ids_on("sought")
    rows = [{"sought_id": line, **known.get(line, {"state": rest})} for line in ids]
    counted = Counter(row["state"] for row in rows)
    counts = {"sought": len(rows), **{state: counted[state] for state in STATES}}
    return {"counts": counts, "rows": rows}


def _furthest(desk: Desk) -> dict[str, dict[str, Any]]:
    """The furthest state by own sought id, with the stage and step it was reached in."""
    linked = links_to_own(desk)
    known: dict[str, dict[str, Any]] = {
        line: {"state": "found", "handle": handle} for handle, line in linked.items()
    }
    for entry in desk.entries("step-sheet"):
        if desk.name not in sheet_sides(desk, entry):
            continue
        for row in json.loads(desk.part(entry))["transfers"]:
            line = linked.get(row["list_handle"])
            if line is None or row["to"] != desk.name:
                continue
            state = _state(desk, row["handle"], row["from"])
            if STATES.index(state) < STATES.index(known[line]["state"]):
                known[line].update(state=state, stage=entry.stage, step=entry.step)
    return known


def _state(desk: Desk, handle: str, holder: str) -> str:
    """How far somebody on a sheet has come, by the words that stand."""
    says = desk.open_crossing().ledger.says
    if says(handle, desk.name, "received"):
        return "returned"
    if says(handle, holder, "not-released"):
        return "found"
    return "set-out" if says(handle, holder, "released") else "on-a-sheet"
