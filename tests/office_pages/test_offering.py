"""A rehearsal ends by offering its offices; what it prints opens them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from homeward.cli.rehearsing import offer
from tests.office_pages.visiting import Visitor, make_office, open_pages


def test_the_commands_that_are_printed_open_every_rehearsed_office_at_once(
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
    with ExitStack() as stack:
        found = [stack.enter_context(opened(command)) for command, _ in commands]
        seats = [(address, Visitor(address)) for address in found for _ in range(2)]
        for (address, one), who in zip(seats, ("first", "second") * 2, strict=True):
            assert one.enter(who, password).url == f"{address}/"
        for (_, one), name in zip(seats, ("north", "north", "south", "south"), strict=True):
            page = one.get("/").text
            assert "invented" in page
            assert f"<bdi>{name}</bdi>" in page


@contextmanager
def opened(command: str) -> Iterator[str]:
    """What a printed command serves, on any free port; yields its address."""
    program = subprocess.Popen(
        [sys.executable, "-m", "homeward", *shlex.split(command)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert program.stdout is not None
    assert program.stdin is not None
    try:
        yield program.stdout.readline().removeprefix("ready ").strip()
    finally:
        program.stdin.close()
        program.wait(timeout=60)


def test_an_empty_folder_offers_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    offer(tmp_path)
    assert capsys.readouterr().err == ""


def test_one_browser_keeps_the_sessions_of_two_offices_apart(tmp_path: Path):
    with ExitStack() as stack:
        addresses = [
            stack.enter_context(open_pages(make_office(tmp_path, name)))
            for name in ("north", "south")
        ]
        browser = Visitor(addresses[0])
        for address in addresses:
            browser.address = browser.origin = address  # one machine, two ports, one jar of cookies
            browser.enter("first")
        for address, name in zip(addresses, ("north", "south"), strict=True):
            browser.address = browser.origin = address
            page = browser.get("/")
            assert page.url == f"{address}/"
            assert f"<bdi>{name}</bdi>" in page.text
