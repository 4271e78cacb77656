"""The files of a folder as bytes and texts; what is no file of it is a problem, never a fault."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from os.path import lexists
from pathlib import Path

from homeward.problem import Problem

# What the largest list may have; no text of an agreement comes near it.
LARGEST = 64 * 2**20
_PAGE = "see docs/reference/exchange-folder.md"


@dataclass
class Files:
    """The files of the folder at ``path``, what was read of them, and what was found wrong."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    taken: dict[str, bytes] = field(default_factory=dict)

    def say(
        self, code: str, place: str, value: str = "", expected: str = "", hint: str = ""
    ) -> None:
        """Note one error of this room."""
        self.problems.append(Problem(code, place, value, expected, hint))

    def take(self, name: str, *, needed: bool = False) -> bytes | None:
        """The bytes of a file that holds something, or None after noting why there are none.

        A file that is not needed may be absent.
        """
        file = self.path.joinpath(*name.split("/"))
        if not lexists(file):
            if needed:
                self.say("rehearsal.missing-file", name, "", "this file", _PAGE)
            return None
        data = self._bytes(name, file)
        if data is None:
            return None
        self.taken[name] = data
        if not data.removeprefix(b"\xef\xbb\xbf").strip():
            self.say(
                "rehearsal.empty-file", name, "", "something in it", "fill it, or take it away"
            )
            return None
        return data

    def _bytes(self, name: str, file: Path) -> bytes | None:
        """What is exchanged is the folder: nothing outside it is read on its behalf."""
        try:
            inside = file.resolve().is_relative_to(self.path.resolve())
            if not inside:
                hint = "put the file itself here, not a link to another place"
                self.say("rehearsal.outside-folder", name, "a link", "a file in the folder", hint)
            elif not file.is_file():
                hint = "a file of this name is read; nothing else may have it"
                self.say("rehearsal.no-file", name, "something else", "a file", hint)
            elif file.stat().st_size > LARGEST:
                found, wanted = f"{file.stat().st_size} bytes", f"at most {LARGEST} bytes"
                self.say(
                    "rehearsal.too-large",
                    name,
                    found,
                    wanted,
                    "leave out what does not belong there",
                )
            else:
                return file.read_bytes()
        except (OSError, RuntimeError) as error:  # RuntimeError: links that lead in a ring
            why = getattr(error, "strerror", None) or "a ring of links"
            self.say(
                "rehearsal.unreadable-file", name, why, "a readable file", "look at its permissions"
            )
        return None

    def text(self, name: str, data: bytes) -> str | None:
        """The text of a table; None after noting the row in which it is none."""
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            at = error.start
        else:
            at = data.find(b"\0")
        if at < 0:
            return text
        place = f"{name}:row {data[:at].count(10) + 1}"
        hint = "save the file as a text in UTF-8"
        self.say("rehearsal.encoding", place, f"byte 0x{data[at]:02x}", "UTF-8", hint)
        return None

    def digest(self) -> str:
        """SHA-256 over names and contents: what identifies the folder."""
        whole = hashlib.sha256()
        for name, data in sorted(self.taken.items()):
            whole.update(f"{name}\n{hashlib.sha256(data).hexdigest()}\n".encode())
        return whole.hexdigest()
