"""The exchange folder: every file read and checked together, every problem said at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from homeward.claims import Statement, load_statements
from homeward.people import Line, read_list
from homeward.plan import Resources
from homeward.plan.resources import read_resources
from homeward.problem import Problem, errors
from homeward.rehearsal.cast import Cast, read_cast
from homeward.rehearsal.expected import Expected, never_claimed, out_of_place, read_expected
from homeward.rehearsal.filing import Files
from homeward.rehearsal.fitting import (
    fit,
    misplaced,
    strange_holders,
    strange_sites,
    unplannable,
    unreal_start,
)
from homeward.rehearsal.gold import GoldPair, read_gold
from homeward.rehearsal.run import NAME as RUN
from homeward.terms import Annex, Terms, read_annexes, read_terms

FILES = (
    "exchange.yaml",
    "terms.yaml",
    "stages.yaml",
    "gold.csv",
    "statements.yaml",
    "expected.yaml",
)
WHICH = ("held", "sought")


@dataclass(frozen=True, slots=True)
class Folder:
    """An exchange folder that was read whole; ``digest`` is of every file that counts."""

    path: Path
    digest: str
    cast: Cast
    terms: Terms
    terms_text: str
    annexes: tuple[Annex, ...]
    lists: Mapping[tuple[str, str], str]
    lines: Mapping[tuple[str, str], Mapping[str, Line]]
    gold: tuple[GoldPair, ...] | None
    statements: tuple[Statement, ...]
    expected: Expected | None


def read_folder(path: Path) -> tuple[Folder | None, tuple[Problem, ...]]:
    """The exchange folder at ``path`` and every problem found; None where an error was among them.

    The format is docs/reference/exchange-folder.md. Nothing is written. What one file lacks does
    not keep the others from being read: each is checked as far as it can be alone.
    """
    files = Files(path)
    cast = _cast(files)
    terms = _terms(files)
    if cast is not None and terms is not None:
        files.problems += fit(cast, terms)
    annexes = _annexes(files, cast, terms)
    texts, lines = _lists(files, cast)
    if cast is not None:
        files.problems += strange_sites(cast, lines)
    gold = _gold(files, cast, lines)
    statements = _statements(files, cast)
    expected = _expected(files, cast, terms, statements)
    _strangers(files, cast)
    problems = tuple(dict.fromkeys(files.problems))
    if cast is None or terms is None or errors(problems):
        return None, problems
    folder = Folder(
        path=path,
        digest=files.digest(),
        cast=cast,
        terms=terms,
        terms_text=files.taken["terms.yaml"].decode("utf-8-sig"),
        annexes=annexes,
        lists=texts,
        lines={key: {line.id: line for line in read} for key, read in lines.items()},
        gold=gold,
        statements=statements,
        expected=expected,
    )
    return folder, problems


def _cast(files: Files) -> Cast | None:
    data = files.take("exchange.yaml", needed=True)
    if data is None:
        return None
    cast, problems = read_cast(data)
    files.problems += problems
    if cast is not None:
        files.problems += [*unreal_start(cast), *strange_holders(cast)]
    return cast


def _terms(files: Files) -> Terms | None:
    data = files.take("terms.yaml", needed=True)
    if data is None:
        return None
    terms, problems = read_terms(data)
    files.problems += problems
    return terms


def _annexes(files: Files, cast: Cast | None, terms: Terms | None) -> tuple[Annex, ...]:
    data = files.take("stages.yaml")
    if data is None:
        if terms is not None and "stages.yaml" not in files.taken:
            files.problems += unplannable(terms)
        return ()
    resources = read_resources(cast.resources)[0] if cast is not None else Resources()
    annexes, problems = read_annexes(data, terms, sites=set(resources.sites) or None)
    files.problems += problems
    if cast is not None:
        files.problems += misplaced(annexes, cast, resources)
    return annexes


def _lists(
    files: Files, cast: Cast | None
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], tuple[Line, ...]]]:
    """The lists that the moves need; without a cast, those that are there."""
    texts: dict[tuple[str, str], str] = {}
    lines: dict[tuple[str, str], tuple[Line, ...]] = {}
    for side, which in sorted(_wanted(files.path, cast)):
        name = f"{side}/{which}.csv"
        data = files.take(name, needed=cast is not None)
        if data is None:
            continue
        text = files.text(name, data)
        read = read_list(name, data)
        found = list(errors(read.problems))
        files.problems += found
        if text is not None and not found:
            texts[side, which] = text
            lines[side, which] = read.lines
    return texts, lines


def _wanted(path: Path, cast: Cast | None) -> set[tuple[str, str]]:
    if cast is not None:
        held = {(sender, "held") for sender, _ in cast.moves}
        return held | {(to, "sought") for _, to in cast.moves}
    there = [file for which in WHICH for file in path.glob(f"*/{which}.csv")]
    return {(file.parent.name, file.stem) for file in there}


def _gold(
    files: Files, cast: Cast | None, lines: Mapping[tuple[str, str], tuple[Line, ...]]
) -> tuple[GoldPair, ...] | None:
    data = files.take("gold.csv")
    text = files.text("gold.csv", data) if data is not None else None
    if text is None:
        return None
    ids = {key: {line.id for line in read} for key, read in lines.items()}
    pairs, problems = read_gold(text, cast.moves if cast is not None else None, ids)
    files.problems += problems
    return pairs


def _statements(files: Files, cast: Cast | None) -> tuple[Statement, ...]:
    data = files.take("statements.yaml")
    if data is None:
        return ()
    sides = cast.sides if cast is not None else None
    statements, problems = load_statements(data, sides=sides)
    files.problems += problems
    return statements


def _expected(
    files: Files, cast: Cast | None, terms: Terms | None, statements: tuple[Statement, ...]
) -> Expected | None:
    data = files.take("expected.yaml")
    if data is None:
        return None
    expected, problems = read_expected(data)
    files.problems += problems
    if expected is not None and cast is not None and terms is not None:
        files.problems += out_of_place(expected, cast.moves, terms.categories)
    if expected is not None and not any(p.place.startswith("statements.") for p in files.problems):
        files.problems += never_claimed(expected, statements)
    return expected


def _strangers(files: Files, cast: Cast | None) -> None:
    """Files whose names look like ours and are not: often a slip of the pen."""
    if not files.path.is_dir() or cast is None:
        return
    known = {*FILES, *(f"{side}/{which}.csv" for side in cast.sides for which in WHICH)}
    # a run's own results may lie inside the folder that it was played from
    rooms = [d for d in files.path.iterdir() if d.is_dir() and not (d / RUN).is_file()]
    found = [p for d in (files.path, *rooms) for p in d.iterdir() if p.is_file()]
    for path in sorted(found):
        name = path.relative_to(files.path).as_posix()
        if path.suffix in (".yaml", ".yml", ".csv") and name not in known:
            files.problems.append(
                Problem(
                    "rehearsal.unknown-file",
                    name,
                    "",
                    "a file of an exchange folder",
                    "it is not read; is the name right?",
                    "warning",
                )
            )


def with_seed(folder: Folder, seed: int | None) -> Folder:
    """The folder with another seed for what the rehearsal chooses by chance."""
    return folder if seed is None else replace(folder, cast=replace(folder.cast, seed=seed))
