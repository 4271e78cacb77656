"""Finding a person by name in any script: keys in the database, the same that matching compares.

A search finds persons of this office's own lists. It proposes nothing and decides nothing.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from homeward.office.models import ListFile
from homeward.office.personmodels import NameKey, Person, Saying
from homeward.people import Line, read_list
from homeward.people.folding import bare, loose
from homeward.people.keys import keys

_SCRIPTS = ("arab", "hebr")
_BATCH = 500
MOST_FOUND = 50
_LONGEST_KEY = 80
Told = Callable[[int, int], None]
_INDEXING = threading.Lock()
_COUNTED = threading.Lock()
_children: list[int] = []


def keys_of(line: Line) -> set[str]:
    """Every key a person is found under: a letter for the part of the name, then the key."""
    name = keys(line.surname, line.given_name, line.patronymic, _SCRIPTS)
    found = {f"s{each}" for each in (*name.surnames, *name.surname_parts)}
    found |= {f"l{loose(each)}" for each in name.surnames[:1]}
    found |= {f"g{each}" for each in (*name.givens, name.given_written) if each}
    found |= {f"f{each}" for each in (*name.fathers, name.father_written) if each}
    found |= {f"x{each}" for each in name.surname_skeletons}
    found |= {f"y{each}" for each in name.given_skeletons}
    found |= {f"i{line.id.casefold()}"}
    if line.service_number:
        found |= {f"n{_plain(line.service_number)}"}
    return {key[:_LONGEST_KEY] for key in found}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


@contextmanager
def left_to_a_child() -> Iterator[None]:
    """While a child process takes a list in, nobody here indexes what it is about to."""
    with _COUNTED:
        _children.append(1)
    try:
        yield
    finally:
        with _COUNTED:
            _children.pop()


def bring_up_to_date(
    read: Mapping[int, tuple[Line, ...]] | None = None, tell: Told = lambda *_: None
) -> None:
    """Index every edition that search does not know yet, oldest first.

    What was just ``read`` of an edition, by its number, is not read again.
    """
    if _children or not ListFile.objects.filter(indexed=False).exists():
        return
    with _INDEXING:
        for edition in ListFile.objects.filter(indexed=False).order_by("which", "edition"):
            lines = (read or {}).get(int(edition.pk))
            if lines is None:
                lines = read_list(edition.name, bytes(edition.data)).lines
            _index_whole(edition, lines, tell)


def _index_whole(edition: ListFile, lines: tuple[Line, ...], tell: Told) -> None:
    """Let search know an edition: batch by batch, so that no other writer waits for the whole.

    It counts as known when all of it is. Cut in between, it is begun again and nothing is double.
    """
    Saying.objects.filter(edition=edition).delete()  # of an attempt that was cut
    known = dict(Person.objects.filter(which=edition.which).values_list("line_id", "pk").iterator())
    for start in range(0, len(lines), _BATCH):
        some = lines[start : start + _BATCH]
        pairs = {(line.id, key) for line in some for key in keys_of(line)}
        with transaction.atomic():
            _index(edition, some, pairs, known)
        tell(start + len(some), len(lines))
    ListFile.objects.filter(pk=edition.pk).update(indexed=True)


def _index(
    edition: ListFile,
    lines: tuple[Line, ...],
    pairs: set[tuple[str, str]],
    known: dict[str, int],
) -> None:
    again = [line for line in lines if line.id in known]
    fresh = [line for line in lines if line.id not in known]
    made = Person.objects.bulk_create(_person(edition.which, line) for line in fresh)
    known |= {person.line_id: person.pk for person in made}
    _renew(edition, again, known)
    Saying.objects.bulk_create(
        Saying(person_id=known[line.id], edition=edition, row=line.row, cells=_said(line))
        for line in lines
    )
    numbered = {(known[id_], key) for id_, key in pairs}
    if again:
        theirs = NameKey.objects.filter(person__in=[known[line.id] for line in again])
        numbered -= set(theirs.values_list("person_id", "key"))
    _write_keys(sorted(numbered))


def _write_keys(pairs: list[tuple[int, str]]) -> None:
    # a dozen keys a person: as objects, they would take longer than everything else together
    table = connection.ops.quote_name(NameKey._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} (person_id, key) VALUES (%s, %s)", pairs)


def _person(which: str, line: Line) -> Person:
    return Person(
        which=which, line_id=line.id, shown=shown_name(line), born=str(line.birth_date or "")
    )


def _renew(edition: ListFile, lines: list[Line], known: dict[str, int]) -> None:
    """A later edition: its name is the one shown; the former ones' keys stay, and find too."""
    newer = [
        Person(
            pk=known[line.id],
            which=edition.which,
            line_id=line.id,
            shown=shown_name(line),
            born=str(line.birth_date or ""),
        )
        for line in lines
    ]
    Person.objects.bulk_update(newer, ["shown", "born"], batch_size=400)


