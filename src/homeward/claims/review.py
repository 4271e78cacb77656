"""The review queue: what a person must look at before anything read by the machine is relied on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from homeward.claims.cues import EXCHANGE
from homeward.claims.lists import DOUBTS
from homeward.claims.model import Claim
from homeward.claims.promises import PROMISES
from homeward.words import say

DECISIONS = ("accepted", "corrected", "rejected")


@dataclass(frozen=True, slots=True)
class Review:
    """One uncertain reading with the reasons of its doubt; ``weight`` orders the queue."""

    claim: Claim
    reasons: tuple[str, ...]
    weight: int

    def to_json(self, language: str = "en") -> dict[str, Any]:
        """The claim's id, words and span, and every reason as code and sentence."""
        return {
            "claim": self.claim.id,
            "text": self.claim.text,
            "span": self.claim.span.to_json() if self.claim.span else None,
            "weight": self.weight,
            "reasons": [
                {"code": code, "why": say(f"claims.doubt.{code}", language)}
                for code in self.reasons
            ],
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a reading; the reading itself is kept beside it."""

    claim: str
    decision: str
    by: str
    at: datetime
    note: str = ""


def review_queue(claims: Iterable[Claim]) -> tuple[Review, ...]:
    """Every reading that is not sure, those first on which a count or a promise depends."""
    found = [Review(c, _reasons(c), _weight(c)) for c in claims if not c.sure]
    return tuple(sorted(found, key=lambda item: (-item.weight, _place(item.claim))))


def decided(claim: Claim, decision: Decision, **slots: Any) -> Claim | None:
    """The claim as a person leaves it: accepted as read, with ``slots`` put right, or None.

    Raises ValueError for a decision about another claim, an unknown one, or one without a name.
    """
    if decision.claim != claim.id or decision.decision not in DECISIONS or not decision.by:
        raise ValueError("a decision names its claim, what was decided and who decided")
    if (decision.decision == "corrected") != bool(slots):
        raise ValueError("a correction says what is put right, and nothing else does")
    if decision.decision == "rejected":
        return None
    return replace(claim, **slots, sure=True, doubts=())


def _reasons(claim: Claim) -> tuple[str, ...]:
    """The doubts in the order of their weight; a reading from elsewhere may give none itself."""
    return tuple(sorted(claim.doubts, key=DOUBTS.index)) or ("subject_guessed",)


def _weight(claim: Claim) -> int:
    """4: a count of the exchange that cannot be judged; 3: another reading of the words differs;
    2: a promise; 1: anything else about the exchange; 0: the rest."""
    if (
        claim.counts
        and claim.subject in EXCHANGE
        and {"side_open", "number_left"} & {*claim.doubts}
    ):
        return 4
    if "read_otherwise" in claim.doubts:
        return 3
    if claim.status in PROMISES or claim.status == "agreed":
        return 2
    return int(claim.subject in EXCHANGE)


def _place(claim: Claim) -> int:
    return claim.span.start if claim.span else 0
