"""Planning beside the pages: a child looks for the plan, the desk is free, what is signed holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeward.office import jobs
from homeward.office.jobs import in_child
from homeward.problem import Refused
from homeward.record import Entry
from tests.office.at_the_line import bring_to_the_plan
from tests.office.offices import Office, offices, serving
from tests.office_pages.visiting import Answer, Visitor, officer_at, once_over, open_pages
from tests.rehearsal.small import small_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of north's office, where a stage of four is agreed and nothing is planned."""
    base = tmp_path_factory.mktemp("devising")
    with offices(base, ("north", "south")) as running:
        bring_to_the_plan(
            running, small_folder(base / "folder", people=4, stages=(4,), step=2, spare=2)
        )
    return base / "north"


@pytest.fixture
def north(folder: Path, tmp_path: Path) -> Iterator[Office]:
    """A copy of north's office with its pages open."""
    shutil.copytree(folder, tmp_path / "north")
    with open_pages(tmp_path / "north") as address:
        yield Office("north", tmp_path / "north", int(address.rsplit(":", 1)[1]))


def planned(office: Office) -> list[Entry]:
    return [entry for entry in office.entries() if entry.kind == "plan-proposed"]


def until_over(officer: Visitor) -> Answer:
    page = officer.get("/plan/")
    assert ("<progress" in page.text) == ('<noscript><meta http-equiv="refresh"' in page.text)
    return once_over(officer, page)


@pytest.fixture
def by_the_verb(folder: Path, tmp_path: Path) -> tuple[Entry, dict[str, object]]:
    """What the verb itself signs in the same office, and that plan with its certificate."""
    shutil.copytree(folder, tmp_path / "beside")
    with serving(tmp_path / "beside") as port:
        office = Office("north", tmp_path / "beside", port)
        office.do("make-plan", stage=1)
        (entry,) = planned(office)
        text, proof = office.opened(entry).decode(), json.loads(office.opened(entry, 1))
        return entry, {"plan": text, "certificate": proof}


def test_a_plan_looked_for_beside_the_pages_is_the_one_that_the_verb_makes(
    north: Office, by_the_verb: tuple[Entry, dict[str, object]]
):
    officer = officer_at(north)
    started = officer.send("/plan/", {"verb": "make-plan", "stage": 1})
    assert re.search(r"<progress|on the table", started.text), started.text
    assert officer.get("/").status == 200
    assert "on the table" in until_over(officer).text
    (entry,) = planned(north)
    assert entry.digest == by_the_verb[0].digest


def test_a_plan_asked_for_again_while_it_is_looked_for_and_after_is_signed_once(north: Office):
    officer, other = officer_at(north), officer_at(north)
    pages = [one.get("/plan/") for one in (officer, other)]
    for one, page in zip((officer, other), pages, strict=True):
        one.send("/plan/", {"verb": "make-plan", "stage": 1}, page=page)
    until_over(officer)
    officer.send("/plan/", {"verb": "make-plan", "stage": 1})
    until_over(officer)
    assert len(planned(north)) == 1


def test_a_found_plan_that_holds_no_longer_is_refused_and_a_true_one_is_signed(
    north: Office, by_the_verb: tuple[Entry, dict[str, object]]
):
    _, found = by_the_verb
    short = {**found, "plan": str(found["plan"]).rstrip().rpartition("\n")[0] + "\n"}
    assert north.refusal("make-plan", stage=1, found=short) == ["office.plan-overtaken"]
    unproven = {**found, "certificate": {}}
    assert north.refusal("make-plan", stage=1, found=unproven) == ["office.plan-overtaken"]
    assert planned(north) == []
    north.do("make-plan", stage=1, found=found)
    assert len(planned(north)) == 1


def test_what_another_step_would_cost_is_told_and_nothing_is_signed(north: Office):
    officer = officer_at(north)
    officer.send("/plan/", {"verb": "costs", "stage": 1, "sizes": "1, 2, 4"})
    table = until_over(officer).text.partition('scope="col" class="number">Heads a step')[2]
    rows = re.findall(r'<tr><td class="number">(\d+)</td><td class="number">(\d+)</td>', table)
    assert [(int(step), int(steps)) for step, steps in rows] == [(1, 4), (2, 2), (4, 1)]
    assert planned(north) == []
    wrong = officer.send("/plan/", {"verb": "costs", "stage": 1, "sizes": "many"})
    assert wrong.status == 422
    assert "plan.bad-steps" in wrong.text


def test_a_stage_that_nobody_has_agreed_on_is_told_on_the_page(north: Office):
    officer = officer_at(north)
    officer.send("/plan/", {"verb": "make-plan", "stage": 7})
    assert "office.no-annex" in until_over(officer).text
    assert planned(north) == []


def test_a_child_that_takes_too_long_is_ended_and_one_that_fails_says_nothing_of_why():
    with pytest.raises(Refused) as refusal:
        in_child("homeward.office.planner", b"", limit=0)
    assert [problem.code for problem in refusal.value.problems] == ["office.took-too-long"]
    with pytest.raises(subprocess.CalledProcessError):
        in_child("homeward.office.planner", b"not a question", limit=600)


def test_a_child_that_is_slow_to_begin_still_gets_all_it_was_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "_TICK", 1e-4)  # it cannot have read everything by then
    asked = list(range(300_000))  # more than a pipe holds
    answer = in_child("json.tool", json.dumps(asked).encode(), limit=120)
    assert json.loads(answer) == asked
