"""Forms that count once, binding acts that need two, and faults that name nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.office.offices import NOW, ask
from tests.office_pages.test_people_pages import hand_in, keep
from tests.office_pages.visiting import (
    HEADER,
    TERMS,
    Visitor,
    held_list,
    make_office,
    open_pages,
    visitor,
)


@pytest.fixture(scope="module")
def pair(
    database: Callable[[str], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str]]:
    """North's office, with the exchange opened on south's card by two of its officers."""
    root = tmp_path_factory.mktemp("forms")
    south = make_office(root, "south")
    north = make_office(root, "north")
    with open_pages(south) as address:
        card = visitor(address).get("/terms/card/").text
    with open_pages(north, environment=database("north")) as address:
        asked = visitor(address).send("/terms/meet/", {"cards": card, "text": TERMS})
        assert "second officer" in asked.text
        confirm_all(visitor(address, "second"))
        yield north, address


def confirm_all(officer: Visitor) -> None:
    """The second officer confirms everything that waits."""
    for path in waiting(officer):
        answer = officer.send(path, {"word": "confirm"})
        assert answer.status == 200, answer.text


def waiting(officer: Visitor) -> list[str]:
    open_ones = officer.get("/waiting/").text.partition("<table")[0]
    return re.findall(r'href="(/waiting/\d+/)"', open_ones)


def status(pair: tuple[Path, str]) -> dict[str, int]:
    folder, address = pair
    token = (folder / "officer.token").read_text(encoding="ascii")
    _, text, _ = ask(int(address.rsplit(":", 1)[1]), "GET", "/api/status", token=token)
    kinds: dict[str, int] = json.loads(text)["kinds"]
    return kinds


def test_a_form_sent_twice_is_done_once_and_says_so(pair: tuple[Path, str]):
    _, address = pair
    officer = visitor(address)
    page = officer.get("/terms/propose/")
    first = officer.send("/terms/propose/", {"text": TERMS}, page=page)
    assert first.status == 200
    assert status(pair)["terms-proposed"] == 1
    other = TERMS.replace("Four each", "Four each way")
    again = officer.send("/terms/propose/", {"text": other}, page=page)
    assert "sent before" in again.text
    assert status(pair)["terms-proposed"] == 1


def test_a_double_click_at_the_same_instant_is_one_act(pair: tuple[Path, str]):
    _, address = pair
    officer = visitor(address)
    before = status(pair).get("suspension", 0)
    page = officer.get("/crossing/")
    with ThreadPoolExecutor(4) as clicks:
        sent = [
            clicks.submit(officer.send, "/crossing/", {"verb": "suspend"}, page=page)
            for _ in range(4)
        ]
        assert {answer.result().status for answer in sent} == {200}
    assert status(pair)["suspension"] == before + 1


def test_a_form_without_its_mark_or_from_another_site_does_nothing(pair: tuple[Path, str]):
    _, address = pair
    officer = visitor(address)
    before = status(pair)
    page = officer.get("/terms/propose/")
    page.data = page.data.replace(b'name="once" value="', b'name="once" value="" data-was="')
    page.text = page.data.decode()
    officer.send("/terms/propose/", {"text": TERMS + "\n"}, page=page)
    assert status(pair) == before
    elsewhere = officer.get("/terms/propose/")
    officer.origin = "https://elsewhere.example"
    answer = officer.send("/terms/propose/", {"text": TERMS + "\n"}, page=elsewhere)
    assert answer.status == 403
    assert status(pair) == before


def test_what_binds_waits_for_a_second_officer_in_a_session_of_their_own(pair: tuple[Path, str]):
    _, address = pair
    first, second = visitor(address), visitor(address, "second")
    if "suspension" not in status(pair):
        first.send("/crossing/", {"verb": "suspend"})
    asked = first.send("/crossing/", {"verb": "resume"})
    assert "second officer" in asked.text
    assert "resumption" not in status(pair)
    (path,) = waiting(first)
    own = first.send(path, {"word": "confirm"})
    assert own.status == 422
    assert "office.second-officer" in own.text
    assert "resumption" not in status(pair)
    page = second.get(path)
    assert "cannot be withdrawn" in page.text
    second.send(path, {"word": "confirm"}, page=page)
    assert status(pair)["resumption"] == 1
    assert waiting(second) == []


def test_two_who_confirm_at_once_do_it_once_and_asking_twice_asks_once(pair: tuple[Path, str]):
    _, address = pair
    first = visitor(address)
    first.send("/crossing/", {"verb": "suspend"})
    first.send("/crossing/", {"verb": "resume"})
    first.send("/crossing/", {"verb": "resume"})
    (path,) = waiting(first)
    before = status(pair).get("resumption", 0)
    seconds = [visitor(address, "second") for _ in range(3)]
    pages = [one.get(path) for one in seconds]
    with ThreadPoolExecutor(3) as clicks:
        sent = [
            clicks.submit(one.send, path, {"word": "confirm"}, page=page)
            for one, page in zip(seconds, pages, strict=True)
        ]
        answers = sorted(answer.result().status for answer in sent)
    assert answers == [200, 422, 422]
    assert status(pair)["resumption"] == before + 1


def test_a_second_officer_may_say_no_and_whoever_asked_may_take_it_back(pair: tuple[Path, str]):
    _, address = pair
    first, second = visitor(address), visitor(address, "second")
    first.send("/crossing/", {"verb": "suspend"})
    before = status(pair).get("resumption", 0)
    for officer in (second, first):
        first.send("/crossing/", {"verb": "resume"})
        (path,) = waiting(first)
        officer.send(path, {"word": "refuse"})
        assert waiting(second) == []
    assert status(pair).get("resumption", 0) == before


def test_an_answer_lost_on_its_way_is_asked_for_again_without_harm(pair: tuple[Path, str]):
    _, address = pair
    officer = visitor(address)
    page = officer.get("/people/import/")
    file = {"file": ("held.csv", held_list("north").encode())}
    officer.send("/people/import/", {"which": "held"}, file, page=page)
    again = officer.send("/people/import/", {"which": "held"}, file, page=page)
    assert "sent before" in again.text
    assert again.status == 200


def test_a_line_that_breaks_in_mid_form_does_nothing_and_the_form_can_be_sent_again(
    pair: tuple[Path, str],
):
    _, address = pair
    officer = visitor(address)
    text = TERMS.replace("Four each", "Four for four")
    before = status(pair)
    page = officer.get("/terms/propose/")
    officer.cut_off("/terms/propose/", {"text": text}, page, share=0.6)
    assert officer.get("/terms/").status == 200
    assert status(pair) == before
    assert officer.send("/terms/propose/", {"text": text}, page=page).status == 200
    assert status(pair)["terms-proposed"] == before.get("terms-proposed", 0) + 1


def test_a_line_that_breaks_before_the_answer_leaves_the_act_done_once(pair: tuple[Path, str]):
    _, address = pair
    officer = visitor(address)
    text = TERMS.replace("Four each", "Each four")
    before = status(pair).get("terms-proposed", 0)
    page = officer.get("/terms/propose/")
    officer.cut_off("/terms/propose/", {"text": text}, page, share=1)
    assert officer.send("/terms/propose/", {"text": text}, page=page).status == 200
    assert status(pair)["terms-proposed"] == before + 1


def test_two_who_take_in_lists_at_once_lose_neither_and_keep_neither_twice(pair: tuple[Path, str]):
    _, address = pair
    officers = [visitor(address, name) for name in ("first", "second")]
    lists = [f"{HEADER}S-{n},Sparrow{n},Ada,,1990-01-0{n},f,civilian\n" for n in (1, 2)]
    with ThreadPoolExecutor(2) as hands:
        checked = list(hands.map(hand_in, officers, lists, ("sought", "sought")))
        kept = list(hands.map(keep, officers, checked))
    assert all("taken in as the newest edition" in page.text for page in kept)
    page = officers[0].get("/people/").text
    assert len(re.findall(r'<tr><th scope="row">Sought by us</th>', page)) == 2
    for n in (1, 2):
        assert f"Sparrow{n}" in officers[0].send("/people/", {"query": f"sparrow{n}"}).text


def test_a_fault_nobody_expected_is_a_problem_and_its_log_names_nobody(pair: tuple[Path, str]):
    folder, address = pair
    token = (folder / "officer.token").read_text(encoding="ascii")
    name = "Zzyzxenko"
    port = int(address.rsplit(":", 1)[1])
    (folder / "outbox").rename(folder / "outbox.away")
    (folder / "outbox").write_text(HEADER + f"1,{name},,,,,\n", encoding="utf-8")
    try:
        body = {"now": NOW, "officer": name}
        code, text, _ = ask(port, "POST", "/api/do/send", body, token=token)
    finally:
        (folder / "outbox").unlink()
        (folder / "outbox.away").rename(folder / "outbox")
    assert code == 500
    (problem,) = json.loads(text)["problems"]
    assert problem["code"] == "office.unexpected"
    log = (folder / "faults.log").read_text(encoding="ascii")
    assert "office.unexpected FileExistsError" in log
    assert name not in log + text
    assert "Traceback" not in log
