"""What happened is read from what people wrote: every slip is named, and none ends in a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from homeward.plan import explain_person
from homeward.plan.events import Event, situation
from homeward.problem import Refused, errors
from homeward.rehearsal.planfolder import read_planned, read_what_happened
from tests.plan.demo import demo

CELL = (
    "from: north, to: south, category: military, state: living, group: inside, stage: 1, step: 1, "
    "outcome: transferred, attested_by: both"
)


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "[1]",
        "\x00",
        "done: 3",
        "done: [[1]]",
        "events: 3",
        "events: [3]",
        "events: [{kind: refused, who: x}]",
        "cells: 3",
        "cells: [3]",
        "cells: [{outcome: transferred, attested_by: both}]",
        f"cells: [{{{CELL}, count: many}}]",
        f"cells: [{{{CELL}, count: -1}}]",
        "position: {cells: {}, done: x}",
    ],
)
def test_every_slip_in_what_happened_is_a_problem(tmp_path: Path, text: str):
    file = tmp_path / "happened.yaml"
    file.write_text(text)
    _, _, problems = read_what_happened(file, demo()[3])
    assert errors(problems)


def test_a_position_says_how_many_of_a_step_have_crossed(tmp_path: Path):
    plan = demo()[3]
    file = tmp_path / "position.json"
    file.write_text(f"position: {{cells: [{{{CELL}, count: 3}}]}}")
    done, events, problems = read_what_happened(file, plan)
    first = [row.handle for row in plan.rows if row.step == 1 and row.sender == "north"]
    assert list(done) == first[:3]
    assert events == ()
    assert errors(problems) == []


@pytest.mark.parametrize("words", [{"kind": [1]}, {"kind": "refused", "handle": [1]}])
def test_an_event_of_any_shape_is_refused_by_name(words: dict[str, object]):
    _, annexes, lines, plan = demo()
    with pytest.raises(Refused) as stop:
        situation(plan, annexes, lines, events=[Event(**words)])  # type: ignore[arg-type]
    assert {problem.code for problem in stop.value.problems} == {"plan.unknown-event"}


@pytest.mark.parametrize("text", ["{", "[1]", "3"])
def test_a_damaged_certificate_is_named(tmp_path: Path, text: str):
    worked = Path(__file__).parents[2] / "examples" / "small-unequal"
    for name in ("exchange.yaml", "terms.yaml", "stages.yaml"):
        (tmp_path / name).write_bytes((worked / name).read_bytes())
    (tmp_path / "lines.csv").write_text(
        "handle,holder,claimant,category,state,medical,held_since,site,seats,group_code\n"
    )
    (tmp_path / "plan.csv").write_text("handle,from,to,stage,step,trip,order\n")
    (tmp_path / "certificate.json").write_text(text)
    with pytest.raises(Refused) as stop:
        read_planned(tmp_path)
    assert [problem.code for problem in stop.value.problems] == ["plan.bad-certificate"]


def test_a_seed_that_is_no_number_explains_as_the_seed_0():
    terms, annexes, lines, plan = demo()

    for seed in ("x", None, 1.5):
        odd = replace(plan, certificate={"seed": seed})
        assert explain_person(odd, plan.rows[0].handle, terms, annexes, lines)
