"""Claims about what was agreed, compared with the terms and the stage annexes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from homeward.claims.known import AnAnnex, Known, agreed_size, owed
from homeward.claims.model import Claim, Count, Verdict, Why
from homeward.claims.tallies import Tally, covered, within
from homeward.claims.voices import partition

Source = tuple[str, Tally]


def judge_agreement(claim: Claim, known: Known) -> Verdict:
    """Whether what is said to be agreed, or unagreed, is what was countersigned."""
    if known.terms_agreed() is None:
        return _before(claim, known)
    clauses = tuple(f"clause:{obligation.id}" for obligation in known.terms.obligations)
    if claim.status in ("not_agreed", "denied"):
        return Verdict("contradicted", Why.of("is_agreed"), clauses)
    wrong = _wrong_day_or_place(claim, known)
    if wrong is not None:
        return wrong
    if not claim.counts:
        return Verdict("consistent", Why.of("is_agreed"), clauses)
    inner = sum_mismatch(claim, known)
    if inner is not None:
        return inner
    return _compare(claim, known)


def _before(claim: Claim, known: Known) -> Verdict:
    """Nothing is countersigned yet: whose word is it, and do others say so too?"""
    if claim.status == "not_agreed":
        return Verdict("consistent", Why.of("not_yet_agreed"))
    if claim.party is None:
        return Verdict("premature", Why.of("not_yet_agreed"))
    also = {
        other.party
        for statement in known.statements
        for other in statement.claims
        if other.subject == "agreement" and other.status in ("agreed", "confirmed", "completed")
    }
    if also - {claim.party, None}:
        return Verdict("not_signed_by_both", Why.of("both_say"))
    return Verdict(
        "one_side_only", Why.of("word_only", speaker=claim.speaker), (), ("word_of_one",)
    )


def _wrong_day_or_place(claim: Claim, known: Known) -> Verdict | None:
    """Only a claim of agreeing carries the agreement's day; a reading of "completed" does not."""
    agreed_on = getattr(known.terms, "agreed_on", None)
    if claim.status != "agreed" or agreed_on is None:
        return None
    window = claim.window
    said = claim.event_date
    first, last = agreed_on.first(), agreed_on.last()
    if said is not None:
        wrong = said.last() < first or said.first() > last
    elif window is not None and window.end is not None:
        wrong = window.end.date() <= first or window.start.date() > last
    else:
        wrong = False
    if wrong:
        why = Why.of("other_day", agreed=str(agreed_on))
        return Verdict("contradicted", why, ("terms:agreed",), ("date",))
    places = _places(known)
    if claim.places and places and not places & set(claim.places):
        why = Why.of("other_place", place=sorted(places)[0])
        return Verdict("contradicted", why, ("terms:agreed",), ("place",))
    return None


def _places(known: Known) -> set[str]:
    """Every name, in whatever language, of the place at which the terms were agreed."""
    agreed = getattr(known.terms, "said", {}).get("agreed", {})
    place = agreed.get("place", "")
    return set(place.values()) if isinstance(place, Mapping) else {place} - {""}


def sum_mismatch(claim: Claim, known: Known) -> Verdict | None:
    """A claim whose own parts do not add up to its own whole."""
    by_rule: dict[tuple[object, ...], dict[tuple[str, ...], int]] = {}
    for count in claim.counts:
        categories = known.resolve(count.category)
        if categories is not None and count.bound == "exact":
            rule = (count.counting, count.sender, count.to, count.state)
            by_rule.setdefault(rule, {})[categories] = count.n
    for numbers in by_rule.values():
        whole = numbers.pop(known.terms.categories, None)
        parts = sum(numbers.values())
        if whole is not None and partition(numbers, known.terms) and parts != whole:
            why = Why.of("sum", parts=parts, whole=whole)
            return Verdict("contradicted", why, (), ("sum",))
    return None


def _compare(claim: Claim, known: Known) -> Verdict:
    """Against the terms, then against each agreed stage: all counts must fit one of them."""
    misfit: Verdict | None = None
    for name, tallies in _sources(claim.counts, known):
        if all(tally.fits() for tally in tallies):
            each = "_each" if claim.counts[0].counting == "each" else ""
            why = Why.of("as_agreed" + each, count=tuple(count.n for count in claim.counts))
            return Verdict("consistent", why, (name,))
        if name == "terms":
            misfit = _misfit(name, tallies)
    if misfit is None:
        return Verdict("not_checkable", Why.of("no_fixed_number"))
    return misfit


def _sources(counts: tuple[Count, ...], known: Known) -> Iterator[tuple[str, list[Tally]]]:
    whole = _tallies(counts, known, None)
    if whole is not None:
        yield "terms", whole
    if any(count.bound != "exact" for count in counts):
        return  # "at most so many" fits every small stage and would prove nothing
    for annex in known.annexes_agreed():
        stage = _tallies(counts, known, annex)
        if stage is not None:
            yield f"stage:{annex.stage}", stage


def _tallies(counts: tuple[Count, ...], known: Known, annex: AnAnnex | None) -> list[Tally] | None:
    found = []
    for count in counts:
        categories = known.resolve(count.category)
        assert categories is not None, "claims with unknown categories are stopped before"
        moves = covered(known, count)
        numbers = [
            owed(known, move, categories, count.state)
            if annex is None
            else agreed_size(known, move, categories, (annex.stage,), count.state)
            for move in moves
        ]
        if any(number is None for number in numbers):
            return None
        found.append(Tally(count, moves, tuple(number or 0 for number in numbers)))
    return found


def _misfit(name: str, tallies: list[Tally]) -> Verdict:
    """The same number under another counting rule, or simply another number."""
    worst = next(tally for tally in tallies if not tally.fits())
    numbers = {"count": worst.count.n, "shown": worst.shown()}
    for rule, values in (("each", worst.numbers), ("in_total", (sum(worst.numbers),))):
        if rule != worst.count.counting and all(within(worst.count, value) for value in values):
            why = Why.of(f"agreed_rule_{rule}", **numbers, total=sum(worst.numbers))
            return Verdict("consistent_under_other_rule", why, (name,), ("other_rule",))
    each = "_each" if worst.count.counting == "each" else ""
    return Verdict("contradicted", Why.of("not_as_agreed" + each, **numbers), (name,))
