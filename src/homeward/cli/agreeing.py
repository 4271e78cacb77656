"""terms check, terms show: the agreement as data and in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from homeward.cli.answering import (
    answering,
    as_json,
    columns,
    complain,
    finish,
    read_bytes,
    show_json,
)
from homeward.problem import Problem, Refused
from homeward.words import LANGUAGES

if TYPE_CHECKING:
    from homeward.terms import Terms

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.group()
def terms() -> None:
    """The agreement: is it complete, and what does it say."""


@terms.command()
@click.argument("terms_file", metavar="TERMS", type=_FILE)
@click.option("--done", type=_FILE, help="What was done, to judge it by the terms.")
@as_json
@answering
def check(terms_file: str, done: str | None, as_json: bool) -> None:
    """Are the terms complete and consistent; was what was done in keeping with them."""
    from homeward.terms import check as judge

    agreed, problems = _read(terms_file)
    judged = judge(agreed)
    if done is not None:
        judged = _judge_done(agreed, done)
    found = tuple(dict.fromkeys((*problems, *judged.problems)))
    if as_json:
        document = {**judged.to_json(), "problems": [problem.to_json() for problem in found]}
        show_json(document)
    else:
        click.echo(f"verdict: {judged.verdict}")
        for name, rows in (("owed", judged.owed), ("done", judged.done), ("left", judged.left)):
            if rows:
                click.echo(f"\n{name}")
                columns([list(row.values()) for row in rows], list(rows[0]))
    finish(found)


def _judge_done(agreed: Terms, done: str):
    from homeward.terms import read_done

    said, problems = read_done(read_bytes(done), agreed, Path(done).name)
    if said is None:
        raise Refused(problems)
    return said


@terms.command()
@click.argument("terms_file", metavar="TERMS", type=_FILE)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@as_json
@answering
def show(terms_file: str, lang: str, as_json: bool) -> None:
    """The agreement in plain words."""
    from homeward.terms import show as say

    agreed, problems = _read(terms_file)
    complain(problems)
    clauses = say(agreed, lang)
    if as_json:
        show_json({"lang": lang, "clauses": list(clauses)})
    else:
        click.echo("\n".join(clauses))


def _read(path: str) -> tuple[Terms, tuple[Problem, ...]]:
    from homeward.terms import read_terms

    agreed, problems = read_terms(read_bytes(path), Path(path).name)
    if agreed is None:
        raise Refused(problems)
    return agreed, problems
