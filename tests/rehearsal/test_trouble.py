"""A side that breaks the rules: what is then proved, who is ahead by how much, and who did it."""

from __future__ import annotations

import json

import pytest

from homeward.rehearsal import rehearse
from homeward.rehearsal.adversary import Adversary
from tests.rehearsal.conftest import folder_at
from tests.rehearsal.small import small_folder

STEP = 5


def played_with(tmp_path, fault: str) -> dict[str, object]:
    folder = small_folder(tmp_path / "folder", people=10, stages=(10,), step=STEP, neutrals=())
    outcome = rehearse(folder_at(folder), tmp_path / "out", faults=fault)
    document = json.loads(json.dumps(outcome.to_json(), default=str))
    assert document["trouble"]["fault"] == fault
    return document


@pytest.mark.parametrize("fault", ["walkaway", "liar"])
def test_a_continued_run_does_not_repeat_or_undo_what_broke_the_rules(tmp_path, fault):
    folder = small_folder(tmp_path / "folder", people=10, stages=(10,), step=STEP, neutrals=())
    first, again = (rehearse(folder_at(folder), tmp_path / "out", faults=fault) for _ in range(2))
    assert again.trouble == first.trouble
    told = [{**each.findings.position.to_json(), "as_of": ""} for each in (first, again)]
    assert told[0] == told[1], "only the clock has gone on"
    assert again.findings.conflicts == first.findings.conflicts
    held = [{entry.hash for entry in each.findings.union.entries} for each in (first, again)]
    assert held[0] == held[1]


def honest_lead(document) -> int:
    """The largest lead of the side that followed the rules."""
    return max(
        lead
        for side, lead in document["largest_lead"].items()
        if side != document["trouble"]["side"]
    )


def test_a_side_that_leaves_in_the_middle_of_a_step_leaves_the_other_at_most_one_step_ahead(
    tmp_path,
):
    document = played_with(tmp_path, "walkaway")
    assert not document["complete"]
    assert document["verified"]
    assert honest_lead(document) <= STEP

    assert {cell["step"] for cell in document["position"]["cells"]} == {document["trouble"]["step"]}


def test_wrong_sums_are_shown_beside_what_the_acts_add_up_to(tmp_path):
    document = played_with(tmp_path, "liar")
    assert "crossing.closings-differ" in {each["code"] for each in document["conflicts"]}
    assert honest_lead(document) <= STEP
    signed = [c for c in document["position"]["cells"] if c["attested_by"] == "both"]
    assert sum(cell["count"] for cell in signed) == 20


def test_two_versions_of_a_log_are_found_and_nobody_is_ordered_out_any_more(tmp_path):
    document = played_with(tmp_path, "fork")
    assert not document["verified"]
    assert not document["complete"]
    assert "record.fork" in {problem["value"] for problem in document["problems"]}
    assert honest_lead(document) <= STEP


def test_a_stage_that_cannot_be_planned_ends_the_story_with_what_was_signed_by_then(tmp_path):
    path = small_folder(tmp_path / "folder", people=10, stages=(5, 5), step=STEP, neutrals=())
    exchange = (path / "exchange.yaml").read_text(encoding="utf-8")
    narrow = exchange.replace("{heads: 400}", "{heads: 400, stages: {2: 3}}")
    (path / "exchange.yaml").write_text(narrow, encoding="utf-8")
    outcome = rehearse(folder_at(path), tmp_path / "out")
    assert "plan.clauses-conflict" in {problem.code for problem in outcome.problems}
    position = json.loads((tmp_path / "out" / "position.json").read_text(encoding="utf-8"))
    assert not position["complete"]
    assert sum(row["done"] for row in position["owed"]) == 10
    assert sum(row["left"] for row in position["owed"]) == 10
    again = rehearse(folder_at(path), tmp_path / "out")
    assert again.findings.position.cells == outcome.findings.position.cells
    assert again.problems == outcome.problems


@pytest.mark.soak
def test_a_clock_that_is_a_year_off_changes_no_count(tmp_path):
    document = played_with(tmp_path, "clock")
    assert document["complete"]
    assert document["verified"]


@pytest.mark.soak
def test_programs_that_end_at_any_moment_lose_nothing_and_count_nothing_twice(tmp_path):
    folder = small_folder(tmp_path / "folder", people=20, stages=(10, 10), step=STEP)
    outcome = rehearse(folder_at(folder), tmp_path / "out", faults="crash")
    assert outcome.findings.position.complete
    assert outcome.sound
    assert sum(outcome.restarts.values()) > 0


def test_a_run_too_short_for_the_deed_says_that_everybody_kept_the_rules(tmp_path):
    folder = small_folder(
        tmp_path / "folder", people=4, stages=(4,), step=4, neutrals=(), statements=False
    )
    sides = ("north", "south")
    late = next(seed for seed in range(20) if Adversary("liar", sides, seed).turn > 1)
    outcome = rehearse(folder_at(folder), tmp_path / "out", faults="liar", seed=late)
    assert [(p.code, p.level) for p in outcome.problems] == [
        ("rehearsal.fault-not-reached", "warning")
    ]
    assert outcome.trouble["step"] is None
    assert outcome.findings.position.complete
