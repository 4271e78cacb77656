"""The figures: a ring as well as a pair, living apart from remains, and no word over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.paper import report
from homeward.paper.figures import (
    Mark,
    arrows_of,
    bars_of,
    lead_figure,
    matrix_rows,
    position_figure,
    replan_figure,
    ring_figure,
    timeline_figure,
)
from homeward.paper.svg import breadth, flowed, wrapped
from homeward.paper.wording import Wording
from homeward.terms.kernel import Position
from tests.paper.sample import RING, ring_data, ring_position

NAMES = {"north": "North", "east": "East", "south": "South"}
SPACE = "{http://www.w3.org/2000/svg}"


def texts(drawn: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(drawn).iter(f"{SPACE}text"))


def test_living_and_remains_have_a_bar_each():
    bars = [(b.sender, b.to, b.state, b.both, b.agreed) for b in bars_of(ring_position())]
    assert len(bars) == 6
    assert ("north", "east", "living", 30, 60) in bars
    assert ("north", "east", "remains", 4, 12) in bars


def test_beside_extra_and_home_are_rows_of_their_own_and_no_part_of_the_count():
    bars = bars_of(ring_position())
    thin = {(b.sender, row.name): (row.count, row.agreed) for b in bars for row in b.thin}
    assert thin["north", "beside"] == (3, 5)
    assert thin["east", "extra"] == (1, 0)
    assert thin["east", "home"] == (30, 0)
    assert sum(bar.both for bar in bars) == 3 * 34


def test_an_extra_stands_on_its_line_by_its_receivers_word_alone():
    cells = (replace(ring_position().cells[0], group="extra", attested_by="receiver", count=2),)
    bars = bars_of(replace(ring_position(), cells=cells))
    assert sum(bar.rows("extra") for bar in bars) == 2
    assert {(bar.both, bar.one_side) for bar in bars} == {(0, 0)}, "and in no count"
    beside = bars_of(replace(ring_position(), cells=(replace(cells[0], group="beside"),)))
    assert sum(bar.rows("beside") for bar in beside) == 0, "what is owed needs both"


def test_what_is_no_person_is_said_in_words_and_never_drawn():
    page = report(ring_data(), ("en",))
    assert "Beside persons, <bdi>South</bdi> owes <bdi>North</bdi>" in page
    assert "maps of the fields" in page
    assert "maps" not in position_figure(ring_position(), names=NAMES)
    assert all("asset" not in row.label for row in matrix_rows(ring_position(), Wording("en")))


def test_a_joint_obligation_counts_what_each_of_its_givers_released():
    owed = ({"from": "east+north", "to": "south", "agreed": 60},)
    cells = [c for c in ring_position().cells if (c.sender, c.group) == ("east", "inside")]
    (living, remains) = bars_of(Position("", tuple(cells), owed))
    assert (living.sender, living.both, remains.both) == ("east+north", 30, 4)


def test_the_ring_has_an_arrow_for_each_direction_with_all_its_heads():
    arrows = {(a.sender, a.to): (a.both, a.agreed) for a in arrows_of(ring_position())}
    assert arrows == dict.fromkeys(RING, (34, 72))
    assert "North → East: 34 of 72" in ring_figure(ring_position(), names=NAMES)


@pytest.mark.parametrize("sides", [3, 4, 7])
@pytest.mark.parametrize("width", [348, 720])
def test_a_ring_of_any_number_of_sides_stays_within_its_drawing(sides: int, width: int):
    owed = tuple(
        {"from": f"side{k}", "to": f"side{(k + 1) % sides}", "agreed": 1000} for k in range(sides)
    )
    drawn = ring_figure(Position("", (), owed), names={}, width=width)
    tall = float(ElementTree.fromstring(drawn).attrib["viewBox"].split()[3])
    for word in texts(drawn):
        half = breadth(word.text or "", 14) / 2
        assert float(word.attrib["x"]) - half >= -1
        assert float(word.attrib["x"]) + half <= width + 1
        assert 0 <= float(word.attrib["y"]) <= tall


def test_a_lead_of_three_sides_has_a_band_each_and_marks_what_was_conceded():
    leads = {side: [(0.5, 8), (1.0, 0)] for side in NAMES}
    drawn = lead_figure(leads, step=8, names=NAMES, concessions={"east": [(0.9, 1)]})
    assert drawn.count('class="limit"') == 3
    assert drawn.count('class="conceded"') == 2  # the mark and its key
    assert "a side gave up a person" in drawn
    assert "a side gave up a person" not in lead_figure(leads, step=8, names=NAMES)


def marks(plan: Sequence[tuple[bool, int]]) -> list[Mark]:
    start, found = datetime(2031, 3, 4, tzinfo=UTC), []
    for place, (said, hours) in enumerate(plan):
        start += timedelta(hours=hours)
        found.append(Mark(start, f"{place}", "words", said, ("premature",) if said else ()))
    return found


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=60),
    st.sampled_from((348, 720)),
    st.sampled_from(("en", "ar")),
)
def test_no_mark_of_the_timeline_lies_over_another(plan, width, lang):
    drawn = timeline_figure(marks(plan), lang=lang, width=width)
    keys = [t for t in texts(drawn) if (t.text or "").isdigit()]
    assert len(keys) == len(plan)
    seen = [(float(t.attrib["x"]), float(t.attrib["y"])) for t in keys]
    for k, (x, y) in enumerate(seen):
        assert 0 <= x <= width
        assert all(abs(x - a) >= 12 or abs(y - b) >= 12 for a, b in seen[:k])


def test_what_was_said_before_an_act_stands_before_it():
    plan = [(True, 0), (False, 1), (True, 1), (False, 1)]
    where = {t.text: float(t.attrib["x"]) for t in texts(timeline_figure(marks(plan)))}
    assert where["0"] < where["1"] < where["2"] < where["3"]


def test_a_verdict_is_told_by_the_shape_of_its_mark():
    at = datetime(2031, 3, 4, tzinfo=UTC)
    verdicts = ("consistent", "premature", "one_side_only", "contradicted", "opinion")
    signs = [Mark(at, "1", "", True, (v,)).sign for v in verdicts]
    assert signs == ["borne", "early", "one-word", "against", ""]
    assert Mark(at, "1", "", True, ("consistent", "contradicted")).sign == "against"


def test_a_plans_before_and_after_are_two_bars_a_stage():
    drawn = replan_figure({1: 40, 2: 40}, {1: 38, 2: 42})
    assert [t.text for t in texts(drawn) if "before" in (t.text or "")] == ["40 before"] * 2
    assert "38 after" in drawn


def test_words_are_broken_between_words_and_never_cut():
    assert wrapped("soldiers and sergeants", 80) == ["soldiers", "and", "sergeants"]
    assert wrapped("soldiers and sergeants", 1000) == ["soldiers and sergeants"]
    assert wrapped("immeasurable", 5) == ["immeasurable"]
    assert flowed([50, 50, 50], 110) == [(0.0, 0), (50.0, 0), (0.0, 1)]
