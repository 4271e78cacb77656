"""What the pages on the crossing say is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from homeward.crossing import Act, position
from homeward.words import LANGUAGES, known
from tests.crossing.mutants import GUARDS, NAIVE, RESTORES, Mutant
from tests.crossing.offices import Restored
from tests.crossing.search import explore
from tests.crossing.test_promise import LONG_SEARCHES, SEARCHES
from tests.crossing.test_spin import HOLDS, HOLDS_LONG

DOCS = Path(__file__).resolve().parents[2] / "docs"
PROMISE = (DOCS / "explanation" / "never-more-than-one-step.md").read_text(encoding="utf-8")
POSITION = (DOCS / "reference" / "position.md").read_text(encoding="utf-8")


def _block(page: str, language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found.group(1)


def test_the_worked_example_of_the_position_folds_as_printed() -> None:
    acts = []
    for line in _block(POSITION, "jsonl").splitlines():
        row = json.loads(line)
        author, writer, epoch = row.pop("log").split(".")
        row |= {"sender": row.pop("from"), "cls": row.pop("class")}
        acts.append(Act(line, author, writer, int(epoch), **row))
    printed = json.loads(_block(POSITION, "json"))
    assert position(acts, sides=("north", "south")).to_json() == printed


def test_every_search_stands_in_the_page_with_its_number_of_states() -> None:
    for name, (states, _) in SEARCHES.items():
        assert f"| {name} | {states:,} |" in PROMISE
    for name, (states, _) in LONG_SEARCHES.items():
        assert f"| {name} (`make soak`) | {states:,} |" in PROMISE


def test_every_search_by_spin_stands_in_the_page_as_well() -> None:
    for name, (states, _) in HOLDS.items():
        assert f"| {name}, by spin | {states:,} |" in PROMISE
    for name, (states, _) in HOLDS_LONG.items():
        assert f"| {name}, by spin (`make soak`) | {states:,} |" in PROMISE


RESTORED = [mutant for mutant in GUARDS if isinstance(mutant.model(), Restored)]


@pytest.mark.parametrize(
    "mutant", [*NAIVE, *RESTORED, RESTORES[-1]], ids=lambda mutant: mutant.name
)
def test_the_schedule_in_the_page_is_the_one_the_search_finds(mutant: Mutant) -> None:
    found = explore(mutant.model())
    lines = [found.broken, *(f"{n}. {what}" for n, what in enumerate(found.schedule, 1))]
    assert "\n".join(["```text", *lines, "```"]) in PROMISE
    assert mutant.name.lower() in " ".join(PROMISE.lower().split())


@pytest.mark.parametrize("mutant", [*GUARDS, *RESTORES], ids=lambda mutant: mutant.name)
def test_every_guard_that_was_taken_out_is_named_in_the_page(mutant: Mutant) -> None:
    assert f"- {mutant.name}" in PROMISE


def test_every_test_that_the_page_names_is_there() -> None:
    told = (Path(__file__).parent / "test_rule.py").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`", PROMISE)
    assert named
    assert not [name for name in named if f"def {name}(" not in told]


def test_every_problem_of_the_crossing_has_its_line_and_no_line_is_left_over() -> None:
    source = Path(__file__).resolve().parents[2] / "src" / "homeward"
    code = re.compile(r'"(crossing\.[a-z0-9-]+)"')
    used = {c for path in source.rglob("*.py") for c in code.findall(path.read_text("utf-8"))}
    page = (DOCS / "reference" / "problems-crossing.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(crossing\.[a-z0-9-]+)` \|", page, re.MULTILINE)) == used


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_line_are_there_in_every_language(language: str) -> None:
    for key in ("act.released", "act.received", "attested.both", "outcome.transferred"):
        assert known(f"crossing.{key}", language)
