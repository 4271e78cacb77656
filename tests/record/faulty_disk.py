"""A disk in memory that can lose what was not flushed, fill up, fail, and tear what it writes.

SQLite itself runs on it, through a VFS: ``durable`` holds what was flushed, ``files`` what the
program believes to have written. After a power cut only what was flushed is there for certain; of
the rest any part may be.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import apsw

SECTOR = 512
_NUMBERS = itertools.count()


class PowerError(Exception):
    """The disk did what a disk can do."""


class Disk:
    """Files by name. ``write`` asks ``trouble`` before each write, flush and cut."""

    def __init__(self, journal: str = "DELETE") -> None:
        self.journal = journal
        self.files: dict[str, bytearray] = {}
        self.durable: dict[str, bytes] = {}
        self.pending: dict[str, list[tuple[int, bytes]]] = {}
        self.ghosts: dict[str, bytes] = {}
        self.writes = 0
        self.syncs = 0
        self.trouble: Callable[[int], None] = lambda _: None
        self.name = f"faulty{next(_NUMBERS)}"
        self.vfs = _Vfs(self)

    def touched(self) -> None:
        self.writes += 1
        self.trouble(self.writes)

    def flush(self, name: str) -> None:
        self.durable[name] = bytes(self.files[name])
        self.pending[name] = []
        self.syncs += 1

    def power_cut(self, dice: random.Random) -> Disk:
        """The disk after the power came back: of what was not flushed, any sectors or none."""
        after = Disk(self.journal)
        for name, data in self.ghosts.items():
            # A file was deleted, but its folder was not flushed: it may be there again.
            if name not in self.files and dice.random() < 0.5:
                after.files[name], after.durable[name] = bytearray(data), data
        for name in self.files:
            data = bytearray(self.durable.get(name, b""))
            for at, written in self.pending.get(name, ()):
                for start in range(0, len(written), SECTOR):
                    if dice.random() < 0.5:
                        part = written[start : start + SECTOR]
                        if len(data) < at + start + len(part):
                            data.extend(bytes(at + start + len(part) - len(data)))
                        data[at + start : at + start + len(part)] = part
            after.files[name] = data
            after.durable[name] = bytes(data)
        return after

    def open(self) -> Connection:
        return Connection(apsw.Connection("/office.db", vfs=self.name))


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        super().__init__(disk.name, "")

    def xOpen(self, name, flags):  # noqa: N802
        named = name.filename() if isinstance(name, apsw.URIFilename) else name
        return _File(self.disk, named or f"/temporary{next(_NUMBERS)}", flags[0])

    def xDelete(self, name, syncdir):  # noqa: N802
        self.disk.touched()
        gone = self.disk.durable.get(name)
        for held in (self.disk.files, self.disk.durable, self.disk.pending):
            held.pop(name, None)
        self.disk.ghosts = {} if syncdir else self.disk.ghosts | {name: gone or b""}

    def xAccess(self, name, flags):  # noqa: N802
        return name in self.disk.files

    def xFullPathname(self, name):  # noqa: N802
        return name


class _File:
    def __init__(self, disk: Disk, name: str, flags: int) -> None:
        self.disk, self.name = disk, name
        # As SQLite's own files do: the first flush of a new journal flushes its folder too.
        self.folder = bool(flags & (apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL))
        disk.files.setdefault(name, bytearray())
        disk.pending.setdefault(name, [])

    def xRead(self, amount, offset):  # noqa: N802
        return bytes(self.disk.files[self.name][offset : offset + amount])

    def xWrite(self, data, offset):  # noqa: N802
        self.disk.touched()
        held = self.disk.files[self.name]
        if len(held) < offset + len(data):
            held.extend(bytes(offset + len(data) - len(held)))
        held[offset : offset + len(data)] = data
        self.disk.pending[self.name].append((offset, bytes(data)))

    def xTruncate(self, size):  # noqa: N802
        self.disk.touched()
        del self.disk.files[self.name][size:]

    def xSync(self, flags):  # noqa: N802
        self.disk.touched()
        self.disk.flush(self.name)
        if self.folder:
            self.disk.ghosts, self.folder = {}, False

    def xFileSize(self):  # noqa: N802
        return len(self.disk.files[self.name])

    def xLock(self, level):  # noqa: N802
        return None

    def xUnlock(self, level):  # noqa: N802
        return None

    def xCheckReservedLock(self):  # noqa: N802
        return False

    def xSectorSize(self):  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self):  # noqa: N802
        return 0

    def xFileControl(self, op, pointer):  # noqa: N802
        return False

    def xClose(self):  # noqa: N802
        return None


class Connection:
    """An apsw connection with the few methods of the DB-API that the store uses."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.inner = connection

    @property
    def in_transaction(self) -> bool:
        return self.inner.in_transaction

    def cursor(self) -> Cursor:
        return Cursor(self.inner.cursor())

    def execute(self, statement: str) -> None:
        self.inner.execute(statement)

    def commit(self) -> None:
        if self.in_transaction:
            self.inner.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.inner.execute("ROLLBACK")


class Cursor:
    def __init__(self, cursor: apsw.Cursor) -> None:
        self.inner = cursor
        self.rows: list[tuple] = []
        self.description: object = None

    def execute(self, statement, values=()):
        self.rows = list(self.inner.execute(statement, values))
        self.description = True
        return self

    def executemany(self, statement, rows):
        self.inner.executemany(statement, rows)
        return self

    def fetchall(self):
        return self.rows
