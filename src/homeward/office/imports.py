"""A list on its way in: a file, its columns, a check; then whole or not at all."""

from __future__ import annotations

import json
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import close_old_connections

from homeward.office.editions import KEEPING, keep_edition, own_lines
from homeward.office.editions import compare as compare_edition
from homeward.office.faults import note_fault
from homeward.office.indexing import bring_up_to_date, left_to_a_child
from homeward.office.jobs import in_child
from homeward.office.models import ListFile
from homeward.office.namekeys import Maker, beside, here
from homeward.office.personmodels import Upload
from homeward.people import Line, ListRead, read_list
from homeward.people.cells import Row
from homeward.people.grids import grid
from homeward.people.reading import write_lines
from homeward.people.tables import column_of
from homeward.people.workbook import problem_workbook
from homeward.problem import Problem, Refused, errors

LARGEST = 64 * 1024 * 1024
LONGEST = 3600.0  # seconds after which an import is given up
_SHOWN_PROBLEMS = 500
_LONG = 512 * 1024  # bytes from which a process that makes keys is worth its start
_REMEMBERED = 100  # imports among which the same headers are looked for
_LOOKED_AT = 60  # rows with what stands above the header, for a column's first values
STATUSES = ("new", "changed", "unchanged", "refused")
_running: set[int] = set()


def take_in(which: str, name: str, data: bytes, account: str, now: datetime) -> Upload:
    """Keep a file that was handed in; nothing of it counts yet. Raises Refused for no list."""
    if which not in ("held", "sought"):
        raise Refused([Problem("office.list-unknown", "which", which[:10], "held or sought")])
    if not data or len(data) > LARGEST:
        expected = f"1 byte to {LARGEST >> 20} MiB"
        raise Refused([Problem("office.file-size", "file", str(len(data)), expected)])
    return Upload.objects.create(
        which=which, name=_plain_name(name), data=data, account=account, at=now
    )


def _plain_name(name: str) -> str:
    """Only the ending of the file's name: a name may be a person's."""
    ending = name.rpartition(".")[2].lower()
    return f"list.{ending}" if ending.isalnum() and len(ending) <= 5 else "list.csv"


def read(upload: Upload, first: int | None = None) -> ListRead:
    """The file as it would be read with the columns chosen so far, or its first rows."""
    return read_list(upload.name, bytes(upload.data), mapping=upload.mapping, first=first)


def headers(upload: Upload) -> list[dict[str, Any]]:
    """Each column of the file: its header, what it is taken for, and its first three values."""
    found = read(upload, _LOOKED_AT)
    table = found.table or _as_it_stands(upload)
    if not table:
        return []
    (_, first), *body = table
    words = list(map(str, first))
    chosen = upload.mapping or _chosen_before(upload.which, words)
    rows = []
    for at, header in enumerate(words):
        values = [str(cells[at]) for _, cells in body if at < len(cells) and cells[at]]
        taken = chosen.get(header, found.mapping.get(header) or column_of(header) or "")
        rows.append({"header": header, "taken": taken, "values": values[:3]})
    return rows


def unnamed(upload: Upload) -> Sequence[Problem]:
    """What is wrong with a file that cannot be read, or none of whose headers is known."""
    found = read(upload, _LOOKED_AT)
    return () if found.table else found.problems


def _as_it_stands(upload: Upload) -> Sequence[Row]:
    """The rows of a table none of whose headers is known: somebody has to say what they mean."""
    try:
        rows = grid(upload.name, bytes(upload.data))[:_LOOKED_AT]
    except Refused:
        return ()
    starts = (at for at, (_, cells) in enumerate(rows) if sum(map(bool, cells)) > 1)
    return rows[next(starts, len(rows)) :]


def _chosen_before(which: str, headers: Sequence[str]) -> Mapping[str, str]:
    """What an officer took the same headers for when such a list last came in."""
    known = {header for header in headers if header}
    former = Upload.objects.filter(which=which, state="kept").order_by("-pk")
    mappings = former.values_list("mapping", flat=True)[:_REMEMBERED]
    return next((mapping for mapping in mappings if mapping.keys() == known), {})


def choose_columns(upload: Upload, mapping: Mapping[str, str]) -> None:
    """Keep which header means which column; the check starts anew."""
    upload.mapping = dict(mapping)
    upload.state, upload.found, upload.stage = "new", {}, ""
    upload.save(update_fields=["mapping", "state", "found", "stage"])


def start_check(upload: Upload) -> None:
    """Read the whole file beside the pages; its progress is kept in the upload."""
    _start(upload, {"step": "check"})


