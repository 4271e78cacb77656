"""What a delegate is told when something does not fit: words, evidence, and what may follow.

It says who signed what and never who is right. What may follow is asked of rule R, so nothing is
offered that the side could not sign; talking, counting again and stopping are always open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from homeward.crossing.acts import Act, order_of
from homeward.crossing.line import Crossing
from homeward.terms.kernel import Step, Transfer
from homeward.words import say

CASES = (
    "receipt-missing",
    "words-differ",
    "kept",
    "sums-differ",
    "sheets-differ",
    "stopped",
    "restored",
    "wrong-person",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that does not fit: its case, the sentence, the entries behind it, what may follow.

    ``step`` is 0 where it concerns no single step. ``evidence`` names entries and what they say.
    """

    case: str
    step: int
    words: str
    evidence: tuple[str, ...]
    allowed: tuple[str, ...]

    def text(self) -> str:
        """The three as lines of text, as the pages on the cases print them."""
        lines = [self.words, *(f"  {each}" for each in self.evidence)]
        return "\n".join([*lines, *(f"- {each}" for each in self.allowed)])


@dataclass(frozen=True, slots=True)
class _Speech:
    """The language it is told in, and how the sides are called in it."""

    language: str
    names: Mapping[str, str]

    def side(self, name: str) -> str:
        return self.names.get(name, name)


def tell(
    now: Crossing, language: str = "en", names: Mapping[str, str] | None = None
) -> tuple[Told, ...]:
    """Everything that does not fit as far as this office holds it, step by step, then by side.

    ``names`` says how the sides are called in the sentences; without it they stand by their ids.
    """
    speech = _Speech(language, names or {})
    found: list[Told] = []
    differing = {p.place for p in now.conflicts() if p.code == "crossing.closings-differ"}
    instead = _instead(now)
    for number in now.steps():
        sheet = now.sheet(number)
        assert sheet is not None  # it is one of the opened
        found += _of_sheet(now, sheet, speech, differing)
        for due, act in instead.get(number, ()):
            options = ["concede", "later", "recount", "suspend"]
            values = {"step": number, "side": act.author, "other": due.author}
            found.append(_told(speech, "wrong-person", [due, act], options, **values))
        for sender, to in sorted({(t.sender, t.to) for t in sheet.transfers}):
            people = [t for t in sheet.transfers if (t.sender, t.to) == (sender, to)]
            found += _of_people(now, people, speech)
    for side in now.sides:
        found += _of_side(now, side, speech)
    return tuple(found)


def _instead(now: Crossing) -> dict[int, list[tuple[Act, Act]]]:
    """By step, each word that somebody came, beside the word about another that it answers."""
    found: dict[int, list[tuple[Act, Act]]] = {}
    for act in sorted(now.ledger, key=order_of):
        due = now.ledger.get(act.prior) if act.kind == "received" and act.prior else None
        if act.step and due is not None and due.handle not in (None, act.handle):
            found.setdefault(act.step, []).append((due, act))
    return found


def _told(
    speech: _Speech, case: str, acts: Iterable[Act], options: Sequence[str], **values: object
) -> Told:
    step = values.get("step", 0)
    assert isinstance(step, int)
    values |= {each: speech.side(str(values[each])) for each in ("side", "other") if each in values}
    words = say(f"crossing.case.{case}", speech.language, **values)
    allowed = tuple(say(f"crossing.next.{each}", speech.language, **values) for each in options)
    evidence = (f"{act.place}: {act.author} {_says(act)}" for act in sorted(acts, key=order_of))
    return Told(case, step, words, tuple(evidence), allowed)


def _says(act: Act) -> str:
    about = f" {act.handle}" if act.handle else ""
    if act.kind == "step-ready":
        about = f" on sheet {(act.digest or '')[:16]}"
    if act.kind == "step-closed":
        about = "".join(f" {name}={n}" for name, n in act.sums if "/" not in name and n)
    return act.kind + about


def _of_sheet(now: Crossing, sheet: Step, speech: _Speech, differing: set[str]) -> Iterator[Told]:
    step, ledger = sheet.number, now.ledger
    ready = ledger.of_step("step-ready", step)
    if len({act.digest for act in ready}) > 1:
        yield _told(speech, "sheets-differ", ready, ["compare", "later"], step=step)
    closed = ledger.of_step("step-closed", step)
    if f"step {step}" in differing:
        options = ["exchange", "propose", "recount", "counted", "suspend"]
        sides = ", ".join(sorted({speech.side(act.author) for act in closed}))
        yield _told(speech, "sums-differ", closed, options, step=step, side=sides)


def _of_people(now: Crossing, people: Sequence[Transfer], speech: _Speech) -> Iterator[Told]:
    by_case: dict[str, list[Transfer]] = {}
    for t in people:
        case = _case_of(now, t)
        if case:
            by_case.setdefault(case, []).append(t)
    for case in ("receipt-missing", "words-differ", "kept"):
        found = by_case.get(case, [])
        if not found:
            continue
        t = found[0]
        acts = [act for each in found for act in now.ledger.words(each.handle)]
        acts = [act for act in acts if act.kind != "release-ordered"]
        values = {"step": t.step, "n": len(found), "side": t.sender, "other": t.to}
        yield _told(speech, case, acts, _options(now, case, found), **values)


def _case_of(now: Crossing, t: Transfer) -> str:
    """Which case one person is, if any."""

    def says(side: str, *kinds: str) -> bool:
        return any(now.ledger.says(t.handle, side, kind) for kind in kinds)

    out, kept = says(t.sender, "released"), says(t.sender, "not-released")
    if says(t.to, "conceded") or says(t.sender, "unreceipted-accepted"):
        return ""
    if (out and says(t.to, "not-received")) or (kept and says(t.to, "received")):
        return "words-differ"
    if out and not says(t.to, "received"):
        return "receipt-missing"
    return "kept" if kept and not now.is_void(t.step) else ""


def _options(now: Crossing, case: str, people: Sequence[Transfer]) -> list[str]:
    accept = all(not now.may_accept_unreceipted(t.sender, t.handle) for t in people)
    concede = all(not now.may_concede(t.to, t.handle) for t in people)
    if case == "kept":
        return [*(["concede"] if concede else []), "later", "suspend"]
    found = ["exchange"] if case == "receipt-missing" else ["correct"]
    return [
        *found,
        "recount",
        "counted",
        *(["accept"] if accept else []),
        *(["concede"] if concede else []),
        "suspend",
    ]


def _of_side(now: Crossing, side: str, speech: _Speech) -> Iterator[Told]:
    ledger = now.ledger
    if now.is_suspended(side):
        stops = [act for act in ledger.of_kind("suspension") if act.author == side]
        out = ", ".join(f"{speech.side(each)} {now.unanswered(each)}" for each in now.sides)
        options = ["resume", "exchange", "facts", "suspend"]
        yield _told(speech, "stopped", stops, options, side=side, out=out)
    for writer in ledger.writers(side):
        if now.is_unchecked(side, writer):
            opened = ledger.first_of(side, writer, ledger.newest(side, writer))
            acts = [opened] if opened else []
            values = {"side": side, "writer": writer}
            yield _told(speech, "restored", acts, ["facts", "confirm", "count"], **values)
