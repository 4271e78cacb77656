"""What goes wrong on the way: counts stay true, nobody drops off, and the story goes on."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from homeward.problem import Refused
from homeward.rehearsal import Folder, Outcome, rehearse
from homeward.rehearsal.happenings import fates
from tests.rehearsal.conftest import folder_at
from tests.rehearsal.small import small_folder


def play(tmp_path, events: str, **more) -> Outcome:
    wanted = {"people": 10, "stages": (10,), "step": 5, "neutrals": (), "statements": False}
    path = small_folder(tmp_path / "folder", events=events, **{**wanted, **more})
    return rehearse(folder_at(path), tmp_path / "out")


def test_counts_stay_true_when_people_stay_and_machines_fail(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: refused, side: north, "
        "who: {category: prisoner_of_war, pick: 2}}, "
        "{stage: 1, step: 1, kind: office_killed, side: south}, "
        "{stage: 1, step: 2, kind: network_cut, side: north}, "
        "{stage: 1, step: 9, kind: bus_lost, side: north}]"
    )
    outcome = play(tmp_path, events)
    assert [p.code for p in outcome.problems] == ["rehearsal.event-not-reached"]
    entries = outcome.findings.union.entries
    assert outcome.sound
    assert outcome.restarts == {"south": 1}
    stayed = [e for e in entries if e.kind == "not-released"]
    assert [e.author for e in stayed] == ["north", "north"]
    conceded = [e for e in entries if e.kind == "conceded"]
    assert {e.handle for e in conceded} == {e.handle for e in stayed}
    assert all(len(e.officers) == 2 for e in conceded)
    position = outcome.findings.position
    assert position.conceded == {"north": 0, "south": 2}
    assert max(position.largest_lead.values()) <= 5
    assert position.count(outcome="not_transferred") == 2


def test_a_wrong_person_is_turned_away_and_places_are_filled_in_a_later_step(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: wrong_person, side: north, who: {sex: m}}, "
        "{stage: 1, step: 2, kind: substitution, side: south, who: {sex: m}}, "
        "{stage: 1, step: 2, kind: extra, side: north}]"
    )
    outcome = play(tmp_path, events, spare=10, first="together")
    position = outcome.findings.position
    by_kind = Counter(entry.kind for entry in outcome.findings.union.entries)
    assert outcome.sound
    assert max(position.largest_lead.values()) <= 5
    assert position.conceded == {"north": 1, "south": 1}
    assert by_kind["not-received"] == 1
    assert position.count(group="extra", outcome="transferred") == 2
    assert position.count(group="inside", attested_by="both", outcome="transferred") == 20
    assert position.complete
    first, second = (list(csv.DictReader(p["plan"].splitlines())) for p in outcome.plans)
    told = {row["handle"] for row in first}
    assert {row["from"]: row["handle"] in told for row in second} == {
        "north": True,  # who was not brought goes in a later step after all
        "south": False,  # somebody else goes in the other's place
    }


def test_a_side_that_stops_leaves_true_counts_and_an_open_exchange(tmp_path):
    events = "[{stage: 1, step: 2, kind: side_stops, side: south}]"
    outcome = play(tmp_path, events)
    position = outcome.findings.position
    assert outcome.sound
    assert not position.complete
    assert position.count(attested_by="both", outcome="transferred") == 10
    assert position.lead == {"north": 0, "south": 0}
    kinds = [entry.kind for entry in outcome.findings.union.entries]
    assert kinds.count("suspension") == 1
    assert "stage-closed" not in kinds
    again = rehearse(folder_at(tmp_path / "folder"), tmp_path / "out")
    assert again.findings.position.cells == position.cells


def test_on_bad_roads_a_side_that_stops_and_goes_on_again_finishes(tmp_path):
    events = (
        "[{stage: 1, step: 2, kind: side_stops, side: south}, "
        "{stage: 1, step: 2, kind: side_resumes, side: south}]"
    )
    path = small_folder(
        tmp_path / "folder", people=10, stages=(10,), step=8, events=events, neutrals=()
    )
    outcome = rehearse(folder_at(path), tmp_path / "out", faults="lossy")
    position = outcome.findings.position
    assert outcome.sound
    assert position.complete
    assert max(position.largest_lead.values()) <= 8


class _Play:
    """As much of a production as the choice of people needs."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder


def sheets(folder: Folder) -> dict[str, list[dict[str, object]]]:
    return {
        side: [
            {"handle": f"{side}-{n}", "from": side, "to": to, "held_id": held, "trip": n // 4}
            for n, held in enumerate(folder.lines[side, "held"])
        ]
        for side, to in folder.cast.moves
    }


@pytest.mark.parametrize(
    ("event", "chosen"),
    [
        ("{kind: absent, side: north, who: {category: civilian, pick: 2}}", 2),
        ("{kind: dead, who: {sex: m}}", 1),
        ("{kind: bus_lost, side: south}", 4),
    ],
)
def test_the_seed_chooses_who_it_befalls(tmp_path, event, chosen):
    events = f"[{event.replace('{', '{stage: 1, step: 1, ', 1)}]"
    folder = folder_at(small_folder(tmp_path / "folder", people=10, stages=(10,), events=events))
    found = fates(_Play(folder), folder.cast.events, sheets(folder))
    assert len(found) == chosen
    assert found == fates(_Play(folder), folder.cast.events, sheets(folder))


def test_an_event_that_fits_nobody_is_said(tmp_path):
    events = "[{stage: 1, step: 1, kind: dead, who: {sex: f}}]"
    folder = folder_at(small_folder(tmp_path / "folder", people=10, stages=(10,), events=events))
    with pytest.raises(Refused) as refusal:
        fates(_Play(folder), folder.cast.events, sheets(folder))
    assert [p.code for p in refusal.value.problems] == ["rehearsal.event-nobody"]
