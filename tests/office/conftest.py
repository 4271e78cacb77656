"""Offices at the line, made once; each file of stories works on copies of their folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.office.at_the_line import bring_to_the_line, copied
from tests.office.offices import Office
from tests.rehearsal.small import small_folder

PRIVATE = ("seriously_wounded", "under_25", "her letters are unanswered")


def note_privately(path: Path) -> None:
    """Add to a list what its own side knows and nobody else needs."""
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    lines = [f"{head},health,tags,notes", *(",".join((row, *PRIVATE)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of two offices and an observer's: two each in either of two steps."""
    base = tmp_path_factory.mktemp("prepared")
    folder = small_folder(base / "folder", people=4, stages=(4,), step=2, spare=2, first="together")
    for side in ("north", "south"):
        note_privately(folder / side / "sought.csv")
    (base / "offices").mkdir()
    bring_to_the_line(base / "offices", folder, ("observer",))
    return base / "offices"


@pytest.fixture(scope="module")
def at_the_line(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Office]]:
    """North, south and the observer, running, with step 1 before them."""
    with copied(prepared, tmp_path_factory.mktemp("line")) as running:
        yield running
