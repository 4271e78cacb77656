"""A rehearsal ends by offering its offices; what it prints opens them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from homeward.cli.rehearsing import offer
from tests.office_pages.visiting import Visitor, make_office


def test_the_commands_that_are_printed_open_every_rehearsed_office(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    for name in ("north", "south"):
        make_office(tmp_path, name)
    (tmp_path / "run.json").write_text("{}", encoding="ascii")
    offer(tmp_path)
    said = capsys.readouterr()
    assert said.out == ""
    commands = re.findall(r"homeward (office serve .*) --port (\d+)", said.err)
    assert [port for _, port in commands] == ["8101", "8102"]
    password = said.err.rsplit(" ", 1)[1].strip()
    command, _ = commands[0]
    program = subprocess.Popen(
        [sys.executable, "-m", "homeward", *shlex.split(command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdin is not None
    try:
        address = program.stdout.readline().removeprefix("ready ").strip()
        for who in ("first", "second"):
            one = Visitor(address)
            assert one.enter(who, password).url == f"{address}/"
            assert "invented" in one.get("/").text
    finally:
        program.stdin.close()
        program.wait(timeout=20)


def test_an_empty_folder_offers_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    offer(tmp_path)
    assert capsys.readouterr().err == ""
