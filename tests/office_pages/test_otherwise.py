"""What goes otherwise at the line, through the pages: words changed, extras, refused sheets."""

from __future__ import annotations

import re

import pytest

from tests.office.offices import Office, carry
from tests.office_pages.visiting import Answer, officer_at


def ticked(page: Answer, what: str) -> list[str]:
    """The codes that a form of the page offers to tick."""
    form = page.text.partition(f'name="what" value="{what}"')[2].partition("</form>")[0]
    return re.findall(r'name="handle" value="([0-9a-f]+)"', form)


def words_of(office: Office, kind: str) -> int:
    return sum(entry.kind == kind and entry.author == office.name for entry in office.entries())


@pytest.fixture(scope="module")
def refused(line: list[Office]) -> Answer:
    """South's page before anything else: the sheet is refused there, then signed for after all."""
    south = line[1]
    officer = officer_at(south)
    page = officer.get("/crossing/1/otherwise/")
    assert 'value="refuse"' in page.text
    answer = officer.send("/crossing/1/otherwise/", {"what": "refuse", "why": "unreadable"})
    assert words_of(south, "body-refused") == 1
    return answer


@pytest.fixture(scope="module")
def released(line: list[Office], refused: Answer) -> list[Office]:
    """Everyone ready, and north's people ordered and released by the pages."""
    for office in line:
        office.do("hold-sheets", stage=1)
        office.do("ready", step=1)
    carry(line)
    line[0].do("order", step=1)
    officer = officer_at(line[0])
    page = officer.get("/crossing/1/")
    assert "The crew may let 2 persons go" in page.text
    officer.send("/crossing/1/", {"kind": "released"}, page=page)
    assert words_of(line[0], "released") == 2
    carry(line)
    return line


def test_a_sheet_is_refused_once_with_one_of_three_reasons(line: list[Office], refused: Answer):
    assert refused.status == 200
    assert 'value="refuse"' not in refused.text
    again = officer_at(line[1]).send("/crossing/1/otherwise/", {"what": "refuse", "why": "odd"})
    assert again.status == 422
    assert "office.unknown-reason" in again.text


def test_the_desk_tells_what_is_missing_and_what_may_follow(released: list[Office]):
    south = officer_at(released[1])
    page = south.get("/crossing/")
    assert "has not signed for them" in page.text
    assert "count again on both sides" in page.text
    assert "north.office.1/" in page.text
    assert "/crossing/1/otherwise/" in page.text
    assert "has not signed for them" in south.get("/crossing/1/").text


def test_the_holder_takes_its_word_back_with_a_reason_that_no_page_repeats(
    released: list[Office],
):
    north, south = released
    officer = officer_at(north)
    page = officer.get("/crossing/1/otherwise/")
    (first, *rest) = ticked(page, "take-back")
    assert len(rest) == 1
    secret = "the bus would not start"
    fields = {"what": "take-back", "handle": first, f"reason-{first}": secret}
    answer = officer.send("/crossing/1/otherwise/", fields, page=page)
    assert ticked(answer, "take-back") == rest
    assert words_of(north, "not-released") == 1
    assert secret not in answer.text
    carry(released)
    told = officer_at(south).get("/crossing/").text
    assert "did not leave" in told
    assert secret not in told


def test_the_receiver_signs_for_somebody_on_no_sheet_and_gets_a_code_for_the_paper(
    released: list[Office],
):
    south = released[1]
    officer = officer_at(south)
    before = words_of(south, "received")
    fields = {"what": "extra", "from": "north", "category": "military", "state": "living"}
    answer = officer.send("/crossing/1/otherwise/", fields)
    assert answer.status == 200, answer.text
    assert re.search(r"Write this code on the person&#x27;s paper: [0-9a-f]{32}", answer.text)
    assert words_of(south, "received") == before + 1
    strange = officer.send("/crossing/1/otherwise/", fields | {"category": "no-such"})
    assert strange.status == 200
    assert words_of(south, "received") == before + 1


def test_a_word_that_was_a_mistake_is_taken_back_by_its_own_entry(released: list[Office]):
    north, south = released
    entry = next(e for e in south.entries() if e.kind == "released")
    officer = officer_at(north)
    fields = {"what": "correct", "entry": entry.hash}
    page = officer.get("/crossing/1/otherwise/")
    mine = re.findall(r'name="entry" value="([0-9a-f]{64})"', page.text)
    assert mine
    answer = officer.send("/crossing/1/otherwise/", fields | {"entry": mine[0]}, page=page)
    assert mine[0] not in re.findall(r'name="entry" value="([0-9a-f]{64})"', answer.text)
    assert words_of(north, "correction") == 1
    other = officer_at(south).send("/crossing/1/otherwise/", fields)
    assert other.status == 422
    assert "office.not-your-entry" in other.text


def test_a_refusal_says_what_to_do_in_the_language_of_the_page(released: list[Office]):
    north = officer_at(released[0])
    north.send("/language/setlang/", {"language": "uk"}, page=north.get("/"))
    answer = north.send("/crossing/", {"verb": "close-stage", "stage": "1"})
    assert "office.steps-open" in answer.text
    assert "спершу закрийте кожен крок етапу" in answer.text
    assert "спершу" not in officer_at(released[0]).get("/crossing/").text
