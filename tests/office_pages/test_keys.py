"""An officer's key is revoked by two others on the pages; then the people are counted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from tests.office.offices import Office
from tests.office_pages.visiting import Visitor, open_pages, visitor


@pytest.fixture(scope="module")
def north(line: list[Office], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A copy of north's office whose sheets are held."""
    copy = tmp_path_factory.mktemp("keys") / "north"
    shutil.copytree(line[0].folder, copy)
    with open_pages(copy) as address:
        office = Office("north", copy, int(address.rsplit(":", 1)[1]))
        office.do("hold-sheets", stage=1)
        yield office


def seat(north: Office, name: str) -> Visitor:
    return visitor(f"http://127.0.0.1:{north.port}", name)


def keeper(north: Office) -> Visitor:
    one = Visitor(f"http://127.0.0.1:{north.port}")
    token = (north.folder / "officer.token").read_text(encoding="ascii")
    one.send("/enter/token/", {"token": token})
    return one


def confirm(north: Office) -> None:
    """The second officer confirms the one act that waits."""
    second = seat(north, "second")
    waiting = second.get("/waiting/").text.partition("<table")[0]
    (path,) = re.findall(r'href="(/waiting/\d+/)"', waiting)
    assert second.send(path, {"word": "confirm"}).status == 200


def states(text: str) -> dict[str, tuple[str, str]]:
    """Of each officer, the account that signs with the key, and whether it counts."""
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in body.split("<tr>")[1:]]
    return {one: (account, state) for one, account, state in rows}


def test_a_key_is_revoked_by_two_other_officers_and_its_account_signs_with_none(north: Office):
    given = {"name": "thief", "role": "planner", "officer": "third"}
    assert keeper(north).send("/administration/", given).status == 200
    first = seat(north, "first")
    assert "/administration/keys/" in first.get("/record/").text
    page = first.get("/administration/keys/")
    signs = {name: (name, "signs") for name in ("first", "second")}
    assert states(page.text) == {**signs, "third": ("thief", "signs")}
    assert 'value="first"' not in page.text, "nobody revokes the key they sign with"
    assert "Asked for." in first.send("/administration/keys/", {"officer": "third"}).text
    assert not [e for e in north.entries() if e.epoch == 2], "one officer is not enough"
    confirm(north)
    page = first.get("/administration/keys/")
    assert states(page.text) == {**signs, "third": ("–", "revoked")}
    assert "no two other officers would be left" in page.text
    assert [(e.kind, e.log) for e in north.entries() if e.epoch == 2] == [
        ("key-change", "north.office.2")
    ]
    given = {"name": "fourth", "role": "planner", "officer": "third"}
    assert "office.officer-unknown" in keeper(north).send("/administration/", given).text


def test_after_it_two_officers_count_who_is_still_here(north: Office):
    first = seat(north, "first")
    assert "/crossing/count/" in first.get("/crossing/").text
    page = first.get("/crossing/count/")
    handles = re.findall(r'name="handle" value="([0-9a-f]{32})"', page.text)
    assert len(handles) == 4
    wrong = first.send("/crossing/count/", {"handle": handles, "heads": "3"}, page=page)
    assert "Asked for." in wrong.text
    second = seat(north, "second")
    (path,) = re.findall(r'href="(/waiting/\d+/)"', second.get("/waiting/").text)
    refused = second.send(path, {"word": "confirm"})
    assert "office.heads-differ" in refused.text
    second.send(path, {"word": "refuse"})
    first.send("/crossing/count/", {"handle": handles, "heads": "4"})
    confirm(north)
    assert north.standing("not-released") == set(handles)
    assert "/crossing/count/" not in first.get("/crossing/").text
    assert "orders nobody" not in first.get("/administration/keys/").text
