"""People Finder Interchange Format 1.4 (http://zesty.ca/pfif/1.4/) as rows of a table.

Read with a plain expat parser that refuses any document type, so that no entity is ever expanded.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from homeward.people.cells import Row
from homeward.people.grids import LARGEST_FILE, refused

DEEPEST = 8
# The versions before 1.4 say last_name and first_name.
_COLUMNS = {
    "person_record_id": "id",
    "full_name": "full_name",
    "family_name": "surname",
    "given_name": "given_name",
    "last_name": "surname",
    "first_name": "given_name",
    "date_of_birth": "birth_date",
    "sex": "sex",
    "description": "notes",
}
_HEADER = ["id", "full_name", "surname", "given_name", "birth_date", "sex", "tags", "notes"]


def looks_like_pfif(data: bytes) -> bool:
    """Whether the bytes are XML at all; what is not PFIF is refused with a reason."""
    return bool(re.match(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*\0?<\0?[?!a-zA-Z]", data[:64]))


def pfif_rows(name: str, data: bytes) -> list[Row]:
    """A header and one row per person; raises Refused for bad, unsafe or foreign XML."""
    if len(data) > LARGEST_FILE:
        raise refused("people.file-too-large", name, f"{len(data)} bytes", f"<= {LARGEST_FILE}")
    people = _People(name)
    try:
        people.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise refused(
            "people.file-unreadable",
            f"{name}:{error.lineno}",
            expat.errors.messages[error.code],
            "well-formed XML",
        ) from None
    if not people.is_pfif:
        raise refused("people.file-unreadable", name, "XML of another kind", "PFIF 1.1 to 1.4")
    rows: list[Row] = [(0, list(_HEADER))]
    people.keep_notes()
    for line, person in people.found:
        rows.append((line, [person.get(column, "") for column in _HEADER]))
    return rows


class _People:
    """Collects persons and the status their notes give; knows where each began."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self._unsafe
        self.parser.EntityDeclHandler = self._unsafe
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.buffer_text = True
        self.is_pfif = False
        self.found: list[tuple[int, dict[str, str]]] = []
        self.note: dict[str, str] = {}
        self.notes: list[tuple[int | None, dict[str, str]]] = []
        self.path: list[str] = []
        self.text: list[str] = []

    def _unsafe(self, *_: Any) -> None:
        raise refused(
            "people.xml-unsafe",
            f"{self.name}:{self.parser.CurrentLineNumber}",
            "a document type",
            "XML without DTD and entities",
        )

    def _start(self, tag: str, _attributes: dict[str, str]) -> None:
        if len(self.path) >= DEEPEST:
            raise refused(
                "people.xml-unsafe", self.name, "elements nested too deep", f"<= {DEEPEST}"
            )
        space, _, local = tag.rpartition(" ")
        self.is_pfif |= "pfif" in space
        self.path.append(local)
        self.text.clear()
        if local == "person":
            self.found.append((self.parser.CurrentLineNumber, {}))

    def _text(self, data: str) -> None:
        self.text.append(data)

    def _end(self, _: str) -> None:
        local = self.path.pop()
        text = " ".join("".join(self.text).split())
        self.text.clear()
        inside = self.path[-1] if self.path else ""
        if inside == "person" and self.found:
            self._person(local, text)
        elif inside == "note":
            self.note[local] = text
        if local == "note":
            within = len(self.found) - 1 if "person" in self.path else None
            self.notes.append((within, self.note))
            self.note = {}

    def keep_notes(self) -> None:
        """Give each status to the person that its note names, else to the one it stands in."""
        by_id = {person.get("id"): at for at, (_, person) in enumerate(self.found)}
        for within, note in self.notes:
            at = by_id.get(note.get("person_record_id"), within)
            if at is not None and note.get("status"):
                person = self.found[at][1]
                said = person.get("tags", "").split(";")
                person["tags"] = ";".join(dict.fromkeys([*filter(None, said), note["status"]]))

    def _person(self, tag: str, text: str) -> None:
        person = self.found[-1][1]
        column = _COLUMNS.get(tag)
        # PFIF writes a range of birth dates as 1980-01-01/1985-12-31; that is no date.
        if (tag, text) == ("sex", "other") or (tag == "date_of_birth" and "/" in text):
            return
        if column and text and column not in person:
            person[column] = text
