"""The report: readable by a stranger, on a phone, without network, in every language it offers."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from homeward.paper import ReportData, report, stylesheet
from homeward.paper.data import Scripted
from homeward.paper.figures import bars_of, lead_figure, position_figure, position_words
from homeward.rehearsal.events import NEEDS
from homeward.terms.kernel import Position
from homeward.words import LANGUAGES, say
from tests.browser import DESK, PHONE, browser_page
from tests.paper.sample import position, report_data, ring_data

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "tests" / "vendor" / "axe.min.js"
EMPTY = ReportData({"en": "Nothing yet"}, {}, {}, Position("2031-03-04"), {}, ())


def test_the_position_is_said_once_where_both_directions_stand_alike():
    words = position_words(position(), {"north": "North", "south": "South"}, "en")
    assert words == ["Both sides signed for 19 of 40 each way; 21 each still owed."]


def test_directions_that_differ_have_a_sentence_each():
    one_way = replace(position(), cells=position().cells[:1])
    words = position_words(one_way, {"north": "North", "south": "South"}, "en")
    assert words[0] == "North to South: both sides signed for 19 of 40; 21 still owed."
    assert words[1] == "South to North: both sides signed for 0 of 40; 40 still owed."


def test_one_sides_word_is_drawn_apart_from_what_both_signed():
    bars = {(bar.sender, bar.to): bar for bar in bars_of(position())}
    north = bars["north", "south"]
    assert (north.agreed, north.both, north.one_side, north.left) == (40, 19, 1, 21)
    assert (north.rows("home"), bars["south", "north"].rows("home")) == (19, 0)


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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_lead_below_zero_is_explained_beside_it(lang: str):
    data = report_data()
    made_good = replace(data, position=replace(data.position, lead={"north": 0, "south": -2}))
    sentence = say("paper.lead.below_zero", lang)
    assert sentence not in report(data, (lang,)).replace("&#39;", "'")
    assert sentence in report(made_good, (lang,)).replace("&#39;", "'")


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


def test_names_and_dates_keep_their_own_direction():
    page = report(report_data(), ("ar",))
    assert "<bdi>North</bdi>" in page
    assert 'dir="ltr" datetime="2031-03-04T09:00:00+00:00">2031-03-04 09:00</time>' in page


def test_categories_are_called_by_the_terms_own_words():
    page = report(report_data(), ("en", "uk"))
    assert "North → South: soldiers" in page
    assert "North → South: military" not in page
    assert "вояки" in page


def test_whose_turn_it_is_and_for_how_long_is_said():
    page = report(report_data(), ("en",))
    assert "Step 5 waits for <bdi>South</bdi> (3 hours)." in page
    assert "closed the step" in page


def test_a_plan_made_again_shows_who_moved_by_stage():
    page = report(report_data(), ("en",))
    assert "2 persons who had been told a stage go in another." in page
    assert "Stage 2: 40 – 42" in page


def test_where_nothing_is_agreed_the_page_says_so():
    page = report(EMPTY, ("en", "ar"))
    assert "Nothing is agreed in numbers yet" in page
    assert "Nothing has been said or signed yet." in page
    assert "Who signed what" not in page


def test_the_docs_example_runs_and_every_picture_named_is_there():
    page = ROOT / "docs" / "reference" / "report.md"
    text = page.read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(compile(example, str(page), "exec"), {})
    pictures = [page.parent / name for name in re.findall(r"\]\((\S+\.png)\)", text)]
    assert len(pictures) > 4
    assert all(picture.stat().st_size < 120_000 for picture in pictures)


def test_the_stylesheet_knows_no_left_or_right():
    rules = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    assert re.findall(r"(?<![\w-])(?:[a-z-]*-)?(?:left|right)(?![\w-])", rules) == []


@pytest.mark.browser
def test_the_page_fits_every_width_in_every_language(tmp_path: Path):
    file = tmp_path / "report.html"
    file.write_text(report(report_data(), LANGUAGES), encoding="utf-8")
    with browser_page(DESK) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        for lang in LANGUAGES:
            page.click(f"label[for=choose-{lang}]")
            heading = say("paper.position.heading", lang)
            assert page.get_by_role("heading", name=heading).is_visible()
            assert page.get_by_role("main").count() == 1
            for width in (320, PHONE, DESK // 2, 1024, DESK):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert asked == [file.as_uri()]


@pytest.mark.browser
def test_axe_finds_nothing_against_the_page(tmp_path: Path):
    pages = [(report_data(), lang, "light") for lang in LANGUAGES]
    pages += [(ring_data(), "ar", "dark"), (EMPTY, "en", "dark")]
    file = tmp_path / "report.html"
    with browser_page(DESK) as page:
        for data, lang, scheme in pages:
            file.write_text(report(data, (lang,)), encoding="utf-8")
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.goto(file.as_uri())
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run(document).then(r => r.violations.map(v => v.id))")
            assert found == [], (data.title, lang)


def section(page: str, heading: str) -> str:
    """The text of one part of the page, without its marks."""
    part = page.split(f"<h2>{heading}</h2>", 1)[1].split("</section>", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", part).split())


def test_what_went_otherwise_is_told_by_step_and_count_and_never_by_name():
    told = section(report(report_data(), ("en",)), "What went otherwise")
    assert "South gave up 1 person due to it in a step" in told
    assert re.search(r"Steps: 2, 4 ?\.", told)
    assert "did not want to go 1 2 North 2" in told
    assert "a vehicle did not arrive 1 3 South –" in told


def test_those_still_looked_for_are_counted_by_side_and_state():
    counts = {"sought": 41, "returned": 19, "set-out": 1, "found": 20, "not-found": 1}
    page = report(replace(report_data(), sought={"north": {**counts, "unanswered": 0}}), ("en",))
    part = page[page.index("Who is still looked for") :]
    row = part[part.index("<tbody>") : part.index("</tbody>")]
    assert re.findall(r'data-label="([^"]+)">(\d+)<', row) == [
        ("On its list", "41"),
        ("Received", "19"),
        ("Released", "1"),
        ("Found, on no sheet", "20"),
        ("Not found", "1"),
    ]
    assert "Who is still looked for" not in report(report_data(), ("en",))


def test_who_has_answered_what_in_the_open_step_is_a_row_for_each_side():
    told = section(report(report_data(), ("en",)), "Whose turn it is")
    assert "What each side has signed in step 5" in told
    assert "North signed 4 4 3 signed" in told
    assert "South signed 3 3 4 –" in told


@pytest.mark.parametrize("lang", ["en", "uk", "ru", "ar", "he"])
def test_everything_that_a_folder_can_have_go_wrong_has_words(lang):
    kinds = sorted(NEEDS)
    page = report(replace(report_data(), scripted=[Scripted(k, 1) for k in kinds]), (lang,))
    assert [kind for kind in kinds if f">{kind}<" in page] == []


def test_without_statements_no_column_waits_for_a_verdict():
    said, silent = report_data(), replace(report_data(), said=())
    assert "As known now" in report(said, ("en",))
    assert "As known now" not in report(silent, ("en",))


def test_a_statement_is_told_in_the_pages_language_where_it_was_written_in_it():
    said = replace(
        report_data().said[0],
        text={"en": "All are back.", "uk": "Усі повернулися."},
        speaker={"en": "a minister", "uk": "міністр"},
    )
    page = report(replace(report_data(), said=[said]), ("uk", "ar"))
    ukrainian, arabic = page.split('<main class="tongue')[1:]
    assert 'lang="uk" dir="auto">Усі повернулися.' in ukrainian
    assert "<bdi>міністр</bdi>" in ukrainian
    assert 'lang="en" dir="auto">All are back.' in arabic
