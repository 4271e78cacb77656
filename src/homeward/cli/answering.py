"""How every command answers: columns or one JSON document, problems on stderr, and 0, 1 or 2."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click

from homeward.problem import Problem, Refused, errors

P = ParamSpec("P")
T = TypeVar("T")

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")


def complain(problems: Iterable[Problem]) -> None:
    """Each problem as one line on standard error."""
    for problem in problems:
        click.echo(" ".join(str(problem).splitlines()), err=True)


def show_json(document: Mapping[str, Any]) -> None:
    """The one document on standard output."""
    click.echo(json.dumps(document, indent=1, ensure_ascii=False, default=str))


def finish(problems: Iterable[Problem] = (), *, true: bool = True) -> NoReturn:
    """Say the problems and end: 0, or 1 when one is an error or the answer is no."""
    found = list(problems)
    complain(found)
    raise SystemExit(1 if errors(found) or not true else 0)


def columns(rows: Sequence[Sequence[object]], header: Sequence[str] = ()) -> None:
    """Rows in plain columns: numbers to the right, words to the left, two spaces between."""
    table = [[str(cell) for cell in row] for row in ([header] if header else [])]
    table += [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not table:
        return
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    numbers = [all(isinstance(row[at], (int, float)) for row in rows) for at in range(len(widths))]
    for row in table:
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numbers, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def answering(command: Callable[P, T]) -> Callable[P, T]:
    """A command whose room refuses ends with 1 and every problem; a missing file with 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except Refused as refusal:
            if kwargs.get("as_json"):
                show_json({"problems": [problem.to_json() for problem in refusal.problems]})
            complain(refusal.problems)
            raise SystemExit(1) from refusal
        except KeyboardInterrupt:
            click.echo("stopped; the same command goes on from here", err=True)
            raise SystemExit(1) from None
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise click.ClickException(f"{error.filename or ''}: {error.strerror}") from error

    return run


def read_bytes(path: str) -> bytes:
    """A file's bytes; ``-`` is standard input."""
    if path == "-":
        return sys.stdin.buffer.read()
    with click.open_file(path, "rb") as file:
        data: bytes = file.read()
    return data


def write_whole(path: Path, data: bytes) -> None:
    """A file that only its owner reads, written whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


class Progress:
    """A line on standard error that is written over, only where a person sees it."""

    def __init__(self) -> None:
        self.shown = sys.stderr.isatty()
        self.width = 0

    def __call__(self, words: object) -> None:
        if self.shown:
            text = str(words)[:78]
            click.echo("\r" + text.ljust(self.width), nl=False, err=True)
            self.width = len(text)

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self.shown and self.width:
            click.echo("\r" + " " * self.width + "\r", nl=False, err=True)
            self.width = 0
