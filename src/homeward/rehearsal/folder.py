"""The exchange folder: every file read and checked together, every problem said at once."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from homeward.claims import Statement, load_statements
from homeward.people import Line, read_list
from homeward.problem import Problem, errors
from homeward.rehearsal.cast import Cast, read_cast
from homeward.rehearsal.expected import Expected, read_expected
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
GOLD_COLUMNS = ["sought_side", "sought_id", "held_side", "held_id"]


@dataclass(frozen=True, slots=True)
class GoldPair:
    """A true pair: who is looked for by one side is this person, held by another."""

    seeker: str
    sought_id: str
    holder: str
    held_id: str


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


@dataclass
class _Files:
    """The folder's files as bytes, and what was found wrong with them so far."""

    path: Path
    problems: list[Problem]
    taken: dict[str, bytes]

    def take(self, name: str, *, needed: bool = False) -> bytes | None:
        """The file's bytes, or None; a needed file that is not there is a problem."""
        file = self.path.joinpath(*name.split("/"))
        if not file.is_file():
            if needed:
                hint = "see docs/reference/exchange-folder.md"
                self.problems.append(Problem("rehearsal.missing-file", name, "", "this file", hint))
            return None
        data = file.read_bytes()
        self.taken[name] = data
        if not data.strip():
            self.problems.append(Problem("rehearsal.empty-file", name, "", "something in it"))
            return None
        return data

    def digest(self) -> str:
        """SHA-256 over names and contents: what identifies the folder."""
        whole = hashlib.sha256()
        for name, data in sorted(self.taken.items()):
            whole.update(f"{name}\n{hashlib.sha256(data).hexdigest()}\n".encode())
        return whole.hexdigest()


def read_folder(path: Path) -> tuple[Folder | None, tuple[Problem, ...]]:
    """The exchange folder at ``path`` and every problem found; None where an error was among them.

    The format is docs/reference/exchange-folder.md. Nothing is written.
    """
    files = _Files(path, [], {})
    cast = _cast(files)
    terms = _terms(files)
    annexes: tuple[Annex, ...] = ()
    if cast is not None and terms is not None:
        files.problems += _fit(cast, terms)
        annexes = _annexes(files, cast, terms)
    lists, lines = _lists(files, cast)
    gold = _gold(files, cast, lines)
    statements = _statements(files, cast)
    expected = None
    data = files.take("expected.yaml")
    if data is not None:
        expected, problems = read_expected(data)
        files.problems += problems
    _strangers(files, cast)
    problems_found = tuple(dict.fromkeys(files.problems))
    if cast is None or terms is None or errors(problems_found):
        return None, problems_found
    folder = Folder(
        path=path,
        digest=files.digest(),
        cast=cast,
        terms=terms,
        terms_text=files.taken["terms.yaml"].decode("utf-8-sig"),
        annexes=annexes,
        lists=lists,
        lines={key: {line.id: line for line in read} for key, read in lines.items()},
        gold=gold,
        statements=statements,
        expected=expected,
    )
    return folder, problems_found


def _cast(files: _Files) -> Cast | None:
    data = files.take("exchange.yaml", needed=True)
    if data is None:
        return None
    cast, problems = read_cast(data)
    files.problems += problems
    return cast


def _terms(files: _Files) -> Terms | None:
    data = files.take("terms.yaml", needed=True)
    if data is None:
        return None
    terms, problems = read_terms(data)
    files.problems += problems
    return terms


def _fit(cast: Cast, terms: Terms) -> list[Problem]:
    """The agreement and the cast must speak of the same sides and the same moves."""
    problems = []
    if set(terms.sides) != set(cast.sides):
        wanted = ", ".join(terms.sides)
        problems.append(
            Problem("rehearsal.sides-differ", "exchange.yaml:sides", ", ".join(cast.sides), wanted)
        )
    owed = {f"{sender} to {to}" for sender, to in terms.moves}
    moves = {f"{sender} to {to}" for sender, to in cast.moves}
    if owed != moves:
        problems.append(
            Problem(
                "rehearsal.moves-differ",
                "exchange.yaml:moves",
                ", ".join(sorted(moves)),
                ", ".join(sorted(owed)),
                "the moves are those that the obligations of terms.yaml speak of",
            )
        )
    return problems


