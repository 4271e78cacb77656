"""Accounts made from the office's own machine: the first one, and those of rehearsed offices."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from homeward.office.serve import hold_alone, open_django
from homeward.problem import Problem, Refused

# Known to everybody, for offices whose people are invented; a code is not asked for.
REHEARSED_PASSWORD = "nobody-here-is-real"


def _open(folder: Path) -> None:
    if not (folder / "keys").is_file():
        raise Refused([Problem("office.none-here", str(folder), hint="use office init first")])
    open_django(folder)


def make_account_at(
    folder: Path, name: str, role: str, officer: str, now: datetime
) -> dict[str, str]:
    """Make one account in an office that no process serves; its secrets are returned once.

    Raises Refused with every problem.
    """
    hold_alone(folder)
    _open(folder)
    from homeward.office import accounts
    from homeward.office.beginning import signing_officers
    from homeward.office.process import desk

    password = accounts.new_password()
    at = desk()
    made = accounts.make_account(
        name, role, password, now, officer=officer, known=signing_officers(at)
    )
    return {
        "name": made.name,
        "password": password,
        "code": accounts.enrolment(made, f"Homeward {at.name}"),
    }


def mark_rehearsed(folder: Path, now: datetime) -> list[dict[str, str]]:
    """Mark an office as rehearsed and give it two invented heads, who can confirm each other.

    The password is known to everybody, so it is refused where the office holds accounts that ask
    for one-time codes.
    """
    _open(folder)
    from homeward.office import accounts
    from homeward.office.accountmodels import Account
    from homeward.office.desk import Desk
    from homeward.office.models import Note

    at = Desk(folder)
    if Account.objects.exclude(secret="").exists():
        raise Refused([Problem("office.not-rehearsed", str(folder), hint="it has real accounts")])
    Note.objects.update_or_create(key="rehearsed", defaults={"value": "1"})
    officers = sorted(at.keys.officers)
    found = []
    for place, name in enumerate(("first", "second")):
        if not Account.objects.filter(name=name).exists():
            key = officers[place] if place < len(officers) else ""
            accounts.make_account(
                name,
                "head",
                REHEARSED_PASSWORD,
                now,
                officer=key,
                known=tuple(officers),
                codes=False,
            )
        found.append({"name": name, "password": REHEARSED_PASSWORD, "role": "head"})
    return found
