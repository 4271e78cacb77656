"""Script-neutral keys of a name: what is compared instead of what was written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations

from homeward.people import latin, lexicon, semitic
from homeward.people.folding import (
    bare,
    cyrillic_sounds,
    fold,
    is_cyrillic,
    surname_fold,
)
from homeward.people.parts import split_name, without_titles

_INITIAL = re.compile(r"\A\w{1,2}\.?\Z|\A\w\.")
_VOWEL_START = ("i", "e", "u", "a", "o")
# A given name this many times commoner than what stands in its column is in the wrong column.
_FAR_COMMONER = 50
_COMMON = 100


@dataclass(frozen=True, slots=True)
class Keys:
    """One person's name as keys. Empty texts and tuples mean the part is not known.

    ``surnames`` holds every reading of the whole surname, the likeliest first, then the parts of
    a double one; ``givens`` the canonical names it may stand for (several for a diminutive), the
    likeliest first; ``given_written`` the fold before canonisation. ``initials`` are first sounds
    the given name may have; with ``given_initial`` they are all that is known. The father's name
    likewise; ``given_parts`` and ``father_parts`` are the shorter names within one of several
    words (a chain of forefathers), as keys and skeletons. ``*_skeletons`` are set only where other
    scripts were asked for.
    """

    surnames: tuple[str, ...] = ()
    surname_parts: tuple[str, ...] = ()
    givens: tuple[str, ...] = ()
    given_written: str = ""
    initials: tuple[str, ...] = ()
    given_initial: bool = False
    fathers: tuple[str, ...] = ()
    father_written: str = ""
    father_initials: tuple[str, ...] = ()
    father_initial: bool = False
    short: bool = False
    given_as_surname: str = ""
    surname_as_given: str = ""
    script: str = ""
    school: str = ""
    surname_skeletons: tuple[str, ...] = ()
    given_skeletons: tuple[str, ...] = ()
    father_skeletons: tuple[str, ...] = ()
    given_parts: tuple[str, ...] = ()
    father_parts: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def keys(
    surname: str, given: str = "", patronymic: str = "", scripts: tuple[str, ...] = ()
) -> Keys:
    """The keys of a name written in any script, its parts perhaps in the wrong columns.

    ``scripts`` names the scripts (arab, hebr) against which Latin and Cyrillic names are to be
    compared as well.

    >>> keys("Ткаченко", "Микола").surnames[0] == keys("Tkatschenko", "Nikolaj").surnames[0]
    True
    >>> keys("Ткаченко", "Микола").givens == keys("Tkatschenko", "Nikolaj").givens
    True
    """
    surname, given, patronymic = _columns(surname, given, patronymic)
    if semitic.script(surname + given):
        return _semitic_keys(surname, given, patronymic, scripts)
    cells = (bare(surname), bare(given), bare(patronymic))
    script = "cyrl" if is_cyrillic("".join(cells)) else "latn"
    if script == "cyrl":
        latins = latin.read(*("" if is_cyrillic(cell) else cell for cell in cells)).parts
        both = zip(cells, latins, strict=True)
        readings = [tuple(cyrillic_sounds(cell) if is_cyrillic(cell) else at for cell, at in both)]
        school = ""
    else:
        reading = latin.read(*cells)
        readings, school = [reading.parts, *reading.others], reading.school
    # Outside the Slavic world both parts are often given names; the columns are then believed.
    slavic = not scripts or lexicon.looks_like_patronymic(fold(readings[0][2]))
    initial_first = _is_initial(surname) and not _is_initial(given)
    sounds, turned = _in_order(readings[0], slavic=slavic, initial_first=initial_first)
    others = [_turned(other, turned) for other in readings[1:]]
    raw = _turned((surname, given, patronymic), turned)
    return _slavic_keys(sounds, others, raw, (script, school), scripts)


def _columns(surname: str, given: str, patronymic: str) -> tuple[str, str, str]:
    """The parts in three columns when the writer put several into one."""
    surname = without_titles(surname, alone=bool(given))
    if surname and not given and not patronymic and " " in surname.strip():
        surname, given, patronymic = split_name(surname)
    elif given and not surname and " " in given.strip():
        surname, given, patronymic = split_name(given)
    if not patronymic and " " in given.strip():
        first, _, rest = given.strip().partition(" ")
        if lexicon.looks_like_patronymic(fold(_any_sounds(bare(rest)))) or "." in rest:
            return surname, first, rest
    if not patronymic and re.fullmatch(r"\w\.\s*\w\.?", given.strip()):
        first, _, rest = given.replace(" ", "").partition(".")
        return surname, first + ".", rest
    return surname, given, patronymic


def _any_sounds(text: str) -> str:
    return cyrillic_sounds(text) if is_cyrillic(text) else latin.plain_sounds(text)


def _in_order(
    sounds: tuple[str, ...], *, slavic: bool, initial_first: bool
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The parts with given name and surname (or patronymic) exchanged where far likelier."""
    surname, given, patronymic = (fold(part) for part in sounds)
    order = (0, 1, 2)
    if _surname_last(surname, patronymic):
        order = (2, 1, 0)
    elif lexicon.looks_like_patronymic(given) and not lexicon.given(given):
        family = patronymic and not lexicon.father(patronymic)[1]
        if lexicon.given(surname) and (not patronymic or (family and lexicon.father(given)[1])):
            order = (2, 0, 1)
        elif patronymic and not lexicon.looks_like_patronymic(patronymic):
            order = (0, 2, 1)
    exchanged = slavic and _exchanged(*(fold(sounds[at]) for at in order[:2]))
    if exchanged or (initial_first and sounds[1]):
        order = (order[1], order[0], order[2])
    return tuple(sounds[at] for at in order), order


