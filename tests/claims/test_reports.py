"""News texts of our own making about invented exchanges, read against labels written before."""

import pytest

from bench.claims.reports import Label, lots, measured, text_of

LOTS = dict(lots())


@pytest.mark.parametrize("name", LOTS)
def test_most_claims_are_read_right_once_the_rules_know_the_text(name):
    tally = measured(LOTS[name])
    assert tally.f1(tally.detect) >= 0.95, tally.misses
    assert tally.f1(tally.core) >= 0.85, tally.misses


@pytest.mark.parametrize("name", LOTS)
def test_no_number_is_invented(name):
    tally = measured(LOTS[name])
    assert tally.numbers_read == tally.numbers_right > 0, tally.misses


def test_what_is_marked_sure_is_right_and_is_half_of_what_is_read():
    kept = [measured(lot) for lot in LOTS.values()]
    sure, right, read = (sum(getattr(t, n) for t in kept) for n in ("sure", "sure_core", "read"))
    assert right >= 0.95 * sure
    assert 2 * sure >= read


def test_labels_name_the_first_sight_and_every_sentence_stands_in_its_text():
    assert sum(len(lot["articles"]) for lot in LOTS.values()) >= 15
    for lot in LOTS.values():
        assert "core" in lot["first_sight"]
        for article in lot["articles"]:
            text, places = text_of(article)
            assert all(text[start:end] == row["text"] for start, end, row in places)
            assert any(Label(c).listed for _, _, row in places for c in row.get("claims", ()))
