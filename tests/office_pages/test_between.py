"""What passes between the sides beside the line: answers by name, promises, texts to publish."""

from __future__ import annotations

import json
import re

from tests.office.offices import Office, carry
from tests.office_pages.visiting import TERMS, Visitor, officer_at, visitor


def second_at(office: Office) -> Visitor:
    return visitor(f"http://127.0.0.1:{office.port}", "second")


def confirm_all(office: Office) -> None:
    """The second officer confirms everything that waits."""
    second = second_at(office)
    open_ones = second.get("/waiting/").text.partition("<table")[0]
    for path in re.findall(r'href="(/waiting/\d+/)"', open_ones):
        assert second.send(path, {"word": "confirm"}).status == 200


def kinds(office: Office, kind: str) -> list[str]:
    return [entry.author for entry in office.entries() if entry.kind == kind]


def rows_of(text: str) -> list[str]:
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in body.split("<tr>")[1:]]


def test_every_name_that_was_asked_for_has_one_answer_at_both_ends(line: list[Office]):
    north, south = line
    asked = rows_of(officer_at(north).get("/lists/sought/").text)
    heard = rows_of(officer_at(south).get("/lists/asked/").text)
    ids = [line.partition(",")[0] for line in own_list(north).splitlines()[1:]]
    assert len(asked) == len(heard) == len(ids)
    for rows in (asked, heard):
        assert all(sum(f" {number} " in row for row in rows) == 1 for number in ids)
    assert sum(" on a sheet of a step " in row for row in asked) == 4
    found = sum(" found " in row for row in heard)
    assert found == sum(" found " in row or " on a sheet " in row for row in asked) > 4


def own_list(office: Office) -> str:
    officer = officer_at(office)
    given = {"which": "sought", "reason": "to count them in a test"}
    return officer.send("/people/export/", given).text


def test_a_seeker_objects_to_an_answer_and_nobody_plans_with_it(line: list[Office]):
    north, south = line
    officer = officer_at(north)
    page = officer.get("/lists/sought/")
    handle = re.findall(r'name="handle" value="([0-9a-f]{32})"', page.text)[0]
    assert handle in south.do("lines")["lines"]
    given = {"handle": handle, "reason": "another patronymic"}
    after = officer.send("/lists/sought/", given, page=page)
    assert "found and taken off the lines" in after.text
    again = officer.send("/lists/sought/", given)
    assert again.status == 200
    carry(line)
    assert kinds(south, "objections").count("north") == 1
    assert handle not in south.do("lines")["lines"]
    assert handle not in north.do("lines")["lines"]
    assert "found and taken off the lines" in officer_at(south).get("/lists/asked/").text
    assert south.refusal("object", list_handles=[handle]) == ["office.not-answered-here"]


def test_a_promise_needs_two_officers_is_kept_by_a_word_and_moves_no_count(line: list[Office]):
    north, south = line
    before = position(north)
    text = "Letters of all <b>four</b> are handed over by Friday."
    first = officer_at(north)
    first.send("/promises/", {"what": "promise", "text": text, "to": "south", "stage": "1"})
    assert "promise-made" not in {entry.kind for entry in north.entries()}
    assert "Letters of all &lt;b&gt;" in second_at(north).get(waiting(north)).text
    confirm_all(north)
    carry(line)
    other = officer_at(south)
    assert "1 promise is open." in other.get("/").text
    page = other.get("/promises/")
    assert "Letters of all &lt;b&gt;four" in page.text
    told = {name: page.field(name) for name in ("digest", "author")}
    kept = other.send("/promises/", {"what": "promise-kept", **told}, page=page)
    assert "promise kept" in kept.text
    assert kinds(south, "promise-kept") == ["south"]
    assert "promise is open" not in other.get("/").text
    assert position(north) == before
    public = officer_at(north).get("/promises/public/")
    document = json.loads(public.text)
    assert {"exchange", "commitments", "sums"} <= set(document)
    assert "Letters" not in public.text


def waiting(office: Office) -> str:
    page = second_at(office).get("/waiting/").text.partition("<table")[0]
    return re.findall(r'href="(/waiting/\d+/)"', page)[0]


def position(office: Office) -> str:
    return officer_at(office).get("/").text.partition("<tbody>")[2].partition("</tbody>")[0]


