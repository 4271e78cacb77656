"""What a clause is about, and how far along it says that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from homeward.claims.words_for import Lexicon

EXCHANGE = frozenset({"exchange", "remains", "agreement"})
# The verb of saying decides these by itself; others are decided by the words said.
STRONG = frozenset({"confirmed", "denied", "accused", "demanded", "promised", "called"})
# What stands behind an event in one clause is told of it and not the clause's own news.
_AFTER = frozenset({"agreed", "refused"})
_BESIDE = frozenset({"talks", "meeting", "call", "ceasefire", "proposals"})
EVENTS = frozenset({"completed", "under_way"})
# Characters up to which the comma behind a leading phrase stands.
LEAD = 120
WEAK_VERBS_OF_EXCHANGE = re.compile(r"hand|return|receiv|transfer|releas", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cue:
    """A value read from words, and where they stand in the clause."""

    value: str
    start: int
    end: int


def subject_of(clause: str, words: Lexicon, has_persons: bool) -> Cue | None:
    """The subject that the clause names first; None where it names none that we know.

    A demand, a comparison and deaths outrank what else is named beside them. A bare "hand over"
    or "return" is an exchange only of persons.
    """
    body = _without_parentheses(clause, words)
    found = [cue for cue in _subjects(body, words) if _meant(cue, clause, words)]
    found = found or [cue for cue in _subjects(clause, words) if _meant(cue, clause, words)]
    if any(cue.value in EXCHANGE for cue in found):
        found = [cue for cue in found if not _in_passing(cue, clause, words)]
    after_lead = [cue for cue in found if cue.start >= _lead(clause, words)]
    found = after_lead or found
    if not found:
        return None
    for name in ("comparison", "demand", "remains"):
        for cue in found:
            if cue.value == name and (name != "remains" or cue.start <= found[0].start + 40):
                return cue
    strong = [cue for cue in found if clause[cue.start : cue.end].casefold() != "prisoners"]
    if strong and strong[0].value == "held":
        return strong[0]  # "so many prisoners remain in their jails"
    brokered = words.pattern("brokered_main").search(_without_attributes(body, words))
    if brokered:
        return Cue("mediation", *brokered.span())
    first = found[0]
    listed = next((cue for cue in found if cue.value == "list"), None)
    near = 12 if words.language == "en" else 40
    if listed is not None and first.value == "exchange" and listed.start - first.end < near:
        return listed  # "exchanged the lists of prisoners"
    others = [cue for cue in found if cue.value != "exchange"]
    bare = first.value == "exchange" and WEAK_VERBS_OF_EXCHANGE.search(
        clause[first.start : first.end]
    )
    persons = has_persons or words.pattern("any_person").search(clause)
    if bare and others and not persons:
        return others[0]
    return first


def _lead(clause: str, words: Lexicon) -> int:
    """Where a leading phrase ends: "At the talks on May 16, they agreed on ..."."""
    start = len(clause) - len(clause.lstrip(" \u201c\"'"))
    comma = clause.find(",", start)
    led = words.pattern("leads").match(clause[start:])
    return comma if led and 0 <= comma < start + LEAD else 0


def _meant(cue: Cue, clause: str, words: Lexicon) -> bool:
    """A comparison is meant where the clause begins with it, or says that something is it."""
    if cue.value != "comparison":
        return True
    before = clause[: cue.start].strip(' ,"\u201c')
    return not before or bool(words.pattern("to_be").search(before[-18:]))


def _in_passing(cue: Cue, clause: str, words: Lexicon) -> bool:
    """ "After talks in A", "under a truce": said on the way to the exchange itself."""
    if cue.value not in _BESIDE:
        return False
    return bool(words.pattern("in_passing").search(clause[: cue.start][-60:]))


def _subjects(clause: str, words: Lexicon) -> Iterator[Cue]:
    other = [match.span() for match in words.pattern("no_exchange").finditer(clause)]
    found = [
        Cue(name, match.start(), match.end())
        for name in words.keys("subjects")
        for match in words.pattern("subjects", name).finditer(clause)
        if name not in EXCHANGE or not any(a <= match.start() < b for a, b in other)
    ]
    order = {name: at for at, name in enumerate(words.keys("subjects"))}
    return iter(sorted(found, key=lambda cue: (cue.start, cue.start - cue.end, order[cue.value])))


def status_of(clause: str, words: Lexicon, verb: str, to_be_masked: bool = True) -> Cue | None:
    """The status that the verb of saying lends, or the first that the clause's cues give."""
    denial = dict(words.statuses()).get("denied") if verb == "confirmed" else None
    denied = denial.search(clause) if denial else None
    if denied:
        return Cue("denied", *denied.span())  # "confirmed that no exchange had taken place"
    if verb in STRONG:
        return Cue(verb, 0, 0)
    if verb == "no_comment":
        return Cue("no_comment", 0, 0)
    if verb == "assessed":
        # "Warned that nobody would be freed unless ...": the condition is what is said.
        condition = dict(words.statuses())["conditional"].search(clause)
        return Cue("conditional", *condition.span()) if condition else Cue("assessed", 0, 0)
    if verb == "announced" and _thing_announced(clause, words):
        return Cue("announced", 0, 0)
    body = _without_parentheses(clause, words) if to_be_masked else clause
    main = _without_attributes(body, words) if to_be_masked else body
    found = _first_cue(main, words)
    for whole in (body, clause):
        found = found or _first_cue(whole, words)
    if found is None and verb == "announced":
        return Cue("announced", 0, 0)
    return found


