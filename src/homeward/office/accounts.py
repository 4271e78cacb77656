"""Accounts: a password and a one-time code open a session; a session ends."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from homeward.office.accountmodels import Account
from homeward.office.roles import roles
from homeward.problem import Problem, Refused

SHORTEST = 12
MOST_FAILURES = 5
CLOSED_FOR = timedelta(minutes=15)
_HALF_MINUTE = 30
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}\Z")


def make_account(
    name: str,
    role: str,
    password: str,
    now: datetime,
    *,
    officer: str = "",
    known: tuple[str, ...] = (),
    codes: bool = True,
) -> Account:
    """A new account; raises Refused with every problem.

    ``known`` are the ids of the officers' keys that this office holds. Without ``codes`` the
    password alone opens it: for rehearsed offices, whose people are invented.
    """
    problems = list(_faults(name, role, password, officer, known))
    if problems:
        raise Refused(problems)
    return Account.objects.create(
        name=name,
        role=role,
        officer=officer,
        password=make_password(password),
        secret=pyotp.random_base32() if codes else "",
        made_at=now,
    )


def _faults(
    name: str, role: str, password: str, officer: str, known: tuple[str, ...]
) -> list[Problem]:
    found = []
    if not _NAME.match(name):
        expected = "2 to 40 small letters, digits, dots or hyphens"
        found.append(Problem("office.account-name", "name", name[:40], expected))
    elif Account.objects.filter(name=name).exists():
        hint = "choose another, or close that account first"
        found.append(Problem("office.account-exists", "name", name, "a name not taken", hint))
    if role not in roles():
        found.append(Problem("office.role-unknown", "role", role[:40], ", ".join(roles())))
    if len(password) < SHORTEST:
        expected = f"at least {SHORTEST} characters"
        found.append(Problem("office.password-short", "password", "", expected))
    if officer and officer not in known:
        expected = ", ".join(known)
        found.append(Problem("office.officer-unknown", "officer", officer[:40], expected))
    elif officer and Account.objects.filter(officer=officer, active=True).exists():
        hint = "one officer's key belongs to one person"
        found.append(Problem("office.officer-taken", "officer", officer, "a free key", hint))
    return found


def enrolment(account: Account, office: str) -> str:
    """The ``otpauth:`` address that a code app reads, by QR or typed."""
    return pyotp.TOTP(account.secret).provisioning_uri(name=account.name, issuer_name=office)


def enter(name: str, password: str, code: str, now: datetime) -> Account | None:
    """The account that this name, password and code open, or None: which was wrong is not said.

    Five failures close an account for a quarter of an hour. A code opens once.
    """
    account = Account.objects.filter(name=name, active=True).first()
    if account is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    right = check_password(password, account.password)
    if account.closed_until and account.closed_until > now:
        return None
    step = _step_of(account, code, now)
    if right and step is not None and _spend(account, step):
        Account.objects.filter(pk=account.pk).update(failures=0, closed_until=None)
        return account
    _fail(account, now)
    return None


def _step_of(account: Account, code: str, now: datetime) -> int | None:
    """The half minute this code belongs to: this one or a neighbour; 0 where none is asked."""
    if not account.secret:
        return 0
    codes = pyotp.TOTP(account.secret)
    this = int(now.timestamp()) // _HALF_MINUTE
    for step in (this - 1, this, this + 1):
        if hmac.compare_digest(codes.generate_otp(step), code.replace(" ", "")):
            return step
    return None


def _spend(account: Account, step: int) -> bool:
    """Take a code's half minute for this account; False when it was spent before."""
    if not account.secret:
        return True
    later = Account.objects.filter(pk=account.pk, last_code__lt=step)
    return bool(later.update(last_code=step))


def _fail(account: Account, now: datetime) -> None:
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1)
    account.refresh_from_db(fields=["failures"])
    if account.failures >= MOST_FAILURES:
        Account.objects.filter(pk=account.pk).update(failures=0, closed_until=now + CLOSED_FOR)


def end_sessions(account: Account) -> None:
    """End every session of an account at once."""
    Account.objects.filter(pk=account.pk).update(generation=F("generation") + 1)


def close_account(account: Account) -> None:
    """Close an account for good: its sessions end, its name stays in the log of accesses."""
    Account.objects.filter(pk=account.pk).update(active=False, generation=F("generation") + 1)


def new_password() -> str:
    """A password to hand over on paper: groups of letters and digits that nobody mixes up."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
