"""One whole small rehearsal, played once for all the stories that only look at it."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from homeward.rehearsal import Folder, Outcome, read_folder, rehearse
from tests.rehearsal.small import small_folder


def folder_at(path: Path) -> Folder:
    """The folder at ``path``, which must be without a fault."""
    folder, problems = read_folder(path)
    assert folder is not None, [str(problem) for problem in problems]
    return folder


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """Programs started here heed Ctrl-C, also where a shell runs the tests in its background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@dataclass
class Played:
    """A folder, where it was played to, and what came of it."""

    folder: Folder
    out: Path
    outcome: Outcome
    heard: list[tuple[str, tuple[object, ...]]]

    def copies(self) -> list[Path]:
        return [self.out / name / "record" for name in ("north", "south", "observer")]


@pytest.fixture(scope="session")
def played(tmp_path_factory) -> Played:
    """North and South give each other twenty, an observer watching; nothing goes wrong."""
    base = tmp_path_factory.mktemp("whole")
    folder = folder_at(small_folder(base / "folder"))
    with listening() as heard:
        outcome = rehearse(folder, base / "out")
    return Played(folder, base / "out", outcome, heard)


_HEARING: list[list[tuple[str, tuple[object, ...]]]] = []


def _hear(event: str, args: tuple[object, ...]) -> None:
    for heard in _HEARING:
        if event in ("subprocess.Popen", "http.client.send"):
            heard.append((event, args))


sys.addaudithook(_hear)


@contextmanager
def listening() -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """What Python itself reports of programs started and bytes sent; nothing is replaced."""
    heard: list[tuple[str, tuple[object, ...]]] = []
    _HEARING.append(heard)
    yield heard
    _HEARING.remove(heard)


@pytest.fixture
def copy_of_record(played, tmp_path) -> Path:
    """North's record copy, to do something to."""
    return Path(shutil.copytree(played.out / "north" / "record", tmp_path / "copy"))
