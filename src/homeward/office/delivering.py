"""Packages over HTTPS to offices whose address is known: the same bytes that a courier carries.

The desk is held only while packages are made; what could not be handed over is said, and goes
again with the next package, for nothing counts as held before its receiver has said so.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from homeward.office import jobs
from homeward.office.desk import Desk, refused
from homeward.office.jobs import Job
from homeward.office.models import Note
from homeward.office.process import AT_THE_DESK, desk
from homeward.office.roles import Officer
from homeward.office.seconding import require
from homeward.problem import Problem

PATIENCE = 60.0  # seconds for one answer
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_KEY = "address."


def addresses(at: Desk) -> dict[str, str]:
    """The known addresses of other offices, by party."""
    kept = Note.objects.filter(key__startswith=_KEY).exclude(value="")
    return {key.removeprefix(_KEY): value for key, value in kept.values_list("key", "value")}


def know_address(at: Desk, party: str, address: str) -> None:
    """Keep another office's address, or forget it where it is empty; raises Refused."""
    if party not in at.parties() or party == at.name:
        expected = ", ".join(sorted(set(at.parties()) - {at.name}))
        raise refused("office.unknown-party", "address", value=party[:40], expected=expected)
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if address and not (safe and parts.hostname and not parts.query and not parts.username):
        expected = "https://host, or http on this machine"
        raise refused("office.address-unfit", "address", value=address[:80], expected=expected)
    at.keep(f"{_KEY}{party}", address.rstrip("/"))


def last() -> Job | None:
    """The delivery at work, or the one before it; None after a restart."""
    return jobs.last("delivery")


def start(officer: Officer, now: datetime) -> Job:
    """Hand to every known office what it is not known to hold; raises Refused for a small role."""
    require(officer, "send")
    return jobs.start("delivery", partial(_deliver, now))


def _deliver(now: datetime, job: Job) -> None:
    with AT_THE_DESK:
        at = desk()
        made = [
            (party, address, at.open_store().package_for(party, now))
            for party, address in sorted(addresses(at).items())
        ]
    waiting = [(party, address, package) for party, address, package in made if package]
    job.total = len(waiting)
    for party, address, package in waiting:
        job.problems += hand_over(party, address, package)
        job.done += 1


class _Straight(urllib.request.HTTPRedirectHandler):
    """An office answers at its own address or not at all."""

    def redirect_request(self, *where: Any, **more: Any) -> None:
        """No redirection is followed."""


def hand_over(party: str, address: str, package: bytes) -> list[Problem]:
    """Post one package; nothing where it was taken, else why not, by the other office's codes."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Straight)
    kind = {"Content-Type": "application/octet-stream"}
    asked = urllib.request.Request(f"{address}/api/package", package, kind)
    try:
        with opener.open(asked, timeout=PATIENCE) as answer:
            told = json.load(answer).get("problems", [])
    except urllib.error.HTTPError as error:
        told = [{"code": f"HTTP {error.code}"}]
    except (OSError, ValueError, AttributeError) as error:
        told = [{"code": type(error).__name__}]
    hint = "carry the package by hand, or try again: nothing is lost"
    return [
        Problem("office.not-delivered", party, str(one.get("code", ""))[:80], "taken in", hint)
        for one in told
    ]
