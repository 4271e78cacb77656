"""Planning beside the pages: a child process looks for the plan, and the desk stays free.

The desk is held only to gather what there is to plan with, and to check, prove and sign what was
found: by then it may no longer answer, and is refused.
"""

from __future__ import annotations

import json
import pickle
from datetime import datetime
from functools import partial

from homeward.office import jobs
from homeward.office.desk import Call
from homeward.office.jobs import Job
from homeward.office.planning import Question, costs_question, question
from homeward.office.process import AT_THE_DESK, desk
from homeward.office.roles import Officer
from homeward.office.seconding import ask_for, require
from homeward.problem import Problem, Refused

LOOKING = 60.0  # seconds for the solver, where a stage is no network
LONGEST = 3 * LOOKING  # with reading the question and naming everyone


def last() -> Job | None:
    """The planning at work, or the one before it; None after a restart."""
    return jobs.last("planning")


def start(officer: Officer, stage: int, now: datetime) -> Job:
    """Look for a plan of a stage and put it on the table; one planning at a time.

    Raises Refused where this officer may not, or where there is nothing to plan with.
    """
    require(officer, "make-plan")
    return jobs.start("planning", partial(_plan, officer, stage, now), about=stage)


def last_costs() -> Job | None:
    """The question after costs at work, or the one before it; None after a restart."""
    return jobs.last("costs")


def start_costs(officer: Officer, stage: int, sizes: tuple[int, ...], now: datetime) -> Job:
    """Ask what each size of the step would come to in a stage; nothing of it is kept or signed.

    Raises Refused where this officer may not ask for plans.
    """
    require(officer, "make-plan")
    return jobs.start("costs", partial(_weigh, officer, stage, sizes, now), about=stage)


def _weigh(officer: Officer, stage: int, sizes: tuple[int, ...], now: datetime, job: Job) -> None:
    job.stage, job.total = "looking", int(LONGEST)
    with AT_THE_DESK:
        places, named = costs_question(desk(), Call(now, officer.name, {"stage": stage}))
    data = pickle.dumps((places, {**named, "over": sizes}))
    found = json.loads(
        jobs.in_child("homeward.office.planner", data, limit=LONGEST, tell=partial(_pass, job))
    )
    if "problems" in found:
        raise Refused([Problem(**problem) for problem in found["problems"]])
    job.found = found["points"]


def _plan(officer: Officer, stage: int, now: datetime, job: Job) -> None:
    body = {"stage": stage}
    job.stage, job.total = "gathering", int(LONGEST)
    with AT_THE_DESK:
        asked = question(desk(), Call(now, officer.name, body))
    if isinstance(asked, Question):
        job.stage = "looking"
        data = pickle.dumps((asked.places, {**asked.named, "time_limit": LOOKING}))
        found = json.loads(
            jobs.in_child("homeward.office.planner", data, limit=LONGEST, tell=partial(_pass, job))
        )
        if "problems" in found:
            raise Refused([Problem(**problem) for problem in found["problems"]])
        body |= {"found": found}
    job.stage = "signing"
    with AT_THE_DESK:
        ask_for(officer, "make-plan", now, body)


def _pass(job: Job, seconds: float) -> None:
    job.done = int(seconds)
