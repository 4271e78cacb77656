"""Visits every state of a small model."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Found:
    """A search's end: how many states there were, and the shortest schedule that breaks it."""

    states: int
    broken: str = ""
    schedule: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.states} states, {self.broken or 'every promise kept'}"]
            + [f"  {n}. {line}" for n, line in enumerate(self.schedule, 1)]
        )


def explore(model: Any, most: int = 600_000) -> Found:
    """Visit every state that a model can reach, nearest first; stop where a promise is broken.

    ``moves(state)`` yields (what happens, next state); ``broken(state)`` says which promise is
    broken; ``unfinished(state)``, where a model has it, what is open when nothing can happen.
    """
    with _no_collector():
        return _search(model, most)


@contextmanager
def _no_collector() -> Iterator[None]:
    """States are only ever added, so looking for dead ones would be most of a search's time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _search(model: Any, most: int) -> Found:
    start = model.start()
    came: dict[Any, tuple[Any, str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        state = waiting.popleft()
        broken = model.broken(state)
        ended = True
        for what, after in () if broken else model.moves(state):
            ended = False
            if after not in came:
                came[after] = (state, what)
                waiting.append(after)
        if ended and not broken and hasattr(model, "unfinished"):
            broken = model.unfinished(state)
        if broken:
            return Found(len(came), broken, _schedule(came, state))
        assert len(came) <= most, f"more than {most} states"
    return Found(len(came))


def _schedule(came: dict[Any, tuple[Any, str] | None], state: Any) -> tuple[str, ...]:
    lines = []
    step = came[state]
    while step is not None:
        state, what = step
        lines.append(what)
        step = came[state]
    return tuple(reversed(lines))
