"""Names that nobody here made up: how often keys agree, beside other tools on the same names.

    python -m bench.match.real [FOLDER]

FOLDER holds public tables that are not part of this project: wd_arabic.tsv.gz and wd_hebrew.tsv.gz
(Merhav and Ash 2018, tokens of Wikidata), nomenklatura_name_cases.csv (opensanctions/nomenklatura,
contrib), pep_lastnames.csv.gz and pep_names.csv.gz (dchaplinsky/pep.org.ua). None of the five was
used to make keys or weights. One half of the tokens and of the cases was looked at to find what
keys lack; the other half was only scored. What is not there is named and left out.

A *stranger* is the other half of another pair, drawn with a fixed seed. ROC AUC is the share of
(pair, stranger) in which the pair has the higher score, ties counted half. Best F1 chooses its
threshold knowing the truth, alike for all. Pairs *equal*: a key in common; for nomenklatura, a
score of at least 0.7, from which it calls two names a match; for rapidfuzz, the same letters.
"""

from __future__ import annotations

import csv
import gzip
import platform
import random
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from bench.match.peers import PEERS
from homeward.people import Line
from homeward.people.columns import prepare, scripts_of
from homeward.people.folding import loose
from homeward.people.keys import keys
from homeward.people.linking import Seen, weigh
from homeward.people.parts import split_name

Pairs = list[tuple[str, str]]
Scorer = Callable[[Pairs], list[float]]
PEER = PEERS["nomenklatura logic-v2"]
MOST = 6_000
SEED = 20_26
CASES_SEED = 20  # shuffles the cases; the first half of them was looked at


def main(folders: Sequence[str]) -> None:
    """One table for each kind of name."""
    if not folders:
        print("No folder with real names was given, so nothing was measured on them.")
        return
    print(f"Python {platform.python_version()}, rapidfuzz {version('rapidfuzz')}, {_peer()}")
    for name, measure in {
        "wd_arabic.tsv.gz": lambda path: _tokens(path, "arab"),
        "wd_hebrew.tsv.gz": lambda path: _tokens(path, "hebr"),
        "pep_lastnames.csv.gz": lambda path: _ukrainian_russian(path, "surnames"),
        "pep_names.csv.gz": lambda path: _ukrainian_russian(path, "givens"),
        "nomenklatura_name_cases.csv": _cases,
    }.items():
        path = Path(folders[0]) / name
        if path.exists():
            measure(path)
        else:
            print(f"\n{name} is not in the folder: not measured.")


def _peer() -> str:
    """The other tools as they are installed, or that they are not."""
    if not PEER.exists():
        return "nomenklatura and ICU are not installed (make peers): their rows are missing"
    asks = "from importlib.metadata import version as v; print(v('nomenklatura'), v('pyicu'))"
    done = subprocess.run([str(PEER), "-c", asks], capture_output=True, text=True, check=True)
    found = done.stdout.split()
    return f"nomenklatura {found[0]} (logic-v2), PyICU {found[1]} (Any-Latin)"


def _tokens(path: Path, kind: str) -> None:
    """Latin tokens and their Arabic or Hebrew spellings, from the half that was not looked at."""
    with gzip.open(path, "rt", encoding="utf-8") as table:
        rows = [line.rstrip("\n").split("\t") for line in table if not line.startswith("#")][1::2]
    for least, seen in ((1, "all"), (2, "seen at least twice")):
        known = [(row[0], row[1].replace(" ", "")) for row in rows if int(row[2]) >= least]
        pairs = random.Random(SEED).sample(known, min(MOST, len(known)))
        _title(f"{path.name}, not looked at, {seen}: {len(pairs)} of {len(known)} pairs")
        _against_strangers(
            pairs, "homeward, the matcher's four levels", lambda pairs: _levels(pairs, kind), 0.8
        )
        _against_strangers(
            pairs, "homeward, likeness of skeletons", lambda pairs: _alike(pairs, kind), 1.0
        )
        _peers_against_strangers(pairs)


def _sounding(pairs: Pairs, kind: str) -> Iterable[tuple[dict[str, Any], dict[str, Any]]]:
    """The prepared columns of both names, each as a surname."""
    for pair in pairs:
        one, other = prepare([Line("x", name, name) for name in pair], (kind,))
        yield one, other


def _levels(pairs: Pairs, kind: str) -> list[float]:
    """sounds-alike, sounds-as-read, sounds-near or sounds-apart, as in homeward.people.evidence."""
    return [
        1.0
        if one["ssk1"] == other["ssk1"]
        else 0.8
        if set(one["ssk"]) & set(other["ssk"])
        else 0.5 * bool(set(one["snear"]) & set(other["snear"]))
        for one, other in _sounding(pairs, kind)
    ]


