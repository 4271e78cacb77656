"""The spokesperson's desk: a text is checked before it goes out, both sides' texts go out together,
and what turns out wrong is put right in public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from homeward.claims.cues import EXCHANGE
from homeward.claims.judging import judge
from homeward.claims.known import AnAnnex, Known
from homeward.claims.model import Claim, Judged, Verdict, Words
from homeward.claims.publishing import in_our_words
from homeward.claims.reading import read_claims
from homeward.problem import Problem, errors
from homeward.words import say

# What the record does not bear out is not said in a side's own name.
REFUSED = frozenset(
    {"premature", "contradicted", "consistent_under_other_rule", "disputed", "lapsed"}
)
HAPPENING = frozenset({"completed", "under_way", "confirmed"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that a side means to publish, whose it is, and in which language."""

    side: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with what it claims, judged as of now, and what stands against its release."""

    draft: Draft
    claims: tuple[tuple[Claim, Verdict], ...]
    problems: tuple[Problem, ...]

    @property
    def may_go_out(self) -> bool:
        """Whether nothing stands against it; warnings do not."""
        return not errors(self.problems)


def check_draft(
    draft: Draft, known: Known, *, names: Mapping[str, Sequence[str]] | None = None
) -> Checked:
    """What a draft claims and what stands against its release at ``known.at``; all of it.

    A stage is under embargo until every side has signed its annex: until then nothing about its
    days and numbers goes out, and ``neutral_sentence`` is what can be said.
    """
    found = read_claims(
        draft.text, said_at=known.at, lang=draft.language, context=names or _own(known)
    )
    mine = [_in_own_name(claim, draft, known) for claim in found]
    judged = tuple((claim, judge(claim, known)) for claim in mine)
    problems = [p for claim, verdict in judged for p in _against(claim, verdict, draft, known)]
    return Checked(draft, judged, tuple(problems))


def release(checked: Iterable[Checked], known: Known) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Every side's text, to go out at one instant; none at all while one of them is missing or has
    something against it."""
    by_side: dict[str, Checked] = {}
    problems: list[Problem] = []
    for each in checked:
        by_side[each.draft.side] = each
        problems += errors(each.problems)
    for side in known.terms.sides:
        if side not in by_side:
            problems.append(Problem("claims.text-missing", side, "", "a text that was checked"))
    if problems:
        return {}, tuple(problems)
    return {side: by_side[side].draft.text for side in sorted(by_side)}, ()


def neutral_sentence(known: Known, language: str = "en") -> str:
    """What either side can say at any time: how many stages every side has signed, no number."""
    signed = len(known.annexes_agreed())
    if known.terms_agreed() is None:
        return say("claims.desk.nothing_signed", language)
    if not signed:
        return say("claims.desk.no_stage", language)
    return say("claims.desk.stages", language, n=signed)


@dataclass(frozen=True, slots=True)
class Correction:
    """What was said, what the record shows since, and the sentences that put it right."""

    claim: str
    said: Verdict
    found: Verdict
    on: datetime
    text: Words

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The notice in one language, with both verdicts."""
        return {
            "corrects": self.claim,
            "on": self.on.isoformat(),
            "text": self.text.say(language),
            "as_said": self.said.to_json(language),
            "as_known": self.found.to_json(language),
        }


def corrections(
    judged: Iterable[Judged], side: str, on: datetime, languages: Sequence[str] = ("en", "uk")
) -> tuple[Correction, ...]:
    """A notice for every claim of a side that the record does not bear out, one by one.

    The first words stay where they are: a correction names them and stands beside them.
    """
    return tuple(
        Correction(each.claim.id, each.as_said, each.as_known, on, _notice(each, languages))
        for each in judged
        if each.claim.party == side and each.as_known.verdict in REFUSED
    )


def _notice(judged: Judged, languages: Sequence[str]) -> Words:
    day = str(judged.claim.said_on or "")
    return Words(
        tuple(
            (
                language,
                say("claims.desk.correction", language, day=day)
                + " "
                + judged.as_known.why.say(language),
            )
            for language in languages
        )
    )


def _own(known: Known) -> dict[str, tuple[str, ...]]:
    return {side: (side.capitalize(),) for side in known.terms.sides}


def _in_own_name(claim: Claim, draft: Draft, known: Known) -> Claim:
    """The draft's own voice is its side's; whom it quotes speaks for themselves."""
    if claim.role != "press":
        return replace(claim, said_at=known.at)
    return replace(
        claim,
        speaker=Words.plain(draft.side),
        role="party",
        party=draft.side,
        said_at=known.at,
    )


def _against(claim: Claim, verdict: Verdict, draft: Draft, known: Known) -> Iterable[Problem]:
    place = f"{draft.side}:{claim.id}"
    # Not the draft's words: a name may stand in them, and problems carry none.
    value = in_our_words(claim, {})
    stage = _embargoed(claim, known)
    if stage is not None:
        hint = neutral_sentence(known, draft.language)
        expected = f"stage {stage.stage} signed by every side"
        yield Problem("claims.embargo", place, value, expected, hint)
    if verdict.verdict in REFUSED or _ahead(claim, verdict):
        yield Problem("claims.draft-refused", place, value, verdict.verdict, verdict.why.say("en"))
    doubtful = [code for code in claim.doubts if code in ("side_open", "number_left")]
    if claim.subject in EXCHANGE and doubtful:
        why = say(f"claims.doubt.{doubtful[0]}", "en")
        yield Problem("claims.draft-unclear", place, value, "whose people, counted how", why)


def _ahead(claim: Claim, verdict: Verdict) -> bool:
    """Whether a side's own text tells as done what both have not yet signed.

    That people who crossed are home by now is the receiving side's to say.
    """
    alone = verdict.verdict in ("one_side_only", "not_signed_by_both")
    told = claim.status in HAPPENING and claim.subject in EXCHANGE
    return alone and told and verdict.why.key != "home_word"


def _embargoed(claim: Claim, known: Known) -> AnAnnex | None:
    """The first stage not yet signed by every side of which the claim gives a number or day."""
    if claim.subject not in EXCHANGE or claim.status == "not_agreed":
        return None
    signed = {annex.stage for annex in known.annexes_agreed()}
    open_stages = [annex for annex in known.annexes if annex.stage not in signed]
    window = known.event_window(claim)
    if window is None and not claim.counts:
        return None
    for annex in open_stages:
        if claim.status in HAPPENING or annex.window is None or window is None:
            continue
        begins, ends = annex.window
        if begins < (window.end or ends) and window.start < ends:
            return annex
    nothing_signed = open_stages and not signed and claim.counts
    return open_stages[0] if nothing_signed and claim.status != "agreed" else None
