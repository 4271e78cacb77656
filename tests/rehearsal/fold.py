"""Counts the signed entries of record copies by itself: nothing of the product is imported here.

The rules are those of docs/reference/record.md, position.md and crossing.md, read again and
written a second time, plainly: one pass over each log in its order. It checks no signatures; that
is what ``homeward verify`` is run for beside it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Cell = tuple[str, str, str, str, str, int, int, str, str]
Word = tuple[tuple[str, str, str, str, str, int, int], str]

_HOLDER = {"released": "transferred", "not-released": "not_transferred"}
_RECEIVER = {"received": "transferred", "not-received": "not_transferred"}
_OPPOSITE = {
    "released": "not-released",
    "not-released": "released",
    "received": "not-received",
    "not-received": "received",
}


@dataclass(frozen=True)
class Said:
    """One signed entry: its log and number in it, its header's lines, and its hash."""

    log: str
    seq: int
    hash: str
    lines: tuple[tuple[str, str], ...] = field(compare=False)

    def get(self, name: str) -> str:
        """A header field's text, or an empty one."""
        return next((value for key, value in self.lines if key == name), "")

    @property
    def kind(self) -> str:
        return self.get("kind")

    @property
    def author(self) -> str:
        return self.get("author")

    @property
    def sums(self) -> dict[str, int]:
        """The numbers in a closing."""
        pairs = (word.partition("=") for word in self.get("sums").split())
        return {name: int(number) for name, _, number in pairs}


def read_entries(copies: Iterable[Path]) -> list[Said]:
    """Every entry that any of these copies holds, once, by log and number."""
    found: dict[tuple[str, int, str], Said] = {}
    for copy in copies:
        for folder in sorted(p for p in copy.iterdir() if (p / "checkpoint").is_file()):
            size = int((folder / "checkpoint").read_text("utf-8").split("\n")[1])
            for seq, leaf in enumerate(_leaves(folder / "tile" / "entries", size)):
                one = _entry(folder.name, seq, leaf)
                found[one.log, one.seq, one.hash] = one
    return [found[key] for key in sorted(found)]


