"""The pages that explain: each fragment reads and can be said, each table says what is derived."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from homeward.terms import check, compare, read_done, read_terms, show
from homeward.terms.judging import RULES
from homeward.words import LANGUAGES
from tests.terms.test_agreements import OUTCOMES, judged
from tests.terms.texts import written

DOCS = Path(__file__).parents[2] / "docs"
CONSTRUCTS = (DOCS / "explanation" / "constructs.md").read_text(encoding="utf-8")
AGREEMENTS = (DOCS / "explanation" / "agreements.md").read_text(encoding="utf-8")
TERMS = (DOCS / "reference" / "terms.md").read_text(encoding="utf-8")
FRAGMENTS = dict(re.findall(r"\*\*([A-Z]\d+) .*?```yaml fragment\n(.*?)```", CONSTRUCTS, re.DOTALL))
BASE = {
    "format": "homeward-terms/1",
    "id": "two-valleys",
    "agreed": {"date": "2031-03-04"},
    "parties": {"north": {"name": "North"}, "south": {"name": "South"}},
    "others": {
        "mediator": {"name": "Mediator", "role": "mediator"},
        "host": {"name": "Host", "role": "host"},
        "doctors": {"name": "Doctors", "role": "commission"},
    },
    "obligations": [
        {"id": "main", "between": ["north", "south"],
         "quantity": {"exact": 600, "counting": "each"}}
    ],
    "balance": {"no_bound": True},
}  # fmt: skip


def test_every_construct_has_its_fragment():
    wanted = {"Q": 14, "N": 3, "L": 8, "T": 4, "E": 5, "R": 5, "V": 6, "F": 10}
    assert set(FRAGMENTS) == {f"{kind}{n}" for kind, n in wanted.items() for n in range(1, n + 1)}


@pytest.mark.parametrize("construct", FRAGMENTS)
def test_a_fragment_reads_and_is_said_in_every_language(construct):
    fragment = FRAGMENTS[construct]
    given = yaml.load(fragment, Loader=yaml.BaseLoader)
    rest = {name: value for name, value in BASE.items() if name not in given}
    read, problems = read_terms(written(rest) + fragment)
    assert [str(problem) for problem in problems] == []
    plain, _ = read_terms(written(BASE))
    for language in LANGUAGES:
        said = show(read, language)
        assert all(sentence.endswith(".") for sentence in said)
        if construct != "E5":
            assert {s.partition(" ")[2] for s in said} - {
                s.partition(" ")[2] for s in show(plain, language)
            }
    assert check(read).verdict == "not_begun"


def test_agreements_that_a_fragment_names_are_there():
    named = re.findall(r"^\*\*[A-Z]\d+ .*`([a-z0-9-]+)`$", CONSTRUCTS, re.MULTILINE)
    assert len(named) == len(FRAGMENTS)
    assert set(named) <= set(OUTCOMES)


def test_the_six_that_differ_are_told_with_their_derived_word_and_rule():
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \| [^|]+ \| ([a-z ]+) \| (V\d) \|", AGREEMENTS, re.MULTILINE
    )
    assert len(rows) == 6
    for name, verdict, rule in rows:
        judgement = judged(name)
        assert (judgement.verdict.replace("_", " "), judgement.rule) == (verdict, rule)


def test_the_table_of_verdicts_is_the_programs_own():
    rows = re.findall(r"^\| (V\d) \|.*\*\*([a-z_]+)\*\* \|$", TERMS, re.MULTILINE)
    assert dict(rows) == RULES


def test_a_first_agreement_is_refused_mended_and_judged_as_the_page_says():
    page = (DOCS / "explanation" / "first-agreement.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```yaml (\w+)\n(.*?)```", page, re.DOTALL))
    refused, problems = read_terms(blocks["first"])
    assert refused is None
    assert {p.code for p in problems} == set(re.findall(r"^\| `(terms\.[a-z-]+)`", page, re.M))
    mended, problems = read_terms(blocks["mended"])
    assert (problems, check(mended).problems) == ((), ())
    done, problems = read_done(blocks["done"], mended)
    assert problems == ()
    judgement = check(mended, done=done)
    assert judgement.verdict == "in_part"
    assert [row["count"] for row in judgement.left if row["count"]] == [610, 610]
    assert {p.level for p in judgement.problems} == {"note"}
    theirs, _ = read_terms(blocks["mended"].replace("counting: each", "counting: in_total"))
    assert compare(mended, theirs)[0].say("en") in page