def test_a_safe_conduct_is_relied_on_by_the_other_sides_own_signature(line: list[Office]):
    north, south = line
    given = {"what": "safe-conduct", "text": "Nobody on the bridge is touched.", "stage": "1"}
    officer_at(north).send("/promises/", given)
    confirm_all(north)
    carry(line)
    other = officer_at(south)
    page = other.get("/promises/")
    part = page.text.partition("Nobody on the bridge")[2]
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', part)
    assert digest
    told = {"what": "acknowledge-safe-conduct", "digest": digest[1], "author": "north"}
    other.send("/promises/", told, page=page)
    assert kinds(south, "safe-conduct-acknowledged") == ["south"]


def test_a_text_that_the_record_does_not_bear_out_is_not_laid_down(line: list[Office]):
    north = line[0]
    officer = officer_at(north)
    page = officer.get("/claims/draft/")
    assert "<blockquote" in page.text
    ahead = {"text": "North and South exchanged 4 prisoners of war each today.", "spoken": "en"}
    checked = officer.send("/claims/draft/", {**ahead, "word": "check"})
    assert re.search(r"claims\.(draft-refused|embargo)", checked.text)
    assert "does not go out" in checked.text
    officer.send("/claims/draft/", {**ahead, "word": "lay-down"})
    assert kinds(north, "statement-recorded") == []


def test_texts_go_out_when_every_side_has_laid_down_its_own(line: list[Office]):
    north, south = line
    for office, text in ((north, "We thank the drivers."), (south, "We thank the nurses.")):
        officer = officer_at(office)
        page = officer.get("/claims/draft/")
        assert "claims.text-missing" in page.text
        officer.send("/claims/draft/", {"text": text, "spoken": "en", "word": "lay-down"})
    carry(line)
    for office in line:
        both = officer_at(office).get("/claims/draft/").text
        assert "We thank the drivers." in both
        assert "We thank the nurses." in both
        assert "claims.text-missing" not in both


def test_packages_go_to_offices_whose_address_is_known_and_what_fails_goes_again(
    line: list[Office],
):
    north, south = line
    officer = officer_at(north)
    for wrong in ("http://elsewhere.example", "ftp://127.0.0.1", "https://x.example/?to=me"):
        given = {"verb": "address", "party": "south", "address": wrong}
        assert "office.address-unfit" in officer.send("/record/", given).text
    north.do("suspend")
    known = {"verb": "address", "party": "south"}
    officer.send("/record/", {**known, "address": "http://127.0.0.1:9"})
    assert "office.not-delivered" in delivered(officer)
    before = kinds(south, "suspension").count("north")
    officer.send("/record/", {**known, "address": f"http://127.0.0.1:{south.port}"})
    assert "1 package was sent and taken in" in delivered(officer)
    assert kinds(south, "suspension").count("north") == before + 1
    north.do("resume")
    carry(line)


def delivered(officer: Visitor) -> str:
    """The record's page once a delivery is over."""
    page = officer.send("/record/", {"verb": "deliver"})
    for _ in range(5000):
        if "Being sent:" not in page.text:
            return page.text
        page = officer.get("/record/")
    raise AssertionError("the delivery never ended")


def test_a_text_that_one_officer_has_signed_waits_and_can_be_read_before_the_second_word(
    line: list[Office],
):
    north, south = line
    digest = south.do("propose-terms", text=TERMS)["digest"]
    carry(line)
    path = f"/terms/{digest}/"
    officer = officer_at(north)
    assert 'value="accept"' in officer.get(path).text
    after = officer.send(path, {"word": "accept"})
    assert 'value="accept"' not in after.text
    assert f'href="{waiting(north)}"' in after.text
    second = second_at(north)
    assert f'href="{path}"' in second.get(waiting(north)).text
    second.send(waiting(north), {"word": "refuse"})
    assert 'value="accept"' in officer.get(path).text
    south.do("void", digest=digest)
    carry(line)


def test_what_a_draft_lacks_is_said_beside_its_words_and_not_a_second_time_in_codes(
    line: list[Office],
):
    text = "North and South have each returned 3 people to the other side."
    given = {"text": text, "spoken": "en", "word": "check"}
    checked = officer_at(line[0]).send("/claims/draft/", given).text
    assert "does not go out as it stands" in checked
    assert "claims.draft-refused" not in checked
    assert text in checked.partition("<caption>Each claim")[2].partition("</table>")[0]
