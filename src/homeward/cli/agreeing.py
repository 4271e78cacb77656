"""terms check, show, compare, draw: the agreement as data, in plain words, and on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Any

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
from homeward.words import LANGUAGES, RIGHT_TO_LEFT
from homeward.words import say as phrase

if TYPE_CHECKING:
    from homeward.terms import Terms

UNDECIDED = "cannot_be_decided"
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)
_lang = click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)


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
                names = list(dict.fromkeys(name for row in rows for name in row))
                columns([[row.get(name) for name in names] for row in rows], names)
    # by itself a warning is advice; of what was done it says that something was not kept
    kept = done is None or not [p for p in judged.problems if p.level == "warning"]
    finish(found, true=kept)


def _agreed(terms_file: str) -> Terms:
    """The agreement in a file, its warnings said; raises Refused where it cannot be read."""
    from homeward.terms import read_terms

    agreed, problems = read_terms(read_bytes(terms_file), Path(terms_file).name)
    if agreed is None:
        raise Refused(problems)
    complain(problems)
    return agreed


@terms.command()
@click.argument("terms_file", metavar="TERMS", type=_FILE)
@_lang
@as_json
@answering
def show(terms_file: str, lang: str, as_json: bool) -> None:
    """The agreement in plain words."""
    from homeward.terms import show as in_words

    clauses = in_words(_agreed(terms_file), lang)
    if as_json:
        show_json({"lang": lang, "clauses": list(clauses)})
    else:
        click.echo("\n".join(clauses))


@terms.command()
@click.argument("old_file", metavar="OLD", type=_FILE)
@click.argument("new_file", metavar="NEW", type=_FILE)
@_lang
@as_json
@answering
def compare(old_file: str, new_file: str, lang: str, as_json: bool) -> None:
    """What a second version of an agreement means that the first did not."""
    from homeward.terms import compare as differences
    from homeward.terms.abreast import side_by_side

    old, new = _agreed(old_file), _agreed(new_file)
    changes = differences(old, new)
    pairs = side_by_side(old, new, lang)
    same = all(change.kind == "words" for change in changes)
    loud = [change.say(lang) for change in changes if change.stands_out]
    quiet = [change.say(lang) for change in changes if not change.stands_out]
    if as_json:
        show_json(
            {
                "lang": lang,
                "same": same,
                "changes": [change.to_json(lang) for change in changes],
                "side_by_side": [{"before": one, "now": other} for one, other in pairs],
            }
        )
    else:
        if same:
            click.echo(phrase("terms.compare.head_same", lang))
        for key, sentences in (("loud", loud), ("more", quiet)):
            if sentences:
                click.echo(phrase(f"terms.compare.head_{key}", lang))
                click.echo("\n".join(f"  {sentence}" for sentence in sentences))
        _abreast(pairs, lang)
    finish(true=same)


def _abreast(pairs: Sequence[tuple[str | None, str | None]], lang: str) -> None:
    """Both versions in two columns; one below the other where lines run right to left."""
    heads = [phrase(f"terms.compare.head_{key}", lang) for key in ("before", "now")]
    width = (min(get_terminal_size().columns, 140) - 3) // 2
    if pairs and lang not in RIGHT_TO_LEFT:
        click.echo(f"\n{heads[0]:<{width}} | {heads[1]}")
    for pair in pairs:
        click.echo()
        if lang in RIGHT_TO_LEFT:
            for head, sentence in zip(heads, pair, strict=True):
                click.echo(f"{head}: {sentence or '—'}")
            continue
        one, other = (wrap(sentence or "—", width) for sentence in pair)
        for line in range(max(len(one), len(other))):
            left = one[line] if line < len(one) else ""
            right = other[line] if line < len(other) else ""
            click.echo(f"{left:<{width}} | {right}".rstrip())


@terms.command()
@click.argument("terms_file", metavar="TERMS", type=_FILE)
@click.option("--out", type=click.Path(dir_okay=False), help="FILE.svg, or FILE.html with a table.")
@_lang
@as_json
@answering
def draw(terms_file: str, out: str | None, lang: str, as_json: bool) -> None:
    """Who gives whom to whom, when, tied to what, on one page (SVG, or HTML with a table)."""
    from homeward.paper.agreement import agreement_figure, agreement_page, standalone
    from homeward.terms.outline import outline

    agreed = _agreed(terms_file)
    if out is None or not out.endswith((".html", ".htm")):
        drawn = standalone(agreement_figure(agreed, lang))
    else:
        drawn = agreement_page(agreed, lang)
    if out is not None:
        Path(out).write_text(drawn, encoding="utf-8")
    if as_json:
        show_json({"lang": lang, "out": out, **asdict(outline(agreed, lang))})
    elif out is None:
        click.echo(drawn)
