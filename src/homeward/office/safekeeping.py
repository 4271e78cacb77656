"""Backup and restore. A restored office never signs on in its old log: it begins a new one."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from homeward.office.serve import hold_alone, open_django
from homeward.problem import Problem, Refused

_SECRETS = ("keys", "web.secret", "officer.token")
_MOST = 8 * 2**30


def at_the_desk(
    folder: Path, verb: str, now: datetime, officer: str = "", **body: Any
) -> dict[str, Any]:
    """One verb at an office that no process serves; raises Refused with every problem."""
    if not (folder / "keys").is_file():
        raise Refused([Problem("office.none-here", str(folder), hint="use office init first")])
    hold_alone(folder)
    open_django(folder)
    from homeward.office.desk import Call
    from homeward.office.process import ask

    return ask(verb, Call(now, officer, body))


def _in_its_folder(folder: Path) -> None:
    if os.environ.get("DATABASE_URL"):
        hint = "back its database up by the database's own means, with keys and web.secret"
        expected = "an office whose database lies in its folder"
        problem = Problem("office.database-elsewhere", str(folder), "DATABASE_URL", expected, hint)
        raise Refused([problem])


def back_up(folder: Path, file: Path) -> None:
    """Write the office, its keys included, into one file that only its owner may read.

    Raises Refused where there is no office, or its database does not lie in its folder.
    """
    _in_its_folder(folder)
    if not (folder / "office.db").is_file():
        raise Refused([Problem("office.none-here", str(folder), hint="use office init first")])
    with tempfile.TemporaryDirectory(dir=folder) as half:
        copy = Path(half) / "office.db"
        source, target = sqlite3.connect(folder / "office.db"), sqlite3.connect(copy)
        with target:
            source.backup(target)
        source.close()
        target.close()
        written = Path(half) / "backup"
        written.touch(mode=0o600)
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.write(copy, "office.db")
            for name in _SECRETS:
                pack.write(folder / name, name)
        written.replace(file)


def restore(
    file: Path,
    folder: Path,
    officers: Sequence[str],
    now: datetime,
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """Make an office from a backup; two officers begin its new log, naming the last head known.

    ``without`` names officers whose keys are lost or stolen: they sign nothing in it. Raises
    Refused when the folder holds an office already, the file is no backup, or no log can be begun
    so: then no office is made, for one that signed on in the old log would fork it.
    """
    _in_its_folder(folder)
    if (folder / "keys").exists():
        raise Refused([Problem("office.exists", str(folder), hint="restore into an empty folder")])
    wanted = {"office.db", *_SECRETS}
    try:
        with zipfile.ZipFile(file) as pack:
            members = {info.filename: info for info in pack.infolist()}
            if set(members) != wanted or sum(m.file_size for m in members.values()) > _MOST:
                raise zipfile.BadZipFile
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            for name in sorted(wanted):
                (folder / name).touch(mode=0o600)
                (folder / name).write_bytes(pack.read(name))
    except (zipfile.BadZipFile, OSError) as error:
        problem = Problem("office.no-backup", str(file), expected="a file that office backup wrote")
        raise Refused([problem]) from error
    for box in ("inbox", "outbox"):
        (folder / box).mkdir(exist_ok=True)
    try:
        given: dict[str, Any] = {"officers": list(officers), "without": list(without)}
        return at_the_desk(folder, "begin-log", now, **given)
    except Refused:
        for path in (*(folder / name for name in wanted), *folder.glob("office.db-*")):
            path.unlink(missing_ok=True)
        raise
