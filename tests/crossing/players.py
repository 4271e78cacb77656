"""What honest desks, liars and the network do on a bad day: one act each time they are asked."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from homeward.crossing import Closing, Turn
from homeward.problem import Refused
from homeward.terms.kernel import Kind, Transfer
from tests.crossing.copies import NEUTRAL
from tests.crossing.days import DIGEST, GATE, Day, Desk, draft

ASIDES = ("keep", "go", "go", "extra", "late", "suspend", "resume", "overlook")
NOISE = (
    "step-ready",
    "release-ordered",
    "released",
    "not-released",
    "received",
    "not-received",
    "conceded",
    "unreceipted-accepted",
    "correction",
)


def play(day: Day, moves: int) -> None:
    """That many things happen; after each, every promise to the honest is checked."""
    for _ in range(moves):
        desk = day.desks[day.choose(len(day.desks))]
        what = day.choose(20)
        if what < 11:
            act(day, desk)
        elif what < (15 if day.setting.frail else 18):
            network(day, desk)
        else:
            trouble(day, desk)


def act(day: Day, desk: Desk) -> None:
    """One desk does something: the honest what rule R and the truth allow, others anything."""
    for _ in range(1 + day.choose(3)):
        if desk.party.honest:
            _honest(day, desk)
        elif not desk.party.left:
            with suppress(Refused):  # a store will not sign on where its own fork is proved
                _liar(day, desk)
    day.check(desk.name)


# -- honest ----------------------------------------------------------------------------------------


def _honest(day: Day, desk: Desk) -> None:
    if not _confirmed(desk) and not day.choose(12 if day.setting.frail else 3):
        confirm(day, desk)
    _tempted(day, desk)
    what = day.choose(8)
    if what < 3:
        _order_whom_it_may(day, desk)
    elif what == 3:
        _aside(day, desk, ASIDES[day.choose(len(ASIDES))])
    else:
        turns = desk.crossing.next_acts(desk.name)
        if turns:
            take_turn(day, desk, turns[day.choose(len(turns))])


def _tempted(day: Day, desk: Desk) -> None:
    """What only the rule stands against: a hasty crew, and an office in haste to close."""
    if not day.choose(2):
        says = desk.crossing.ledger.says
        own = [t for t in day.transfers.values() if desk.holds_for(t) and _is_ordered(desk, t)]
        kept = [t for t in own if says(t.handle, desk.name, "not-released")]
        _crew_lets_go(day, desk, kept if _confirmed(desk) else own)
    if desk.writer == "office" and not day.choose(3):
        for step in day.steps:
            if not desk.crossing.has_closed(desk.name, step.number):
                _for_the_step(day, desk, Turn("step-closed", step.number))
                return


def _order_whom_it_may(day: Day, desk: Desk) -> None:
    """As many as the rule lets go, whether or not it is their turn."""
    for t in day.transfers.values():
        if t.sender == desk.name and not desk.crossing.may_order(desk.name, t.handle, desk.writer):
            day.order(desk, t)


def take_turn(day: Day, desk: Desk, turn: Turn) -> None:
    """One of the acts that a turn offers, if it is this desk's to do and true."""
    if turn.kind in ("step-ready", "step-closed"):
        if desk.writer == "office":
            _for_the_step(day, desk, turn)
        return
    for handle in turn.handles if day.choose(2) else turn.handles[:1]:
        about_person(day, desk, turn.kind, day.transfers[handle])


def _for_the_step(day: Day, desk: Desk, turn: Turn) -> None:
    if turn.kind == "step-ready":
        desk.sign("step-ready", stage=1, step=turn.step, digest=DIGEST)
        return
    closing = desk.crossing.closing(desk.name, turn.step)
    if isinstance(closing, Closing) and not desk.crossing.may_close(desk.name, turn.step):
        sums = dict(closing.sums)
        desk.sign("step-closed", stage=1, step=turn.step, sums=sums, prior=closing.prior)
        if desk.name in day.setting.devices:  # they act on it too, and need not know of a restore
            day.tell_neutral(desk)


