"""Databases for offices, and two offices whose papers are played up to the line, made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.office.at_the_line import bring_to_the_line
from tests.office.databases import POSTGRESQL
from tests.office.offices import Office
from tests.office_pages.visiting import open_pages
from tests.postgres import fresh_database, private_server
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


@pytest.fixture(scope="session")
def server() -> Iterator[Path]:
    """A PostgreSQL server for all who ask for one."""
    with private_server() as folder:
        yield folder


@pytest.fixture(scope="module", params=["postgresql"] if POSTGRESQL else ["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Callable[[str], dict[str, str]]:
    """The environment that gives an office a database of its own, for either engine."""
    if request.param == "sqlite":
        return lambda _: {}
    server: Path = request.getfixturevalue("server")
    module = request.module.__name__.rpartition(".")[2]
    return lambda name: {"DATABASE_URL": fresh_database(server, f"{module}-{name}")}
