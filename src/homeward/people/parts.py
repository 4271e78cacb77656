"""A name written in one cell, taken apart into surname, given name and patronymic."""

from __future__ import annotations

import re
from functools import cache

from homeward.people import tables

# The endings that only a patronymic has, in Cyrillic and in Latin spellings of it.
PATRONYMIC = re.compile(
    r"(?:(?:ов|ев|єв|йов|ьов|ёв)(?:ич|іч|ич|на)|(?:ів|їв)(?:на|ич|іч)|[иіь]ч|[иі]ч?на|инічна|инична)\Z"
    r"|(?:[oeyi]?[vw][yi](?:ch|č|cz|tch|tsch|c)|[iye]{1,2}vna|[oe]vna|[oe]wna|i[iy]?wna|ichna"
    r"|\b(?:il|kuzm|luk|fom|nikit|sav+)[yij'ʹ’]*i?(?:ch|č|cz|tch|tsch))\Z",
    re.IGNORECASE,
)
_ARABIC = re.compile("[\u0600-\u06ff]")
# Words that make one name of themselves and the next, and those that do so with the one before.
_BEFORE = {"abu", "abou", "abi", "aboo", "um", "umm", "oum", "abd", "abdul", "abdel", "ba", "bani"}
_BEFORE |= {"al", "el", "as", "ash", "at", "an", "az", "ar", "ad", "ed", "er", "es"}
_BEFORE |= {
    "أبو",
    "ابو",
    "أبي",
    "ابي",
    "أم",
    "ام",
    "عبد",
    "آل",
    "ال",
    "ذو",
    "با",
    "بني",
    "אבו",
    "אל",
}
_AFTER = {"الدين", "الله", "الاسلام", "الإسلام", "allah", "al-din", "ad-din", "eddin", "eddine"}
_SON = {
    "بن",
    "ابن",
    "بنت",
    "bin",
    "ibn",
    "ben",
    "bint",
    "oglu",
    "ogly",
    "kyzy",
    "qizi",
    "оглы",
    "огли",
    "кызы",
    "кизи",
}


# Two words without a space between them: AndriyKovalenko, but not McDonald or LeBlanc.
_TOGETHER = re.compile(r"(?<=[^\W\d_]{3})(?<=[a-zа-яіїєґё])(?=[A-ZА-ЯІЇЄҐЁ][a-zа-яіїєґё]{2})")
_AYIN = "'’‘`ʻʼʿʾ"


def split_name(full: str) -> tuple[str, str, str]:
    """Surname, given name and patronymic of a name in one piece; order is guessed by its form.

    >>> split_name("Коваль Андрій Петрович")
    ('Коваль', 'Андрій', 'Петрович')
    >>> split_name("Andriy Petrovych Koval")
    ('Koval', 'Andriy', 'Petrovych')
    """
    full = without_titles(full, alone=False)
    head, comma, tail = (part.strip() for part in full.partition(","))
    if comma and head and tail:
        given, _, patronymic = tail.partition(" ")
        return head, given, patronymic.strip()
    tokens = _joined(_TOGETHER.sub(" ", full).split())
    if len(tokens) < 2:
        return full.strip(), "", ""
    if _ARABIC.search(full):
        return _chain(tokens)
    for at in range(len(tokens) - 1, 0, -1):
        if PATRONYMIC.search(tokens[at]):
            if at == len(tokens) - 1 and at > 1:
                return " ".join(tokens[: at - 1]), tokens[at - 1], tokens[at]
            if at < len(tokens) - 1:
                return " ".join(tokens[at + 1 :]), " ".join(tokens[:at]), tokens[at]
    if len(tokens) == 2 or not full.isascii():
        return tokens[0], tokens[1], " ".join(tokens[2:])
    return tokens[-1], tokens[0], " ".join(tokens[1:-1])


def _joined(words: list[str]) -> list[str]:
    """The words of a name, with the particles of Arabic names kept beside what they belong to."""
    names: list[str] = []
    open_ended = False
    for at, word in enumerate(words):
        plain = word.casefold().strip(_AYIN)
        if names and (open_ended or plain in _AFTER):
            names[-1] += f" {word}"
        else:
            names.append(word)
        open_ended = plain in _BEFORE and at < len(words) - 1
    return names


@cache
def _titles() -> frozenset[str]:
    return frozenset(word for _, words in tables.rows("titles.tsv") for word in words.split("|"))


def without_titles(text: str, *, alone: bool) -> str:
    """A name without rank, form of address or degree before it.

    A title may be a surname too (Матрос, Майор). In a cell that holds the surname ``alone`` it is
    taken out where something else remains; of a whole name only where a surname surely remains.

    >>> without_titles("ст. солдат Коваль", alone=True)
    'Коваль'
    >>> without_titles("Матрос Іван Петрович", alone=False)
    'Матрос Іван Петрович'
    """
    if " " not in text:
        return text
    words = text.split()
    first = 0
    while first < len(words) - 1 and _is_title(words[first]):
        first += 1
    rest = words[first:]
    sure = alone or len(rest) > 2 or (len(rest) == 2 and not PATRONYMIC.search(rest[1]))
    return " ".join(rest) if sure else text


def _is_title(word: str) -> bool:
    return word.replace(".", "").replace("-", "").strip("\"'’״׳,").casefold() in _titles()


def _chain(tokens: list[str]) -> tuple[str, str, str]:
    """An Arabic chain: own name, father's, grandfather's ..., family."""
    names = [token for token in tokens if token not in _SON]
    if len(names) == 2:
        return names[1], names[0], ""
    return names[-1], names[0], " ".join(names[1:-1])