def about_person(day: Day, desk: Desk, kind: str, t: Transfer) -> None:
    """One person is ordered, let go or kept, received or missed, given up or accepted."""
    crossing, mine = desk.crossing, desk.holds_for(t)
    if kind == "release-ordered" and mine:
        if not crossing.may_order(desk.name, t.handle, desk.writer):
            day.order(desk, t)
    elif kind == "released" and mine:
        _see_off(day, desk, t)
    elif kind == "received" and desk.writer == "office":
        _await(day, desk, t)
    elif kind == "conceded" and desk.writer == "office" and not day.choose(2):
        if not crossing.may_concede(desk.name, t.handle):
            desk.sign(kind, t)
            day.happened["a person given up"] += 1
    elif (
        kind == "unreceipted-accepted"
        and desk.writer == "office"
        and not day.choose(3)
        and not crossing.may_accept_unreceipted(desk.name, t.handle)
    ):
        desk.sign(kind, t)
        day.happened["accepted without a receipt"] += 1


def _see_off(day: Day, desk: Desk, t: Transfer) -> None:
    if t.handle in desk.party.gone:
        if not desk.crossing.ledger.says(t.handle, desk.name, "released"):
            desk.sign("released", t)
    elif day.choose(5) and not desk.crossing.may_leave(desk.name, t.handle):
        desk.party.gone.add(t.handle)
        if not day.choose(12):
            day.lost.add(t.handle)
            day.happened["lost on the way"] += 1
        if day.choose(8):  # else the crew's word comes later
            desk.sign("released", t)
    else:
        prior = desk.crossing.prior_for(desk.name, t.handle, "not-released")
        desk.sign("not-released", t, prior=prior)
        day.happened["a person kept"] += 1


def _is_ordered(desk: Desk, t: Transfer) -> bool:
    return desk.crossing.ledger.says(t.handle, desk.name, "release-ordered")


def _crew_lets_go(day: Day, desk: Desk, ordered: list[Transfer]) -> None:
    """A crew with orders in hand asks only whether these people may leave."""
    for t in ordered:
        if t.handle not in desk.party.gone and not desk.crossing.may_leave(desk.name, t.handle):
            desk.party.gone.add(t.handle)
            desk.sign("released", t)


def _came(day: Day, t: Transfer) -> bool:
    return t.handle in day.parties[t.sender].gone and t.handle not in day.lost


def _await(day: Day, desk: Desk, t: Transfer) -> None:
    kind = "received" if _came(day, t) else "not-received"
    if not desk.crossing.ledger.says(t.handle, desk.name, kind):
        desk.sign(kind, t, prior=desk.crossing.prior_for(desk.name, t.handle, kind))


def _aside(day: Day, desk: Desk, what: str) -> None:
    """Things an honest side may do out of turn."""
    own = [t for t in day.transfers.values() if desk.holds_for(t)]
    due = [t for t in day.transfers.values() if t.to == desk.name]
    if what == "keep" and own:
        t = own[day.choose(len(own))]
        said = desk.crossing.ledger.says(t.handle, desk.name, "not-released")
        if t.handle not in desk.party.gone and not said:
            prior = desk.crossing.prior_for(desk.name, t.handle, "not-released")
            desk.sign("not-released", t, prior=prior)
            day.happened["a person kept"] += 1
    elif what == "go" and own:
        _crew_lets_go(day, desk, [t for t in own if _is_ordered(desk, t)])
    elif what == "extra" and due:
        t = due[day.choose(len(due))]
        extra = Kind("soldier", "living", "extra")
        handle = f"e{day.choose(9)}".ljust(32, "0")
        desk.sign("received", Transfer(handle, t.sender, t.to, extra, 1, t.step))
        day.happened["an extra person"] += 1
    elif what == "late" and due:
        late = [t for t in due if _came(day, t)]
        given = [t for t in late if desk.crossing.ledger.says(t.handle, desk.name, "conceded")]
        for t in given[:1]:
            if not desk.crossing.ledger.says(t.handle, desk.name, "received"):
                _await(day, desk, t)
                day.happened["a late act"] += 1
    elif desk.writer == "office":
        _pause(day, desk, what)


