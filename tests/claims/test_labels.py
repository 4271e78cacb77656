"""Labels of real articles: facts and hashes alone, unchanged since before the reader saw them."""

import hashlib
from collections import Counter

import pytest
import yaml

from bench.claims.run import HERE, corrected, labelled
from bench.claims.scoring import fingerprint, listed, located, score

EIGHTH = (HERE / "gold-8.yaml").read_text(encoding="utf-8")
LOT = yaml.safe_load(EIGHTH)


def test_the_eighth_lot_is_as_it_was_labelled():
    labels = EIGHTH[EIGHTH.index("\narticles:\n") + 1 :]
    assert hashlib.sha256(labels.encode()).hexdigest() == LOT["labels_sha256"]


def test_no_article_and_no_id_is_labelled_twice():
    articles = labelled()["articles"]
    for name in ("id", "address"):
        assert max(Counter(article[name] for article in articles).values()) == 1


@pytest.mark.parametrize("article", LOT["articles"], ids=lambda article: article["id"])
def test_each_article_holds_claims_to_be_scored(article):
    scored = [label for label in article["claims"] if label.get("scored", True)]
    assert len(scored) >= 2
    assert article["parties"] in LOT["sides"]
    sides = {"each", "total", "?", *LOT["sides"][article["parties"]]}
    for label in scored:
        for count in label.get("counts", ()):
            assert {side.removeprefix("from ") for side in listed(count["side"])} <= sides


def test_a_sentence_is_found_by_its_hash_wherever_the_reader_would_cut():
    parts = [
        '"North let 40 go.',
        'They are at home," its ministry said.',
        "So did S. Smith, 3 p.m.",
    ]
    text = f"{parts[0]} {parts[1]}\n{parts[2]} And more.\n"
    places = located(text, {fingerprint(part) for part in parts})
    assert [text[start:end] for start, end in sorted(places)] == parts


def test_a_label_whose_sentence_stands_in_the_text_is_missed_when_nothing_is_read():
    label = {"fp": fingerprint("40 came home."), "speaker": "narrator", "act": "exchange"}
    article = {"claims": [label | {"status": "completed"}]}
    assert score("News. 40 came home. More.", article, ()).gold == 1
    assert score("Other news.", article, ()).gold == 0


def test_mended_slips_change_a_copy_of_their_labels_alone():
    gold = labelled()
    mended = corrected(gold["articles"], gold["slips"])
    pairs = [
        (before, after)
        for old, new in zip(gold["articles"], mended, strict=True)
        for before, after in zip(old["claims"], new["claims"], strict=True)
        if before != after
    ]
    assert len(pairs) == len(gold["slips"]) == 4
    assert all(after["why"] and "why" not in before for before, after in pairs)
