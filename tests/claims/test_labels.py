"""Labels of real articles: facts and hashes alone, unchanged since before the reader saw them."""

import hashlib
from collections import Counter

import pytest
import yaml

from bench.claims.run import HERE, corrected, labelled
from bench.claims.scoring import fingerprint, listed, located, score

# Lots whose labels were finished, and their digest taken, before the reader was run on them.
TEXTS = {
    place.stem: place.read_text(encoding="utf-8") for place in sorted(HERE.glob("gold-*.yaml"))
}
LOTS = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
ARTICLES = [(lot, article) for lot in LOTS.values() for article in lot["articles"]]


@pytest.mark.parametrize("name", LOTS)
def test_a_lot_read_by_another_hand_is_as_it_was_labelled(name):
    labels = TEXTS[name][TEXTS[name].index("\narticles:\n") + 1 :]
    assert hashlib.sha256(labels.encode()).hexdigest() == LOTS[name]["labels_sha256"]


@pytest.mark.parametrize("name", LOTS)
def test_the_first_sight_of_a_lot_is_told_with_its_labels(name):
    lot = LOTS[name]
    numbers = {str(article["lot"]) for article in lot["articles"]}
    assert set(lot["first_sight"]) == numbers
    assert all("detect" in seen and "core" in seen for seen in lot["first_sight"].values())


def test_no_article_and_no_id_is_labelled_twice():
    articles = labelled()["articles"]
    for name in ("id", "address"):
        assert max(Counter(article[name] for article in articles).values()) == 1


@pytest.mark.parametrize(("lot", "article"), ARTICLES, ids=[a["id"] for _, a in ARTICLES])
def test_each_article_holds_claims_to_be_scored(lot, article):
    scored = [label for label in article["claims"] if label.get("scored", True)]
    assert len(scored) >= 1
    assert article["parties"] in lot["sides"]
    sides = {"each", "total", "?", *lot["sides"][article["parties"]]}
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
    assert len(pairs) == len(gold["slips"]) >= 9
    assert all(after["why"] and "why" not in before for before, after in pairs)
