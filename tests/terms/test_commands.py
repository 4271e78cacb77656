"""terms compare and terms draw, as a person and a program call them."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from homeward.cli import main
from homeward.words import LANGUAGES
from tests.terms.texts import agreement

ALL = {"id": "all", "between": ["north", "south"]}
EACH, IN_TOTAL = {"exact": 1000, "counting": "each"}, {"exact": 1000, "counting": "in_total"}


def homeward(*words):
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def write(tmp_path):
    def written(name, **changes):
        path = tmp_path / name
        text = yaml.safe_dump(agreement(**changes), allow_unicode=True, sort_keys=False)
        path.write_text(text, encoding="utf-8")
        return path

    return written


def test_each_that_became_in_total_is_said_first_with_what_it_means_for_a_side(write):
    old = write("old.yaml", obligations=[{**ALL, "quantity": EACH}])
    new = write(
        "new.yaml", obligations=[{**ALL, "quantity": IN_TOTAL}], rules={"refusal": "counts"}
    )
    answer = homeward("terms", "compare", old, new)
    head, first, *rest = answer.stdout.splitlines()
    assert answer.exit_code == 1
    assert head.startswith("This changes how many")
    assert "*in total* now, *each* before" in first
    assert "1,000 in all directions together instead of 2,000" in first
    assert first.endswith("from each side 500 instead of 1,000.")
    assert any("rule “refusal”" in line for line in rest)


def test_without_equality_a_share_of_a_total_is_a_range(write):
    free = {"equal_by": "nothing", "no_bound": True}
    old = write("old.yaml", obligations=[{**ALL, "quantity": EACH}], balance=free)
    new = write("new.yaml", obligations=[{**ALL, "quantity": IN_TOTAL}], balance=free)
    said = homeward("terms", "compare", old, new, "--json")
    first = json.loads(said.stdout)["changes"][0]
    assert first["shares"] == [[1000, 1000], [0, 1000]]
    assert "from each side 0–1,000 instead of 1,000" in first["sentence"]


def test_what_is_left_is_a_table_though_not_every_row_has_a_number(write):
    held = {"id": "held", "between": ["north", "south"], "quantity": {"all": True}}
    ten = {"id": "ten", "from": "north", "to": "south", "quantity": {"exact": 10}}
    free = {"equal_by": "nothing", "no_bound": True}
    for obligations in ([ten, held], [held, ten]):
        answer = homeward("terms", "check", write("t.yaml", obligations=obligations, balance=free))
        assert answer.exit_code == 0
        left = answer.stdout[answer.stdout.index("\nleft\n") :].splitlines()
        assert left[2].split() == ["obligation", "from", "to", "count"]
        assert len(left) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_versions_stand_side_by_side_in_every_language(write, language):
    old = write("old.yaml", obligations=[{**ALL, "quantity": EACH}])
    new = write("new.yaml", obligations=[{**ALL, "quantity": IN_TOTAL}])
    said = json.loads(homeward("terms", "compare", old, new, "--lang", language, "--json").stdout)
    (pair,) = said["side_by_side"]
    assert pair["before"] != pair["now"]
    assert (said["lang"], said["same"]) == (language, False)
    shown = homeward("terms", "compare", old, new, "--lang", language)
    for sentence in (said["changes"][0]["sentence"], *(pair.values() if language == "ar" else ())):
        assert sentence in shown.stdout


def test_the_same_meaning_in_another_order_or_other_words_ends_with_0(write):
    second = {"id": "b", "from": "north", "to": "south", "quantity": {"at_most": 5}}
    listed = [{**ALL, "quantity": EACH}, second]
    old = write("old.yaml", obligations=listed)
    moved = write("moved.yaml", obligations=listed[::-1], title={"en": "Another title"})
    answer = homeward("terms", "compare", old, moved)
    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[0] == "The two versions mean the same."
    assert homeward("terms", "compare", old, old).stdout == "The two versions mean the same.\n"


def test_a_clause_that_came_stands_beside_nothing(write):
    old = write("old.yaml", obligations=[{**ALL, "quantity": EACH}])
    hurt = {"id": "hurt", "from": "north", "to": "south", "quantity": {"all": True}}
    new = write("new.yaml", obligations=[{**ALL, "quantity": EACH}, hurt])
    said = json.loads(homeward("terms", "compare", old, new, "--json").stdout)
    (pair,) = said["side_by_side"]
    assert pair["before"] is None
    assert "all who are held" in pair["now"]


def test_a_version_that_cannot_be_read_is_named_and_nothing_is_compared(write, tmp_path):
    old = write("old.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("format: homeward-terms/1\n", encoding="utf-8")
    answer = homeward("terms", "compare", old, broken, "--json")
    assert answer.exit_code == 1
    assert {p["code"] for p in json.loads(answer.stdout)["problems"]} == {"terms.missing-field"}
    assert homeward("terms", "compare", old).exit_code == 2