def _pause(day: Day, desk: Desk, what: str) -> None:
    if what == "suspend" and not day.choose(3):
        desk.sign("suspension")
        day.happened["suspension"] += 1
    elif what == "resume":
        for each in [e for e in desk.copy.entries() if e.kind == "suspension"]:
            if each.author == desk.name:
                desk.sign("resumption", prior=each.hash)
    elif what == "overlook" and not day.choose(2):
        for log in sorted(desk.copy.forks()):
            entry = next((e for e in desk.copy.entries() if e.log == log), None)
            if entry is not None and entry.author != desk.name:
                desk.sign("resumption", prior=entry.hash)


def confirm(day: Day, desk: Desk) -> None:
    """A restored writer's past is confirmed: by a neutral's full copy, or by two officers."""
    assert desk.opened is not None
    if day.setting.neutral and day.choose(2):
        day.deliver(day.neutral, desk.copy.parcel(NEUTRAL))
        day.neutral.sign("body-held", prior=desk.opened.hash)
        day.deliver(desk, day.neutral.copy.parcel(desk.name))
        day.happened["a restore confirmed by a copy"] += 1
        return
    ledger = desk.crossing.ledger
    for t in day.transfers.values():
        if not desk.holds_for(t):
            continue
        kind = "released" if t.handle in desk.party.gone else "not-released"
        again = kind == "not-released" or not ledger.says(t.handle, desk.name, kind)
        if again:
            prior = desk.crossing.prior_for(desk.name, t.handle, kind)
            desk.sign(kind, t, prior=prior)
    desk.sign("key-change", digest=DIGEST, prior=desk.opened.hash)
    day.happened["a restore confirmed by a count"] += 1


# -- liars -----------------------------------------------------------------------------------------


def _liar(day: Day, desk: Desk) -> None:
    party = desk.party
    ways = sorted(party.ways)
    way = ways[day.choose(len(ways))]
    turns = desk.crossing.next_acts(desk.name)
    if turns and day.choose(4):
        _play_along(day, desk, turns[day.choose(len(turns))])
    elif way == "walk away":
        party.left = not day.choose(6)
        day.happened[way] += party.left
    elif way == "sign twice":
        _sign_twice(day, desk)
    elif way == "lie in sums":
        _false_sums(day, desk)
    elif way == "close too soon":
        _close_too_soon(day, desk)
    elif way == "noise":
        _noise(day, desk)


def _play_along(day: Day, desk: Desk, turn: Turn) -> None:
    """Do what the turn offers, people and truth aside; receipts only where none are withheld."""
    if turn.kind in ("step-ready", "step-closed"):
        if desk.writer == "office":
            _for_the_step(day, desk, turn)
        return
    if turn.kind == "received" and "withhold receipts" in desk.party.ways:
        day.happened["withhold receipts"] += 1
        return
    t = day.transfers[turn.handles[day.choose(len(turn.handles))]]
    if turn.kind == "released" and day.choose(3):
        desk.party.gone.add(t.handle)
    desk.sign(turn.kind, t)


def _sign_twice(day: Day, desk: Desk) -> None:
    """Two histories: from here on each desk that asks is sent one of them."""
    if desk.twin is None:
        desk.twin = desk.copy.branch()
        day.happened["sign twice"] += 1
    t = _any(day)
    kind = "received" if t.to == desk.name else "not-released"
    day.signed(desk.twin.sign(draft(kind, t)))
    desk.sign("not-received" if t.to == desk.name else "released", t)


