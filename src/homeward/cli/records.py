"""verify, prove, check-proof, compare, position: what anyone can do with a record copy alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from homeward.cli.answering import (
    Progress,
    answering,
    as_json,
    columns,
    finish,
    read_bytes,
    show_json,
)
from homeward.problem import Problem, Refused
from homeward.words import say

if TYPE_CHECKING:
    from homeward.record import Entry, Verification
    from homeward.record.scanning import Block, Found
    from homeward.rehearsal import FolderCopy
    from homeward.terms.kernel import Position

AHEAD = 4
_COPY = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False)


@click.command()
@click.argument("copy", type=_COPY)
@click.option(
    "--against",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Another copy, or a single checkpoint, that this one must agree with and reach.",
)
@click.option(
    "--checked-until",
    multiple=True,
    type=_FILE,
    help="A checkpoint up to which signatures were checked before.",
)
@as_json
@answering
def verify(
    copy: Path, against: tuple[Path, ...], checked_until: tuple[str, ...], as_json: bool
) -> None:
    """Check everything in a record copy, with nothing but the copy."""
    from homeward.record import verify as check

    progress = Progress()
    held = [_folder(path) if path.is_dir() else path.read_bytes() for path in against]
    found = check(
        _folder(copy),
        held,
        [read_bytes(path) for path in checked_until],
        lambda entries: progress(f"{entries} entries read"),
        _across_processes,
    )
    progress.clear()
    if as_json:
        show_json(found.to_json())
    else:
        _show_verdict(copy, found)
    finish((*found.notes, *found.problems), true=found.sound and not found.forks)


def _across_processes(work: Callable[[Block], Found], blocks: Iterable[Block]) -> Iterator[Found]:
    """Check blocks on every processor, a few ahead, results in order; a short log stays here."""
    rest = iter(blocks)
    for block in islice(rest, 2):
        yield work(block)
    following = next(rest, None)
    if following is None:
        return
    pool = ProcessPoolExecutor()
    waiting: deque[Future[Found]] = deque()
    try:
        for block in chain([following], rest):
            waiting.append(pool.submit(work, block))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _show_verdict(copy: Path, found: Verification) -> None:
    verdict = "sound" if found.sound and not found.forks else "not sound"
    lacking = f", without {', '.join(found.absent)}" if found.absent else ""
    counts = f"{found.entries} entries, {len(found.forks)} forks"
    click.echo(f"{copy}: {verdict}, {counts}{lacking}")
    columns(
        [
            (log.name, log.size, log.root[:16], ", ".join(log.cosigned) or "nobody")
            for log in found.logs
        ],
        ("log", "entries", "root", "countersigned by"),
    )
    if found.reason is not None:
        where = found.entry or found.file or found.reason.place
        click.echo(f"first fault: {found.reason.code} at {where}")


@click.command()
@click.argument("copy", type=_COPY)
@click.argument("entry")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The proof file.")
@answering
def prove(copy: Path, entry: str, out: Path | None) -> None:
    """Write the proof of one ENTRY (log/number) that a stranger can check alone."""
    from homeward.record import prove as proof_of

    log, slash, seq = entry.rpartition("/")
    if not slash or not seq.isdigit():
        raise click.BadParameter("an entry is log/number, as north.office.1/17")
    proof = proof_of(_folder(copy), log, int(seq))
    if out is None:
        click.echo(proof, nl=False)
    else:
        out.write_bytes(proof)


@click.command("check-proof")
@click.argument("proof", type=_FILE)
@click.argument("exchange", type=_FILE)
@click.option(
    "--certificate",
    multiple=True,
    type=_FILE,
    help="The certificate of a log that no card opens.",
)
@as_json
@answering
def check_proof(proof: str, exchange: str, certificate: tuple[str, ...], as_json: bool) -> None:
    """Check a PROOF of one entry with nothing but the EXCHANGE (its exchange.txt)."""
    from homeward.record import read_exchange
    from homeward.record.certificate import read_certificate
    from homeward.record.proving import check_proof as check

    agreed = read_exchange(read_bytes(exchange).decode("latin-1"))
    opened = [read_certificate(agreed, read_bytes(each).decode("latin-1")) for each in certificate]
    proven = check(agreed, read_bytes(proof), tuple(opened))
    if as_json:
        show_json(proven.to_json())
        return
    checkpoint = proven.head.checkpoint
    click.echo(f"{proven.entry.place} stands under the checkpoint at {checkpoint.size}")
    columns([line.partition(" ")[::2] for line in proven.header], ("line", "value"))
    columns(proven.seen_by(), ("countersigned by", "at"))


@click.command()
@click.argument("one", type=_COPY)
@click.argument("other", type=_COPY)
@as_json
@answering
def compare(one: Path, other: Path, as_json: bool) -> None:
    """What each of two copies holds that the other lacks, and where histories part."""
    from homeward.record import compare as differ

    found = differ(_folder(one), _folder(other))
    if as_json:
        show_json(found.to_json())
    else:
        click.echo("the same" if found.same else "not the same")
        columns(
            [(log.name, log.one, log.other, log.common) for log in found.logs],
            ("log", "one", "other", "in common"),
        )
    forks = [
        Problem("record.fork", f"entry {fork.log}/{fork.seq}", fork.kind, "one history")
        for fork in found.forks
    ]
    finish((*found.problems, *forks), true=found.same)


def _require_agreed(digest: str, entries: Iterable[Entry]) -> None:
    """Raise Refused where the record's sides made another text final than the one at hand."""
    final = {e.digest for e in entries if e.kind == "final" and e.stage is None}
    proposed = {e.digest for e in entries if e.kind == "terms-proposed"}
    agreed = final & proposed
    if agreed and digest not in agreed:
        hint = "what is left is counted by the text that the sides signed: give that file"
        expected = ", ".join(sorted(str(each)[:16] for each in agreed))
        raise Refused([Problem("crossing.other-terms", "--terms", digest[:16], expected, hint)])


