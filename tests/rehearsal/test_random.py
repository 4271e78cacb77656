"""Random exchange folders, played by the command and held against a fold of our own.

One folder again: ``python -m tests.rehearsal.test_random SEED``. How many ``make soak`` plays is
``SOAK_FOLDERS`` (300), with which number it begins ``SOAK_FIRST`` (1), at how many times
``SOAK_WORKERS`` (2); the table of what was played goes to ``SOAK_TABLE``, if that names a file.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rehearsal.outcome_checks import play
from tests.rehearsal.random_folders import Tale, draw

# Three sides and a death; a stage that cannot be planned.
FEW = (22, 272)


@dataclass(frozen=True)
class Row:
    """One folder that was played, as the table counts it."""

    tale: Tale
    end: str
    crossed: int
    wrongs: tuple[str, ...]
    seconds: float
    work: float  # seconds of processor time, all programs together


def play_one(seed: int, base: Path) -> Row:
    """Play one folder below ``base`` and clear it away where nothing is wrong."""
    tale, began, work = draw(seed), time.monotonic(), _work()
    place = base / str(seed)
    shutil.rmtree(place, ignore_errors=True)
    result = play(tale, place)
    if not result.wrongs:
        shutil.rmtree(place, ignore_errors=True)
    spent = time.monotonic() - began
    return Row(tale, result.end, result.crossed, tuple(result.wrongs), spent, _work() - work)


def _work() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def said_of(row: Row) -> str:
    """A row in words, with what is wrong and how to play it again."""
    line = f"{row.tale.line()} -> {row.end}, {row.crossed} crossed, {row.seconds:.1f} s"
    if row.wrongs:
        line = "\n".join([line, *(f"  WRONG {wrong}" for wrong in row.wrongs)])
        line += f"\n  again: python -m tests.rehearsal.test_random {row.tale.seed}"
    return line


@pytest.mark.parametrize("seed", FEW)
def test_a_random_folder_ends_as_its_signed_entries_say(seed, tmp_path):
    row = play_one(seed, tmp_path)
    assert not row.wrongs, said_of(row)


@pytest.mark.soak
def test_hundreds_of_random_folders_end_as_their_signed_entries_say(tmp_path, capsys):
    number = int(os.environ.get("SOAK_FOLDERS", "300"))
    first = int(os.environ.get("SOAK_FIRST", "1"))
    rows = []
    with capsys.disabled():
        print()
        for row in _all(range(first, first + number), tmp_path):
            rows.append(row)
            print(f"{len(rows)}/{number} {said_of(row)}", flush=True)
        text = table(rows)
        print(text)
    if "SOAK_TABLE" in os.environ:
        Path(os.environ["SOAK_TABLE"]).write_text(text, encoding="utf-8")
    wrong = [said_of(row) for row in rows if row.wrongs]
    assert not wrong, "\n".join(wrong)


def _all(seeds: Iterable[int], base: Path) -> Iterator[Row]:
    workers = int(os.environ.get("SOAK_WORKERS", "2"))
    with ProcessPoolExecutor(max_workers=workers) as pool:
        started = [pool.submit(play_one, seed, base) for seed in seeds]
        for future in as_completed(started):
            yield future.result()


def table(rows: Iterable[Row]) -> str:
    """What was played, by kind, and how it ended: plain columns."""
    rows = sorted(rows, key=lambda row: row.tale.seed)
    seeds = f"{rows[0].tale.seed} to {rows[-1].tale.seed}"
    wrong = sum(bool(row.wrongs) for row in rows)
    crossed = sum(row.crossed for row in rows)
    owed = sum(sum(row.tale.owed_heads.values()) for row in rows)
    lines = [
        f"{len(rows)} random exchange folders (numbers {seeds}), {wrong} wrong",
        f"{crossed} people signed for by both sides, of {owed} owed",
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
    ]
    for title, of in (
        ("terms", lambda row: [row.tale.shape]),
        ("sides", lambda row: [f"{len(row.tale.sides)} sides"]),
        ("neutrals", lambda row: [f"{len(row.tale.neutrals)} neutrals"]),
        ("stages", lambda row: [f"{len(row.tale.stages)} stages"]),
        ("fault", lambda row: [row.tale.fault or "none"]),
        ("event", lambda row: {event["kind"] for event in row.tale.events} or ["none"]),
        ("cannot be planned", lambda row: [row.tale.blocked[0] if row.tale.blocked else "-"]),
        ("carried by", lambda row: [row.tale.carry]),
        ("clock", lambda row: [row.tale.zone]),
    ):
        lines += ["", *_counted(title, rows, of)]
    spent = sorted(row.seconds for row in rows)
    work = sorted(row.work for row in rows)
    middle = len(rows) // 2
    lines += [
        "",
        f"seconds a folder: middle {spent[middle]:.1f}, most {spent[-1]:.1f}",
        f"of processor: middle {work[middle]:.1f}, most {work[-1]:.1f}, in all {sum(work):.0f}",
    ]
    return "\n".join(lines) + "\n"


def _counted(title: str, rows, of) -> list[str]:
    ends = ("complete", "ended in part", "nobody crossed", "refused before anyone moved")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for name in of(row):
            counts[name]["folders"] += 1
            counts[name][row.end] += 1
            counts[name]["wrong"] += bool(row.wrongs)
    columns = ("folders", *ends, "wrong")
    lines = [f"{title:<20}" + "  ".join(columns)]
    for name, found in sorted(counts.items()):
        cells = "  ".join(str(found[column]).rjust(len(column)) for column in columns)
        lines.append(f"{name:<20}{cells}")
    return lines


if __name__ == "__main__":
    where = Path(tempfile.mkdtemp(prefix="homeward-soak-"))
    bad = False
    for word in sys.argv[1:]:
        one = play_one(int(word), where)
        print(said_of(one), *([f"  kept in {where / word}"] if one.wrongs else []), sep="\n")
        bad = bad or bool(one.wrongs)
    sys.exit(bad)
