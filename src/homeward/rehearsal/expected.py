"""expected.yaml: counts and verdicts written down before the run, and how the run differs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeward.claims import Commitment, Judged, Statement
from homeward.claims.lists import STATES, VERDICTS
from homeward.problem import Problem
from homeward.rehearsal.cast import relabelled
from homeward.terms.document import Document, Path, compose
from homeward.terms.kernel import Position
from homeward.terms.shapes import (
    ID,
    ID_PATTERN,
    INSTANT,
    WRONG,
    Fields,
    Listing,
    Table,
    Text,
    Truth,
    Whole,
    Wrong,
)

FORMAT = "homeward-expected/1"
_COUNTED = {"from", "to", "agreed", "signed_by_both", "owed"}
_CORRECT = "correct it, or take it out"
_VERDICT = Text(choices=VERDICTS)
_DIRECTION = Fields(
    {"from": ID, "to": ID},
    {"agreed": Whole(), "signed_by_both": Whole(), "owed": Whole()},
    rest=Whole(),
)
_POSITION = Fields(
    optional={
        "complete": Truth(),
        "directions": Listing(_DIRECTION, least=0),
        "transfers": Whole(),
        "attestations": Whole(),
        "owed": Whole(),
        "largest_lead": Table(Whole()),
        "conceded": Table(Whole()),
    }
)
EXPECTED = Fields(
    {
        "format": Text(choices=(FORMAT,)),
        "horizons": Table(Fields({"known_at": INSTANT})),
    },
    {
        "position": Table(_POSITION),
        "claims": Table(Table(_VERDICT, key=rf"as_said|{ID_PATTERN}"), least=0),
        # a promise that several owe is kept by each alone: claim.1:side
        "commitments": Table(Table(Text(choices=STATES), key=rf"{ID_PATTERN}(:{ID_PATTERN})?")),
    },
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What was written down beforehand, by horizon."""

    horizons: Mapping[str, datetime] = field(default_factory=dict)
    position: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claims: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    commitments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    places: Mapping[tuple[str | int, ...], int] = field(default_factory=dict)
    name: str = "expected.yaml"

    def place(self, *path: str | int) -> str:
        """Where in the file a value stands, or the nearest one that holds it."""
        return Document(self.name, dict(self.places)).place(*path)


def read_expected(
    text: str | bytes, place: str = "expected.yaml"
) -> tuple[Expected | None, tuple[Problem, ...]]:
    """The expectations in ``text`` and every problem found."""
    document = Document(place)
    node = compose(text, document)
    said = EXPECTED.read(node, (), document) if node is not None else WRONG
    if isinstance(said, Wrong):
        return None, relabelled(document)
    horizons = {name: row["known_at"] for name, row in said["horizons"].items()}
    named: list[tuple[Path, str]] = [
        (("position", name), name) for name in said.get("position", {})
    ]
    named += [(("commitments", name), name) for name in said.get("commitments", {})]
    for claim, row in said.get("claims", {}).items():
        named += [(("claims", claim, name), name) for name in row if name != "as_said"]
    for path, name in named:
        if name not in horizons:
            document.say("unknown-horizon", path, name, ", ".join(sorted(horizons)))
    expected = Expected(
        horizons,
        said.get("position", {}),
        said.get("claims", {}),
        said.get("commitments", {}),
        dict(document.lines),
        place,
    )
    return expected, relabelled(document)


def out_of_place(
    expected: Expected, moves: Collection[tuple[str, str]], categories: Collection[str]
) -> Iterator[Problem]:
    """Directions, sides and categories of the expectations that the exchange does not have."""
    sides = sorted({side for move in moves for side in move})
    for horizon, position in expected.position.items():
        here = ("position", horizon)
        for name in ("largest_lead", "conceded"):
            for side in position.get(name, {}):
                if side not in sides:
                    place, wanted = expected.place(*here, name, side), ", ".join(sides)
                    yield Problem("rehearsal.unknown-side", place, side, wanted, _CORRECT)
        for number, row in enumerate(position.get("directions", ())):
            place = expected.place(*here, "directions", number)
            if (row["from"], row["to"]) not in moves:
                found, wanted = f"{row['from']} to {row['to']}", ", ".join(map(" to ".join, moves))
                yield Problem("rehearsal.unknown-move", place, found, wanted, _CORRECT)
            for name in sorted(set(row) - _COUNTED - set(categories)):
                wanted = ", ".join(categories)
                yield Problem("rehearsal.unknown-category", place, name, wanted, _CORRECT)


