"""What a later edition of a list changes, and what a list is worth: as ids and counts, no names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from homeward.people.keys import keys
from homeward.people.line import COLUMNS, Line

_OLDEST = 110  # years; an older birth date is a slip of the pen
_GRAVE = ("seriously_wounded", "seriously_sick")


@dataclass(frozen=True, slots=True)
class Change:
    """From one edition to the next: ids added and gone, columns changed by id, lines unchanged.

    ``renumbered`` gives the new id by the old one where a line says all the same under another
    id; it counts as the same line.
    """

    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]
    renumbered: Mapping[str, str]
    same: int


def compare_editions(former: Iterable[Line], latter: Iterable[Line]) -> Change:
    """What ``latter`` says otherwise than ``former``; ids are unique in each.

    >>> compare_editions([Line("1", "Ivanenko")], [Line("1", "Ivanenko", rank="private")]).changed
    {'1': ('rank',)}
    """
    old, new = ({line.id: line.cells() for line in lines} for lines in (former, latter))
    changed = {
        number: different
        for number in old
        if number in new
        and (different := tuple(c for c in COLUMNS if old[number][c] != new[number][c]))
    }
    renumbered = _renumbered(
        {number: cells for number, cells in old.items() if number not in new},
        {number: cells for number, cells in new.items() if number not in old},
    )
    moved = set(renumbered.values())
    return Change(
        tuple(number for number in new if number not in old and number not in moved),
        tuple(number for number in old if number not in new and number not in renumbered),
        changed,
        renumbered,
        len(old.keys() & new.keys()) - len(changed) + len(renumbered),
    )


def _renumbered(
    gone: Mapping[str, dict[str, str]], added: Mapping[str, dict[str, str]]
) -> dict[str, str]:
    """Ids of lines that say all the same under another id, where nobody else says that too."""
    said: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    for at, lines in enumerate((gone, added)):
        for number, cells in lines.items():
            text = tuple(cells[column] for column in COLUMNS if column != "id")
            said.setdefault(text, ([], []))[at].append(number)
    return {old[0]: new[0] for old, new in said.values() if len(old) == len(new) == 1}


def audit(
    lines: Sequence[Line],
    *,
    returned: Collection[str] = (),
    expected: Mapping[str, str] | None = None,
    today: date | None = None,
) -> dict[str, int]:
    """A list as counts: who is on it twice, already back, of another kind, or badly described.

    ``returned`` holds ids of lines whose people are known to be back, ``expected`` what the list
    claims of everybody on it (column and value). Groups that are owed first are counted even
    where there are none: a list that leaves them out shows it. Without ``today`` no birth date is
    held against the calendar.
    """
    found = Counter({"lines": len(lines), "already returned": 0})
    for column, value in (expected or {}).items():
        found[f"not {column} {value}"] = sum(getattr(line, column) != value for line in lines)
    alike = Counter(_alike(line) for line in lines if line.birth_date is not None)
    found["alike in name and birth date"] = sum(n for n in alike.values() if n > 1)
    for mark in ("women", "seriously wounded or sick", *_DATES):
        found[mark] = 0
    for line in lines:
        found["already returned"] += line.id in returned
        found["women"] += line.sex == "f"
        found["seriously wounded or sick"] += line.health in _GRAVE
        for mark in _doubts(line, today):
            found[mark] += 1
    return dict(found)


_DATES = (
    "birth date: not said",
    "birth date: year only",
    "birth date: 1 January",
    "birth date: over 110 years ago or to come",
)


def _doubts(line: Line, today: date | None) -> Iterable[str]:
    born = line.birth_date
    if born is None:
        yield _DATES[0]
        return
    if born.month is None:
        yield _DATES[1]
    if (born.month, born.day) == (1, 1):
        yield _DATES[2]
    if today is not None and not today.year - _OLDEST <= born.year <= today.year:
        yield _DATES[3]


def _alike(line: Line) -> tuple[object, ...]:
    name = keys(line.surname, line.given_name, line.patronymic)
    return name.surnames[:1], name.givens[:1], name.fathers[:1], str(line.birth_date)
