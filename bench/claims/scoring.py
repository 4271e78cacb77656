"""Readings against hand labels: is the sentence found, who says what how far along, how many, when.

Detect: right sentence, right subject. Core: and speaker, status and the exact set of numbers.
Strict: and category and side of every number, day said, day of the event. A label's date that is
missing accepts any.
"""

from __future__ import annotations

import hashlib
import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from homeward.claims import Claim
from homeward.claims.sentences import sentences
from homeward.claims.words_for import lexicon

# Subjects that stand outside of what is measured, unless a label asks for them.
CONTEXT = frozenset({"background", "source", "outlook", "other", "comparison"})
ACTS = {
    "agreement": {"exchange"},
    "remains": {"bodies"},
    "proposals": {"proposal", "ceasefire"},
    "comparison": {"superlative"},
}
CATEGORIES = {
    "military": {"military", "officer", "enlisted", "wounded"},
    "civilian": {"civilian"},
    "prisoner_of_war": {"military", "prisoner", "officer", "enlisted"},
    "prisoner": {"prisoner", "detainee", "hostage"},
    "person": {"person", "man", "woman", "minor", "wounded"},
}
BODIES = {
    "mod": r"defen[cs]e ministry|ministry of defen[cs]e|міноборони|минобороны|оборон",
    "mfa": r"foreign ministry|ministry of foreign affairs|мзс|мид",
    "coordhq": r"headquarters|штаб",
    "army": r"army|forces|military|idf|armed",
    "gov": r"government|officials?|authorities|administration",
    "commission": r"commission",
    "prison_service": r"prison service",
    "presidency": r"presiden",
    "officials": r"officials?|authorities",
    "official": r"official",
    "ministry": r"ministry",
    "media": r"media|agency|television|сми|змі",
}
STATES = {
    "UA": r"ukrain|kyiv|kiev|україн|киї|київ|украин|киев",
    "RU": r"russia|moscow|kremlin|росі|москв|росси|кремл",
    "AM": r"armenia|yerevan",
    "AZ": r"azerbaijan|baku",
    "US": r"united states|u\.?s\.?|washington|white house|american?",
    "IR": r"iran|tehran",
    "IL": r"israel|idf",
    "SA": r"saudi|riyadh",
    "AE": r"emirates|uae|u\.a\.e|emirati",
    "TR": r"turk|türk|ankara",
    "QA": r"qatar|doha",
    "IN": r"india|new delhi",
    "PK": r"pakistan|islamabad",
    "YE": r"yemen",
    "KR": r"south korea|seoul",
    "KP": r"north korea|pyongyang",
}


