"""Name parts as sounds: one spelling per name whatever the script or the romanisation.

A *fold* writes a name in a small alphabet of sounds (see ``data/letters.tsv``); what writers of
different schools write differently (glides before vowels, doubled letters, -skyi/-sky/-ski) is
left out or unified. Equal folds mean equal names nearly always, never the other way round.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from anyascii import anyascii

from homeward.people import tables

# What letters.tsv has: Cyrillic, Armenian, Georgian.
_LETTERS = re.compile("[\u0400-\u058f\u10a0-\u10ff]")
# Letters of scripts other than these, Latin, Hebrew and Arabic.
_OTHER_SCRIPTS = re.compile(
    "[\u0370-\u03ff\u0700-\u074f\u0780-\u089f\u0900-\u109f\u1100-\u1c7f\u1f00-\u1fff"
    "\u2c00-\ufaff\U00010000-\U0003ffff]"
)
_SILENT = re.compile(r"[^\w\s-]|[\d_]|[\u02b0-\u02ff]")
_LOOKALIKES = str.maketrans("abcehikmoptxyï", "авсенікмортхуї")
# What a scanner takes for a digit within a word.
_DIGIT = re.compile(r"(?<=[^\W\d_])\d(?=[^\W\d_])|\A\d(?=[^\W\d_]{2})|(?<=[^\W\d_]{2})\d\Z")
_SEEN_AS = dict(zip("013456789", "oieasbtbg", strict=True))
_SEEN_AS_CYRILLIC = dict(zip("0134689", "оізчбвд", strict=True))
_SOFT_O = re.compile(r"E|[ij]+o|(?<=[CSZ])o")
_GLIDE = re.compile(r"[ij]+(?=[aeu])")
_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]")

# Endings of surnames that writers, languages or genders vary, longest first.
_ENDINGS = (
    (re.compile(r"(?<=[a-zA-Z]{2})[eio]vsk(?:i|a|oi|ei|e)?\Z"), "ovsk"),
    (re.compile(r"(?<=[a-zA-Z]{2})([sc])k(?:i|a|oi|ei|e)?\Z"), r"\1k"),
    (re.compile(r"(?<=[a-zA-Z]{2})(?:[eo]va|[ei]v|[eo]f|ove)\Z"), "ov"),
    (re.compile(r"(?<=[a-zA-Z]{3})(?:iva|[oe]u)\Z"), "ov"),
    (re.compile(r"(?<=[a-zA-Z]{3})(?<![aeiou])ina\Z"), "in"),
    (re.compile(r"(?<=[a-zA-Z]{2})ine\Z"), "in"),
    (re.compile(r"(?<=[a-zA-Z]{2}[^aeiou])o?i\Z"), ""),
)


def is_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic; look-alike Latin letters among them count as Cyrillic."""
    return _LETTERS.search(text) is not None


@cache
def _cyrillic() -> tuple[dict[str, str], re.Pattern[str]]:
    table = dict(tables.rows("letters.tsv"))
    longest = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(map(re.escape, longest)))


def bare(text: str) -> str:
    """Lower case, composed; letters, spaces and hyphens only.

    Letters of scripts that no table reads (Greek, Ethiopic, Hangul ...) are written in Latin ones.

    >>> bare("ጌታቸው")
    'getachew'
    """
    text = unicodedata.normalize("NFC", text).casefold()
    if not text.isascii() and _OTHER_SCRIPTS.search(text):
        text = anyascii(text).casefold()
    if text.isascii() and text.isalpha():
        return text
    if _DIGIT.search(text):
        seen = _SEEN_AS_CYRILLIC if is_cyrillic(text) else _SEEN_AS
        text = _DIGIT.sub(lambda found: seen.get(found[0], ""), text)
    return " ".join(_SILENT.sub("", text).split()).strip("- ")


@lru_cache(maxsize=65536)
def cyrillic_sounds(text: str) -> str:
    """A Cyrillic text (already ``bare``) as sounds; unknown letters are left out."""
    table, pattern = _cyrillic()
    return pattern.sub(lambda m: table[m[0]], text.translate(_LOOKALIKES))


@lru_cache(maxsize=131072)
def fold(sounds: str) -> str:
    """Sounds with everything left out that writers vary: glides, doubled letters, ts and shch.

    >>> fold(cyrillic_sounds("юлія")), fold(cyrillic_sounds("юлия"))
    ('ula', 'ula')
    """
    # Ukrainian ьо, йо, чо stand where Russian writes ё, and Russian lists write е for ё.
    text = _GLIDE.sub("", _SOFT_O.sub("e", sounds)).replace("j", "i")
    text = text.replace("SC", "S").replace("tC", "C").replace("ts", "c").replace("tc", "c")
    return _DOUBLE.sub(r"\1", text)


@lru_cache(maxsize=131072)
def surname_fold(sounds: str) -> str:
    """The fold of a surname, with the endings unified that gender and language vary."""
    text = re.sub(r"\Apid", "pod", fold(sounds))
    for pattern, ending in _ENDINGS:
        text, changed = pattern.subn(ending, text)
        if changed:
            break
    return text


def loose(folded: str) -> str:
    """A coarser spelling by ear: o as a, e as i, kh as g, z as s.

    >>> loose("bilous") == loose("belous")
    True
    """
    return _DOUBLE.sub(r"\1", folded.translate(_LOOSE))


_LOOSE = str.maketrans("oehzZ", "aigsS")


def skeleton(folded: str) -> str:
    """The consonants, with kh as g; a vowel at the start is kept as ``a``."""
    consonants = _VOWELS.sub("", folded.replace("h", "g"))
    start = "a" if folded[:1] in set("aeiou") else ""
    return _DOUBLE.sub(r"\1", start + consonants)


def shorter(word: str) -> set[str]:
    """The word, and the word with each one of its letters left out.

    Words that one slip turns into each other have one of these in common.
    """
    return {word[:at] + word[at + 1 :] for at in range(len(word))} | {word}
