"""An office whose database is damaged says so, and writes nothing over it."""

import os
import subprocess
import sys

import pytest

from tests.office.databases import in_its_folder


def homeward(*words):
    command = [sys.executable, "-m", "homeward", *map(str, words)]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=os.environ, timeout=120
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office") / "north"
    assert homeward("office", "init", folder, "--side", "north").returncode == 0
    return folder


@in_its_folder
@pytest.mark.parametrize("spoilt", [slice(0, 16), slice(40, 140), slice(100, 400)])
def test_a_damaged_database_is_named_and_left_as_it_is(office, spoilt):
    database = office / "office.db"
    whole = database.read_bytes()
    damaged = bytearray(whole)
    damaged[spoilt] = b"\xf2" * (spoilt.stop - spoilt.start)
    database.write_bytes(damaged)
    try:
        said = homeward("office", "serve", office, "--port", "0")
        assert said.returncode == 1
        assert "office.database-unreadable" in said.stderr
        assert "Traceback" not in said.stderr
        assert database.read_bytes() == bytes(damaged)
    finally:
        database.write_bytes(whole)
