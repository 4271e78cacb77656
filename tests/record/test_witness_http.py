"""The same answers over HTTP, from a running office."""

import secrets
import sqlite3

import pytest

from homeward.record import Store, make_keys, open_exchange
from homeward.record.witness import request_of
from tests.office.offices import ask, homeward, serving
from tests.record.parties import MORNING, TERMS, orders


@pytest.fixture(scope="module")
def met(tmp_path_factory):
    """South's running office and north's store, which met."""
    folder = tmp_path_factory.mktemp("witness") / "south"
    assert homeward("office", "init", str(folder), "--side", "south").returncode == 0
    token = (folder / "officer.token").read_text().strip()
    north = make_keys("north", "side", ["alder", "birch"], secrets.token_bytes)
    with serving(folder) as port:
        import json

        def do(verb, **body):
            body = {"now": MORNING.isoformat(), "officer": "", **body}
            status, text, _ = ask(port, "POST", f"/api/do/{verb}", body, token=token)
            assert status == 200, text
            return json.loads(text)

        card = do("card")["card"]
        cards = [north.card.text, card]
        do("meet", cards=cards, terms_text=TERMS.decode(), policy={})
        from homeward.record import read_card

        exchange = open_exchange([north.card, read_card(card)], TERMS, {})
        store = Store(sqlite3.connect(":memory:"), "?", exchange, north)
        yield port, store


def post(port, body):
    return ask(port, "POST", "/api/add-checkpoint", body, headers={"Content-Type": "text/plain"})


def asking(store, old, new):
    log = store._shelf.logs["north.office.1"]
    path = log.tree.consistency(old, new) if 0 < old <= new else []
    return request_of(old, path, log.note(new))


def test_every_status_of_the_text_is_answered(met):
    port, north = met
    north.append(orders(3), MORNING)
    early = post(port, asking(north, 0, 3))
    assert (early[0], early[2].get("Retry-After")) == (503, "60"), early
    assert ask(port, "POST", "/api/package", north.package_for("south", MORNING))[0] == 200
    good = asking(north, 3, 3)
    status, text, headers = post(port, good)
    assert (status, headers["Content-Type"].split(";")[0]) == (200, "text/plain")
    assert text.startswith("— homeward/")
    assert text.endswith("\n")
    status, text, headers = post(port, asking(north, 0, 3))
    assert (status, text, headers["Content-Type"]) == (409, "3\n", "text/x.tlog.size")
    assert post(port, b"nonsense")[0] == 400
    assert post(port, good.replace(north.exchange.id.encode(), b"0" * 64))[0] == 404
    assert post(port, good.replace(b"\n3\n", b"\n4\n"))[0] == 403
    north.append(orders(2, 3), MORNING)
    wrong = asking(north, 3, 5).replace(b"old 3\n", b"old 3\n" + b"A" * 43 + b"=\n")
    assert post(port, wrong)[0] == 422
    assert ask(port, "GET", "/api/add-checkpoint")[0] == 405
