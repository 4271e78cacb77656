"""What may be used to judge a claim now: the terms, the stages, the position as others saw it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from homeward.claims import Known
from homeward.crossing import position as fold_position
from homeward.office.desk import Desk
from homeward.office.founding import agreed_annexes, agreed_terms, read_annex
from homeward.office.pages.standing import entries_of, since, terms_or_none
from homeward.office.pages.tongue import clock_zone
from homeward.record import Entry
from homeward.terms import Annex
from homeward.terms.kernel import Position


def known_at(at: Desk, until: datetime, *, on_the_table: bool = False) -> Known:
    """Everything a claim is judged by at an instant; raises Refused while there are no terms.

    ``on_the_table`` adds the stages that not every side has signed: nothing is said of them yet.
    """
    terms = agreed_terms(at)
    annexes = _on_the_table(at) if on_the_table else {}
    annexes |= {number: annex for number, (annex, _) in agreed_annexes(at).items()}
    found = tuple(annexes[number] for number in sorted(annexes))
    return Known(terms, found, position_at(at), until, (), agreed_when(at), clock_zone())


def _on_the_table(at: Desk) -> dict[int, Annex]:
    terms = agreed_terms(at)
    proposed = [e for e in at.entries("annex-proposed") if e.digest]
    texts = [read_annex(at.part(entry).decode(), terms)[0] for entry in proposed]
    return {annex.stage: annex for annex in texts}


def agreed_when(at: Desk) -> list[tuple[datetime, str]]:
    """What was made final when, as far as another party countersigned it."""
    found = []
    for kind, name in (("terms-proposed", "terms"), ("annex-proposed", "stage {}")):
        for proposal in at.entries(kind):
            for final in at.entries("final", prior=proposal.hash):
                when = since(at, final)
                if when is not None:
                    found.append((when, name.format(proposal.stage)))
    return found


def position_at(at: Desk) -> Callable[[datetime], Position]:
    """The position from what another party had countersigned by an instant."""
    terms, sides = terms_or_none(at), at.sides()
    seen: list[tuple[datetime | None, Entry]] = at.fold("seen", lambda: _seen(at))

    @lru_cache(maxsize=64)
    def position(instant: datetime) -> Position:
        held = [entry for when, entry in seen if when is not None and when <= instant]
        return replace(fold_position(held, sides=sides, terms=terms), as_of=instant.isoformat())

    return position


def _seen(at: Desk) -> list[tuple[datetime | None, Entry]]:
    """Every entry with the instant at which another party had first countersigned it."""
    logs: dict[str, list[Entry]] = {}
    for entry in entries_of(at):
        logs.setdefault(entry.log, []).append(entry)
    found = []
    for entries in logs.values():
        entries.sort(key=lambda entry: entry.seq)
        found += list(zip(_instants(at, entries), entries, strict=True))
    return found


def _instants(at: Desk, entries: list[Entry]) -> list[datetime | None]:
    """Whoever saw an entry of a log had seen those before it: what both ends share, all do."""
    first, last = since(at, entries[0]), since(at, entries[-1])
    if first == last or len(entries) <= 2:
        return [first] * (len(entries) - 1) + [last]
    half = len(entries) // 2
    return [*_instants(at, entries[:half]), *_instants(at, entries[half:])]
