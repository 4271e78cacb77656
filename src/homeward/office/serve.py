"""Making an office, and opening it on loopback for its own officers."""

from __future__ import annotations

import fcntl
import logging
import os
import random
import secrets
import stat
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Literal

from homeward.office.keysafe import open_keys, write_keys
from homeward.problem import Problem, Refused
from homeward.record import make_keys


def init_office(
    folder: Path,
    name: str,
    role: Literal["side", "neutral"] = "side",
    officers: Sequence[str] = ("first", "second"),
    seed: int | None = None,
    passphrase: str | None = None,
) -> str:
    """Make an office's folder with its own keys and an empty database; returns its card's text.

    ``seed`` makes keys that anybody can guess, for trying things out; ``passphrase`` seals them at
    rest. Raises Refused when the folder already holds an office.
    """
    if (folder / "keys").exists():
        raise Refused([Problem("office.exists", str(folder), hint="use office serve on it")])
    os.umask(0o077)  # an office's files are for its owner only
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    source = secrets.token_bytes if seed is None else random.Random(seed).randbytes
    keys = make_keys(name, role, officers, source)
    for file, text in (
        ("web.secret", secrets.token_urlsafe(48)),
        ("officer.token", secrets.token_urlsafe(24)),
    ):
        path = folder / file
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    write_keys(folder, keys, passphrase)
    for box in ("inbox", "outbox"):
        (folder / box).mkdir(exist_ok=True)
    open_django(folder)
    return keys.card.text


def open_django(folder: Path) -> None:
    """Point Django at the office's folder and bring its database up to date.

    Raises Refused where the database does not open, or is damaged.
    """
    os.environ["HOMEWARD_OFFICE"] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "homeward.office.settings"
    os.umask(0o077)
    import django
    from django.core.management import call_command
    from django.db import DatabaseError

    # a request may name a person: nothing of it, or of what it stumbled on, is written down
    for name in ("django", "ninja", "waitress"):
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except (DatabaseError, UnicodeDecodeError) as error:  # SQLite quotes what it cannot read
        hint = "keep it as it is, look at the disk and DATABASE_URL; homeward office restore"
        raise Refused([Problem("office.database-unreadable", str(folder), hint=hint)]) from error


def hold_alone(folder: Path) -> None:
    """Keep the folder for this process alone: two writers of one log would fork it.

    Raises Refused while another process holds it. The lock ends with the process.
    """
    file = (folder / "lock").open("a+b")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        problem = Problem(
            "office.already-open", str(folder), hint="one office is one process; close the other"
        )
        raise Refused([problem]) from error
    _HELD.append(file)


_HELD: list[IO[bytes]] = []


def _end_with_stdin() -> None:
    """Stop when whoever started this office is gone: a pipe on stdin is a leash."""
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


def serve_office(folder: Path, port: int = 0, passphrase_fd: int | None = None) -> None:
    """Serve the office on loopback until it is stopped; says ``ready URL`` once it listens.

    Sealed keys are opened before, with a passphrase from a file descriptor or the terminal.
    """
    if not (folder / "keys").is_file():
        raise Refused([Problem("office.none-here", str(folder), hint="use office init first")])
    open_keys(folder, passphrase_fd)
    open_django(folder)
    from django.core.handlers.wsgi import WSGIHandler
    from waitress import create_server

    hold_alone(folder)
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_stdin, daemon=True).start()
    server = create_server(
        WSGIHandler(), host="127.0.0.1", port=port, threads=4, max_request_body_size=2**30
    )
    address = f"http://127.0.0.1:{server.effective_port}"
    (folder / "port").write_text(str(server.effective_port), encoding="ascii")
    sys.stdout.write(f"ready {address}\n")
    sys.stdout.flush()
    server.run()
