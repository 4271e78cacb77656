"""Slavic names in Latin letters: which school of spelling a writer follows, and what it says.

``ch`` is Ч to one writer and Х to another, ``c`` Ц or К, ``h`` Г or Х; so with ``w``, ``s``, ``j``.
One record is written by one writer, so the school is decided from all its parts together: the one
whose reading gives a known given name and a patronymic.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from homeward.people import lexicon, tables
from homeward.people.folding import fold, surname_fold

# Signs of a school in the letters themselves; schools without any sign are not even tried.
_SIGNS = {
    "common": r"",
    "soft-h": r"(?<![scktzp])h",
    "german": r"tsch|sch|w|ch|z|ß",
    "polish": r"sz|cz|w|ł|ż|ó|rz|ś",
    "french": r"ou|tch|ch|gu[eiy]|dj|ï|j|ç",
    "scholarly": r"[čšžćŝâûěĭ]|c|ch|j|x",
    "scholarly-h": r"[čšžćŝâûěĭ].*h|h.*[čšžćŝâûěĭ]|j.*h|h.*j|c.*h|h.*c",
    "hungarian": r"cs|sz|zs|s|gy",
    "dutch": r"oe|sj|zj|tsj",
    "nordic": r"sj|tj|å",
    "gost": r"x|cz",
    "azerbaijani": r"[əǝığşçöü]|[xq]",
    "turkish": r"[ığşçöü]",
    "uzbek": r"[xq]",
    "romanian": r"[șşțţăâî]|ch[ei]|gh[ei]|c[ei]|g[ei]",
    "baltic": r"(?:[ov]s|[cčk]s|kis|js|as|rs|ls|ns|ds)\b",
}
# Signs that hardly any other school has.
_SURE = {
    "german": r"tsch|witsch|wytsch",
    "polish": r"sz|wicz|wycz|ł|ż",
    "french": r"tch|ou|guï|vitch",
    "scholarly": r"[čšž]",
    "scholarly-h": r"[čšž]",
    "hungarian": r"ics\b|cs|zs",
    "dutch": r"oe|tsj|sj",
    "nordic": r"tj",
    "azerbaijani": r"[əǝı]|[şç].*[xq]|[xq].*[şç]",
    "turkish": r"[ğı]|ş.*ç|ç.*ş",
    "romanian": r"[șță]|escu\b",
    "baltic": r"(?:ovs|evs|čuks|cuks|skis|ckis|js)\b",
}
_PRIOR = {"common": 0.6, "soft-h": 0.2, "gost": 0.0, "nordic": -0.3, "hungarian": -0.2}
_PRIOR |= {"romanian": -0.4, "baltic": -0.3, "turkish": -0.1}
_CLOSE = 1.5
_BARE_C = re.compile(r"c(?=enk|uk)")
_TYPICAL = re.compile(r"(?:enk|Cuk|uk|sk|ck|ov|in|k[oa]|iC|ak|ik|ec|an|ar|a|n|r|l)\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """The sounds of each part in the likeliest school, and in the others that stay possible."""

    school: str
    parts: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()


@cache
def _schools() -> dict[str, tuple[dict[str, str], re.Pattern[str]]]:
    rows: dict[str, dict[str, str]] = {name: {} for name in ("any", *_SIGNS)}
    for school, letters, sounds in tables.rows("orthographies.tsv"):
        rows[school][letters] = sounds
    schools = {}
    for name in _SIGNS:
        # The school's own rows replace those of "any", also where only some vowels may follow.
        table = {k: v for k, v in rows["any"].items() if k.rstrip("=") not in rows[name]}
        table.update(rows[name])
        ordered = sorted(table, key=lambda k: (-len(k.rstrip("=")), -k.count("=")))
        pattern = "|".join(
            re.escape(k[:-1]) + "(?=[eiyéèêëï])" if k.endswith("=") else re.escape(k)
            for k in ordered
        )
        schools[name] = (table, re.compile(pattern))
    return schools


@lru_cache(maxsize=131072)
def _sounds(school: str, text: str) -> str:
    table, pattern = _schools()[school]
    if school == "baltic":
        text = _BALTIC.sub("", text)

    def sound(found: re.Match[str]) -> str:
        letters = found[0]
        if letters + "=" in table and text[found.end() : found.end() + 1] in _FRONT:
            return table[letters + "="]
        return table.get(letters, "")

    return _UNREAD.sub("", pattern.sub(sound, text)).strip(" -")


# The ending that Latvian and Lithuanian give to every man's name.
_BALTIC = re.compile(r"(?<=\w\w\w)(?<=[^aeiou])(?:as|is|us|ys|s)\b|(?<=\w\w\w)(?<=[^aeious])s\b")
_UNREAD = re.compile(r"[^\s\-a-zA-Z]")
_FRONT = set("eiyéèêëï")


def plain_sounds(text: str) -> str:
    """A Latin text (already ``bare``) as the common school reads it."""
    return _sounds("common", text)


@lru_cache(maxsize=65536)
def read(surname: str, given: str, patronymic: str) -> Reading:
    """The parts of one record as sounds; all parts already ``bare``, empty ones allowed."""
    whole = f"{surname} {given} {patronymic}"
    readings: dict[tuple[str, ...], tuple[float, str]] = {}
    for school, sign in _SIGNS.items():
        if re.search(sign, whole) is None:
            continue
        parts = tuple(_sounds(school, part) for part in (surname, given, patronymic))
        score = _PRIOR.get(school, 0.0) + _believed(*parts)
        if school in _SURE and re.search(_SURE[school], whole):
            score += 2.0
        readings[parts] = max((score, school), readings.get(parts, (score, school)))
    ranked = sorted(readings.items(), key=lambda item: (-item[1][0], item[1][1]))
    (best, (top, school)), rest = ranked[0], ranked[1:]
    others = [parts for parts, (score, _) in rest if score > top - _CLOSE][:4]
    # A German s is also З and sch also Ж, whatever the rest of the record says.
    if school == "german":
        others += [(best[0].replace(one, other), *best[1:]) for one, other in ("sz", "SZ")]
    # Writers without diacritics leave č as c: Zaharcenko, Kovalcuk, Anuscenko.
    plain = _BARE_C.sub("C", best[0])
    if plain != best[0]:
        others.append((plain, *best[1:]))
    return Reading(school, best, tuple(others))


@lru_cache(maxsize=131072)
def _believed(surname: str, given: str, patronymic: str) -> float:
    """How much the parts look like a name: known given name and father, usual endings."""
    total = 0.0
    for word in re.split(r"[\s-]+", given):
        total += _weight(lexicon.given(fold(word)))
    if patronymic:
        folded = fold(patronymic)
        total += 1.5 * lexicon.looks_like_patronymic(folded)
        total += _weight(lexicon.father(folded)[1])
    # When the columns are exchanged the surname is a known given name; that counts too.
    total += 0.8 * _weight(lexicon.given(fold(surname)))
    return total + 0.4 * (_TYPICAL.search(surname_fold(surname)) is not None)


def _weight(name: lexicon.Name | None) -> float:
    return math.log10(name.count + 1) * 0.8 if name else 0.0
