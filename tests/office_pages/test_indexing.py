"""What search knows is made from the lists: cut in between, it is made again, and once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.office_pages.test_people_pages import hand_in, keep
from tests.office_pages.visiting import held_list, make_office, open_pages, visitor

TABLES = {
    "office_person": "which, line_id, shown, born",
    "office_saying": "person_id, edition_id, row, cells",
    "office_namekey": "person_id, key",
}


def known(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that search knows."""
    with closing(sqlite3.connect(folder / "office.db")) as database:
        return {
            table: sorted(database.execute(f"SELECT {columns} FROM {table}"))
            for table, columns in TABLES.items()
        }


def cut(folder: Path) -> None:
    """As if the machine had stopped while the newest edition was being indexed."""
    with closing(sqlite3.connect(folder / "office.db")) as database, database:
        database.execute("UPDATE office_listfile SET indexed = 0 WHERE edition = 2")
        database.execute("DELETE FROM office_saying WHERE edition_id = 2 AND row > 3")
        database.execute("DELETE FROM office_namekey WHERE id % 3 = 0 AND person_id > 2")


def test_an_indexing_that_was_cut_is_begun_again_and_nothing_is_double(tmp_path: Path):
    folder = make_office(tmp_path, "north")
    with open_pages(folder) as address:
        officer = visitor(address)
        keep(officer, hand_in(officer, held_list("north")))
        newer = held_list("north").replace("1990-04-11", "1990-04-12")
        keep(officer, hand_in(officer, newer))
    whole = known(folder)
    assert len(whole["office_person"]) == 4
    assert len(whole["office_saying"]) == 8
    cut(folder)
    assert known(folder) != whole
    with open_pages(folder) as address:
        found = visitor(address).send("/people/", {"query": "Ткаченко", "which": ""})
        assert "<bdi>Ткаченко Микола Петрович</bdi>" in found.text
    assert known(folder) == whole
