"""Reading an exchange folder: everything wrong is said at once, with its file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homeward.problem import errors
from homeward.rehearsal import read_folder
from tests.rehearsal.small import small_folder

DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture
def folder(tmp_path) -> Path:
    return small_folder(tmp_path / "folder")


def codes(path: Path) -> list[str]:
    read, problems = read_folder(path)
    assert (read is None) == bool(errors(problems))
    return sorted({problem.code for problem in problems})


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_whole_folder_has_no_problem(folder):
    assert codes(folder) == []


def test_an_empty_folder_lacks_everything_that_is_required(tmp_path):
    read, problems = read_folder(tmp_path)
    assert read is None
    assert [(p.code, p.place) for p in problems] == [
        ("rehearsal.missing-file", "exchange.yaml"),
        ("rehearsal.missing-file", "terms.yaml"),
    ]


def test_all_problems_of_all_files_are_said_at_once(folder):
    (folder / "north" / "held.csv").unlink()
    (folder / "south" / "sought.csv").write_text("")
    change(folder / "exchange.yaml", "seed: 7", "sead: 7")
    change(folder / "stages.yaml", "total: 10", "total: 11")
    change(folder / "gold.csv", "nh-003", "nh-999")
    assert {
        "rehearsal.missing-file",
        "rehearsal.empty-file",
        "rehearsal.unknown-field",
        "terms.sum-mismatch",
    } <= set(codes(folder))


def test_a_problem_names_its_file_and_line(folder):
    change(folder / "exchange.yaml", "seed: 7", "sead: 7")
    _, problems = read_folder(folder)
    lines = (folder / "exchange.yaml").read_text().splitlines()
    number = next(n for n, line in enumerate(lines, start=1) if line.startswith("sead"))
    assert [p.place for p in problems] == [f"exchange.yaml:{number}"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("- [north, south]", "- [north, north]", "rehearsal.gives-to-itself"),
        ("- [north, south]", "- [north, west]", "rehearsal.unknown-side"),
        ("- [north, south]", "- [south, north]", "rehearsal.move-twice"),
        ("proposer: north", "proposer: west", "rehearsal.unknown-side"),
        ("zone: Europe/Oslo", "zone: Europe/Nowhere", "rehearsal.no-such-date"),
        ('"2031-05-01T09:00:00+02:00"', '"2031-05-01T09:00:00"', "rehearsal.no-such-date"),
        ('"2031-05-01T09:00:00+02:00"', '"2031-05-02T17:30:00+02:00"', "rehearsal.clock-late"),
        ("south-a, south-b", "north-a, south-b", "rehearsal.officer-twice"),
        ("  observer:", "  north:", "rehearsal.party-twice"),
        ("seats: 60", "seats: many", "plan.bad-resource"),
        ("K1: {heads: 400}", "K2: {heads: 400}", "rehearsal.unknown-resource"),
        ("seed: 7", "seed: 7\nseed: 8", "rehearsal.key-twice"),
        ("events: []", "events: [{stage: 1, kind: refused}]", "rehearsal.missing-field"),
        (
            "events: []",
            "events: [{stage: 1, kind: side_stops, side: west}]",
            "rehearsal.unknown-side",
        ),
    ],
)
def test_what_is_wrong_in_exchange_yaml_is_named(folder, old, new, code):
    change(folder / "exchange.yaml", old, new)
    assert code in codes(folder)


def test_sides_of_the_agreement_and_of_the_cast_must_be_the_same(folder):
    text = (folder / "exchange.yaml").read_text().replace("south", "west")
    (folder / "exchange.yaml").write_text(text)
    assert {"rehearsal.sides-differ", "rehearsal.moves-differ"} <= set(codes(folder))


def test_a_side_that_gives_and_receives_nobody_is_a_neutral(folder):
    change(folder / "exchange.yaml", "neutrals:", "  west: {officers: [west-a, west-b]}\nneutrals:")
    assert "rehearsal.idle-side" in codes(folder)


def test_an_id_that_stands_twice_in_a_list_is_named(folder):
    change(folder / "north" / "held.csv", "nh-001", "nh-000")
    found = codes(folder)
    assert "people.id-twice" in found
    _, problems = read_folder(folder)
    assert any(p.place.startswith("north/held.csv:row ") for p in problems)


def test_a_list_in_another_encoding_is_named(folder):
    text = (folder / "north" / "held.csv").read_text().replace("Arden", "Ærden")
    (folder / "north" / "held.csv").write_bytes(text.encode("cp1252"))
    assert "rehearsal.encoding" in codes(folder) or any(
        c.startswith("people.") for c in codes(folder)
    )


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("sought_side,", "side,", "rehearsal.gold-columns"),
        ("south,ss-000,north,nh-000", "south,ss-000,north", "rehearsal.gold-row"),
        ("south,ss-000,north,nh-000", "south,ss-000,south,nh-000", "rehearsal.gold-move"),
        ("south,ss-000,north,nh-000", "south,ss-000,north,nh-777", "rehearsal.gold-id"),
    ],
)
def test_what_is_wrong_in_gold_csv_is_named(folder, old, new, code):
    change(folder / "gold.csv", old, new)
    assert code in codes(folder)


def test_a_statement_of_an_unknown_side_is_named(folder):
    change(folder / "statements.yaml", "party: north", "party: west")
    assert "claims.unknown-side" in codes(folder)


def test_an_expectation_at_an_unknown_horizon_is_named(folder):
    (folder / "expected.yaml").write_text(
        "format: homeward-expected/1\n"
        'horizons: {end: {known_at: "2031-05-06T00:00:00+02:00"}}\n'
        "position: {later: {complete: true}}\n"
    )
    assert codes(folder) == ["rehearsal.unknown-horizon"]


def test_a_file_whose_name_may_be_a_slip_draws_a_warning(folder):
    (folder / "stage.yaml").write_text("stages: []")
    read, problems = read_folder(folder)
    assert read is not None
    assert [(p.code, p.level, p.place) for p in problems] == [
        ("rehearsal.unknown-file", "warning", "stage.yaml")
    ]


def test_nothing_is_written_while_reading(folder):
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    read_folder(folder)
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before


def test_the_same_folder_has_the_same_digest_and_another_one_another(folder, tmp_path):
    one, _ = read_folder(folder)
    twin, _ = read_folder(small_folder(tmp_path / "twin"))
    other, _ = read_folder(small_folder(tmp_path / "other", step=4))
    assert one is not None
    assert twin is not None
    assert other is not None
    assert one.digest == twin.digest != other.digest


def test_every_problem_code_of_the_room_is_documented():
    source = Path(__file__).parents[2] / "src" / "homeward" / "rehearsal"
    used = set()
    for path in source.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'"rehearsal\.([a-z-]+)"', text))
        used |= set(re.findall(r'document\.(?:say|warn)\(\s*"([a-z-]+)"', text))
    page = (DOCS / "problems-rehearsal.md").read_text(encoding="utf-8")
    assert {code for code in used if f"`rehearsal.{code}`" not in page} == set()