def _annexes(files: _Files, cast: Cast, terms: Terms) -> tuple[Annex, ...]:
    data = files.take("stages.yaml")
    if data is None:
        return ()
    resources = cast.resources
    sites = set(resources.get("sites") or ()) if resources.get("sites") else None
    annexes, problems = read_annexes(data, terms, sites=sites)
    files.problems += problems
    for annex in annexes:
        begins = annex.agreed_on or (annex.window[0] if annex.window else None)
        if begins is not None and begins < cast.start + timedelta(hours=1):
            files.problems.append(
                Problem(
                    "rehearsal.clock-late",
                    annex.place,
                    begins.isoformat(),
                    f"an hour or more after the clock's start, {cast.start.isoformat()}",
                    "cards, terms and lists come before the first stage",
                )
            )
        for name, kind in (
            (annex.crossing, "crossings"),
            *((v, "vehicles") for v in annex.vehicles),
        ):
            known = resources.get(kind)
            if name and isinstance(known, Mapping) and name not in known:
                files.problems.append(
                    Problem(
                        "rehearsal.unknown-resource",
                        annex.place,
                        name,
                        f"one of exchange.yaml's {kind}: {', '.join(sorted(known))}",
                    )
                )
    return annexes


def _lists(
    files: _Files, cast: Cast | None
) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], tuple[Line, ...]]]:
    texts: dict[tuple[str, str], str] = {}
    lines: dict[tuple[str, str], tuple[Line, ...]] = {}
    givers = {move[0] for move in cast.moves} if cast else set()
    takers = {move[1] for move in cast.moves} if cast else set()
    for which, sides in (("held", givers), ("sought", takers)):
        for side in sorted(sides):
            name = f"{side}/{which}.csv"
            data = files.take(name, needed=True)
            if data is None:
                continue
            read = read_list(name, data)
            found = list(errors(read.problems))
            files.problems += found
            if found:
                continue
            try:
                texts[side, which] = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                files.problems.append(_not_utf8(name, data, error))
                continue
            lines[side, which] = read.lines
    return texts, lines


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    line = data[: error.start].count(b"\n") + 1
    return Problem(
        "rehearsal.encoding", f"{name}:{line}", f"byte 0x{data[error.start]:02x}", "UTF-8"
    )


def _gold(
    files: _Files, cast: Cast | None, lines: Mapping[tuple[str, str], tuple[Line, ...]]
) -> tuple[GoldPair, ...] | None:
    data = files.take("gold.csv")
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        files.problems.append(_not_utf8("gold.csv", data, error))
        return None
    rows = csv.reader(io.StringIO(text, newline=""))
    header = [cell.strip() for cell in next(rows, [])]
    if header != GOLD_COLUMNS:
        files.problems.append(
            Problem(
                "rehearsal.gold-columns", "gold.csv:1", ",".join(header), ",".join(GOLD_COLUMNS)
            )
        )
        return None
    ids = {key: {line.id for line in read} for key, read in lines.items()}
    pairs = []
    for row in rows:
        place = f"gold.csv:{rows.line_num}"
        if not row:
            continue
        if len(row) != len(GOLD_COLUMNS):
            files.problems.append(
                Problem("rehearsal.gold-row", place, f"{len(row)} cells", "4 cells")
            )
            continue
        pair = GoldPair(*(cell.strip() for cell in row))
        files.problems += _gold_pair(pair, place, cast, ids)
        pairs.append(pair)
    return tuple(pairs)


def _gold_pair(
    pair: GoldPair, place: str, cast: Cast | None, ids: Mapping[tuple[str, str], set[str]]
) -> Iterable[Problem]:
    if cast is None:
        return
    if (pair.holder, pair.seeker) not in cast.moves:
        wanted = ", ".join(f"{sender} to {to}" for sender, to in cast.moves)
        yield Problem("rehearsal.gold-move", place, f"{pair.holder} to {pair.seeker}", wanted)
        return
    for side, which, identity in (
        (pair.seeker, "sought", pair.sought_id),
        (pair.holder, "held", pair.held_id),
    ):
        known = ids.get((side, which))
        if known is not None and identity not in known:
            yield Problem("rehearsal.gold-id", place, identity, f"an id of {side}/{which}.csv")


def _statements(files: _Files, cast: Cast | None) -> tuple[Statement, ...]:
    data = files.take("statements.yaml")
    if data is None:
        return ()
    statements, problems = load_statements(data)
    files.problems += problems
    sides = set(cast.sides) if cast else set()
    for statement in statements:
        if cast and statement.party is not None and statement.party not in sides:
            files.problems.append(
                Problem(
                    "rehearsal.unknown-side",
                    f"statements.yaml:{statement.id}",
                    statement.party,
                    ", ".join(sorted(sides)),
                )
            )
    return statements


def _strangers(files: _Files, cast: Cast | None) -> None:
    """Files whose names look like ours and are not: often a slip of the pen."""
    if not files.path.is_dir() or cast is None:
        return
    known = {*FILES, *(f"{side}/{w}.csv" for side in cast.sides for w in ("held", "sought"))}
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
