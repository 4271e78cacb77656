"""In which stages and steps the agreed transfers can happen, and why so.

``make_plan`` finds the best plan, or says which clauses stand in the way. ``check`` finds every
breach by counting; ``certify`` proves by integers alone that no plan is better, so that a side need
not trust the solver of another. ``explain_person`` says why somebody goes when they go; ``replan``
moves as few persons as possible after exceptions.

>>> from homeward.terms import read_terms
>>> terms, _ = read_terms(
...     "format: homeward-terms/1\\n"
...     "id: two-for-two\\n"
...     "title: Two for two\\n"
...     "parties: {north: {name: North}, south: {name: South}}\\n"
...     "obligations:\\n"
...     "  - {id: all, between: [north, south], quantity: {exact: 2, counting: each}}\\n"
...     "balance: {equal_by: total, step: 1}\\n"
... )
>>> lines = [
...     PlanLine("n1", "north", "south", "person", held_since="2024-05"),
...     PlanLine("n2", "north", "south", "person", held_since="2022-03"),
...     PlanLine("n3", "north", "south", "person", medical=2),
...     PlanLine("s1", "south", "north", "person"),
...     PlanLine("s2", "south", "north", "person"),
... ]
>>> plan = make_plan(terms, (), lines, seed=7)
>>> [(row.handle, row.step) for row in plan.rows if row.sender == "north"]
[('n3', 1), ('n2', 2)]
>>> check(plan, terms, (), lines), certify(plan, terms, (), lines)
((), ())

Formats are in docs/reference/plan.md; what the modules hold: ``lines``, ``resources`` and ``rows``
read and write; ``clauses`` and ``limits`` make a ``task`` of plain integers; ``network`` and
``flow`` solve it, or ``program``, ``mixed`` and ``solver`` where it is no network; ``steps``,
``trips`` and ``persons`` name who goes when; ``cuts`` and ``quarrel`` explain a ``conflict``.

Not here: who somebody is (people), what was agreed (terms), what has happened (crossing). No file
is opened, and no clock asked but for how long the solver took.
"""

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
