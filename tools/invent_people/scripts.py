"""One name in several scripts: how clerks who read one alphabet write it in another."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Each style is a table of letter -> letters; "^x" holds at the start of a word.
_RU = dict(
    zip(
        "абвгдезийклмнопрстуфхыьъэ",
        [*"abvgdeziiklmnoprstufhy", "", "", "e"],
        strict=True,
    )
)
_HUSH = {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "shch", "ц": "ts", "х": "kh"}
_YOT = {"ю": "yu", "я": "ya", "ё": "yo"}
STYLES: Mapping[str, Mapping[str, str]] = {
    # Ukrainian letters
    "kmu": _RU
    | _HUSH
    | {"г": "h", "ґ": "g", "и": "y", "і": "i", "ї": "i", "^ї": "yi", "й": "i", "^й": "y"}
    | {"є": "ie", "^є": "ye", "ю": "iu", "^ю": "yu", "я": "ia", "^я": "ya"},
    "uk_plain": _RU
    | _HUSH
    | _YOT
    | {"г": "g", "ґ": "g", "и": "i", "і": "i", "ї": "i", "й": "y"}
    | {"є": "e", "^є": "ye", "х": "h"},
    # Russian letters
    "icao": _RU | _HUSH | {"ю": "iu", "я": "ia", "ё": "e", "ъ": "ie"},
    "bgn": _RU | _HUSH | _YOT | {"й": "y", "^е": "ye", "ё": "e"},
    "french": _RU
    | {"ж": "j", "ч": "tch", "ш": "ch", "щ": "chtch", "ц": "ts", "х": "kh", "у": "ou"}
    | {"ю": "iou", "я": "ia", "ё": "io", "й": "i"},
    "german": _RU
    | {"ж": "sch", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ц": "z", "х": "ch", "в": "w"}
    | {"ю": "ju", "я": "ja", "ё": "jo", "й": "j", "з": "s"},
    "ru_plain": _RU | _HUSH | _YOT | {"й": "y", "х": "h", "ё": "e"},
}
FOR_UKRAINIAN = ("kmu", "kmu", "uk_plain")
FOR_RUSSIAN = ("icao", "icao", "bgn", "ru_plain", "french", "german")

_UK_EAR = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "и": "ы"})
_LATIN_CYRILLIC = (
    ("kh", "х"), ("gh", "г"), ("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("th", "т"), ("dh", "д"),
    ("ts", "ц"), ("tz", "ц"), ("you", "ю"), ("yi", "и"), ("ou", "у"),
    ("oo", "у"), ("ee", "и"), ("ya", "я"), ("yu", "ю"),
    ("ye", "е"), ("yo", "йо"), ("ai", "ай"), ("ei", "ей"), ("ay", "ай"), ("ey", "ей"),
    ("a", "а"), ("b", "б"), ("c", "к"), ("d", "д"), ("e", "е"), ("f", "ф"), ("g", "г"),
    ("h", "х"), ("i", "и"), ("j", "дж"), ("k", "к"), ("l", "л"), ("m", "м"), ("n", "н"),
    ("o", "о"), ("p", "п"), ("q", "к"), ("r", "р"), ("s", "с"), ("t", "т"), ("u", "у"),
    ("v", "в"), ("w", "у"), ("x", "кс"), ("y", "и"), ("z", "з"),
)  # fmt: skip
_BEFORE_I = "жчшщцдтзср"


def to_latin(word: str, style: str) -> str:
    """Romanise a Cyrillic word; ``style`` is a key of STYLES. Endings -ий, -ый become one i."""
    table = STYLES[style]
    text = word.lower().replace("’", "'")
    if style == "kmu":
        text = text.replace("зг", "zgh")
    if style not in ("icao", "kmu"):
        text = re.sub(r"[иы]й\b", "i" if style == "german" else "y", text)
    out = ""
    start = True
    for letter in text:
        plain = table.get(letter, "" if letter in "'ʼ" else letter)
        out += table.get("^" + letter, plain) if start else plain
        start = letter in "- "
    return like(word, out)


def like(model: str, word: str) -> str:
    """``word`` with the capitals of ``model`` (all, or the first of each part)."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return re.sub(r"(^|[- ])(\w)", lambda found: found[1] + found[2].upper(), word)


