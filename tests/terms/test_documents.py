"""The reference pages are true: examples read, every field and code is there, schemas match."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from homeward.terms import check, read_annexes, read_done, read_terms
from homeward.terms import language as words
from homeward.terms.annexes import STAGES, stages_schema
from homeward.terms.articles import AGREEMENT, terms_schema
from homeward.terms.happened import DONE, FATES, TURNS, done_schema
from homeward.terms.shapes import Either, Fields, Listing, Named, Table

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "homeward" / "terms"
PAGES = {
    name: (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("terms", "stages", "problems-terms")
}


def block(page, kind):
    return re.search(rf"```yaml {kind}\n(.*?)```", PAGES[page], re.DOTALL)[1]


def field_names(shape):
    if isinstance(shape, Fields):
        for name, inner in {**shape.required, **shape.optional}.items():
            yield name
            yield from field_names(inner)
    elif isinstance(shape, (Listing, Named, Table)):
        yield from field_names(shape.of)
    elif isinstance(shape, Either):
        for inner in (shape.value, shape.many, shape.table):
            yield from field_names(inner)


def test_the_worked_example_has_no_problem_and_no_warning():
    read, problems = read_terms(block("terms", "terms"))
    assert problems == ()
    assert [str(problem) for problem in check(read).problems] == []
    assert [row["count"] for row in read.owed()] == [600, 600, None, None]


def test_the_stage_example_fits_the_terms_example():
    read, _ = read_terms(block("terms", "terms"))
    annexes, problems = read_annexes(block("stages", "stages"), read)
    assert problems == ()
    assert annexes[0].count(category="military") == 260


def test_the_events_example_is_judged():
    read, _ = read_terms(block("terms", "terms"))
    done, problems = read_done(block("terms", "done"), read)
    assert problems == ()
    judgement = check(read, done=done)
    assert judgement.verdict == "with_deviations"
    assert [p.code for p in judgement.problems if p.level == "warning"] == [
        "terms.refused-by-person"
    ]


@pytest.mark.parametrize(
    ("page", "shape"), [("terms", AGREEMENT), ("terms", DONE), ("stages", STAGES)]
)
def test_every_field_is_on_its_page(page, shape):
    missing = {name for name in field_names(shape) if f"`{name}" not in PAGES[page]}
    assert missing == set()


def test_every_word_of_a_closed_list_is_on_the_page():
    lists = (
        *(words.STATES, words.GROUPS, words.COUNTING, words.PARTY_ROLES, words.OTHER_ROLES),
        *(words.FORMS, words.LINKS, words.COUNTS_WHEN, words.SIGNERS, FATES, TURNS),
        *words.EFFECTS.values(),
        words.EFFECTS,
    )
    missing = {word for one in lists for word in one if f"`{word}" not in PAGES["terms"]}
    assert missing == set()


def codes_in_source():
    patterns = (
        r'"terms\.([a-z-]+)"',
        r'(?:document\.(?:say|warn)|yield)\(?\s*"([a-z]+(?:-[a-z]+)+|empty|alias|tag|excess|late|encoding)"',
        r'_refuse\(document, line, "([a-z-]+)"',
        r'\("([a-z-]+)", "(?:warning|note)"\)',
        r'_problem\("([a-z-]+)"',
    )
    found = {
        code
        for path in SOURCE.glob("*.py")
        for pattern in patterns
        for code in re.findall(pattern, path.read_text(encoding="utf-8"))
    }
    return found - {"yaml"}  # the default name of a text, not a code


def test_every_code_has_its_line_and_every_line_a_code():
    documented = set(re.findall(r"`terms\.([a-z-]+)`", PAGES["problems-terms"]))
    assert codes_in_source() - documented == set()
    assert documented - codes_in_source() == set()


@pytest.mark.parametrize(
    ("name", "made"),
    [("terms", terms_schema), ("stages", stages_schema), ("done", done_schema)],
)
def test_the_published_schema_is_the_readers_own(name, made):
    kept = json.loads((SOURCE / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(made()))
