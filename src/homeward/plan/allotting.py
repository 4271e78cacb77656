"""Which duty each person counts against: as many as possible find one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

#: Heads by the duties they may count against.
Supply = Mapping[tuple[int, ...], int]


def allot(
    supply: Supply, lows: Sequence[int], highs: Sequence[int]
) -> tuple[dict[tuple[tuple[int, ...], int], int], dict[tuple[int, ...], int]]:
    """Heads by (where they may count, where they do), and heads that found no room.

    What must be filled is filled first, so nobody is wasted on a duty that needs none.
    """
    amount: dict[tuple[tuple[int, ...], int], int] = {}
    left = {under: heads for under, heads in sorted(supply.items()) if heads}
    used = [0] * len(lows)
    for room in (lows, highs):
        for under in sorted(left):
            while left[under]:
                path = _path(under, amount, used, room)
                if path is None:
                    break
                left[under] -= _push(path, left[under], amount, used, room)
    return amount, {under: heads for under, heads in left.items() if heads}


Step = tuple[tuple[int, ...], int]


def _path(
    start: tuple[int, ...], amount: Mapping[Step, int], used: Sequence[int], room: Sequence[int]
) -> list[Step] | None:
    """(group, duty) moves to a duty with room; every group but the first leaves the one before."""
    came: dict[int, tuple[tuple[int, ...], int | None]] = {}
    queue: list[int] = []
    for duty in start:
        came[duty] = (start, None)
        queue.append(duty)
    for duty in queue:
        if used[duty] < room[duty]:
            path = []
            at: int | None = duty
            while at is not None:
                group, before = came[at]
                path.append((group, at))
                at = before
            return path[::-1]
        for group, there in sorted(amount):
            if there == duty and amount[group, there]:
                for other in group:
                    if other not in came:
                        came[other] = (group, duty)
                        queue.append(other)
    return None


def _push(
    path: list[Step],
    wanted: int,
    amount: dict[Step, int],
    used: list[int],
    room: Sequence[int],
) -> int:
    last = path[-1][1]
    heads = min(wanted, room[last] - used[last])
    for (_, duty), (group, _) in pairwise(path):
        heads = min(heads, amount[group, duty])
    for number, (group, duty) in enumerate(path):
        amount[group, duty] = amount.get((group, duty), 0) + heads
        if number:
            amount[group, path[number - 1][1]] -= heads
    used[last] += heads
    return heads
