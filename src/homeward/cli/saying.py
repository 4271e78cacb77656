"""claims read, claims check: what a text says in public, and whether it is so."""

from __future__ import annotations

from collections.abc import Callable
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
)
from homeward.dates import parse_instant
from homeward.problem import Problem, Refused, errors
from homeward.words import LANGUAGES

if TYPE_CHECKING:
    from homeward.claims import Statement
    from homeward.claims.sources import Source
    from homeward.rehearsal import Findings
    from homeward.terms import Annex, Terms

_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)
_FOLDER = click.Path(file_okay=False, path_type=Path)
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
    """The claims in FILE (text, HTML, RSS, Atom, a Telegram export or Mastodon statuses)."""
    sources = _sources(file, said_at, lang)
    found = [claim for source in sources for claim in source.claims]
    if as_json:
        from homeward.claims.review import review_queue

        waiting = [review.to_json(lang) for review in review_queue(found)]
        told = [source.to_json() for source in sources]
        show_json(
            {"claims": [claim.to_json() for claim in found], "review": waiting, "sources": told}
        )
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


def _sources(
    file: str, said_at: datetime | None, lang: str, terms: Terms | None = None
) -> tuple[Source, ...]:
    """The texts of a file with their claims, the sides of the terms under all their names."""
    from homeward.claims.sources import sources_in

    return sources_in(
        read_bytes(file),
        Path(file).name,
        now=datetime.now(UTC),
        said_at=said_at,
        lang=lang,
        context=_names(terms) if terms else None,
    )


def _names(terms: Terms) -> dict[str, list[str]]:
    return {side: [terms.name(side, each) for each in LANGUAGES] for side in terms.sides}


def _judging(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that compares a file with terms and record."""
    options = (
        click.argument("file", type=_FILE),
        click.option("--terms", "terms_file", type=_FILE, required=True, help="The agreement."),
        click.option(
            "--record", "copies", type=_COPY, multiple=True, required=True, help="A copy."
        ),
        click.option("--stages", type=_FILE, help="The stage annexes that were agreed."),
        click.option("--said-at", type=Instant(), help="When it was said or published."),
        click.option(
            "--known-at", type=Instant(), help="Judge by what was known then (default: now)."
        ),
        click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _findings(
    file: str | None,
    terms_file: str,
    copies: tuple[Path, ...],
    stages: str | None,
    said_at: datetime | None,
    known_at: datetime | None,
    lang: str,
) -> Findings:
    from homeward.rehearsal import Findings, read_union

    terms, annexes = _agreement(terms_file, stages)
    statements = _statements(file, said_at, lang, terms) if file is not None else ()
    at = known_at or datetime.now(UTC)
    return Findings(terms, annexes, statements, read_union(copies), at)


@claims.command()
@_judging
@as_json
@answering
def check(lang: str, as_json: bool, **given: Any) -> None:
    """The claims in FILE (statements.yaml, or what `read` takes), each with its verdicts."""
    findings = _findings(lang=lang, **given)
    judged, promised = findings.judged(findings.at), findings.promised(findings.at)
    if as_json:
        show_json(
            {
                "claims": [each.to_json(lang) for each in judged],
                "commitments": [each.to_json(lang) for each in promised],
            }
        )
        return
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


@claims.command()
@_judging
@click.option("--out", type=_FOLDER, required=True, help="The folder to write.")
@click.option("--publisher", required=True, help="Who publishes the check.")
@click.option("--address", required=True, help="The address at which the pages will stand.")
@click.option("--accept", multiple=True, help="A claim read from a text that a person accepted.")
@as_json
@answering
def publish(
    lang: str,
    out: Path,
    publisher: str,
    address: str,
    accept: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> None:
    """Write the checks of FILE as ClaimReview JSON-LD and as a page for each statement.

    What the machine read goes out only where a person accepted it; no text of a source and no
    person's name ever does.
    """
    from homeward.claims.proof_page import proof_pages
    from homeward.claims.publishing import Publisher

    findings = _findings(lang=lang, **given)
    terms = findings.terms
    sides = {side: terms.name(side, lang) for side in terms.sides}
    files = proof_pages(
        [(s.id, {c.id for c in s.claims}) for s in findings.statements],
        findings.judged(findings.at),
        Publisher(publisher, address, sides, frozenset(accept)),
        findings.at.date(),
        _heads(findings),
        lang,
    )
    out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (out / name).write_text(text, encoding="utf-8")
    if as_json:
        show_json({"files": sorted(files)})
    else:
        columns([(name,) for name in sorted(files)])


def _heads(findings: Findings) -> dict[str, str]:
    """Each log of the record as far as a copy holds it: its size and root."""
    found: dict[str, tuple[int, str]] = {}
    for copy in findings.union.copies:
        for name, log in copy.logs.items():
            found[name] = max(found.get(name, (0, "")), (log.head.size, log.head.root))
    return {name: f"{size} {root}" for name, (size, root) in found.items()}


@claims.command()
@_judging
@click.option("--side", required=True, help="Whose text it is.")
@as_json
@answering
def draft(side: str, lang: str, as_json: bool, **given: Any) -> None:
    """Check a side's own text before it goes out: embargo, and what the record does not bear out.

    Ends with 1 while something stands against it.
    """
    from homeward.claims import Known
    from homeward.claims.desk import Draft, check_draft, neutral_sentence
    from homeward.claims.sources import text_of

    file = given.pop("file")
    findings = _findings(None, lang=lang, **given)
    terms = findings.terms
    if side not in terms.sides:
        raise Refused([Problem("claims.unknown-side", file, side, ", ".join(terms.sides))])
    known = Known(
        terms,
        findings.annexes,
        findings.position_at,
        findings.at,
        agreed=findings.agreed,
        zone=findings.zone,
    )
    text = text_of(read_bytes(file), Path(file).name)
    found = check_draft(Draft(side, text, lang), known, names=_names(terms))
    neutral = neutral_sentence(known, lang)
    if as_json:
        rows = [{**c.to_json(), **v.to_json(lang)} for c, v in found.claims]
        show_json({"may_go_out": found.may_go_out, "claims": rows, "neutral": neutral})
    else:
        columns([(c.id, v.verdict, str(v.why)) for c, v in found.claims])
        columns([(neutral,)])
    finish(found.problems)


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
    return tuple(
        Statement(
            id=claim.id,
            text=Words.plain(claim.text),
            speaker=claim.speaker,
            role=claim.role,
            party=claim.party,
            via=claim.via,
            channel=claim.channel,
            said_at=source.at,
            known_at=source.at,
            lang=lang,
            claims=(claim,),
        )
        for source in _sources(file, said_at, lang, terms)
        if not source.repeats  # one wire is one source
        for claim in source.claims
    )
