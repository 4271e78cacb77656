"""Plays a drawn folder as a person would, by the command, and names everything that is wrong."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from homeward.crossing import position
from homeward.problem import Refused
from homeward.record import Keys, Store, read_copy, read_exchange
from homeward.rehearsal import FolderCopy
from tests.rehearsal.fold import (
    Folded,
    Said,
    as_cells,
    fold,
    read_entries,
    standing_of,
    words_by_handle,
)
from tests.rehearsal.random_folders import BREAKING, Tale, Written, write

# What an office keeps for itself; everything else in a result folder may be handed on.
_PRIVATE = re.compile(r"[^/]+/(?:second/)?(?:office\.db[^/]*|keys|officer\.token)\Z")
_QUIET = frozenset({"extra", "office_killed", "network_cut", "statement_published"})
_LEAVES_SHORT = frozenset({"refused", "unfit", "dead", "substitution", "absent", "wrong_person"})


@dataclass
class Result:
    """What one run of the command left behind."""

    code: int
    out: Path
    document: dict[str, Any]
    complaints: str
    folded: Folded | None = None
    wrongs: list[str] = field(default_factory=list)

    @property
    def codes(self) -> Counter[str]:
        """The problems' codes, errors alone."""
        rows = self.document.get("problems", ())
        return Counter(row["code"] for row in rows if row.get("level", "error") == "error")

    @property
    def end(self) -> str:
        """How it ended, in a word."""
        if "position" not in self.document:
            return "refused before anyone moved"
        if self.document["complete"]:
            return "complete"
        return "ended in part" if self.crossed else "nobody crossed"

    @property
    def crossed(self) -> int:
        """Heads that both sides signed for."""
        return self.folded.both() if self.folded else 0


def command(tale: Tale, base: Path) -> list[str]:
    """The command that plays a tale's folder."""
    words = [sys.executable, "-m", "homeward", "rehearse", str(base / "folder")]
    words += ["--out", str(base / "out"), "--carry", tale.carry, "--json"]
    return [*words, "--faults", tale.fault] if tale.fault else words


def play(tale: Tale, base: Path) -> Result:
    """Write the folder, play it, and look at everything."""
    written = write(tale, base / "folder")
    done = subprocess.run(command(tale, base), capture_output=True, check=False, timeout=600)
    result = as_result(done.returncode, base / "out", done.stdout, done.stderr)
    result.wrongs += list(_wrongs(tale, written, result))
    return result


def as_result(code: int, out: Path, said: bytes, complaints: bytes) -> Result:
    """What a finished command said, read."""
    try:
        document = json.loads(said)
    except ValueError:
        document = {}
    return Result(code, out, document, complaints.decode("utf-8", "replace"))


def _wrongs(tale: Tale, written: Written, result: Result) -> Iterator[str]:
    yield from _words(written, result)
    yield from _refusal(tale, result)
    if "position" not in result.document:
        if _somebody_left(tale, result):
            yield "people were ordered out, and no position was written"
        return
    copies = copies_of(tale, result)
    entries = read_entries(copies.values())
    result.folded = fold(entries, tale.sides)
    yield from _counts(tale, result, copies)
    yield from _rule(tale, result, entries)
    yield from _sizes(tale, result)
    yield from _persons(tale, result, entries)
    yield from _ending(tale, result)


def trouble_maker(result: Result) -> str:
    """The side that broke the rules, where one did."""
    trouble = result.document.get("trouble") or {}
    broke = trouble.get("fault") in BREAKING and trouble.get("step") is not None
    return str(trouble["side"]) if broke else ""


def copies_of(tale: Tale, result: Result) -> dict[str, Path]:
    """The record copies that were published at the end; not that of a side that left."""
    left = trouble_maker(result) if tale.fault == "walkaway" else ""
    found = {name: result.out / name / "record" for name in (*tale.sides, *tale.neutrals)}
    copies = {
        name: path
        for name, path in found.items()
        if name != left and (path / "exchange.txt").is_file() and any(path.glob("*/checkpoint"))
    }
    if tale.fault != "fork":
        return copies
    # who was shown another version than the rest holds a copy that does not fit together: a proof
    return {name: path for name, path in copies.items() if _fits_together(path)}


def _fits_together(copy: Path) -> bool:
    try:
        read_copy(FolderCopy(copy))
    except Refused:
        return False
    return True


