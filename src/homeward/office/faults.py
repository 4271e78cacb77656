"""Faults nobody expected: where they happened is kept, what was in the request never is."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime

from django.conf import settings

from homeward.problem import Problem

_MOST = 2**20


def note_fault(error: BaseException, where: str) -> Problem:
    """Write one line to ``faults.log``: the instant, the kind of fault, and the line of code.

    The message of an error may quote a name, so it is left out. Returns the problem to answer with.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "homeward" in frame.filename] or frames
    at = f"{own[-1].filename.rpartition('/')[2]}:{own[-1].lineno}" if own else "?"
    line = (
        f"{datetime.now(UTC).isoformat()} office.unexpected {type(error).__name__} {at} {where}\n"
    )
    path = settings.FOLDER / "faults.log"
    if not path.is_file() or path.stat().st_size < _MOST:
        with path.open("a", encoding="ascii", errors="replace") as log:
            log.write(line)
    return Problem(
        "office.unexpected",
        where,
        type(error).__name__,
        hint="nothing was signed by this request unless the record shows it; see faults.log",
    )
