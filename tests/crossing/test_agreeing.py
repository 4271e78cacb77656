"""Agreeing: no single side's word makes a text binding, whatever it writes into its own log."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.crossing.agreeing import agreement, signers

SIDES = ("north", "south")
DIGEST = "ab" * 32


@dataclass(frozen=True)
class Word:
    """As much of an entry as agreeing looks at."""

    author: str
    kind: str
    digest: str | None = DIGEST
    prior: str | None = None
    hash: str = ""


PROPOSED = Word("north", "terms-proposed", hash="p")
ACCEPTED = Word("south", "terms-accepted", prior="p", hash="a")
FINAL = Word("north", "final", prior="p", hash="f")


def test_a_text_is_final_when_every_side_signed_and_its_proposer_ended_it():
    assert agreement([PROPOSED, ACCEPTED], PROPOSED, SIDES) == "open"
    assert agreement([PROPOSED, ACCEPTED, FINAL], PROPOSED, SIDES) == "final"
    assert signers([PROPOSED, ACCEPTED, FINAL], DIGEST) == {"north", "south"}


def test_a_final_without_the_other_sides_signature_binds_nobody():
    assert agreement([PROPOSED, FINAL], PROPOSED, SIDES) == "one-sided"


def test_nobody_but_the_proposer_can_end_a_text():
    stranger = Word("south", "final", prior="p", hash="s")
    assert agreement([PROPOSED, ACCEPTED, stranger], PROPOSED, SIDES) == "open"


def test_a_text_its_proposer_withdrew_stays_void_even_if_it_says_final_as_well():
    void = Word("north", "void", prior="p", hash="v")
    assert agreement([PROPOSED, ACCEPTED, void, FINAL], PROPOSED, SIDES) == "void"


def test_acceptance_of_another_text_is_no_acceptance():
    other = Word("south", "terms-accepted", digest="cd" * 32, prior="p", hash="o")
    assert agreement([PROPOSED, other, FINAL], PROPOSED, SIDES) == "one-sided"
