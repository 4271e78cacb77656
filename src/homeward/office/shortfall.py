"""What the terms say when fewer crossed than a stage agreed on: who may take the open places.

Why somebody did not cross is sealed, so the sides cannot apply a rule about refusals, or deaths,
to one place: they plan by what the terms say of shortfalls and of substitutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from homeward.plan import Plan, PlanLine, Resources
from homeward.plan.again import fitted
from homeward.plan.events import Situation
from homeward.problem import Problem, Refused
from homeward.terms import Annex, Size, Terms

# Words of a shortfall under which a place that stayed empty is not planned again in the stage.
_LEFT = frozenset({"ends", "accepted", "cuts_both"})
# Words under which a person's own fate takes the place off what is owed.
_TAKEN_OFF = frozenset({"counts", "reduces", "cuts_both"})


@dataclass(frozen=True, slots=True)
class After:
    """Whether open places are planned again, for whom (None: anybody offered), and what to know."""

    planned: bool = True
    only: frozenset[str] | None = None
    notes: tuple[Problem, ...] = ()

    def among(self, lines: Iterable[PlanLine]) -> tuple[PlanLine, ...]:
        """The lines that may take a place."""
        return tuple(line for line in lines if self.only is None or line.handle in self.only)

    def notes_json(self) -> list[dict[str, str]]:
        """The notes for an answer."""
        return [note.to_json() for note in self.notes]


EVERYBODY = After()


def after_shortfall(terms: Terms, told: Iterable[str]) -> After:
    """The rule for a stage in which some of those ``told`` (by list handle) did not cross."""
    rules = terms.said.get("rules", {})
    short, instead = _word(rules, "shortfall"), _word(rules, "substitution")
    refusal = _word(rules, "refusal")
    notes = []
    if short is None:
        notes.append(_note("shortfall-unsaid", "the open places are planned again in this stage"))
    elif short in _LEFT:
        hint = "nobody is planned in their place; what is owed is what both sides signed"
        notes.append(_note("shortfall-left", hint, short))
    if short not in _LEFT and instead is None:
        notes.append(_note("substitution-unsaid", "others go in their place if every side signs"))
    if short not in _LEFT and refusal in _TAKEN_OFF:
        hint = "why a person stayed is sealed: the place is filled unless the sides agree otherwise"
        notes.append(_note("refusal-sealed", hint, str(refusal)))
    only = frozenset(told) if instead == "none" else None
    return After(short not in _LEFT, only, tuple(notes))


@dataclass(frozen=True)
class Open:
    """What a further plan of a stage is made from: its open places and who may take them."""

    terms: Terms
    annex: Annex
    lines: Sequence[PlanLine]
    resources: Resources
    done: set[str]

    def within_reach(self) -> Annex:
        """The annex with as many open places as can be filled: one whose person has died, and
        whom nobody can replace, must not keep all others behind."""
        done = tuple(sorted(self.done))
        now = Situation((self.annex,), tuple(self.lines), self.resources, done)
        return fitted(self.terms, now)[0]

    def as_filled(self, plan: Plan) -> Annex:
        """The annex as another's plan fills it; raises Refused where more could have gone."""
        sizes = (
            # never more than is open: the plan's own check then says that it takes too many
            replace(size, count=min(size.count, _heads(plan, size)))
            for size in self.annex.sizes
        )
        filled = replace(self.annex, sizes=tuple(sizes))
        found, most = (sum(s.count for s in one.sizes) for one in (filled, self.within_reach()))
        if found < most:
            raise Refused(
                [
                    Problem(
                        "office.plan-leaves-people",
                        f"stage {self.annex.stage}",
                        str(found),
                        f"{most} of the open places filled",
                        "ask for a plan in which everybody goes who can",
                    )
                ]
            )
        return filled


def _heads(plan: Plan, size: Size) -> int:
    return sum(
        (row.sender, row.to, row.state, row.group) == (size.sender, size.to, size.state, size.group)
        and size.category in (None, row.category)
        for row in plan.rows
    )


def _word(rules: Mapping[str, object], name: str) -> str | None:
    said = rules.get(name)
    word = said.get("effect") if isinstance(said, Mapping) else said
    return None if word is None else str(word)


def _note(code: str, hint: str, value: str = "") -> Problem:
    return Problem(f"office.{code}", "terms: rules", value, hint=hint, level="warning")
