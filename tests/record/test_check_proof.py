"""``homeward check-proof``: one entry shown to a stranger who has the exchange's text alone."""

import json

import pytest
from click.testing import CliRunner

from homeward.cli import main
from homeward.record import prove
from tests.record.parties import copy_of, later, orders, send, settle, two

NORTH = "north.office.1"


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A proof in each of two logs, the exchange, and the certificate of the second log."""
    folder = tmp_path_factory.mktemp("proofs")
    north, south = two()
    north.append(orders(5), later(1))
    north.begin_log(["alder", "birch"], later(2), "tablet")
    send(north, south, later(3))
    settle([north, south], later(3))
    copy = copy_of(north)
    (folder / "exchange.txt").write_bytes(copy["exchange.txt"])
    (folder / "certificate").write_bytes(copy["north.tablet.1/certificate"])
    (folder / "first").write_bytes(prove(copy, NORTH, 3))
    (folder / "second").write_bytes(prove(copy, "north.tablet.1", 0))
    return folder


def asked(*words):
    found = CliRunner().invoke(main, ["check-proof", *map(str, words)])
    assert not found.exception or isinstance(found.exception, SystemExit), found.exception
    return found


def test_a_stranger_sees_the_entry_and_who_countersigned_it(held):
    found = asked(held / "first", held / "exchange.txt")
    assert found.exit_code == 0
    assert "entry north.office.1/3 stands under the checkpoint at 5" in found.stdout
    assert "release-ordered" in found.stdout
    assert "south" in found.stdout
    told = json.loads(asked(held / "first", held / "exchange.txt", "--json").stdout)
    assert (told["log"], told["seq"], told["kind"]) == (NORTH, 3, "release-ordered")
    assert told["cosigned"] == {"south": "2030-05-01T09:03:00+00:00"}
    assert f"handle {3:032x}" in told["header"]


def test_a_log_that_no_card_opens_needs_its_certificate(held):
    found = asked(held / "second", held / "exchange.txt")
    assert found.exit_code == 1
    assert "record.log-unknown" in found.stderr
    with_it = ("--certificate", held / "certificate")
    assert asked(held / "second", held / "exchange.txt", *with_it).exit_code == 0


def test_a_changed_byte_shows_nothing_else(held):
    """At most it makes a countersignature that of an unknown key, which then counts for nothing."""
    proof = (held / "first").read_bytes()
    told = json.loads(asked(held / "first", held / "exchange.txt", "--json").stdout)
    unseen = 0
    for at in range(0, len(proof), 61):
        hurt = held / "hurt"
        hurt.write_bytes(proof[:at] + bytes([proof[at] ^ 1]) + proof[at + 1 :])
        found = asked(hurt, held / "exchange.txt", "--json")
        if found.exit_code == 0:
            assert json.loads(found.stdout) == told | {"cosigned": {}}, at
            unseen += 1
    assert unseen < 5


def test_a_proof_of_another_exchange_is_refused(held):
    other = held / "other.txt"
    text = (held / "exchange.txt").read_text().replace("dispute-days 30", "dispute-days 31")
    other.write_text(text)
    found = asked(held / "first", other)
    assert found.exit_code == 1
    assert "record.exchange-other" in found.stderr or "record.log-unknown" in found.stderr
