"""Signed entries in one log per writer, countersigned by the others; anyone can verify.

Verbs: ``append`` signs and keeps, ``package_for`` and ``take`` carry it between offices, ``verify``
checks a copy with nothing but the copy.

    >>> import sqlite3
    >>> from datetime import datetime, UTC
    >>> from hashlib import shake_128
    >>> at = datetime(2030, 5, 1, 9, tzinfo=UTC)
    >>> def keys_of(name):
    ...     counter = iter(range(10**6))
    ...     dice = lambda n: shake_128(f"{name} {next(counter)}".encode()).digest(n)
    ...     return make_keys(name, "side", ["first", "second"], dice)
    >>> north, south = keys_of("north"), keys_of("south")
    >>> exchange = open_exchange([north.card, south.card], b"the terms", {"dispute-days": 30})
    >>> store = Store(sqlite3.connect(":memory:"), "?", exchange, north)
    >>> other = Store(sqlite3.connect(":memory:"), "?", exchange, south)
    >>> [entry] = store.append([Draft("exchange-opened", digest=exchange.id)], at)
    >>> [taken] = other.take(store.package_for("south", at), at).entries
    >>> taken == entry, store.level(entry), other.level(entry)
    (True, 'signed', 'held')
    >>> verify(dict(other.copy())).sound
    True

Not here: what an entry means (crossing, terms), who stands behind a handle (office), files and
clocks (``now`` and every byte are handed in).
"""

from __future__ import annotations

from homeward.record.comparing import compare
from homeward.record.entry import Draft, Entry, Part
from homeward.record.entry import read_entry as read_entry
from homeward.record.exchange import Exchange as Exchange
from homeward.record.exchange import open_exchange, read_exchange
from homeward.record.keys import Card as Card
from homeward.record.keys import Keys, make_keys
from homeward.record.keys import read_card as read_card
from homeward.record.proving import prove
from homeward.record.store import Store
from homeward.record.verifying import Copy as Copy
from homeward.record.verifying import Verification as Verification
from homeward.record.verifying import read_copy, verify

__all__ = [
    "Draft",
    "Entry",
    "Keys",
    "Part",
    "Store",
    "compare",
    "make_keys",
    "open_exchange",
    "prove",
    "read_copy",
    "read_exchange",
    "verify",
]
