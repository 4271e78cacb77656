"""The corpus as plain folders, for whoever writes another verifier.

    python -m tests.verifier.corpus FOLDER

For each copy, good or bad: ``copy/``, what it is held against in ``against-1/``, and
``expected.json`` with everything that every verifier must say alike.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.verifier.bad import Made, corpus
from tests.verifier.compared import here
from tests.verifier.good import GOOD
from tests.verifier.program import write
from tests.verifier.surgery import Files


def _alone(make: Callable[[], Files]) -> Made:
    return make(), ()


def everything() -> Iterator[tuple[str, Callable[[], Made]]]:
    """Every copy by the name of its folder."""
    named = [(f"good {name}", partial(_alone, make)) for name, make in GOOD.items()]
    for name, make in (*named, *((f"bad {bad.name}", bad.make) for bad in corpus())):
        yield re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"), make


def write_one(folder: Path, name: str, made: Made) -> Path:
    """One copy with what is expected of it; returns its folder."""
    files, against = made
    place = folder / name
    copy = write(files, place / "copy")
    others = [write(each, place / f"against-{n}") for n, each in enumerate(against, start=1)]
    expected = json.dumps(here(copy, others), indent=1, ensure_ascii=False)
    (place / "expected.json").write_text(expected + "\n", encoding="utf-8")
    return place


def main(arguments: Sequence[str]) -> None:
    """Write all of them below the folder named."""
    folder = Path(arguments[0])
    places = [write_one(folder, name, make()) for name, make in everything()]
    print(f"{len(places)} copies in {folder}")


if __name__ == "__main__":
    main(sys.argv[1:])
