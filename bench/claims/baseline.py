"""The same news texts read off the shelf: `python -m bench.claims.baseline`.

quantulum3 finds the numbers (its classifier switched off), a pattern finds "X said", keywords find
the subject and the status, dateparser's search the day. quantulum3 and dateparser are no
dependencies of the project; without them this says so and measures nothing. The keywords and the
pattern are ours, which flatters the libraries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from bench.claims.reports import Label, lots, measured, score_sentence, text_of
from bench.claims.run import heading, row
from bench.claims.scoring import Reading, Tally
from homeward.claims import Claim
from homeward.claims.model import Count, Span, Words
from homeward.dates import PartialDate, parse_instant

_SPEAKER = re.compile(
    r"(?P<before>[A-Z][\w']+(?: [\w']+){0,4}?) (?:said|told|confirmed|announced|denied|wrote)"
    r"|(?:said|according to|reported by) (?P<after>(?:the )?[A-Z][\w']+(?: [A-Z][\w']+){0,3})"
)
_SUBJECTS = {
    "remains": r"bodies|remains",
    "held": r"remain in captivity|still held",
    "talks": r"talks|negotiat",
    "list": r"\blists?\b",
    "exchange": r"exchange|swap|release|freed|return|prisoner|captive|hostage|detainee|handed over",
}
_STATUSES = {
    "denied": r"denied",
    "confirmed": r"confirmed",
    "no_comment": r"not commented|declined to comment",
    "agreed": r"agreed",
    "planned": r"\bwill\b|planned|expected",
}


def main() -> None:
    try:
        dates, numbers = import_module("dateparser.search"), import_module("quantulum3.parser")
        versions = ", ".join(f"{name} {version(name)}" for name in ("quantulum3", "dateparser"))
        print(f"{versions}; one process")
    except (ImportError, PackageNotFoundError) as error:
        print(f"Not measured: {error}. Install quantulum3 and dateparser to compare.")
        return
    heading()
    for name, lot in lots():
        english = [a for a in lot["articles"] if a["lang"] == "en"]
        total = Tally()
        for article in english:
            total += _scored(article, numbers, dates)
        print(row("off shelf", total, len(english)), name)
        print(row("homeward", measured(lot, ("en",)), len(english)), name)


def _scored(article: dict[str, Any], numbers: Any, dates: Any) -> Tally:
    text, places = text_of(article)
    tally, said_at = Tally(), parse_instant(article["published"])
    for start, end, sentence in places:
        found = _read(text[start:end], start, said_at, numbers, dates)
        readings = [Reading("here", claim, (str(claim.speaker),)) for claim in found]
        labels = [Label(line) for line in sentence.get("claims", ())]
        score_sentence(tally, readings, labels, bool(sentence.get("may")), sentence["text"])
    return tally


def _read(
    sentence: str, start: int, said_at: datetime, numbers: Any, dates: Any
) -> Iterator[Claim]:
    subject = _keyword(_SUBJECTS, sentence, "")
    if not subject:
        return
    speaker = _SPEAKER.search(sentence)
    values = (quantity.value for quantity in numbers.parse(sentence, classifier_path=None))
    counts = tuple(Count(int(value)) for value in values if value > 1 and value == int(value))
    settings = {"RELATIVE_BASE": said_at.replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
    days = dates.search_dates(sentence, languages=["en"], settings=settings) or []
    day = days[0][1].date() if days else None
    yield Claim(
        "",
        _keyword(_STATUSES, sentence, "completed"),
        subject,
        speaker=Words.plain(
            (speaker["before"] or speaker["after"] or "article") if speaker else "article"
        ),
        counts=counts,
        event_date=PartialDate(day.year, day.month, day.day) if day else None,
        span=Span(start, start + len(sentence)),
        sure=False,
    )


def _keyword(table: dict[str, str], sentence: str, otherwise: str) -> str:
    found = (name for name, words in table.items() if re.search(words, sentence, re.IGNORECASE))
    return next(found, otherwise)


if __name__ == "__main__":
    main()