def _any(day: Day) -> Transfer:
    people = list(day.transfers.values())
    return people[day.choose(len(people))]


def _false_sums(day: Day, desk: Desk) -> None:
    step = day.steps[day.choose(len(day.steps))]
    sums = {f"{side}.received": day.choose(4) for side in sorted(step.sides())}
    sums["proposal"] = 1
    closing = desk.crossing.closing(desk.name, step.number)
    prior = closing.prior if isinstance(closing, Closing) else None
    desk.sign("step-closed", stage=1, step=step.number, sums=sums, prior=prior)
    day.happened["lie in sums"] += 1


def _close_too_soon(day: Day, desk: Desk) -> None:
    """Ready for everything, and done with every step before anybody moved."""
    for step in day.steps:
        if not desk.crossing.is_ready(desk.name, step.number):
            desk.sign("step-ready", stage=1, step=step.number, digest=DIGEST)
        elif not desk.crossing.has_closed(desk.name, step.number):
            closing = desk.crossing.closing(desk.name, step.number)
            if isinstance(closing, Closing):
                sums = dict(closing.sums)
                desk.sign("step-closed", stage=1, step=step.number, sums=sums, prior=closing.prior)
                day.happened["close too soon"] += 1
                return


def _noise(day: Day, desk: Desk) -> None:
    """Any act at all about anybody: other sides' people included."""
    kind, t = NOISE[day.choose(len(NOISE))], _any(day)
    held = list(desk.copy.entries())
    prior = held[day.choose(len(held))].hash if held and not day.choose(3) else None
    if kind == "step-ready":
        desk.sign(kind, stage=1, step=t.step, digest="56"[day.choose(2)] * 64)
    elif kind == "correction":
        if prior is not None:
            desk.sign(kind, prior=prior)
    else:
        desk.sign(kind, t, prior=prior)
    day.happened["noise"] += 1
    day.happened["speak of another's people"] += desk.name not in (t.sender, t.to)


# -- the network -----------------------------------------------------------------------------------


def network(day: Day, desk: Desk) -> None:
    """A package is made and delivered, delayed or lost; or an older one comes, or comes again."""
    if desk.party.left:
        return
    others = [d for d in day.desks if d is not desk]
    if day.setting.shelved:
        others = [d for d in others if d.name != desk.name]
    to = others[day.choose(len(others))]
    what = day.choose(10)
    if what < 7:
        day.deliver(to, _sent(day, desk, to))
    elif what == 7:
        day.happened["drop"] += 1
    elif what == 8 or not day.post:
        day.post.append((to, _sent(day, desk, to)))
        day.happened["delay"] += 1
    else:
        _older(day)


def _older(day: Day) -> None:
    place = day.choose(len(day.post))
    to, parcel = day.post[place]
    day.deliver(to, parcel)
    day.happened["reorder"] += place > 0
    if day.choose(2):
        day.post.pop(place)
    else:
        day.happened["repeat"] += 1


def _sent(day: Day, desk: Desk, to: Desk) -> Any:
    parcel = day.parcel(desk, to.name)
    ways = desk.party.ways
    if "forge the other's cell" in ways and not day.choose(3):
        t = _any(day)
        day.happened["forge the other's cell"] += 1
        kind = "received" if day.choose(2) else "released"
        victim = t.to if kind == "received" else t.sender
        if victim != desk.name:
            return desk.copy.forged(parcel, victim, draft(kind, t))
    if "replay another exchange" in ways and not day.choose(3):
        day.happened["replay another exchange"] += 1
        return desk.copy.replayed(parcel, draft("step-ready", stage=1, step=1, digest=DIGEST))
    if "send half" in ways and not day.choose(2):
        day.happened["send half"] += 1
        return desk.copy.cut(parcel, _kept_back(day, desk, parcel))
    if not day.choose(24):
        day.happened["spoil on the way"] += 1
        return desk.copy.spoiled(parcel, day.choose(4096)) if _has_any(desk) else parcel
    return parcel