def _alike(pairs: Pairs, kind: str) -> list[float]:
    return [
        max(
            (
                Levenshtein.normalized_similarity(mine[5:], theirs[5:])
                for mine in one["ssk"]
                for theirs in other["ssk"]
            ),
            default=0.0,
        )
        for one, other in _sounding(pairs, kind)
    ]


def _ukrainian_russian(path: Path, part: str) -> None:
    """Ukrainian names and the Russian forms a register has for them."""
    with gzip.open(path, "rt", encoding="utf-8") as table:
        pairs = sorted({(row[0], row[1]) for row in csv.reader(table) if row[0] and row[1]})
    pairs = random.Random(SEED).sample(pairs, min(MOST, len(pairs)))
    _title(f"{path.name}: {len(pairs)} pairs")

    def ours(pairs: Pairs) -> list[float]:
        return [float(bool(_heard(one, part) & _heard(other, part))) for one, other in pairs]

    _against_strangers(pairs, "homeward, keys", ours, 1.0)
    _peers_against_strangers(pairs)


def _heard(name: str, part: str) -> set[str]:
    if part == "givens":
        return set(keys("Коваль", name).givens)
    return {loose(reading) for reading in keys(name, "Ян").surnames}


def _peers_against_strangers(pairs: Pairs) -> None:
    if PEER.exists():
        _against_strangers(pairs, "ICU Any-Latin, rapidfuzz ratio", _icu(fuzz.ratio), 100.0)
        _against_strangers(pairs, "nomenklatura logic-v2", _nomenklatura, 0.7)


def _against_strangers(pairs: Pairs, name: str, scorer: Scorer, equal: float) -> None:
    order = random.Random(SEED).sample(range(len(pairs)), len(pairs))
    # Each in a circle is a stranger to the next; a stranger of the same spelling is none.
    strangers = [
        (pairs[at][0], pairs[to][1])
        for at, to in zip(order, [*order[1:], order[0]], strict=True)
        if pairs[at][0] != pairs[to][0] and pairs[at][1] != pairs[to][1]
    ]
    true, false = np.array(scorer(pairs)), np.array(scorer(strangers))
    truth = np.arange(len(true) + len(false)) < len(true)
    best = _best(np.concatenate([true, false]), truth)[0]
    print(
        f"| {name} | {_auc(true, false):.4f} | {best:.4f} | {np.mean(true >= equal):.4f} "
        f"| {np.mean(false >= equal):.5f} |",
        flush=True,
    )


def _title(text: str) -> None:
    heads = "| tool | ROC AUC | best F1 | pairs equal | strangers equal |"
    print(f"\n{text}\n\n{heads}\n|---|---|---|---|---|")


def _auc(true: np.ndarray, false: np.ndarray) -> float:
    ordered = np.sort(false)
    below = np.searchsorted(ordered, true, "left") + np.searchsorted(ordered, true, "right")
    return float(below.mean() / 2 / len(false))


def _best(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """F1, precision and recall at the threshold with the best F1."""
    order = np.argsort(-scores, kind="stable")
    right, said = np.cumsum(truth[order]), np.arange(1, len(scores) + 1)
    # A threshold takes all of one score or none.
    ends = np.append(np.diff(scores[order]) != 0, True)
    f1 = np.where(ends, 2 * right / (said + truth.sum()), 0.0)
    at = int(f1.argmax())
    return float(f1[at]), float(right[at] / said[at]), float(right[at] / truth.sum())


def _cases(path: Path) -> None:
    """Pairs of whole names labelled by nomenklatura's makers."""
    with path.open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["schema"] == "Person"]
    random.Random(CASES_SEED).shuffle(rows)
    truth = np.array([row["is_match"] == "true" for row in rows])
    pairs = [(row["name1"], row["name2"]) for row in rows]
    print(f"\n{path.name}: {len(rows)} pairs of persons, {truth.sum()} of them one person\n")
    print("| half | tool | best F1 | precision | recall | ROC AUC |\n|---|---|---|---|---|---|")
    tools: dict[str, Scorer] = {"homeward, names alone": _evidence}
    if PEER.exists():
        tools["ICU Any-Latin, rapidfuzz token_sort_ratio"] = _icu(fuzz.token_sort_ratio)
        tools["nomenklatura logic-v2"] = _nomenklatura
    middle = len(rows) // 2
    halves = {"looked at": slice(middle), "not looked at": slice(middle, None), "both": slice(None)}
    scored = {name: np.array(scorer(pairs)) for name, scorer in tools.items()}
    for half, part in halves.items():
        for name, scores in scored.items():
            known, true = scores[part], truth[part]
            values = (*_best(known, true), _auc(known[true], known[~true]))
            shown = " | ".join(f"{value:.4f}" for value in values)
            print(f"| {half} | {name} | {shown} |", flush=True)


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
