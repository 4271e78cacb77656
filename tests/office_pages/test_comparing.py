"""Matching beside the pages: a child process compares, the desk is free, nothing is kept twice."""

from __future__ import annotations

import re

from tests.office.databases import change, rows_of
from tests.office.offices import Office
from tests.office_pages.visiting import Answer, Visitor, officer_at, once_over


def proposals(office: Office) -> list[tuple[object, ...]]:
    """What the matcher proposed, as the office keeps it."""
    columns = "seeker, sought_id, held_id, probability, decision, reasons"
    return rows_of(office.folder, f"SELECT {columns} FROM office_proposal")


def forget_proposals(office: Office) -> None:
    """As before the first matching."""
    change(office.folder, ["DELETE FROM office_proposal"])


def until_over(officer: Visitor) -> Answer:
    return once_over(officer, officer.get("/matching/"))


def test_a_matching_beside_the_pages_proposes_what_the_verb_proposes(line: list[Office]):
    north = line[0]
    officer = officer_at(north)
    before = proposals(north)
    assert before
    forget_proposals(north)
    started = officer.send("/matching/")
    assert re.search(r"<progress|Compared\.", started.text), started.text
    assert officer.get("/").status == 200
    assert "Compared." in until_over(officer).text
    assert proposals(north) == before


def test_a_matching_asked_for_again_keeps_nothing_twice(line: list[Office]):
    north = line[0]
    officer = officer_at(north)
    before = proposals(north)
    officer.send("/matching/")
    assert "problems" not in until_over(officer).text.partition("<main")[2].partition("<h2")[0]
    assert proposals(north) == before
    assert sum(e.kind == "list-received" and e.author == "north" for e in north.entries()) == 1


def test_a_newer_edition_is_compared_too_and_no_former_pair_is_changed(line: list[Office]):
    north = line[0]
    officer = officer_at(north)
    before = proposals(north)
    query = "SELECT edition, data FROM office_listfile WHERE which = 'held'"
    _, data = max(rows_of(north.folder, query))
    header, first, *rest = bytes(data).decode("utf-8").strip().splitlines()
    newcomer = f"NEWCOMER,{first.partition(',')[2]}"  # somebody else on the list, so alike
    north.do("import-lists", held_csv="\n".join([header, first, *rest, newcomer]) + "\n")
    officer.send("/matching/")
    assert "Compared." in until_over(officer).text
    after = proposals(north)
    assert set(before) < set(after)
    fresh = set(after) - set(before)
    assert {pair[2] for pair in fresh} == {"NEWCOMER"}
    assert {pair[4] for pair in fresh} == {"review"}
    officer.send("/matching/")
    until_over(officer)
    assert proposals(north) == after
