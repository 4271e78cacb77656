"""Claims that people were, or are being, exchanged, compared with what both sides signed for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from homeward.claims.agreeing import judge_agreement, sum_mismatch
from homeward.claims.known import Known, Scope, owed, signed
from homeward.claims.model import Claim, Count, Verdict, Why
from homeward.claims.tallies import (
    Tally,
    accounted,
    cells,
    other_rules,
    planned,
    recorded,
    within,
)
from homeward.claims.voices import echo, partition

STOPPED = frozenset({"postponed", "suspended", "cancelled"})
# Where a claim has several numbers, the first of these found among them is the claim's verdict.
WORST_FIRST = (
    "contradicted",
    "disputed",
    "premature",
    "not_signed_by_both",
    "one_side_only",
    "consistent_under_other_rule",
    "consistent",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One claim before the record: its scope, and the instant up to which the record counts."""

    claim: Claim
    known: Known
    scope: Scope
    at: datetime

    @property
    def settled(self) -> bool:
        """Whether the day or window that the claim speaks of is over."""
        return self.known.at >= self.scope.closes


def judge_event(claim: Claim, known: Known) -> Verdict:
    """The verdict on a claim that something happened, is happening, or did not."""
    case = _case(claim, known, known.scope(claim))
    if claim.status == "confirmed" and not claim.counts:
        return _confirmed(case)
    if claim.status in ("denied", "not_agreed"):
        return _denied(case)
    if claim.status in STOPPED:
        return _stopped(case)
    if claim.status == "asserted" and not claim.counts:
        return Verdict("not_checkable", Why.of("outside_record"))
    if claim.counts:
        return sum_mismatch(claim, known) or _undated(case) or _counted(case)
    if claim.status == "completed" and claim.extent == "whole":
        return _all_done(case)
    return _some(case)


def _case(claim: Claim, known: Known, scope: Scope) -> Case:
    said = claim.said_at or known.at
    return Case(claim, known, scope, min(known.at, max(scope.closes, said)))


def _undated(case: Case) -> Verdict | None:
    """Words without a day may mean the day on which they were said, or all days so far."""
    claim, known = case.claim, case.known
    if claim.event_date is not None or claim.window is not None or claim.said_at is None:
        return None
    day = known.scope_of_day(claim, claim.said_at)
    for scope in (day, case.scope):
        verdict = _counted(_case(claim, known, scope))
        if verdict.verdict == "consistent":
            return verdict
    return _counted(_case(claim, known, day)) if day.stages else None


def _everybody(claim: Claim) -> Count:
    state = "remains" if claim.subject == "remains" else "living"
    return Count(1, bound="at_least", counting="in_total", state=state)


def _confirmed(case: Case) -> Verdict:
    """Confirming "the exchange" says neither what nor how many: the agreement is enough."""
    if case.known.terms_agreed() is not None:
        found = judge_agreement(case.claim, case.known)
        return Verdict(found.verdict, Why.of("confirmed"), found.evidence)
    return judge_agreement(case.claim, case.known)


def _denied(case: Case) -> Verdict:
    tally = recorded(case.known, _everybody(case.claim), case.scope, case.at)
    done = sum(tally.numbers)
    if done:
        why = Why.of("denied_but_signed", done=done)
        return Verdict("contradicted", why, cells(tally, case.scope))
    said_otherwise = [
        other.id
        for statement in case.known.statements
        for other in statement.claims
        if other.subject == case.claim.subject
        and other.status in ("completed", "under_way", "confirmed")
        and other.party not in (None, case.claim.party)
    ]
    if case.claim.party and said_otherwise:
        evidence = tuple(f"claim:{name}" for name in said_otherwise)
        return Verdict("disputed", Why.of("sides_differ"), evidence)
    return _word(case)


def _stopped(case: Case) -> Verdict:
    """Put off, suspended or called off: people who crossed in that time speak against it."""
    tally = recorded(case.known, _everybody(case.claim), case.scope, case.at)
    if case.claim.event_date is not None and any(tally.numbers):
        why = Why.of("denied_but_signed", done=sum(tally.numbers))
        return Verdict("contradicted", why, cells(tally, case.scope))
    return _word(case)


def _word(case: Case) -> Verdict:
    if case.claim.party:
        why = Why.of("word_only", speaker=case.claim.speaker)
        return Verdict("one_side_only", why, (), ("word_of_one",))
    return Verdict("not_checkable", Why.of("outside_record"))


