"""Finding a person by name in any script: keys in the database, the same that matching compares.

A search finds persons of this office's own lists. It proposes nothing and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.db.models import Q

from homeward.office.indexing import bring_up_to_date
from homeward.office.namekeys import LONGEST_KEY, SCRIPTS, plain
from homeward.office.personmodels import NameKey, Person
from homeward.people.folding import bare, loose
from homeward.people.keys import keys

_BATCH = 500
MOST_FOUND = 50


def find(query: str, which: str = "") -> list[Person]:
    """Persons whose names agree with every word of the query, the best first.

    Words may come in any order, script and spelling; an id or a service number finds as well.
    """
    words = [word for word in re.split(r"[\s,;]+", query.strip()) if word][:6]
    if not words:
        return []
    wanted = [_conditions(word) for word in words]
    exact = {f"i{query.strip().casefold()}", f"n{plain(query)}"}
    rows = _rows(wanted, which) or _rows([Q(key__in=exact)], which)
    sure = {key for word in words for key in _sure(word)}
    matched = dict.fromkeys((row.pk for row in rows), 0)
    for person in NameKey.objects.filter(person__in=list(matched), key__in=sure).values_list(
        "person_id", flat=True
    ):
        matched[person] += 1
    return sorted(rows, key=lambda row: (-matched[row.pk], row.shown, row.pk))[:MOST_FOUND]


def _conditions(word: str) -> Q:
    written = sorted({key[:LONGEST_KEY] for key in (*_sure(word), *_perhaps(word))})
    found = Q(key__in=written)
    names = keys(word).surnames
    if names and len(bare(word)) > 2:
        found |= Q(key__gte=f"s{names[0]}", key__lt=f"s{names[0]}\U0010ffff")
    return found


def _sure(word: str) -> Iterator[str]:
    name, given = keys(word), keys("", word)
    yield from (f"s{each}" for each in name.surnames)
    yield from (f"g{each}" for each in (*given.givens, given.given_written) if each)
    yield from (f"i{word.casefold()}", f"n{plain(word)}")


def _perhaps(word: str) -> Iterator[str]:
    name, given = keys(word, "", "", SCRIPTS), keys("", word, "", SCRIPTS)
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