def fingerprint(sentence: str) -> str:
    """The first ten digits of the SHA-256 of a sentence's letters and digits, casefolded."""
    letters = re.sub(r"[\W_]", "", sentence.casefold())
    return hashlib.sha256(letters.encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Reading:
    """Claims that differ in their speaker alone, folded into one, with their sentence."""

    at: str
    claim: Claim
    speakers: tuple[str, ...]


@dataclass
class Tally:
    """Sums over articles; figures are worked out at the end."""

    gold: int = 0
    read: int = 0
    detect: int = 0
    core: int = 0
    strict: int = 0
    numbers_read: int = 0
    numbers_right: int = 0
    numbers_gold: int = 0
    numbers_found: int = 0
    dates: int = 0
    dates_right: int = 0
    sure: int = 0
    sure_core: int = 0
    sure_of: int = 0
    misses: list[str] = field(default_factory=list)

    def __iadd__(self, other: Tally) -> Tally:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def f1(self, right: int) -> float:
        """Harmonic mean of precision and recall for so many right ones."""
        return 2 * right / max(1, self.gold + self.read)


def listed(value: Any) -> list[str]:
    """A label that may be one value or several."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def score(text: str, article: Mapping[str, Any], claims: Sequence[Claim]) -> Tally:
    """One article's claims against its labels; labels whose sentence is not in the text are left
    out, and so are readings of sentences that no scored label speaks of and that hold none."""
    known = {label["fp"] for label in article["claims"]}
    known.update(article.get("ignored", ()), article.get("none", ()))
    readings = folded(text, article.get("lang", "en"), claims, known)
    present = set(located(text, known).values())
    labels = [label for label in article["claims"] if label["fp"] in present]
    wanted = [label for label in labels if label.get("scored", True)]
    unscored = {label["fp"] for label in labels if not label.get("scored", True)}
    ignored = set(article.get("ignored", ())) | unscored
    tally = Tally(gold=len(wanted))
    used: set[int] = set()
    # The best fits are given out first, so that a poor fit takes no other label's reading.
    for label, at in _pairs(wanted, readings):
        used.add(at)
        _mark(tally, label, readings[at], labels)
    for label in wanted:
        tally.numbers_gold += len(label.get("counts", ()))
    labelled = {label["fp"] for label in wanted}
    for at, reading in enumerate(readings):
        if at not in used and _counts_as_extra(reading, ignored, labelled):
            tally.read += 1
            tally.numbers_read += len(reading.claim.counts)
            tally.numbers_right += _borne_out(reading, labels)
            if reading.claim.sure:
                tally.sure += 1
            tally.misses.append(f"extra  {_shown(reading)}")
    tally.read += len(used)
    matched = {id(label) for label, _ in _pairs(wanted, readings)}
    tally.misses += [f"missed {_asked(label)}" for label in wanted if id(label) not in matched]
    return tally


def _counts_as_extra(reading: Reading, ignored: set[str], labelled: set[str]) -> bool:
    if reading.claim.subject in CONTEXT or reading.at == "":
        return False
    return reading.at in labelled or reading.at not in ignored


def _borne_out(reading: Reading, labels: Iterable[Mapping[str, Any]]) -> int:
    """How many of a reading's numbers some label of its sentence holds."""
    known = [
        c["n"] for label in labels if label["fp"] == reading.at for c in label.get("counts", ())
    ]
    return sum(count.n in known for count in reading.claim.counts)


def _pairs(
    wanted: Sequence[Mapping[str, Any]], readings: Sequence[Reading]
) -> list[tuple[Mapping[str, Any], int]]:
    options = sorted(
        (-_fit(label, reading), n, at)
        for n, label in enumerate(wanted)
        for at, reading in enumerate(readings)
        if _same_subject(label, reading)
    )
    taken: dict[int, int] = {}
    for _, n, at in options:
        if n not in taken and at not in taken.values():
            taken[n] = at
    return [(wanted[n], at) for n, at in sorted(taken.items())]


def _same_subject(label: Mapping[str, Any], reading: Reading) -> bool:
    acts = ACTS.get(reading.claim.subject, set()) | {reading.claim.subject}
    return reading.at == label["fp"] and bool(acts & set(listed(label["act"])))


def _fit(label: Mapping[str, Any], reading: Reading) -> int:
    return (
        _same_status(label, reading)
        + _same_speaker(label, reading)
        + 2 * _same_numbers(label, reading)
    )


def _mark(
    tally: Tally, label: Mapping[str, Any], reading: Reading, labels: Iterable[Mapping[str, Any]]
) -> None:
    checks = {
        "status": _same_status(label, reading),
        "speaker": _same_speaker(label, reading),
        "numbers": _same_numbers(label, reading),
    }
    core = all(checks.values())
    checks["sides"] = _same_sides(label, reading)
    for name, when in (("when", _event(reading.claim)), ("said", _said(reading.claim))):
        if label.get(name) and not (name == "said" and label[name] == label.get("dated")):
            tally.dates += 1
            checks[name] = _days(str(label[name])) == _days(when)
            tally.dates_right += checks[name]
    tally.detect += 1
    tally.core += core
    tally.strict += all(checks.values())
    tally.numbers_read += len(reading.claim.counts)
    tally.numbers_right += _borne_out(reading, labels)
    mine = [count["n"] for count in label.get("counts", ())]
    read = [count.n for count in reading.claim.counts]
    tally.numbers_found += sum(n in read for n in mine)
    tally.sure += reading.claim.sure
    tally.sure_core += reading.claim.sure and core
    wrong = ", ".join(name for name, right in checks.items() if not right)
    if wrong:
        kind = "strict" if core else "core"
        tally.misses.append(f"{kind:6} [{wrong}] {_asked(label)}  <-  {_shown(reading)}")


def _same_status(label: Mapping[str, Any], reading: Reading) -> bool:
    return reading.claim.status in listed(label["status"])


def _same_speaker(label: Mapping[str, Any], reading: Reading) -> bool:
    slugs = listed(label["speaker"])
    joint = sum(slug.startswith("gov:") for slug in slugs) > 1
    if joint and any(
        re.search(r"\b(both|two|sides|parties)\b", n.lower()) for n in reading.speakers
    ):
        return True
    return any(speaks(slug, name) for slug in slugs for name in reading.speakers)


def speaks(slug: str, name: str) -> bool:
    """Whether a speaker's label is the one that the slug of a label stands for."""
    if slug == "narrator":
        return name == "article"
    label = name.casefold()
    if slug.startswith("gov:"):
        return bool(re.search(STATES.get(slug[4:], slug[4:].lower()), label))
    body = slug.partition("_")[2]
    if body in BODIES:
        return bool(re.search(BODIES[body], label))
    if slug in BODIES:
        return bool(re.search(BODIES[slug], label))
    known = {"icrc": "red cross|icrc", "uae": "emirates|uae", "kremlin": "kremlin|moscow|russia"}
    return bool(re.search(known.get(slug, re.escape(slug.replace("_", " "))), label))


def _same_numbers(label: Mapping[str, Any], reading: Reading) -> bool:
    return sorted(c["n"] for c in label.get("counts", ())) == sorted(
        c.n for c in reading.claim.counts
    )


def _same_sides(label: Mapping[str, Any], reading: Reading) -> bool:
    asked = {count["n"]: count for count in label.get("counts", ())}
    for count in reading.claim.counts:
        gold = asked.get(count.n)
        if gold is None:
            return False
        category = "body" if count.state == "remains" else count.category or "person"
        if not set(listed(gold["category"])) & CATEGORIES.get(category, {category}):
            return False
        if side_of(count.counting, count.sender, count.to) not in listed(gold.get("side", "?")):
            return False
    return True


def side_of(counting: str, sender: str | None, to: str | None) -> str:
    """Whose people a count is of, as labels say it: a side, each, total or "?"."""
    if counting in ("each", "in_total"):
        return "each" if counting == "each" else "total"
    return to or (f"from {sender}" if sender else "?")


def _event(claim: Claim) -> str:
    if claim.event_date is not None:
        return str(claim.event_date)
    window = claim.window
    if window is None:
        return ""
    last = (window.end - timedelta(seconds=1)).date().isoformat() if window.end else ""
    return f"{window.start.date().isoformat()}..{last}"


def _days(text: str) -> tuple[str, str]:
    """The first and last day of "2031-05", "2031-05-02" or "2031-05..2031-06-03"."""
    first, _, last = text.partition("..") if ".." in text else (text, "", text)
    return (first + "-01-01"[len(first) - 10 :] if len(first) in (4, 7) else first, _last_day(last))


def _last_day(text: str) -> str:
    if len(text) == 4:
        return f"{text}-12-31"
    if len(text) == 7:
        year, month = map(int, text.split("-"))
        return f"{text}-{monthrange(year, month)[1]}"
    return text


def _said(claim: Claim) -> str:
    return str(claim.said_on) if claim.said_on else ""


def located(text: str, known: Collection[str]) -> dict[tuple[int, int], str]:
    """Where the sentences of these fingerprints stand, however the reader cuts the text."""
    found: dict[tuple[int, int], str] = {}
    for line in re.finditer(r"[^\n]+", text):
        begin, stop = line.span()
        ends = [begin + m.end() for m in re.finditer(r"[^\w\s](?=\s|$)", line.group())]
        while begin < stop:
            later = [end for end in ends if end > begin] + [stop]
            whole = (end for end in later if fingerprint(text[begin:end]) in known)
            end = next(whole, None)
            if end is not None:
                found[begin, end] = fingerprint(text[begin:end])
            begin = (end or later[0]) + 1
    return found


def hashes(text: str, lang: str, known: Collection[str] = ()) -> dict[tuple[int, int], str]:
    """The fingerprint of every sentence, by its span: those known first, else as the reader cuts
    what is left."""
    places = located(text, known)
    for sentence in sentences(text, lexicon(lang)):
        span = (sentence.start, sentence.end)
        if not any(start < span[1] and span[0] < end for start, end in places):
            places[span] = fingerprint(text[span[0] : span[1]])
    return places


def folded(
    text: str, lang: str, claims: Sequence[Claim], known: Collection[str] = ()
) -> list[Reading]:
    """The readings with their sentences; alike but for their speakers, they are one."""
    places = hashes(text, lang, known)
    found: dict[tuple[object, ...], Reading] = {}
    for claim in claims:
        begins = claim.span.start if claim.span else -1
        at = next((h for (a, b), h in places.items() if a <= begins < b), "")
        second = claim.reading_of and claim.reading_of != claim.id
        key = (
            at,
            claim.span,
            claim.status,
            ACTS.get(claim.subject, {claim.subject}) and ("exchange" if second else claim.subject),
            claim.counts,
        )
        name = str(claim.speaker)
        before = found.get(key)
        names = (*before.speakers, name) if before else (name,)
        found[key] = Reading(at, before.claim if before else claim, names)
    return list(found.values())


def _asked(label: Mapping[str, Any]) -> str:
    numbers = [(c["n"], c["category"], c.get("side")) for c in label.get("counts", ())]
    return f"{label['fp']} {label['speaker']} {label['act']} {label['status']} {numbers}"


def _shown(reading: Reading) -> str:
    claim = reading.claim
    numbers = [
        (c.n, c.state[0] + ":" + str(c.category), side_of(c.counting, c.sender, c.to))
        for c in claim.counts
    ]
    who = "/".join(reading.speakers)
    when = f"{_event(claim)} said {_said(claim)}"
    sure = "sure" if claim.sure else "open"
    return f"{sure} {who} {claim.subject} {claim.status} {numbers} {when} | {claim.text[:90]}"
