"""Killed, out of disk, cut off: what was acknowledged is there, and nothing half-done is."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from homeward.record import Store, verify
from tests.record.parties import (
    MORNING,
    copy_of,
    dice,
    exchange_of,
    held,
    keys_of,
    office,
    orders,
    settle,
    two,
)

ROOT = Path(__file__).parents[2]
EXCHANGE = exchange_of("north", "south")

WRITER = """
import sqlite3, sys
from tests.record.parties import MORNING, exchange_of, office, orders
store = office(exchange_of("north", "south"), "north", sys.argv[1])
number = store.logs().get("north.office.1")
number = number.size if number else 0
while True:
    entries = store.append(orders(3, number), MORNING)
    number += 3
    print(entries[-1].seq, flush=True)
"""


def killed_while_writing(path, seconds):
    """Run a writer, kill it without warning; the last number it had acknowledged."""
    environment = dict(os.environ, PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}")
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, env=environment, text=True
    )
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest = process.communicate()[0].split("\n")
    complete = [int(line) for line in (first, *rest[:-1]) if line.strip()]
    return complete[-1]


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_every_act_acknowledged_before_a_kill_is_there(tmp_path, journal):
    path = str(tmp_path / "north.db")
    sqlite3.connect(path).execute(f"PRAGMA journal_mode={journal}")
    for seconds in (0.05, 0.013, 0.031):
        acknowledged = killed_while_writing(path, seconds)
        store = office(EXCHANGE, "north", path)
        size = store.logs()["north.office.1"].size
        assert size > acknowledged
        assert size % 3 == 0  # a commit is all or nothing
        assert verify(copy_of(store)).sound


def test_a_full_disk_refuses_the_act_and_keeps_the_record(tmp_path):
    connection = sqlite3.connect(tmp_path / "north.db")
    store = Store(connection, "?", EXCHANGE, keys_of("north"), dice("x"))
    store.append(orders(5), MORNING)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 1}")
    before = held(store)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.append(orders(500, 5), MORNING)
    assert held(store) == before
    connection.execute("PRAGMA max_page_count=100000")
    assert store.append(orders(1, 5), MORNING)[0].seq == 5
    assert verify(copy_of(store)).sound


def test_a_full_disk_refuses_a_package_and_it_can_be_taken_later(tmp_path):
    north, _ = two()
    north.append(orders(500), MORNING)
    package = north.package_for("south", MORNING)
    connection = sqlite3.connect(tmp_path / "south.db")
    south = Store(connection, "?", EXCHANGE, keys_of("south"), dice("x"))
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 5}")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        south.take(package, MORNING)
    assert held(south) == {}
    connection.execute("PRAGMA max_page_count=100000")
    assert len(south.take(package, MORNING).entries) == 500


def as_somebody_else(work):
    """Run ``work`` in a process without root's rights; what it said, or the error's name."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        said = "nothing"
        try:
            if not os.geteuid():
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            said = work()
        except sqlite3.Error as error:
            said = str(error)
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def shared():
    """A folder that every user may reach, with a record of five acts in it."""
    folder = Path(tempfile.mkdtemp(prefix="record"))
    folder.chmod(0o777)
    store = office(EXCHANGE, "north", str(folder / "north.db"))
    store.append(orders(5), MORNING)
    del store
    yield folder
    shutil.rmtree(folder)


def append_three(path):
    office(EXCHANGE, "north", str(path)).append(orders(3, 5), MORNING)
    return "done"


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o755), (0o666, 0o555), (0o666, 0o777)])
def test_what_may_not_be_written_refuses_the_act_and_keeps_the_record(shared, file, folder):
    path = shared / "north.db"
    path.chmod(file)
    shared.chmod(folder)
    said = as_somebody_else(lambda: append_three(path))
    writable = (file, folder) == (0o666, 0o777)
    assert said == "done" if writable else ("readonly" in said or "unable to open" in said)
    shared.chmod(0o777)
    store = office(EXCHANGE, "north", str(path))
    assert store.logs()["north.office.1"].size == (8 if writable else 5)
    assert verify(copy_of(store)).sound


def test_a_file_that_may_not_grow_refuses_the_act_and_keeps_the_record(shared):
    """The system's own limit: the write ends in the middle of a page."""
    path = shared / "north.db"
    path.chmod(0o666)

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        store = office(EXCHANGE, "north", str(path))
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 6000,) * 2)
        store.append(orders(500, 5), MORNING)
        return "done"

    assert "disk" in as_somebody_else(limited)
    store = office(EXCHANGE, "north", str(path))
    assert store.logs()["north.office.1"].size == 5
    assert store.append(orders(1, 5), MORNING)[0].seq == 5
    assert verify(copy_of(store)).sound


def test_a_lock_held_elsewhere_stops_nothing_for_good(tmp_path):
    path = str(tmp_path / "north.db")
    connection = sqlite3.connect(path, timeout=0.05)
    store = Store(connection, "?", EXCHANGE, keys_of("north"), dice("x"))
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        store.append(orders(1), MORNING)
    other.rollback()
    assert store.append(orders(1), MORNING)[0].seq == 0


@pytest.mark.soak
def test_a_long_exchange_between_three_with_losses_ends_in_one_sound_record():
    stores = [
        office(exchange_of("north", "south", neutrals=("observer",)), name)
        for name in ("north", "south", "observer")
    ]
    roll = dice("losses")
    for number in range(300):
        stores[0].append(orders(150, number * 150), MORNING)
        for sender in stores:
            for to in stores:
                package = sender.package_for(to.name, MORNING) if sender is not to else None
                if package is not None and roll(1)[0] < 128:
                    assert to.take(package, MORNING).problems == ()
    assert settle(stores) == []
    copies = [copy_of(store) for store in stores]
    assert all(verify(copy, against=copies[:1]).sound for copy in copies)
    assert held(stores[0]) == held(stores[1]) == held(stores[2])
    assert stores[0].logs()["north.office.1"].size == 45_000
