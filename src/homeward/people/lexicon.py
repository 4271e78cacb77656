"""Given names across languages: Олександр, Александр and Aleksander are one name, Саша may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from homeward.people import tables
from homeward.people.folding import bare, cyrillic_sounds, fold, is_cyrillic, surname_fold

BEARERS = 2_600_000  # counted in data/given.tsv.gz's source
RAREST = 5e-6
RARE = 1_000  # bearers
_PATRONYMIC = re.compile(r"(?<=..)(?:[oei]*v?[oi]*n?i[CcSk](?:na)?|[oei]*vna|[oei]*v?i[Cc]iv?na)\Z")
_STEM = re.compile(r"[aeiou]+\Z")


@dataclass(frozen=True, slots=True)
class Name:
    """A given name known to the tables: the fold of its canonical form and how common it is."""

    key: str
    count: int
    woman: bool


@cache
def _given() -> dict[str, Name]:
    found: dict[str, Name] = {}
    for row in tables.rows("given.tsv.gz"):
        key = _heard(row[0])
        name = Name(key, int(row[2]), row[1] == "f")
        if key.endswith(("viC", "vna")) and name.count < RARE:
            continue  # a register's slip: a patronymic in the column of given names
        _keep(found, key, name)
        for form in filter(None, row[3].split("|")):
            _keep(found, _heard(form), name)
    for key, kind, forms in _aliases():
        name = found.setdefault(key, Name(key, 10, key[-1:] == "a"))
        for form in forms if kind == "same" else ():
            if is_cyrillic(form):
                _keep(found, _heard(form), name)
    return found


@cache
def _foreign(kind: str) -> dict[str, tuple[Name, ...]]:
    """Names as other languages write them in Latin letters, which no school's reading gives; one
    form may be several names (Charles: Чарльз, Шарль)."""
    found: dict[str, list[Name]] = {}
    for key, which, forms in _aliases():
        for form in forms if which == kind else ():
            if not is_cyrillic(form):
                found.setdefault(form, []).append(_given()[key])
    return {form: tuple(names) for form, names in found.items()}


def _keep(found: dict[str, Name], key: str, name: Name) -> None:
    if key not in found or found[key].count <= name.count:
        found[key] = name


@cache
def _aliases() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Rows of aliases.tsv: the fold of the canonical name, the kind, and the forms as written."""
    return tuple(
        (_heard(name), kind, tuple(bare(form) for form in forms.split("|")))
        for name, kind, forms in tables.rows("aliases.tsv")
    )


def _heard(word: str) -> str:
    return fold(cyrillic_sounds(bare(word)))


@cache
def _short() -> dict[str, tuple[str, ...]]:
    """Full names by the fold of a diminutive, commonest first."""
    found: dict[str, list[str]] = {}
    for name, kind, forms in _aliases():
        if kind == "short":
            for form in filter(is_cyrillic, forms):
                found.setdefault(_heard(form), []).append(_given()[name].key)
    return {
        form: full
        for form, names in found.items()
        if (full := tuple(dict.fromkeys(name for name in names if name != form)))
    }


COMMON = 300  # bearers; a misprint is mended towards no rarer name
_LONG_ENOUGH = 5


@cache
def _lacking_one() -> dict[str, Name]:
    """Common names by what is left when one letter is taken out, the commonest name first."""
    found: dict[str, Name] = {}
    for form, name in _given().items():
        if name.count >= COMMON and len(form) >= _LONG_ENOUGH:
            for at in range(len(form)):
                _keep(found, form[:at] + form[at + 1 :], name)
    return found


@lru_cache(maxsize=65536)
def mended(folded: str) -> Name | None:
    """The common name that an unknown fold is one slip away from, or None.

    >>> mended("vopodimir").key
    'vladimir'
    """
    if folded in _given() or folded in _short() or len(folded) < _LONG_ENOUGH:
        return None
    lacking = _lacking_one()
    found = [_given().get(folded[:at] + folded[at + 1 :]) for at in range(len(folded))]
    found += [lacking.get(folded)]
    found += [lacking.get(folded[:at] + folded[at + 1 :]) for at in range(len(folded))]
    known = [name for name in found if name is not None and name.count >= COMMON]
    return max(known, key=lambda name: (name.count, name.key), default=None)


@cache
def _stems() -> dict[str, Name]:
    """Names by what is left of them in a patronymic."""
    found: dict[str, Name] = {}
    for form, name in _given().items():
        if not name.woman:
            _keep(found, _STEM.sub("", form), name)
    # The vowel of these is lost: Львович, Павлович, Петрович.
    for form, key in (("lv", "lev"), ("pavl", "pavel"), ("petr", "petr")):
        found[form] = _given()[key]
    return found


def given(folded: str) -> Name | None:
    """The name a fold stands for, or None when no table has it.

    What tables lack of the kind Гордій, Варфоломій is found by its Russian form in -ей.
    """
    found = _given().get(folded)
    if found is None and folded.endswith("i"):
        return _given().get(folded.rstrip("i") + "ei")
    return found


def foreign(word: str) -> tuple[Name, ...]:
    """The names that a word in Latin letters (already ``bare``) is in another language.

    >>> foreign("nicholas")[0].key
    'nikolai'
    """
    return _foreign("same").get(word, ())


def short_for(folded: str, word: str = "") -> tuple[str, ...]:
    """The canonical names a diminutive may stand for; empty when it is none.

    ``word`` is the name as written (``bare``), for short forms of other languages.
    """
    return _short().get(folded) or tuple(name.key for name in _foreign("short").get(word, ()))


def looks_like_patronymic(folded: str) -> bool:
    """Whether a fold ends as only patronymics (and a few surnames) do."""
    return re.search(r"(?:[oei]vi[Cc]|[oei]vna|iniCna|[tmk]i[C]|liC)\Z", folded) is not None


def father(folded: str) -> tuple[str, Name | None]:
    """The key of the father's name behind a patronymic, or behind the plain father's name.

    >>> father("mikolaevic")[0] == father("nikolaevic")[0]
    True
    """
    direct = _given().get(folded)
    stem = _PATRONYMIC.sub("", folded)
    if direct and stem == folded:
        return direct.key, direct
    stem = _STEM.sub("", stem)
    name = _stems().get(stem)
    return (name.key if name else stem), name


@cache
def _shares() -> dict[str, float]:
    shares: dict[str, float] = {}
    for name in _given().values():
        shares[name.key] = max(shares.get(name.key, RAREST), name.count / BEARERS)
    return shares


def given_share(key: str) -> float:
    """The share of people who bear a canonical name; a small floor for what no table has."""
    return _shares().get(key, RAREST)


@cache
def _surnames() -> tuple[dict[str, str], dict[str, float]]:
    pairs: dict[str, str] = {}
    shares: dict[str, float] = {}
    for ru, uk, relative in tables.rows("surnames.tsv.gz"):
        key = surname_fold(cyrillic_sounds(bare(ru)))
        if uk:
            pairs.setdefault(surname_fold(cyrillic_sounds(bare(uk))), key)
        if relative:
            shares[key] = max(shares.get(key, 0.0), float(relative) * 0.004)
    return pairs, shares


def surname(folded: str) -> str:
    """The Russian form's fold for a Ukrainian surname whose vowels differ, else as it is."""
    return _surnames()[0].get(folded, folded)


def surname_share(folded: str) -> float:
    """The share of people who bear a surname, where tables have it, else a small floor."""
    return max(_surnames()[1].get(folded, 0.0), RAREST)