def never_claimed(expected: Expected, statements: Iterable[Statement]) -> Iterator[Problem]:
    """Verdicts expected of claims that no statement makes."""
    made = {claim.id for statement in statements for claim in statement.claims}
    named: list[tuple[Path, str]] = [(("claims", claim), claim) for claim in expected.claims]
    for horizon, row in expected.commitments.items():
        named += [(("commitments", horizon, name), name.partition(":")[0]) for name in row]
    for path, claim in named:
        if claim not in made:
            hint = "claims are numbered in their statement: its id, a dot, 1 and on"
            place, wanted = expected.place(*path), "a claim of statements.yaml"
            yield Problem("rehearsal.unknown-claim", place, claim, wanted, hint)


def differences(
    expected: Expected,
    horizon: str,
    position: Position,
    judged: Iterable[Judged],
    commitments: Iterable[Commitment],
) -> tuple[Problem, ...]:
    """Every number and verdict that came out otherwise than written for ``horizon``."""
    return (
        *_position_differs(expected, horizon, position),
        *_verdicts_differ(expected, horizon, judged),
        *_commitments_differ(expected, horizon, commitments),
    )


def _differs(place: str, what: str, found: object, wanted: object) -> tuple[Problem, ...]:
    if found == wanted:
        return ()
    return (Problem("rehearsal.not-as-expected", place, f"{what}: {found}", str(wanted)),)


def _position_differs(expected: Expected, horizon: str, position: Position) -> tuple[Problem, ...]:
    wanted = expected.position.get(horizon, {})
    here = ("position", horizon)
    inside = {"group": "inside", "outcome": "transferred"}
    crossed = {**inside, "attested_by": "both"}
    both = position.count(**crossed)
    found: dict[str, Any] = {
        "complete": position.complete,
        "transfers": both,
        "attestations": both + position.count(**inside),
        "owed": sum(int(row.get("left") or 0) for row in position.owed),
        "largest_lead": dict(position.largest_lead),
        "conceded": dict(position.conceded),
    }
    problems: list[Problem] = []
    for name in sorted(set(wanted) - {"directions"}):
        problems += _differs(expected.place(*here, name), name, found[name], wanted[name])
    for number, row in enumerate(wanted.get("directions", ())):
        place = expected.place(*here, "directions", number)
        ends = {"sender": row["from"], "to": row["to"]}
        way = f"{row['from']} to {row['to']}"
        owed = [r for r in position.owed if (r["from"], r["to"]) == (row["from"], row["to"])]
        for name in sorted(set(row) - {"from", "to"}):
            value: Any
            if name == "signed_by_both":
                value = position.count(**crossed, **ends)
            elif name in ("agreed", "owed"):
                value = sum(int(r.get("left" if name == "owed" else "agreed") or 0) for r in owed)
            else:
                value = position.count(**crossed, **ends, category=name)
            problems += _differs(place, f"{way}, {name}", value, row[name])
    return tuple(problems)


def _verdicts_differ(
    expected: Expected, horizon: str, judged: Iterable[Judged]
) -> tuple[Problem, ...]:
    found = {each.claim.id: each for each in judged}
    problems: list[Problem] = []
    for claim, row in expected.claims.items():
        each = found.get(claim)
        if horizon not in row:
            if each is not None:
                problems += _differs(
                    expected.place("claims", claim), claim, "known", f"not known at {horizon}"
                )
            continue
        place = expected.place("claims", claim, horizon)
        if each is None:
            problems += _differs(place, claim, "not judged", row[horizon])
            continue
        problems += _differs(place, f"{claim} as known", each.as_known.verdict, row[horizon])
        if "as_said" in row:
            place = expected.place("claims", claim, "as_said")
            problems += _differs(place, f"{claim} as said", each.as_said.verdict, row["as_said"])
    return tuple(problems)


def _commitments_differ(
    expected: Expected, horizon: str, commitments: Iterable[Commitment]
) -> tuple[Problem, ...]:
    found = {each.id: each.state for each in commitments}
    problems: list[Problem] = []
    for name, state in expected.commitments.get(horizon, {}).items():
        place = expected.place("commitments", horizon, name)
        problems += _differs(place, name, found.get(name, "no promise"), state)
    return tuple(problems)
