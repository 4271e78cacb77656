"""Names that nobody here made up: how often keys agree, beside other tools on the same names.

    python -m bench.match.real [FOLDER]

FOLDER holds public tables that are not part of this project: wd_arabic.tsv.gz and wd_hebrew.tsv.gz
(Merhav and Ash 2018, tokens of Wikidata), nomenklatura_name_cases.csv (opensanctions/nomenklatura,
contrib), pep_lastnames.csv.gz and pep_names.csv.gz (dchaplinsky/pep.org.ua). None of the five was
used to make keys or weights. Without a FOLDER nothing is measured and this is said.

A *stranger* is the other half of another pair, drawn with a fixed seed. ROC AUC is the share of
(pair, stranger) in which the pair has the higher score, ties counted half. Best F1 chooses its
threshold knowing the truth, alike for all.
"""

from __future__ import annotations

import csv
import gzip
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from bench.match.peers import PEERS
from homeward.people import Line
from homeward.people.columns import prepare, scripts_of
from homeward.people.folding import loose, shorter
from homeward.people.keys import keys
from homeward.people.linking import Seen, weigh
from homeward.people.parts import split_name

Pairs = list[tuple[str, str]]
Scorer = Callable[[Pairs], list[float]]
PEER = PEERS["nomenklatura logic-v2"]
MOST = 6_000
SEED = 20_26


def main(folders: Sequence[str]) -> None:
    """One table for each kind of name."""
    if not folders:
        print("No folder with real names was given, so nothing was measured on them.")
        return
    folder = Path(folders[0])
    if not PEER.exists():
        print("The other tools are not installed (make peers): their rows are missing.")
    for kind, file in (("arab", "wd_arabic.tsv.gz"), ("hebr", "wd_hebrew.tsv.gz")):
        for least in (1, 2):
            _tokens(folder / file, kind, least)
    for file, parts in (("pep_lastnames.csv.gz", "surnames"), ("pep_names.csv.gz", "givens")):
        _ukrainian_russian(folder / file, parts)
    _cases(folder / "nomenklatura_name_cases.csv")


def _tokens(path: Path, kind: str, least: int) -> None:
    """Latin tokens and their Arabic or Hebrew spellings."""
    with gzip.open(path, "rt", encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")]
    known = [(row[0], row[1].replace(" ", "")) for row in rows if int(row[2]) >= least]
    pairs = random.Random(SEED).sample(known, min(MOST, len(known)))
    seen = f"seen at least {least} times" if least > 1 else "all"
    _title(f"{path.name}, {seen}: {len(pairs)} of {len(known)} pairs")

    def ours(pairs: Pairs) -> list[float]:
        return [_alike(*_skeletons(pair, kind)) for pair in pairs]

    def levels(pairs: Pairs) -> list[float]:
        return [_level(*_skeletons(pair, kind)) for pair in pairs]

    _against_strangers(pairs, "homeward, skeletons", ours)
    _against_strangers(pairs, "homeward, the matcher's three levels", levels)
    _peers_against_strangers(pairs)


def _skeletons(pair: tuple[str, str], kind: str) -> tuple[Sequence[str], Sequence[str]]:
    one, other = (keys(name, name, scripts=(kind,)).surname_skeletons for name in pair)
    return one, other


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    return max(
        (Levenshtein.normalized_similarity(a[5:], b[5:]) for a in one for b in other), default=0.0
    )


def _level(one: Sequence[str], other: Sequence[str]) -> float:
    """sounds-alike, sounds-near or sounds-apart, as in homeward.people.evidence."""
    if set(one) & set(other):
        return 1.0
    near = [
        {form for reading in readings if len(reading) >= 8 for form in shorter(reading[5:])}
        for readings in (one, other)
    ]
    return 0.5 if near[0] & near[1] else 0.0


def _ukrainian_russian(path: Path, part: str) -> None:
    """Ukrainian names and the Russian forms a register has for them."""
    with gzip.open(path, "rt", encoding="utf-8") as table:
        pairs = sorted({(row[0], row[1]) for row in csv.reader(table) if row[0] and row[1]})
    pairs = random.Random(SEED).sample(pairs, min(MOST, len(pairs)))
    _title(f"{path.name}: {len(pairs)} pairs")

    def ours(pairs: Pairs) -> list[float]:
        return [float(bool(_heard(one, part) & _heard(other, part))) for one, other in pairs]

    _against_strangers(pairs, "homeward, keys", ours)
    _peers_against_strangers(pairs)


def _heard(name: str, part: str) -> set[str]:
    if part == "givens":
        return set(keys("Коваль", name).givens)
    return {loose(reading) for reading in keys(name, "Ян").surnames}


def _peers_against_strangers(pairs: Pairs) -> None:
    if PEER.exists():
        _against_strangers(pairs, "ICU Any-Latin, rapidfuzz ratio", _icu(fuzz.ratio))
        _against_strangers(pairs, "nomenklatura logic-v2", _nomenklatura)


def _against_strangers(pairs: Pairs, name: str, scorer: Scorer) -> None:
    dice = random.Random(SEED)
    order = dice.sample(range(len(pairs)), len(pairs))
    # Each in a circle is a stranger to the next; a stranger of the same spelling is none.
    strangers = [
        (pairs[at][0], pairs[to][1])
        for at, to in zip(order, [*order[1:], order[0]], strict=True)
        if pairs[at][0] != pairs[to][0] and pairs[at][1] != pairs[to][1]
    ]
    true, false = np.array(scorer(pairs)), np.array(scorer(strangers))
    top = max(true.max(), false.max())
    print(
        f"| {name} | {_auc(true, false):.4f} | {np.mean(true >= top):.4f} "
        f"| {np.mean(false >= top):.5f} |",
        flush=True,
    )


def _title(text: str) -> None:
    print(f"\n{text}\n\n| tool | ROC AUC | pairs equal | strangers equal |\n|---|---|---|---|")


def _auc(true: np.ndarray, false: np.ndarray) -> float:
    ordered = np.sort(false)
    below = np.searchsorted(ordered, true, "left") + np.searchsorted(ordered, true, "right")
    return float(below.mean() / 2 / len(false))


def _cases(path: Path) -> None:
    """Pairs of whole names labelled by nomenklatura's makers."""
    with path.open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["schema"] == "Person"]
    truth = np.array([row["is_match"] == "true" for row in rows])
    pairs = [(row["name1"], row["name2"]) for row in rows]
    print(f"\n{path.name}: {len(rows)} pairs of persons, {truth.sum()} of them one person\n")
    print("| tool | best F1 | precision | recall | ROC AUC |\n|---|---|---|---|---|")
    tools: dict[str, Scorer] = {"homeward, names alone": _evidence}
    if PEER.exists():
        tools["ICU Any-Latin, rapidfuzz token_sort_ratio"] = _icu(fuzz.token_sort_ratio)
        tools["nomenklatura logic-v2"] = _nomenklatura
    for name, scorer in tools.items():
        scores = np.array(scorer(pairs))
        best = max(_f1(scores >= at, truth) for at in np.unique(scores))
        shown = " | ".join(f"{value:.4f}" for value in (*best, _auc(scores[truth], scores[~truth])))
        print(f"| {name} | {shown} |", flush=True)


