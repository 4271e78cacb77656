"""An exchange from the agreement to the last person home, played by separate programs."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from homeward.dates import parse_instant
from homeward.problem import Refused
from homeward.rehearsal import FolderCopy, Until, read_union, rehearse
from homeward.rehearsal.expected import read_expected
from homeward.rehearsal.outcome import unexpected
from tests.rehearsal.conftest import folder_at, listening
from tests.rehearsal.small import small_folder

DOCS = Path(__file__).parents[2] / "docs" / "reference"


def homeward(*words) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "homeward", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_everyone_owed_is_signed_for_by_both_sides(played):
    position = played.outcome.findings.position
    assert position.complete
    assert position.count(attested_by="both", outcome="transferred") == 40
    assert {row["left"] for row in position.owed} == {0}


def test_nobody_is_ever_more_than_one_step_ahead(played):
    position = played.outcome.findings.position
    assert position.step == 5
    assert position.largest_lead == {"north": 5, "south": 5}
    assert position.lead == {"north": 0, "south": 0}


def test_home_stands_beside_the_count(played):
    rows = played.outcome.findings.position.home
    assert [(row["to"], row["stage"], row["count"]) for row in rows] == [
        ("north", 1, 10),
        ("north", 2, 10),
        ("south", 1, 10),
        ("south", 2, 10),
    ]


def test_every_copy_is_verified_by_a_program_of_its_own(played):
    assert played.outcome.sound
    assert sorted(played.outcome.verified) == ["north", "observer", "south"]
    for path in played.copies():
        assert homeward("verify", path, "--json").returncode == 0


def test_the_result_folder_holds_what_a_reader_needs(played):
    document = json.loads((played.out / "position.json").read_text(encoding="utf-8"))
    assert document["complete"]
    rows = list(csv.DictReader((played.out / "plan.csv").read_text().splitlines()))
    assert list(rows[0])[:7] == ["handle", "from", "to", "stage", "step", "trip", "order"]
    assert len(rows) == 40
    pairs = list(csv.DictReader((played.out / "pairs.csv").read_text().splitlines()))
    assert list(pairs[0])[:5] == ["sought_id", "held_id", "probability", "decision", "reasons"]
    for name in ("claims.json", "run.json", "report.html"):
        assert (played.out / name).stat().st_size
    for office in ("north", "south", "observer"):
        assert (played.out / office / "office.db").is_file()
        assert (played.out / office / "record" / "exchange.txt").is_file()


def test_the_plan_can_be_explained_from_the_result_folder(played):
    handle = (played.out / "plan.csv").read_text().splitlines()[1].split(",")[0]
    answer = homeward("explain", played.out / "plan.csv", handle, "--json")
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["reasons"]


def test_what_comes_out_otherwise_than_expected_is_named(played):
    text = (
        "format: homeward-expected/1\n"
        'horizons: {end: {known_at: "2031-05-04T23:00:00+02:00"}}\n'
        "position:\n"
        "  end:\n"
        "    complete: true\n"
        "    transfers: 41\n"
        "    largest_lead: {north: 5, south: 5}\n"
        "    directions: [{from: north, to: south, agreed: 20, signed_by_both: 20, civilian: 5}]\n"
        "claims: {own-count.1: {as_said: consistent, end: contradicted}}\n"
    )
    expected, problems = read_expected(text)
    assert expected is not None, problems
    later = replace(played.outcome.findings, at=parse_instant("2031-05-05T00:00:00+02:00"))
    found = unexpected(later, expected)
    assert [(p.place, p.expected) for p in found] == [
        ("expected.yaml:6", "41"),
        ("expected.yaml:8", "5"),
        ("expected.yaml:9", "contradicted"),
    ]
    early = replace(later, at=parse_instant("2031-05-03T00:00:00+02:00"))
    assert unexpected(early, expected) == ()


def test_matching_is_scored_before_anyone_decides(played):
    matched = played.outcome.matched
    assert matched is not None
    assert matched.true_pairs == 40
    assert matched.precision == 1.0
    same = [pair for pair in matched.pairs if pair.decision == "same"]
    assert matched.recall == len(same) / 40


def test_what_was_said_is_judged_and_moves_nothing(played):
    judged = {
        each.claim.id: each for each in played.outcome.findings.judged(played.outcome.findings.at)
    }
    assert judged["outsider.1"].as_said.verdict == "premature"
    assert judged["own-count.1"].as_known.verdict == "consistent"
    kinds = [entry.kind for entry in played.outcome.findings.union.entries]
    assert kinds.count("statement-recorded") == 2
    without = [e for e in played.outcome.findings.union.entries if e.kind != "statement-recorded"]
    from homeward.crossing import position

    again = position(without, sides=("north", "south"), terms=played.folder.terms)
    assert again.cells == played.outcome.findings.position.cells


def test_a_continued_run_changes_nothing(played):
    before = {p: FolderCopy(p)[name] for p in played.copies() for name in ["exchange.txt"]}
    files = {p: dict(FolderCopy(p)) for p in played.copies()}
    reached = json.loads((played.out / "run.json").read_text())["clock"]
    with listening() as heard:
        again = rehearse(played.folder, played.out)
    sent = b"".join(bytes(args[1]) for event, args in heard if event == "http.client.send")
    told = {at.decode() for at in re.findall(rb'"now": "([^"]+)"', sent)}
    assert told, "offices are told the time"
    assert min(map(parse_instant, told)) >= parse_instant(reached), "and never an earlier one"
    assert again.findings.position.cells == played.outcome.findings.position.cells
    assert {p: FolderCopy(p)["exchange.txt"] for p in before} == before
    for path, held in files.items():
        now = dict(FolderCopy(path))
        assert {n: d for n, d in now.items() if "/tile/" in n} == {
            n: d for n, d in held.items() if "/tile/" in n
        }


def test_another_folder_or_seed_is_refused_on_the_same_result_folder(played, tmp_path):
    with pytest.raises(Refused) as other_seed:
        rehearse(played.folder, played.out, seed=8)
    assert [p.code for p in other_seed.value.problems] == ["rehearsal.other-run"]
    other = folder_at(small_folder(tmp_path / "other", people=10, stages=(10,)))
    with pytest.raises(Refused) as other_folder:
        rehearse(other, played.out)
    assert [p.code for p in other_folder.value.problems] == ["rehearsal.other-run"]


def test_a_result_folder_with_something_else_in_it_is_left_alone(played, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(Refused) as refusal:
        rehearse(played.folder, tmp_path)
    assert [p.code for p in refusal.value.problems] == ["rehearsal.out-not-empty"]


def test_leaving_out_one_sides_log_leaves_one_sides_word(copy_of_record, tmp_path):
    shutil.rmtree(copy_of_record / "south.office.1")
    answer = homeward("position", copy_of_record, "--json")
    assert answer.returncode == 0, answer.stderr
    cells = json.loads(answer.stdout)["cells"]
    assert {(c["from"], c["to"], c["attested_by"]) for c in cells} == {
        ("north", "south", "holder"),
        ("south", "north", "receiver"),
    }


def test_what_is_left_is_counted_by_the_text_that_was_signed_and_by_no_other(played, tmp_path):
    copy = played.out / "north" / "record"
    text = played.folder.terms_text
    for said, code in ((text, 0), (text.replace("exact: 20", "exact: 30"), 1)):
        (tmp_path / "terms.yaml").write_text(said, encoding="utf-8")
        answer = homeward("position", copy, "--terms", tmp_path / "terms.yaml", "--json")
        assert (answer.returncode, "crossing.other-terms" in answer.stderr) == (code, bool(code))


def test_a_changed_byte_is_found_and_its_place_named(copy_of_record):
    tile = next((copy_of_record / "north.office.1" / "tile" / "entries").rglob("*.p/*"))
    data = bytearray(tile.read_bytes())
    data[len(data) // 2] ^= 1
    tile.write_bytes(data)
    answer = homeward("verify", copy_of_record, "--json")
    assert answer.returncode == 1
    said = json.loads(answer.stdout)
    assert not said["sound"]
    assert said["reason"]["file"].startswith("north.office.1/")


def test_a_cut_tail_is_found_by_another_copy(played, copy_of_record):
    log = copy_of_record / "south.office.1"
    shutil.rmtree(log)
    older = sorted((played.out / "south" / "record" / "south.office.1" / "checkpoints").iterdir())
    assert older
    answer = homeward(
        "verify", copy_of_record, "--against", played.out / "south" / "record", "--json"
    )
    said = json.loads(answer.stdout)
    assert "south.office.1" in json.dumps(said["notes"]) or not said["sound"]


def test_a_copy_is_read_without_following_links(copy_of_record, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("not part of the copy")
    (copy_of_record / "link").symlink_to(secret)
    (copy_of_record / "folder").symlink_to(tmp_path)
    assert not [name for name in FolderCopy(copy_of_record) if "link" in name or "folder" in name]


def test_copies_of_two_exchanges_are_not_put_together(played, copy_of_record):
    union = read_union([copy_of_record, played.out / "south" / "record"])
    assert len(union.entries) == len(played.outcome.findings.union.entries)


def test_without_a_neutral_a_run_stops_after_a_stage_and_goes_on_from_there(tmp_path):
    path = small_folder(tmp_path / "folder", neutrals=(), people=10, stages=(5, 5), step=3)
    gold = (path / "gold.csv").read_text()
    assert "nh-002" in gold
    swapped = gold.replace("nh-002", "nh-gap").replace("nh-003", "nh-002").replace("gap", "003")
    (path / "gold.csv").write_text(swapped)
    folder = folder_at(path)
    first = rehearse(folder, tmp_path / "out", until=Until(stage=1))
    assert first.matched is not None
    wrong = {("ss-002", "nh-003"), ("ss-003", "nh-002")}
    sure = {(p.sought_id, p.held_id) for p in first.matched.pairs if p.decision == "same"}
    assert {("ss-002", "nh-002"), ("ss-003", "nh-003")} <= sure, "the officers are not asked"
    assert not wrong & sure
    assert first.matched.precision is not None
    assert first.matched.precision < 1
    assert not first.findings.position.complete
    assert first.findings.position.count(attested_by="both") == 10
    assert {entry.stage for entry in first.findings.union.entries} == {None, 1}
    whole = rehearse(folder, tmp_path / "out")
    assert whole.findings.position.complete
    assert whole.sound
    kept = {entry.hash for entry in whole.findings.union.entries}
    assert {entry.hash for entry in first.findings.union.entries} <= kept


def test_a_ring_in_one_stage_with_nothing_but_terms_and_lists(tmp_path):
    ring = (("east", "north"), ("north", "south"), ("south", "east"))
    path = small_folder(
        tmp_path / "folder",
        moves=ring,
        neutrals=(),
        stages=None,
        people=6,
        step=3,
        spare=4,
        gold=False,
        statements=False,
    )
    outcome = rehearse(folder_at(path), tmp_path / "out", carry="http")
    assert outcome.findings.position.complete
    assert outcome.sound
    assert max(outcome.findings.position.largest_lead.values()) <= 3
    assert outcome.matched is not None
    assert outcome.matched.precision is None


def test_the_document_has_the_keys_that_the_page_promises(played):
    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    section = page.partition("## homeward rehearse")[2].partition("\n## ")[0]
    table = section.partition("| key of `--json` | |")[2]
    promised = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    document = json.loads(json.dumps(played.outcome.to_json(), default=str))
    assert promised == set(document)


def test_a_stick_carries_packages_and_a_backup_makes_the_office_again(played, tmp_path):
    north = shutil.copytree(played.out / "north", tmp_path / "north")
    out = homeward("package", "out", north, "--json")
    assert out.returncode == 0, out.stderr
    assert isinstance(json.loads(out.stdout)["written"], list)
    packages = sorted((played.out / "north" / "taken").glob("*.south.package"))[:2]
    taken = homeward("package", "in", north, *packages, "--json")
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout)["entries"] == 0
    kept = homeward("office", "backup", north, tmp_path / "north.backup")
    assert kept.returncode == 0, kept.stderr
    again = homeward(
        *("office", "restore", tmp_path / "north.backup", tmp_path / "again"),
        *("--officers", "north-a,north-b"),
    )
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "again" / "keys").is_file()
