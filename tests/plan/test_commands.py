"""plan, explain and replan by hand: what was agreed for the plan holds for what follows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from homeward.cli import main
from homeward.plan import Plan, certify
from homeward.plan.aims import read_aims
from homeward.plan.events import situation
from homeward.problem import errors
from homeward.rehearsal.planfolder import read_planned

EXCHANGE = """\
format: homeward-exchange/1
title: ferry
sides: {north: {name: N, officers: [na, nb]}, south: {name: S, officers: [sa, sb]}}
neutrals: {}
moves: [[north, south]]
clock: {start: "2031-05-05T09:00:00+03:00", zone: Europe/Kyiv}
seed: 7
resources:
  sites: {hill: {holder: north}, lake: {holder: north}}
  vehicles: {van: {site: hill, seats: 2}, boat: {site: lake, seats: 2}}
  crossings: {K: {heads: 3}}
"""
TERMS = """\
format: homeward-terms/1
id: ferry
title: ferry
agreed: {date: 2031-05-05}
parties: {north: {name: N}, south: {name: S}}
obligations: [{id: a, from: north, to: south, quantity: {exact: 4}}]
balance: {no_bound: true}
"""
STAGES = """\
format: homeward-stages/1
stages:
  - {stage: 1, counting: each, sizes: [{from: north, to: south, total: 2}]}
  - {stage: 2, counting: each, sizes: [{from: north, to: south, total: 2}]}
"""
AIMS = "medical,held:50,trips"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = "handle,holder,claimant,category,state,medical,held_since,site,seats,group_code\n"
    for n in range(8):
        site = ("hill", "lake")[n % 2]
        lines += f"n{n},north,south,person,living,0,2020-{n + 1:02d},{site},1,\n"
    for name, text in (
        ("exchange.yaml", EXCHANGE),
        ("terms.yaml", TERMS),
        ("stages.yaml", STAGES),
        ("lines.csv", lines),
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


def said(*words: object) -> dict[str, object]:
    done = CliRunner().invoke(main, [*map(str, words), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def names(found: dict[str, object]) -> list[str]:
    levels: list[dict[str, str]] = found["objective"]  # type: ignore[assignment]
    return [level["name"] for level in levels]


def test_what_was_agreed_for_a_plan_holds_when_it_is_explained_and_made_again(
    folder: Path, tmp_path: Path
) -> None:
    out, new = tmp_path / "out", tmp_path / "new"
    assert names(said("plan", folder, "--aims", AIMS, "--out", out)) == ["medical", "held", "trips"]
    told = said("explain", out, "n7")
    assert "cost_level" in told["codes"]  # type: ignore[operator]
    _, before = read_planned(out)
    happened = tmp_path / "happened.yaml"
    happened.write_text(f"events: [{{kind: refused, handle: {before.rows[0].handle}}}]\n")
    changed = said("replan", out, happened, "--out", new)
    assert names(changed) == ["told", "medical", "held", "trips"]
    task, after = read_planned(new)
    assert isinstance(after, Plan)
    now = situation(before, task.annexes, task.lines, task.resources, events=[])
    lines = tuple(x for x in now.lines if x.handle != before.rows[0].handle)
    given = (after, task.terms, now.annexes, lines, now.resources)
    assert errors(certify(*given, before=before, aims=read_aims(AIMS))) == []


def test_who_is_no_planner_is_told_when_and_not_why(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said("plan", folder, "--out", out)
    plainly = said("explain", out, "n7", "--plainly")
    assert plainly["reasons"] == ["n7 is in none of the stages planned here."]
    assert len(said("explain", out, "n7")["reasons"]) > 2  # type: ignore[arg-type]
