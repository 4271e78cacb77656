"""Work beside the pages: a thread for each, at most one of a name; what counts long is a child.

The desk stays free meanwhile. A job that is cut leaves nothing half kept, and may be started again.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

from django.db import close_old_connections

from homeward.office.faults import note_fault
from homeward.problem import Problem, Refused

_TICK = 0.5  # seconds between two looks at a child
Told = Callable[[float], None]


@dataclass(slots=True)
class Job:
    """Something at work: how far it is, what it is about, and what went wrong."""

    about: int = 0
    stage: str = ""
    done: int = 0
    total: int = 0
    running: bool = True
    problems: list[Problem] = field(default_factory=list)
    found: Any = None  # what it came to, where nothing is kept of it


_ONE = threading.Lock()
_last: dict[str, Job] = {}


def last(name: str) -> Job | None:
    """The job of that name at work, or the one before it; None after a restart."""
    return _last.get(name)


def start(name: str, work: Callable[[Job], None], about: int = 0) -> Job:
    """Start a job in a thread of its own; while one of that name runs, that one is returned."""
    with _ONE:
        held = _last.get(name)
        if held is not None and held.running:
            return held
        _last[name] = job = Job(about)
    threading.Thread(target=_run, args=(name, job, work), name=name, daemon=True).start()
    return job


def _run(name: str, job: Job, work: Callable[[Job], None]) -> None:
    try:
        work(job)
    except Refused as refused:
        job.problems += refused.problems
    except Exception as error:
        job.problems.append(note_fault(error, name))
    finally:
        job.running = False
        close_old_connections()


def _feed(pipe: IO[bytes], data: bytes) -> None:
    with suppress(BrokenPipeError), pipe:  # a child that ended early has said why
        pipe.write(data)


def in_child(module: str, data: bytes, *, limit: float, tell: Told = lambda _: None) -> bytes:
    """What a module of this house, run as a program, answers to ``data``; all goes through pipes.

    ``tell`` hears the seconds that have passed. Raises Refused after ``limit`` seconds: the child
    is ended then, and nothing of it is kept.
    """
    began = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        # communicate() would write nothing more after its first timeout
        threading.Thread(target=_feed, args=(child.stdin, data), daemon=True).start()
        child.stdin = None
        while (passed := time.monotonic() - began) < limit:
            tell(passed)
            try:
                answer, _ = child.communicate(timeout=min(_TICK, limit - passed))
            except subprocess.TimeoutExpired:
                continue
            if child.returncode:
                raise subprocess.CalledProcessError(child.returncode, module)
            return bytes(answer)
        child.kill()
    hint = "take fewer persons or stages at a time, or ask again when the machine is free"
    expected = f"an answer within {limit:.0f} seconds"
    raise Refused([Problem("office.took-too-long", module.rpartition(".")[2], "", expected, hint)])
