"""What was agreed, and which clause any set of transfers would break.

Terms are one YAML text (docs/reference/terms.md): obligations from a side to a side, each with a
quantity that carries its counting rule, a balance with the agreed step, and the clauses around
them. Stage annexes (docs/reference/stages.md) are agreed one by one afterwards.

``read_terms`` reads strictly and names all problems with their lines, ``read_annexes`` checks
each stage against the terms, ``check`` says what transfers, a plan, a position or events would
break and what is left, ``show`` says every clause in plain words, ``compare`` what a second
version means that the first did not, and ``review`` warns of law and of known causes of dispute.

>>> text = '''
... format: homeward-terms/1
... id: two-islands
... parties: {north: {name: North}, south: {name: South}}
... obligations:
...   - {id: all, between: [north, south], quantity: {exact: 40, counting: each}}
... balance: {equal_by: total, step: 10, first: alternate}
... '''
>>> terms, problems = read_terms(text)
>>> show(terms, "en")[2].partition(",")[0]
'3. North and South hand over to each other: 40 persons *each*'
>>> [(row["obligation"], row["count"]) for row in check(terms).left]
[('all:north-south', 40), ('all:south-north', 40)]

Not here: who a person is (people), when each goes (plan), what happened at the line (crossing).
"""

from homeward.terms.agreement import Obligation, Terms
from homeward.terms.annexes import Annex, Size, read_annexes
from homeward.terms.checking import check
from homeward.terms.comparing import compare
from homeward.terms.happened import read_done
from homeward.terms.judging import Judgement
from homeward.terms.reading import read_terms
from homeward.terms.review import review
from homeward.terms.showing import show

__all__ = [
    "Annex",
    "Judgement",
    "Obligation",
    "Size",
    "Terms",
    "check",
    "compare",
    "read_annexes",
    "read_done",
    "read_terms",
    "review",
    "show",
]
