"""People: lists taken in whole or not at all, found in any script, and every look written down."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.office_pages.visiting import (
    HEADER,
    Answer,
    Visitor,
    held_list,
    make_office,
    once_over,
    open_pages,
    visitor,
)

Database = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def folder(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_office(tmp_path_factory.mktemp("people"), "north")


@pytest.fixture(scope="module")
def office(database: Database, folder: Path) -> Iterator[str]:
    with open_pages(folder, environment=database("north")) as address:
        yield address


def hand_in(officer: Visitor, text: str, which: str = "held", name: str = "list.csv") -> Answer:
    """Steps one and two; returns the page of the third when the check is over."""
    page = officer.send("/people/import/", {"which": which}, {"file": (name, text.encode())})
    assert page.url.endswith("/columns/"), page.text
    path = page.url.removeprefix(officer.address)
    selects = re.findall(r'<select id="column-\d+" name="([^"]+)">(.*?)</select>', page.text)
    taken = {name: re.search(r'value="([^"]+)" selected', choices) for name, choices in selects}
    chosen = {name: found[1] if found else "" for name, found in taken.items()}
    return once_over(officer, officer.send(path, chosen, page=page))


def keep(officer: Visitor, page: Answer) -> Answer:
    return once_over(officer, officer.send(page.url.removeprefix(officer.address), page=page))


def counts(page: Answer) -> list[int]:
    table = page.text.partition("</table>")[0]
    return [int(n) for n in re.findall(r'<td class="number">(\d+)</td>', table)]


def test_a_list_goes_in_by_three_steps_and_its_counts_add_up(office: str):
    officer = visitor(office)
    page = hand_in(officer, held_list("north"))
    new, changed, unchanged, refused, gone = counts(page)
    assert (new, changed, unchanged, refused, gone) == (4, 0, 0, 0, 0)
    assert "nothing" not in officer.get("/people/").text.casefold()
    assert "There is no list yet" in officer.get("/people/").text
    done = keep(officer, page)
    assert "4 lines are taken in" in done.text
    altered = held_list("north").replace("1990-04-11", "1990-04-12").replace("N-H4", "N-H5")
    page = hand_in(officer, altered)
    assert counts(page) == [1, 1, 2, 0, 1]
    keep(officer, page)


def test_the_newest_edition_stands_beside_the_one_before_it_as_ids_and_counts(office: str):
    officer = visitor(office)
    page = once_over(officer, officer.get("/people/edition/held/"))
    found, worth = page.text.partition("What the list is worth")[::2]
    new, changed, renumbered, same, gone = re.findall(r'<td class="number">(\d+)</td>', found)
    assert (new, changed, renumbered, same, gone) == ("0", "1", "1", "2", "0")
    assert re.search(r"N-H1.*Ткаченко.*Born", found, re.DOTALL)
    assert re.search(r"N-H4.*N-H5", found, re.DOTALL)
    assert re.search(r'lines in all</th><td class="number">4<', worth)
    assert re.search(r'women</th><td class="number">0<', worth)
    assert "/people/edition/held/" in officer.get("/people/").text
    nowhere = officer.get("/people/edition/sought/")
    assert nowhere.status == 404
    assert "office.no-such-page" in nowhere.text
    assert "an edition compared" in officer.get("/accesses/").text


def test_a_list_with_one_bad_row_is_not_taken_in_at_all_and_comes_back_with_comments(office: str):
    officer = visitor(office)
    before = officer.get("/people/").text.count("<tr>")
    bad = held_list("north") + "N-H9,,,,1990-13-45,m,prisoner_of_war\n"
    page = hand_in(officer, bad)
    assert sum(counts(page)[:4]) == 5
    assert counts(page)[3] == 1
    assert "people.name-missing" in page.text
    assert "people.date-unreadable" in page.text
    path = page.url.removeprefix(office)
    forced = officer.send(path, page=officer.get("/people/import/"))
    assert "lines are taken in" not in forced.text
    assert officer.get("/people/").text.count("<tr>") == before
    book = officer.get(path.replace("/check/", "/workbook/"))
    assert "spreadsheetml" in book.headers["Content-Type"]
    with zipfile.ZipFile(io.BytesIO(book.data)) as pack:
        assert any("comments" in name for name in pack.namelist())


def test_a_file_that_is_no_list_fails_loudly_and_says_what_is_accepted(office: str):
    officer = visitor(office)
    page = officer.send(
        "/people/import/", {"which": "held"}, {"file": ("x.csv", b"apples,pears\n1,2\n")}
    )
    assert "people.no-header" in page.text
    nothing = officer.send("/people/import/", {"which": "held"}, {"file": ("x.csv", b"")})
    assert nothing.status == 422
    assert "office.file-size" in nothing.text


def test_unknown_headers_can_be_named_by_hand(office: str):
    officer = visitor(office)
    text = "Nr,Wer,Geboren,Ort\n1,Adler Anna,1970-01-02,Ulm\n"
    page = officer.send("/people/import/", {"which": "sought"}, {"file": ("l.csv", text.encode())})
    path = page.url.removeprefix(office)
    chosen = {"column-0": "id", "column-1": "full_name", "column-2": "birth_date", "column-3": ""}
    checked = once_over(officer, officer.send(path, chosen, page=page))
    assert counts(checked)[0] == 1
    keep(officer, checked)
    # the next list of the same office needs no naming
    again = hand_in(officer, text + "2,Bergmann Otto,1971-05-06,Bern\n", which="sought")
    assert counts(again)[:3] == [1, 0, 1]
    assert "people.no-header" not in again.text


@pytest.mark.parametrize("query", ["Ткаченко", "tkatschenko nikolaj", "микола ткаченко", "N-H1"])
def test_a_person_is_found_in_any_script_and_order(office: str, query: str):
    officer = visitor(office)
    if "There is no list yet" in officer.get("/people/").text:
        keep(officer, hand_in(officer, held_list("north")))
    page = officer.send("/people/", {"query": query, "which": ""})
    assert page.url == f"{office}/people/"
    assert "<bdi>Ткаченко Микола Петрович</bdi>" in page.text


def test_a_page_of_a_person_keeps_every_value_with_its_source(office: str):
    officer = visitor(office)
    page = officer.send("/people/", {"query": "Ткаченко Микола"})
    path = re.search(r"/people/\d+/", page.text.partition('id="found"')[2])
    assert path
    person = officer.get(path[0]).text
    assert "prisoner of war" in person
    assert "prisoner_of_war" not in person
    assert "<title>Homeward</title>" in person
    assert "edition 1, row 2" in person
    assert "Ткаченко" not in path[0]


def test_a_list_leaves_only_with_a_reason_and_every_look_is_written_down_without_names(office: str):
    officer = visitor(office)
    refused = officer.send("/people/export/", {"which": "held", "reason": "short"})
    assert refused.status == 422
    assert "office.reason-missing" in refused.text
    given = {"which": "held", "reason": "for the mixed commission on Monday"}
    taken = officer.send("/people/export/", given)
    assert taken.headers["Content-Type"].startswith("text/csv")
    assert taken.text.startswith("id,surname")
    log = officer.get("/accesses/").text
    assert "for the mixed commission on Monday" in log
    for look in ("search", "person&#x27;s page", "list of those held taken out"):
        assert look in log
    for name in ("Ткаченко", "Tkatschenko", "Микола"):
        assert name not in log


def test_names_are_in_no_file_that_the_office_writes_beside_its_database(office: str, folder: Path):
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("office.db"):
            assert "Ткаченко".encode() not in path.read_bytes(), path.name
    assert HEADER
