"""What search knows is made from the lists: cut in between, it is made again, and once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from homeward.office.namekeys import beside, here
from tests.office.databases import change, rows_of
from tests.office_pages.test_people_pages import hand_in, keep
from tests.office_pages.visiting import held_list, make_office, once_over, open_pages, visitor

TABLES = {
    "office_person": "which, line_id, shown, born",
    "office_saying": "person_id, edition_id, row, cells",
    "office_namekey": "person_id, key",
}


def known(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that search knows."""
    return {
        table: rows_of(folder, f"SELECT {columns} FROM {table}")
        for table, columns in TABLES.items()
    }


def cut(folder: Path) -> None:
    """As if the machine had stopped while the newest edition was being indexed."""
    change(
        folder,
        [
            "UPDATE office_listfile SET indexed = false WHERE edition = 2",
            "DELETE FROM office_saying WHERE edition_id = 2 AND row > 3",
            "DELETE FROM office_namekey WHERE id % 3 = 0 AND person_id > 2",
        ],
    )


def test_an_indexing_that_was_cut_is_begun_again_and_nothing_is_double(tmp_path: Path):
    folder = make_office(tmp_path, "north")
    with open_pages(folder) as address:
        officer = visitor(address)
        keep(officer, hand_in(officer, held_list("north")))
        newer = held_list("north").replace("1990-04-11", "1990-04-12")
        keep(officer, hand_in(officer, newer))
        once_over(officer, officer.get("/people/edition/held/"))  # nobody is at work any more
    whole = known(folder)
    assert len(whole["office_person"]) == 4
    assert len(whole["office_saying"]) == 8
    cut(folder)
    assert known(folder) != whole
    with open_pages(folder) as address:
        found = visitor(address).send("/people/", {"query": "Ткаченко", "which": ""})
        assert "<bdi>Ткаченко Микола Петрович</bdi>" in found.text
    assert known(folder) == whole


def test_a_process_beside_makes_the_same_keys_list_after_list():
    first = [
        [("N-1", "Ткаченко", "Микола", "Петрович", "А 12"), ("N-2", "Levchenko", "T.", "", "")]
    ]
    second = [[("N-3", "עמית", "דניאל", "", "")], [("N-4", "الحسن", "سليم", "", ""), ("N-5",) * 5]]
    with beside() as make:
        assert list(make(first)) == list(here(first))
        assert list(make(second)) == list(here(second))
    assert [len(some) for some in here(second)] == [1, 2]


def test_an_import_ends_with_the_office_that_asked_for_it():
    asked = {"office": 1, "step": "compare", "edition": 1, "today": "2031-03-03"}
    command = [sys.executable, "-m", "homeward.office.importer"]
    ran = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (1, ""), ran.stderr
