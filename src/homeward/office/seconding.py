"""Two officers for what binds: one asks, another confirms in a session of their own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from homeward.office.accountmodels import Waiting
from homeward.office.desk import Call
from homeward.office.process import ask
from homeward.office.roles import Act, Officer, act_of
from homeward.problem import Problem, Refused


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: done, with what the verb answered, or waiting for a second officer."""

    done: dict[str, Any] | None
    waiting: bool = False


def ask_for(officer: Officer, name: str, now: datetime, body: dict[str, Any]) -> Answer:
    """Have a verb done, or, where it binds, have it wait for a second officer.

    Raises Refused when the role does not reach so far, and with the desk's own problems.
    """
    act = require(officer, name)
    if not act.binding:
        return Answer(ask(act.verb, Call(now, officer.officer or officer.name, body)))
    if act.officers and not officer.officer:
        raise Refused([_keyless()])
    text = json.dumps(body, sort_keys=True)
    try:
        with transaction.atomic():
            Waiting.objects.create(
                verb=name,
                room=act.room,
                body=text,
                digest=hashlib.sha256(f"{name}\n{text}".encode()).hexdigest(),
                asked_by=officer.name,
                asked_officer=officer.officer,
                asked_at=now,
            )
    except IntegrityError:
        pass  # the same is waiting already: asking twice asks once
    return Answer(None, waiting=True)


def confirm(officer: Officer, waiting: Waiting, now: datetime) -> dict[str, Any]:
    """The second officer's word: the act is done now; raises Refused when it may not be."""
    act = act_of(waiting.verb)
    _require(officer, act.room, act.level)
    if officer.name == waiting.asked_by:
        hint = "whoever asked cannot confirm"
        raise Refused(
            [Problem("office.second-officer", waiting.verb, expected="another", hint=hint)]
        )
    body = json.loads(waiting.body)
    if act.officers:
        if not officer.officer or officer.officer == waiting.asked_officer:
            raise Refused([_keyless()])
        body["officers"] = sorted((waiting.asked_officer, officer.officer))
    if not _settle(waiting, "done", officer, now):
        raise Refused([Problem("office.no-longer-waiting", waiting.verb, waiting.state)])
    try:
        return ask(act.verb, Call(now, officer.officer or officer.name, body))
    except BaseException:
        # not done: it goes on waiting, so that nobody must ask for it a second time
        Waiting.objects.filter(pk=waiting.pk).update(state="open", answered_by="", answered_at=None)
        raise


def refuse(officer: Officer, waiting: Waiting, now: datetime) -> None:
    """The second officer says no, or whoever asked takes it back."""
    act = act_of(waiting.verb)
    _require(officer, act.room, act.level)
    _settle(waiting, "withdrawn" if officer.name == waiting.asked_by else "refused", officer, now)


def require(officer: Officer, name: str) -> Act:
    """What an act asks for; raises Refused unless this officer's role reaches that far."""
    act = act_of(name)
    _require(officer, act.room, act.level)
    return act


def _settle(waiting: Waiting, state: str, officer: Officer, now: datetime) -> bool:
    open_still = Waiting.objects.filter(pk=waiting.pk, state="open")
    return bool(open_still.update(state=state, answered_by=officer.name, answered_at=now))


def _require(officer: Officer, room: str, level: str) -> None:
    if not officer.may(room, level):
        raise Refused([Problem("office.role-too-small", room, officer.role, f"{level} in {room}")])


def _keyless() -> Problem:
    return Problem(
        "office.officer-key",
        "officers",
        expected="two accounts, each with an officer's key of its own",
        hint="an administrator gives an account its officer's key",
    )