def shown_name(line: Line) -> str:
    """The name as the list has it: surname first."""
    return " ".join(filter(None, (line.surname, line.given_name, line.patronymic)))[:300]


def _said(line: Line) -> dict[str, str]:
    """What the line says; what it does not say is absent."""
    return {name: text for name, text in line.cells().items() if text and name != "id"}


def find(query: str, which: str = "") -> list[Person]:
    """Persons whose names agree with every word of the query, the best first.

    Words may come in any order, script and spelling; an id or a service number finds as well.
    """
    words = [word for word in re.split(r"[\s,;]+", query.strip()) if word][:6]
    if not words:
        return []
    wanted = [_conditions(word) for word in words]
    exact = {f"i{query.strip().casefold()}", f"n{_plain(query)}"}
    rows = _rows(wanted, which) or _rows([Q(key__in=exact)], which)
    sure = {key for word in words for key in _sure(word)}
    matched = dict.fromkeys((row.pk for row in rows), 0)
    for person in NameKey.objects.filter(person__in=list(matched), key__in=sure).values_list(
        "person_id", flat=True
    ):
        matched[person] += 1
    return sorted(rows, key=lambda row: (-matched[row.pk], row.shown, row.pk))[:MOST_FOUND]


def _conditions(word: str) -> Q:
    written = sorted({key[:_LONGEST_KEY] for key in (*_sure(word), *_perhaps(word))})
    found = Q(key__in=written)
    plain = keys(word).surnames
    if plain and len(bare(word)) > 2:
        found |= Q(key__gte=f"s{plain[0]}", key__lt=f"s{plain[0]}\U0010ffff")
    return found


def _sure(word: str) -> Iterator[str]:
    name, given = keys(word), keys("", word)
    yield from (f"s{each}" for each in name.surnames)
    yield from (f"g{each}" for each in (*given.givens, given.given_written) if each)
    yield from (f"i{word.casefold()}", f"n{_plain(word)}")


def _perhaps(word: str) -> Iterator[str]:
    name, given = keys(word, "", "", _SCRIPTS), keys("", word, "", _SCRIPTS)
    father = keys("", "", word)
    yield from (f"l{loose(each)}" for each in name.surnames[:1])
    yield from (f"f{each}" for each in (*father.fathers, father.father_written) if each)
    yield from (f"x{each}" for each in name.surname_skeletons)
    yield from (f"y{each}" for each in given.given_skeletons)


def _rows(wanted: list[Q], which: str) -> list[Person]:
    found = Person.objects.filter(which=which) if which else Person.objects.all()
    for condition in wanted:
        found = found.filter(pk__in=NameKey.objects.filter(condition).values("person"))
    return list(found[: 4 * MOST_FOUND])


def known_as(which: str, line_ids: Iterable[str]) -> dict[str, Person]:
    """Persons of an own list by the list's ids, from the index: no list is read again for it."""
    bring_up_to_date()
    wanted = list(line_ids)
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        rows = Person.objects.filter(which=which, line_id__in=some)
        found |= {row.line_id: row for row in rows}
    return found


def size() -> dict[str, Any]:
    """How many persons, sayings and keys the index holds, and on which engine."""
    return {
        "persons": Person.objects.count(),
        "sayings": Saying.objects.count(),
        "keys": NameKey.objects.count(),
        "engine": connection.vendor,
    }