def russian_to_ukrainian(word: str) -> str:
    """A Russian name as a Ukrainian clerk writes it: и -> і or и, ы -> и, е -> є after a vowel."""
    text = word.lower()
    text = text.replace("ьё", "йо").replace("ё", "ьо").replace("ъ", "'").replace("э", "е")
    text = re.sub(r"(?<=[аеиоуыюя])е", "є", text)
    text = re.sub(r"ье", "ьє", text)
    text = re.sub(r"(ск|цк|зк)ий\b", lambda found: {"ск": "ськ", "цк": "цьк", "зк": "зьк"}[found[1]]
                  + "ий", text)  # fmt: skip
    text = re.sub(r"ый\b", "ий", text)
    text = re.sub(r"(?<=[бвгдзклмнпстф])е(є?ва?)\b", r"є\1", text)  # Алексєєв, Лебедєв
    text = re.sub(r"(?<=[бвгдзклмнпрстфх])ин(а?)\b", r"ін\1", text)  # Нікітін, but Кузьмичин
    out = ""
    for place, letter in enumerate(text):
        before = text[place - 1] if place else ""
        following = text[place + 1 : place + 2]
        if letter == "и" and before and before in "аеєиоуюя":
            out += "ї"
        elif letter == "и":
            hard = before in _BEFORE_I and before and following and following not in "аеєоуюяй"
            adjective = following == "й" and place + 2 == len(text)
            out += "и" if hard or adjective else "і"
        else:
            out += "и" if letter == "ы" else letter
    return like(word, out.replace("ьоьо", "ьо"))


def ukrainian_by_ear(word: str) -> str:
    """A Ukrainian name in Russian letters as it sounds: Микола -> Мыкола, Ігор -> Игор."""
    return like(word, word.lower().replace("'", "ъ").replace("йо", "ё").translate(_UK_EAR))


def latin_to_cyrillic(word: str, *, ukrainian: bool = False) -> str:
    """A Latin spelling as a Cyrillic clerk hears it; Ukrainian writes і for и."""
    out = _spell(word.lower(), _LATIN_CYRILLIC)
    out = out[0].replace("е", "э") + out[1:] if not ukrainian else out.replace("и", "і")
    return like(word, out)


_LATIN_ARABIC = (
    ("shch", "شتش"), ("kh", "خ"), ("gh", "غ"), ("sh", "ش"), ("ch", "تش"), ("zh", "ج"),
    ("th", "ث"), ("ts", "تس"), ("ou", "و"), ("oo", "و"), ("ya", "يا"), ("yu", "يو"),
    ("a", "ا"), ("b", "ب"), ("c", "ك"), ("d", "د"), ("e", "ي"), ("f", "ف"), ("g", "غ"),
    ("h", "ه"), ("i", "ي"), ("j", "ج"), ("k", "ك"), ("l", "ل"), ("m", "م"), ("n", "ن"),
    ("o", "و"), ("p", "ب"), ("q", "ق"), ("r", "ر"), ("s", "س"), ("t", "ت"), ("u", "و"),
    ("v", "ف"), ("w", "و"), ("x", "كس"), ("y", "ي"), ("z", "ز"),
)  # fmt: skip
_LATIN_HEBREW = (
    ("shch", "שצ'"), ("kh", "ח"), ("gh", "ג"), ("sh", "ש"), ("ch", "צ'"), ("zh", "ז'"),
    ("th", "ת"), ("ts", "צ"), ("tz", "צ"), ("ou", "ו"), ("oo", "ו"), ("ya", "יה"), ("yu", "יו"),
    ("a", ""), ("b", "ב"), ("c", "ק"), ("d", "ד"), ("e", ""), ("f", "פ"), ("g", "ג"),
    ("h", "ה"), ("i", "י"), ("j", "ג'"), ("k", "ק"), ("l", "ל"), ("m", "מ"), ("n", "נ"),
    ("o", "ו"), ("p", "פ"), ("q", "ק"), ("r", "ר"), ("s", "ס"), ("t", "ט"), ("u", "ו"),
    ("v", "ב"), ("w", "ו"), ("x", "קס"), ("y", "י"), ("z", "ז"),
)  # fmt: skip
_FINAL_HEBREW = dict(zip("כמנפצ", "ךםןףץ", strict=True))


def latin_to_arabic(word: str) -> str:
    """A Latin spelling in Arabic letters, vowels written out as in foreign names."""
    out = _spell(word.lower(), _LATIN_ARABIC)
    return "إ" + out if word[:1].lower() in ("e", "i") else out


def latin_to_hebrew(word: str) -> str:
    """A Latin spelling in Hebrew letters, short vowels left out, final letters as they stand."""
    out = ("א" if word[:1].lower() in ("a", "e", "i", "o", "u") else "") + _spell(
        word.lower(), _LATIN_HEBREW
    )
    if word.lower().endswith("a"):
        out += "ה"
    return out[:-1] + _FINAL_HEBREW.get(out[-1], out[-1])


def _spell(text: str, table: tuple[tuple[str, str], ...]) -> str:
    out = ""
    while text:
        for latin, letters in table:
            if text.startswith(latin):
                out, text = out + letters, text[len(latin) :]
                break
        else:
            out, text = out + text[0], text[1:]
    return out
