"""One page: who gives whom to whom, when, tied to what; for pairs, rings, one way, and gates."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from homeward.paper.agreement import agreement_figure, agreement_page, standalone
from homeward.paper.svg import breadth
from homeward.terms import read_terms
from homeward.terms.outline import outline
from homeward.words import LANGUAGES, RIGHT_TO_LEFT
from tests.terms.test_agreements import FOLDER, OUTCOMES
from tests.terms.test_commands import homeward
from tests.terms.texts import terms

SPACE = "{http://www.w3.org/2000/svg}"
FREE = {"equal_by": "nothing", "no_bound": True}


def one(id_, sender, to, quantity=None, **more):
    return {"id": id_, "from": sender, "to": to, "quantity": quantity or {"exact": 3}, **more}


def real(name):
    found, _ = read_terms((FOLDER / f"{name}.yaml").read_bytes())
    return found


def shapes(svg, name):
    return list(ElementTree.fromstring(svg).iter(f"{SPACE}{name}"))


def middles(svg, cls):
    """The x of the point of each arrow's head."""
    return [
        float(shape.get("points").split(",")[0])
        for shape in shapes(svg, "polygon")
        if shape.get("class") == cls
    ]


@pytest.mark.parametrize("name", sorted(OUTCOMES))
def test_every_agreement_fits_on_a_page_with_all_its_clauses(name):
    agreed = real(name)
    for language in ("en", "ar"):
        page, svg = outline(agreed, language), agreement_figure(agreed, language)
        root = ElementTree.fromstring(svg)
        assert {row.clause for row in page.rows} == {o.clause for o in agreed.obligations}
        assert root.find(f"{SPACE}title").text
        assert all(f"{row.number}. " in root.find(f"{SPACE}desc").text for row in page.rows)
        width, height = (float(n) for n in root.get("viewBox").split()[2:])
        for text in root.iter(f"{SPACE}text"):
            assert 0 <= float(text.get("x")) <= width
            assert 0 <= float(text.get("y")) <= height
            assert breadth(text.text or "", 13) <= width


def test_both_ways_are_two_arrows_and_one_row():
    page, svg = outline(terms(), "en"), agreement_figure(terms())
    (row,) = page.rows
    assert (row.both_ways, row.quantity) == (True, "600 persons each")
    first, second = middles(svg, "act")[:2]
    assert first != second


def test_in_total_is_told_from_each():
    total = {"exact": 600, "counting": "in_total"}
    clause = {"id": "all", "between": ["north", "south"], "quantity": total}
    (row,) = outline(terms(obligations=[clause]), "en").rows
    assert row.quantity == "600 persons in total"


def test_a_ring_has_a_lane_for_each_side_and_one_tie_around_all():
    parties = {name: {"name": name.title()} for name in ("north", "south", "east")}
    ring = terms(
        parties=parties,
        categories=None,
        obligations=[
            one("a", "north", "south"),
            one("b", "south", "east"),
            one("c", "east", "north"),
        ],
        balance=FREE,
        linkage=[{"kind": "ring", "of": ["a", "b", "c"]}],
    )
    page = outline(ring, "en")
    assert [name for _, name in page.lanes] == ["North", "South", "East"]
    assert (page.ties[0].mark, page.ties[0].rows) == ("a", (1, 2, 3))
    assert (
        page.ties[0].words
        == "These form a ring, in which each gives to another: no. 1, no. 2, no. 3."
    )


def test_one_way_has_one_arrow_and_no_word_of_return():
    page = outline(
        terms(categories=None, obligations=[one("a", "north", "south")], balance=FREE), "en"
    )
    assert [(row.senders, row.to, row.both_ways) for row in page.rows] == [
        (("north",), ("south",), False)
    ]


def test_a_gate_runs_from_what_comes_first_to_what_waits_also_after_a_milestone():
    gated = terms(
        categories=None,
        milestones={"funds": "the funds have arrived"},
        obligations=[
            one("men", "north", "south"),
            one("goods", "south", "north", {"exact": 9, "unit": "USD"}, state="asset"),
        ],
        balance=FREE,
        linkage=[
            {"kind": "gate", "after": "goods", "share": 20, "before": "men"},
            {"kind": "gate", "after": "funds", "before": "men"},
        ],
    )
    first, second = outline(gated, "en").ties
    assert (first.after, first.before) == ((2,), (1,))
    assert (second.after, second.before) == ((), (1,))
    assert "20% of what “no. 2” says" in first.words
    assert [row.kind for row in outline(gated, "en").rows] == ["living", "thing"]


