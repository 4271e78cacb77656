"""The courier: carries packages from outbox to inbox, and knows nothing of what is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from homeward.rehearsal.program import OfficeProgram

Way = Literal["files", "http"]
_PACKAGE = re.compile(r"(\d+)\.([a-z][a-z0-9-]*)\.package\Z")


class Courier:
    """Goes between the offices; a package left behind by an interrupted run is carried on."""

    faulty = False

    def __init__(self, offices: Mapping[str, OfficeProgram], way: Way = "files") -> None:
        self.offices = offices
        self.way = way
        self.cut_off: set[str] = set()
        self.carried = 0
        self.bytes = 0

    def carry(self, now: datetime, sender: str | None = None) -> None:
        """Take everything that lies in the outboxes (or in one) where it is addressed to."""
        for name in [sender] if sender else sorted(self.offices):
            outbox = self.offices[name].folder / "outbox"
            for path in sorted(outbox.glob("*.package")):
                found = _PACKAGE.match(path.name)
                if found is None or found[2] not in self.offices:
                    continue
                if self.cut_off & {name, found[2]}:
                    continue
                self._bring(path, name, found[2], int(found[1]), now)

    def waiting(self, name: str) -> bool:
        """Whether packages lie in an office's inbox."""
        return any((self.offices[name].folder / "inbox").glob("*.package"))

    def _bring(self, path: Path, sender: str, to: str, number: int, now: datetime) -> None:
        self.carried += 1
        self.bytes += path.stat().st_size
        if self.way == "http":
            self.offices[to].hand_in(path.read_bytes(), now)
            path.unlink()
            return
        inbox = self.offices[to].folder / "inbox"
        inbox.mkdir(exist_ok=True)
        path.replace(inbox / f"{number:06d}.{sender}.package")
