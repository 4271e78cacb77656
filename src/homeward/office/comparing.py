"""Matching beside the pages: lists are compared in a child process, and the desk stays free.

The desk is held only to gather the lists and to keep what was found; the verb then signs what it
would have signed.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from homeward.office import jobs
from homeward.office.accesses import note_access
from homeward.office.desk import sha256
from homeward.office.editions import own_list
from homeward.office.jobs import Job
from homeward.office.models import Proposal
from homeward.office.process import AT_THE_DESK, desk
from homeward.office.roles import Officer
from homeward.office.seconding import ask_for

LONGEST = 30 * 60.0  # seconds for one seeker's list


def last() -> Job | None:
    """The matching at work, or the one before it; None after a restart."""
    return jobs.last("matching")


def start(officer: Officer, now: datetime) -> Job:
    """Compare every list that was shown here with the newest own one; one job at a time."""
    return jobs.start("matching", partial(_match, officer, now))


def _match(officer: Officer, now: datetime, job: Job) -> None:
    waiting, held = _gather()
    job.total = len(waiting)
    for seeker, stamp, sought in waiting:
        _keep(seeker, stamp, compare(sought, held))
        job.done += 1
    with AT_THE_DESK:
        found = ask_for(officer, "match", now, {}).done or {}
    count = sum(len(one["pairs"]) for one in found.get("matchings", ()))
    note_access(officer, "match", now, count=count)


def _gather() -> tuple[list[tuple[str, str, bytes]], bytes]:
    """Each seeker's newest list where it or the own one was not compared yet, and the own one."""
    with AT_THE_DESK:
        at = desk()
        newest = {e.author: e for e in at.entries("list-submitted", to=at.name)}
        held = own_list("held")
        waiting = []
        for seeker, entry in sorted(newest.items()):
            stamp = f"{entry.hash} {sha256(held)}"
            known = Proposal.objects.filter(seeker=seeker).exists()
            if not known or at.note(f"compared {seeker}") != stamp:
                waiting.append((seeker, stamp, at.part(entry)))
        return waiting, held


def _keep(seeker: str, stamp: str, pairs: list[dict[str, Any]]) -> None:
    """Keep the pairs that are new. What was proposed before stays, with every word on it.

    Whoever is in a pair already is certain no more: a new pair of theirs goes to the officers.
    """
    with AT_THE_DESK, transaction.atomic():
        rows = Proposal.objects.filter(seeker=seeker).values_list("sought_id", "held_id")
        known = set(rows)
        met = {id_ for row in known for id_ in row}
        for pair in pairs:
            ids = (pair["sought_id"], pair["held_id"])
            if ids not in known:
                again = not met.isdisjoint(ids)
                decision = "review" if again else pair["decision"]
                Proposal.objects.create(seeker=seeker, **{**pair, "decision": decision})
        desk().keep(f"compared {seeker}", stamp)


def compare(sought: bytes, held: bytes) -> list[dict[str, Any]]:
    """Two lists' proposals, found by a child process; the lists go through pipes, to no file."""
    lists = json.dumps({"sought": sought.decode(), "held": held.decode()}).encode()
    answer = jobs.in_child("homeward.office.comparer", lists, limit=LONGEST)
    pairs: list[dict[str, Any]] = json.loads(answer)
    return pairs
