"""The table of kinds: which fields a header must, may and must not hold, and who may write it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

# The fields a kind decides on, in the order they stand in a header.
FIELDS = (
    "stage",
    "step",
    "from",
    "to",
    "class",
    "handle",
    "digest",
    "sums",
    "prior",
    "part",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of entry asks for; ``author`` is ``side``, ``neutral`` or ``any``."""

    kind: str
    public: bool
    officers: int
    author: str
    required: frozenset[str]
    allowed: frozenset[str]


def _names(cell: str) -> frozenset[str]:
    return frozenset() if cell == "-" else frozenset(cell.split(","))


@cache
def rules() -> dict[str, Rule]:
    """Every kind of ``kinds.tsv`` by its name."""
    text = resources.files("homeward.record").joinpath("kinds.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    found = {}
    for kind, public, officers, author, required, optional in rows[1:]:
        needed, allowed = _names(required), _names(required) | _names(optional)
        assert allowed <= set(FIELDS), kind
        found[kind] = Rule(kind, public == "yes", int(officers), author, needed, allowed)
    return found
