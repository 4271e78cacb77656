"""An officer's key that was lost or stolen: what it signed stands, what it signs moves nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.office.at_the_line import copied, going, out
from tests.office.databases import in_its_folder
from tests.office.offices import carry, homeward

LEFT = ["first", "second"]
STOLEN = ["first", "third"]


def test_a_stolen_key_moves_nothing_and_what_it_signed_before_stands(
    prepared: Path, tmp_path: Path
):
    with copied(prepared, tmp_path) as running:
        north, south, observer = running
        out(north, running)
        before, after = going(north, 1)
        unreceipted = {"step": 1, "handles": [before]}
        north.do("accept-unreceipted", **unreceipted, officers=STOLEN)
        assert north.refusal("revoke-officers", without=["third"], officers=STOLEN) == [
            "record.officer-revoked"
        ]
        asked = {"without": ["third"], "officers": LEFT}
        done = {"log": "north.office.2", "revoked": ["third"]}
        assert north.do("revoke-officers", **asked) == done
        assert north.do("revoke-officers", **asked) == done, "said twice it is done once"
        unreceipted = {"step": 1, "handles": [after]}
        assert north.refusal("accept-unreceipted", **unreceipted, officers=STOLEN) == [
            "record.officer-revoked"
        ]
        assert "crossing.unchecked-restore" in north.refusal("order", step=2)
        carry(running)
        assert south.standing("received") == set()
        said = {e.handle for e in south.entries() if e.kind == "unreceipted-accepted"}
        assert said == {before}
        north.do("accept-unreceipted", **unreceipted, officers=LEFT)
        assert observer.do("confirm-log", side="north") == {"log": "north.office.2"}
        carry(running)
        assert "crossing.unchecked-restore" not in north.refusal("order", step=2)
        said = {e.handle for e in south.entries() if e.kind == "unreceipted-accepted"}
        assert said == {before, after}
        for office in running:
            office.do("publish")
            found = homeward("verify", str(office.folder / "record"), "--json")
            assert found.returncode == 0, found.stdout
            assert json.loads(found.stdout)["sound"]


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """North's office, which nobody serves."""
    shutil.copytree(prepared / "north", tmp_path / "north")
    return tmp_path / "north"


def test_two_officers_are_left_or_no_key_is_revoked(folder: Path):
    def revoke(*words: str) -> tuple[int, str]:
        ran = homeward("office", "revoke", str(folder), *words, "--officers", "first,second")
        return ran.returncode, ran.stdout + ran.stderr

    assert revoke("third") == (0, "log      north.office.2\nrevoked  third\n")
    assert revoke("third") == (0, "log      north.office.2\nrevoked  third\n")
    status, said = revoke("second", "nobody")
    assert status == 1
    assert "office.officer-unknown" in said
    assert "office.officers-too-few" in said
    account = ("office", "account", str(folder), "fourth", "--role", "planner", "--officer")
    taken = homeward(*account, "third")
    assert "office.officer-unknown" in taken.stdout + taken.stderr


@in_its_folder
def test_a_restored_office_may_begin_without_a_key_and_a_refused_one_is_not_made(
    folder: Path, tmp_path: Path
):
    kept, again = str(tmp_path / "backup"), tmp_path / "again"
    assert homeward("office", "backup", str(folder), kept).returncode == 0
    wrong = homeward("office", "restore", kept, str(again), "--officers", "first,nobody")
    assert wrong.returncode == 1
    assert not {path.name for path in again.iterdir()} & {"keys", "office.db", "officer.token"}
    more = ("--officers", "first,second", "--without", "third")
    ran = homeward("office", "restore", kept, str(again), *more)
    assert ran.returncode == 0, ran.stderr
    ran = homeward("office", "revoke", str(again), "third", "--officers", "first,second", "--json")
    assert json.loads(ran.stdout) == {"log": "north.office.2", "revoked": ["third"]}
