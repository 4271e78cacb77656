"""Readings of news texts of our own making against their labels: every sentence carries its own.

The texts are about invented exchanges, so that they can be kept here with what was written down
about them before the reader saw them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.claims.scoring import CONTEXT, Reading, Tally, folded, side_of
from homeward.claims import Claim, read_claims
from homeward.dates import parse_instant

REPORTS = Path(__file__).parents[2] / "tests" / "claims" / "reports"


def lots() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every lot of reports by name: its sides and its articles."""
    for place in sorted(REPORTS.glob("*.yaml")):
        yield place.stem, yaml.safe_load(place.read_text(encoding="utf-8"))


def text_of(article: Mapping[str, Any]) -> tuple[str, list[tuple[int, int, Mapping[str, Any]]]]:
    """The article's text, and where each labelled sentence stands in it."""
    text, places = "", []
    for line in article["lines"]:
        text += "\n" if text else ""
        for n, sentence in enumerate(line):
            text += " " if n else ""
            places.append((len(text), len(text) + len(sentence["text"]), sentence))
            text += sentence["text"]
    return text, places


def measured(lot: Mapping[str, Any], languages: Sequence[str] = ("en", "uk", "ru")) -> Tally:
    """The tally of a lot's articles in the given languages."""
    total = Tally()
    for article in lot["articles"]:
        if article["lang"] in languages:
            total += score(article, lot["sides"][article["lang"]])
    return total


def score(article: Mapping[str, Any], sides: Mapping[str, Sequence[str]]) -> Tally:
    """One article's readings against its labels."""
    text, places = text_of(article)
    claims = read_claims(
        text,
        said_at=parse_instant(article["published"]),
        lang=article["lang"],
        context=sides,
    )
    tally = Tally()
    for start, end, sentence in places:
        here = [claim for claim in claims if claim.span and start <= claim.span.start < end]
        readings = list(folded(text, article["lang"], here))
        labels = [Label(row) for row in sentence.get("claims", ())]
        score_sentence(tally, readings, labels, bool(sentence.get("may")), sentence["text"])
    return tally


class Label:
    """What one labelled claim holds; several values of a slot are readings equally right."""

    def __init__(self, row: Sequence[Any]) -> None:
        self.who = str(row[0]).split("|")
        self.status, self.subject = str(row[1]).split("|"), str(row[2]).split("|")
        numbers = [str(item).split(maxsplit=1) for item in (row[3] if len(row) > 3 else ())]
        self.numbers = {int(n): whose.split("|") for n, whose in numbers}
        self.listed = sorted(int(n) for n, _ in numbers)
        self.day = str(row[4]) if len(row) > 4 else ""

    def checks(self, reading: Reading) -> dict[str, bool]:
        """Slot by slot, whether the reading is right."""
        claim = reading.claim
        return {
            "status": claim.status in self.status,
            "speaker": any(_named(who, reading.speakers) for who in self.who),
            "numbers": sorted(c.n for c in claim.counts) == self.listed,
        }

    def sides_right(self, claim: Claim) -> bool:
        """Whether the side of every number is one of those labelled."""
        return all(_whose(count) & set(self.numbers.get(count.n, ["?"])) for count in claim.counts)


def _named(who: str, speakers: Sequence[str]) -> bool:
    return any(
        speaker == "article" if who == "article" else who.casefold() in speaker.casefold()
        for speaker in speakers
    )


def _whose(count: Any) -> set[str]:
    side = side_of(count.counting, count.sender, count.to)
    return {side, f"from {count.sender}"} if count.sender else {side}


def score_sentence(
    tally: Tally, readings: Sequence[Reading], labels: Sequence[Label], may: bool, text: str
) -> None:
    """Adds to the tally what was read in one sentence, against its labels; the best fits first."""
    tally.gold += len(labels)
    tally.numbers_gold += sum(len(label.listed) for label in labels)
    used: set[int] = set()
    for label in labels:
        options = [
            (sum(label.checks(reading).values()) + label.checks(reading)["numbers"], -at)
            for at, reading in enumerate(readings)
            if at not in used and reading.claim.subject in _subjects(label)
        ]
        if not options:
            tally.misses.append(f"missed {label.who} {label.status} {label.listed} | {text}")
            continue
        at = -max(options)[1]
        used.add(at)
        _mark(tally, label, readings[at], labels, text)
    for at, reading in enumerate(readings):
        if at in used or may or reading.claim.subject in CONTEXT or reading.at == "":
            continue
        _extra(tally, reading, labels, text)
    tally.read += len(used)


def _subjects(label: Label) -> set[str]:
    return set(label.subject) | ({"agreement"} if "exchange" in label.subject else set())


def _extra(tally: Tally, reading: Reading, labels: Sequence[Label], text: str) -> None:
    tally.read += 1
    tally.sure += reading.claim.sure
    tally.numbers_read += len(reading.claim.counts)
    tally.numbers_right += _borne_out(reading.claim, labels)
    tally.misses.append(f"extra{_mark_sure(reading)} {_shown(reading)} | {text}")


def _mark(tally: Tally, label: Label, reading: Reading, labels: Sequence[Label], text: str) -> None:
    checks, claim = label.checks(reading), reading.claim
    core = all(checks.values())
    checks["sides"] = label.sides_right(claim)
    if label.day:
        checks["day"] = str(claim.event_date) == label.day
        tally.dates += 1
        tally.dates_right += checks["day"]
    tally.detect += 1
    tally.core += core
    tally.strict += all(checks.values())
    tally.numbers_read += len(claim.counts)
    tally.numbers_right += _borne_out(claim, labels)
    tally.numbers_found += sum(n in [c.n for c in claim.counts] for n in label.listed)
    tally.sure += claim.sure
    tally.sure_core += claim.sure and core
    wrong = ", ".join(name for name, right in checks.items() if not right)
    if wrong:
        kind = "strict" if core else "core"
        tally.misses.append(f"{kind}{_mark_sure(reading)} [{wrong}] {_shown(reading)} | {text}")


def _borne_out(claim: Claim, labels: Sequence[Label]) -> int:
    return sum(any(c.n in label.listed for label in labels) for c in claim.counts)


def _mark_sure(reading: Reading) -> str:
    return "!" if reading.claim.sure else ""


def _shown(reading: Reading) -> str:
    claim = reading.claim
    numbers = [f"{c.n}:{side_of(c.counting, c.sender, c.to)}" for c in claim.counts]
    return f"{'+'.join(reading.speakers)} {claim.status} {claim.subject} {numbers}"
