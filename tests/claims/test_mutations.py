"""One change at a time: the verdict must be the one that was written down before."""

import json
from copy import deepcopy
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from homeward.claims import judge_statement, load_statements
from tests.claims.replay import EXAMPLE, KYIV, Acts, istanbul

ROWS = yaml.safe_load((Path(__file__).parent / "mutations.yaml").read_text(encoding="utf-8"))
EXPECTED = yaml.safe_load((EXAMPLE / "expected.yaml").read_text(encoding="utf-8"))
DOCUMENT = yaml.safe_load((EXAMPLE / "statements.yaml").read_text(encoding="utf-8"))
WORDS = [row for kind, rows in ROWS.items() if kind != "acts" for row in rows]


def _change(node, path, value, *, drop=False):
    *way, last = path.split(".")
    for step in way:
        node = node[int(step)] if step.isdigit() else node[step]
    if drop:
        del node[last]
    else:
        node[last] = value


def _statements(row):
    document = deepcopy(DOCUMENT)
    name, _, number = row["claim"].rpartition(".")
    statement = next(s for s in document["statements"] if s["id"] == name)
    claim = statement["claims"][int(number) - 1]
    for path, value in row.get("set", {}).items():
        _change(claim, path, value)
    for path in row.get("drop", ()):
        _change(claim, path, None, drop=True)
    if "speaker" in row:
        statement["speaker"] = row["speaker"]
    statements, problems = load_statements(json.dumps(document))
    assert problems == ()
    return statements


def _verdicts(row, world):
    at = datetime.fromisoformat(EXPECTED["horizons"][row.get("at", "end")]["known_at"])
    statements = _statements(row)
    return next(
        judged
        for statement in statements
        if row["claim"].startswith(f"{statement.id}.")
        for judged in judge_statement(
            statement,
            world.terms,
            world.annexes,
            world.position_at,
            at,
            statements=statements,
            zone=KYIV,
        )
        if judged.claim.id == row["claim"]
    )


@pytest.mark.parametrize("row", WORDS, ids=lambda row: f"{row['claim']} {row.get('set', '')}")
def test_a_changed_word_changes_the_verdict_as_written_beforehand(row):
    judged = _verdicts(row, istanbul())
    assert judged.as_known.verdict == row["known"], str(judged.as_known.why)
    if "said" in row:
        assert judged.as_said.verdict == row["said"], str(judged.as_said.why)
    if "flag" in row:
        assert row["flag"] in judged.as_known.flags


def _acts(changes):
    return Acts(
        short={(a, b, c): n for a, b, c, n in changes.get("short", ())},
        unsigned={(a, b, c): n for a, b, c, n in changes.get("unsigned", ())},
        late=frozenset(changes.get("late", ())),
        missing=frozenset(map(tuple, changes.get("missing", ()))),
    )


@pytest.mark.parametrize("row", ROWS["acts"], ids=lambda r: f"{r['claim']} {r['at']} {r['acts']}")
def test_changed_acts_change_the_verdict_as_written_beforehand(row):
    judged = _verdicts(row, istanbul(_acts(row["acts"])))
    assert judged.as_known.verdict == row["known"], str(judged.as_known.why)


def test_every_kind_of_change_is_covered_on_at_least_25_claims():
    assert set(ROWS) == {
        "numbers",
        "sides",
        "units",
        "categories",
        "dates",
        "tenses",
        "speakers",
        "acts",
    }
    assert len({row["claim"] for row in WORDS}) >= 25
