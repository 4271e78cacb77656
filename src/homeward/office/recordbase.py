"""The record's own connection to the office's database, beside Django's.

The record commits each append by itself and durably, so it shares no transaction with the pages.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from django.conf import settings


def record_connection() -> tuple[Any, str]:
    """A connection for the record's store, and the mark of its parameters (``?`` or ``%s``)."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # one desk, one lock: the threads of the server take turns
        connection = sqlite3.connect(
            database["NAME"], timeout=20, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode=WAL")
        return connection, "?"
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
