"""Paper: the manifest of each direction of a stage, frozen with the sheets it was drawn from."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from homeward.office.desk import Call, Desk, sha256, verb
from homeward.office.editions import own_lines
from homeward.office.founding import agreed_annexes, agreed_terms
from homeward.office.models import Handle
from homeward.office.planning import sheet_sides
from homeward.office.post import write_whole
from homeward.paper import ManifestLine, manifest
from homeward.people import Line
from homeward.record import Entry
from homeward.words import say


def links_of(desk: Desk, answer: Entry) -> dict[str, str]:
    """The seeker's ids by handle in one holder's answer, read once."""
    key = f"links {answer.hash}"
    if key not in desk.texts:
        rows = csv.DictReader(io.StringIO(desk.part(answer).decode()))
        desk.texts[key] = {row["handle"]: row["sought_id"] for row in rows}
    links: dict[str, str] = desk.texts[key]
    return links


def links_to_own(desk: Desk) -> dict[str, str]:
    """This side's own sought ids by the list handles that holders replied with."""
    found: dict[str, str] = {}
    for entry in desk.entries("replies", to=desk.name):
        found |= links_of(desk, entry)
    return found


def people_by_handle(desk: Desk) -> dict[str, Line]:
    """Who stands behind each list handle: own held people, and own sought ones that were found."""
    held = {line.id: line for line in own_lines("held")}
    sought = {line.id: line for line in own_lines("sought")}
    known = {row.handle: held[row.held_id] for row in Handle.objects.all() if row.held_id in held}
    known |= {h: sought[line] for h, line in links_to_own(desk).items() if line in sought}
    return known


@verb("print-manifests")
def print_manifests(desk: Desk, call: Call) -> dict[str, Any]:
    """Write the stage's manifests as PDF into ``papers/``: one a direction this side is part of."""
    stage = call.number("stage")
    lang = str(call.body.get("lang", "en"))
    terms = agreed_terms(desk)
    annex, _ = agreed_annexes(desk)[stage]
    rows = _sheet_rows(desk, stage)
    people = people_by_handle(desk)
    written = []
    for sender, to in sorted({(row["from"], row["to"]) for row in rows}):
        if desk.name not in (sender, to):
            continue
        mine = [row for row in rows if (row["from"], row["to"]) == (sender, to)]
        lines = [_line(place, row, people) for place, row in enumerate(mine, 1)]
        head = {
            "title": f"{terms.title(lang)} · {say('paper.stages.stage', lang, n=stage)}",
            "direction": f"{terms.name(sender, lang)} → {terms.name(to, lang)}",
            "window": " / ".join(at.isoformat() for at in annex.window or ()),
            "digest": sha256(json.dumps(mine, sort_keys=True)),
        }
        name = f"manifest-stage{stage}-{sender}-{to}.pdf"
        write_whole(desk.folder / "papers" / name, manifest(head, lines, lang=lang))
        written.append(name)
    return {"written": written}


def _sheet_rows(desk: Desk, stage: int) -> list[dict[str, Any]]:
    rows = []
    for entry in sorted(desk.entries("step-sheet", stage=stage), key=lambda e: e.step or 0):
        if desk.name in sheet_sides(desk, entry):
            rows += json.loads(desk.part(entry))["transfers"]
    return rows


def _line(place: int, row: dict[str, Any], people: dict[str, Line]) -> ManifestLine:
    person = people.get(row["list_handle"])
    name = f"{person.surname} {person.given_name} {person.patronymic}".strip() if person else "–"
    return ManifestLine(
        order=place,
        trip=int(row["trip"]),
        code=row["handle"],
        name=name,
        born=str(person.birth_date or "") if person else "",
        category=row["class"].split("/")[0],
    )
