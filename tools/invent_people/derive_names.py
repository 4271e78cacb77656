"""Make ``names/*.tsv.gz`` from the public name tables listed in ``names/ORIGIN.md``.

Run once, by hand: ``python -m tools.invent_people.derive_names DIR`` with DIR holding the source
tables. The results are committed, so nobody else needs DIR. The same DIR gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from tools.invent_people.scripts import russian_to_ukrainian
from tools.invent_people.words import read_table

HERE = Path(__file__).parent / "names"
SURNAMES_EACH = 7000
UKRAINIAN_ENDINGS = re.compile(
    r"(енко|ченко|ко|чук|щук|ук|юк|ак|як|ик|ський|цький|зький|ець|ів|їв|ишин|аль|ань|ло|ба|да|ун|ар|яр)\Z"
)
RUSSIAN_ENDINGS = re.compile(r"(ов|ев|ёв|ин|ын|ский|цкий|ых|их)\Z")
NOT_UKRAINIAN = re.compile(r"[ыэёъ]|[бвгґджзклмнпрстфхцчшщ]є(?!є?ва?\Z)")
# Bearers of these are in the news; nobody invented should seem to be one of them.
AVOIDED = frozenset(
    """
    зеленський порошенко янукович ющенко тимошенко кучма умєров єрмак буданов лубінець залужний
    сирський яценюк путин зеленский ермак лубинец залужный умеров сырский медведев мединский
    москалькова лавров шойгу песков белоусов герасимов кадыров пригожин лукашенко лукашенка
    навальный медведчук жириновский ельцин горбачев сталин ленин
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
Row = tuple[str, ...]