def _thing_announced(clause: str, words: Lexicon) -> bool:
    """ "Announced the release of 20 people after ...": a thing was announced, whatever follows."""
    ends = words.pattern("subordinate").search(clause)
    comma = clause.find(",")
    stops = [at for at in (ends.start() if ends else -1, comma) if at > 0]
    head = clause[: min(stops, default=None)] if stops else clause
    return bool(words.pattern("event_noun").search(head)) and not words.pattern("acting").search(
        head
    )


def _first_cue(clause: str, words: Lexicon) -> Cue | None:
    cues = [
        Cue(status, match.start(), match.end())
        for status, pattern in words.statuses()
        if (match := pattern.search(clause))
    ]
    if not cues:
        return None
    by_name = {cue.value: cue for cue in cues}
    planned, agreed = by_name.get("planned"), by_name.get("agreed")
    done, going = by_name.get("completed"), by_name.get("under_way")
    if cues[0].value in _AFTER and done is not None and done.start < cues[0].start:
        return done  # "freed 20 people, as agreed last week", "and two of them refused"
    if cues[0] is going and done is not None:
        # "The first phase of the swap was completed" names what is done.
        named = clause[going.start : going.end].casefold().startswith("first")
        if named or done.start < going.start:
            return done
    if cues[0] is planned and done is not None and done.start < planned.start:
        passing = words.pattern("planned_in_passing")
        if passing.fullmatch(clause[planned.start : planned.end]):
            return done  # "freed 20 people a day ahead of the talks"
        if words.pattern("subordinate").search(clause, done.end, planned.start):
            return done  # "were flown to the capital, where they were to meet ..."
    if cues[0].value == "assessed":
        # "Freed 20 people, a step towards peace": what happened is said first.
        events = [c for c in cues if c.value in EVENTS and c.start < cues[0].start]
        return min(events, key=lambda c: c.start, default=cues[0])
    if cues[0] is planned and agreed is not None and agreed.start < planned.start:
        # "They agreed that 100 will go": what is to come is what was agreed on.
        return agreed
    return cues[0]


def _without_parentheses(clause: str, words: Lexicon) -> str:
    """The clause with participles between commas blanked: ", agreed last week, ..."."""
    source = words.source("parentheses")
    return re.sub(
        rf", {source}\b[^,]*,",
        lambda match: " " * (match.end() - match.start()),
        clause,
        flags=re.IGNORECASE,
    )


def _without_attributes(clause: str, words: Lexicon) -> str:
    """The clause with what is only said of a noun blanked: "an exchange that was hailed as ..."."""
    return words.fragment("attributes").sub(lambda match: " " * len(match.group()), clause)
