"""Packages out and in, and the published copy of the record."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from homeward.office.desk import Call, Desk, verb

_NAME = re.compile(r"\d{6}\.([a-z0-9-]+)\.package\Z")


@verb("send")
def send(desk: Desk, call: Call) -> dict[str, Any]:
    """Write what each other party is not known to hold into ``outbox/``, one package each."""
    out = desk.folder / "outbox"
    out.mkdir(exist_ok=True)
    written = []
    wanted = set(call.body.get("to") or desk.parties()) - {desk.name}
    for party in sorted(wanted & set(desk.parties())):
        package = desk.open_store().package_for(party, call.now)
        if package is not None:
            name = f"{_next_number(desk, out):06d}.{party}.package"
            write_whole(out / name, package)
            written.append(name)
    return {"written": written}


def _next_number(desk: Desk, out: Path) -> int:
    last = int(desk.note("outbox") or "0")
    present = [int(path.name[:6]) for path in out.iterdir() if _NAME.match(path.name)]
    number = max([last, *present]) + 1
    desk.keep("outbox", str(number))
    return number


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(path.name + ".half")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def take(desk: Desk, data: bytes, call: Call) -> dict[str, Any]:
    """Take one package in: everything is checked, what is new is kept and countersigned."""
    taken = desk.open_store().take(data, call.now)
    desk.learn(taken.entries)
    return {
        "entries": len(taken.entries),
        "duplicate": taken.duplicate,
        "problems": [problem.to_json() for problem in taken.problems],
    }


@verb("collect")
def collect(desk: Desk, call: Call) -> dict[str, Any]:
    """Take every file in ``inbox/``; a refused one is put aside with the reason."""
    inbox = desk.folder / "inbox"
    inbox.mkdir(exist_ok=True)
    entries = 0
    problems: list[dict[str, str]] = []
    for path in sorted(inbox.glob("*.package")):
        result = take(desk, path.read_bytes(), call)
        entries += result["entries"]
        problems += result["problems"]
        aside = desk.folder / ("refused" if result["problems"] else "taken")
        aside.mkdir(exist_ok=True)
        path.replace(aside / path.name)
    return {"entries": entries, "problems": problems}


@verb("publish")
def publish(desk: Desk, call: Call) -> dict[str, Any]:
    """Write the record copy that ``homeward verify`` reads into ``record/``."""
    root = desk.folder / "record"
    written = 0
    for name, data in desk.open_store().copy():
        path = root / name
        if not path.is_file() or path.read_bytes() != data:
            write_whole(path, data)
            written += 1
    return {"files": written}
