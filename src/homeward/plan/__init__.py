"""In which stages and steps the agreed transfers can happen, and why so."""

from homeward.plan.again import replan
from homeward.plan.checking import check
from homeward.plan.conflict import Conflict
from homeward.plan.explaining import explain_person
from homeward.plan.lines import PlanLine, read_lines
from homeward.plan.making import make_plan
from homeward.plan.proof import certify
from homeward.plan.resources import Resources
from homeward.plan.rows import Plan, read_plan, write_plan

__all__ = [
    "Conflict",
    "Plan",
    "PlanLine",
    "Resources",
    "certify",
    "check",
    "explain_person",
    "make_plan",
    "read_lines",
    "read_plan",
    "replan",
    "write_plan",
]
