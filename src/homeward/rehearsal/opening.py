"""The first scenes: the offices meet and the agreement is signed, then lists are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeward.people import score
from homeward.rehearsal.production import Production


def meet(play: Production) -> None:
    """Every office learns the others' cards, and opens the exchange on the text on the table."""
    play.at(play.folder.cast.start)
    cards = [answer["card"] for answer in play.ask("card", play.parties).values()]
    play.ask(
        "meet",
        play.parties,
        cards=cards,
        terms_text=play.folder.terms_text,
        policy={},
        send=True,
    )
    play.leg()


def agree(play: Production, proposer: str, kind: str, proposal: Mapping[str, Any]) -> str:
    """One text: put on the table, signed by the other sides, made final by its proposer."""
    answer = play.ask(f"propose-{kind}", [proposer], **proposal, send=True)[proposer]
    play.leg()
    digest = str(answer["digest"])
    others = [side for side in play.sides if side != proposer]
    play.ask(f"accept-{kind}", others, digest=digest, send=True)
    play.leg()
    play.ask("finalise", [proposer], digest=digest, send=True)
    play.leg()
    return digest


def sign_terms(play: Production) -> None:
    """Both sign the text that each was handed by its own side."""
    text = play.folder.terms_text
    digest = agree(play, play.folder.cast.proposer, "terms", {"text": text})
    assert digest == hashlib.sha256(text.encode()).hexdigest(), "the text changed on its way"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pair that a holder's matcher proposed to its officers."""

    seeker: str
    holder: str
    sought_id: str
    held_id: str
    probability: float
    decision: str
    reasons: str

    @property
    def ends(self) -> tuple[str, str]:
        """The two lines, each with its side."""
        return f"{self.seeker}/{self.sought_id}", f"{self.holder}/{self.held_id}"


@dataclass(frozen=True, slots=True)
class Matched:
    """What the holders' matchers proposed, and how good that was before anyone decided."""

    pairs: tuple[Proposed, ...]
    precision: float | None
    recall: float | None
    f1: float | None
    true_pairs: int | None

    def count(self, decision: str) -> int:
        """Pairs with this decision of the matcher."""
        return sum(pair.decision == decision for pair in self.pairs)

    def to_json(self) -> dict[str, Any]:
        """The document under ``matching``."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "same": self.count("same"),
            "review": self.count("review"),
            "gold": self.true_pairs,
        }


def compare_lists(play: Production) -> Matched:
    """Lists in, shown to those who hold, compared there; scored before any officer decides."""
    now = play.after()
    lists = play.folder.lists

    def bring_in(side: str) -> None:
        own = {f"{w}_csv": lists[side, w] for w in ("held", "sought") if (side, w) in lists}
        play.offices[side].ask("import-lists", now, **own)

    play.each(play.sides, bring_in)
    play.ask("submit-lists", play.sides, send=True)
    play.leg()
    answers = play.ask("match", play.sides, send=True)
    pairs = tuple(
        Proposed(matching["seeker"], holder, *row)
        for holder, answer in answers.items()
        for matching in answer["matchings"]
        for row in matching["pairs"]
    )
    return _scored(play, pairs)


def _scored(play: Production, pairs: tuple[Proposed, ...]) -> Matched:
    gold = play.folder.gold
    if gold is None:
        return Matched(pairs, None, None, None, None)
    true = [(f"{g.seeker}/{g.sought_id}", f"{g.holder}/{g.held_id}") for g in gold]
    result = score([pair.ends for pair in pairs if pair.decision == "same"], true)
    return Matched(pairs, result.precision, result.recall, result.f1, len(true))


def decide(play: Production, matched: Matched) -> None:
    """Each holder's officers decide what the matcher left to them; the gold file is their memory.

    Without a gold file nothing is decided, and a doubtful pair stays apart. A wrong line in it
    can change a doubtful pair only.
    """
    gold = play.folder.gold
    if gold is not None:
        true = {(g.seeker, g.sought_id, g.holder, g.held_id) for g in gold}
        now = play.after()
        play.each(play.sides, lambda side: _decide(play, side, matched.pairs, true, now))
    play.ask("reply", play.sides, send=True)
    play.leg()
    play.ask("accept-replies", play.sides)
    play.ask("willingness", play.sides, send=True)
    play.leg()


def _decide(
    play: Production,
    holder: str,
    pairs: Sequence[Proposed],
    true: set[tuple[str, str, str, str]],
    now: Any,
) -> None:
    for seeker in play.folder.cast.receivers(holder):
        words = [
            {
                "sought_id": pair.sought_id,
                "held_id": pair.held_id,
                "same": (seeker, pair.sought_id, holder, pair.held_id) in true,
            }
            for pair in pairs
            if (pair.seeker, pair.holder, pair.decision) == (seeker, holder, "review")
        ]
        if words:
            play.offices[holder].ask("decide", now, seeker=seeker, decisions=words)