def _surname_last(surname: str, patronymic: str) -> bool:
    """Whether a father's name stands where the surname should, and something else in its place.

    Данкевич and Мицкевич are surnames though they look like fathers' names: no father is called
    Данк. Where both look so, the one whose father is known is the father's name.
    """
    if not lexicon.looks_like_patronymic(surname) or len(patronymic) < 3:
        return False
    if lexicon.father(patronymic)[1]:
        return False
    known = lexicon.father(surname)[1]
    if known is not None and known.count > _COMMON:
        return True
    return not lexicon.looks_like_patronymic(patronymic) and bool(_FAMILY.search(patronymic))


def _exchanged(surname: str, given: str) -> bool:
    if len(given) < 2:
        return False
    if lexicon.short_for(given):
        return False  # Коля is a given name, whatever its surname resembles
    known = lexicon.given(given)
    as_given = lexicon.given(surname)
    misspelt = known is None and lexicon.mended(given) is None and not _FAMILY.search(surname)
    if as_given is None and misspelt:
        as_given = lexicon.mended(surname)
    times = as_given.count / (known.count if known else 1) if as_given else 0
    return times > _FAR_COMMONER and as_given is not None and as_given.count > _COMMON


# What ends so is a surname, even where it is one slip away from a given name: Даниляк.
_FAMILY = re.compile(r"(?:uk|sk[ia]?|ck[ia]?|ov|ko|iC|ak|ec)\Z")


