"""Where a table's headers stand and what each column means: titles, merged cells, repeated rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeward.people import tables
from homeward.people.cells import Row, tidy

_LOOK_AT = 20
_NAMES = {"surname", "full_name", "given_name"}


@dataclass(frozen=True, slots=True)
class Heading:
    """The headers of a table: the file's number of their (last) row, its place among the rows,
    one text a column, of headers in two rows the words of both, and those rows as they stand."""

    number: int
    place: int
    words: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def comes_again(self, cells: list[Any]) -> bool:
        """Whether a row below is no person: the headers once more, or the numbers of the columns.

        Forms of many offices count the columns below the headers, and print both on every sheet.
        """
        first = next(filter(None, map(tidy, cells)), "")
        if first.rstrip(".") != "1" and all(first != row[0] for row in self.rows):
            return False
        said = tuple(filter(None, map(tidy, cells)))
        numbers = tuple(text.rstrip(".") for text in said)
        counted = tuple(str(at) for at in range(1, len(said) + 1))
        return said in self.rows or (len(said) > 2 and numbers == counted)


def heading(rows: list[Row], mapping: Mapping[str, str] | None = None) -> Heading | None:
    """The headers among the first rows: the row, or two, that most known columns can be read
    from; None where none of them names a person."""
    best, found = 0, None
    above: list[str] = []
    for place, (number, cells) in enumerate(rows[:_LOOK_AT]):
        alone = [tidy(cell) for cell in cells]
        for words, upper in ((alone, []), (_under(above, alone), above)):
            known = {column_of(word, mapping) for word in words} - {None, ""}
            named = known & _NAMES or any(word in (mapping or {}) for word in words)
            if named and len(known) > best:
                said = (tuple(filter(None, row)) for row in (upper, alone))
                kept = Heading(number, place, tuple(words), tuple(filter(None, said)))
                best, found = len(known), kept
        above = alone
    return found


def column_of(
    word: str, mapping: Mapping[str, str] | None = None, *, exactly: bool = False
) -> str | None:
    """The canonical column of a header, "" for one that is to be left out, None if unknown.

    ``exactly`` asks for the header as it stands, without any remark in brackets taken off.
    """
    if mapping is not None and word in mapping:
        return mapping[word]
    return tables.column_of(word, exactly=exactly)


def _under(above: list[str], below: list[str]) -> list[str]:
    """One header for each column of two rows. A cell merged downwards leaves the lower one empty,
    a cell merged to the right those beside it: «Born» over «date» and «place»."""
    words, group = [], ""
    for at in range(max(len(above), len(below))):
        upper = above[at] if at < len(above) else ""
        lower = below[at] if at < len(below) else ""
        group = upper or group
        both = (f"{lower} {group}", f"{group} {lower}") if lower and group else ()
        words.append(next(filter(tables.column_of, both), lower or upper))
    return words
