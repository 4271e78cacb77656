"""One side's workplace: its database, its users, its pages and API.

An office writes only its own log. It is started as a program of its own (``homeward office
init`` and ``homeward office serve``) and nothing imports it but the command line: sides meet
only in signed packages. This is the only room that opens a database.

Not here: what an entry means (terms, crossing), how a plan is found (plan), how names compare
(people), and anything of another office.
"""

from __future__ import annotations

from homeward.office.opening import REHEARSED_PASSWORD, make_account_at, mark_rehearsed
from homeward.office.safekeeping import at_the_desk, back_up, restore
from homeward.office.serve import init_office, serve_office

__all__ = [
    "REHEARSED_PASSWORD",
    "at_the_desk",
    "back_up",
    "init_office",
    "make_account_at",
    "mark_rehearsed",
    "restore",
    "serve_office",
]
