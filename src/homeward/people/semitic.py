"""Arabic and Hebrew names: what they share with their spellings in other scripts.

Both scripts write consonants and few vowels, so across scripts only a *skeleton* of consonants can
be compared. One spelling may have several skeletons (``th`` is ث or ذ); names agree when they
share one. Within one script a normalised spelling is compared instead.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache, lru_cache

from homeward.people import tables

MOST_READINGS = 16
_ARABIC = re.compile("[\u0600-\u06ff]")
_HEBREW = re.compile("[\u0590-\u05ff]")
_POINTS = re.compile("[\u0591-\u05c7\u064b-\u065f\u0670\u0640]")
_SAME_LETTER = str.maketrans("أإآٱىیةکگؤئךםןףץ", "ااااييهكگويכמנפצ")
# The article has a plain alef; a name that begins so by itself is read both ways.
_ARTICLE = re.compile(r"\bال(?=\w\w)")
_LATIN_ARTICLE = re.compile(r"\b(?:al|el|ul|ad|ar|as|ash|at|az|an|ed|er|es)[- ](?=\w)")
# Alhaddad is al-Haddad; what is no article (Alfred) is read both ways, as in Arabic letters.
_GLUED_ARTICLE = re.compile(r"\Aal(?=[^aeiouy'].{3})")
# The article of Arabic names in Hebrew letters; before some letters its second one is left out.
_HEBREW_ARTICLE = re.compile("\\bאל[- ־]?(?=\\w[\\w'׳]{2})|\\bא[-־](?=\\w)")
_DOUBLE = re.compile(r"(.)\1+")
_MARKED = str.maketrans(
    {"č": "tch", "ć": "tch", "š": "sh", "ş": "sh", "ș": "sh", "ž": "j", "ı": "i", "ł": "l"}
    | {"đ": "d", "ø": "o", "ß": "s", "æ": "e", "ț": "ts", "ţ": "ts"}
)
# Sounds of Slavic folds as Latin letters, so that one table serves Cyrillic spellings too.
_SOUNDS = str.maketrans({"C": "ch", "S": "sh", "Z": "j", "c": "ts", "h": "kh"})


def script(text: str) -> str:
    """``arab``, ``hebr`` or an empty text for any other script."""
    if _ARABIC.search(text):
        return "arab"
    return "hebr" if _HEBREW.search(text) else ""


@lru_cache(maxsize=65536)
def spelling(text: str) -> str:
    """A name in Arabic or Hebrew script as it is compared within the script."""
    text = _ARTICLE.sub("", _POINTS.sub("", unicodedata.normalize("NFKC", text)))
    text = text.translate(_SAME_LETTER)
    return "".join(re.findall(r"\w+", text))


@cache
def _table(name: str) -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    table = {
        letters: tuple(part.replace("-", "") for part in classes.split("|"))
        for which, letters, classes in tables.rows("skeletons.tsv")
        if which == name
    }
    ordered = sorted(table, key=lambda k: (-len(k.strip("^$")), k[0] != "^" and k[-1] != "$"))
    pattern = "|".join(
        ("(?<!.)" if key[0] == "^" else "")
        + re.escape(key.strip("^$"))
        + ("(?!.)" if key[-1] == "$" else "")
        for key in ordered
    )
    return table, re.compile(pattern)


@lru_cache(maxsize=65536)
def skeletons(text: str, kind: str) -> tuple[str, ...]:
    """The possible skeletons of a name as ``kind`` (arab or hebr) writes it, marked with it.

    ``text`` is ``bare`` and in that script, in Latin letters (see ``latin_of`` for folds), or, for
    Arabic skeletons, in Hebrew ones. Arabic letters have no Hebrew skeletons.

    >>> set(skeletons("محمد", "arab")) & set(skeletons("muhammad", "arab"))
    {'arab:mhmd'}
    """
    if script(text) == kind:
        whole = "".join(re.findall(r"\w+", _POINTS.sub("", text)))
        texts = dict.fromkeys((spelling(text), whole.translate(_SAME_LETTER)))
        name = kind
    elif script(text):
        whole = "".join(re.findall(r"\w+", _POINTS.sub("", text)))
        bare = "".join(re.findall(r"\w+", _HEBREW_ARTICLE.sub("", text)))
        texts = dict.fromkeys((bare, whole)) if kind == "arab" else {}
        name = "hebr-arab"
    else:
        whole = re.sub(r"[\W_]+", "", _LATIN_ARTICLE.sub("", _unmarked(text)))
        texts = dict.fromkeys((_GLUED_ARTICLE.sub("", whole) if kind == "arab" else whole, whole))
        name = f"latin-{kind}"
    found = dict.fromkeys(reading for form in texts for reading in _readings(form, name))
    return tuple(f"{kind}:{reading}" for reading in found)


def _readings(text: str, name: str) -> list[str]:
    """Every skeleton of one spelling, the likeliest first."""
    table, pattern = _table(name)
    choices = []
    for found in pattern.finditer(text):
        letters = found[0]
        at_start = "^" + letters if found.start() == 0 else ""
        at_end = letters + "$" if found.end() == len(text) else ""
        choices.append(table.get(at_start) or table.get(at_end) or table[letters])
    readings = itertools.islice(itertools.product(*choices), MOST_READINGS)
    return [_DOUBLE.sub(r"\1", "".join(reading)) for reading in readings]


def _unmarked(text: str) -> str:
    """Latin letters without their marks."""
    parts = unicodedata.normalize("NFKD", text.translate(_MARKED))
    return "".join(char for char in parts if not unicodedata.combining(char))


def latin_of(folded: str) -> str:
    """A fold in plain Latin letters, for ``skeletons``."""
    return folded.translate(_SOUNDS)
