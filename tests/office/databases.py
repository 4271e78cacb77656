"""Where the offices of the tests keep what they know.

SQLite in their folders; or, with ``TEST_DATABASE=postgresql`` in the environment (``make
soak-postgres``), each in a database of its own on one private server. A copy of a folder gets a
copy of its database, so that whoever makes, copies or opens an office needs to know none of this.
"""

from __future__ import annotations

import atexit
import os
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, closing
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import BIN, fresh_database, private_server

POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"
NOTE = "database-of-the-tests"  # in an office's folder: whose database it is, and its address
_numbers = count(1)
in_its_folder = pytest.mark.skipif(POSTGRESQL, reason="about the database in an office's folder")


@cache
def _server() -> Path:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(private_server())


def environment(folder: Path) -> dict[str, str]:
    """What an office's program finds in its environment besides the tests' own."""
    return {"DATABASE_URL": _address(folder)} if POSTGRESQL else {}


def _address(folder: Path) -> str:
    note = folder / NOTE
    owner, address = note.read_text().split("\n") if note.is_file() else ("", "")
    if owner != str(folder):
        former, address = address, fresh_database(_server(), f"office-{next(_numbers)}")
        if former:
            _copy(former, address)
        folder.mkdir(parents=True, exist_ok=True)
        note.write_text(f"{folder}\n{address}")
    return address


def _copy(former: str, address: str) -> None:
    assert BIN is not None
    written = subprocess.run([BIN / "pg_dump", former], check=True, capture_output=True).stdout
    into = [BIN / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", address]
    subprocess.run(into, input=written, check=True, stdout=subprocess.DEVNULL)


def connect(folder: Path) -> tuple[Any, str]:
    """A connection of one's own to an office's database, and the mark of its parameters."""
    if POSTGRESQL:
        import psycopg

        return psycopg.connect(_address(folder)), "%s"
    import sqlite3

    return sqlite3.connect(folder / "office.db", timeout=20), "?"


def rows_of(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What an office's database answers to a query, in order."""
    connection, _ = connect(folder)
    with closing(connection):
        return sorted(connection.execute(query).fetchall(), key=repr)


def change(folder: Path, statements: Sequence[str]) -> None:
    """Change an office's database behind its back."""
    connection, _ = connect(folder)
    with closing(connection), connection:
        for statement in statements:
            connection.execute(statement)
