"""common: whom two lists both name, found by files that pass between two offices and show neither.

A comparison is one folder of the office that makes it: what it sends (``offer``, ``reply`` or
``tokens``), and ``own.json``, which never leaves it and loses its secret once persons are found.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from homeward.problem import Problem, Refused, errors

if TYPE_CHECKING:
    from homeward.people import Line
    from homeward.people.reconciling import Common, Offer

_FILE = click.Path(exists=True, dir_okay=False)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_plan = click.option(
    "--for", "plan", required=True, help="What is compared for, in the same words at both offices."
)


@dataclass(frozen=True)
class _Own:
    """What an office keeps of one comparison."""

    plan: str
    ids: tuple[str, ...]
    owners: tuple[tuple[int, ...], ...]
    secret: str = field(repr=False)
    other: str = ""  # the commitment of the one offer that was answered

    @property
    def context(self) -> str:
        return _context(self.plan)


@click.group()
def common() -> None:
    """Whom two lists both name, without showing either list."""


@common.command()
@click.argument("file", type=_FILE)
@click.argument("folder", type=_FOLDER)
@_plan
@as_json
@answering
def offer(file: str, folder: Path, plan: str, as_json: bool) -> None:
    """Make FILE into tokens in a new FOLDER. Send the commitment first, FOLDER/offer afterwards."""
    from homeward.people.reconciling import commitment, make_offer
    from homeward.record import points

    lines = _lines(file)
    made = make_offer(lines, _context(plan), points, os.urandom)
    _begin(folder, plan, lines, made, "offer")
    _answer(as_json, {"commitment": commitment(made.message), "lines": len(lines)})


@common.command()
@click.argument("folder", type=_FOLDER)
@click.argument("offer", type=_FILE)
@click.option("--committed", required=True, help="What the other office said of its offer before.")
@click.option("--most-lines", type=click.IntRange(1), help="The most lines that were agreed to.")
@as_json
@answering
def reply(folder: Path, offer: str, committed: str, most_lines: int | None, as_json: bool) -> None:
    """Answer the other office's OFFER into FOLDER/reply; one offer in a comparison, no second."""
    from homeward.people.reconciling import MOST_LINES, make_reply, read_offer
    from homeward.record import points

    own, theirs = _own(folder), read_bytes(offer)
    if own.other and own.other != committed:
        raise Refused(
            [
                _problem(
                    "people.common-answered", folder, own.other[:16], "the offer answered before"
                )
            ]
        )
    limit = most_lines or MOST_LINES
    read = read_offer(theirs, own.context, points, committed=committed, most_lines=limit)
    answer = make_reply(_as_offer(folder, own), read, own.context, points)
    # That an offer is answered is written down before the answer can leave.
    write_whole(folder / "other-offer", theirs)
    _keep(folder, own, other=committed)
    write_whole(folder / "reply", answer)
    _answer(as_json, {"answered": committed, "tokens": len(read) - 1})


@common.command()
@click.argument("folder", type=_FOLDER)
@click.argument("reply", type=_FILE)
@as_json
@answering
def find(folder: Path, reply: str, as_json: bool) -> None:
    """From the other office's REPLY: which of our lines both lists have, into FOLDER/common.csv."""
    from homeward.people.reconciling import find_common, read_offer
    from homeward.record import points

    own = _own(folder)
    if not own.other:
        hint = "homeward common reply comes first"
        raise Refused(
            [_problem("people.common-not-answered", folder, "", "the other's offer answered", hint)]
        )
    theirs = read_offer(
        (folder / "other-offer").read_bytes(), own.context, points, committed=own.other
    )
    mine = _as_offer(folder, own)
    found = find_common(mine, theirs, read_bytes(reply), own.context, points)
    _found(as_json, folder, own, found)


@common.command()
@click.argument("file", type=_FILE)
@click.argument("folder", type=_FOLDER)
@_plan
@click.option("--key", type=_FILE, required=True, help="32 bytes that both offices have.")
@as_json
@answering
def tokens(file: str, folder: Path, plan: str, key: str, as_json: bool) -> None:
    """Make FILE into tokens that a neutral without the key can compare, in a new FOLDER."""
    from homeward.people.reconciling import keyed_tokens

    lines = _lines(file)
    made = keyed_tokens(lines, _context(plan), read_bytes(key), os.urandom)
    _begin(folder, plan, lines, made, "tokens")
    _answer(as_json, {"lines": len(lines)})


