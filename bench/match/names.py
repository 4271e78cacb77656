"""Write the name tables that the room ships, from the public sources named in its ORIGIN.md.

    python -m bench.match.names SOURCES

SOURCES is a folder with uk_ru_pairs.tsv.gz, ru_first_counts.tsv.gz,
ru_surname_relfreq_zhuravlev2005.csv, wd_arabic.tsv.gz and wd_hebrew.tsv.gz.
"""

from __future__ import annotations

import csv
import gzip
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from homeward.people.folding import bare, cyrillic_sounds, fold, surname_fold

HERE = Path(__file__).parent
DATA = Path(__file__).parents[2] / "src" / "homeward" / "people" / "data"
SURNAMES = 12_000
COMMON_ENOUGH = 10  # bearers among 2.6 million; below it the counts are mostly misprints


def main(folder: str) -> None:
    """Write given.tsv.gz and surnames.tsv.gz for the room, people.tsv.gz for invented lists."""
    sources = Path(folder)
    _write(HERE / "people.tsv.gz", _people(sources, SURNAMES))
    _write(DATA / "given.tsv.gz", _given(sources))
    _write(DATA / "surnames.tsv.gz", _surnames(sources))


def _rows(path: Path) -> Iterator[list[str]]:
    for line in gzip.decompress(path.read_bytes()).decode("utf-8").splitlines():
        yield line.split("\t")


def _write(path: Path, lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    # No time stamp, so that the same sources give the same bytes.
    path.write_bytes(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def _given(sources: Path) -> list[str]:
    counts: Counter[str] = Counter()
    women: Counter[str] = Counter()
    for name, gender, _, count in list(_rows(sources / "ru_first_counts.tsv.gz"))[1:]:
        counts[name.casefold()] += int(count)
        women[name.casefold()] += int(count) * (gender == "f")
    other: dict[str, set[str]] = {}
    for pool, uk, russian, rank in _rows(sources / "uk_ru_pairs.tsv.gz"):
        ru = russian.casefold()
        known = pool == "first" and rank == "0" and "-" not in uk and counts[ru] >= COMMON_ENOUGH
        if known and _fold(uk) != _fold(ru):
            other.setdefault(ru, set()).add(uk)
    lines = ["# given name\tgender\tcount\tUkrainian forms with another fold\tsource"]
    for name, bearers in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if bearers >= COMMON_ENOUGH and name.isalpha():
            gender = "f" if women[name] * 2 > bearers else "m"
            forms = "|".join(sorted(other.get(name, ())))
            source = "russiannames; names-translator" if forms else "russiannames"
            lines.append(f"{name}\t{gender}\t{bearers}\t{forms}\t{source}")
    return lines


def _surnames(sources: Path) -> list[str]:
    """Surnames whose Ukrainian and Russian forms still differ, and the commonest Russian ones."""
    lines = ["# surname\tUkrainian form\tfrequency relative to the commonest\tsource"]
    with (sources / "ru_surname_relfreq_zhuravlev2005.csv").open(encoding="utf-8") as table:
        lines += [
            f"{row['surname']}\t\t{float(row['rel_freq']):.4f}\tzhuravlev2005"
            for row in csv.DictReader(table)
            if not row["surname"].endswith(("ва", "на", "ая"))
        ]
    last = [
        (ru.casefold(), uk, rank)
        for pool, uk, ru, rank in _rows(sources / "uk_ru_pairs.tsv.gz")
        if pool == "last"
    ]
    # What is also a Russian surname as it stands must stay that surname.
    russian = {_surname(ru) for ru, *_ in last}
    pairs = {(ru, uk) for ru, uk, rank in last if rank == "0" and _surname(uk) not in russian}
    lines += [f"{ru}\t{uk}\t\tnames-translator" for ru, uk in sorted(pairs)]
    return lines


def _people(sources: Path, surnames: int) -> list[str]:
    """Names to invent people from: kind, Ukrainian form, Russian form, weight."""
    pairs: dict[str, dict[str, list[str]]] = {"first": {}, "patronymic": {}, "last": {}}
    for pool, uk, ru, rank in list(_rows(sources / "uk_ru_pairs.tsv.gz"))[1:]:
        if rank == "0" and uk.replace("'", "").isalpha():
            pairs[pool].setdefault(ru.casefold(), []).append(uk)
    counts: dict[str, Counter[str]] = {"m": Counter(), "f": Counter()}
    for name, gender, _, count in list(_rows(sources / "ru_first_counts.tsv.gz"))[1:]:
        if gender in counts and name.casefold() in pairs["first"]:
            counts[gender][name.casefold()] += int(count)
    lines = []
    for gender, most in (("m", 350), ("f", 150)):
        for ru, bearers in counts[gender].most_common(most):
            uk = _ukrainian(pairs["first"][ru], ru)
            lines.append(f"given-{gender}\t{uk}\t{ru}\t{bearers}")
    fathers: Counter[tuple[str, str]] = Counter()
    for name, gender, _, _, count in list(_rows(sources / "ru_patronymic_counts.tsv.gz"))[1:]:
        if gender in counts and name.casefold() in pairs["patronymic"]:
            fathers[gender, name.casefold()] += int(count)
    for (gender, ru), bearers in fathers.most_common(700):
        uk = _ukrainian(pairs["patronymic"][ru], ru)
        lines.append(f"father-{gender}\t{uk}\t{ru}\t{bearers}")
    every = sorted(ru for ru in pairs["last"] if not ru.endswith(("ва", "на", "ая")))
    chosen = random.Random(1).sample(every, min(surnames, len(every)))
    lines += [f"surname\t{_ukrainian(pairs['last'][ru], ru)}\t{ru}\t" for ru in chosen]
    return lines


def _ukrainian(forms: list[str], ru: str) -> str:
    """The form that looks Ukrainian: registers hold Russian spellings among the Ukrainian ones."""

    def likely(form: str) -> tuple[bool, bool, int, int, str]:
        ending = form.endswith(("ович", "івна", "ївна", "ій", "ич", "ична"))
        odd = form.count("є", 1) + form.count("ь") + form.count("ы") + form.startswith("и")
        return _fold(form) != _fold(ru), ending, -odd, form.count("і") - len(form), form

    return max(forms, key=likely)


def _fold(word: str) -> str:
    return fold(cyrillic_sounds(bare(word)))


def _surname(word: str) -> str:
    return surname_fold(cyrillic_sounds(bare(word)))


if __name__ == "__main__":
    main(sys.argv[1])
