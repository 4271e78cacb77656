"""The second fold and the checks made with it: they come to what the page says, and can fail."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.fold import Said, as_cells, fold
from tests.rehearsal.outcome_checks import _differs

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "position.md"
SIDES = ("north", "south")


def example() -> tuple[list[Said], dict[str, Any]]:
    """The seven acts of docs/reference/position.md, and the position that it prints for them."""
    text = PAGE.read_text("utf-8").partition("## A worked example")[2]
    acts, document = re.findall(r"```jsonl?\n(.*?)```", text, re.S)
    entries = []
    for number, line in enumerate(acts.splitlines()):
        row = {key: str(value) for key, value in json.loads(line).items()}
        log, seq = row.pop("log"), int(row.pop("seq"))
        row["author"] = log.partition(".")[0]
        entries.append(Said(log, seq, f"{number:064}", tuple(row.items())))
    return sorted(entries, key=lambda one: (one.log, one.seq)), json.loads(document)


def test_the_second_fold_comes_to_what_the_page_says():
    entries, document = example()
    folded = fold(entries, SIDES)
    assert folded.cells == as_cells(document)
    assert folded.lead == document["lead"]
    assert folded.largest == document["largest_lead"]
    assert folded.conceded == document["conceded"]


def test_a_word_taken_back_counts_no_more_and_an_extra_never_lowers_the_lead():
    entries, _ = example()
    received = next(one for one in entries if one.get("handle") == "b1")
    stood = [one for one in entries if one != received]
    assert fold(stood, SIDES).lead["north"] == 1

    lines = tuple((k, "soldier/living/extra" if k == "class" else v) for k, v in received.lines)
    extra = [*stood, replace(received, lines=lines)]
    assert fold(extra, SIDES).lead["north"] == 1

    back = dict(received.lines) | {"kind": "not-received", "prior": received.hash}
    taken_back = [*entries, Said("north.office.1", 9, "f" * 64, tuple(back.items()))]
    assert fold(taken_back, SIDES).lead["north"] == 1
    assert fold(taken_back, SIDES).cells[
        "south", "north", "soldier", "living", "inside", 1, 1, "receiver", "not_transferred"
    ]


@pytest.mark.parametrize("name", ["lead", "largest_lead", "conceded", "cells", "home"])
def test_a_position_that_is_off_by_one_is_named(name):
    entries, document = example()
    folded = fold(entries, SIDES)
    assert list(_differs("here", document, folded)) == []
    wrong = copy.deepcopy(document)
    if name == "cells":
        wrong["cells"][0] |= {"count": 2, "value": 2}
    elif name == "home":
        wrong["home"].append({"to": "north", "stage": 1, "count": 1})
    else:
        wrong[name]["north"] += 1
    assert len(list(_differs("here", wrong, folded))) == 1
