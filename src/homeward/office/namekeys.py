"""Keys under which a person is found: the same that matching compares.

This module knows no Django: a process beside the one that writes the keys down makes them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

from homeward.people import Line
from homeward.people.folding import loose
from homeward.people.keys import keys

SCRIPTS = ("arab", "hebr")
LONGEST_KEY = 80

Named = tuple[str, str, str, str, str]  # id, surname, given name, patronymic, service number
Keyed = list[list[str]]
Maker = Callable[[Sequence[Sequence[Named]]], Iterator[Keyed]]


def plain(text: str) -> str:
    """Letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", text).casefold()


def keys_of(named: Named) -> set[str]:
    """Every key a person is found under: a letter for the part of the name, then the key."""
    line_id, surname, given_name, patronymic, number = named
    name = keys(surname, given_name, patronymic, SCRIPTS)
    found = {f"s{each}" for each in (*name.surnames, *name.surname_parts)}
    found |= {f"l{loose(each)}" for each in name.surnames[:1]}
    found |= {f"g{each}" for each in (*name.givens, name.given_written) if each}
    found |= {f"f{each}" for each in (*name.fathers, name.father_written) if each}
    found |= {f"x{each}" for each in name.surname_skeletons}
    found |= {f"y{each}" for each in name.given_skeletons}
    found |= {f"i{line_id.casefold()}"}
    if number:
        found |= {f"n{plain(number)}"}
    return {key[:LONGEST_KEY] for key in found}


def named(line: Line) -> Named:
    """What of a line its keys are made from."""
    return line.id, line.surname, line.given_name, line.patronymic, line.service_number


def here(asked: Sequence[Sequence[Named]]) -> Iterator[Keyed]:
    """The keys of each batch of names, made in this process."""
    return ([sorted(keys_of(each)) for each in some] for some in asked)


@contextmanager
def beside() -> Iterator[Maker]:
    """The same by a process beside, from a list's beginning on.

    Whoever writes one batch down finds the next one ready.
    """
    with subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        pipe, answers = child.stdin, child.stdout

        def make(asked: Sequence[Sequence[Named]]) -> Iterator[Keyed]:
            # as a thread: a child that waits for us to read does not read what we write
            threading.Thread(target=_tell, args=(pipe, asked), daemon=True).start()
            return (json.loads(answers.readline()) for _ in asked)

        yield make


def _tell(pipe: IO[str], asked: Sequence[list[Named]]) -> None:
    with suppress(BrokenPipeError):  # a child that ended early is missed by whoever reads
        pipe.writelines(json.dumps(some) + "\n" for some in asked)
        pipe.flush()


def main() -> None:
    """A batch of names a line on stdin; on stdout the keys of each."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(next(here([json.loads(line)]))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