def _f1(said: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    right = int((said & truth).sum())
    precision, recall = right / int(said.sum()), right / int(truth.sum())
    return (2 * precision * recall / (precision + recall) if right else 0.0, precision, recall)


_APART = {"differs", "sounds-apart", "initial-differs"}


def _differs(seen: Iterable[Seen]) -> bool:
    """Whether a part of the name is contradicted for the matcher; one not written never is."""
    apart = {"given_name": _APART | {"close"}}
    return any(entry.level in apart.get(entry.field, _APART) for entry in seen)


def _evidence(pairs: Pairs) -> list[float]:
    """The matcher's own bits for two names in one piece, the best of all orders of both."""
    sides = [[line for pair in pairs for line in _lines(pair[side])] for side in (0, 1)]
    scripts = tuple(sorted(scripts_of(sides[0]) | scripts_of(sides[1])))
    rows = [prepare(lines, scripts) for lines in sides]
    first = np.repeat(ORDERS * np.arange(len(pairs)), ORDERS**2)
    turns = np.tile(np.arange(ORDERS**2), len(pairs))
    found = weigh(rows[0], rows[1], (first + turns // ORDERS, first + turns % ORDERS))
    best = np.full(len(pairs), -100.0)
    seen = [found.seen(at) for at in range(len(found.bits))]
    # What the matcher never decides because a name differs is put below all that it might, and
    # what it cannot read at all below that.
    differ = np.array([_differs(each) for each in seen])
    unread = np.array([_unread(each) for each in seen])
    np.maximum.at(best, found.left // ORDERS, found.bits - 40.0 * differ - 100.0 * unread)
    return list(best.tolist())


def _unread(seen: Iterable[Seen]) -> bool:
    return all(entry.level == "omitted" for entry in seen)


ORDERS = 2


def _lines(name: str) -> Iterable[Line]:
    """A name as its form has it, and with the surname last and forefathers before it."""
    yield Line("x", *split_name(name))
    first, *rest = name.replace(",", " ").split()
    *fathers, last = rest or [""]
    yield Line("x", last, first, " ".join(fathers))


def _icu(ratio: Callable[[str, str], float]) -> Scorer:
    def scores(pairs: Pairs) -> list[float]:
        latin = _asked([name for pair in pairs for name in pair])
        return [ratio(one, other) for one, other in zip(latin[::2], latin[1::2], strict=True)]

    return scores


def _nomenklatura(pairs: Pairs) -> list[float]:
    return [float(answer) for answer in _asked(["\t".join(pair) for pair in pairs])]


def _asked(lines: Sequence[str]) -> list[str]:
    script = Path(__file__).with_name("real_peer.py")
    done = subprocess.run(
        [str(PEER), str(script)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\n")[:-1]


if __name__ == "__main__":
    main(sys.argv[1:])
