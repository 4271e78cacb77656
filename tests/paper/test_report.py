"""The report: readable by a stranger, on a phone, without network, in every language it offers."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from homeward.paper import report, stylesheet
from homeward.paper.figures import bars_of, lead_figure, position_figure, position_words
from homeward.words import LANGUAGES, known, say
from tests.browser import DESK, PHONE, browser_page
from tests.paper.sample import position, report_data

ROOT = Path(__file__).resolve().parents[2]


def test_the_position_is_said_in_words_above_the_figure():
    words = position_words(position(), {"north": "North", "south": "South"}, "en")
    assert words[0] == "North to South: both sides signed for 19 of 40; 21 still owed."


def test_one_sides_word_is_drawn_apart_from_what_both_signed():
    bars = {(bar.sender, bar.to): bar for bar in bars_of(position())}
    north = bars["north", "south"]
    assert (north.agreed, north.both, north.one_side, north.left, north.home) == (40, 19, 1, 21, 19)
    assert bars["south", "north"].home == 0


@pytest.mark.parametrize("lang", ["en", "uk", "ar"])
@pytest.mark.parametrize("width", [348, 720])
def test_every_figure_is_well_formed_and_has_its_words_inside(lang: str, width: int):
    drawn = position_figure(
        position(), names={"north": "A<B", "south": "C&D"}, lang=lang, width=width
    )
    root = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{space}title") is not None
    description = root.find(f"{space}desc")
    assert description is not None
    assert "A<B" in (description.text or "")


def test_the_lead_figure_says_the_largest_lead_against_the_step():
    drawn = lead_figure({"north": [(1, 5)], "south": [(1, 4)]}, step=5, names={"north": "North"})
    assert "North: at most 5 ahead; the step is 5" in drawn


def test_the_page_needs_nothing_from_anywhere_else():
    page = report(report_data())
    addresses = set(re.findall(r'(?:src|href)="([^"]*)"', page))
    assert not addresses
    assert "<script" not in page
    assert "A &lt;b&gt;third&lt;/b&gt; party" in page


def test_what_is_not_proved_has_its_section_and_says_which_signatures_are_one_sided():
    page = report(report_data(), ("en",))
    assert "What is not proved" in page
    assert "2 transfers have one side's signature only." in page.replace("&#39;", "'")


def test_every_english_sentence_of_the_report_has_a_ukrainian_one():
    import yaml

    text = (ROOT / "src/homeward/languages/en.yaml").read_text(encoding="utf-8")

    def keys(prefix: str, node: object) -> list[str]:
        if isinstance(node, dict) and "other" not in node and "one" not in node:
            return [k for name, child in node.items() for k in keys(f"{prefix}.{name}", child)]
        return [prefix]

    wanted = [k for room in ("paper", "office") for k in keys(room, yaml.safe_load(text)[room])]
    assert len(wanted) > 100
    assert [key for key in wanted if not known(key, "uk")] == []


def test_the_offices_words_stand_in_every_language():
    for lang in LANGUAGES:
        assert known("office.overview", lang), lang
        assert say("office.record", lang)


def test_the_stylesheet_knows_no_left_or_right():
    rules = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    assert re.findall(r"(?<![\w-])(?:[a-z-]*-)?(?:left|right)(?![\w-])", rules) == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [PHONE, DESK])
def test_the_page_fits_a_phone_and_a_desk_in_both_languages(width: int, tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_text(report(report_data()), encoding="utf-8")
    with browser_page(width) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        for lang, word in (("en", "Where it stands"), ("uk", "Де все стоїть")):
            page.click(f"label[for=choose-{lang}]")
            assert page.get_by_role("heading", name=word).is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert asked == [file.as_uri()]