def _kept_back(day: Day, desk: Desk, parcel: Any) -> list[int]:
    """Some of the logs; or all but the others' own, which they might have lost."""
    if day.setting.shelved or day.choose(2):
        return [n for n in range(9) if day.choose(2)]
    return [n for n, s in enumerate(parcel.sections) if s[0].startswith(f"{desk.name}.")]


def _has_any(desk: Desk) -> bool:
    return any(True for _ in desk.copy.entries())


def trouble(day: Day, desk: Desk) -> None:
    """A process dies; a disk dies, and the desk goes on from its backup."""
    what = day.choose(5)
    if what == 0 or not desk.party.honest:
        desk.crash()
        day.happened["crash"] += 1
    elif what == 1 or desk.backup is None:
        if _confirmed(desk):
            desk.backup = desk.copy.saved()
    else:
        desk.restore()
        day.happened["restore"] += 1
        day.happened["restore of a device"] += desk.writer == GATE
        day.check(desk.name)


def _confirmed(desk: Desk) -> bool:
    """A backup is only taken where nothing is in doubt: two at a time prove nothing more."""
    return desk.opened is None or not desk.crossing.is_unchecked(desk.name, desk.writer)


# -- a good end ------------------------------------------------------------------------------------


def finish(day: Day) -> None:
    """From here on everything arrives and nobody suspends; it must come to an end."""
    for _ in range(60):
        for desk in day.desks:
            _settle(day, desk)
            day.check(desk.name)
        for desk in day.desks:
            for other in day.desks:
                if other is not desk and not (day.setting.shelved and other.name == desk.name):
                    day.deliver(desk, other.copy.parcel(desk.name))
        if all(d.crossing.agreed_closing(s.number) for d in day.desks for s in day.steps):
            day.happened["finished"] += 1
            return
    raise AssertionError("stuck")


def _settle(day: Day, desk: Desk) -> None:
    if not _confirmed(desk):
        confirm(day, desk)
    if desk.writer == "office" and desk.crossing.is_suspended(desk.name):
        _pause(day, desk, "resume")
    _straighten(day, desk)
    for turn in desk.crossing.next_acts(desk.name):
        if turn.kind in ("step-ready", "step-closed"):
            take_turn(day, desk, turn)
            continue
        for handle in turn.handles:
            _settle_person(day, desk, turn.kind, day.transfers[handle])


def _straighten(day: Day, desk: Desk) -> None:
    """Who finds both words of its own (one came back after a restore) takes the false one back."""
    says = desk.crossing.ledger.says
    for t in day.transfers.values():
        words = ("released", "not-released") if desk.holds_for(t) else ("received", "not-received")
        mine = desk.holds_for(t) or (t.to == desk.name and desk.writer == "office")
        if mine and all(says(t.handle, desk.name, word) for word in words):
            true = t.handle in desk.party.gone if desk.holds_for(t) else _came(day, t)
            kind = words[0] if true else words[1]
            desk.sign(kind, t, prior=desk.crossing.prior_for(desk.name, t.handle, kind))


def _settle_person(day: Day, desk: Desk, kind: str, t: Transfer) -> None:
    ledger = desk.crossing.ledger
    if kind not in ("conceded", "unreceipted-accepted"):
        about_person(day, desk, kind, t)
    elif desk.writer == "office":
        away = ledger.says(t.handle, t.to, "conceded") or ledger.says(
            t.handle, t.to, "not-received"
        )
        if away or ledger.says(t.handle, t.sender, "not-released"):
            if kind == "conceded":
                _give_up(desk, t)
            elif not desk.crossing.may_accept_unreceipted(desk.name, t.handle):
                desk.sign(kind, t)


def _give_up(desk: Desk, t: Transfer) -> None:
    if not desk.crossing.may_concede(desk.name, t.handle):
        desk.sign("conceded", t)
