"""claims read, claims check: what a text says in public, and whether it is so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from homeward.cli.answering import (
    answering,
    as_json,
    columns,
    read_bytes,
    show_json,
)
from homeward.dates import parse_instant
from homeward.problem import Problem, Refused, errors
from homeward.words import LANGUAGES

if TYPE_CHECKING:
    from homeward.claims import Claim, Statement
    from homeward.terms import Annex, Terms

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)
_COPY = click.Path(exists=True, file_okay=False, path_type=Path)


class Instant(click.ParamType[datetime]):
    """An ISO 8601 instant with its zone."""

    name = "ISO"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """The instant; anything else is wrong use."""
        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(str(value))
        except ValueError:
            self.fail(f"{value!r} is no instant with a zone: 2031-05-09T08:00:00+03:00", param, ctx)


@click.group()
def claims() -> None:
    """What is said in public about an exchange."""


@claims.command()
@click.argument("file", type=_FILE)
@click.option("--said-at", type=Instant(), help="When it was said or published.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@as_json
@answering
def read(file: str, said_at: datetime | None, lang: str, as_json: bool) -> None:
    """The claims in a text or HTML file, each with the words it was read from."""
    found, _ = _read_text(file, said_at, lang)
    if as_json:
        from homeward.claims.review import review_queue

        waiting = [review.to_json(lang) for review in review_queue(found)]
        show_json({"claims": [claim.to_json() for claim in found], "review": waiting})
        return
    columns(
        [
            (
                str(claim.speaker),
                claim.status,
                claim.subject,
                " + ".join(f"{c.n} {c.category or c.unit} {c.counting}" for c in claim.counts),
                claim.event_date or "",
                "sure" if claim.sure else f"not sure: {', '.join(claim.doubts)}",
            )
            for claim in found
        ],
        ("speaker", "status", "subject", "counts", "on", ""),
    )


def _read_text(
    file: str, said_at: datetime | None, lang: str, terms: Terms | None = None
) -> tuple[tuple[Claim, ...], datetime]:
    """The claims of a file, and when they were said: as asked, as the page says, or now."""
    from homeward.claims import read_claims
    from homeward.claims.page import published

    data = read_bytes(file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem("cli.encoding", file, f"byte {error.start}", "a text in UTF-8")
        raise Refused([problem]) from error
    names = (
        [(side, [terms.name(side, each) for each in LANGUAGES]) for side in terms.sides]
        if terms
        else []
    )
    at = said_at or published(text) or datetime.now(UTC)
    return read_claims(text, said_at=at, lang=lang, context=dict(names) or None), at


@claims.command()
@click.argument("file", type=_FILE)
@click.option("--terms", "terms_file", type=_FILE, required=True, help="The agreement.")
@click.option("--record", "copies", type=_COPY, multiple=True, required=True, help="A copy.")
@click.option("--stages", type=_FILE, help="The stage annexes that were agreed.")
@click.option("--said-at", type=Instant(), help="When it was said or published.")
@click.option("--known-at", type=Instant(), help="Judge by what was known then (default: now).")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@as_json
@answering
def check(
    file: str,
    terms_file: str,
    copies: tuple[Path, ...],
    stages: str | None,
    said_at: datetime | None,
    known_at: datetime | None,
    lang: str,
    as_json: bool,
) -> None:
    """The claims in FILE (a text, HTML, or statements.yaml), each with its verdicts."""
    from homeward.rehearsal import Findings, read_union

    terms, annexes = _agreement(terms_file, stages)
    statements = _statements(file, said_at, lang, terms)
    at = known_at or datetime.now(UTC)
    findings = Findings(terms, annexes, statements, read_union(copies), at)
    judged, promised = findings.judged(findings.at), findings.promised(findings.at)
    if as_json:
        show_json(
            {
                "claims": [each.to_json(lang) for each in judged],
                "commitments": [each.to_json(lang) for each in promised],
            }
        )
    else:
        columns(
            [
                (each.claim.id, each.as_said.verdict, each.as_known.verdict, str(each.as_known.why))
                for each in judged
            ],
            ("claim", "as said", "as known", "why"),
        )
        from homeward.claims.owing import promise_report

        owed = promise_report(promised, findings.at).lines("en")
        if owed:
            columns(owed, ("owed by", "what", "since", "on the word of", "state", "due"))


def _agreement(terms_file: str, stages: str | None) -> tuple[Terms, tuple[Annex, ...]]:
    from homeward.terms import read_annexes, read_terms

    terms, problems = read_terms(read_bytes(terms_file), Path(terms_file).name)
    if terms is None:
        raise Refused(problems)
    annexes: tuple[Annex, ...] = ()
    if stages is not None:
        annexes, problems = read_annexes(read_bytes(stages), terms, Path(stages).name)
        if errors(problems):
            raise Refused(problems)
    return terms, annexes


def _statements(
    file: str, said_at: datetime | None, lang: str, terms: Terms
) -> tuple[Statement, ...]:
    """What is to be judged: a statements file as it is, any other text as it is read."""
    from homeward.claims import Statement, load_statements
    from homeward.claims.model import Words

    if file.endswith((".yaml", ".yml")):
        statements, problems = load_statements(read_bytes(file), Path(file).name)
        if errors(problems):
            raise Refused(problems)
        return statements
    found, at = _read_text(file, said_at, lang, terms)
    shared: dict[str, Any] = {"said_at": at, "known_at": at, "lang": lang}
    return tuple(
        Statement(
            id=claim.id,
            text=Words.plain(claim.text),
            speaker=claim.speaker,
            role=claim.role,
            party=claim.party,
            via=claim.via,
            channel=claim.channel,
            claims=(claim,),
            **shared,
        )
        for claim in found
    )
