"""A new log of this office: after a restore, or without an officer whose key is lost or stolen.

Others cannot tell the two apart, so after either this office orders nobody before its past is
confirmed: see ``resuming``.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F

from homeward.office.accountmodels import Account
from homeward.office.desk import Call, Desk, refused, verb
from homeward.problem import Problem, Refused
from homeward.record.certificate import OFFICERS


def revoked_officers(desk: Desk) -> frozenset[str]:
    """The officers whose signatures no longer count in this office's log."""
    if desk.store is None:
        return frozenset()
    own = (each for each in desk.store.certificates() if each.log.startswith(f"{desk.name}."))
    return frozenset(officer for certificate in own for officer in certificate.without)


def signing_officers(desk: Desk) -> tuple[str, ...]:
    """The officers whose signatures count."""
    return tuple(sorted(set(desk.keys.officers) - revoked_officers(desk)))


@verb("begin-log")
def begin_log(desk: Desk, call: Call) -> dict[str, Any]:
    """After a restore: two officers begin a new log that names the last head this office knows.

    ``without`` names officers whose keys are lost or stolen, as for ``revoke-officers``.
    """
    without = _named(desk, call)
    if desk.exchange is None and not without:
        return {"log": None}
    return {"log": _begin(desk, call, without)}


@verb("revoke-officers")
def revoke_officers(desk: Desk, call: Call) -> dict[str, Any]:
    """Two officers begin a new log without others (``without``), whose keys are lost or stolen.

    What these signed before stands; in this log and in every later one nothing of theirs counts.
    Accounts that signed with these keys sign with none, and their sessions end.
    """
    store, without = desk.open_store(), _named(desk, call)
    if not without:
        raise refused("office.missing-field", "without", expected="an officer's id, or several")
    if without <= revoked_officers(desk):
        _take_from_accounts(without)
    else:
        _begin(desk, call, without)
    return {"log": store.own_log, "revoked": sorted(revoked_officers(desk))}


def _named(desk: Desk, call: Call) -> frozenset[str]:
    """The officers whose keys are to count no longer; raises Refused with every problem."""
    wanted, known = set(map(str, call.body.get("without", ()))), desk.keys.officers
    problems = [
        Problem("office.officer-unknown", "without", name[:40], ", ".join(known))
        for name in sorted(wanted - set(known))
    ]
    left = set(signing_officers(desk)) - wanted
    if wanted and len(left) < OFFICERS:
        value, expected = f"{len(left)} left", f"at least {OFFICERS} who sign"
        hint = "begin another exchange that continues this one, with new cards"
        problems.append(Problem("office.officers-too-few", "without", value, expected, hint))
    if problems:
        raise Refused(problems)
    return frozenset(wanted)


def _begin(desk: Desk, call: Call, without: frozenset[str]) -> str:
    officers = tuple(call.body.get("officers", ()))
    entry = desk.open_store().begin_log(officers, call.now, without=without)
    desk.learn([entry])
    _take_from_accounts(without)
    return entry.log


def _take_from_accounts(officers: frozenset[str]) -> None:
    held = Account.objects.filter(officer__in=officers)
    held.update(officer="", generation=F("generation") + 1)
