"""The record's own connection to the office's database, beside Django's.

The record commits each append by itself and durably, so it shares no transaction with the pages.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

# SQLite begins the write-ahead file again after about as many pages.
_PAGES = 1000


def record_connection() -> tuple[Any, str]:
    """A connection for the record's store, and the mark of its parameters (``?`` or ``%s``)."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        return open_sqlite(Path(database["NAME"])), "?"
    import psycopg

    return (
        psycopg.connect(
            dbname=database["NAME"],
            user=database["USER"] or None,
            password=database["PASSWORD"] or None,
            host=database["HOST"] or None,
            port=database["PORT"] or None,
        ),
        "%s",
    )


def open_sqlite(path: Path) -> sqlite3.Connection:
    """A connection to the office's database file, ready for acts one by one."""
    # one desk, one lock: the threads of the server take turns
    connection = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    _lay_out(connection, path)
    return connection


def _lay_out(connection: sqlite3.Connection, path: Path) -> None:
    """Give the write-ahead file its whole length before anything is signed.

    A commit then overwrites, and the disk need not flush a new length of the file with every act.
    Nobody reads what lies behind the last commit. Without the room for it, all works but slower.
    """
    [(page,)] = connection.execute("PRAGMA page_size")
    connection.execute("BEGIN IMMEDIATE")  # else another process could be writing at the end
    with suppress(OSError), Path(f"{path}-wal").open("r+b") as file:
        file.write(bytes(max(0, _PAGES * (page + 24) - file.seek(0, os.SEEK_END))))
        file.flush()
        os.fsync(file.fileno())
    connection.execute("ROLLBACK")
