"""What was said in public, and whether it is so; what is still promised and open.

``load_statements`` reads statements.yaml, ``read_claims`` reads an article, ``judge_statement``
gives each claim two verdicts (as it was said, as is known), ``commitments`` lists what is owed.

>>> from datetime import datetime
>>> statements, problems = load_statements('''
... format: homeward-statements/1
... statements:
...   - id: hope
...     text: A minister of a third country hopes for more exchanges.
...     speaker: {name: a foreign minister, role: third}
...     said_at: "2031-05-09T12:00:00+02:00"
...     claims: [{status: assessed, subject: outlook}]
... ''')
>>> [claim.status for claim in statements[0].claims], problems
(['assessed'], ())

Not here: the record itself and its counts (``crossing``), the agreement (``terms``), pages and
figures (``paper``). A statement is compared with the record and never moves a count.
"""

from homeward.claims.judging import judge, judge_statement
from homeward.claims.known import Known
from homeward.claims.loading import load_statements
from homeward.claims.model import Claim, Commitment, Judged, Statement, Verdict
from homeward.claims.promises import commitments
from homeward.claims.reading import read_claims
from homeward.claims.voices import who_says

__all__ = [
    "Claim",
    "Commitment",
    "Judged",
    "Known",
    "Statement",
    "Verdict",
    "commitments",
    "judge",
    "judge_statement",
    "load_statements",
    "read_claims",
    "who_says",
]
