"""Which clause a set of transfers, a plan or a position would break, and what is left to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from homeward.problem import Problem
from homeward.terms.agreement import PERSONS, Terms
from homeward.terms.allotment import Allotment, Moved
from homeward.terms.annexes import Annex
from homeward.terms.dues import Due, count_against
from homeward.terms.kernel import Kind, Position, Transfer

# The table of verdicts, in the order in which its rules are asked; docs/reference/terms.md.
RULES = {
    "V1": "superseded",
    "V2": "failed",
    "V3": "suspended",
    "V4": "not_begun",
    "V5": "in_part",
    "V6": "cannot_be_decided",
    "V7": "with_deviations",
    "V8": "as_agreed",
}
VERDICTS = tuple(RULES.values())
Row = dict[str, Any]
_KindKey = tuple[str | None, str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was broken, what is owed, done and left, and one word for the whole.

    ``rule`` is the line of the table of verdicts (docs/reference/terms.md) that gave the word;
    ``reckoned`` holds what follows by sums from clauses that name no number of their own.
    """

    problems: tuple[Problem, ...]
    owed: tuple[Row, ...]
    done: tuple[Row, ...]
    left: tuple[Row, ...]
    verdict: str
    rule: str = ""
    reckoned: tuple[Row, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The judgement with the keys of ``homeward terms check --json``."""
        return {
            "problems": [problem.to_json() for problem in self.problems],
            "owed": list(self.owed),
            "done": list(self.done),
            "left": list(self.left),
            "verdict": self.verdict,
            "rule": self.rule,
            "reckoned": list(self.reckoned),
        }


def movements(
    transfers: Iterable[Transfer] = (),
    plan_rows: Iterable[Any] = (),
    position: Position | None = None,
) -> list[Moved]:
    """Transfers, plan rows (attributes or mappings) and attested cells in one form."""
    moved = [
        Moved(
            t.sender,
            t.to,
            t.kind.category,
            t.kind.state,
            t.kind.group,
            1,
            t.stage,
            t.step,
            place=f"stage {t.stage} step {t.step}",
        )
        for t in transfers
    ]
    moved += [_planned(row) for row in plan_rows]
    moved += [
        Moved(c.sender, c.to, c.category, c.state, c.group, c.count, c.stage, c.step)
        for c in (position.cells if position else ())
        if c.outcome == "transferred" and c.attested_by == "both"
    ]
    return moved


def _planned(row: Any) -> Moved:
    def value(name: str, default: Any = None) -> Any:
        if isinstance(row, Mapping):
            return row.get(name, row.get("from", default) if name == "sender" else default)
        return getattr(row, name, default)

    stage, step = int(value("stage", 0)), int(value("step", 0))
    return Moved(
        str(value("sender")),
        str(value("to")),
        value("category"),
        value("state") or "living",
        value("group"),
        1,
        stage,
        step,
        place=f"stage {stage} step {step}",
    )


def judge(terms: Terms, moved: Sequence[Moved], annexes: Sequence[Annex] = ()) -> Judgement:
    """Count everything that moves against every clause that counts."""
    allotment, asked = count_against(terms, moved)
    problems = list(allotment.problems)
    problems += _equality(terms, moved)
    problems += _steps(terms, moved)
    problems += _stages(moved, annexes)
    verdict, rule = _verdict(allotment, asked, problems)
    return Judgement(
        problems=tuple(sorted(set(problems), key=lambda p: (p.code, p.place, p.value))),
        owed=terms.owed(),
        done=done_rows(terms, allotment),
        left=left_rows(terms, allotment, asked),
        verdict=verdict,
        rule=rule,
    )


def done_rows(terms: Terms, allotment: Allotment) -> tuple[Row, ...]:
    """One row for each obligation: how many were counted against it."""
    return tuple(
        {"obligation": o.id, "from": o.sender, "to": o.to, "count": allotment.done[o.id]}
        for o in terms.obligations
    )


def left_rows(terms: Terms, allotment: Allotment, asked: Mapping[str, Due]) -> tuple[Row, ...]:
    """One row for each obligation or sum that asks for more; ``count`` None: not to be known."""
    rows: list[Row] = []
    for o in terms.obligations:
        missing = asked[o.id].low - allotment.done[o.id]
        if missing > 0 or not asked[o.id].certain:
            rows.append(
                {
                    "obligation": o.id,
                    "from": o.sender,
                    "to": o.to,
                    "count": missing if asked[o.id].certain else None,
                }
            )
    for one in terms.sums:
        missing = one.quantity.low - _summed(terms, one.of, allotment)
        if missing > 0:
            rows.append({"obligation": one.id, "of": list(one.of), "count": missing})
    return tuple(rows)


def _summed(terms: Terms, references: Iterable[str], allotment: Allotment) -> int:
    ids = {o.id for reference in references for o in terms.find(reference)}
    return sum(allotment.done[id_] for id_ in ids)


def _verdict(
    allotment: Allotment, asked: Mapping[str, Due], problems: Sequence[Problem]
) -> tuple[str, str]:
    """Transfers and positions tell no ends of an agreement: only the rules V4 to V8 apply."""
    if not any(allotment.done.values()) and not allotment.not_owed:
        return RULES["V4"], "V4"
    if any(allotment.done[id_] < one.low for id_, one in asked.items()):
        return RULES["V5"], "V5"
    if not all(one.certain for one in asked.values()):
        return RULES["V6"], "V6"
    return (RULES["V7"], "V7") if problems else (RULES["V8"], "V8")


def _equality(terms: Terms, moved: Sequence[Moved]) -> list[Problem]:
    """Equal by category: what one side gave of a category must still find its match.

    Whatever follows, both directions must hold the larger number of each category in the end;
    where these do not fit under what may move at all, the balance can no longer become equal.
    """
    if terms.equal_by != "category" or len(terms.sides) != 2:
        return []
    one, other = terms.sides
    given: Counter[tuple[str, str]] = Counter()
    for each in moved:
        if each.group != "beside" and each.category is not None:
            given[(each.sender, each.category)] += each.count
    names = sorted({category for _, category in given})
    needed = sum(max(given[(one, name)], given[(other, name)]) for name in names)
    rooms = [room for side in (one, other) if (room := _room(terms, side)) is not None]
    totals = [sum(given[(side, name)] for name in names) for side in (one, other)]
    # A direction that holds too many is an excess of its own, and hides what the split is.
    if not rooms or needed <= min(rooms) or max(totals) > min(rooms):
        return []
    value = "; ".join(
        f"{name}: {one} {given[(one, name)]}, {other} {given[(other, name)]}"
        for name in names
        if given[(one, name)] != given[(other, name)]
    )
    place = terms.place("balance", "equal_by")
    return [Problem("terms.split-unequal", place, value, "equal numbers of each category")]


def _room(terms: Terms, side: str) -> int | None:
    """The most that a side may hand over inside the balance; None without a ceiling."""
    highs = [
        o.high
        for o in terms.obligations
        if o.group == "inside" and o.state in PERSONS and side in o.senders
    ]
    return None if None in highs else sum(n or 0 for n in highs)


def _steps(terms: Terms, moved: Sequence[Moved]) -> list[Problem]:
    """No side has more heads in one step than agreed; categories come in the agreed order."""
    heads: Counter[tuple[int, str]] = Counter()
    first: dict[tuple[int, str], int] = {}
    last: dict[tuple[int, str], int] = {}
    for one in moved:
        if one.step and one.group != "beside":
            heads[(one.step, one.sender)] += one.count
            if one.category is not None:
                key = (one.stage, one.category)
                first[key] = min(first.get(key, one.step), one.step)
                last[key] = max(last.get(key, one.step), one.step)
    problems = [
        Problem("terms.step-exceeded", f"step {step}", f"{side}: {count}", f"at most {terms.step}")
        for (step, side), count in sorted(heads.items())
        if terms.step is not None and count > terms.step
    ]
    order = terms.balance.order
    for (stage, category), began in sorted(first.items()):
        before = order[: order.index(category)] if category in order else ()
        problems += [
            Problem(
                "terms.order-broken",
                f"stage {stage} step {began}",
                f"{category} before {earlier}",
                ", then ".join(order),
            )
            for earlier in before
            if last.get((stage, earlier), 0) > began
        ]
    return problems


def _stages(moved: Sequence[Moved], annexes: Sequence[Annex]) -> list[Problem]:
    """In a stage that has an annex, no direction and category goes beyond its size."""
    problems: list[Problem] = []
    for annex in annexes:
        done: dict[tuple[str, str], Counter[_KindKey]] = defaultdict(Counter)
        for one in moved:
            if one.stage == annex.stage:
                kind = (one.category, one.state, one.group or "inside")
                done[(one.sender, one.to)][kind] += one.count
        for (sender, to), kinds in sorted(done.items()):
            for shown, count, agreed in _against_sizes(annex, sender, to, kinds):
                if count > agreed:
                    value = f"{sender} to {to}, {shown}: {count}"
                    place = f"stage {annex.stage}"
                    problems.append(
                        Problem("terms.stage-exceeded", place, value, f"at most {agreed}")
                    )
    return problems


def _against_sizes(
    annex: Annex, sender: str, to: str, kinds: Counter[_KindKey]
) -> list[tuple[str, int, int]]:
    """Kind, count and agreed size; one line for the direction where the annex has but a total."""
    sizes = [size for size in annex.sizes if (size.sender, size.to) == (sender, to)]
    if any(size.category is None for size in sizes) or any(kind[0] is None for kind in kinds):
        return [("all", sum(kinds.values()), sum(size.count for size in sizes))]
    return [
        (
            str(Kind(category or "", state, group)),
            count,
            annex.count(sender=sender, to=to, category=category, state=state, group=group),
        )
        for (category, state, group), count in sorted(kinds.items(), key=str)
    ]
