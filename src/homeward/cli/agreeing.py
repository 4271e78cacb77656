"""terms check, terms show: the agreement as data and in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from homeward.problem import Refused
from homeward.words import LANGUAGES

UNDECIDED = "cannot_be_decided"
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
    from homeward.terms import read_done, read_terms

    agreed, problems = read_terms(read_bytes(terms_file), Path(terms_file).name)
    happened = None
    if agreed is not None and done is not None:
        happened, more = read_done(read_bytes(done), agreed, Path(done).name)
        problems = (*problems, *more)
    if agreed is None or (done is not None and happened is None):
        empty: dict[str, Any] = {"owed": [], "done": [], "left": [], "verdict": UNDECIDED}
        if as_json:
            show_json({**empty, "problems": [problem.to_json() for problem in problems]})
        finish(problems, true=False)
    judged = judge(agreed, done=happened)
    found = tuple(dict.fromkeys((*problems, *judged.problems)))
    if as_json:
        show_json({**judged.to_json(), "problems": [problem.to_json() for problem in found]})
    else:
        click.echo(f"verdict: {judged.verdict}")
        for name, rows in (("owed", judged.owed), ("done", judged.done), ("left", judged.left)):
            if rows:
                click.echo(f"\n{name}")
                columns([list(row.values()) for row in rows], list(rows[0]))
    # by itself a warning is advice; of what was done it says that something was not kept
    kept = done is None or not [p for p in judged.problems if p.level == "warning"]
    finish(found, true=kept)


@terms.command()
@click.argument("terms_file", metavar="TERMS", type=_FILE)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@as_json
@answering
def show(terms_file: str, lang: str, as_json: bool) -> None:
    """The agreement in plain words."""
    from homeward.terms import read_terms
    from homeward.terms import show as say

    agreed, problems = read_terms(read_bytes(terms_file), Path(terms_file).name)
    if agreed is None:
        raise Refused(problems)
    complain(problems)
    clauses = say(agreed, lang)
    if as_json:
        show_json({"lang": lang, "clauses": list(clauses)})
    else:
        click.echo("\n".join(clauses))
