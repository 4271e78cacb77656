"""A workbook of 200,000 rows: python -m bench.match.workbook FOLDER writes FOLDER/list.xlsx."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import xlsxwriter

from bench.match.lists import CARELESS, COLUMNS, invent, load, write

ROWS = 200_000


def main(folder: str) -> None:
    """Write the workbook; one row in a hundred has an id that another row has."""
    dice = random.Random(3)
    people = invent(load(), ROWS, dice)
    book = xlsxwriter.Workbook(str(Path(folder) / "list.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, COLUMNS)
    for at, person in enumerate(people, start=1):
        row = {**write(person, CARELESS, dice), "id": f"{at - (at % 100 == 0):06}"}
        sheet.write_row(at, 0, [row[column] for column in COLUMNS])
    book.close()


if __name__ == "__main__":
    main(sys.argv[1])