def test_a_link_to_a_part_a_stage_a_direction_or_nothing_finds_its_rows():
    parts = {"exact": 9, "parts": {"women": {"count": 4}, "men": {"count": 5}}}
    agreed = terms(
        categories=None,
        stages=[{"id": "late"}],
        obligations=[
            one("a", "north", "south", parts),
            one("b", "south", "north", stage="late"),
            {"id": "c", "between": ["north", "south"], "quantity": {"all": True}},
        ],
        balance=FREE,
        linkage=[
            {"kind": "simultaneous", "of": "women"},
            {"kind": "gate", "after": "late", "before": "c:north-south"},
            {"kind": "all_or_nothing"},
            {"kind": "none"},
        ],
    )
    women, gate, everything, none = outline(agreed, "en").ties
    assert women.rows == (1,)
    assert (gate.after, gate.before) == ((2,), (3,))
    assert everything.rows == (1, 2, 3)
    assert none.rows == ()
    agreement_figure(agreed)


def test_persons_remains_and_goods_are_told_apart_by_shape_and_key():
    agreed = terms(
        categories=None,
        obligations=[
            one("a", "north", "south"),
            one("b", "south", "north", state="remains"),
            one("c", "south", "north", state="act"),
        ],
        balance=FREE,
    )
    svg = agreement_figure(agreed)
    said = [text.text for text in shapes(svg, "text")]
    assert {"persons", "remains", "goods and acts"} <= set(said)
    assert {"axis", "limit", "edge"} <= {line.get("class") for line in shapes(svg, "line")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_is_mirrored_where_lines_run_right_to_left(language):
    svg = agreement_figure(terms(), language)
    party = next(s for s in shapes(svg, "rect") if s.get("class") == "party")
    assert (float(party.get("x")) > 400) != (language in RIGHT_TO_LEFT)
    assert ('direction="rtl"' in svg) == (language in RIGHT_TO_LEFT)


def test_what_is_set_apart_is_closed_on_every_line():
    svg = agreement_figure(real("korea-big-switch-1953"), "he")
    for text in shapes(svg, "text"):
        words = text.text or ""
        assert words.count("\u2068") == words.count("\u2069"), words


def test_a_file_of_its_own_carries_its_colours_and_asks_for_nothing():
    alone = standalone(agreement_figure(terms()))
    ElementTree.fromstring(alone)
    assert "--ink:" in alone
    assert alone.count("http") == 1  # its own namespace


def test_the_page_has_the_same_rows_as_a_table():
    page = agreement_page(real("bay-of-pigs-1962"))
    assert page.count("<tr>") == 4
    assert '<td data-label="How many">1,113 persons</td>' in page
    assert "<script" not in page


def test_words_of_the_agreement_cannot_become_markup():
    bad = terms(title={"en": "<b>&"}, parties={"north": {"name": "<i>"}, "south": {"name": "S"}})
    for drawn in (standalone(agreement_figure(bad)), agreement_page(bad)):
        assert "<b>&" not in drawn
        assert "<i>" not in drawn


def test_the_command_writes_a_drawing_a_page_or_rows(tmp_path):
    path = FOLDER / "ankara-2024.yaml"
    svg, html = tmp_path / "a.svg", tmp_path / "a.html"
    assert homeward("terms", "draw", path).stdout.startswith("<svg ")
    assert homeward("terms", "draw", path, "--out", svg, "--lang", "uk").exit_code == 0
    assert svg.read_text(encoding="utf-8").startswith("<svg ")
    assert homeward("terms", "draw", path, "--out", html).exit_code == 0
    assert "<table" in html.read_text(encoding="utf-8")
    told = json.loads(homeward("terms", "draw", path, "--json").stdout)
    assert len(told["lanes"]) == 7
    assert [row["number"] for row in told["rows"]] == list(range(1, 9))