def _leaves(folder: Path, size: int) -> list[bytes]:
    """The log's leaves: bundles of 256, each with two bytes of length before it."""
    leaves: list[bytes] = []
    for number in range(-(-size // 256)):
        whole = folder / f"{number:03}"
        data = whole.read_bytes() if whole.is_file() else b""
        if not data:
            (data,) = [p.read_bytes() for p in (folder / f"{number:03}.p").glob(str(size % 256))]
        while data:
            length = int.from_bytes(data[:2], "big")
            leaves.append(data[2 : 2 + length])
            data = data[2 + length :]
    assert len(leaves) == size, f"{folder}: {len(leaves)} leaves for a checkpoint of {size}"
    return leaves


def _entry(log: str, seq: int, leaf: bytes) -> Said:
    header = leaf[64:].decode("ascii").splitlines()
    lines = tuple((name, text) for name, _, text in (line.partition(" ") for line in header))
    one = Said(log, seq, hashlib.sha256(b"\0" + leaf).hexdigest(), lines)
    assert one.get("seq") == str(seq), f"{log}: entry {seq} calls itself {one.get('seq')}"
    return one


# ---------------------------------------------------------------------------------- who said what


@dataclass
class Folded:
    """What the entries add up to."""

    cells: Counter[Cell]
    lead: dict[str, int]
    largest: dict[str, int]
    conceded: dict[str, int]
    home: list[tuple[str, int, int]]
    prefixes: dict[str, list[tuple[int, int]]]

    def both(self, **wanted: str) -> int:
        """Heads that both sides signed for as transferred, narrowed by from, to, category ..."""
        names = ("from", "to", "category", "state", "group")
        return sum(
            heads
            for cell, heads in self.cells.items()
            if cell[7:] == ("both", "transferred")
            and all(cell[names.index(key.strip("_"))] == value for key, value in wanted.items())
        )


def fold(entries: Sequence[Said], sides: Iterable[str]) -> Folded:
    """Count a set of entries for these sides."""
    sides = sorted(sides)
    standing = standing_of(entries)
    leads = {side: _leads(entries, side) for side in sides}
    return Folded(
        cells=_cells(standing),
        lead={side: rows[-1][1] if rows else 0 for side, rows in leads.items()},
        largest={side: max([0, *(n for _, n in rows)]) for side, rows in leads.items()},
        conceded={side: _conceded(standing, side) for side in sides},
        home=_home(standing),
        prefixes=leads,
    )


def standing_of(entries: Sequence[Said]) -> list[Said]:
    """The entries that their own authors have not taken back."""
    taken_back = _taken_back(entries)
    return [one for one in entries if one.hash not in taken_back]


def _taken_back(entries: Sequence[Said]) -> set[str]:
    """Entries whose own author later named them in a correction or the opposite fact."""
    by_hash = {one.hash: one for one in entries}
    found = set()
    for one in entries:
        named = by_hash.get(one.get("prior"))
        if named is None or named.author != one.author:
            continue
        if one.kind == "correction" or _OPPOSITE.get(one.kind) == named.kind:
            found.add(named.hash)
    return found


def _where(one: Said) -> tuple[str, str, str, str, str, int, int]:
    category, state, group = one.get("class").split("/")
    ends = (one.get("from"), one.get("to"))
    return (*ends, category, state, group, int(one.get("stage")), int(one.get("step")))


def words_by_handle(standing: Sequence[Said]) -> dict[str, tuple[Word | None, Word | None]]:
    """The holder's and the receiver's one word about each handle; None where there is none."""
    by_handle: dict[str, list[Said]] = {}
    for one in standing:
        if one.get("handle"):
            by_handle.setdefault(one.get("handle"), []).append(one)
    return {
        handle: (
            _one_word({(_where(w), _HOLDER[w.kind]) for w in words if _is_holders(w)}),
            _one_word(_receivers(words)),
        )
        for handle, words in by_handle.items()
    }


def _cells(standing: Sequence[Said]) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    for holder, receiver in words_by_handle(standing).values():
        if holder is not None and holder == receiver:
            cells[*holder[0], "both", holder[1]] += 1
            continue
        for word, by in ((holder, "holder"), (receiver, "receiver")):
            if word is not None:
                cells[*word[0], by, word[1]] += 1
    return cells


def _one_word(said: set[Word]) -> Word | None:
    """Who says two things says nothing."""
    return next(iter(said)) if len(said) == 1 else None


def _is_holders(one: Said) -> bool:
    return one.kind in _HOLDER and one.author == one.get("from")


def _receivers(words: Sequence[Said]) -> set[Word]:
    own = [w for w in words if w.author == w.get("to")]
    said = {(_where(w), _RECEIVER[w.kind]) for w in own if w.kind in _RECEIVER}
    given_up = {(_where(w), "not_transferred") for w in own if w.kind == "conceded"}
    arrived = any(w.kind == "received" for w in own)
    return said if arrived else said | given_up


def _conceded(standing: Sequence[Said], side: str) -> int:
    own = [w for w in standing if w.author == side == w.get("to")]
    arrived = {w.get("handle") for w in own if w.kind == "received"}
    return len({w.get("handle") for w in own if w.kind == "conceded"} - arrived)


def _home(standing: Sequence[Said]) -> list[tuple[str, int, int]]:
    last: dict[tuple[str, int], int] = {}
    for one in standing:
        if one.kind == "home-confirmed":
            last[one.author, int(one.get("stage"))] = sum(one.sums.values())
    return [(side, stage, heads) for (side, stage), heads in sorted(last.items())]


# ---------------------------------------------------------------------------- who is how far ahead


def _leads(entries: Sequence[Said], side: str) -> list[tuple[int, int]]:
    """(entry number, net lead after it) along a side's own log, from its own words alone.

    Out from the order on, until the side's own word that the person was not released after all;
    less those it says it received, less those it gave up. Extras and persons beside the balance
    count neither way. What a sheet agreed on as unequal is no lead once the side has closed it.
    """
    own = [one for one in entries if one.author == side]
    out: set[str] = set()
    in_hand: set[str] = set()
    given_up: set[str] = set()
    agreed: dict[str, int] = {}
    rows = []
    for one in own:
        handle, kind = one.get("handle"), one.kind
        if handle and one.get("class").endswith("/inside"):
            giving, taking = one.get("from") == side, one.get("to") == side
            if giving and kind in ("release-ordered", "released"):
                out.add(handle)
            elif giving and kind == "not-released":
                out.discard(handle)
            elif taking and kind == "received":
                in_hand.add(handle)
            elif taking and kind == "not-received":
                in_hand.discard(handle)
            elif taking and kind == "conceded":
                given_up.add(handle)
        elif kind == "step-closed":
            surplus = one.sums.get(f"{side}.out", 0) - one.sums.get(f"{side}.in", 0)
            agreed[one.get("step")] = max(0, surplus, agreed.get(one.get("step"), 0))
        lead = len(out) - len(in_hand | given_up) - sum(agreed.values())
        rows.append((one.seq, lead))
    return rows


def as_cells(document: Mapping[str, object]) -> Counter[Cell]:
    """The cells of a position.json in the same form."""
    names = ("from", "to", "category", "state", "group", "stage", "step", "attested_by", "outcome")
    cells: Counter[Cell] = Counter()
    for row in document["cells"]:  # type: ignore[attr-defined]
        key = tuple(row[name] for name in names)
        cells[key] += row["count"]  # type: ignore[index]
        assert row["value"] == row["count"]
    return cells