# -------------------------------------------------------------------------------- what must not be


def _words(written: Written, result: Result) -> Iterator[str]:
    """No crash is hidden, and no name stands in anything that may be handed on."""
    for place, data in _handed_on(result):
        text = data.decode("utf-8", "replace")
        if "Traceback" in text or "Internal Server Error" in text:
            yield f"{place}: a crash: {text.strip().splitlines()[-1][:200]}"
        named = sum(name in text for name in written.names)
        if named:
            yield f"{place}: {named} names of people"


def _handed_on(result: Result) -> Iterator[tuple[str, bytes]]:
    yield "standard error", result.complaints.encode()
    yield "standard output", json.dumps(result.document, ensure_ascii=False).encode()
    for path in sorted(p for p in result.out.rglob("*") if p.is_file()):
        place = path.relative_to(result.out).as_posix()
        if _PRIVATE.fullmatch(place):
            continue
        data = path.read_bytes()
        yield place, data
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                for name in package.namelist():
                    yield f"{place}:{name}", _plain(package.read(name))


def _plain(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


# ------------------------------------------------------------------------------ refusals and codes


def _refusal(tale: Tale, result: Result) -> Iterator[str]:
    errors = result.codes
    if result.code not in (0, 1):
        yield f"exit code {result.code}: {result.complaints.strip()[-300:]}"
    if result.code == 1 and not errors and result.document.get("verified", False):
        yield "exit code 1 without an error"
    if result.code == 0 and errors:
        yield f"exit code 0 with {dict(errors)}"
    allowed = set()
    if may_be_short(tale, result):
        allowed |= {"plan.clauses-conflict"}
    if trouble_maker(result):
        allowed |= {"rehearsal.not-verified"} if tale.fault == "fork" else set()
    strange = {code: n for code, n in errors.items() if code not in allowed}
    if strange:
        yield f"not to be expected: {strange}: {result.complaints.strip()[-600:]}"
    if tale.blocked and not errors and not _ends_early(tale, result):
        yield f"stage {tale.blocked[1]} cannot be planned ({tale.blocked[0]}), and nobody says so"
    if "position" not in result.document and not errors:
        yield f"no outcome, and no reason: {result.complaints.strip()[-600:]}"


def may_be_short(tale: Tale, result: Result) -> bool:
    """Whether something in the folder leaves a later stage without the people it was agreed on."""
    return tale.blocked is not None or bool({e["kind"] for e in tale.events} & _LEAVES_SHORT)


def _ends_early(tale: Tale, result: Result) -> bool:
    """Whether the story stopped before the stage that cannot be planned."""
    return bool(trouble_maker(result)) or stops_for_good(tale) or "position" not in result.document


def stops_for_good(tale: Tale) -> bool:
    """Whether a side stops and nothing says that it goes on."""
    goes_on = {e["side"] for e in tale.events if e["kind"] == "side_resumes"}
    return any(e["kind"] == "side_stops" and e["side"] not in goes_on for e in tale.events)


# --------------------------------------------------------------------------------- the same counts


def _counts(tale: Tale, result: Result, copies: dict[str, Path]) -> Iterator[str]:
    said, own = result.document["position"], result.folded
    assert own is not None
    if json.loads((result.out / "position.json").read_text("utf-8")) != said:
        yield "position.json is not what the command said"
    yield from _differs("position.json", said, own)
    for name, path in copies.items():
        alone = fold(read_entries([path]), tale.sides)
        told = position(read_copy(FolderCopy(path)).entries, sides=tale.sides).to_json()
        yield from _differs(f"{name}'s copy", told, alone)
    if not trouble_maker(result):
        held = {name: {e.hash for e in read_entries([path])} for name, path in copies.items()}
        if len({frozenset(hashes) for hashes in held.values()}) > 1:
            sizes = {name: len(hashes) for name, hashes in held.items()}
            yield f"copies hold different entries in the end: {sizes}"
    yield from _owed(tale, said, own)


def _differs(place: str, said: dict[str, Any], own: Folded) -> Iterator[str]:
    if as_cells(said) != own.cells:
        more, less = as_cells(said) - own.cells, own.cells - as_cells(said)
        yield f"{place}: cells differ: {dict(more)} instead of {dict(less)}"
    for name, mine in (
        ("lead", own.lead),
        ("largest_lead", own.largest),
        ("conceded", own.conceded),
    ):
        if said[name] != mine:
            yield f"{place}: {name} {said[name]} instead of {mine}"
    home = [(row["to"], row["stage"], row["count"]) for row in said["home"]]
    if home != own.home:
        yield f"{place}: home {home} instead of {own.home}"


def _owed(tale: Tale, said: dict[str, Any], own: Folded) -> Iterator[str]:
    left = 0
    for row in said["owed"]:
        wanted = {"from_": row["from"], "to": row["to"], "group": row["group"]}
        wanted |= {"category": row["category"]} if row["category"] else {}
        wanted |= {"state": row["state"]}
        done = own.both(**wanted)
        if row["done"] != done:
            yield f"owed {row['obligation']}: {row['done']} done instead of {done}"
        if row["agreed"] is not None and row["left"] != max(0, row["agreed"] - done):
            yield f"owed {row['obligation']}: {row['left']} left of {row['agreed']} less {done}"
    counted = True
    for owed in tale.owed:
        wanted = {"from_": owed.sender, "to": owed.to, "group": owed.group, "state": owed.state}
        wanted |= {"category": owed.category} if owed.category else {}
        left += max(0, (owed.count or 0) - own.both(**wanted))
    counted = all(row["agreed"] is not None for row in said["owed"] if row["state"] != "asset")
    if said["complete"] and left:
        yield f"called complete with {left} left"
    if not said["complete"] and not left and counted:
        yield "not called complete, with nobody left"


def _rule(tale: Tale, result: Result, entries: Sequence[Said]) -> Iterator[str]:
    """Rule R, from each rule-following side's own log: its lead, and its steps one by one."""
    own = result.folded
    assert own is not None
    for side in tale.sides:
        if side == trouble_maker(result):
            continue
        most = own.largest[side]
        if tale.step is not None and most > tale.step:
            yield f"{side} was {most} ahead with a step of {tale.step}"
        begun: set[int] = set()
        closed: set[int] = set()
        for one in entries:
            if one.author == side and one.kind == "step-closed":
                closed.add(int(one.get("step")))
            if one.author != side or not one.get("class").endswith("/inside"):
                continue  # persons beside the balance are outside every step
            if one.kind == "release-ordered":
                step = int(one.get("step"))
                begun.add(step)
                if left_open := {earlier for earlier in begun if earlier < step} - closed:
                    yield f"{side} ordered in step {step} with {sorted(left_open)} open"
    if result.document["step"] != tale.step and tale.step is not None:
        yield f"step {result.document['step']} instead of {tale.step}"


def _sizes(tale: Tale, result: Result) -> Iterator[str]:
    """No stage brings more people over than its annex says; extras stand beside."""
    own = result.folded
    assert own is not None
    came: Counter[tuple[int, str, str, str]] = Counter()
    for cell, heads in own.cells.items():
        sender, to, category, _, group, stage, _, attested, outcome = cell
        if (attested, outcome) == ("both", "transferred") and group != "extra":
            kind = {"beside": "wounded"}.get(group, category)
            kind = "all" if tale.kinds == ("all",) and kind != "wounded" else kind
            came[stage, sender, to, kind] += heads
    for (stage, sender, to, kind), heads in sorted(came.items()):
        agreed = tale.stages[stage - 1].get((sender, to), {}).get(kind, 0)
        if heads > agreed:
            yield f"stage {stage}: {heads} {kind} from {sender} to {to}, {agreed} were agreed"


# --------------------------------------------------------------------------------- person by person


def _persons(tale: Tale, result: Result, entries: Sequence[Said]) -> Iterator[str]:
    """Each person is in one place: crossed once, stayed, open, waiting, or found by nobody."""
    words = words_by_handle(standing_of(entries))
    known: dict[str, tuple[str, str, str]] = {}  # list handle -> holder, held line, sought line
    lines: dict[str, str] = {}  # handle at the line -> list handle
    for side in tale.sides:
        if not (result.out / side / "office.db").is_file():
            continue
        found, sheets = _own_papers(result.out / side, side)
        known |= found
        lines |= sheets
    for which in (1, 2):
        twice = [n for n in Counter((k[0], k[which]) for k in known.values()).values() if n > 1]
        if twice and which == 1:
            yield f"{len(twice)} persons have two handles"
    stray = [h for h in words if h not in lines and _group(words[h]) != "extra"]
    if stray:
        yield f"{len(stray)} handles at the line are on no sheet"
    crossed: Counter[str] = Counter()
    for handle, list_handle in lines.items():
        holder, receiver = words.get(handle, (None, None))
        came = receiver is not None and receiver[1] == "transferred"
        left = holder is not None and holder[1] == "transferred"
        crossed[list_handle] += came or left
        if list_handle not in known:
            yield "somebody on a sheet is in no side's own table"
    again = sum(times > 1 for times in crossed.values())
    if again:
        yield f"{again} persons crossed twice"
    heads = sum(heads for cell, heads in _both(result).items() if cell[4] != "extra")
    both = sum(_is_both(words.get(handle)) for handle in lines)
    if heads != both:
        yield f"{heads} heads counted, {both} persons crossed"


def _both(result: Result) -> dict[Any, int]:
    assert result.folded is not None
    return {c: n for c, n in result.folded.cells.items() if c[7:] == ("both", "transferred")}


def _is_both(words: Any) -> bool:
    return bool(words and words[0] and words[0] == words[1] and words[0][1] == "transferred")


def _group(words: Any) -> str:
    word = words[0] or words[1]
    return str(word[0][4]) if word else ""


def _somebody_left(tale: Tale, result: Result) -> bool:
    """Whether any side's own log holds an order, copied out or not."""
    for side in tale.sides:
        for path in (result.out / side).glob("office.db*"):
            if b"kind release-ordered\n" in path.read_bytes():
                return True
    return False


def _own_papers(folder: Path, side: str) -> tuple[dict[str, tuple[str, str, str]], dict[str, str]]:
    """A side's own table of handles, and every sheet that it can open."""
    exchange = read_exchange((folder / "record" / "exchange.txt").read_text("utf-8"))
    keys = Keys.from_text((folder / "keys").read_text("utf-8"))
    lines: dict[str, str] = {}
    with closing(sqlite3.connect(folder / "office.db", isolation_level=None)) as connection:
        rows = connection.execute("SELECT handle, held_id, sought_id FROM office_handle")
        known = {handle: (side, held, sought) for handle, held, sought in rows.fetchall()}
        store = Store(connection, "?", exchange, keys)
        for entry in store.entries():
            if entry.kind == "step-sheet":
                lines |= _sheet(store, entry)
    return known, lines


def _sheet(store: Store, entry: Any) -> dict[str, str]:
    try:
        rows = json.loads(store.open_part(entry, 0))["transfers"]
    except Refused:  # a sheet of others
        return {}
    return {row["handle"]: row["list_handle"] for row in rows}


# ---------------------------------------------------------------------------------------- the end


def must_be_complete(tale: Tale, result: Result) -> bool:
    """Whether nothing in the folder keeps everybody owed from crossing."""
    kinds = {event["kind"] for event in tale.events} - _QUIET - {"side_stops", "side_resumes"}
    return not (kinds or tale.blocked or trouble_maker(result) or stops_for_good(tale))


def _ending(tale: Tale, result: Result) -> Iterator[str]:
    own, document = result.folded, result.document
    assert own is not None
    sound = bool(document["verified"])
    # A fork shows once copies with two histories meet. An office that forked and is started again
    # refuses to go on, and may have shown its other history to nobody by then.
    maker = trouble_maker(result) if tale.fault == "fork" else ""
    hidden = maker and maker in document.get("restarts", {})
    if sound != (not maker) and not hidden:
        yield f"verified: {sound}"
    if must_be_complete(tale, result):
        wanted = sum(tale.owed_heads.values())
        came = sum(heads for cell, heads in _both(result).items() if cell[4] != "extra")
        if came != wanted:
            yield f"{came} of {wanted} crossed, and nothing in the folder says why"
    extras = sum(heads for cell, heads in own.cells.items() if cell[4] == "extra")
    expected = [e for e in tale.events if e["kind"] in ("extra", "wrong_person")]
    if extras > len(expected):
        yield f"{extras} extras of {len(expected)}"
    for name in ("report.html", "plan.csv", "claims.json", "run.json"):
        if not (result.out / name).is_file():
            yield f"{name} is missing"
