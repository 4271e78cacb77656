"""The child process of a planning: a question comes in on stdin, the answer goes out on stdout."""

from __future__ import annotations

import json
import os
import pickle
import sys
from typing import Any

from homeward.plan import Conflict, make_plan, write_plan
from homeward.plan.frontier import Point, frontier
from homeward.problem import Refused


def main() -> None:
    """Read what ``answer`` takes, as the office pickled it; write the answer as JSON."""
    os.nice(5)  # pages and the line go first
    places, named = pickle.load(sys.stdin.buffer)
    json.dump(answer(places, named), sys.stdout)


def answer(places: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    """The plan's text with its certificate, or every problem that stands against any plan.

    With ``over`` among those named: what each of these sizes of the step would come to instead.
    """
    try:
        if "over" in named:
            return {"points": [_point(point) for point in frontier(*places, **named)]}
        made = make_plan(*places, **named)
    except Refused as refused:
        return {"problems": [problem.to_json() for problem in refused.problems]}
    if isinstance(made, Conflict):
        return {"problems": [problem.to_json() for problem in made.problems]}
    return {"plan": write_plan(made), "certificate": made.certificate, "seconds": made.seconds}


def _point(point: Point) -> dict[str, Any]:
    against = point.why.problems if point.why else ()
    return {
        "step": point.step,
        "steps": point.steps,
        "lead": point.lead,
        "levels": [[level.name, level.value] for level in point.levels],
        "against": [problem.to_json() for problem in against],
    }


if __name__ == "__main__":
    main()
