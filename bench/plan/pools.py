"""Pools in the shape of kidney exchange: pairs that cannot help themselves, by blood and tissue.

Drawn from a seed by a rule of our own; no pool of anybody else is needed.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

from homeward.plan.cycles import clear

_PEERS = Path(__file__).parents[2] / ".venv-peers" / "bin" / "python"
_BLOOD = {"O": 46, "A": 40, "B": 10, "AB": 4}
_HARD = {0.05: 70, 0.45: 20, 0.9: 10}
Gives = dict[tuple[int, int], int]


def pool(members: int, seed: int) -> Gives:
    """Who can give to whom, with a score."""
    draw = random.Random(seed)
    pairs: list[tuple[str, str, float]] = []
    while len(pairs) < members:
        wants, has = draw.choices([*_BLOOD], [*_BLOOD.values()], k=2)
        hard = draw.choices([*_HARD], [*_HARD.values()])[0]
        if not (_fits(has, wants) and draw.random() > hard):
            pairs.append((wants, has, hard))
    return {
        (one, other): draw.randrange(1, 60)
        for one, (_, has, _) in enumerate(pairs)
        for other, (wants, _, hard) in enumerate(pairs)
        if one != other and _fits(has, wants) and draw.random() > hard
    }


def _fits(has: str, wants: str) -> bool:
    return has in ("O", wants) or wants == "AB"


def cleared(members: int, seed: int) -> tuple[tuple[int, int, bool], float, float]:
    """(released, rings of three, proven), seconds, processor seconds."""
    gives = pool(members, seed)
    began, spent = time.perf_counter(), time.process_time()
    found = clear(members, gives, longest=3, seconds=600)
    seconds = time.perf_counter() - began
    return (found.released, found.long, found.proven), seconds, time.process_time() - spent


def peered(members: int, seed: int, limit: float) -> tuple[tuple[int, int], float] | str:
    """kep_solver's levels and seconds on the same pool, in its own interpreter; or why not."""
    if not _PEERS.exists():
        return "not installed: make peers"
    gives = [[one, other, score] for (one, other), score in pool(members, seed).items()]
    text = json.dumps({"members": members, "gives": gives})
    try:
        run = subprocess.run(
            [_PEERS, Path(__file__).with_name("peer.py")],
            input=text, capture_output=True, text=True, timeout=limit, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"no answer in {limit:g} s"
    said = json.loads(run.stdout.splitlines()[-1])
    released, threes = (abs(round(value)) for value in said["values"])
    return (released, threes), said["seconds"]