def start_keeping(upload: Upload, officer: str, now: datetime) -> None:
    """Make the checked file this office's newest edition, then let search know it."""
    _start(upload, {"step": "keep", "officer": officer, "at": now.isoformat()})


def _start(upload: Upload, what: Mapping[str, str]) -> None:
    key = int(upload.pk)
    if key in _running:
        return
    _running.add(key)
    Upload.objects.filter(pk=key).update(state="checking")

    def run() -> None:
        try:
            with _keeping_alone() if what["step"] == "keep" else nullcontext():
                asked = json.dumps({**what, "upload": key, "office": os.getpid()}).encode()
                problems = json.loads(in_child("homeward.office.importer", asked, limit=LONGEST))
        except Refused as refused:
            problems = [problem.to_json() for problem in refused.problems]
        except Exception as error:
            problems = [note_fault(error, "import").to_json()]
        if problems:
            _write(upload, state="failed", found={"problems": _first(problems)})
        _running.discard(key)
        close_old_connections()

    threading.Thread(target=run, name=f"import {key}", daemon=True).start()


@contextmanager
def _keeping_alone() -> Iterator[None]:
    """One list at a time becomes the newest edition, and nobody indexes beside it."""
    with KEEPING, left_to_a_child():
        yield


def is_running(upload: Upload) -> bool:
    """Whether a job of this process is at work on it; after a restart none is.

    A list that was kept is in: what its edition changes is counted for nobody who waits here.
    """
    return int(upload.pk) in _running and upload.state != "kept"


def _write(upload: Upload, **fields: Any) -> None:
    Upload.objects.filter(pk=upload.pk).update(**fields)


def check(upload: Upload) -> None:
    """Read the whole file and say, row by row, what it would change."""
    _write(upload, stage="reading", done=0, total=0)
    found = read(upload)
    _write(upload, stage="comparing", total=found.rows)
    counts, gone = compare(own_lines(upload.which), found)
    by_code = Counter((problem.level, problem.code) for problem in found.problems)
    document = {
        "rows": found.rows,
        "counts": list(counts.items()),  # a database may forget the order of an object
        "gone": gone,
        "codes": [[level, code, n] for (level, code), n in sorted(by_code.items())],
        "problems": _first(problem.to_json() for problem in found.problems),
    }
    _write(upload, state="checked", stage="", done=found.rows, found=document)


def _first(problems: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """The problems that a page shows, errors first; the workbook has them all."""
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(problems, key=lambda one: order[one["level"]])[:_SHOWN_PROBLEMS]


def compare(before: tuple[Line, ...], found: ListRead) -> tuple[dict[str, int], int]:
    """One status for every row, and how many of the last edition are not in this one.

    The counts add up to the rows of the file.
    """
    known = {line.id: line.cells() for line in before}
    status = Counter(
        "new"
        if line.id not in known
        else "unchanged"
        if known[line.id] == line.cells()
        else "changed"
        for line in found.lines
    )
    status["refused"] = found.rows - len(found.lines)
    gone = len(set(known) - {line.id for line in found.lines})
    return {name: status[name] for name in STATUSES}, gone


def keep(upload: Upload, officer: str, now: datetime) -> None:
    """Make the file the newest edition, whole or not at all; then index it, batch by batch."""
    _write(upload, stage="keeping")
    with beside() if len(upload.data) > _LONG else nullcontext(here) as make:
        edition, lines = _keep(upload, officer, now, make)
    _write(upload, state="kept", stage="")
    try:
        bring_up_to_date()
        compare_edition(edition, now.date(), lines)
    except Exception as error:  # the list is in: its pages will ask for the rest again
        note_fault(error, "edition")


def _keep(
    upload: Upload, officer: str, now: datetime, make: Maker
) -> tuple[ListFile, tuple[Line, ...]]:
    found = read(upload)
    if errors(found.problems):
        raise Refused(errors(found.problems))
    edition = keep_edition(upload.which, write_lines(found.lines).encode(), now, officer)
    _write(upload, stage="indexing", done=0, total=len(found.lines))
    # what was just written need not be read again; its rows are counted as in the edition
    lines = tuple(replace(line, row=row) for row, line in enumerate(found.lines, 2))
    read_now = {int(edition.pk): lines}

    def tell(done: int, total: int) -> None:
        _write(upload, done=done, total=total)

    bring_up_to_date(read_now, tell, make, which=upload.which)
    return edition, lines


def workbook(upload: Upload) -> bytes:
    """The file back as a workbook, a comment on every cell that has a problem."""
    return problem_workbook(read(upload))
