"""Two offices with their pages open and their papers played up to the line, made once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.office.at_the_line import bring_to_the_line
from tests.office.offices import Office
from tests.office_pages.visiting import open_pages
from tests.rehearsal.small import small_folder


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Office]]:
    """North and south with their pages open: the sheets have come, nobody has signed for them."""
    base = tmp_path_factory.mktemp("otherwise")
    folder = small_folder(base / "folder", people=4, stages=(4,), step=2, spare=2)
    (base / "offices").mkdir()
    bring_to_the_line(base / "offices", folder, hold=False)
    with ExitStack() as stack:
        running = []
        for name in ("north", "south"):
            address = stack.enter_context(open_pages(base / "offices" / name))
            port = int(address.rsplit(":", 1)[1])
            running.append(Office(name, base / "offices" / name, port))
        yield running
