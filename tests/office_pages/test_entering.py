"""Who gets in, what they may, and when a session has ended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest

from tests.office.offices import homeward
from tests.office_pages.visiting import Visitor, make_office, open_pages


@dataclass
class Member:
    """An account made from the office's own machine."""

    name: str
    password: str
    secret: str

    def code(self) -> str:
        return pyotp.TOTP(self.secret).now()


def member(keeper: Visitor, name: str, role: str) -> Member:
    given = {"name": name, "role": role, "officer": ""}
    page = keeper.send("/administration/", given)
    assert page.status == 200, page.text
    shown = re.findall(r"<dd><code[^>]*>([^<]+)</code>", page.text)
    return Member(name, *shown)


@dataclass
class House:
    folder: Path
    address: str
    members: dict[str, Member]

    def seat(self, name: str) -> Visitor:
        one = Visitor(self.address)
        who = self.members[name]
        assert one.enter(name, who.password, who.code()).url.endswith("/")
        assert one.get("/").status == 200
        return one

    def keeper(self) -> Visitor:
        one = Visitor(self.address)
        token = (self.folder / "officer.token").read_text(encoding="ascii")
        assert one.send("/enter/token/", {"token": token}).url.endswith("/administration/")
        return one


ROLES = {
    "reg": "registrar",
    "med": "medical",
    "aud": "auditor",
    "solo": "matcher",
    "shut": "matcher",
    "gone": "planner",
}


@pytest.fixture(scope="module")
def house(
    database: Callable[[str], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = make_office(tmp_path_factory.mktemp("house"), "north")
    with open_pages(folder, rehearsed=False, environment=database("north")) as address:
        found = House(folder, address, {})
        keeper = found.keeper()
        found.members |= {name: member(keeper, name, role) for name, role in ROLES.items()}
        yield found


def test_every_page_but_the_entrance_is_closed_to_a_stranger(house: House):
    for path in ("/", "/people/", "/record/", "/administration/", "/waiting/", "/crossing/1/"):
        assert Visitor(house.address).get(path).url.endswith("/enter/")


def test_name_password_and_code_open_only_together_and_a_code_opens_once(house: House):
    who = house.members["solo"]
    code = who.code()
    for given in (
        (who.name, who.password, ""),
        (who.name, who.password, "000000" if code != "000000" else "111111"),
        (who.name, "another-password", code),
        ("nobody", who.password, code),
    ):
        answer = Visitor(house.address).enter(*given)
        assert answer.status == 403
        assert who.name not in answer.text
    assert Visitor(house.address).enter(who.name, who.password, code).status == 200
    assert Visitor(house.address).enter(who.name, who.password, code).status == 403


def test_an_account_closes_for_a_while_after_five_failures(house: House):
    who = house.members["shut"]
    for _ in range(5):
        assert Visitor(house.address).enter(who.name, "guessed-and-wrong", "").status == 403
    assert Visitor(house.address).enter(who.name, who.password, who.code()).status == 403


def test_a_role_reaches_its_own_rooms_and_no_others(house: House):
    registrar, medical, auditor = (house.seat(name) for name in ("reg", "med", "aud"))
    assert registrar.get("/people/").status == 200
    assert registrar.get("/accesses/").status == 403
    assert medical.get("/people/").status == 403
    assert medical.get("/fitness/").status == 200
    assert auditor.get("/accesses/").status == 200
    assert auditor.get("/people/").status == 403
    refused = auditor.send("/administration/", {"name": "more", "role": "head"})
    assert refused.status == 403
    assert "office.role-too-small" in refused.text


def test_the_keeper_of_the_folder_makes_accounts_and_reads_no_person(house: House):
    keeper = house.keeper()
    assert keeper.get("/people/").status == 403
    assert keeper.get("/matching/").status == 403
    given = {"name": "clerk", "role": "registrar", "officer": ""}
    made = keeper.send("/administration/", given)
    assert "otpauth" not in made.url
    assert made.status == 200
    assert "<svg" in made.text
    again = keeper.send("/administration/", given)
    assert again.status == 422
    assert "office.account-exists" in again.text
    unknown = keeper.send("/administration/", {"name": "x y", "role": "king", "officer": "zoe"})
    for code in ("office.account-name", "office.role-unknown", "office.officer-unknown"):
        assert code in unknown.text


def test_a_session_that_is_ended_has_ended_everywhere(house: House):
    planner = house.seat("gone")
    assert planner.get("/plan/").status == 200
    keeper = house.keeper()
    page = keeper.get("/administration/")
    path = page.text.split(">gone<")[0].rsplit('href="', 1)[1].split('"')[0]
    keeper.send(path, {"what": "end"})
    assert planner.get("/plan/").url.endswith("/enter/")
    who = house.members["gone"]
    keeper.send(path, {"what": "close"})
    assert Visitor(house.address).enter("gone", who.password, who.code()).status == 403


def test_leaving_ends_the_session(house: House):
    keeper = house.keeper()
    keeper.send("/leave/", page=keeper.get("/"))
    assert keeper.get("/").url.endswith("/enter/")


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs_from_the_page_itself(house: House):
    answer = house.keeper().get("/administration/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert "http://" not in answer.text.replace(house.address, "")


def test_the_first_account_can_be_made_from_the_offices_own_machine(tmp_path: Path):
    folder = make_office(tmp_path, "south")
    command = ("office", "account", str(folder), "reg")
    made = homeward(*command, "--role", "registrar", "--officer", "anna", "--json")
    told = json.loads(made.stdout)
    assert set(told) == {"name", "password", "code"}
    assert told["code"].startswith("otpauth://totp/")
    again = homeward(*command, "--role", "registrar", "--officer", "zoe")
    assert again.returncode == 1
    assert "office.account-exists" in again.stderr
    assert "office.officer-unknown" in again.stderr
