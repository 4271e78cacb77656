"""Rule R stated once more in Promela, apart from the program, and searched to the end by spin.

The model is promela/rule_r.pml. spin is a Debian package; a C compiler compiles its searches.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

MODEL = Path(__file__).parent / "promela" / "rule_r.pml"
HOLDS = {
    "two sides, two steps": (112_256, ["-DSIDES=2", "-DSTEPS=2"]),
    "a ring of three, two steps": (334_848, ["-DSIDES=3", "-DSTEPS=2"]),
}
HOLDS_LONG = {
    "two sides, two steps, readiness at any time": (
        656_528,
        ["-DSIDES=2", "-DSTEPS=2", "-DREADYING"],
    ),
}
NAIVE = {
    "wait only for the other's step-closed": ["-DNAIVE=1", "-DSTEPS=3"],
    "counts instead of handles": ["-DNAIVE=2", "-DSTEPS=2"],
    "sign after the walk": ["-DNAIVE=3", "-DSTEPS=2"],
    "any S people": ["-DNAIVE=4"],
}
TOOLS = [shutil.which(name) for name in ("spin", "gcc")]
pytestmark = pytest.mark.skipif(None in TOOLS, reason="spin or a C compiler is not installed")


def _search(folder: Path, settings: list[str]) -> str:
    for command in (
        ["spin", "-a", *settings, str(MODEL)],
        ["gcc", "-O1", "-w", "-DSAFETY", "-o", "pan", "pan.c"],
        ["./pan", "-E", "-m200000"],
    ):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def _number(found: str, what: str) -> int:
    match = re.search(what, found)
    assert match is not None, found
    return int(match.group(1))


def _check(folder: Path, states: int, settings: list[str]) -> None:
    found = _search(folder, settings)
    assert _number(found, r"errors: (\d+)") == 0, found
    assert _number(found, r"(\d+) states, stored") == states


def _named(searches: dict[str, tuple[int, list[str]]]) -> list[object]:
    return [
        pytest.param(states, settings, id=f"{name}: {states} states")
        for name, (states, settings) in searches.items()
    ]


@pytest.mark.parametrize(("states", "settings"), _named(HOLDS))
def test_spin_finds_no_way_to_be_two_steps_ahead(
    tmp_path: Path, states: int, settings: list[str]
) -> None:
    _check(tmp_path, states, settings)


@pytest.mark.soak
@pytest.mark.parametrize(("states", "settings"), _named(HOLDS_LONG))
def test_spin_finds_no_way_in_a_larger_model(
    tmp_path: Path, states: int, settings: list[str]
) -> None:
    _check(tmp_path, states, settings)


@pytest.mark.parametrize("naive", NAIVE)
def test_spin_refutes_the_rules_that_look_right(tmp_path: Path, naive: str) -> None:
    found = _search(tmp_path, NAIVE[naive])
    assert _number(found, r"errors: (\d+)") == 1
    assert re.search(r"assertion violated \((lead<=1|\(out\[0\]\+out\[1\]\)<=1)\)", found)