@common.command()
@click.argument("one", type=_FILE)
@click.argument("other", type=_FILE)
@_plan
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@as_json
@answering
def meet(one: str, other: str, plan: str, out: Path, as_json: bool) -> None:
    """A neutral's part: which tokens of ONE are in OTHER, by their numbers."""
    from homeward.people.reconciling import compare_tokens

    pairs = compare_tokens(read_bytes(one), read_bytes(other), _context(plan))
    write_whole(out, json.dumps(pairs).encode())
    _answer(as_json, {"tokens": len(pairs)})


@common.command()
@click.argument("folder", type=_FOLDER)
@click.argument("file", type=_FILE)
@click.option(
    "--as", "place", type=click.Choice(["1", "2"]), required=True, help="Which were ours."
)
@as_json
@answering
def answer(folder: Path, file: str, place: str, as_json: bool) -> None:
    """From the neutral's answer in FILE: which of our lines both lists have."""
    from homeward.people.reconciling import common_of

    own, pairs = _own(folder), _pairs(file)
    ours = pairs if place == "1" else [(second, first) for first, second in pairs]
    _found(as_json, folder, own, common_of(_as_offer(folder, own), ours))


def _lines(path: str) -> tuple[Line, ...]:
    """A list that is read without an error: who is left out would be looked for in vain."""
    from homeward.people import read_list

    read = read_list(Path(path).name, read_bytes(path))
    if errors(read.problems):
        raise Refused(read.problems)
    return read.lines


def _begin(folder: Path, plan: str, lines: Sequence[Line], made: Offer, name: str) -> None:
    """A comparison's folder, whole or not at all; raises Refused where there is one."""
    if folder.exists():
        hint = "each comparison has a folder of its own"
        raise Refused([_problem("people.common-begun", folder, "exists", "a new folder", hint)])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        new = Path(beside) / "new"
        new.mkdir(mode=0o700)
        own = _Own(plan, tuple(line.id for line in lines), made.owners, made.secret.hex())
        write_whole(new / name, made.message)
        _keep(new, own)
        new.rename(folder)


def _own(folder: Path) -> _Own:
    """What this office keeps of the comparison; raises Refused once its secret is gone."""
    kept = json.loads((folder / "own.json").read_text(encoding="utf-8"))
    if not kept["secret"]:
        hint = "what was found is in common.csv"
        raise Refused(
            [_problem("people.common-ended", folder, "ended", "a comparison at work", hint)]
        )
    owners = tuple(tuple(own) for own in kept.pop("owners"))
    return _Own(owners=owners, ids=tuple(kept.pop("ids")), **kept)


def _as_offer(folder: Path, own: _Own) -> Offer:
    from homeward.people.reconciling import Offer

    names = ("offer", "tokens")
    message = next((folder / name).read_bytes() for name in names if (folder / name).exists())
    return Offer(message, own.owners, bytes.fromhex(own.secret))


def _keep(folder: Path, own: _Own, **changed: Any) -> None:
    write_whole(folder / "own.json", json.dumps({**own.__dict__, **changed}).encode())


def _found(as_json: bool, folder: Path, own: _Own, found: Sequence[Common]) -> None:
    """Keep the lines in common, wipe the secret, and say how many."""
    from homeward.people.cells import guarded

    ids = [own.ids[one.line] for one in found]
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("id", "tokens"))
    rows.writerows((guarded(id_), len(one.theirs)) for id_, one in zip(ids, found, strict=True))
    write_whole(folder / "common.csv", text.getvalue().encode())
    _keep(folder, own, secret="", owners=())
    _answer(as_json, {"lines": ids, "of": len(own.ids)})


def _pairs(path: str) -> list[tuple[int, int]]:
    """The neutral's answer; raises Refused where it is none."""
    try:
        return [(int(one), int(other)) for one, other in json.loads(read_bytes(path))]
    except (ValueError, TypeError):
        found = Problem("people.common-malformed", "answer", "", "pairs of numbers")
        raise Refused([found]) from None


def _context(plan: str) -> str:
    return hashlib.sha256(b"homeward-common\0" + plan.encode()).hexdigest()


def _problem(code: str, folder: Path, value: str, expected: str, hint: str = "") -> Problem:
    return Problem(code, folder.name, value, expected, hint)


def _answer(as_json: bool, said: Mapping[str, Any]) -> None:
    if as_json:
        show_json({**said, "problems": []})
    else:
        shown = {
            name: len(value) if isinstance(value, list) else value for name, value in said.items()
        }
        columns(list(shown.items()))
    finish()
