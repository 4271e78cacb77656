"""Steps where three or more sides need not come out even in a stage: nobody too far ahead.

What a side has given and not yet been answered for counts with what it lets go next. So who is
ahead waits until others have given, and the directions of a stage advance by turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, MutableMapping, Sequence

from homeward.plan.steps import NoSteps, Party, StepSet, Way, steps_of

Queues = Mapping[Way, Sequence[Party]]


def keeps(steps: Sequence[StepSet], step: int, ahead: Mapping[str, int]) -> bool:
    """Whether with what is unanswered no side of ``ahead`` ever has more than a step out."""
    lead = dict(ahead)
    for taken in steps:
        out = _out(taken)
        if any(max(lead.get(side, 0), 0) + heads > step for side, heads in out.items()):
            return False
        move(lead, taken)
    return True


def move(ahead: MutableMapping[str, int], taken: StepSet) -> None:
    """Let the sides of ``ahead`` be as far ahead as they are after a step."""
    for (sender, to), parties in taken.items():
        heads = sum(party.heads for party in parties)
        for side, change in ((sender, heads), (to, -heads)):
            if side in ahead:
                ahead[side] += change


def by_turns(
    waiting: Queues, step: int | None, order: Sequence[str], ahead: Mapping[str, int] | None
) -> list[StepSet]:
    """The steps of one stage of three or more sides; raises NoSteps.

    ``ahead``: heads by which sides with a bound are ahead before it (None: no side has one). Equal
    shares of all directions where those keep the bound; else each direction goes as far as its
    sender may, the one that lags most first, or else the one whose sender is furthest behind its
    receiver.
    """
    if step is None or ahead is None:
        return steps_of(waiting, step, order)
    try:
        found = steps_of(waiting, step, order)
        if keeps(found, step, ahead):
            return found
    except NoSteps:
        pass
    place = {category: number for number, category in enumerate(order)}
    queues = {
        way: sorted(parties, key=lambda one: (place.get(one.category, len(place)), one.rank))
        for way, parties in sorted(waiting.items())
        if parties
    }
    try:
        return _rounds(queues, step, ahead, by_lead=False)
    except NoSteps:
        return _rounds(queues, step, ahead, by_lead=True)


def _rounds(queues: Queues, step: int, ahead: Mapping[str, int], *, by_lead: bool) -> list[StepSet]:
    total = {way: sum(party.heads for party in queue) for way, queue in queues.items()}
    place = dict.fromkeys(queues, 0)
    gone: Counter[Way] = Counter()
    lead = dict(ahead)

    def turn(way: Way) -> tuple[float, float, Way]:
        share = (2 * gone[way] + 1) / (2 * total[way])
        return (lead.get(way[0], 0) - lead.get(way[1], 0) if by_lead else 0, share, way)

    found: list[StepSet] = []
    while any(place[way] < len(queue) for way, queue in queues.items()):
        taken = _one(queues, place, gone, lead, step, turn)
        if not taken:
            waiting = [
                (way, queue[place[way]]) for way, queue in queues.items() if queue[place[way] :]
            ]
            way, party = max(waiting, key=lambda one: (one[1].heads, one[0]))
            raise NoSteps(way, party.heads, party.handles)
        found.append(taken)
        move(lead, taken)
    return found


def _one(
    queues: Queues,
    place: dict[Way, int],
    gone: Counter[Way],
    lead: Mapping[str, int],
    step: int,
    turn: Callable[[Way], tuple[float, float, Way]],
) -> StepSet:
    """One step: the next of the direction whose turn it is, until nobody more may go."""
    room = {side: step - max(lead.get(side, 0), 0) for side, _ in queues}
    taken: dict[Way, list[Party]] = {}
    open_ = {way for way, queue in queues.items() if place[way] < len(queue)}
    while open_:
        way = min(open_, key=turn)
        party = queues[way][place[way]]
        if party.heads > room[way[0]]:
            open_.discard(way)
            continue
        room[way[0]] -= party.heads
        place[way] += 1
        gone[way] += party.heads
        taken.setdefault(way, []).append(party)
        if place[way] == len(queues[way]):
            open_.discard(way)
    return {way: tuple(parties) for way, parties in sorted(taken.items())}


def _out(taken: StepSet) -> Counter[str]:
    out: Counter[str] = Counter()
    for (sender, _), parties in taken.items():
        out[sender] += sum(party.heads for party in parties)
    return out
