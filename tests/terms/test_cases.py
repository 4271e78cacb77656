"""Every problem code has a case: an agreement of the examples that raises it, or one slip in it."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from homeward.terms import check, read_annexes, read_done, read_terms
from homeward.terms.kernel import Kind, Transfer
from tests.terms.test_agreements import FOLDER, OUTCOMES
from tests.terms.test_documents import codes_in_source

CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))
PAGE = (Path(__file__).parents[2] / "docs/reference/problems-terms.md").read_text(encoding="utf-8")


def slipped(text, slip):
    if slip is None:
        return text
    old, new = slip
    assert old in text, old
    return text.replace(old, new, 1)


def terms_text(case):
    text = (FOLDER / f"{case['agreement']}.yaml").read_text(encoding="utf-8")
    if "whole" in case:
        return case["whole"]
    if "encoded" in case:
        return text.encode(case["encoded"])
    if "repeated" in case:
        return text + case["repeated"] * 80_000
    if "clause" in case:
        said = yaml.load(text, Loader=yaml.BaseLoader)
        said["obligations"] = [o for o in said["obligations"] if o["id"] != case["clause"]]
        del said["linkage"]
        return text_of(said)
    return slipped(slipped(text, case.get("terms")), case.get("terms_too"))


def text_of(said):
    """YAML of what was read as texts, with numbers and truths bare again."""
    shown = yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    return re.sub(r"'(\d+|true|false|[\d-]+)'", r"\1", shown)


def events_text(case):
    text = (FOLDER / f"{case['agreement']}.done.yaml").read_text(encoding="utf-8")
    text = slipped(text, case.get("events"))
    if "known" in case:
        text = re.sub(r"known_until: \S+", f"known_until: {case['known']}", text)
    return f"{text.rstrip()}\n  - {case['add']}\n" if "add" in case else text


def stages_text(case):
    rows = "format: homeward-stages/1\nstages:\n"
    for place, (number, *sizes) in enumerate(case["stages"]):
        day = f"2025-05-2{3 + place}"
        rows += f"- stage: {number}\n  proposed_by: russia\n  counting: each\n"
        rows += f'  window: ["{day}T06:00:00+03:00", "{day}T22:00:00+03:00"]\n  sizes:\n'
        ways = (("russia", "ukraine"), ("ukraine", "russia"))
        for (sender, to), (military, civilian, total) in zip(ways, sizes, strict=True):
            rows += f"  - {{from: {sender}, to: {to}, military: {military}, "
            rows += f"civilian: {civilian}, total: {total}}}\n"
    return slipped(rows, case.get("stages_slip"))


def transfers(case):
    """As many as each line of ``moves`` says, each person with a handle of its own."""
    return [
        Transfer(
            "h" if "one_handle" in case else f"h{line}-{n}", sender, to, Kind(kind), stage, step
        )
        for line, (sender, to, kind, count, stage, step) in enumerate(case["moves"])
        for n in range(count)
    ]


def offered(case, moved):
    first = moved[0]
    line = SimpleNamespace(
        handle=first.handle, holder=first.sender, claimant=first.to,
        category=first.kind.category, state="living",
    )  # fmt: skip
    return [SimpleNamespace(**(vars(line) | case["line"]))] if "line" in case else None


def problems_of(case):
    case = {"agreement": case} if isinstance(case, str) else case
    terms, problems = read_terms(terms_text(case))
    if terms is None:
        return problems
    annexes = ()
    if "stages" in case:
        annexes, more = read_annexes(stages_text(case), terms, sites=("camp-a",))
        problems = (*problems, *more)
    if "moves" in case:
        moved = transfers(case)
        judged = check(terms, transfers=moved, lines=offered(case, moved), annexes=annexes)
        return (*problems, *judged.problems)
    done, more = read_done(events_text(case), terms)
    told = check(terms, done=done).problems if done is not None else ()
    return (*problems, *more, *told, *check(terms).problems)


def test_every_code_of_the_source_has_a_case_and_every_case_a_code():
    assert codes_in_source() - CASES.keys() == set()
    assert CASES.keys() - codes_in_source() == set()


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_case_raises_the_code_and_without_the_slip_it_does_not(code):
    case = CASES[code]
    raised = {problem.code for problem in problems_of(case)}
    assert f"terms.{code}" in raised
    if not isinstance(case, str):
        plain = {problem.code for problem in problems_of(case["agreement"])}
        assert f"terms.{code}" not in plain


@pytest.mark.parametrize("code", sorted(CASES))
def test_the_page_names_the_agreement_of_the_case(code):
    case = CASES[code]
    name = case if isinstance(case, str) else case["agreement"]
    (row,) = (
        line for line in PAGE.splitlines() if line.startswith("|") and f"`terms.{code}`" in line
    )
    assert name in OUTCOMES
    assert f"`{name}`" in row.split("|")[-2], row
