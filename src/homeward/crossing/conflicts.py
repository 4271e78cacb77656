"""Where signed words do not fit together: shown with both sides' words, never decided.

Facts are accepted whatever they say; what is odd about them stands beside the position.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from homeward.crossing.acts import (
    EXTRA,
    FACTS,
    HOLDER_KINDS,
    OPPOSITE,
    RECEIVER_KINDS,
    Act,
    Signed,
    acts_of,
    inside,
    kind_of,
)
from homeward.crossing.closing import facts_of
from homeward.crossing.ledger import Ledger
from homeward.crossing.rule import Standing
from homeward.problem import Level, Problem

_PLACED = HOLDER_KINDS | RECEIVER_KINDS
# (holder's word, receiver's word) -> what the pair is called.
_AGAINST = {
    ("not-released", "received"): "crossing.received-but-kept",
    ("released", "not-received"): "crossing.released-but-missed",
    ("released", "conceded"): "crossing.released-but-conceded",
}


def conflicts(ledger: Ledger) -> tuple[Problem, ...]:
    """Everything in the acts that does not fit together, sorted by handle."""
    found: list[Problem] = []
    for handle in sorted(ledger.handles()):
        found += _about(ledger, handle)
    found += [_not_its_word(act) for act in ledger.misplaced()]
    found += [_fork(group) for group in ledger.forks()]
    found += _closings(ledger)
    return tuple(found)


def _closings(ledger: Ledger) -> Iterator[Problem]:
    """Steps that several sides have closed, but never with the same sums."""
    by_step: dict[int, dict[str, set[tuple[tuple[str, int], ...]]]] = {}
    for act in ledger.of_kind("step-closed"):
        if act.step is not None:
            by_step.setdefault(act.step, {}).setdefault(act.author, set()).add(facts_of(act.sums))
    for step, said in sorted(by_step.items()):
        if len(said) > 1 and not set.intersection(*said.values()):
            authors = ", ".join(sorted(said))
            hint = "who says what stands in their closings; recount, or have the neutral count"
            yield Problem("crossing.closings-differ", f"step {step}", authors, "one sum", hint)


def _about(ledger: Ledger, handle: str) -> Iterator[Problem]:
    words = ledger.words(handle)
    kinds = {act.kind for act in words}
    yield from _both_words(ledger, handle, words)
    yield from _against(handle, words)
    yield from _differing(handle, words)
    if "received" in kinds and not kinds & {"released", "not-released", "release-ordered"}:
        extra = all(kind_of(a.cls).group == EXTRA for a in words if a.kind == "received")
        code = "crossing.extra-person" if extra else "crossing.received-without-release"
        yield _pair(code, handle, words, "released by its holder", "warning")
    if {"received", "conceded"} <= kinds:
        yield _pair("crossing.conceded-then-received", handle, words, "one of them", "note")
    yield from _wrong_person(ledger, handle, words)


def _both_words(ledger: Ledger, handle: str, words: list[Act]) -> Iterator[Problem]:
    said = {(act.author, act.kind) for act in words}
    for author, kind in sorted(said):
        if kind in ("released", "received") and (author, OPPOSITE[kind]) in said:
            own = [a for a in words if a.author == author and a.kind in (kind, OPPOSITE[kind])]
            yield _pair("crossing.says-both", handle, own, "one word of one side")
    for order in words:
        if order.kind != "release-ordered":
            continue
        backs = [a for a in words if a.kind == "not-released" and a.author == order.author]
        if backs and not any(ledger.precedes(order, back) for back in backs):
            expected = "the return after the order"
            yield _pair("crossing.order-and-return-cross", handle, [order, *backs], expected)


def _against(handle: str, words: list[Act]) -> Iterator[Problem]:
    kinds = {act.kind for act in words}
    for (holder, receiver), code in sorted(_AGAINST.items()):
        if holder in kinds and receiver in kinds:
            shown = [a for a in words if a.kind in (holder, receiver)]
            yield _pair(code, handle, shown, "one account of both sides")


def _differing(handle: str, words: list[Act]) -> Iterator[Problem]:
    for code, said in (
        ("crossing.two-classes", {act.cls or "none" for act in words}),
        ("crossing.two-directions", {f"{act.sender} to {act.to}" for act in words}),
        ("crossing.two-steps", {f"stage {act.stage} step {act.step}" for act in words}),
    ):
        if len(said) > 1:
            value = " / ".join(sorted(said))
            yield Problem(code, f"handle {handle}", value, "the same in every act")


def _wrong_person(ledger: Ledger, handle: str, words: list[Act]) -> Iterator[Problem]:
    for act in words:
        if act.kind == "received" and act.prior is not None:
            answered = ledger.get(act.prior)
            if answered is not None and answered.handle not in (None, handle):
                value = f"received in answer to the release of handle {answered.handle}"
                yield Problem("crossing.wrong-person", f"handle {handle}", value, "that person")


def _not_its_word(act: Act) -> Problem:
    expected = "the holder's word on release, the receiver's on receipt"
    return Problem("crossing.not-its-word", act.place, f"{act.kind} by {act.author}", expected)


def _fork(group: tuple[Act, ...]) -> Problem:
    value = " / ".join(act.hash[:16] for act in group)
    return Problem("crossing.forked", group[0].place, value, "one entry for one number")


def _pair(
    code: str, handle: str, words: Iterable[Act], expected: str, level: Level = "error"
) -> Problem:
    said = sorted({f"{act.author}: {act.kind}" for act in words})
    return Problem(code, f"handle {handle}", ", ".join(said), expected, level=level)


def facts_against(now: Standing, act: Act) -> Iterator[Problem]:
    """What is odd about one act given the sheets and acts held by this office."""
    if act.kind not in _PLACED:
        return
    if act.author != (act.sender if act.kind in HOLDER_KINDS else act.to) or not act.handle:
        yield _not_its_word(act)
        return
    transfer = now.transfer(act.handle)
    if transfer is None:
        if inside(act):
            expected = "a handle of an opened sheet"
            yield Problem("crossing.off-sheet", act.place, act.handle, expected, level="warning")
    else:
        agreed = (transfer.sender, transfer.to, str(transfer.kind), transfer.step)
        signed = (act.sender, act.to, str(kind_of(act.cls)), act.step)
        if agreed != signed:
            yield Problem("crossing.differs-from-sheet", act.place, str(signed), str(agreed))
        if act.kind in FACTS and now.has_closed(act.author, transfer.step):
            expected = f"a fact before {act.author} closed step {transfer.step}"
            yield Problem("crossing.after-closing", act.place, act.kind, expected, level="note")
    ordered = now.ledger.says(act.handle, act.author, "release-ordered")
    if act.kind == "released" and inside(act) and not ordered:
        expected = "a release-ordered before it"
        yield Problem("crossing.unordered", act.place, act.kind, expected, level="warning")


def conflicts_in(entries: Iterable[Signed | Act]) -> tuple[Problem, ...]:
    """The conflicts in any set of entries, without a crossing at hand."""
    return conflicts(Ledger(acts_of(entries)))
