"""The page on the exchange folder: the folder that it builds block by block is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from homeward.people import read_list
from homeward.plan.resources import read_resources
from homeward.rehearsal.events import NEEDS
from homeward.rehearsal.folder import read_folder
from homeward.terms import read_annexes, read_terms

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "exchange-folder.md"
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)
REQUIRED = {"exchange.yaml", "terms.yaml", "stages.yaml", "gold.csv"}
REQUIRED |= {"statements.yaml", "expected.yaml"}
REQUIRED |= {f"{side}/{which}.csv" for side in ("north", "south") for which in ("held", "sought")}


def blocks() -> dict[str, str]:
    return dict(BLOCK.findall(PAGE.read_text("utf-8")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in blocks().items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_shows_every_file_once() -> None:
    named = [name for name, _ in BLOCK.findall(PAGE.read_text("utf-8"))]
    assert sorted(named) == sorted(REQUIRED)


def test_terms_stages_and_resources_of_the_page_have_no_problem() -> None:
    shown = blocks()
    resources = yaml.safe_load(shown["exchange.yaml"])["resources"]
    terms, problems = read_terms(shown["terms.yaml"])
    assert not problems
    assert terms is not None
    annexes, problems = read_annexes(shown["stages.yaml"], terms, sites=resources["sites"])
    assert not problems
    assert sum(size.count for annex in annexes for size in annex.sizes) == 6
    assert read_resources(resources)[1] == ()


def test_lists_of_the_page_can_be_read_and_its_gold_fits_them() -> None:
    shown = blocks()
    ids = {}
    for name in sorted(REQUIRED):
        if "/" in name:
            read = read_list(name, shown[name].encode())
            assert not [problem for problem in read.problems if problem.level == "error"]
            ids[name] = {line.id for line in read.lines}
    header, *pairs = shown["gold.csv"].splitlines()
    assert header == "sought_side,sought_id,held_side,held_id"
    for pair in pairs:
        seeker, sought, holder, held = pair.split(",")
        assert sought in ids[f"{seeker}/sought.csv"]
        assert held in ids[f"{holder}/held.csv"]


def test_the_folder_of_the_page_can_be_read_whole(folder: Path) -> None:
    read, problems = read_folder(folder)
    assert not [str(problem) for problem in problems]
    assert read is not None
    assert len(read.gold or ()) == 7


@pytest.mark.parametrize("name", ["istanbul-2025", "three-rivers", "small-unequal"])
def test_every_example_can_be_read_whole(name: str) -> None:
    read, problems = read_folder(ROOT / "examples" / name)
    assert not [str(problem) for problem in problems]
    assert read is not None


def test_the_page_has_every_kind_of_event_with_what_it_needs() -> None:
    shown = re.findall(r"^\| `(\w+)` \|.*\| `(\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert dict(shown) == NEEDS


def test_a_folder_without_its_terms_is_refused_with_the_files_name(folder: Path) -> None:
    (folder / "terms.yaml").unlink()
    (folder / "gold.csv").write_text("a,b\n", encoding="utf-8")
    read, problems = read_folder(folder)
    assert read is None
    assert {problem.place.partition(":")[0] for problem in problems} >= {"terms.yaml", "gold.csv"}
