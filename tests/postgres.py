"""A private PostgreSQL server for the tests: on a socket of its own, gone when they are over."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

_PLACES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin")), Path("/usr/local/bin")]
BIN = next((each for each in _PLACES if (each / "initdb").is_file()), None)


def _somebody() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: the arguments that make it somebody else."""
    if os.geteuid():
        return {}
    known = {each.pw_name: each for each in pwd.getpwall()}
    user = known.get("postgres") or known["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def private_server() -> Iterator[Path]:
    """The socket folder of a server that nobody else can reach; skips where none is installed."""
    if BIN is None:
        pytest.skip("no PostgreSQL on this machine; `make test` installs it where it may")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    somebody = _somebody()
    if somebody:
        os.chown(folder, somebody["user"], somebody["group"])

    data, made = str(folder / "data"), {**somebody, "cwd": folder}
    first = [str(BIN / "initdb"), "-D", data, "-U", "office", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*first, "--no-sync"], **made, capture_output=True, check=True)
    wanted = ("listen_addresses=", "fsync=off", f"unix_socket_directories={folder}")
    options = [part for each in wanted for part in ("-c", each)]
    # as a child of the tests, not a daemon: whoever ends them ends it
    server = subprocess.Popen(
        [str(BIN / "postgres"), "-D", data, *options], **made, stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    try:
        assert any("ready to accept connections" in line for line in server.stderr)
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield folder
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(server: Path, name: str) -> str:
    """Make an empty database; returns its ``DATABASE_URL``."""
    import psycopg

    with psycopg.connect(
        host=str(server), user="office", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"postgresql://office@/{name}?host={quote(str(server))}"
