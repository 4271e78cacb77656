"""What a delegate is told: the words, the entries behind them, and only what rule R allows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homeward.crossing import Crossing, tell
from homeward.crossing.telling import CASES
from homeward.words import LANGUAGES, known
from tests.crossing.cases import SCENES
from tests.crossing.hand import handed_over
from tests.crossing.scene import Scene

PAGES = Path(__file__).resolve().parents[2] / "docs" / "cases"


@pytest.mark.parametrize("case", CASES)
def test_each_page_says_what_the_code_says(case: str) -> None:
    line = SCENES[case]()
    page = (PAGES / f"{case}.md").read_text(encoding="utf-8")
    shown = "\n\n".join(told.text() for told in tell(line))
    assert f"```text\n{shown}\n```" in page
    for language in LANGUAGES:
        words = next(told.words for told in tell(line, language) if told.case == case)
        assert words in page
    assert f"({case}.md)" in (PAGES / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_each_scene_is_told_as_its_case_with_entries_that_are_held(case: str) -> None:
    line = SCENES[case]()
    told = [each for each in tell(line) if each.case == case]
    assert len(told) == 1
    held = {act.place for act in line.ledger}
    assert told[0].evidence
    assert {each.partition(":")[0] for each in told[0].evidence if each.startswith("entry")} <= held
    assert told[0].allowed


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_case_has_its_words_in_every_language(language: str) -> None:
    assert all(known(f"crossing.case.{case}", language) for case in CASES)


def _cases(line: Crossing) -> list[str]:
    return [told.case for told in tell(line)]


def test_a_step_that_went_as_agreed_tells_nothing() -> None:
    scene = Scene()
    handed_over(scene.one, scene.north, scene.south)
    scene.close(scene.one)
    assert _cases(scene.told()) == []


def test_nothing_is_offered_that_the_rule_would_refuse() -> None:
    line = SCENES["words-differ"]()
    assert any("without a receipt" in each for each in tell(line)[0].allowed)
    scene = Scene()
    mine = scene.one.transfers[0]
    scene.north.sign("not-released", mine)
    scene.south.sign("received", mine)
    (told,) = tell(scene.told())
    assert not any("without a receipt" in each for each in told.allowed)


@pytest.mark.parametrize(
    ("case", "kind"), [("receipt-missing", "unreceipted-accepted"), ("kept", "conceded")]
)
def test_what_two_officers_settled_is_told_no_more(case: str, kind: str) -> None:
    line = SCENES[case]()
    (told,) = tell(line)
    t = next(t for t in line.sheet(1).transfers if t.handle in told.evidence[0])  # type: ignore[union-attr]
    scene = Scene()
    hand = scene.north if (t.to if kind == "conceded" else t.sender) == "north" else scene.south
    line.take([hand.sign(kind, t, digest="c" * 64)])
    assert _cases(line) == []


def test_a_void_step_tells_nothing_of_those_who_stayed() -> None:
    scene = Scene()
    for hand, t in ((scene.north, scene.one.transfers[0]), (scene.south, scene.one.transfers[1])):
        hand.sign("not-released", t)
    assert _cases(scene.told()) == []


def test_the_order_of_arrival_changes_no_word() -> None:
    for scene in SCENES.values():
        line = scene()
        again = Crossing(line.sides, me=line.me)
        for number in line.steps():
            sheet = line.sheet(number)
            assert sheet is not None
            again.open_sheet(sheet, line.digest(number))
        again.take(sorted(line.ledger, key=lambda act: act.hash))
        assert tell(again) == tell(line)


def test_the_sides_are_called_as_the_office_names_them() -> None:
    for case in CASES:
        line = SCENES[case]()
        names = {side: f"the side «{side.upper()}»" for side in line.sides}
        for plain, named in zip(tell(line), tell(line, "en", names), strict=True):
            sides = [side for side in line.sides if re.search(rf"\b{side}\b", plain.words)]
            assert all(names[side] in named.words for side in sides), named.words
            assert named.evidence == plain.evidence