def _turned(parts: tuple[str, ...], order: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(parts[at] for at in order)


def _slavic_keys(
    sounds: tuple[str, ...],
    others: list[tuple[str, ...]],
    raw: tuple[str, ...],
    written: tuple[str, str],
    scripts: tuple[str, ...],
) -> Keys:
    readings = [parts[0] for parts in (sounds, *others) if parts[0]]
    # A gap in a name may be a scanner's: Kova lenko is two words, or one.
    whole = [sounds[0].replace(" ", "")] if " " in sounds[0] else []
    surnames = tuple(dict.fromkeys(map(_whole_surname, [*readings, *whole])))
    givens, initials, given_initial, short = _given_keys(sounds[1], others, raw[1])
    fathers, father_initials, father_initial = _father_keys(sounds[2], raw[2])
    found = Keys(
        surnames=surnames,
        surname_parts=_surname_parts(sounds[0]),
        givens=givens,
        given_written=fold(sounds[1]),
        initials=initials,
        given_initial=given_initial,
        fathers=fathers,
        father_written=fold(sounds[2]),
        father_initials=father_initials,
        father_initial=father_initial,
        short=short,
        given_as_surname="" if given_initial else _whole_surname(sounds[1]),
        surname_as_given=_canonical(sounds[0]),
        script=written[0],
        school=written[1],
    )
    several = any(re.search(r"[\s-]", part) for part in raw[1:])
    return _in_parts(found, sounds, raw, scripts) if several or scripts else found


def _in_parts(
    found: Keys, sounds: tuple[str, ...], raw: tuple[str, ...], scripts: tuple[str, ...]
) -> Keys:
    """The keys with skeletons, where they were asked for, and the parts of longer names."""

    def skeletons(part: str) -> tuple[str, ...]:
        return _skeletons(part, _any_sounds(bare(part)), found.script, scripts)

    surname, given, father = raw[0], raw[1], _without_son(raw[2])
    return replace(
        found,
        surname_skeletons=_skeletons(surname, sounds[0], found.script, scripts),
        given_skeletons=()
        if found.given_initial
        else _skeletons(given, sounds[1], found.script, scripts),
        father_skeletons=()
        if found.father_initial
        else _skeletons(father, sounds[2], found.script, scripts),
        given_parts=(
            *_parts(sounds[1], lambda part: (_canonical(part),)),
            *_parts(given, skeletons),
        ),
        father_parts=(
            *_parts(_without_son(sounds[2]), lambda part: (lexicon.father(fold(part))[0],)),
            *_parts(father, skeletons),
        ),
    )


def _parts(name: str, keys_of: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    """The keys of every shorter name that is left when some of several words are not written."""
    words = _words(name)
    if not 1 < len(words) <= _MOST_WORDS:
        return ()
    fewer = (kept for size in range(1, len(words)) for kept in combinations(words, size))
    texts = dict.fromkeys(text for kept in fewer if len(text := "".join(kept)) > 2)
    return tuple(dict.fromkeys(key for text in texts for key in keys_of(text)))


_MOST_WORDS = 5


def _whole_surname(sounds: str) -> str:
    """The fold of a surname; the parts of a double one in alphabetical order."""
    parts = [part for part in re.split(r"[\s-]+", sounds) if part]
    # The Arabic article tells no family from another, and not every writer puts it.
    parts = parts[1:] if len(parts) > 1 and parts[0] in _ARTICLES else parts
    return "-".join(sorted({lexicon.surname(surname_fold(part)) for part in parts}))


_ARTICLES = {"al", "el", "ul", "ad", "ar", "as", "at", "az", "an", "aS", "eS"}


def _surname_parts(sounds: str) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[\s-]+", sounds) if len(part) > 2]
    if len(parts) < 2:
        return ()
    return tuple(sorted({lexicon.surname(surname_fold(part)) for part in parts}))


def _is_initial(raw: str) -> bool:
    text = raw.strip().rstrip(".")
    return bool(_INITIAL.match(raw.strip())) and (len(text) <= 1 or raw.strip().endswith("."))


def _first_sounds(sounds: str) -> tuple[str, ...]:
    first = fold(sounds)[:1]
    if not first:
        return ()
    # A Latin Y or I may begin Є, Ї, Ю or Я; H may be Г or Х.
    if first in "iy":
        return _VOWEL_START
    return ("g", "h") if first in "gh" else (first,)


def _given_keys(
    sounds: str, others: list[tuple[str, ...]], raw: str
) -> tuple[tuple[str, ...], tuple[str, ...], bool, bool]:
    if not sounds:
        return (), (), False, False
    if _is_initial(raw):
        return (), _first_sounds(sounds), True, False
    written = fold(_in_one(sounds))
    readings = list(dict.fromkeys([written, *(fold(_in_one(other[1])) for other in others)]))
    abroad = lexicon.foreign(bare(raw))
    heard = next(filter(None, map(lexicon.given, readings)), None)
    known = sorted({*abroad, *([heard] if heard else ())}, key=lambda name: (-name.count, name.key))
    mended = None if known else lexicon.mended(written)
    canonical = known[0].key if known else "".join(_canonical_words(sounds, raw))
    shorts = lexicon.short_for(written, bare(raw))
    # A form with bearers of its own (Влад, Олесь) is a name first and a diminutive second.
    givens = (canonical, *shorts) if known or not shorts else shorts
    unknown = tuple(name.key for name in known[1:])
    unknown += () if known or shorts else tuple(readings[1:])
    unknown += (mended.key,) if mended else ()
    initials = {written[:1], canonical[:1]} | {full[:1] for full in (*shorts, *unknown)}
    return tuple(dict.fromkeys((*givens, *unknown))), tuple(sorted(initials)), False, bool(shorts)


def _canonical_words(sounds: str, raw: str) -> list[str]:
    """The canonical form of each word of a given name."""
    heard, written = _words(sounds), _words(bare(raw))
    if len(heard) != len(written):
        return list(map(_canonical, heard))
    abroad = map(lexicon.foreign, written)
    return [
        names[0].key if names else _canonical(word)
        for names, word in zip(abroad, heard, strict=True)
    ]


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s-]+", text) if word]


def _in_one(text: str) -> str:
    return "".join(_words(text))


def _canonical(sounds: str) -> str:
    name = lexicon.given(fold(sounds))
    return name.key if name else fold(sounds)


def _father_keys(sounds: str, raw: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    if not sounds:
        return (), (), False
    if _is_initial(raw):
        return (), _first_sounds(sounds), True
    written = fold(_without_son(sounds).replace(" ", ""))
    key, _ = lexicon.father(written)
    return (key,), tuple(sorted({written[:1], key[:1]} - {""})), False


def _without_son(name: str) -> str:
    """A father's name without the word for son or daughter."""
    words = re.split(r"[\s-]+", name)
    return " ".join(word for word in words if word.casefold() not in _SON_WORDS)


_SON_WORDS = {"ogli", "oglu", "ogly", "kizi", "kyzy", "kizy", "uli", "uly", "ibn", "bin", "bint"}
_SON_WORDS |= {"بن", "ابن", "بنت", "בן", "בת"}


@lru_cache(maxsize=65536)
def _skeletons(raw: str, sounds: str, script: str, scripts: tuple[str, ...]) -> tuple[str, ...]:
    if not raw or not scripts:
        return ()
    text = bare(raw) if script == "latn" else semitic.latin_of(fold(sounds))
    return tuple(found for kind in scripts for found in semitic.skeletons(text, kind))


def _semitic_keys(surname: str, given: str, patronymic: str, scripts: tuple[str, ...]) -> Keys:
    kind = semitic.script(surname + given)
    patronymic = _without_son(patronymic)
    kinds = dict.fromkeys((*scripts, kind))

    def sounds(part: str) -> tuple[str, ...]:
        return tuple(found for each in kinds for found in semitic.skeletons(part, each))

    def read(part: str) -> tuple[str, ...]:
        return semitic.spelling(part), *sounds(part)

    parts = [semitic.spelling(part) for part in (surname, given, patronymic)]
    return Keys(
        surnames=(parts[0],) if parts[0] else (),
        givens=(parts[1],) if parts[1] else (),
        given_written=parts[1],
        initials=(parts[1][:1],) if parts[1] else (),
        given_initial=len(parts[1]) == 1,
        fathers=(parts[2],) if parts[2] else (),
        father_written=parts[2],
        father_initials=(parts[2][:1],) if parts[2] else (),
        father_initial=len(parts[2]) == 1,
        script=kind,
        surname_skeletons=sounds(surname) if parts[0] else (),
        given_skeletons=sounds(given) if parts[1] else (),
        father_skeletons=sounds(patronymic) if parts[2] else (),
        given_parts=_parts(given, read),
        father_parts=_parts(patronymic, read),
    )
