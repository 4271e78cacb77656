"""rehearse: an exchange folder played by one program per party, and what it came to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import MAXYEAR
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import homeward
from homeward.cli.answering import (
    Progress,
    answering,
    as_json,
    columns,
    complain,
    finish,
    show_json,
)
from homeward.problem import Refused
from homeward.words import LANGUAGES

if TYPE_CHECKING:
    from homeward.rehearsal import Folder, Outcome, Until


@click.command()
@click.argument(
    "folder",
    metavar="DIR",
    required=False,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--example", metavar="NAME", help="An exchange that comes with Homeward.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Result folder.")
@click.option("--until", metavar="STAGE|DATE", help="Stop after a stage, or at a day's end.")
@click.option("--seed", type=click.IntRange(0), help="Instead of the folder's own.")
@click.option(
    "--faults",
    type=click.Choice(["lossy", "crash", "clock", "liar", "fork", "walkaway"]),
    help="Bad roads and machines, or a side that breaks the rules.",
)
@click.option("--carry", type=click.Choice(["files", "http"]), default="files", show_default=True)
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@as_json
@answering
def rehearse(
    folder: Path | None,
    example: str | None,
    out: Path | None,
    until: str | None,
    as_json: bool,
    **how: Any,
) -> None:
    """Play the exchange folder DIR into OUT, with one office process for each party.

    An interrupted OUT is continued by the same command.
    """
    if (folder is None) == (example is None):
        raise click.UsageError("give a DIR or --example NAME, one of the two")
    path = folder or _example(str(example))
    from homeward.rehearsal import read_folder
    from homeward.rehearsal import rehearse as play

    read, problems = read_folder(path)
    if read is None:
        raise Refused(problems)
    complain(problems)
    horizon = _until(until, read)
    to = (out or Path("out") / path.resolve().name).resolve()
    progress = Progress()
    try:
        with _for_the_owner_alone():
            outcome = play(read, to, until=horizon, tell=progress, **how)
    finally:
        progress.clear()
    if as_json:
        show_json(outcome.to_json(how["language"]))
    else:
        _show(outcome)
        offer(to)
    finish(outcome.problems, true=outcome.sound)


@contextmanager
def _for_the_owner_alone() -> Iterator[None]:
    """Files written here and by the offices' programs, which inherit it, are their owner's."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _example(name: str) -> Path:
    """The example of that name: in the working folder, beside the source, or in the package."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise click.BadParameter("an example's name is small letters, digits and -")
    beside_source = Path(homeward.__file__).parents[2] / "examples"
    packaged = Path(str(files("homeward").joinpath("examples")))
    for place in (Path("examples"), beside_source, packaged):
        if (place / name / "exchange.yaml").is_file():
            return place / name
    raise click.BadParameter(f"there is no example named {name}")


def _until(text: str | None, folder: Folder) -> Until:
    from homeward.rehearsal import Until

    if text is None:
        return Until()
    try:
        until = Until.parse(text)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is neither a stage nor a day", param_hint="--until"
        ) from error
    if until.day is not None and until.day.last().year == MAXYEAR:
        raise _no_horizon(f"the calendar ends with {text}")
    stages = [annex.stage for annex in folder.annexes] or [1]
    if until.stage is not None and until.stage not in stages:
        known = ", ".join(map(str, stages))
        raise click.BadParameter(
            f"there is no stage {until.stage}; there are {known}", param_hint="--until"
        )
    return until


def _no_horizon(why: str) -> click.BadParameter:
    return click.BadParameter(why, param_hint="--until")


def _show(outcome: Outcome) -> None:
    position = outcome.findings.position
    counted = [
        (row["from"], row["to"], row["category"] or "all", row["agreed"], row["done"], row["left"])
        for row in position.owed
    ]
    columns(counted, ("from", "to", "category", "agreed", "signed by both", "left"))
    click.echo()
    columns(
        [
            (s, position.largest_lead[s], position.step, position.conceded[s])
            for s in sorted(position.lead)
        ],
        ("side", "largest lead", "step", "conceded"),
    )
    click.echo()
    matched = outcome.matched
    if matched is not None and matched.precision is not None:
        click.echo(f"matching: precision {matched.precision:.4f}, recall {matched.recall:.4f}")
    judged = outcome.findings.judged(outcome.findings.at)
    if judged:
        columns(
            [(each.claim.id, each.as_said.verdict, each.as_known.verdict) for each in judged],
            ("claim", "as said", "as known"),
        )
        click.echo()
    click.echo(f"record: {'verified' if outcome.sound else 'NOT verified'}")
    click.echo("complete" if position.complete else "not complete")
    click.echo(f"{sum(outcome.parts.values()):.1f} s, {outcome.memory / 2**20:.0f} MiB")


def offer(out: Path) -> None:
    """Say on standard error how to open the offices that were rehearsed, all at once."""
    from homeward.office import REHEARSED_PASSWORD

    offices = sorted(keys.parent for keys in out.glob("*/keys"))
    if not offices:
        return
    click.echo("\nto look around in the offices, each in a window of its own:", err=True)
    for port, office in enumerate(offices, 8101):
        click.echo(f"  homeward office serve {office} --rehearsed --port {port}", err=True)
    click.echo(f"  enter as first, or as second, with {REHEARSED_PASSWORD}", err=True)
