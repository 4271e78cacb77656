"""Short announcements of our own making in Ukrainian and Russian are read as they were labelled."""

from pathlib import Path

import pytest
import yaml

from homeward.claims import read_claims
from homeward.dates import parse_instant

HERE = Path(__file__).parent
SIDES = {"north": "n", "south": "s"}
CONTEXT = ("background", "outlook", "other", "source", "comparison")


def labelled(language):
    return yaml.safe_load((HERE / f"announcements-{language}.yaml").read_text(encoding="utf-8"))


def read(folder, language, text):
    found = read_claims(
        text, said_at=parse_instant(folder["dateline"]), lang=language, context=folder["sides"]
    )
    return [claim for claim in found if claim.subject not in CONTEXT]


def fits(claim, label):
    who, status, subject, numbers = label
    wanted = sorted(int(number.split()[0]) for number in numbers)
    return (
        who.casefold() in str(claim.speaker).casefold()
        and claim.status == status
        and claim.subject in subject.split("|")
        and sorted(count.n for count in claim.counts) == wanted
    )


FIRST_TABLES = {"ar": 10, "he": 10}


def f1(language):
    folder = labelled(language)
    gold = right = found = 0
    for row in folder["announcements"]:
        left = read(folder, language, row["text"])
        gold, found = gold + len(row["claims"]), found + len(left)
        for label in row["claims"]:
            hit = next((claim for claim in left if fits(claim, label)), None)
            if hit is not None:
                right += 1
                left.remove(hit)
    return len(folder["announcements"]), 2 * right / (gold + found)


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_who_said_what_how_far_along_and_how_many(language):
    announcements, score = f1(language)
    assert announcements >= 40
    assert score >= 0.9


@pytest.mark.parametrize("language", FIRST_TABLES)
def test_arabic_and_hebrew_go_through_the_same_grammar_with_a_first_table(language):
    announcements, score = f1(language)
    assert announcements >= FIRST_TABLES[language]
    assert score >= 0.8


@pytest.mark.parametrize("language", ["uk", "ru", *FIRST_TABLES])
def test_no_number_is_invented_and_no_side_is_wrong(language):
    folder = labelled(language)
    for row in folder["announcements"]:
        labels = [number.split() for label in row["claims"] for number in label[3]]
        for claim in read(folder, language, row["text"]):
            for count in claim.counts:
                sides = [s for n, side in labels if int(n) == count.n for s in side.split("|")]
                assert sides, (row["text"], count)
                assert count.to is None or SIDES[count.to] in sides or "?" in sides, row["text"]
