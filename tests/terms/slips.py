"""The slips that no rule finds, one by one: what shows each of them, and why it shows no more.

``python -m tests.terms.slips`` writes ``docs/explanation/slips.csv`` again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "slips.csv"
COLUMNS = ("agreement", "in", "line", "field", "before", "after", "shown_by", "why")
# By the text and the field that the slip is in; the first that fits.
REASONS = (
    (r"events:events\.date", "no other event and no clock of the file fixes this day"),
    (
        r"events:events\.(count|at_least)",
        "told once, in no total, under a clause that fits both",
    ),
    (r"events:known_until", "how long somebody looked is told nowhere else"),
    (r"events:events\.", "the number fits the other clause, category or direction as well"),
    (r"terms:agreed\.date", "nothing told came before the agreement, and no clock from it ran out"),
    (r"terms:lists\.", "nobody told that this list was given, or how long it was"),
    (r"terms:.*\.when\.", "nothing was told of the persons' ages, dates or status"),
    (r"terms:stages\.|terms:start", "no event tells its stage, and the days told lie within both"),
    (r"terms:obligations\.due|terms:extension", "what came was in time, or not yet due, by both"),
    (r"terms:obligations\.(named|family)", "who came by name, or along with others, was not told"),
    (
        r"terms:(obligations\.(quantity|readings)|sums)",
        "what came is met, short or unknown either way",
    ),
    (r"terms:obligations\.", "events name the clause alone: no direction, category or state"),
    (r"terms:balance\.step", "the lead within a day was not told"),
    (r"terms:", "nothing was told of this duty, answer, interview, custody or amendment"),
)


def why(text: str, field: str) -> str:
    """Why a slip in this field of this text is found by no rule."""
    return next(reason for pattern, reason in REASONS if re.match(pattern, f"{text}:{field}"))


def listed() -> Iterator[tuple[str, ...]]:
    """Every slip of the first seed that only the recital shows."""
    from tests.terms import test_mutants as slips

    for name, one in slips.every_mutant():
        if slips.is_found_by_a_rule(name, one) or not slips.is_seen(name, one):
            continue
        terms, done = slips.texts(name)
        pair = (one.text, done) if one.where == "terms" else (terms, one.text)
        differ = set(slips.judged(*pair)[0][1]) ^ set(slips.untouched(name)[1])
        shown = " ".join(sorted({problem[0] for problem in differ}))
        place = (name, one.where, str(one.line), one.field, one.before, one.after)
        yield (*place, shown, why(one.where, one.field))


def written() -> list[tuple[str, ...]]:
    """The rows that the page has."""
    with PAGE.open(encoding="utf-8", newline="") as page:
        head, *rows = csv.reader(page)
    assert tuple(head) == COLUMNS
    return [tuple(row) for row in rows]


def write(rows: list[tuple[str, ...]]) -> None:
    """Write the page."""
    with PAGE.open("w", encoding="utf-8", newline="") as page:
        writer = csv.writer(page, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)


if __name__ == "__main__":
    write(list(listed()))
