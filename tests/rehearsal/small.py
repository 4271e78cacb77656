"""A small exchange folder with invented people, for stories that run in seconds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

SURNAMES = (
    *("Arden", "Birk", "Calder", "Dorn", "Eskild", "Falk", "Garrow", "Hask", "Ilver", "Jorn"),
    *("Kestrel", "Lund", "Marlow", "Noss", "Orrin", "Pell", "Quill", "Rusk", "Sorrel", "Thorne"),
)
GIVEN = ("Anders", "Bram", "Casper", "Dirk", "Edvin", "Finn", "Goran", "Harald", "Ivar", "Joris")
HEADER = ("id", "surname", "given_name", "birth_date", "sex", "category", "captured_on", "held_at")


def person(side: str, number: int, civilians: int) -> dict[str, str]:
    """One of ``side``'s own people, held elsewhere; in every ten, ``civilians`` are such."""
    shift, month = sum(map(ord, side)), 1 + number % 12
    return {
        "surname": SURNAMES[(number + shift) % len(SURNAMES)] + "abcdefgh"[number // len(SURNAMES)],
        "given_name": GIVEN[(number * 7 + shift) % len(GIVEN)],
        "birth_date": f"{1960 + (number * 3 + shift) % 45}-{month:02}-{1 + number % 28:02}",
        "sex": "m",
        "category": "civilian" if number % 10 >= 10 - civilians else "prisoner_of_war",
        "captured_on": f"202{number % 3}-{month:02}",
    }


def as_csv(rows: Sequence[dict[str, str]], columns: Sequence[str]) -> str:
    """Rows as a CSV text."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def small_folder(
    path: Path,
    *,
    moves: Sequence[tuple[str, str]] = (("north", "south"), ("south", "north")),
    people: int = 20,
    stages: Sequence[int] | None = (10, 10),
    step: int = 5,
    neutrals: Sequence[str] = ("observer",),
    gold: bool = True,
    statements: bool = True,
    first: str = "alternate",
    events: str = "[]",
    spare: int = 0,
) -> Path:
    """Write a folder in which each move brings ``people`` home, ``stages`` by ``stages``.

    The lists hold ``spare`` more on both sides than are owed.
    """
    path.mkdir(parents=True, exist_ok=True)
    sides = sorted({side for move in moves for side in move})
    _write(path / "exchange.yaml", _exchange(sides, neutrals, moves, events))
    _write(path / "terms.yaml", _terms(sides, moves, people, step, first))
    if stages is not None:
        _write(path / "stages.yaml", _stages(moves, stages, sides))
    true: list[dict[str, str]] = []
    held: dict[str, list[dict[str, str]]] = {side: [] for side in sides}
    sought: dict[str, list[dict[str, str]]] = {side: [] for side in sides}
    for holder, seeker in moves:
        for number in range(people + spare):
            known = person(seeker, number, 2)
            ids = {"held": f"{holder[0]}h-{number:03}", "sought": f"{seeker[0]}s-{number:03}"}
            held[holder].append({**known, "id": ids["held"], "held_at": f"{holder[0].upper()}1"})
            sought[seeker].append({**known, "id": ids["sought"]})
            true.append(
                {
                    "sought_side": seeker,
                    "sought_id": ids["sought"],
                    "held_side": holder,
                    "held_id": ids["held"],
                }
            )
    for side in sides:
        _write(path / side / "held.csv", as_csv(held[side], HEADER))
        _write(path / side / "sought.csv", as_csv(sought[side], HEADER[:-1]))
    if gold:
        _write(path / "gold.csv", as_csv(true, list(true[0])))
    if statements:
        _write(path / "statements.yaml", _statements(sides[0]))
    return path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _exchange(
    sides: Sequence[str], neutrals: Sequence[str], moves: Sequence[tuple[str, str]], events: str
) -> str:
    lines = ["format: homeward-exchange/1", "title: {en: A small exchange}", "sides:"]
    lines += [
        f"  {side}: {{name: {{en: {side.title()}}}, officers: [{side}-a, {side}-b]}}"
        for side in sides
    ]
    if neutrals:
        lines.append("neutrals:")
        lines += [f"  {name}: {{name: {{en: {name.title()}}}}}" for name in neutrals]
    lines.append("moves:")
    lines += [f"  - [{sender}, {to}]" for sender, to in moves]
    lines += [
        f"proposer: {sides[0]}",
        'clock: {start: "2031-05-01T09:00:00+02:00", zone: Europe/Oslo}',
        "seed: 7",
        "resources:",
        "  sites:",
        *(f"    {side[0].upper()}1: {{holder: {side}, seats: 60}}" for side in sides),
        "  crossings:",
        "    K1: {heads: 400}",
        f"events: {events}",
    ]
    return "\n".join(lines) + "\n"


def _terms(
    sides: Sequence[str], moves: Sequence[tuple[str, str]], people: int, step: int, first: str
) -> str:
    lines = [
        "format: homeward-terms/1",
        "id: small-2031",
        "title: {en: A small exchange}",
        "agreed: {date: 2031-05-01, place: Lakeside}",
        "parties:",
        *(f"  {side}: {{name: {{en: {side.title()}}}}}" for side in sides),
        "categories:",
        "  military: {when: {category: [prisoner_of_war, medical, religious]}}",
        "  civilian: {when: {category: [civilian]}}",
        "obligations:",
    ]
    for sender, to in moves:
        lines.append(
            f"  - {{id: {sender}-{to}, from: {sender}, to: {to}, what: prisoners, state: living, "
            f"quantity: {{exact: {people}, counting: each}}, group: inside}}"
        )
    lines += [
        "balance:",
        "  equal_by: category",
        f"  step: {step}",
        "  order: [military, civilian]",
        f"  first: {first}",
        "confirmation: {counts_when: both_signed, signed_by: [holder, receiver]}",
    ]
    return "\n".join(lines) + "\n"


def _stages(moves: Sequence[tuple[str, str]], stages: Sequence[int], sides: Sequence[str]) -> str:
    lines = ["format: homeward-stages/1", "stages:"]
    for number, size in enumerate(stages, start=1):
        day = f"2031-05-{2 + number:02}"
        civilians = size // 5
        lines += [
            f"  - stage: {number}",
            f"    proposed_by: {sides[0]}",
            f'    agreed_on: "2031-05-{1 + number:02}T18:00:00+02:00"',
            f'    window: ["{day}T06:00:00+02:00", "{day}T22:00:00+02:00"]',
            "    counting: each",
            "    crossing: K1",
            "    sizes:",
        ]
        lines += [
            f"      - {{from: {sender}, to: {to}, military: {size - civilians}, "
            f"civilian: {civilians}, total: {size}}}"
            for sender, to in moves
        ]
    return "\n".join(lines) + "\n"


def _statements(side: str) -> str:
    return f"""\
format: homeward-statements/1
statements:
  - id: outsider
    text: A minister of a third country says that the exchange has just been completed.
    speaker: {{name: a foreign minister, role: third}}
    channel: reporters
    said_at: "2031-05-03T07:00:00+02:00"
    claims:
      - {{status: completed, subject: exchange, event_date: "2031-05-03"}}
  - id: own-count
    text: A side says in the evening that ten of its people are back.
    speaker: {{name: {side.title()}, role: party, party: {side}}}
    channel: statement
    said_at: "2031-05-03T21:00:00+02:00"
    claims:
      - status: completed
        subject: exchange
        act: received
        counts: [{{n: 10, to: {side}, counting: incoming}}]
        event_date: "2031-05-03"
"""
