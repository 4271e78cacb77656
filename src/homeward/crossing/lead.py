"""How far a side is ahead: its people out, minus those it signed for, minus those it gave up.

Everything here is read from that side's own acts alone, so anyone who holds its log can check it.
Persons beside the balance and extras count neither up nor down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from homeward.crossing.acts import (
    RECEIVER_KINDS,
    Act,
    Signed,
    acts_of,
    inside,
    order_of,
    withdraws,
)
from homeward.crossing.sightings import Sightings

_RAISING = frozenset({"release-ordered", "released"})
_LOWERING = frozenset({"received", "conceded"})
_WEIGHED = _RAISING | _LOWERING | {"not-released", "not-received"}


def is_out(words: Sequence[Act], precedes: Callable[[Act, Act], bool]) -> bool:
    """Whether a holder's own standing words about one person leave that person out.

    An order counts from the moment it is signed. It is taken back only by a ``not-released`` that
    surely came after it (``precedes``); where the two cross, or both words stand, the person
    counts as out.
    """
    kinds = {act.kind for act in words}
    if not kinds & _RAISING:
        return False
    if "released" in kinds or "not-released" not in kinds:
        return True
    backs = [act for act in words if act.kind == "not-released"]
    orders = [act for act in words if act.kind == "release-ordered"]
    return not all(any(precedes(order, back) for back in backs) for order in orders)


def holds(words: Sequence[Act]) -> bool:
    """Whether a receiver's own standing words are that it holds the person; yes and no is no."""
    kinds = {act.kind for act in words}
    return "received" in kinds and "not-received" not in kinds


def _given_up(words: Sequence[Act]) -> bool:
    return any(act.kind == "conceded" for act in words) and not holds(words)


@dataclass(frozen=True, slots=True)
class Tally:
    """One side's lead, read from its own log.

    ``largest`` is the most it ever was, over that log in its order; ``conceded`` counts persons
    given up and not received since; ``by_step`` is the net number of each step; all in heads.
    """

    side: str
    lead: int
    largest: int
    conceded: int
    by_step: Mapping[int, int]


def tally(entries: Iterable[Signed | Act], side: str) -> Tally:
    """Follow one side's own log (all its writers) and keep count of its net lead."""
    own = own_order(acts_of(entries), side)
    count = _Count(own)
    largest = 0
    for act in own:
        if count.take(act) and count.lead > largest:
            largest = count.lead
    given_up = sum(_given_up(_last(logs)) for logs in count.people.values())
    by_step = dict(sorted(count.by_step.items()))
    return Tally(side, count.lead, largest, given_up, by_step)


# One side's standing words about one person, by kind, writer and epoch, each in log order.
_Logs = dict[tuple[str, str, int], list[Act]]


class _Count:
    def __init__(self, own: Sequence[Act]) -> None:
        self._precedes = Sightings(own).precedes
        self.lead = 0
        self.by_step: dict[int, int] = defaultdict(int)
        self.people: dict[str, _Logs] = {}
        self._closings: dict[int, list[Act]] = defaultdict(list)
        self._weights: dict[str | int, int] = {}
        self._counted: dict[str, Act] = {}
        self._naming: dict[str, list[Act]] = {}

    def take(self, act: Act) -> bool:
        """Count one act; says whether it could have changed the lead."""
        changed = act.kind == "correction"
        if act.prior is not None:
            self._naming.setdefault(act.prior, []).append(act)
            target = self._counted.get(act.prior)
            if target is not None and withdraws(act, target):
                del self._counted[target.hash]
                self._weigh(target, add=False)
                changed = True
        if not _is_weighed(act):
            return changed
        if any(withdraws(later, act) for later in self._naming.get(act.hash, ())):
            return changed
        self._counted[act.hash] = act
        self._weigh(act, add=True)
        return True

    def _weigh(self, act: Act, *, add: bool) -> None:
        step = act.step or 0
        about: str | int
        if act.kind == "step-closed":
            about, closings = step, self._closings[step]
            _put(closings, act, add=add)
            weight = -max(map(_surplus, closings), default=0)
        else:
            about = act.handle or ""
            logs = self.people.setdefault(about, {})
            _put(logs.setdefault((act.kind, act.writer, act.epoch), []), act, add=add)
            weight = self._weight(_last(logs))
        difference = weight - self._weights.get(about, 0)
        self._weights[about] = weight
        self.lead += difference
        self.by_step[step] += difference

    def _weight(self, words: Sequence[Act]) -> int:
        return int(is_out(words, self._precedes)) - int(holds(words) or _given_up(words))


def _put(words: list[Act], act: Act, *, add: bool) -> None:
    if add:
        words.append(act)
    else:
        words.remove(act)


def _last(logs: _Logs) -> list[Act]:
    """The last word of each kind in each log: it says all that the earlier ones do."""
    return [words[-1] for words in logs.values() if words]


def _is_weighed(act: Act) -> bool:
    if act.kind == "step-closed":
        return True
    if act.kind not in _WEIGHED or not act.handle:
        return False
    if act.author != (act.to if act.kind in RECEIVER_KINDS else act.sender):
        return False
    # A word that says no is weighed whatever class it names: it can only answer a word that counts.
    return inside(act) or act.kind not in (_RAISING | _LOWERING)


def _surplus(closing: Act) -> int:
    """What an unequal sheet (keys, scales) leaves: agreed, so no lead once the step is closed."""
    side = closing.author
    return max(0, closing.sum(f"{side}.out") - closing.sum(f"{side}.in"))


def own_order(acts: Iterable[Act], side: str) -> list[Act]:
    """One side's acts in the order it signed them.

    Several writers are merged by what each says it had seen; where nothing tells, acts that
    raise the lead come first, so that the largest lead is not understated by the merge.
    """
    own = sorted((act for act in acts if act.author == side), key=order_of)
    queues = [list(log) for _, log in groupby(own, key=attrgetter("writer"))]
    return own if len(queues) < 2 else _merge(queues)


def _merge(queues: list[list[Act]]) -> list[Act]:
    home = {act.log: index for index, queue in enumerate(queues) for act in queue}
    slots = [[(act.epoch, act.seq) for act in queue] for queue in queues]
    done = [0] * len(queues)
    merged: list[Act] = []

    def is_free(act: Act) -> bool:
        for log, size in act.seen:
            index = home.get(log)
            if index is not None and index != home[act.log]:
                epoch = int(log.rpartition(".")[2])
                if done[index] < bisect_left(slots[index], (epoch, size)):
                    return False
        return True

    while any(done[i] < len(queue) for i, queue in enumerate(queues)):
        heads = [(i, queue[done[i]]) for i, queue in enumerate(queues) if done[i] < len(queue)]
        free = [(i, act) for i, act in heads if is_free(act)] or heads
        index, act = min(free, key=lambda head: (head[1].kind not in _RAISING, head[0]))
        merged.append(act)
        done[index] += 1
    return merged


def leads(entries: Iterable[Signed | Act], side: str) -> list[tuple[Act, int]]:
    """(act, net lead after it) for each of a side's own acts that could change it: for drawing."""
    own = own_order(acts_of(entries), side)
    count = _Count(own)
    return [(act, count.lead) for act in own if count.take(act)]
