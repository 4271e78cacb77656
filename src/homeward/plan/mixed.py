"""Plans that are no network: groups, keys, points, rings, shared vehicles; with proven bounds."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from homeward.plan.merged import Merged, merged, whole_multipliers, whole_values
from homeward.plan.network import level_names
from homeward.plan.program import Program, program
from homeward.plan.task import Flow, Task
from homeward.problem import Problem, Refused

if TYPE_CHECKING:
    from homeward.plan.solver import Answer

FORMAT = "homeward-certificate/1"
#: So few columns are done before another process has even started.
_SMALL = 200
_ENDING = 5  # seconds


def solve_mixed(task: Task, time_limit: float) -> tuple[Flow, dict[str, Any]] | None:
    """Heads by class and stage with the certificate; None where nothing can hold.

    The solver works in a process of its own, which is ended at ``time_limit`` seconds: solvers do
    not always keep their own limits. Levels finished by then count. Raises Refused if not even a
    first plan was found in that time.
    """
    made = program(task)
    small = merged(made)
    answers: list[Answer] = []
    complete = False
    for answer in _answers(small, time_limit):
        if answer == "none":
            if answers:
                break
            return None
        if answer == "late":
            break
        if answer is None:
            complete = True
            break
        answers.append(_whole(made, small, answer, len(answers)))
    if not answers:
        hint = "allow more time, or plan fewer stages at once"
        shown = f"{time_limit:g} seconds"
        raise Refused([Problem("plan.no-answer", "plan", shown, "a first plan", hint)])
    flow = made.flow(answers[-1].values)
    return flow, _claims(made, flow, answers, complete)


def _whole(made: Program, small: Merged, answer: Answer, level: int) -> Answer:
    """An answer for every person, from one for groups of them."""
    values = whole_values(made, small, answer.values)
    return replace(
        answer, values=values, multipliers=whole_multipliers(made, level, answer.multipliers)
    )


def _answers(small: Merged, seconds: float) -> Iterator[Any]:
    """Answers from another process, until it is done or the time is over."""
    end = time.monotonic() + seconds
    started = False
    if len(small.low) > _SMALL:
        for answer in _elsewhere(small, seconds):
            started = True
            yield answer
        started = started or time.monotonic() >= end
    if not started:
        # Where this program cannot be started a second time, the solver keeps its own limit.
        here = _Here()
        _solve(small, max(0.0, end - time.monotonic()), here)
        yield from here.answers


def _elsewhere(small: Merged, seconds: float) -> Iterator[Any]:
    """Answers of a process of its own, which is ended when the time is over."""
    end = time.monotonic() + seconds
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    worker = context.Process(target=_work, args=(there,), daemon=True)
    worker.start()
    there.close()
    answer = None
    try:
        # The task follows by the pipe: a process that ends early must not leave us waiting.
        here.send((small, seconds))
        while here.poll(max(0.0, end - time.monotonic())):
            answer = here.recv()
            yield answer
            if answer in (None, "none", "late"):
                return
    except KeyboardInterrupt:
        if answer is None:
            raise
    except (EOFError, OSError):
        worker.join(_ENDING)
        if worker.exitcode is not None and worker.exitcode < 0:
            hint = "the solver broke down; plan fewer stages at once"
            shown = f"signal {-worker.exitcode}"
            raise Refused([Problem("plan.no-answer", "plan", shown, "a plan", hint)]) from None
    finally:
        worker.kill()
        worker.join()
        here.close()


class _Here:
    """Takes answers where no other process is worth its start."""

    def __init__(self) -> None:
        self.answers: list[Any] = []

    def send(self, answer: Any) -> None:
        self.answers.append(answer)


def _share(bound: int, value: int) -> float:
    """What is open between a value and its bound, as a share of the larger number."""
    return (bound - value) / max(1, abs(bound), abs(value))


def _told_aims(made: Program, answers: list[Answer]) -> dict[str, Any]:
    """Which aims in which order, what each may give up, and what each reached before that."""
    aims = made.task.aims
    return {
        "aims": list(aims.order),
        "tolerance": dict(aims.tolerance),
        "reached": [answer.value for answer in answers],
    }


def _work(out: Any) -> None:
    # Whoever interrupts the program means the waiting: its parent keeps what was found so far.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    small, seconds = out.recv()
    _solve(small, seconds, out)


def _solve(small: Merged, seconds: float, out: Any) -> None:
    from homeward.plan.solver import work

    work(small, seconds, out)


def _claims(made: Program, flow: Flow, answers: list[Answer], complete: bool) -> dict[str, Any]:
    """What is claimed: each level's value, the bound that integers prove, and the solver's own."""
    names = level_names(made.task)
    values = [made.value(level, flow) for level in range(len(names))]
    levels, multipliers, gap, proven = [], [], 0.0, complete
    for number, (name, unit) in enumerate(names):
        if number >= len(answers):
            most = made.most(number)
            levels.append([name, values[number], most, unit])
            gap = max(gap, _share(most, values[number]))
            continue
        answer = answers[number]
        multipliers.append(list(answer.multipliers))
        levels.append([name, values[number], answer.bound, unit])
        # What a level gave up later on is its tolerance; what was not proven is the gap.
        gap = max(gap, _share(answer.bound, answer.value))
        proven = proven and answer.bound == answer.value
    told = {} if made.task.aims.added else _told_aims(made, answers)
    return {
        "format": FORMAT,
        "proof": "bounds",
        **told,
        "seed": made.task.seed,
        "status": "optimal" if proven else "feasible",
        "levels": levels,
        "gap": gap,
        "multipliers": multipliers,
    }
