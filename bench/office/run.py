"""How fast an office is with 100,000 persons and 20 users: `python -m bench.office.run [FOLDER]`.

An office of a rehearsed exchange, with everything that was signed in it, is served as it always
is (`homeward office serve`, SQLite, one process). Two lists go in through its pages until it
knows 100,000 persons; then 20 sessions look at every kind of page, each in an order of its own,
and read a while in between. What is measured is what a user waits for: from the first byte sent
to the last byte read, with every wait in the office's queue. Where FOLDER is named, the rehearsed
exchange and its lists are kept there, and a second run only looks at the pages.
"""

from __future__ import annotations

import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles

from bench.office.people import longer
from bench.office.visitor import Answer, Visitor

EXAMPLE = Path(__file__).parents[2] / "examples" / "istanbul-2025"
SIDE = "ukraine"
PASSWORD = "nobody-here-is-real"
FIRST, SECOND = 20_000, 80_000
USERS, READING = 20, 3.0  # seconds that a user reads a page, on average
QUERIES = ("Ткаченко", "tkachenko nikolai", "Иванов", "Ковальчук Андрій", "шевченк", "UA-H00007")

# the columns that the page fills in by itself
_CHOSEN = r'<select[^>]*name="(column-\d+)"(?:(?!</select>).)*?<option value="([^"]*)" selected'

Waits = dict[str, list[Answer]]


def main(arguments: Sequence[str] = ()) -> int:
    """Print the tables and whether what is aimed at was met."""
    print(
        f"homeward {version('homeward')}, Django {version('django')}, waitress "
        f"{version('waitress')}, SQLite {sqlite3.sqlite_version}; {FIRST + SECOND:,} persons, "
        f"{USERS} users who read {READING:.0f} s a page\n"
    )
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(arguments[0]) if arguments else Path(scratch)
        folder = root / "rehearsed" / SIDE
        taken: dict[str, float] = {}
        grown = 0.0
        if not folder.is_dir():
            _rehearse(root / "rehearsed")
            with served(folder) as (port, process):
                taken = imported(port)
                grown = peak(process)
        with served(folder) as (port, process):
            alone, together = looked(port)
            held = peak(process)
        plain = compared(folder / "office.db")
    _table(alone, together, plain)
    _aims(together, taken, held, grown)
    return 0


