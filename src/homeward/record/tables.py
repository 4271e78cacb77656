"""The store's tables, on a connection handed in: SQLite, or PostgreSQL where the mark is ``%s``.

Entries, checkpoints and countersignatures are only ever added: triggers refuse the rest, so that a
slip of code or a hurried hand at a database shell cannot rewrite what was signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from homeward.record.refusal import refuse

ADDED_ONLY = (
    "record_entry",
    "record_checkpoint",
    "record_cosignature",
    "record_mldsa",
    "record_fork",
)

_TABLES = (
    """CREATE TABLE IF NOT EXISTS record_entry (
    log TEXT NOT NULL, seq BIGINT NOT NULL, leaf {bytes} NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (log, seq)) {one_tree}""",
    """CREATE TABLE IF NOT EXISTS record_block (
    log TEXT NOT NULL, level BIGINT NOT NULL, place BIGINT NOT NULL, root {bytes} NOT NULL,
    seen TEXT NOT NULL, PRIMARY KEY (log, level, place)) {one_tree}""",
    """CREATE TABLE IF NOT EXISTS record_checkpoint (
    n {serial}, log TEXT NOT NULL, size BIGINT NOT NULL, root {bytes} NOT NULL,
    signature {bytes} NOT NULL, UNIQUE (log, size))""",
    """CREATE TABLE IF NOT EXISTS record_cosignature (
    n {serial}, log TEXT NOT NULL, size BIGINT NOT NULL, party TEXT NOT NULL, at BIGINT NOT NULL,
    signature {bytes} NOT NULL, UNIQUE (log, size, party))""",
    """CREATE TABLE IF NOT EXISTS record_mldsa (
    n {serial}, log TEXT NOT NULL, size BIGINT NOT NULL, party TEXT NOT NULL, at BIGINT NOT NULL,
    signature {bytes} NOT NULL, UNIQUE (log, size, party))""",
    """CREATE TABLE IF NOT EXISTS record_fork (
    n {serial}, digest TEXT NOT NULL UNIQUE, proof {bytes} NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS record_body (
    digest TEXT PRIMARY KEY, log TEXT NOT NULL, seq BIGINT NOT NULL, readers TEXT NOT NULL,
    state TEXT NOT NULL, ciphertext {bytes})""",
    """CREATE TABLE IF NOT EXISTS record_peer (
    party TEXT PRIMARY KEY, manifest TEXT NOT NULL, owed BIGINT NOT NULL, told TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS record_writer (
    n {serial}, log TEXT NOT NULL UNIQUE, certificate TEXT NOT NULL, secret TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS record_body_place ON record_body (log, seq)",
    "CREATE INDEX IF NOT EXISTS record_body_state ON record_body (state)",
    """CREATE TABLE IF NOT EXISTS record_lost (
    log TEXT PRIMARY KEY, held BIGINT NOT NULL, elsewhere BIGINT NOT NULL)""",
)
_SQLITE_GUARD = """CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"""
_POSTGRES_GUARD = (
    """CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$""",
    """CREATE OR REPLACE TRIGGER {table}_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()""",
)
# Any fixed number: it keeps a second process of the same office from signing at the same time.
_ONE_WRITER = 7_301_962


class Connection(Protocol):
    """What is used of a DB-API connection."""

    def cursor(self) -> Any: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class Tables:
    """Statements on one connection; ``mark`` is ``?`` (SQLite) or ``%s`` (PostgreSQL)."""

    def __init__(self, connection: Connection, mark: str) -> None:
        if mark not in ("?", "%s"):
            refuse("mark-unknown", "store", mark, "? or %s")
        self._connection, self._mark = connection, mark
        self._sqlite = mark == "?"
        self._version: object = None
        self._create()

    def _create(self) -> None:
        # The fewer trees of pages an act touches, the sooner it is on the disk.
        words = {"serial": "INTEGER PRIMARY KEY", "bytes": "BLOB", "one_tree": "WITHOUT ROWID"}
        if not self._sqlite:
            words = {"serial": "BIGSERIAL PRIMARY KEY", "bytes": "BYTEA", "one_tree": ""}
        statements = [table.format(**words) for table in _TABLES]
        if self._sqlite:
            # A signed act must be on the disk before anything of it leaves this office. EXTRA is
            # FULL, and where no WAL is kept the folder is flushed too: else a power cut could
            # bring back a deleted journal, and with it the state before the act.
            self.run("PRAGMA synchronous=EXTRA")
            statements += [
                _SQLITE_GUARD.format(table=table, verb=verb)
                for table in ADDED_ONLY
                for verb in ("UPDATE", "DELETE")
            ]
        else:
            statements.append(_POSTGRES_GUARD[0])
            statements += [_POSTGRES_GUARD[1].format(table=table) for table in ADDED_ONLY]
        with self.writing():
            for statement in statements:
                self.run(statement)

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """One statement; its rows, if it has any."""
        cursor = self._connection.cursor()
        marked = statement.replace("?", self._mark) if values else statement
        try:
            cursor.execute(marked, tuple(values)) if values else cursor.execute(marked)
        except UnicodeDecodeError:  # SQLite names what is damaged by its bytes
            refuse("store-damaged", "store", "unreadable", "a database that can be read")
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []

    def many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """One statement for many rows."""
        self._connection.cursor().executemany(statement.replace("?", self._mark), list(rows))

    def changed_elsewhere(self) -> bool:
        """Whether another connection may have written since this was last asked."""
        # Whose work a statement sees: equal snapshots see the same rows.
        asked = "PRAGMA data_version" if self._sqlite else "SELECT pg_current_snapshot()::text"
        version = self.run(asked)[0][0]
        changed: bool = version != self._version
        self._version = version
        return changed

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, alone among writers, durable when the block ends without an error."""
        if self._sqlite:
            if getattr(self._connection, "in_transaction", False):
                refuse("transaction-open", "store", "", "a connection outside any transaction")
            self.run("BEGIN IMMEDIATE")
        else:
            self.run(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})")
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Reads that see one state; nothing stays open afterwards."""
        yield
        if not self._sqlite:
            self._connection.rollback()
