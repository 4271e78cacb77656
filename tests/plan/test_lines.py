"""Plan lines are read strictly, with every problem, and written back as they were."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from homeward.plan import PlanLine, read_lines
from homeward.plan.clauses import owed_to
from homeward.plan.lines import STATES, STATUSES, write_lines
from homeward.terms import read_terms
from tests.plan.demo import made_terms

HEADER = "handle,holder,claimant,category,state,medical,held_since,site,seats,group_code\n"

words = st.text("abcdefghij 7", min_size=1, max_size=6).map(str.strip).filter(bool)
lines = st.builds(
    PlanLine,
    handle=words,
    holder=st.just("north"),
    claimant=st.just("south"),
    category=words,
    state=st.sampled_from(STATES),
    medical=st.integers(0, 2),
    held_since=st.sampled_from(["", "2023", "2023-07"]),
    site=words,
    seats=st.integers(0, 4),
    group_code=st.sampled_from(["", "g1"]),
    value=st.integers(1, 60),
    status=st.sampled_from(STATUSES),
)


@given(st.lists(lines, unique_by=lambda line: line.handle))
def test_lines_are_read_back_as_they_were_written(given_lines: list[PlanLine]) -> None:
    back, problems = read_lines(write_lines(given_lines))
    assert problems == ()
    assert back == tuple(sorted(given_lines, key=lambda line: line.handle))


def test_who_is_not_seriously_wounded_is_not_owed_beside_the_balance() -> None:
    text = (
        "format: homeward-terms/1\nid: beside\n"
        "parties: {north: {name: North}, south: {name: South}}\n"
        "obligations:\n"
        "  - {id: all, from: north, to: south, quantity: {exact: 2}}\n"
        "  - {id: hurt, from: north, to: south, when: {health: seriously_wounded}, "
        "group: beside, quantity: {exact: 1}}\n"
        "balance: {equal_by: nothing, no_bound: true}\n"
    )
    terms, _ = read_terms(text)
    assert terms is not None
    owed = [
        owed_to(terms, PlanLine(f"h{level}", "north", "south", "", medical=level))
        for level in (0, 1, 2)
    ]
    assert [one.kind.group for one in owed if one] == ["inside", "inside", "beside"]


def codes(text: str) -> list[tuple[str, str]]:
    return [(problem.code, problem.place) for problem in read_lines(text)[1]]


def test_every_wrong_cell_is_named_with_row_and_column():
    row = "h1,north,north,civilian,alive,3,2023-13,s,-1,\n,south,north,,living,1,,s,1,\n"
    assert codes(HEADER + row) == [
        ("plan.same-side", "lines.csv:row 2:claimant"),
        ("plan.word-unknown", "lines.csv:row 2:state"),
        ("plan.bad-number", "lines.csv:row 2:medical"),
        ("plan.bad-number", "lines.csv:row 2:seats"),
        ("plan.bad-date", "lines.csv:row 2:held_since"),
        ("plan.cell-empty", "lines.csv:row 3:handle"),
    ]


def test_a_handle_twice_is_named_with_the_first_row():
    row = "h1,north,south,civilian,living,0,2023-01,s,1,\n"
    (problem,) = read_lines(HEADER + row + row)[1]
    assert (problem.code, problem.hint) == ("plan.handle-twice", "first in row 2")


def test_a_missing_column_stops_the_reading_and_an_unknown_one_is_only_named():
    assert codes(HEADER.replace(",site", "")) == [("plan.column-missing", "lines.csv:row 1")]
    text = HEADER.replace("\n", ",surname\n") + "h,north,south,c,living,0,,s,1,,X\n"
    read, (problem,) = read_lines(text)
    assert (len(read), problem.code, problem.level) == (1, "plan.column-unknown", "warning")


def test_a_day_is_cut_to_its_month():
    read, (problem,) = read_lines(HEADER + "h,north,south,c,living,0,2023-05-09,s,1,\n")
    assert read[0].held_since == "2023-05"
    assert (problem.code, problem.level) == ("plan.date-too-exact", "warning")


def test_a_number_of_five_thousand_digits_is_a_problem_and_no_crash():
    row = "h,north,south,c,living," + "9" * 5000 + ",,s,1,\n"
    assert codes(HEADER + row) == [("plan.bad-number", "lines.csv:row 2:medical")]


def test_bytes_that_are_no_utf8_are_named():
    assert read_lines(b"\xff\xfe")[1][0].code == "plan.not-utf8"


def test_a_clause_about_health_takes_its_persons_before_clauses_about_their_categories():
    """Whether it also names a category or not: it is about them more than their category is."""
    terms = made_terms(
        """\
format: homeward-terms/1
id: wounded
title: wounded
parties: {north: {name: N}, south: {name: S}}
categories: {a: {when: {category: a}}, b: {when: {category: b}}}
obligations:
  - {id: a, between: [north, south], category: a, quantity: {exact: 1, counting: each}}
  - {id: b, between: [north, south], category: b, quantity: {exact: 1, counting: each}}
  - {id: w, from: north, to: south, when: {health: seriously_wounded}, quantity: {all: true},
     group: beside}
balance: {equal_by: category, step: 2}
"""
    )
    wounded = PlanLine("n", "north", "south", "a", medical=2)
    found = owed_to(terms, wounded)
    assert found is not None
    assert (found.kind.group, found.under) == ("beside", ("w",))
    other = owed_to(terms, replace(wounded, medical=0))
    assert other is not None
    assert (other.kind.group, other.kind.category) == ("inside", "a")
