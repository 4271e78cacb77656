"""Ctrl-C and kill -9 at moments that a number chooses: the same command goes on, nothing is lost.

One run again: ``python -m tests.rehearsal.test_interruption NUMBER``. ``make soak`` plays
``SOAK_INTERRUPTIONS`` of them (20).
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from homeward.rehearsal import rehearse
from tests.rehearsal.conftest import folder_at
from tests.rehearsal.fold import as_cells, fold, read_entries
from tests.rehearsal.small import small_folder
from tests.rehearsal.test_separation import office_processes

pytestmark = pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="looks at running programs in /proc"
)

SIDES = ("north", "south")
EVENTS = (
    "[{stage: 1, step: 1, kind: refused, side: north, who: {pick: 1}}, "
    "{stage: 1, step: 1, kind: extra, side: south}, "
    "{stage: 2, step: 4, kind: wrong_person, side: south, who: {pick: 1}}]"
)
# One of each in a log: an order, a word, a closing. A second one is an act done twice.
ONCE = (
    *("release-ordered", "released", "not-released", "received", "not-received", "conceded"),
    *("step-ready", "step-closed", "stage-closed", "in-safety", "home-confirmed", "step-sheet"),
    *("exchange-opened", "willingness", "terms-accepted", "annex-accepted", "plan-accepted"),
)


@dataclass(frozen=True)
class Blow:
    """What is ended, by which signal, and when: a count of what lies in the result folder."""

    whom: str  # the rehearsal, or an office
    sign: signal.Signals
    after: int
    at_once: bool  # whether the command is given again before the offices have ended

    def __str__(self) -> str:
        again = ", again at once" if self.at_once else ""
        return f"{self.sign.name} to {self.whom} after {self.after} signs of life{again}"


@dataclass
class Run:
    """One exchange, its blows, and what the offices' logs held after each of them."""

    folder: Path
    out: Path
    blows: list[Blow]
    held: list[set[str]] = field(default_factory=list)
    missed: int = 0


def blows_of(number: int, *, most: int) -> list[Blow]:
    """One to three blows; ``most`` is about how many signs of life a whole run gives."""
    dice = random.Random(f"blow/{number}")
    found = []
    for _ in range(dice.choice((1, 2, 3))):
        whom = dice.choice(("the rehearsal", "the rehearsal", *SIDES, "observer"))
        sign = signal.SIGKILL
        if whom == "the rehearsal" and dice.random() < 0.5:
            sign = signal.SIGINT
        found.append(Blow(whom, sign, dice.randrange(1, most), dice.random() < 0.5))
    return found


def signs_of_life(out: Path) -> int:
    """Grows through a run: files of the offices, packages taken, results written."""
    names = ("run.json", "plans.json", "lines.csv", "position.json", "plan.csv", "report.html")
    found = sum((out / name).is_file() for name in names)
    for office in (*SIDES, "observer"):
        found += sum((out / office / name).is_file() for name in ("keys", "port", "office.db"))
        found += sum(1 for _ in (out / office / "taken").glob("*"))
    return found


def begin(path: Path) -> Path:
    """The folder that is played: people refuse, are mixed up and come unasked on the way."""
    return small_folder(
        path, people=8, stages=(4, 4), step=2, events=EVENTS, spare=3, statements=False
    )


def command(run: Run) -> list[str]:
    words = [sys.executable, "-m", "homeward", "rehearse", str(run.folder)]
    return [*words, "--out", str(run.out), "--json"]


def strike(run: Run, blow: Blow) -> None:
    """Begin or go on, and deal one blow; a run that is over before it is no matter."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command(run), stdout=said, stderr=subprocess.STDOUT)
        start = signs_of_life(run.out) if run.out.is_dir() else 0
        wait(lambda: signs_of_life(run.out) >= min(blow.after, start + blow.after), process)
        victim = process.pid
        if blow.whom != "the rehearsal":
            wait(lambda: blow.whom in office_processes(run.out), process)
            victim = office_processes(run.out).get(blow.whom, 0)
        if process.poll() is None and victim:
            try:
                os.kill(victim, blow.sign)
            except ProcessLookupError:
                run.missed += 1
        else:
            run.missed += 1
        process.wait()
        if blow.whom != "the rehearsal" and process.returncode:
            # an office ended before it could say that it is ready: the command says so, and ends
            said.seek(0)
            words = said.read().decode()
            assert f"{blow.whom}: serve: error rehearsal.office-failed" in words, words[-600:]
    if not blow.at_once:
        wait(lambda: not office_processes(run.out))
        run.held.append(hashes(run.out))


def wait(true: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Look again until it is so, or the process has ended."""
    for _ in range(60_000):
        if true() or (process is not None and process.poll() is not None):
            return
        time.sleep(0.005)
    raise AssertionError("it did not happen")


