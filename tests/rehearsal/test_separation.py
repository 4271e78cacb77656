"""Offices are separate programs: nothing of one is given to another, and one may die alone."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from homeward.problem import Refused
from homeward.rehearsal import Until, read_union, rehearse
from homeward.rehearsal.program import environment
from tests.rehearsal.conftest import folder_at
from tests.rehearsal.small import small_folder


def office_processes(out: Path) -> dict[str, int]:
    """The running office programs whose working folder lies in ``out``."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            folder = (process / "cwd").readlink()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if folder.parent == out and b"serve" in command:
            found[folder.name] = int(process.name)
    return found


def secrets_of(out: Path, name: str) -> set[str]:
    """What only that office may know: its secret keys and its officers' token."""
    keys = (out / name / "keys").read_text(encoding="utf-8").split()
    public = (out / name / "record" / "exchange.txt").read_text(encoding="utf-8")
    own = {word for word in keys if len(word) >= 40 and word not in public}
    assert own, "an office has secrets of its own"
    return own | {(out / name / "officer.token").read_text()}


def test_no_office_is_told_anothers_folder_token_or_key(played):
    out, offices = played.out, ("north", "south", "observer")
    secrets = {name: secrets_of(out, name) for name in offices}
    started = [args for event, args in played.heard if event == "subprocess.Popen"]
    told = []
    for _, argv, cwd, env in started:
        if "office" in argv:
            words = [*map(str, argv), *(f"{k}={v}" for k, v in env.items())]
            told.append((Path(str(cwd)).name, "\n".join(words).encode()))
    assert sorted({name for name, _ in told}) == sorted(offices)
    by_port = {(out / name / "port").read_text().strip(): name for name in offices}
    for event, args in played.heard:
        if event == "http.client.send":
            connection, data = args
            told.append((by_port[str(connection.port)], bytes(data)))
    assert len(told) > 100
    for own, data in told:
        for other in set(offices) - {own}:
            assert str(out / other).encode() not in data
            assert not any(secret.encode() in data for secret in secrets[other])


def test_no_office_keeps_anothers_secrets(played):
    offices = ("north", "south", "observer")
    secrets = {name: secrets_of(played.out, name) for name in offices}
    for own in offices:
        for file in (played.out / own).rglob("*"):
            if file.is_file():
                data = file.read_bytes()
                for other in set(offices) - {own}:
                    assert not any(secret.encode() in data for secret in secrets[other]), file


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at running programs in /proc")
def test_killing_one_office_leaves_the_other_untouched_and_the_story_goes_on(tmp_path):
    path = small_folder(tmp_path / "folder", people=10, stages=(10,), step=5, neutrals=())
    out = tmp_path / "out"
    before: dict[str, int] = {}
    after: list[str] = []

    def at_the_second_step(words: object) -> None:
        if "step 2" in str(words) and not before:
            before.update(office_processes(out))
            north = hashlib.sha256((out / "north" / "office.db").read_bytes()).hexdigest()
            os.kill(before["south"], signal.SIGKILL)
            after.append(north)
            after.append(hashlib.sha256((out / "north" / "office.db").read_bytes()).hexdigest())
        elif "step 3" in str(words):
            before["north-later"] = office_processes(out)["north"]

    outcome = rehearse(folder_at(path), out, tell=at_the_second_step)
    assert outcome.restarts == {"south": 1}
    assert before["north"] == before["north-later"]
    assert after[0] == after[1]
    assert outcome.sound
    assert outcome.findings.position.complete


@pytest.mark.usefixtures("heeding_interrupts")
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at running programs in /proc")
def test_a_stopped_or_killed_rehearsal_takes_its_offices_with_it_and_is_continued(tmp_path):
    path = small_folder(tmp_path / "folder", people=20, stages=(20,), step=2, neutrals=())
    out = tmp_path / "out"
    command = [sys.executable, "-m", "homeward", "rehearse", str(path), "--out", str(out)]
    for sign, enough, code in ((signal.SIGINT, 3, 1), (signal.SIGKILL, 14, -signal.SIGKILL)):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wait_until(lambda n=enough: sum(1 for _ in (out / "south" / "taken").glob("*")) > n)
        assert sorted(office_processes(out)) == ["north", "south"]
        process.send_signal(sign)
        _, said = process.communicate()
        assert process.returncode == code
        assert (b"goes on from here" in said) == (sign == signal.SIGINT)
        wait_until(lambda: not office_processes(out))
    outcome = rehearse(folder_at(path), out)
    assert outcome.sound
    assert outcome.findings.position.complete
    entries = outcome.findings.union.entries
    times = {entry: outcome.findings.union.seen_at(entry) for entry in entries}
    assert None not in times.values()
    begins = outcome.findings.annexes[0].window[0]
    early = [e.kind for e, at in times.items() if e.kind == "received" and at < begins]
    assert early == [], "a continued run never hands out an earlier time"
    union = read_union([out / "north" / "record"])
    assert not [fork for copy in union.copies for fork in copy.forks]


def test_offices_inherit_nothing_that_would_join_them(monkeypatch):
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "HOMEWARD_OFFICE"):
        monkeypatch.setenv(name, "shared")
    assert "shared" not in environment().values()


def wait_until(true: Callable[[], bool]) -> None:
    """Look again for a while; what is waited for happens in another program."""
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_offices_with_sealed_keys_are_ended_and_opened_again_and_nothing_is_lost(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: office_killed, side: south}, "
        "{stage: 2, step: 3, kind: office_killed, side: observer}]"
    )
    path = small_folder(
        tmp_path / "folder", people=8, stages=(4, 4), step=2, events=events, statements=False
    )
    words = {name: f"plain words of the {name}" for name in ("north", "south", "observer")}
    plain, out = folder_at(path), tmp_path / "out"
    members = tuple(replace(m, passphrase=words[m.name]) for m in plain.cast.members)
    folder = replace(plain, cast=replace(plain.cast, members=members))
    first = rehearse(folder, out, until=Until(stage=1))
    assert first.restarts == {"south": 1}
    for name, phrase in words.items():
        assert (out / name / "keys").read_bytes().startswith(b"age-encryption.org/")
        lying = [p.name for p in (out / name).iterdir() if p.is_file()]
        lying = [one for one in lying if phrase.encode() in (out / name / one).read_bytes()]
        assert lying == [], "the passphrase stays with whoever types it"
    with pytest.raises(Refused) as refusal:
        rehearse(plain, out)
    assert {p.code for p in refusal.value.problems} == {"rehearsal.office-failed"}
    outcome = rehearse(folder, out)
    assert outcome.restarts == {"observer": 1}
    assert outcome.sound
    assert outcome.findings.position.complete
    acts = Counter(
        (e.author, e.kind, e.handle)
        for e in outcome.findings.union.entries
        if e.kind in ("released", "received")
    )
    assert len(acts) == 32
    assert set(acts.values()) == {1}, "nothing is lost and nothing counted twice"
