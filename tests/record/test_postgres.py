"""The same store on PostgreSQL: a private server, started here, stopped afterwards."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

psycopg = pytest.importorskip("psycopg")

from homeward.record import Store, verify  # noqa: E402
from tests.record.parties import (  # noqa: E402
    MORNING,
    copy_of,
    dice,
    exchange_of,
    held,
    keys_of,
    later,
    orders,
    settle,
)

BINARIES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), Path("/usr/local/bin")]
BIN = next((each for each in BINARIES if (each / "initdb").is_file()), None)
EXCHANGE = exchange_of("north", "south")
NORTH = "north.office.1"

pytestmark = pytest.mark.skipif(BIN is None, reason="no PostgreSQL server is installed")


def unprivileged():
    """PostgreSQL refuses to run as root: the arguments that make it somebody else."""
    if os.geteuid():
        return {}
    known = {each.pw_name: each for each in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@pytest.fixture(scope="module")
def server():
    """The socket folder of a private server that nobody else can reach."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="pg"))
    somebody = unprivileged()
    if somebody:
        os.chown(folder, somebody["user"], somebody["group"])

    def run(*command):
        done = subprocess.run(command, **somebody, cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()[-500:]

    data = str(folder / "data")
    run(str(BIN / "initdb"), "-D", data, "-U", "office", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"
    try:
        run(
            str(BIN / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start"
        )
        yield folder
    finally:
        subprocess.run(
            [str(BIN / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            **somebody, cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def opened(server, request):
    """Open an office's store in a database of its own; every connection is closed afterwards."""
    connections = []
    main = psycopg.connect(host=str(server), user="office", dbname="postgres", autocommit=True)
    made = set()

    def store(name):
        database = f"{name}_{abs(hash(request.node.name))}"
        if database not in made:
            main.execute(f'CREATE DATABASE "{database}"')
            made.add(database)
        connection = psycopg.connect(host=str(server), user="office", dbname=database)
        connections.append(connection)
        return Store(connection, "%s", EXCHANGE, keys_of(name), dice(f"{name} {len(connections)}"))

    yield store
    for connection in [*connections, main]:
        connection.close()


def test_two_offices_on_postgresql_come_to_one_record(opened):
    north, south = opened("north"), opened("south")
    north.append(orders(40), MORNING)
    assert settle([north, south]) == []
    assert held(north) == held(south)
    assert verify(copy_of(south)).sound
    assert all(north.level(entry) == "held" for entry in north.entries())


def test_what_was_signed_is_there_when_the_office_comes_back(opened):
    entries = opened("north").append(orders(5), MORNING)
    again = opened("north")
    assert list(again.entries()) == list(entries)
    assert again.append(orders(1, 5), later(1))[0].seq == 5


def test_two_connections_of_one_office_write_one_chain(opened):
    one, other = opened("north"), opened("north")
    for number in range(4):
        one.append(orders(1, 2 * number), MORNING)
        other.append(orders(1, 2 * number + 1), MORNING)
    assert held(one) == held(other)
    assert one.logs()[NORTH].size == 8
    assert verify(copy_of(other)).sound


def test_the_server_refuses_to_rewrite_what_was_signed(opened):
    store = opened("north")
    store.append(orders(3), MORNING)
    connection = store._shelf.tables._connection
    for statement in (
        "UPDATE record_entry SET at = 0",
        "DELETE FROM record_checkpoint",
        "TRUNCATE record_cosignature",
        "DELETE FROM record_mldsa",
    ):
        with pytest.raises(psycopg.errors.RaiseException, match="only ever added to"):
            connection.execute(statement)
        connection.rollback()


def test_a_draft_that_is_refused_leaves_nothing_on_the_server(opened):
    from homeward.problem import Refused

    store = opened("north")
    store.append(orders(2), MORNING)
    bad = orders(1)[0].__class__("release-ordered")
    with pytest.raises(Refused):
        store.append([*orders(1, 9), bad], MORNING)
    assert opened("north").logs()[NORTH].size == 2
    assert store.append(orders(1, 2), MORNING)[0].seq == 2