def hashes(out: Path) -> set[str]:
    """What each office's own log held on its disk: the signed bytes themselves."""
    found = set()
    for side in (*SIDES, "observer"):
        database = out / side / "office.db"
        if database.is_file():
            with closing(sqlite3.connect(database, isolation_level=None)) as connection:
                found |= set(_own_leaves(connection, side))
    return found


def _own_leaves(connection: sqlite3.Connection, side: str) -> Iterator[str]:
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if "record_entry" not in names:
        return
    rows = connection.execute("SELECT log, seq, leaf FROM record_entry")
    for log, seq, leaf in rows:
        if str(log).startswith(f"{side}."):
            yield f"{log}/{seq}/{bytes(leaf).hex()}"


def interrupted(number: int, base: Path, whole: dict[str, Any]) -> list[str]:
    """Play the run of that number to its end, and name everything that is wrong with it."""
    run = Run(begin(base / "folder"), base / "out", blows_of(number, most=whole["signs"]))
    for blow in run.blows:
        strike(run, blow)
    done = subprocess.run(command(run), capture_output=True, check=False)
    wrongs = [f"blows: {'; '.join(map(str, run.blows))}"]
    if done.returncode:
        return [*wrongs, f"exit code {done.returncode}: {done.stderr.decode()[-600:]}"]
    wrongs += _differences(json.loads(done.stdout), run, whole)
    return wrongs if len(wrongs) > 1 else []


def _differences(document: dict[str, Any], run: Run, whole: dict[str, Any]) -> Iterator[str]:
    said = document["position"]
    if not document["complete"] or not document["verified"]:
        yield f"complete {document['complete']}, verified {document['verified']}"
    if as_cells(said) != whole["cells"]:
        yield f"cells {as_cells(said)} instead of {whole['cells']}"
    for name in ("owed", "lead", "largest_lead", "conceded", "home"):
        if said[name] != whole[name]:
            yield f"{name} {said[name]} instead of {whole[name]}"
    entries = read_entries(run.out / side / "record" for side in (*SIDES, "observer"))
    if fold(entries, SIDES).cells != whole["cells"]:
        yield "the signed entries add up to something else"
    acts = Counter(
        (one.log, one.kind, one.get("handle"), one.get("stage"), one.get("step"), one.get("digest"))
        for one in entries
        if one.kind in ONCE
    )
    twice = sorted({key[1] for key, times in acts.items() if times > 1})
    if twice:
        yield f"done twice: {', '.join(twice)}"
    at_last = hashes(run.out)
    for number, held in enumerate(run.held):
        if held - at_last:
            yield f"{len(held - at_last)} entries that stood after blow {number + 1} are gone"


def undisturbed(base: Path) -> dict[str, Any]:
    """The same exchange with nothing in its way."""
    outcome = rehearse(folder_at(begin(base / "folder")), base / "out")
    assert outcome.sound
    assert outcome.findings.position.complete
    said = json.loads((base / "out" / "position.json").read_text("utf-8"))
    names = ("owed", "lead", "largest_lead", "conceded", "home")
    whole = {name: said[name] for name in names}
    return {**whole, "cells": as_cells(said), "signs": signs_of_life(base / "out")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> dict[str, Any]:
    return undisturbed(tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.parametrize("number", [1])
@pytest.mark.usefixtures("heeding_interrupts")
def test_an_interrupted_run_goes_on_to_what_an_undisturbed_one_comes_to(number, tmp_path, whole):
    assert interrupted(number, tmp_path, whole) == []


@pytest.mark.soak
@pytest.mark.parametrize("number", range(2, 2 + int(os.environ.get("SOAK_INTERRUPTIONS", "20"))))
def test_many_interrupted_runs_go_on(number, tmp_path, whole):
    assert interrupted(number, tmp_path, whole) == []


if __name__ == "__main__":
    here = Path(tempfile.mkdtemp(prefix="homeward-blows-"))
    unhurt = undisturbed(here / "whole")
    for word in sys.argv[1:]:
        found = interrupted(int(word), here / word, unhurt)
        print(word, "; ".join(map(str, blows_of(int(word), most=unhurt["signs"]))))
        for one in found:
            print(f"  WRONG {one}", flush=True)
