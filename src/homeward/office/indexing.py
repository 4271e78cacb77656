"""What search knows is made from the editions: batch by batch, and begun again where it was cut."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from homeward.office.models import ListFile
from homeward.office.namekeys import Keyed, Maker, here, named
from homeward.office.personmodels import NameKey, Person, Saying
from homeward.people import Line, read_list

_BATCH = 2_000
Told = Callable[[int, int], None]
Known = dict[str, tuple[int, str, str]]  # by id: the person's number, name shown, birth date
_INDEXING = threading.Lock()
_COUNTED = threading.Lock()
_children: list[int] = []


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
    read: Mapping[int, tuple[Line, ...]] | None = None,
    tell: Told = lambda *_: None,
    make: Maker = here,
    **of: str,
) -> None:
    """Index every edition that search does not know yet, oldest first; ``of`` one list only.

    What was just ``read`` of an edition, by its number, is not read again; ``make`` makes keys.
    """
    unknown = ListFile.objects.filter(indexed=False, **of).order_by("which", "edition")
    if _children or not unknown.exists():
        return
    with _INDEXING:
        for edition in unknown:
            lines = (read or {}).get(int(edition.pk))
            if lines is None:
                lines = read_list(edition.name, bytes(edition.data)).lines
            _index_whole(edition, lines, tell, make)


def _index_whole(edition: ListFile, lines: tuple[Line, ...], tell: Told, make: Maker) -> None:
    """Let search know an edition: batch by batch, so that no other writer waits for the whole.

    It counts as known when all of it is. Cut in between, it is begun again and nothing is double.
    """
    Saying.objects.filter(edition=edition).delete()  # of an attempt that was cut
    known = _known(Person.objects.filter(which=edition.which))
    batches = [lines[start : start + _BATCH] for start in range(0, len(lines), _BATCH)]
    keyed = make([[named(line) for line in some] for some in batches])
    done = 0
    for some, theirs in zip(batches, keyed, strict=True):
        with transaction.atomic():
            _index(edition, some, theirs, known)
        done += len(some)
        tell(done, len(lines))
    ListFile.objects.filter(pk=edition.pk).update(indexed=True)


def _known(persons: Any) -> Known:
    rows = persons.values_list("line_id", "pk", "shown", "born").iterator()
    return {line_id: (pk, shown, born) for line_id, pk, shown, born in rows}


def _index(edition: ListFile, lines: Sequence[Line], theirs: Keyed, known: Known) -> None:
    _name(edition.which, lines, known)
    numbers = [known[line.id][0] for line in lines]
    said = [
        (number, edition.pk, line.row, json.dumps(_said(line), ensure_ascii=False))
        for number, line in zip(numbers, lines, strict=True)
    ]
    _write(Saying, ("person_id", "edition_id", "row", "cells"), said)
    pairs = ((key, number) for number, some in zip(numbers, theirs, strict=True) for key in some)
    # in the order of their index: it is written once from end to end
    _write(NameKey, ("key", "person_id"), sorted(pairs), "ON CONFLICT DO NOTHING")


def _name(which: str, lines: Sequence[Line], known: Known) -> None:
    """Know each line's person; of a later edition, the name is the one shown.

    The former names' keys stay, and find too.
    """
    fresh = [line for line in lines if line.id not in known]
    rows = [(which, line.id, shown_name(line), str(line.birth_date or "")) for line in fresh]
    _write(Person, ("which", "line_id", "shown", "born"), rows)
    ids = [line.id for line in fresh]
    renewed = []
    for line in lines:
        held = known.get(line.id)
        shown, born = shown_name(line), str(line.birth_date or "")
        if held is not None and held[1:] != (shown, born):
            renewed.append(Person(held[0], which, line.id, shown, born))
    Person.objects.bulk_update(renewed, ["shown", "born"], batch_size=400)
    known |= _known(Person.objects.filter(which=which, line_id__in=ids))


def _write(
    table: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], more: str = ""
) -> None:
    # a dozen rows a person: as objects, they would take longer than everything else together
    if not rows:
        return
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    told = f"INSERT INTO {quote(table._meta.db_table)} ({names})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # where each statement is a message of its own
            kinds = [table._meta.get_field(name).db_type(connection) for name in columns]
            # no value holds a line's end; an array of Python's would be written value by value
            arrays = ", ".join(f"(string_to_array(%s, chr(10)))[2:]::{kind}[]" for kind in kinds)
            whole = ["\n".join(("", *map(str, column))) for column in zip(*rows, strict=True)]
            cursor.execute(f"{told} SELECT * FROM unnest({arrays}) {more}", whole)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"{told} VALUES ({marks}) {more}", rows)


def shown_name(line: Line) -> str:
    """The name as the list has it: surname first."""
    return " ".join(filter(None, (line.surname, line.given_name, line.patronymic)))[:300]


def _said(line: Line) -> dict[str, str]:
    """What the line says; what it does not say is absent."""
    return {name: text for name, text in line.cells().items() if text and name != "id"}
