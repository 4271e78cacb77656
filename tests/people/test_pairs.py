"""Pairs on paper and the decisions that people sign beside them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.people import decide, read_gold, score, write_pairs
from homeward.people.pairs import Pair, standing, withdraw

SAME = Pair("s1", "h1", 0.999, "same", ("surname:same+13.3", "birth_date:same+13.4"))
DOUBTFUL = Pair("s2", "h2", 0.4, "review")

pairs = st.sets(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda p: (str(p[0]), str(p[1])))
)


def test_pairs_are_written_one_to_a_row():
    rows = list(csv.DictReader(io.StringIO(write_pairs([SAME, DOUBTFUL]))))
    assert rows[0] == {
        "sought_id": "s1",
        "held_id": "h1",
        "probability": "0.999000",
        "decision": "same",
        "reasons": "surname:same+13.3;birth_date:same+13.4",
    }
    assert rows[1]["decision"] == "review"


def test_a_gold_file_may_name_the_sides_too():
    text = "sought_side,sought_id,held_side,held_id\nnorth,s1,south,h1\n"
    assert read_gold(text) == (("s1", "h1"),)


@given(pairs, pairs)
def test_scores_count_pairs_once(said, true):
    found = score(said, true)
    right = len(said & true)
    assert found.precision == (right / len(said) if said else 1.0)
    assert found.recall == (right / len(true) if true else 1.0)
    assert 0.0 <= found.f1 <= 1.0


def test_the_same_pairs_score_one():
    assert score([SAME], [("s1", "h1")]).f1 == 1.0


def test_a_decision_stands_beside_the_proposal():
    decisions = decide((), "s2", "h2", same=True, signed_by="officer-1", at="2025-05-20T10:00:00Z")
    decisions = decide(decisions, "s1", "h1", same=False, signed_by="officer-2")
    assert standing([SAME, DOUBTFUL], decisions) == (("s2", "h2"),)
    assert SAME.decision == "same"


def test_a_decision_can_be_taken_back_and_leaves_its_trace():
    decisions = decide((), "s1", "h1", same=False, signed_by="officer-1")
    back = withdraw(decisions, "s1", "h1", signed_by="officer-2", note="wrong line")
    assert standing([SAME], back) == (("s1", "h1"),)
    assert [entry.signed_by for entry in back] == ["officer-1", "officer-2"]


def test_only_a_decision_that_stands_can_be_taken_back():
    decisions = decide((), "s1", "h1", same=False, signed_by="officer-1")
    back = withdraw(decisions, "s1", "h1", signed_by="officer-1")
    for entries in ((), back):
        with pytest.raises(KeyError):
            withdraw(entries, "s1", "h1", signed_by="officer-1")


def test_the_latest_decision_counts():
    decisions = decide((), "s2", "h2", same=True, signed_by="officer-1")
    decisions = decide(decisions, "s2", "h2", same=False, signed_by="officer-1")
    assert standing([DOUBTFUL], decisions) == ()
