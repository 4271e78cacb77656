"""Matching beside the pages: lists are compared in a child process, and the desk stays free.

The desk is held only to gather the lists and to keep what was found; the verb then signs what it
would have signed. A job that is cut leaves nothing half kept, and may be started again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import close_old_connections, transaction

from homeward.office.accesses import note_access
from homeward.office.faults import note_fault
from homeward.office.lists import own_list
from homeward.office.models import Proposal
from homeward.office.process import AT_THE_DESK, desk
from homeward.office.roles import Officer
from homeward.office.seconding import ask_for
from homeward.problem import Problem, Refused


@dataclass(slots=True)
class Job:
    """One matching at work: how many seekers' lists are compared, and what went wrong."""

    total: int = 0
    done: int = 0
    running: bool = True
    problems: list[Problem] = field(default_factory=list)


_ONE = threading.Lock()
_last: Job | None = None


def last() -> Job | None:
    """The job at work, or the one before it; None after a restart."""
    return _last


def start(officer: Officer, now: datetime) -> Job:
    """Compare every list that was shown here and is not compared yet; one job at a time."""
    global _last  # noqa: PLW0603 - one process is one office
    with _ONE:
        if _last is not None and _last.running:
            return _last
        _last = job = Job()
    threading.Thread(target=_run, args=(job, officer, now), name="matching", daemon=True).start()
    return job


def _run(job: Job, officer: Officer, now: datetime) -> None:
    try:
        waiting, held = _gather()
        job.total = len(waiting)
        for seeker, sought in waiting:
            _keep(seeker, compare(sought, held))
            job.done += 1
        with AT_THE_DESK:
            found = ask_for(officer, "match", now, {}).done or {}
        count = sum(len(one["pairs"]) for one in found.get("matchings", ()))
        note_access(officer, "match", now, count=count)
    except Refused as refused:
        job.problems += refused.problems
    except Exception as error:
        job.problems.append(note_fault(error, "matching"))
    finally:
        job.running = False
        close_old_connections()


def _gather() -> tuple[list[tuple[str, bytes]], bytes]:
    """Each seeker's list that has no proposals yet, and this office's own."""
    with AT_THE_DESK:
        at = desk()
        known = set(Proposal.objects.values_list("seeker", flat=True))
        entries = at.entries("list-submitted", to=at.name)
        waiting = {e.author: at.part(e) for e in reversed(entries) if e.author not in known}
        return sorted(waiting.items()), own_list("held")


def _keep(seeker: str, pairs: list[dict[str, Any]]) -> None:
    with AT_THE_DESK, transaction.atomic():
        if not Proposal.objects.filter(seeker=seeker).exists():
            Proposal.objects.bulk_create(Proposal(seeker=seeker, **pair) for pair in pairs)


def compare(sought: bytes, held: bytes) -> list[dict[str, Any]]:
    """Two lists' proposals, found by a child process; the lists go through pipes, to no file."""
    lists = {"sought": sought.decode(), "held": held.decode()}
    child = subprocess.run(
        [sys.executable, "-m", "homeward.office.comparer"],
        input=json.dumps(lists),
        capture_output=True,
        text=True,
        check=True,
    )
    pairs: list[dict[str, Any]] = json.loads(child.stdout)
    return pairs
