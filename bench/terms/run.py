"""What it costs to read, judge and say every agreement of examples/agreements in one process.

The peer is the bare YAML reader on the same bytes: what the strict reading, the judging and the
sentences add to it is ours.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import yaml

from homeward.terms import check, read_done, read_terms, show
from homeward.terms.agreement import Terms
from homeward.terms.happened import Done
from homeward.words import LANGUAGES

FOLDER = Path(__file__).parents[2] / "examples" / "agreements"
ROUNDS = 3


def texts() -> list[tuple[bytes, bytes]]:
    """Terms and events of every agreement, as bytes."""
    names = sorted(path for path in FOLDER.glob("*.yaml") if not path.name.endswith(".done.yaml"))
    return [(path.read_bytes(), path.with_suffix(".done.yaml").read_bytes()) for path in names]


def read(pairs: list[tuple[bytes, bytes]]) -> list[tuple[Terms, Done]]:
    """Every agreement with its events; each must read without an error."""
    found = []
    for text, happened in pairs:
        terms, problems = read_terms(text)
        assert terms is not None, problems
        done, problems = read_done(happened, terms)
        assert done is not None, problems
        found.append((terms, done))
    return found


def seconds(work: Callable[[], object]) -> float:
    """The best of several rounds, and the first one apart would only show imports."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - begun)
    return best


def main() -> None:
    pairs = texts()
    known = read(pairs)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def bare() -> None:
        for text, happened in pairs:
            yaml.compose(text, Loader=loader)
            yaml.compose(happened, Loader=loader)

    rows: list[tuple[str, float]] = [
        ("the bare YAML reader", seconds(bare)),
        ("read terms and events", seconds(lambda: read(pairs))),
        ("judge by events", seconds(lambda: [check(t, done=d) for t, d in known])),
        ("review: law and points of dispute", seconds(lambda: [check(t) for t, _ in known])),
        (
            "say every clause in five languages",
            seconds(lambda: [show(t, lang) for t, _ in known for lang in LANGUAGES]),
        ),
    ]
    whole = rows[1][1] + rows[2][1]
    print(
        f"{len(pairs)} agreements, one process; Python {platform.python_version()}, "
        f"PyYAML {version('pyyaml')} ({'C' if loader is not yaml.SafeLoader else 'plain'} reader)\n"
    )
    for what, took in rows:
        print(f"{what:<40} {took * 1000:>10.0f} ms")
    print(f"{'all read and judged (bound: 3,000 ms)':<40} {whole * 1000:>10.0f} ms")


if __name__ == "__main__":
    main()