def _all_done(case: Case) -> Verdict:
    """ "The exchange is complete": everybody owed has crossed, signed by both sides."""
    known, state = case.known, _everybody(case.claim).state
    position = known.position_at(case.at)
    everyone = known.terms.categories
    rows = [
        (move, signed(position, move, state=state, group=None), owed(known, move, everyone, state))
        for move in known.terms.moves
    ]
    fixed = [(done, of) for _, done, of in rows if of is not None]
    evidence = tuple(f"cell:{a}>{b}/all/{state}/both={done}" for (a, b), done, _ in rows)
    done, of = sum(d for d, _ in fixed), sum(o for _, o in fixed)
    if fixed and all(d >= o for d, o in fixed):
        return Verdict("consistent", Why.of("all_done", done=done, of=of), evidence)
    even = len(set(fixed)) == 1
    why = (
        Why.of("not_all_done_each", done=fixed[0][0], of=fixed[0][1])
        if even
        else Why.of("not_all_done", done=done, of=of)
    )
    return Verdict("premature", why, evidence)


def _some(case: Case) -> Verdict:
    """An exchange took place, or is going on, with no number given."""
    tally = recorded(case.known, _everybody(case.claim), case.scope, case.at)
    done = sum(tally.numbers)
    evidence = cells(tally, case.scope)
    said = case.claim.said_at or case.at
    if case.claim.status == "under_way" and _finished_before(case, said):
        return Verdict("contradicted", Why.of("over_before", done=done), evidence, ("date",))
    if done:
        return Verdict("consistent", Why.of("some_done", done=done), evidence)
    if case.settled:
        return Verdict("contradicted", Why.of("none_done"), evidence, ("date",))
    if case.claim.party:
        why = Why.of("word_only", speaker=case.claim.speaker)
        return Verdict("one_side_only", why, evidence, ("word_of_one",))
    return Verdict("premature", Why.of("none_yet"), evidence)


def _finished_before(case: Case, said: datetime) -> bool:
    return case.known.position_at(min(said, case.known.at)).complete


def _counted(case: Case) -> Verdict:
    """Every number of the claim against the record; the worst of them is the verdict."""
    found = [_one_count(case, count) for count in case.claim.counts]
    for name in WORST_FIRST:
        same = [verdict for verdict in found if verdict.verdict == name]
        if same:
            break
    else:
        return found[0]
    evidence = tuple(dict.fromkeys(line for verdict in found for line in verdict.evidence))
    flags = [flag for verdict in same for flag in verdict.flags]
    if name == "contradicted":
        flags += _sum_or_split(case)
    why = same[0].why
    if name == "consistent":
        every = tuple(count.n for count in case.claim.counts)
        why = Why.of(why.key, **(dict(why.values) | {"count": every}))
    chosen = Verdict(name, why, evidence, tuple(dict.fromkeys(flags)))
    return _with_other_voices(chosen, case)


def _sum_or_split(case: Case) -> list[str]:
    """Whether wrong parts add up to the right sum (split) or to a wrong one (sum)."""
    known = case.known
    parts = [c for c in case.claim.counts if known.resolve(c.category) != known.terms.categories]
    named = [known.resolve(count.category) or () for count in parts]
    if not partition(named, known.terms):
        return []
    whole = Count(sum(c.n for c in parts), "exact", None, *_sides(parts[0]), state=parts[0].state)
    agreed = planned(known, whole, case.scope)
    right = recorded(known, whole, case.scope, case.at).fits()
    if agreed is not None:
        right = right or agreed.fits()
    return ["split"] if right else ["sum"]


def _sides(count: Count) -> tuple[str | None, str | None, str]:
    return count.sender, count.to, count.counting


def _one_count(case: Case, count: Count) -> Verdict:
    known, claim, scope = case.known, case.claim, case.scope
    own = recorded(known, count, scope, case.at)
    evidence = cells(own, scope)
    numbers = {"count": count.n, "shown": own.shown()}
    if own.fits():
        if claim.act == "home" and _home(case, own) < sum(own.numbers):
            why = Why.of("home_word", count=count.n, speaker=claim.speaker)
            return Verdict("one_side_only", why, evidence, ("word_of_one",))
        said = recorded(known, count, scope, claim.said_at or case.at)
        flags = () if said.fits() else ("ahead_of_record",)
        why = Why.of("record_says_so" + _each(count), count=count.n)
        return Verdict("consistent", why, evidence, flags)
    if claim.said_at and recorded(known, count, scope, claim.said_at).fits() and own.numbers:
        return Verdict("consistent", Why.of("so_when_said", **numbers), evidence)
    for rule, tally in other_rules(known, count, scope, case.at):
        if tally.fits() and any(tally.numbers):
            why = Why.of(f"rule_{rule}", **numbers)
            return Verdict("consistent_under_other_rule", why, evidence, ("other_rule",))
    return _misfit(case, count, own, numbers)


