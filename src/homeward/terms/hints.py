"""What to do about a problem of a text, by the end of its code, where nobody said it better.

The pages docs/reference/problems-*.md say the same at more length.
"""

from __future__ import annotations

from collections.abc import Mapping

_TEXT = {
    "alias": "write the value where it stands",
    "bad-id": "use an id of the allowed signs",
    "empty": "fill the file, or take it away",
    "encoding": "save the file as UTF-8",
    "key-twice": "keep one; readers would differ on which one counts",
    "missing-field": "add the field",
    "no-such-date": "correct the day or time; an instant names its zone",
    "no-value": "fill the field, or take it out",
    "one-of": "say it in exactly one way",
    "out-of-range": "correct the number",
    "second-document": "one file, one document",
    "tag": "write a plain value",
    "too-deep": "write it flatter",
    "too-long": "leave out what does not belong there",
    "unknown-field": "is the name spelled as in the reference? free words go under note",
    "unknown-word": "choose one of the words",
    "wrong-length": "correct the number of entries",
    "wrong-type": "write the value as the kind that is expected",
    "yaml-syntax": "look for a bracket, quotation mark or indent on this line and above",
}
_SENSE = {
    "among-beyond": "correct one of the two numbers; parts of a number may overlap under among",
    "answers-nothing": "name the claim whose outcome it is",
    "bad-window": "a start, then a later end or the word open",
    "categories-overlap": "make the predicates exclude each other",
    "category-unknown": "add it under categories in terms.yaml, or correct it",
    "count-without-side": "name the side, or count otherwise",
    "counting-differs": "count as the terms do",
    "counting-missing": "the two differ by half",
    "direction-needed": "use from and to",
    "end-balance": "correct the numbers, or the difference agreed for the end",
    "gives-to-itself": "name another side",
    "id-twice": "rename one of them",
    "key-of-itself": "end at a number",
    "known-before-said": "correct one of the two times",
    "lump-group": "correct for_all or the part",
    "move-twice": "keep one",
    "move-unknown": "correct from and to; the moves are those of the obligations",
    "named-beyond": "correct the number, or how many are named",
    "not-a-person": "write group: beside",
    "officer-twice": "each officer is one person in one party",
    "order-repeats": "name each category once",
    "parts-mismatch": "correct the parts or their number",
    "party-and-role": "name the side exactly when the role is party",
    "party-twice": "rename one of them",
    "party-unknown": "add it under parties or others in terms.yaml, or correct it",
    "range-reversed": "turn it round",
    "reference-unknown": "correct the id",
    "site-unknown": "add it to the resources of exchange.yaml, or correct it",
    "split-unequal": "settle the split; a sum that closes can hide it",
    "stage-order": "number the stages in the order of their windows",
    "stage-twice": "give each stage a number of its own",
    "step-missing": "write step, or no_bound: true",
    "sum-mismatch": "correct the sum or its parts",
    "total-not-divisible": "change the total or the balance",
    "unequal-obligations": "correct the numbers, or say the difference under end",
    "unknown-horizon": "add it under horizons, or correct its name",
    "unknown-side": "correct the id, or add the side to exchange.yaml",
    "window-overlap": "move one of the two windows",
    "window-reversed": "turn the two times round",
}
HINTS: Mapping[str, str] = {**_TEXT, **_SENSE}
