"""What stands now, as pages show it: terms, names, the position, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from homeward.crossing import leads
from homeward.crossing import position as fold_position
from homeward.office.desk import Desk
from homeward.office.founding import agreed_annexes, agreed_terms, finality, signatures
from homeward.paper.wording import Wording
from homeward.problem import Refused
from homeward.record import Entry
from homeward.terms import Terms
from homeward.terms.kernel import Position

_WIDE, _NARROW = 720, 340
_POINTS = 300  # of a side's lead; no screen shows more


def terms_or_none(desk: Desk) -> Terms | None:
    """The terms in force, or None while there are none."""
    try:
        return agreed_terms(desk)
    except Refused:
        return None


def entries_of(desk: Desk) -> list[Entry]:
    """Every entry this office holds."""
    return [entry for entries in desk.by_kind.values() for entry in entries]


def current_position(desk: Desk) -> Position:
    """The position from every entry this office holds, under the terms where there are any."""
    sides, terms = desk.sides(), terms_or_none(desk)
    made: Position = desk.fold(
        "position", lambda: fold_position(entries_of(desk), sides=sides, terms=terms)
    )
    return made


def names_of(desk: Desk, language: str) -> dict[str, str]:
    """The parties' names in a language, by id; the ids themselves while there are no terms."""
    terms = terms_or_none(desk)
    if terms is None:
        return {}
    return {party: terms.name(party, language) for party in (*terms.parties, *terms.others)}


def wording(desk: Desk, language: str) -> Wording:
    """How this page says who and what."""
    terms = terms_or_none(desk)
    named = terms.categories if terms else ()
    kinds = {name: terms.category_name(name, language) for name in named} if terms else {}
    return Wording(language, names_of(desk, language), kinds)


def both_sizes(draw: Callable[[int], str]) -> SafeString:
    """A drawing for a desk and one for a phone; the stylesheet shows the one that fits."""
    return mark_safe(
        f'<div class="wide">{draw(_WIDE)}</div><div class="narrow">{draw(_NARROW)}</div>'
    )


def lead_series(desk: Desk) -> dict[str, list[tuple[float, int]]]:
    """Each side's net heads out, act by act, along the steps as they were closed."""
    held = entries_of(desk)
    return {
        side: _thinned(_spread([(float(act.step or 0), lead) for act, lead in leads(held, side)]))
        for side in desk.sides()
    }


def _spread(points: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The acts of a step spread evenly over it: the figure's base is the step."""
    counts: dict[float, int] = {}
    for step, _ in points:
        counts[step] = counts.get(step, 0) + 1
    met: dict[float, int] = {}
    spread = [(0.0, 0)]
    for step, lead in points:
        met[step] = met.get(step, 0) + 1
        spread.append((max(step - 1, 0.0) + met[step] / counts[step], lead))
    return spread


def _thinned(points: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """As many points as a screen shows: of each bundle the lowest and the highest, in order."""
    size = -(-len(points) * 2 // _POINTS)
    if size <= 2:
        return points
    kept = [points[0]]
    for start in range(1, len(points), size):
        some = points[start : start + size]
        ends = {min(range(len(some)), key=lambda n: some[n][1]), len(some) - 1}
        ends.add(max(range(len(some)), key=lambda n: some[n][1]))
        kept += [some[n] for n in sorted(ends)]
    return kept


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that waits for somebody: whose turn, since when, and the room it is done in."""

    key: str
    party: str
    since: datetime | None
    room: str
    n: int = 0  # the stage or the step it is about


def since(desk: Desk, entry: Entry | None) -> datetime | None:
    """When an entry was first countersigned by another party: the only times a record has."""
    if entry is None or desk.store is None:
        return None
    seen = desk.store.cosigned(entry.log, entry.seq + 1)
    return min(seen.values(), default=None)


def proposals(desk: Desk) -> list[dict[str, Any]]:
    """Every text on the table, newest last: its kind, state, who signed it and who has not."""
    found = []
    for kind in ("terms", "annex", "plan"):
        for entry in desk.entries(f"{kind}-proposed"):
            digest = str(entry.digest)
            signed = signatures(desk, digest)
            found.append(
                {
                    "kind": kind,
                    "entry": entry,
                    "digest": digest,
                    "stage": entry.stage,
                    "author": entry.author,
                    "state": finality(desk, digest),
                    "signed": sorted(signed),
                    "unsigned": sorted(set(desk.sides()) - signed),
                    "since": since(desk, entry),
                }
            )
    return found


def turns(desk: Desk) -> list[Turn]:
    """Whose turn it is, for every thing that waits; texts first, then the line."""
    found = []
    for row in proposals(desk):
        room = "plan" if row["kind"] == "plan" else "terms"
        if row["state"] == "one-sided":
            found += [
                Turn(f"sign_{row['kind']}", side, row["since"], room, row["stage"] or 0)
                for side in row["unsigned"]
            ]
        elif row["state"] == "open":
            key = f"finish_{row['kind']}"
            found.append(Turn(key, row["author"], row["since"], room, row["stage"] or 0))
    if desk.crossing is not None:
        steps = desk.crossing.steps()
        last = max(desk.by_kind.get("step-closed", ()), key=lambda e: e.step or 0, default=None)
        for side in desk.crossing.whose_turn():
            step = _open_step(desk, steps)
            found.append(Turn("at_the_line", side, since(desk, last), "crossing", step))
    return found


def _open_step(desk: Desk, steps: tuple[int, ...]) -> int:
    crossing = desk.crossing
    assert crossing is not None
    for number in steps:
        sheet = crossing.sheet(number)
        if sheet and any(not crossing.has_closed(side, number) for side in sheet.sides()):
            return number
    return 0


def open_promises(desk: Desk) -> int:
    """How many promises were made and neither kept nor taken back, by anybody's standing word."""
    taken_back = {entry.prior for entry in desk.entries("correction")}
    ended = {
        entry.prior
        for kind in ("promise-kept", "promise-withdrawn")
        for entry in desk.entries(kind)
        if entry.hash not in taken_back
    }
    return sum(entry.hash not in ended for entry in desk.entries("promise-made"))


def next_clock(desk: Desk, now: datetime) -> tuple[int, datetime, str] | None:
    """The next window to open or to end: the stage, the instant, and ``opens`` or ``ends``."""
    if terms_or_none(desk) is None:
        return None
    moments = [
        (at, number, name)
        for number, (annex, _) in agreed_annexes(desk).items()
        if annex.window and not _is_over(desk, number)
        for at, name in zip(annex.window, ("opens", "ends"), strict=True)
        if at > now
    ]
    return next(((stage, at, name) for at, stage, name in sorted(moments)), None)


def _is_over(desk: Desk, stage: int) -> bool:
    return {e.author for e in desk.entries("stage-closed", stage=stage)} >= set(desk.sides())
