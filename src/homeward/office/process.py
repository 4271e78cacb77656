"""The one desk of this process, and who may speak to it: one process is one office."""

from __future__ import annotations

import hmac
import threading
from typing import Any

from django.conf import settings

from homeward.office import (  # noqa: F401 - entering their verbs
    beginning,
    erasing,
    exceptions,
    founding,
    freezing,
    line,
    lists,
    papers,
    planning,
    post,
    resuming,
    talk,
    whereabouts,
)
from homeward.office.desk import VERBS, Call, Desk
from homeward.problem import Problem, Refused

AT_THE_DESK = threading.RLock()
_desk: Desk | None = None


def token_is_ours(token: str) -> bool:
    """Whether ``token`` is the one in this office's folder."""
    ours = (settings.FOLDER / "officer.token").read_text(encoding="ascii").strip()
    return hmac.compare_digest(ours.encode(), token.encode())


def desk() -> Desk:
    """The one desk of this process, opened at first use."""
    global _desk  # noqa: PLW0603 - one process is one office
    with AT_THE_DESK:
        if _desk is None:
            _desk = Desk(settings.FOLDER)
        return _desk


def ask(name: str, call: Call) -> dict[str, Any]:
    """Have the desk do one verb; raises Refused with every problem.

    A verb may be cut at any moment: what it writes is in an order that saying it again completes.
    """
    if name not in VERBS:
        raise Refused([Problem("office.unknown-verb", name, expected=", ".join(sorted(VERBS)))])
    with AT_THE_DESK:
        at = desk()
        try:
            done = VERBS[name](at, call)
        except Refused:
            raise
        except BaseException:
            at.reload()  # after a fault only what is on the disk counts
            raise
        if call.body.get("send") and name != "send":
            to = {"to": call.body.get("to")}
            done["sent"] = ask("send", Call(call.now, call.officer, to))["written"]
        return done