def lines(path: Path) -> Iterator[list[str]]:
    """The rows of a source table, tab or comma separated, without its header."""
    delimiter = "\t" if ".tsv" in path.name else ","
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    rows = csv.reader(text.splitlines(), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    next(rows)
    yield from rows


def pairs(source: Path) -> dict[str, dict[str, str]]:
    """For each pool (first, last, patronymic) the first Russian form of a Ukrainian key."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for pool, uk, ru, rank in lines(source / "uk_ru_pairs.tsv.gz"):
        if rank == "0" and not NOT_UKRAINIAN.search(uk):
            found[pool][uk] = ru
    return found


def turned(table: dict[str, str]) -> dict[str, str]:
    """Russian form to its most Ukrainian-looking key."""
    found: dict[str, str] = {}
    for uk, ru in sorted(table.items()):
        form = ru.lower()
        better = form not in found or _ukrainian(uk, form) > _ukrainian(found[form], form)
        if better:
            found[form] = uk
    return found


def _ukrainian(uk: str, ru: str) -> tuple[bool, bool, int]:
    return uk == russian_to_ukrainian(ru).lower(), bool(re.search("[іїєґ]", uk)), -len(uk)


def checked(source: Path, name: str, ending: str = "") -> dict[str, str]:
    """Russian form to Ukrainian form, from pairs that an editor has corrected by hand."""
    found: dict[str, str] = {}
    for uk, ru, *_ in lines(source / f"pep_{name}.csv.gz"):
        if ru and uk.endswith(ending) and not NOT_UKRAINIAN.search(uk.lower()):
            found.setdefault(ru.lower(), uk.lower())
    return found


_IRREGULAR = {
    "Ілля": ("Ілліч", "Іллівна"),
    "Лука": ("Лукич", "Луківна"),
    "Кузьма": ("Кузьмич", "Кузьмівна"),
    "Хома": ("Хомич", "Хомівна"),
    "Яків": ("Якович", "Яківна"),
    "Григорій": ("Григорович", "Григорівна"),
    "Микола": ("Миколайович", "Миколаївна"),
    "Федір": ("Федорович", "Федорівна"),
    "Сидір": ("Сидорович", "Сидорівна"),
    "Тихін": ("Тихонович", "Тихонівна"),
    "Ничипір": ("Ничипорович", "Ничипорівна"),
    "Лев": ("Львович", "Львівна"),
}


def ukrainian_patronymics(father: str) -> tuple[str, str]:
    """Son's and daughter's patronymic of a Ukrainian given name, by the rule of the language."""
    if father in _IRREGULAR:
        return _IRREGULAR[father]
    if father.endswith("й"):
        return father + "ович", father[:-1] + "ївна"
    if father.endswith("ь"):
        son = "ьович" if father.endswith("ль") else "ович"
        return father[:-1] + son, father[:-1] + "івна"
    stem = father[:-1] if father.endswith(("о", "а")) else father
    return stem + "ович", stem + "івна"


def title(word: str) -> str:
    """Capital first letters, also after a hyphen, never after an apostrophe."""
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))


def surnames(source: Path) -> list[Row]:
    """Rows ``culture uk ru weight``; weights follow Zipf-Mandelbrot (q = 30, s = 0.9)."""
    table = pairs(source)["last"]
    inverse = turned(table)
    seen = {row[0].lower() for row in lines(source / "uk_ru_legacy.csv.gz")}
    seen |= {row[0].lower() for row in lines(source / "pep_lastnames.csv.gz")}
    head_uk = [row["uk"] for row in read_table("surnames_head")]
    tail_uk = [w for w in sorted(seen & table.keys()) if UKRAINIAN_ENDINGS.search(w)]
    rows = [("uk", title(uk), title(table.get(uk, uk))) for uk in _mixed(head_uk, tail_uk)]
    weighed = _weighed(rows)
    counted = {
        form: float(freq) for form, freq in lines(source / "ru_surname_relfreq_zhuravlev2005.csv")
    }
    head_ru = sorted((w for w in counted if not w.endswith(("а", "ая"))), key=lambda w: -counted[w])
    tail_ru = sorted({table[uk].lower() for uk in seen & table.keys()} - set(head_ru))
    tail_ru = [w for w in tail_ru if RUSSIAN_ENDINGS.search(w)]
    rows = [
        ("ru", title(inverse.get(ru) or russian_to_ukrainian(ru)), title(ru))
        for ru in _mixed(head_ru, tail_ru)
    ]
    return weighed + _weighed(rows)


def _mixed(head: Sequence[str], tail: Sequence[str]) -> list[str]:
    """The head in its order, then the tail in an order that follows no alphabet."""
    scattered = sorted(set(tail) - set(head), key=lambda word: word[::-1])
    step = max(1, len(scattered) // 997)
    order = [word for start in range(step) for word in scattered[start::step]]
    plain = re.compile(r"[а-яіїєґё']{3,16}\Z")
    return [w for w in (*head, *order) if plain.match(w) and w not in AVOIDED][:SURNAMES_EACH]


def _weighed(rows: Iterable[Row]) -> list[Row]:
    return [(*row, str(round(1e6 / (n + 30) ** 0.9))) for n, row in enumerate(rows, start=1)]


def given_names(source: Path) -> list[Row]:
    """Rows ``culture group sex uk ru w1955 ... w1995``: the common ones, then a tail.

    ``group`` keeps a father's name and a child's in one tradition (slav, tur, arab, arm).
    """
    common = [
        (r["culture"], "slav", r["sex"], r["uk"], r["ru"], *(r[c] for c in r if c[0] == "w"))
        for r in read_table("given_common")
    ]
    known = {(row[2], row[4]) for row in common}
    inverse = turned(pairs(source)["first"]) | checked(source, "names")
    counted: dict[tuple[str, str, str], int] = defaultdict(int)
    for text, sex, ethnic, count in lines(source / "ru_first_counts.tsv.gz"):
        if sex in ("m", "f") and ethnic in ("slav", "tur", "arab", "arm") and "-" not in text:
            counted[text, sex, ethnic] += int(count)
    best = sorted(counted, key=lambda key: (-counted[key], key))
    tail = [k for k in best if counted[k] >= 150 and (k[1], k[0]) not in known][:420]
    rows = []
    for ru, sex, ethnic in tail:
        uk = inverse.get(ru.lower()) or russian_to_ukrainian(ru)
        weight = str(max(1, counted[ru, sex, ethnic] // 300))
        cultures = ("uk", "ru") if ethnic == "slav" else ("ru",)
        rows += [(c, ethnic, sex, title(uk), title(ru), *[weight] * 5) for c in cultures]
    return common + sorted(rows)


def patronymics(source: Path) -> list[Row]:
    """Rows ``father_ru uk_m uk_f ru_m ru_f``, commonest first, where all forms are known."""
    names = {row["ru"]: row["uk"] for row in read_table("given_common") if row["sex"] == "m"}
    firsts = turned(pairs(source)["first"]) | checked(source, "names")
    counts: dict[str, int] = defaultdict(int)
    forms: dict[str, dict[str, str]] = defaultdict(dict)
    for text, sex, father, _ethnic, count in lines(source / "ru_patronymic_counts.tsv.gz"):
        if father:
            counts[father] += int(count)
            forms[father].setdefault(sex, text)  # the commonest form stands first
    rows: list[Row] = []
    for father in sorted(counts, key=lambda name: (-counts[name], name))[:800]:
        ru_m, ru_f = forms[father].get("m"), forms[father].get("f")
        if not ru_m or not ru_f or not ru_m.endswith("ич"):
            continue
        known = names.get(father) or firsts.get(father.lower()) or russian_to_ukrainian(father)
        uk_m, uk_f = ukrainian_patronymics(title(known))
        rows.append((father, uk_m, uk_f, ru_m, ru_f))
    return rows


def other_scripts(source: Path, language: str, table: str) -> list[Row]:
    """Rows ``kind sex script latin weight``; ``latin`` holds the spellings found, best first."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for latin, spaced, count in lines(source / f"wd_{table}.tsv.gz"):
        if re.fullmatch(r"[a-z]{2,14}", latin):
            found[spaced.replace(" ", "")].append((-int(count), latin))
    rows: list[Row] = []
    for row in read_table("names_other"):
        if row["language"] != language:
            continue
        spellings = found.get(row["script"], [])
        often = sum(-count for count, _ in spellings) / 25
        usual = [
            latin
            for count, latin in sorted(spellings)
            if -count >= often
            and latin[0] == row["latin"][0]
            and SequenceMatcher(None, latin, row["latin"]).ratio() > 0.6
        ]
        latins = list(dict.fromkeys([row["latin"], *usual]))[:5]
        rows.append((row["kind"], row["sex"], row["script"], ";".join(latins), row["weight"]))
    return rows


def write(name: str, header: Row, rows: Iterable[Row]) -> None:
    """A gzipped table whose bytes depend on the rows alone (no time, no file name)."""
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows([header, *rows])
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as zipped:
        zipped.write(text.getvalue().encode())
    (HERE / f"{name}.tsv.gz").write_bytes(packed.getvalue())


def main(source: Path) -> None:
    """Write all five tables."""
    write("surnames", ("culture", "uk", "ru", "weight"), surnames(source))
    cohorts = ("w1955", "w1965", "w1975", "w1985", "w1995")
    write("given", ("culture", "group", "sex", "uk", "ru", *cohorts), given_names(source))
    header = ("father_ru", "uk_m", "uk_f", "ru_m", "ru_f")
    write("patronymics", header, patronymics(source))
    header = ("kind", "sex", "script", "latin", "weight")
    write("arabic", header, other_scripts(source, "ar", "arabic"))
    write("hebrew", header, other_scripts(source, "he", "hebrew"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
