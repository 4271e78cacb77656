"""A stage: its annex and plan agreed, its sheets frozen, its steps carried out, everyone home."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import yaml

from homeward.problem import Problem, Refused
from homeward.rehearsal.clock import Hours
from homeward.rehearsal.happenings import StoryEnds
from homeward.rehearsal.line import play_beside, play_steps
from homeward.rehearsal.opening import agree
from homeward.rehearsal.production import Production
from homeward.terms import Annex, Size, Terms

_WITHOUT_A_WINDOW = timedelta(hours=16)


def annexes_of(play: Production) -> tuple[Annex, ...]:
    """The folder's annexes in order; without any, the whole exchange is one stage."""
    folder = play.folder
    return folder.annexes or (whole_exchange(folder.terms, folder.cast.resources),)


def whole_exchange(terms: Terms, resources: Any) -> Annex:
    """One stage with everything owed; raises Refused where the terms name no exact numbers."""
    open_ones = [o.id for o in terms.obligations if o.count is None]
    if open_ones:
        raise Refused(
            [
                Problem(
                    "rehearsal.stages-needed",
                    "terms.yaml",
                    ", ".join(open_ones),
                    "stages.yaml with exact sizes",
                    "these obligations name no exact number",
                )
            ]
        )
    # Two clauses about one sort of people, such as women and others, are one size of the stage.
    counts: Counter[tuple[str, str, str | None, str, str]] = Counter()
    for o in terms.obligations:
        counts[o.sender, o.to, o.category, o.state or "living", o.group] += int(o.count or 0)
    sizes = tuple(Size(*key[:4], count, key[4]) for key, count in counts.items())
    crossings = sorted(resources.get("crossings") or ())
    return Annex(
        stage=1,
        sizes=sizes,
        sites=tuple(sorted(resources.get("sites") or ())),
        vehicles=tuple(sorted(resources.get("vehicles") or ())),
        crossing=crossings[0] if len(crossings) == 1 else None,
    )


def play_stage(play: Production, annex: Annex) -> None:
    """One stage from its annex to those who came home.

    Where people stayed behind, the proposer plans what is short once more: others go in their
    place, or they themselves, in a later step.
    """
    proposer = annex.proposed_by or play.folder.cast.proposer
    if annex.agreed_on is not None:
        play.at(annex.agreed_on)
    resources = yaml.safe_dump(dict(play.folder.cast.resources), allow_unicode=True)
    with play.watch.part("annexes"):
        agree(play, proposer, "annex", {"text": annex.to_text(), "resources": resources})
    opens = annex.window[0] if annex.window else None
    length = annex.window[1] - annex.window[0] if annex.window else _WITHOUT_A_WINDOW
    played: set[int] = set()
    while True:
        with play.watch.part("plans"):
            _plan(play, proposer, annex, again=bool(played))
            steps, beside = _sheets(play, proposer, annex.stage)
        beside = {number: sides for number, sides in beside.items() if number not in played}
        fresh = {step: sides for step, sides in steps.items() if step not in played}
        if not fresh and not beside:
            break
        hours = Hours(opens or play.clock.now, length, tuple(sorted(fresh)))
        with play.watch.part("line"):
            play_beside(play, hours, beside)
            play_steps(play, annex.stage, hours, fresh)
        played |= {*fresh, *beside}
    with play.watch.part("line"):
        _bring_home(play, annex.stage, Hours(opens or play.clock.now, length))


def _plan(play: Production, proposer: str, annex: Annex, *, again: bool) -> None:
    """The proposer plans; every other side checks and certifies before it signs.

    What is still short is planned ``again`` where it can be; where it cannot, it stays short.
    A stage that cannot be planned ends the story, with what was signed by then and the reasons.
    """
    play.tell(f"stage {annex.stage}: planning")
    try:
        planned = play.ask(
            "make-plan", [proposer], stage=annex.stage, seed=play.folder.cast.seed, send=True
        )[proposer]
    except Refused as refusal:
        if not all(problem.code.startswith("plan.") for problem in refusal.problems):
            raise
        if not again:
            raise StoryEnds(*refusal.problems) from refusal
        return
    play.note(Problem(**row) for row in planned.get("notes", ()))
    if planned["digest"] is None:
        return
    play.run.keep_plan(planned)
    play.run.keep_lines(play.offices[proposer].ask("lines", play.clock.now)["lines"])
    play.leg()
    others = [side for side in play.sides if side != proposer]
    play.ask("accept-plan", others, digest=planned["digest"], send=True)
    play.leg()
    play.ask("finalise", [proposer], digest=planned["digest"])


_Sides = dict[int, tuple[str, ...]]


def _sheets(play: Production, proposer: str, stage: int) -> tuple[_Sides, _Sides]:
    """Freeze the sheets, have every side concerned sign that it holds them; sides by step.

    The sheets of people beside the balance come second: they are no steps.
    """
    play.ask("make-sheets", [proposer], stage=stage, send=True)
    play.leg()
    held = play.ask("hold-sheets", play.sides, stage=stage, send=True)
    play.leg()
    found = []
    for kind in ("steps", "beside"):
        numbers = sorted({number for side in play.sides for number in held[side][kind]})
        found.append(
            {n: tuple(side for side in play.sides if n in held[side][kind]) for n in numbers}
        )
    return found[0], found[1]


def _bring_home(play: Production, stage: int, hours: Hours) -> None:
    play.at(hours.closed)
    play.ask("close-stage", play.sides, stage=stage, send=True)
    play.leg()
    play.at(hours.safe)
    play.ask("in-safety", play.sides, stage=stage, send=True)
    play.leg()
    play.at(hours.home)
    play.ask("home", play.sides, stage=stage, send=True)
    play.leg()
    play.settle()