def _home(case: Case, tally: Tally) -> int:
    """How many the receiving sides confirmed to be home, which the count itself never holds."""
    receivers = {to for _, to in tally.moves}
    stages = case.scope.stages
    return sum(
        int(row["count"])
        for row in case.known.position_at(case.known.at).home
        if row["to"] in receivers and (stages is None or row.get("stage") in stages)
    )


def _each(count: Count) -> str:
    return "_each" if count.counting == "each" else ""


def _misfit(case: Case, count: Count, own: Tally, numbers: dict[str, int]) -> Verdict:
    """The record shows another number: is it wrong, early, or signed by one side only?"""
    known, claim, scope = case.known, case.claim, case.scope
    evidence = cells(own, scope)
    other_number = Why.of("other_number" + _each(count), **numbers)
    contradicted = Verdict("contradicted", other_number, evidence)
    if not own.short():
        return contradicted
    one_signed = _one_signature(case, count, own)
    if one_signed is not None:
        return one_signed
    # Told afterwards of a day that is over, a number of later days is a wrong date, not haste.
    hasty = scope.since is None or (claim.said_at or case.at) < scope.closes
    if hasty and case.at < known.at and recorded(known, count, scope, known.at).fits():
        return Verdict("premature", Why.of("later", **numbers), evidence)
    agreed = planned(known, count, scope)
    over = agreed is not None and any(v < count.n for v in agreed.values())
    if over and count.bound in ("exact", "at_least"):
        assert agreed is not None
        why = Why.of("more_than_agreed", count=count.n, agreed=max(agreed.values()))
        return Verdict("contradicted", why, (*evidence, *_clauses(scope)))
    if case.settled or accounted(known, count, scope, case.at):
        return contradicted
    if claim.status == "under_way" and any(own.numbers) and not claim.party:
        return Verdict("consistent", Why.of("on_the_way", **numbers), evidence)
    if claim.party:
        why = Why.of("one_word", speaker=claim.speaker, **numbers)
        return Verdict("one_side_only", why, evidence, ("word_of_one",))
    return Verdict("premature", Why.of("not_yet", **numbers), evidence)


def _one_signature(case: Case, count: Count, own: Tally) -> Verdict | None:
    """The shortfall is signed for by one side, and the other has not signed."""
    signers = ("holder", "receiver")
    alone = [recorded(case.known, count, case.scope, case.at, by=by) for by in signers]
    if not any(number for tally in alone for number in tally.numbers):
        return None
    sums = tuple(map(sum, zip(own.numbers, *(tally.numbers for tally in alone), strict=True)))
    filled = Tally(count, own.moves, sums)
    if not all(within(count, value) for value in filled.values()):
        return None
    lone = sum(sums) - sum(own.numbers)
    evidence = cells(own, case.scope) + tuple(
        line
        for tally, by in zip(alone, signers, strict=True)
        for line in cells(tally, case.scope, by)
    )
    return Verdict("not_signed_by_both", Why.of("one_signature", count=count.n, n=lone), evidence)


def _clauses(scope: Scope) -> tuple[str, ...]:
    return ("terms",) if scope.stages is None else tuple(f"stage:{n}" for n in scope.stages)


def _with_other_voices(verdict: Verdict, case: Case) -> Verdict:
    """Where the record does not settle it, other sides' words confirm or exclude a side's word."""
    if not case.claim.party or verdict.verdict not in ("one_side_only", "not_signed_by_both"):
        return verdict
    heard = echo(case.claim, case.known)
    if heard.excluded_by:
        flags = (*verdict.flags, *(("mirror",) if heard.mirror else ()))
        why = Why.of("sides_differ_by", theirs=heard.theirs)
        evidence = (*verdict.evidence, *(f"claim:{name}" for name in heard.excluded_by))
        return Verdict("disputed", why, evidence, flags)
    if heard.same and verdict.verdict == "one_side_only":
        return Verdict("not_signed_by_both", Why.of("both_say"), verdict.evidence)
    return verdict
