"""The workbook a caseworker mends a list in."""

import io
import re
import zipfile

from python_calamine import CalamineWorkbook

from homeward.people import read_list
from homeward.people.workbook import problem_workbook

TEXT = "номер;прізвище;ім'я;дата народження\n1;=HYPERLINK(1);Ян;31.02.1990\n2;Бойко;;1990-01-01\n"


def made():
    return problem_workbook(read_list("list.csv", TEXT.encode()))


def part(data, pattern):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = [name for name in packed.namelist() if re.search(pattern, name)]
        return "".join(packed.read(name).decode() for name in names)


def test_the_list_stands_as_it_was_and_every_problem_on_a_sheet():
    book = CalamineWorkbook.from_filelike(io.BytesIO(made()))
    rows = book.get_sheet_by_name("list").to_python()
    assert rows[0] == ["номер", "прізвище", "ім'я", "дата народження"]
    assert rows[1][3] == "31.02.1990"
    problems = book.get_sheet_by_name("problems").to_python()
    assert [row[1] for row in problems[1:]] == [
        "people.date-unreadable",
        "people.date-first-of-january",
    ]


def test_a_bad_cell_carries_a_comment():
    comments = part(made(), r"comments\d*\.xml")
    assert 'ref="D2"' in comments
    assert 'ref="D3"' in comments
    assert "people.date-unreadable" in comments


def test_no_cell_is_a_formula():
    assert "<f>" not in part(made(), r"worksheets/.*\.xml")


def test_the_same_list_gives_the_same_bytes():
    assert made() == made()


def test_a_mended_workbook_can_be_read_again():
    result = read_list("list.xlsx", made())
    assert [line.id for line in result.lines] == ["2"]


def test_an_unreadable_file_still_gives_its_problem():
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(problem_workbook(read_list("x", b"\x00\x01\x02")))
    )
    assert book.get_sheet_by_name("problems").to_python()[1][1].startswith("people.")
