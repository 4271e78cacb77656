"""This office's own lists: every edition is kept, the newest counts, and is held against the last.

What an edition changes and is worth is counted once, in a child process, and kept beside it.
"""

from __future__ import annotations

import json
import os
import re
import threading
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any

from homeward.office import jobs
from homeward.office.jobs import Job
from homeward.office.models import ListFile
from homeward.office.personmodels import Saying
from homeward.people import Line, audit, compare_editions, read_list
from homeward.problem import Problem

LONGEST = 600.0  # seconds after which a comparison is given up
KEEPING = threading.Lock()  # one list at a time becomes the newest edition
_SHOWN = 200  # ids of a kind; a longer list of them is read by nobody


def keep_edition(which: str, data: bytes, now: datetime, officer: str) -> ListFile:
    """Make a list that was read without an error the newest edition; the same one is kept once."""
    last = ListFile.objects.filter(which=which).order_by("-edition").first()
    if last is not None and bytes(last.data) == data:
        return last
    return ListFile.objects.create(
        which=which,
        edition=last.edition + 1 if last else 1,
        name=f"{which}.csv",
        data=data,
        imported_at=now,
        officer=officer,
    )


def own_list(which: str) -> bytes:
    """The newest edition of this side's own list, as it came; empty when there is none."""
    last = ListFile.objects.filter(which=which).order_by("-edition").first()
    return bytes(last.data) if last else b""


def own_lines(which: str) -> tuple[Line, ...]:
    """The lines of this side's own newest list."""
    data = own_list(which)
    return read_list(f"{which}.csv", data).lines if data else ()


def ids_on(which: str) -> tuple[str, ...]:
    """The ids on this side's own newest list, in its order; the list is read once."""
    last = ListFile.objects.filter(which=which).order_by("-edition").values_list("pk", flat=True)
    return _ids(last[0]) if last else ()


@lru_cache(maxsize=2)
def _ids(number: int) -> tuple[str, ...]:
    edition = ListFile.objects.get(pk=number)
    if edition.indexed:
        said = Saying.objects.filter(edition=edition).order_by("row")
        return tuple(said.values_list("person__line_id", flat=True))
    return tuple(line.id for line in read_list(edition.name, bytes(edition.data)).lines)


def compare(edition: ListFile, today: date, lines: tuple[Line, ...] | None = None) -> None:
    """Count what an edition changes and what it is worth, and keep that beside it.

    ``lines`` are its own, where they were just read. Birth dates are held against the year.
    """
    if edition.compared.get("year") == today.year:
        return
    former = ListFile.objects.filter(which=edition.which, edition__lt=edition.edition)
    latter = _lines_of(edition) if lines is None else lines
    change = compare_editions(_lines_of(former.order_by("-edition").first()), latter)
    worth = audit(latter, today=today)
    edition.compared = {
        "year": today.year,
        # pairs: a database may forget the order of an object
        "counts": [
            ("new", len(change.added)),
            ("changed", len(change.changed)),
            ("renumbered", len(change.renumbered)),
            ("same", change.same - len(change.renumbered)),
            ("gone", len(change.gone)),
        ],
        "changed": sorted(change.changed.items()),
        "new": change.added[:_SHOWN],
        "gone": change.gone[:_SHOWN],
        "renumbered": sorted(change.renumbered.items())[:_SHOWN],
        "worth": [(re.sub(r"\W+", "-", name), n) for name, n in worth.items()],
    }
    edition.save(update_fields=["compared"])


def _lines_of(edition: ListFile | None) -> tuple[Line, ...]:
    return read_list(edition.name, bytes(edition.data)).lines if edition else ()


def comparison(number: int, today: date) -> dict[str, Any] | None:
    """What was counted of an edition this year; None while nothing is."""
    kept: dict[str, Any] = ListFile.objects.values_list("compared", flat=True).get(pk=number)
    return kept if kept.get("year") == today.year else None


def last_comparison(number: int) -> Job | None:
    """The comparison of an edition at work, or the one before it; None after a restart."""
    job = jobs.last("edition")
    return job if job is not None and job.about == number else None


def start_comparing(number: int, today: date) -> Job:
    """Count it beside the pages; one comparison at a time."""
    return jobs.start("edition", partial(_in_child, number, today), number)


def _in_child(number: int, today: date, job: Job) -> None:
    def tell(seconds: float) -> None:
        job.done = int(seconds)

    what = {"step": "compare", "edition": number, "today": today.isoformat()}
    asked = json.dumps({**what, "office": os.getpid()})
    with KEEPING:  # whoever has just taken the list in counts it as well
        if comparison(number, today) is not None:
            return
        told = jobs.in_child("homeward.office.importer", asked.encode(), limit=LONGEST, tell=tell)
        job.problems += [Problem(**problem) for problem in json.loads(told)]
