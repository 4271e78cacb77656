"""The pages on claims say what the code does."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from homeward.claims import judge_statement, lists, load_statements
from homeward.terms import read_annexes, read_terms
from homeward.words import known, say
from tests.claims.replay import World

DOCS = Path(__file__).parents[2] / "docs" / "reference"
PAGE = (DOCS / "claims.md").read_text(encoding="utf-8")
SOURCES = Path(__file__).parents[2] / "src" / "homeward" / "claims"

TERMS = """
format: homeward-terms/1
id: page
title: {en: "A hundred for a hundred"}
agreed: {date: 2031-05-01, place: {en: "Valletta"}}
parties: {north: {name: {en: "North"}}, south: {name: {en: "South"}}}
obligations:
  - {id: all, between: [north, south], what: "prisoners", quantity: {exact: 100, counting: each}}
balance: {step: 10}
"""
STAGES = """
format: homeward-stages/1
stages:
  - stage: 1
    window: ["2031-05-09T04:00:00+03:00", "2031-05-09T18:00:00+03:00"]
    sizes: [{from: north, to: south, total: 40}, {from: south, to: north, total: 40}]
"""


def _fenced(kind):
    return re.search(rf"```\w+ {kind}\n(.*?)```", PAGE, re.DOTALL).group(1)


def _section(title):
    return re.search(rf"^### {title}\n(.*?)(?=^##)", PAGE, re.DOTALL | re.MULTILINE).group(1)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Status", lists.STATUSES),
        ("Subject", lists.SUBJECTS),
        ("Flag", lists.FLAGS),
        ("Role", lists.ROLES),
        ("Bound", lists.BOUNDS),
        ("Counting", lists.COUNTINGS),
        ("Unit", lists.UNITS),
        ("Act", lists.ACTS),
        ("Extent", lists.EXTENTS),
        ("Quote form", lists.QUOTE_FORMS),
        ("State", lists.STATES),
        ("Doubt", lists.DOUBTS),
    ],
)
def test_the_page_lists_what_the_code_lists(title, words):
    section = _section(title)
    for aside in ("The record is about `exchange`, `remains` and `agreement`", "not `sure`"):
        section = section.replace(aside, "")
    assert re.findall(r"`(\w+)`", section) == list(words)


def test_the_page_lists_the_verdicts_in_the_codes_order():
    rows = re.findall(r"^\| `(\w+)` \|", _section("Verdict"), re.MULTILINE)
    assert rows == list(lists.VERDICTS)


def test_the_statements_on_the_page_are_read_without_a_problem():
    statements, problems = load_statements(_fenced("statements"))
    assert problems == ()
    assert statements[0].text.say("uk").startswith("Міністерство")
    assert statements[0].claims[0].to_json() == json.loads(_fenced("claim"))


def test_the_verdicts_on_the_page_are_those_of_the_judge():
    statements, _ = load_statements(_fenced("statements"))
    terms, problems = read_terms(TERMS)
    assert terms is not None, problems
    annexes, _ = read_annexes(STAGES, terms)
    world = World(terms, annexes)
    at = datetime.fromisoformat("2031-05-10T00:00:00+03:00")
    found = [
        (judged.claim.id, judged.as_said.verdict, judged.as_known.verdict)
        for statement in statements
        for judged in judge_statement(
            statement, terms, annexes, world.position_at, at, statements=statements
        )
    ]
    rows = re.findall(r"^\| `([\w.-]+)` \| `(\w+)` \| `(\w+)` \|", PAGE, re.MULTILINE)
    assert found == rows


def test_every_problem_code_has_a_line():
    page = (DOCS / "problems-claims.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `claims\.([\w-]+)` \|", page, re.MULTILINE))
    said = set()
    for path in SOURCES.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r'document\.say\(\s*"([\w-]+)"', text))
        said |= set(re.findall(r'Problem\(\s*"claims\.([\w-]+)"', text))
    assert {"embargo", "bad-window"} <= said <= named


@pytest.mark.parametrize("language", ["en", "uk", "ru", "ar", "he"])
def test_every_reason_and_word_has_a_sentence(language):
    keys = {f"claims.verdict.{verdict}" for verdict in lists.VERDICTS}
    keys |= {f"claims.status.{status}" for status in lists.STATUSES}
    keys |= {f"claims.state.{state}" for state in lists.STATES}
    keys |= {f"claims.doubt.{doubt}" for doubt in lists.DOUBTS}
    for path in SOURCES.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        keys |= {f"claims.why.{key}" for key in re.findall(r'Why\.of\(\s*"(\w+)"\s*[,)]', text)}
    rules = ("all_categories", "each", "in_total", "inside", "since_start")
    keys |= {f"claims.why.rule_{rule}" for rule in rules}
    keys |= {f"claims.why.agreed_rule_{rule}" for rule in ("each", "in_total")}
    for name in ("as_agreed", "not_as_agreed", "other_number", "record_says_so"):
        keys |= {f"claims.why.{name}", f"claims.why.{name}_each"}
    missing = {key for key in keys if not known(key, language)}
    assert missing == set()
    assert say("claims.why.one_signature", "uk", count=30, n=2).endswith("а друга — ні.")


@pytest.mark.parametrize("language", ["uk", "ru", "ar", "he"])
def test_every_sentence_has_the_same_places_in_every_language(language):
    folder = Path(__file__).parents[2] / "src" / "homeward" / "languages"
    texts = {
        name: yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))["claims"]
        for name in ("en", language)
    }
    for key, sentence in texts["en"]["why"].items():
        mine, wanted = (json.dumps(said) for said in (texts[language]["why"][key], sentence))
        assert set(re.findall(r"{(\w+)}", mine)) == set(re.findall(r"{(\w+)}", wanted)), key
