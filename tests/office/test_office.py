"""One office as a program: alone in its folder, closed without its token, gone with its starter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.office.databases import POSTGRESQL, environment
from tests.office.offices import NOW, ask, homeward, serving


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "north"
    made = homeward("office", "init", str(folder), "--side", "north", "--officers", "a,b,c")
    assert made.returncode == 0, made.stderr
    return folder


def test_an_office_is_made_once_and_its_secrets_are_for_its_owner_only(office: Path):
    database = set() if POSTGRESQL else {"office.db"}
    assert {p.name for p in office.iterdir()} >= {"keys", "officer.token", "inbox", *database}
    for secret in ("keys", "officer.token", "web.secret"):
        assert (office / secret).stat().st_mode & 0o077 == 0
    again = homeward("office", "init", str(office), "--side", "north")
    assert again.returncode == 1
    assert "office.exists" in again.stderr


def test_nothing_is_served_without_the_token(office: Path):
    with serving(office) as port:
        status, _, headers = ask(port, "GET", "/")
        assert (status, headers["Location"]) == (302, "/enter/")
        assert ask(port, "GET", "/record/")[0] == 302
        assert ask(port, "POST", "/api/do/card", {"now": NOW})[0] == 401
        assert ask(port, "POST", "/api/do/card", {"now": NOW}, token="guessed")[0] == 401


def test_an_officer_gets_the_card_and_every_wrong_request_is_answered_with_problems(office: Path):
    token = (office / "officer.token").read_text(encoding="ascii")
    with serving(office) as port:
        status, text, _ = ask(port, "POST", "/api/do/card", {"now": NOW}, token=token)
        assert status == 200
        assert "north" in json.loads(text)["card"]
        for body, code in (
            ({"now": "yesterday"}, "office.no-clock"),
            ([1, 2], "office.not-json"),
        ):
            status, text, _ = ask(port, "POST", "/api/do/card", body, token=token)
            assert status == 422
            assert json.loads(text)["problems"][0]["code"] == code
        status, text, _ = ask(port, "POST", "/api/do/send", {"now": NOW}, token=token)
        assert json.loads(text)["problems"][0]["code"] == "office.no-exchange"
        status, text, _ = ask(port, "POST", "/api/do/guess", {"now": NOW}, token=token)
        assert json.loads(text)["problems"][0]["code"] == "office.unknown-verb"


def test_two_processes_never_write_one_log(office: Path):
    with serving(office):
        second = homeward("office", "serve", str(office))
        assert second.returncode == 1
        assert "office.already-open" in second.stderr


def test_an_office_ends_with_whoever_started_it(office: Path):
    with serving(office) as port:
        assert ask(port, "GET", "/enter/")[0] == 200
    with pytest.raises(ConnectionRefusedError):
        ask(port, "GET", "/enter/")


def _init(folder: Path, *words: str, passphrase: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "homeward", "office", "init", str(folder), "--side", "north"]
    return subprocess.run(
        [*command, *words],
        input=f"{passphrase}\n",
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment(folder),
    )


def test_sealed_keys_are_opened_by_their_passphrase_and_by_nothing_else(tmp_path: Path):
    folder = tmp_path / "north"
    made = _init(folder, "--passphrase-fd", "0", passphrase="four plain words here")
    assert made.returncode == 0, made.stderr
    assert (folder / "keys").read_bytes().startswith(b"age-encryption.org/")
    assert (folder / "keys").stat().st_mode & 0o077 == 0
    for given, code in (("other words", "record.passphrase-wrong"), ("", "passphrase-needed")):
        with pytest.raises(AssertionError, match=code), serving(folder, given):
            pass
    with serving(folder, "four plain words here") as port:
        token = (folder / "officer.token").read_text(encoding="ascii")
        status, text, _ = ask(port, "POST", "/api/do/card", {"now": NOW}, token=token)
        assert (status, json.loads(text)["card"]) == (200, made.stdout)


def test_a_database_elsewhere_is_not_taken_for_the_one_in_the_folder(tmp_path: Path):
    folder, file = str(tmp_path / "north"), str(tmp_path / "backup")
    officers = ("--officers", "a,b")
    (tmp_path / "north").mkdir()
    for words in (("backup", folder, file), ("restore", __file__, folder, *officers)):
        ran = subprocess.run(
            [sys.executable, "-m", "homeward", "office", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "DATABASE_URL": "postgresql://nobody@/nothing"},
        )
        assert ran.returncode == 1
        assert "office.database-elsewhere" in ran.stderr


def test_keys_that_anybody_can_guess_are_made_only_when_that_is_said(tmp_path: Path):
    refused = _init(tmp_path / "one", "--seed", "7")
    assert (refused.returncode, "office.guessable-keys" in refused.stderr) == (1, True)
    assert not (tmp_path / "one" / "keys").exists()
    cards = [
        _init(tmp_path / name, "--seed", "7", "--guessable-keys").stdout for name in ("two", "too")
    ]
    assert cards[0] == cards[1] != ""
