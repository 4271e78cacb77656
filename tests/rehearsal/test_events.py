"""What goes wrong on the way: counts stay true, nobody drops off, and the story goes on."""

from __future__ import annotations

import pytest

from homeward.problem import Refused
from homeward.rehearsal import Outcome, rehearse
from tests.rehearsal.conftest import folder_at
from tests.rehearsal.small import small_folder


def play(tmp_path, events: str, **more) -> Outcome:
    wanted = {"people": 10, "stages": (10,), "step": 5, "neutrals": (), "statements": False}
    path = small_folder(tmp_path / "folder", events=events, **{**wanted, **more})
    return rehearse(folder_at(path), tmp_path / "out")


def test_who_says_no_at_the_line_stays_and_is_conceded_by_two_officers(tmp_path):
    who = "{category: prisoner_of_war, pick: 2}"
    events = f"[{{stage: 1, step: 1, kind: refused, side: north, who: {who}}}]"
    outcome = play(tmp_path, events)
    entries = outcome.findings.union.entries
    assert outcome.sound
    stayed = [e for e in entries if e.kind == "not-released"]
    assert [e.author for e in stayed] == ["north", "north"]
    conceded = [e for e in entries if e.kind == "conceded"]
    assert {e.handle for e in conceded} == {e.handle for e in stayed}
    assert all(len(e.officers) == 2 for e in conceded)
    position = outcome.findings.position
    assert position.conceded == {"north": 0, "south": 2}
    assert max(position.largest_lead.values()) <= 5
    assert position.count(outcome="not_transferred") == 2


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


def test_a_side_that_goes_on_again_finishes(tmp_path):
    events = (
        "[{stage: 1, step: 2, kind: side_stops, side: south}, "
        "{stage: 1, step: 2, kind: side_resumes, side: south}]"
    )
    assert play(tmp_path, events).findings.position.complete


def test_a_killed_office_and_a_cut_line_delay_and_change_nothing(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: office_killed, side: south}, "
        "{stage: 1, step: 2, kind: network_cut, side: north}]"
    )
    outcome = play(tmp_path, events)
    assert outcome.sound
    assert outcome.findings.position.complete
    assert outcome.restarts == {"south": 1}


def test_an_event_that_fits_nobody_is_said(tmp_path):
    events = "[{stage: 1, step: 1, kind: dead, who: {sex: f}}]"
    with pytest.raises(Refused) as refusal:
        play(tmp_path, events)
    assert [p.code for p in refusal.value.problems] == ["rehearsal.event-nobody"]


@pytest.mark.parametrize("carry", ["files", "http"])
def test_bad_roads_and_machines_change_nothing_that_is_signed(tmp_path, carry):
    path = small_folder(tmp_path / "folder", people=10, stages=(10,), step=5)
    outcome = rehearse(folder_at(path), tmp_path / "out", faults="all", carry=carry)
    position = outcome.findings.position
    assert outcome.sound
    assert position.complete
    assert max(position.largest_lead.values()) <= 5