@click.command()
@click.argument("copies", type=_COPY, nargs=-1, required=True)
@click.option("--terms", "terms_file", type=_FILE, help="The agreement, to show what is left.")
@click.option("--public", is_flag=True, help="Only what may be shown to everybody by now.")
@as_json
@answering
def position(copies: tuple[Path, ...], terms_file: str | None, public: bool, as_json: bool) -> None:
    """Counts by direction, category, stage and attestation, from any set of copies."""
    from homeward.crossing import position as fold
    from homeward.rehearsal import read_union
    from homeward.terms import read_terms

    terms = None
    if terms_file is not None:
        terms, problems = read_terms(read_bytes(terms_file), Path(terms_file).name)
        if terms is None:
            raise Refused(problems)
    union = read_union(copies)
    if terms is not None:
        _require_agreed(terms.digest, union.entries)
    sides, last = union.exchange.sides, union.last_seen()
    found = fold(union.entries, sides=sides, terms=terms, as_of=last, public=public)
    if as_json:
        show_json(found.to_json())
        return
    columns(
        [
            (c.sender, c.to, f"{c.category}/{c.state}/{c.group}", c.stage, c.step, c.attested_by,
             c.outcome, c.count)
            for c in sorted(found.cells)
        ],
        ("from", "to", "class", "stage", "step", "attested by", "outcome", "count"),
    )  # fmt: skip
    click.echo()
    columns(
        [(s, found.lead[s], found.largest_lead[s], found.conceded[s]) for s in sorted(found.lead)],
        ("side", "lead", "largest", "conceded"),
    )
    if terms is not None and terms.balance.no_bound:
        click.echo(say("terms.balance.no_bound", "en"))
    _say_what_is_owed(found)


def _say_what_is_owed(found: Position) -> None:
    """The agreement's numbers against the signatures: shares, totals, complete or not."""
    if found.owed:
        click.echo()
        columns(
            [
                (r["from"], r["to"], r["category"] or "all", r["agreed"], r["done"], r["left"],
                 f"{r['done'] / r['agreed']:.1%}" if r["agreed"] else "")
                for r in found.owed
            ],
            ("from", "to", "category", "agreed", "signed by both", "left", "share"),
        )  # fmt: skip
    moved = {"group": "inside", "outcome": "transferred"}
    both = found.count(**moved, attested_by="both")
    single = found.count(**moved) - both
    click.echo(f"\n{both} transfers signed by both, {2 * both + single} attestations")
    if found.owed:
        click.echo("complete" if found.complete else "not complete")


def _folder(path: Path) -> FolderCopy:
    from homeward.rehearsal import FolderCopy

    return FolderCopy(path)
