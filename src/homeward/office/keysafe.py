"""The office's keys at rest: lines that only their owner may read, or sealed by a passphrase too.

A sealed file is opened once, when the program starts; the keys are then kept in its memory, so an
office that ends and starts again asks again.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from homeward.problem import Problem, Refused
from homeward.record import Keys

_SEALED = b"age-encryption.org/"
_MOST = 1024
_OPENED: dict[Path, Keys] = {}


def write_keys(folder: Path, keys: Keys, passphrase: str | None = None) -> None:
    """Write ``keys`` into a folder, sealed where there is a passphrase."""
    path = folder / "keys"
    path.touch(mode=0o600)
    path.write_bytes(keys.seal(passphrase) if passphrase else keys.to_text().encode("ascii"))


def ask_passphrase(fd: int | None = None, *, twice: bool = False) -> str:
    """A passphrase from an open file descriptor, or asked for at the terminal.

    Raises Refused where there is neither, or where the two words asked for differ.
    """
    if fd is not None:
        said = os.read(fd, _MOST).decode("utf-8").partition("\n")[0]
    elif sys.stdin.isatty():
        said = getpass.getpass("Passphrase: ", sys.stderr)
        if twice and getpass.getpass("Once more: ", sys.stderr) != said:
            raise _needed("the same passphrase twice")
    else:
        raise _needed("a terminal, or --passphrase-fd")
    if not said:
        raise _needed("a passphrase that is not empty")
    return said


def _needed(expected: str) -> Refused:
    return Refused([Problem("office.passphrase-needed", "keys", expected=expected)])


def open_keys(folder: Path, fd: int | None = None) -> Keys:
    """The office's keys; a sealed file asks for its passphrase once a process.

    Raises Refused when none is given or it is another one.
    """
    place = folder.resolve()
    if place not in _OPENED:
        data = (folder / "keys").read_bytes()
        if not data.startswith(_SEALED):
            return Keys.from_text(data.decode("utf-8"))
        _OPENED[place] = Keys.unseal(data, ask_passphrase(fd))
    return _OPENED[place]
