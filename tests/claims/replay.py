"""A record to judge against: cells that grow with the hours, made from the stages as agreed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from homeward.claims import load_statements
from homeward.dates import parse_zone
from homeward.terms import read_annexes, read_terms
from homeward.terms.kernel import Cell, Position

EXAMPLE = Path(__file__).parents[2] / "examples" / "istanbul-2025"
KYIV = parse_zone("Europe/Kyiv")


@dataclass(frozen=True)
class Acts:
    """What really crosses, where it is not what was agreed.

    ``short``: how many fewer of (from, category, stage), signed as not crossed; ``unsigned``: how
    many of them with the holder's signature alone; ``late``: stages whose people cross only next
    day; ``missing``: side and stage in which it hands over nobody and signs nothing.
    """

    short: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    unsigned: Mapping[tuple[str, str, int], int] = field(default_factory=dict)
    late: frozenset[int] = frozenset()
    missing: frozenset[tuple[str, int]] = frozenset()


class World:
    """Terms, annexes and a position that can be asked for at any instant."""

    def __init__(self, terms, annexes, acts: Acts | None = None, hours: int = 10) -> None:
        self.terms, self.annexes, self.acts, self.hours = (
            terms,
            tuple(annexes),
            acts or Acts(),
            hours,
        )

    def position_at(self, instant: datetime) -> Position:
        cells = tuple(cell for annex in self.annexes for cell in self._stage(annex, instant))
        return Position(
            as_of=instant.isoformat(),
            cells=cells,
            complete=all(
                sum(
                    cell.count
                    for cell in cells
                    if (cell.sender, cell.to, cell.attested_by, cell.outcome)
                    == (o.sender, o.to, "both", "transferred")
                    and (o.category is None or cell.category == o.category)
                )
                >= (o.count or 0)
                for o in self.terms.obligations
            ),
        )

    def _stage(self, annex, instant: datetime) -> Iterable[Cell]:
        """The stage's people cross evenly over some hours from two hours after the window opens."""
        begins = annex.window[0] + timedelta(hours=2)
        if annex.stage in self.acts.late:
            begins += timedelta(days=1)
        share = (instant - begins) / timedelta(hours=self.hours)
        for size in annex.sizes:
            key = (size.sender, size.category, annex.stage)
            if (size.sender, annex.stage) in self.acts.missing:
                continue
            done = int(size.count * min(1.0, max(0.0, share)))
            short = min(done, self.acts.short.get(key, 0))
            alone = min(done - short, self.acts.unsigned.get(key, 0))
            rows = (
                ("both", "transferred", done - short - alone),
                ("holder", "transferred", alone),
                ("both", "not_transferred", short),
            )
            for by, outcome, count in rows:
                if count:
                    yield Cell(
                        size.sender,
                        size.to,
                        size.category,
                        size.state,
                        size.group,
                        annex.stage,
                        annex.stage,
                        by,
                        outcome,
                        count,
                        count,
                    )


@cache
def _agreed():
    terms, problems = read_terms((EXAMPLE / "terms.yaml").read_text(encoding="utf-8"))
    assert terms is not None, problems
    annexes, problems = read_annexes((EXAMPLE / "stages.yaml").read_text(encoding="utf-8"), terms)
    assert problems == ()
    return terms, annexes


def istanbul(acts: Acts | None = None) -> World:
    return World(*_agreed(), acts)


@cache
def istanbul_statements():
    statements, problems = load_statements(
        (EXAMPLE / "statements.yaml").read_text(encoding="utf-8")
    )
    assert problems == ()
    return statements
