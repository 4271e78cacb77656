"""The record's own connection: the write-ahead file has its length before the first act."""

import errno
import sqlite3
from pathlib import Path

from homeward.office.recordbase import open_sqlite


def table_in(path):
    connection = open_sqlite(path)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS act (n INTEGER PRIMARY KEY, leaf BLOB)")
    return connection


def act(connection):
    connection.execute("INSERT INTO act (leaf) VALUES (?)", (bytes(500),))


def length_of(path):
    return Path(f"{path}-wal").stat().st_size


def test_acts_do_not_make_the_write_ahead_file_longer(tmp_path):
    path = tmp_path / "office.db"
    connection = table_in(path)
    laid = length_of(path)
    for _ in range(400):
        act(connection)
    assert length_of(path) == laid
    assert connection.execute("SELECT count(*) FROM act").fetchone() == (400,)


def test_a_second_connection_leaves_what_the_first_has_written(tmp_path):
    path = tmp_path / "office.db"
    first = table_in(path)
    act(first)
    second = table_in(path)
    act(second)
    assert first.execute("SELECT count(*) FROM act").fetchone() == (2,)


def test_what_a_killed_process_left_is_read_again(tmp_path):
    path, copy = tmp_path / "office.db", tmp_path / "copy.db"
    connection = table_in(path)
    for _ in range(5):
        act(connection)
    # As a kill leaves it: the database and its write-ahead file, nothing closed.
    copy.write_bytes(path.read_bytes())
    Path(f"{copy}-wal").write_bytes(Path(f"{path}-wal").read_bytes())
    again = table_in(copy)
    act(again)
    assert again.execute("SELECT count(*) FROM act").fetchone() == (6,)
    assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_without_room_for_its_length_the_office_works_all_the_same(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr("os.fsync", full)
    connection = table_in(tmp_path / "office.db")
    act(connection)
    other = sqlite3.connect(tmp_path / "office.db", timeout=0)
    other.execute("INSERT INTO act (leaf) VALUES (x'00')")
    other.commit()
    assert connection.execute("SELECT count(*) FROM act").fetchone() == (2,)