def _rehearse(out: Path) -> None:
    words = [sys.executable, "-m", "homeward", "rehearse", str(EXAMPLE), "--out", str(out)]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def listening(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """A program that says where it listens; yields its port and its process id."""
    with subprocess.Popen(
        [sys.executable, "-m", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        assert said.startswith("ready "), said
        try:
            yield int(said.rsplit(":", 1)[1]), running.pid
        finally:
            running.terminate()


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """The office, served as always."""
    with listening(["homeward", "office", "serve", str(folder), "--rehearsed"]) as found:
        yield found


def peak(process: int) -> float:
    """The most memory a process ever held, in MiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def imported(port: int) -> dict[str, float]:
    """Both lists by the three steps of the page; the seconds of each step of the first."""
    taken = {}
    for which, rows in (("sought", FIRST), ("held", SECOND)):
        data = longer(EXAMPLE / SIDE / f"{which}.csv", rows, f"X{which[0]}", rows)
        visitor = Visitor(port).enter("first", PASSWORD)
        for step, seconds in _taken_in(visitor, which, data).items():
            taken[f"{rows:,} rows: {step}"] = seconds
        began = time.perf_counter()
        _when_over(visitor, visitor.get(f"/people/edition/{which}/"))
        taken[f"what these {rows:,} change, counted after"] = time.perf_counter() - began
    return taken


def _taken_in(visitor: Visitor, which: str, data: bytes) -> dict[str, float]:
    began = time.perf_counter()
    columns = visitor.hand_in("/people/import/", {"which": which}, "list.csv", data)
    handed = time.perf_counter()
    chosen = re.findall(_CHOSEN, columns.text, re.DOTALL)
    checked, _ = _when_over(visitor, visitor.send(columns.where, dict(chosen), columns))
    assert "<progress" not in checked.text
    checked_at = time.perf_counter()
    _, seen = _when_over(visitor, visitor.send(checked.where, {}, checked))
    done = time.perf_counter()
    print(f"{which}: the page told of progress {seen} times while the rows were taken in")
    return {
        "file": handed - began,
        "check": checked_at - handed,
        "taking in": done - checked_at,
        "all three steps": done - began,
    }


def _when_over(visitor: Visitor, page: Answer) -> tuple[Answer, int]:
    """Look again, as the page does by itself, until the work is over; how often it told."""
    told = 0
    while "<progress" in page.text:
        told += 1
        time.sleep(0.25)
        page = visitor.get(page.where)
    return page, told


def pages(visitor: Visitor) -> dict[str, str]:
    """One address of every kind of page: those with a number are found where they are linked."""
    found = {
        name: f"/{name}/"
        for name in (
            *("people", "people/import", "people/export", "matching", "terms", "lists", "fitness"),
            *("plan", "crossing", "record", "claims", "promises", "waiting", "accesses"),
            *("people/edition/held", "people/edition/sought"),
        )
    } | {"overview": "/"}
    for name, inside, pattern in (
        ("a text", "/terms/", r'href="(/terms/[0-9a-f]{64}/)'),
        ("a plan", "/plan/", r'href="(/plan/[0-9a-f]{64}/)'),
        ("a step", "/crossing/", r'href="(/crossing/\d+/)'),
        ("a pair", "/matching/", r'href="(/matching/\d+/)'),
    ):
        link = re.search(pattern, visitor.get(inside).text)
        if link:
            found[name] = link[1]
    search = visitor.send("/people/", {"query": QUERIES[0], "which": ""})
    link = re.search(r'href="(/people/\d+/)"', search.text)
    assert link, "nobody was found"
    return found | {"a person": link[1]}


def looked(port: int) -> tuple[Waits, Waits]:
    """Every kind of page by one user alone, three times; then by all users together."""
    first = Visitor(port).enter("first", PASSWORD)
    kinds = pages(first)
    ways = [*kinds, *(f"search {query}" for query in QUERIES), f"searched {QUERIES[0]}"]
    alone: Waits = defaultdict(list)
    for way in ways * 3:
        _go(first, way, kinds, alone)
    together: Waits = defaultdict(list)
    users = [Visitor(port).enter(("first", "second")[n % 2], PASSWORD) for n in range(USERS)]

    def wander(number: int) -> None:
        dice = random.Random(number)
        for way in dice.sample(ways, len(ways)):
            time.sleep(dice.expovariate(1 / READING))
            _go(users[number], way, kinds, together)

    with ThreadPoolExecutor(USERS) as pool:
        list(pool.map(wander, range(USERS)))
    return alone, together


def _go(user: Visitor, way: str, kinds: dict[str, str], waits: Waits) -> None:
    kind, _, query = way.partition(" ")
    if way in kinds:
        waits[way].append(_sound(user.get(kinds[way])))
    elif kind == "search":
        waits["search by name, live"].append(_sound(user.search(query, live=True)))
    else:
        waits["search by name, whole page"].append(_sound(user.search(query, live=False)))


def _sound(answer: Answer) -> Answer:
    assert answer.status == 200, f"{answer.where}: {answer.status}"
    return answer


def compared(database: Path) -> Waits:
    """The peer on the same rows: one user alone, then all of them."""
    waits: Waits = defaultdict(list)
    with listening(["bench.office.peer", str(database)]) as (port, _):

        def visit(number: int) -> None:
            user, dice = Visitor(port), random.Random(number)
            for query in ("", *QUERIES[::2]):
                time.sleep(dice.expovariate(1 / READING))
                path = f"/?q={urllib.parse.quote(query)}"
                waits["bare page" if not query else "plain SQL search"].append(user.get(path))

        with ThreadPoolExecutor(USERS) as pool:
            list(pool.map(visit, range(USERS)))
    return waits


def _table(alone: Waits, together: Waits, plain: Waits) -> None:
    print("| what | kB | one user, ms | 20 users: median, ms | 95 of 100, ms | asked |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind in sorted(together, key=lambda one: -middle(together[one])):
        _row(kind, alone[kind], together[kind])
    for kind, answers in plain.items():
        _row(f"peer: {kind}", (), answers)


def _row(kind: str, alone: Sequence[Answer], together: Sequence[Answer]) -> None:
    weight = max(answer.weight for answer in together)
    single = f"{1000 * middle(alone):.0f}" if alone else ""
    print(
        f"| {kind} | {weight / 1000:.0f} | {single} | {1000 * middle(together):.0f} "
        f"| {1000 * late(together):.0f} | {len(together)} |"
    )


def middle(answers: Sequence[Answer]) -> float:
    """The median of what was waited."""
    return median(answer.seconds for answer in answers)


def late(answers: Sequence[Answer]) -> float:
    """What 95 of 100 answers took at most."""
    waited = [answer.seconds for answer in answers]
    return quantiles(waited, n=20, method="inclusive")[-1]


def _aims(waits: Waits, taken: Mapping[str, float], held: float, grown: float) -> None:
    seen = [answer for answers in waits.values() for answer in answers]
    searches = [a for kind, answers in waits.items() if kind.startswith("search") for a in answers]
    weight = max(answer.weight for answer in seen)
    rows: list[tuple[str, float, float, str]] = [
        ("median of all pages", 1000 * middle(seen), 300, "ms"),
        ("the page whose median is highest", 1000 * max(map(middle, waits.values())), 300, "ms"),
        ("95 of 100 of all pages", 1000 * late(seen), 1000, "ms"),
        ("the kind of page that is latest", 1000 * max(map(late, waits.values())), 1000, "ms"),
        ("search, median", 1000 * middle(searches), 200, "ms"),
        ("search, 95 of 100", 1000 * late(searches), 200, "ms"),
        ("the heaviest page", weight / 1000, 150, "kB"),
        ("most memory of the web process, pages", held, 400, "MiB"),
    ]
    rows += [("most memory of the web process, imports", grown, 400, "MiB")] if grown else []
    rows += [
        (what, seconds, 10 if what.startswith(f"{FIRST:,}") else 0, "s")
        for what, seconds in taken.items()
    ]
    print("\n| aimed at | measured | at most | |\n|---|---:|---:|---|")
    for what, found, most, unit in rows:
        word = ("met" if found <= most else "MISSED") if most else ""
        print(
            f"| {what} | {found:,.1f} {unit} | {f'{most:,.0f} {unit}' if most else ''} | {word} |"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
