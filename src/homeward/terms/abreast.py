"""Two versions side by side: the sentences of each that the other does not have, in pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from homeward.terms.agreement import Terms
from homeward.terms.showing import show

Pair = tuple[str | None, str | None]
_NUMBER = re.compile(r"\A\d+\. ")
# Less alike than this, two sentences are not two versions of one.
_ALIKE = 0.5


def side_by_side(old: Terms, new: Terms, lang: str) -> tuple[Pair, ...]:
    """The numbered sentences of ``show`` that differ, each beside its other version.

    A sentence that stands in both, wherever it stands, is left out; None is the side that has
    no such clause. In the order of the second version, what is no longer there at the end.
    """
    before, after = show(old, lang), show(new, lang)
    gone = _without(before, after)
    rows: list[Pair] = []
    for sentence in _without(after, before):
        match = _nearest(sentence, gone)
        if match is not None:
            gone.remove(match)
        rows.append((match, sentence))
    return (*rows, *((sentence, None) for sentence in gone))


def _bare(sentence: str) -> str:
    return _NUMBER.sub("", sentence)


def _without(mine: Sequence[str], others: Sequence[str]) -> list[str]:
    """My sentences that the others do not have; a sentence twice needs a match twice."""
    rest = [_bare(other) for other in others]
    kept = []
    for sentence in mine:
        if _bare(sentence) in rest:
            rest.remove(_bare(sentence))
        else:
            kept.append(sentence)
    return kept


def _nearest(sentence: str, pool: Sequence[str]) -> str | None:
    """The sentence of the pool that is most like it, if any is like it at all."""
    scored = [(SequenceMatcher(None, _bare(one), _bare(sentence)).ratio(), one) for one in pool]
    best = max(scored, default=(0.0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] >= _ALIKE else None
