"""lists check, match: what lists say, and which lines are about the same person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeward.cli.answering import (
    answering,
    as_json,
    columns,
    finish,
    read_bytes,
    show_json,
    write_whole,
)
from homeward.problem import Problem, Refused

if TYPE_CHECKING:
    from homeward.people import ListRead, Matching

_FILE = click.Path(exists=True, dir_okay=False)
_SHARE = click.FloatRange(0, 1)
_mapping = click.option(
    "--mapping", "kept", type=_FILE, help="JSON: what the headers mean, by what is written."
)


@click.group()
def lists() -> None:
    """Lists of people, from any office's files."""


@lists.command()
@click.argument("files", type=_FILE, nargs=-1, required=True)
@_mapping
@click.option(
    "--workbook", type=click.Path(dir_okay=False, path_type=Path), help="XLSX: problems as notes."
)
@as_json
@answering
def check(files: tuple[str, ...], kept: str | None, workbook: Path | None, as_json: bool) -> None:
    """Every problem in CSV, TSV, XLSX, XLS, ODS and PFIF files, with row and column."""
    if workbook and len(files) > 1:
        raise click.UsageError("--workbook is for one list")
    read = [_read(path, kept) for path in files]
    if workbook:
        from homeward.people.workbook import problem_workbook

        write_whole(workbook, problem_workbook(read[0]))
    problems = [problem for each in read for problem in each.problems]
    if as_json:
        show_json(
            {
                "rows": sum(each.rows for each in read),
                "lines": sum(len(each.lines) for each in read),
                "files": [
                    {
                        "name": each.name,
                        "rows": each.rows,
                        "lines": len(each.lines),
                        "mapping": dict(each.mapping),
                    }
                    for each in read
                ],
                "problems": [problem.to_json() for problem in problems],
            }
        )
    else:
        columns(
            [(each.name, each.rows, len(each.lines), len(each.problems)) for each in read],
            ("file", "rows", "read", "problems"),
        )
        for each in read:
            click.echo()
            columns(
                [(header, column) for header, column in each.mapping.items()],
                ("as written", "column"),
            )
    finish(problems)


@lists.command()
@click.argument("former", type=_FILE)
@click.argument("latter", type=_FILE)
@_mapping
@as_json
@answering
def compare(former: str, latter: str, kept: str | None, as_json: bool) -> None:
    """What LATTER, a later edition, says otherwise than FORMER: ids and columns, no values."""
    from homeward.people import compare_editions

    read = (_read(former, kept), _read(latter, kept))
    change = compare_editions(read[0].lines, read[1].lines)
    if as_json:
        show_json(
            {
                "added": change.added,
                "gone": change.gone,
                "renumbered": change.renumbered,
                "changed": change.changed,
                "same": change.same,
                "problems": [p.to_json() for each in read for p in each.problems],
            }
        )
    else:
        rows = [("added", number, "") for number in change.added]
        rows += [("gone", number, "") for number in change.gone]
        rows += [("new id", f"{old} > {new}", "") for old, new in change.renumbered.items()]
        rows += [("changed", number, ", ".join(said)) for number, said in change.changed.items()]
        columns([*rows, ("same", change.same, "")], ("what", "line", "columns"))
    finish([problem for each in read for problem in each.problems])


@lists.command("audit")
@click.argument("file", type=_FILE)
@click.option("--returned", type=_FILE, help="Ids of lines whose people are back, one a row.")
@click.option(
    "--expect", "expected", multiple=True, metavar="COLUMN=VALUE", help="What all on it should be."
)
@_mapping
@as_json
@answering
def audit_(
    file: str, returned: str | None, expected: tuple[str, ...], kept: str | None, as_json: bool
) -> None:
    """A list as counts: twice on it, already back, of another kind, badly described."""
    from homeward.people import audit
    from homeward.people.line import COLUMNS

    claimed = dict(one.partition("=")[::2] for one in expected)
    for column in claimed:
        if column not in COLUMNS:
            raise click.BadParameter(f"{column} is no column of a list", param_hint="--expect")
    read = _read(file, kept)
    back = read_bytes(returned).decode("utf-8-sig").split() if returned else ()
    today = datetime.now(UTC).date()
    counts = audit(read.lines, returned=frozenset(back), expected=claimed, today=today)
    if as_json:
        show_json({"counts": counts, "problems": [p.to_json() for p in read.problems]})
    else:
        columns(list(counts.items()), ("what", "lines"))
    finish(read.problems)


@click.command()
@click.argument("sought", type=_FILE)
@click.argument("held", type=_FILE)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="pairs.csv")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb")
@click.option("--same-at", type=_SHARE, help="From this probability on, the same person.")
@click.option("--review-at", type=_SHARE, help="From this probability on, an officer decides.")
@click.option("--gold", type=_FILE, help="True pairs, to measure by.")
@_mapping
@as_json
@answering
def match(
    sought: str,
    held: str,
    out: Path | None,
    engine: str,
    gold: str | None,
    kept: str | None,
    as_json: bool,
    **limits: float | None,
) -> None:
    """Which lines of SOUGHT are people of HELD."""
    from homeward.people import propose, write_pairs

    read = (_read(sought, kept), _read(held, kept))
    problems = [problem for each in read for problem in each.problems if problem.level == "error"]
    given: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    if engine != "duckdb":
        given["engine"] = engine
    found = propose(read[0].lines, read[1].lines, **given)
    pairs = (*found.same, *found.review)
    measured: dict[str, Any] = {
        "same": len(found.same),
        "review": len(found.review),
        "different": len(read[0].lines) * len(read[1].lines) - len(pairs),
        "seconds": found.seconds,
        **(_measure(found, gold) if gold is not None else {}),
    }
    if out is not None:
        out.write_text(write_pairs(pairs), encoding="utf-8")
    if as_json:
        show_json({**measured, "problems": [problem.to_json() for problem in problems]})
    else:
        _show(measured, write_pairs(pairs) if out is None else "")
    finish(problems)


def _measure(found: Matching, gold: str) -> dict[str, float]:
    from homeward.people import read_gold, score

    result = score(found.same, read_gold(read_bytes(gold).decode("utf-8-sig")))
    return {"precision": result.precision, "recall": result.recall, "f1": result.f1}


def _show(measured: Mapping[str, Any], pairs: str) -> None:
    """The numbers; where the pairs go to standard output, the numbers step aside."""
    click.echo(pairs, nl=False)
    for name, value in measured.items():
        shown = f"{value:.4f}" if isinstance(value, float) else value
        click.echo(f"{name}: {shown}", err=bool(pairs))


def _read(path: str, kept: str | None) -> ListRead:
    from homeward.people import read_list

    return read_list(Path(path).name, read_bytes(path), mapping=_as_kept(kept) if kept else None)


def _as_kept(path: str) -> dict[str, str]:
    """The mapping in a file, alone or as an answer of ``lists check`` holds it.

    Raises Refused where it is none.
    """
    from homeward.people.line import COLUMNS

    known = {*COLUMNS, "full_name", ""}
    try:
        held = json.loads(read_bytes(path))
        held = held["files"][0]["mapping"] if "files" in held else held
        if {*held.values()} <= known:
            return dict(held)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        pass
    raise Refused([Problem("people.mapping-malformed", path, expected=_A_MAPPING)])


_A_MAPPING = "a JSON object of headers as written and the columns that they mean"
