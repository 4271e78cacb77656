"""What both verifiers say of one copy, in a form that can be held side by side."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from homeward.crossing import position
from homeward.record import verify
from homeward.rehearsal.copies import FolderCopy, read_union
from tests.verifier.program import verdict, write

Files = Mapping[str, bytes]

# The one thing in which verifiers may differ: whether they have the means to check ML-DSA-44.
NOT_CHECKED = "record.cosignature-not-checked"


def here(folder: Path, against: Sequence[Path] = ()) -> dict[str, Any]:
    """What ``homeward verify`` says, as far as both must say the same."""
    found = verify(FolderCopy(folder), [FolderCopy(each) for each in against])
    return same(found.to_json())


def same(document: Mapping[str, Any]) -> dict[str, Any]:
    """Verdict, reason, place; every problem and note; logs with their countersignatures."""
    kept = {key: document[key] for key in ("entries", "sound", "forks", "absent")}
    kept["logs"] = [
        {key: log[key] for key in ("log", "size", "root", "withheld", "cosigned")}
        for log in document["logs"]
    ]
    reason = document["reason"]
    kept["reason"] = reason and {key: reason[key] for key in ("code", "place", "file", "entry")}
    for key in ("problems", "notes"):
        said = [(each["code"], each["place"]) for each in document[key]]
        kept[key] = [each for each in said if each[0] != NOT_CHECKED]
    return kept


def canonical(document: object) -> bytes:
    """JSON in the one spelling that position.md gives."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def position_here(folder: Path) -> bytes:
    """What ``homeward position --json`` says, in canonical bytes."""
    union = read_union([folder])
    found = position(union.entries, sides=union.exchange.sides, as_of=union.last_seen())
    return canonical(found.to_json())


def differences(files: Files, against: Iterable[Files] = ()) -> list[str]:
    """Everything on which the two verifiers part; nothing when they agree."""
    return judged(files, against)[1]


def judged(files: Files, against: Iterable[Files] = ()) -> tuple[dict[str, Any], list[str]]:
    """What is said here of a copy, and everything that the second verifier says otherwise."""
    with tempfile.TemporaryDirectory() as place:
        folder = write(files, Path(place) / "copy")
        others = [write(each, Path(place) / f"other{n}") for n, each in enumerate(against)]
        one, told = here(folder, others), verdict(folder, others)
        other = same(told)
        parted = [
            f"{key}: here {said}, there {other[key]}"
            for key, said in one.items()
            if canonical(said) != canonical(other[key])
        ]
        if one["sound"] and not others:
            position_, there = position_here(folder), canonical(told["position"])
            if position_ != there:
                parted.append(f"position: here {position_!r}, there {there!r}")
        return one, parted
