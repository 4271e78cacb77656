"""The worked example of docs/reference/record.md and packages.md, made anew."""

from __future__ import annotations

import base64
import sqlite3
from datetime import timedelta

from homeward.record import Draft, Exchange, Keys, Store, make_keys, open_exchange
from homeward.record.archive import read_archive
from homeward.record.notes import COSIGNATURE, PLAIN, verifier_key
from tests.record.parties import MORNING, dice

TERMS = b"north and south release all prisoners, thirty at a time\n"
SALT = b"\x2a" * 32


def keys() -> dict[str, Keys]:
    return {
        name: make_keys(name, "side", ["alder", "birch"], dice(f"example {name}"))
        for name in ("north", "south")
    }


def exchange() -> Exchange:
    cards = [each.card for each in keys().values()]
    return open_exchange(cards, TERMS, {"dispute-days": 30})


def stores() -> tuple[Store, Store]:
    agreed = exchange()
    north, south = (
        Store(sqlite3.connect(":memory:"), "?", agreed, each, dice("salts"))
        for each in keys().values()
    )
    return north, south


def drafts(agreed: Exchange) -> list[Draft]:
    return [
        Draft("terms-accepted", digest=agreed.terms_digest),
        Draft(
            "release-ordered",
            stage=1,
            step=1,
            sender="north",
            to="south",
            cls="military/living/inside",
            handle="00112233445566778899aabbccddeeff",
        ),
    ]


def blocks() -> dict[str, str]:
    """Every fenced block of both pages by its title."""
    north, south = stores()
    entries = north.append(drafts(north.exchange), MORNING)
    package = read_archive(north.package_for("south", MORNING) or b"")
    found = {"exchange.txt": north.exchange.text}
    for number, entry in enumerate(entries):
        found[f"header {number}"] = entry.leaf[64:].decode()
        found[f"signature {number}"] = entry.leaf[:64].hex() + "\n"
    for name in ("manifest", "north.office.1.checkpoint"):
        found[name] = package[name].decode()
    framed = base64.b64encode(package["north.office.1.entries"]).decode()
    found["north.office.1.entries"] = wrapped(framed)
    seen = MORNING + timedelta(minutes=5)
    south.take(north.package_for("south", MORNING) or b"", seen)
    north.take(south.package_for("north", seen) or b"", seen)
    found["checkpoint"] = dict(north.copy())["north.office.1/checkpoint"].decode()
    cards = north.exchange.cards
    origin, witness = north.exchange.origin("north.office.1"), north.exchange.witness("south")
    log_key = verifier_key(origin, PLAIN, cards["north"].checkpoint)
    found["keys"] = f"{log_key}\n{verifier_key(witness, COSIGNATURE, cards['south'].witness)}\n"
    found["age key"] = keys()["south"].age + "\n"
    return found


def wrapped(text: str, width: int = 100) -> str:
    return "".join(text[at : at + width] + "\n" for at in range(0, len(text), width))
