"""What happened to each person at the line, as signed by those present.

``Crossing`` holds what one office knows: ``take`` adds acts (any order, repeats welcome),
``may_order`` and ``may_close`` answer by rule R with every reason against, ``next_acts`` says what
a side may do now. ``position`` folds any set of logs into counts, from headers alone.

>>> from homeward.terms.kernel import Kind, Step, Transfer
>>> military = Kind("military")
>>> sheet = Step(
...     1,
...     1,
...     (
...         Transfer("a1", "north", "south", military, 1, 1),
...         Transfer("b1", "south", "north", military, 1, 1),
...     ),
... )
>>> line = Crossing(["north", "south"], me="north")
>>> line.open_sheet(sheet, digest="d0")
()
>>> [problem.code for problem in line.may_order("north", "a1")]
['crossing.not-ready', 'crossing.not-ready']
>>> ready = [
...     Act("h1", "north", "office", 1, 0, "step-ready", 1, 1, digest="d0"),
...     Act("h2", "south", "office", 1, 0, "step-ready", 1, 1, digest="d0"),
... ]
>>> len(line.take(ready)), line.may_order("north", "a1")
(2, ())
>>> place = dict(stage=1, step=1, sender="north", to="south", cls=str(military), handle="a1")
>>> released = Act("h3", "north", "office", 1, 1, "released", **place)
>>> received = Act("h4", "south", "office", 1, 1, "received", **place)
>>> position([released], sides=line.sides).count(attested_by="both")
0
>>> position([received, released], sides=line.sides).count(attested_by="both")
1

Not here: who a person is (`people` and the office's table), signing and copying (`record`), which
sheet comes next (`plan`), and any ruling on whose word is true.
"""

from homeward.crossing.acts import Act, act_of
from homeward.crossing.audit import audit
from homeward.crossing.closing import Closing
from homeward.crossing.conflicts import conflicts_in
from homeward.crossing.lead import Tally, leads, tally
from homeward.crossing.line import Crossing
from homeward.crossing.position import position
from homeward.crossing.telling import tell
from homeward.crossing.turns import Turn

__all__ = [
    "Act",
    "Closing",
    "Crossing",
    "Tally",
    "Turn",
    "act_of",
    "audit",
    "conflicts_in",
    "leads",
    "position",
    "tally",
    "tell",
]
