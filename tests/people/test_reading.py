"""Any list in: what a caseworker's file says, and everything that is wrong with it at once."""

import hashlib
import io
import random
import zipfile
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from homeward.dates import PartialDate
from homeward.people import read_list
from homeward.people.dating import Unreadable, read_date
from homeward.people.reading import write_lines
from homeward.problem import errors

UKRAINIAN = "№;Прізвище;Ім'я;По батькові;Дата народження;Стать\n"
UKRAINIAN += "0012;Ткаченко;Андрій;Петрович;03.09.1987;ч\n"
RUSSIAN = "ид;Фамилия;Имя;Отчество;Дата рождения\n7;Ёлкин;Семён;Ильич;5 марта 1990 г.\n"
ARABIC = "الرقم,اللقب,الاسم الأول,تاريخ الميلاد\n٣,الحسن,يوسف,١٩٩٠/٠٥/٠٢\n"
HEBREW = "מספר,שם משפחה,שם פרטי,תאריך לידה\n4,כהן,משה,1991-02-03\n"


MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)


def read(text, encoding="utf-8", **options):
    return read_list("list.csv", text.encode(encoding), **options)


def codes(result):
    return [problem.code for problem in result.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [UKRAINIAN, RUSSIAN, ARABIC, HEBREW])
def test_unicode_is_read_with_and_without_its_mark(text, encoding):
    result = read(text, encoding)
    assert len(result.lines) == 1
    assert result.lines == read(text).lines


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN.upper(), "cp1251"),
        (RUSSIAN, "cp1251"),
        (ARABIC.replace("٣", "3").replace("١٩٩٠/٠٥/٠٢", "1990/05/02"), "cp1256"),
        (HEBREW, "cp1255"),
        ("id,surname,given name\n1,Müller,José\n", "cp1252"),
    ],
)
def test_an_old_code_page_is_recognised(text, encoding):
    assert read(text, encoding).lines == read(text).lines


def test_headers_in_five_languages_lead_to_the_same_columns():
    english = "id,surname,given name,date of birth\n1,Doe,Jan,1990-01-02\n"
    columns = {"id", "surname", "given_name", "birth_date"}
    for text in (english, UKRAINIAN, RUSSIAN, ARABIC, HEBREW):
        assert columns <= set(read(text).mapping.values())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", ":", "~"])
def test_any_delimiter_is_found(delimiter):
    text = "id,surname,given_name\n1,Коваль,Ян\n2,Коваль,Юрій\n".replace(",", delimiter)
    assert [line.given_name for line in read(text).lines] == ["Ян", "Юрій"]


def test_a_first_line_that_declares_the_delimiter_is_passed_over():
    (line,) = read("sep=|\nid|surname\n1|Коваль, Ян\n").lines
    assert (line.surname, line.row) == ("Коваль, Ян", 3)


def test_marks_that_nobody_sees_are_left_out():
    text = "id,surname,given name\n\u200e12\u200f,Ко\u00adваль,\u202bЯн\u202c\n"
    (line,) = read(text).lines
    assert (line.id, line.surname, line.given_name) == ("12", "Коваль", "Ян")


def test_a_title_above_the_header_is_passed_over():
    result = read("Перелік осіб;;\n;;\nномер;прізвище;ім'я\n1;Коваль;Ян\n")
    assert [(line.id, line.row) for line in result.lines] == [("1", 4)]


def test_an_id_with_zeros_in_front_survives():
    assert read(UKRAINIAN).lines[0].id == "0012"


def test_a_name_in_one_cell_is_taken_apart():
    text = "id,ПІБ\n1,Коваль Андрій Петрович\n2,Ян Коваль\n"
    first, second = read(text).lines
    assert (first.surname, first.given_name, first.patronymic) == ("Коваль", "Андрій", "Петрович")
    assert (second.surname, second.given_name) == ("Ян", "Коваль")


def test_all_problems_come_at_once_with_row_and_column():
    result = read(
        "id,surname,given name,date of birth,sex,shoe size\n"
        "1,Коваль,Ян,31.02.1990,m,\n"
        ",Коваль,Ян,1990,m,\n"
        "3,,,1990,m,\n"
        "3,Бойко,Ян,1990-01-01,x,\n"
        "5,Бойко,Ян,1990-01-01,m,,,spare\n"
    )
    found = {(problem.code, problem.place) for problem in result.problems}
    assert found == {
        ("people.column-unknown", "list.csv:row 1"),
        ("people.date-unreadable", "list.csv:row 2:birth_date"),
        ("people.id-missing", "list.csv:row 3:id"),
        ("people.name-missing", "list.csv:row 4"),
        ("people.id-twice", "list.csv:row 5:id"),
        ("people.value-unknown", "list.csv:row 5:sex"),
        ("people.date-first-of-january", "list.csv:row 5:birth_date"),
        ("people.row-too-long", "list.csv:row 6"),
        ("people.date-first-of-january", "list.csv:row 6:birth_date"),
    }


def test_no_problem_holds_a_name():
    result = read("id,surname,given name,birth date\n1,Коваль,Ян,Коваль\n1,Коваль,Ян,1990\n")
    assert all("Ян" not in str(problem) for problem in result.problems)


cells = st.text(st.characters(codec="utf-8", exclude_characters='"\r\n\x00'), max_size=12)


@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=12))
def test_every_row_is_kept_or_has_an_error(rows):
    quoted = ['"' + '","'.join(row) + '"' for row in rows]
    text = "\n".join(["id,surname,given name,birth date", *quoted])
    result = read(text)
    bad = {problem.place.split(":")[1] for problem in errors(result.problems)}
    kept = {f"row {line.row}" for line in result.lines}
    assert result.rows == len(result.lines) + len(bad)
    assert not bad & kept


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_never_raise(data):
    result = read_list("list", data)
    assert result.rows or result.problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1987", "1987"),
        ("1987-03", "1987-03"),
        ("03.1987", "1987-03"),
        ("1987-03-09", "1987-03-09"),
        ("09.03.1987", "1987-03-09"),
        ("9/3/1987", "1987-03-09"),
        ("1987/3/9", "1987-03-09"),
        ("19870309", "1987-03-09"),
        ("9 березня 1987 року", "1987-03-09"),
        ("9 марта 1987 г.р.", "1987-03-09"),
        ("March 9, 1987", "1987-03-09"),
        ("9th of March 1987", "1987-03-09"),
        ("٩ مارس ١٩٨٧", "1987-03-09"),
        ("9 במרץ 1987", "1987-03-09"),
        ("1987-03-09T00:00:00+02:00", "1987-03-09"),
        ("00.00.1987", "1987"),
        ("1987-00-00", "1987"),
        ("~1987", "1987"),
        (date(1987, 3, 9), "1987-03-09"),
        (1987.0, "1987"),
    ],
)
def test_dates_are_read_as_lists_write_them(text, expected):
    assert read_date(text) == (PartialDate.parse(expected), "")


@pytest.mark.parametrize("text", ["31.02.1987", "1410-02-03", "31779", "soon", "1987-13-01", "5"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(Unreadable):
        read_date(text)


def test_a_column_that_writes_the_month_first_is_understood_as_a_whole():
    text = "id,surname,birth date\n1,А,04/13/1987\n2,Б,04/05/1987\n"
    assert [str(line.birth_date) for line in read(text).lines] == ["1987-04-13", "1987-04-05"]


def test_a_year_of_two_digits_is_read_and_remarked():
    result = read("id,surname,birth date\n1,Коваль,09.03.87\n")
    assert str(result.lines[0].birth_date) == "1987-03-09"
    assert codes(result) == ["people.date-short-year"]


def test_a_mapping_names_columns_that_no_table_knows():
    text = "шифр особи,кличка\n1,Коваль\n"
    assert codes(read(text)) == ["people.no-header"]
    result = read(text, mapping={"шифр особи": "id", "кличка": "surname"})
    assert result.lines[0].surname == "Коваль"


def test_a_list_without_ids_is_refused_with_a_reason():
    result = read("surname,given name\nКоваль,Ян\n")
    assert codes(result) == ["people.column-missing"]
    assert (result.lines, result.rows) == ((), 0)


def test_facts_are_flat_and_hold_no_name():
    text = "id,surname,given name,birth date,category,tags,health\n"
    text += "1,Коваль,Ян,1990-05-02,військовополонений,wounded;urgent,sick\n"
    facts = read(text).lines[0].facts(as_of=date(2025, 5, 1))
    assert facts["category"] == "prisoner_of_war"
    assert facts["tags"] == ("wounded", "urgent")
    assert facts["age"] == 34
    assert not {"Коваль", "Ян"} & {str(value) for value in facts.values()}


def test_lines_written_out_are_read_back_the_same():
    text = "id,surname,given name,birth date,tags,notes\n-1,=SUM(A1),@Ян,1990-05,a;b,+380\n"
    lines = read(text).lines
    written = write_lines(lines)
    assert "'=SUM(A1)" in written
    assert "'-1" in written
    assert read(written).lines == lines


def test_every_line_knows_the_file_and_the_row_that_said_it():
    one, other = "id,surname\n1,Коваль\n", "id,surname\n1,Ковель\n"
    (first,), (second,) = read(one).lines, read(other).lines
    assert (first.source, first.row) == (hashlib.sha256(one.encode()).hexdigest(), 2)
    assert second.source != first.source
    # Who says it is no part of what is said.
    assert (*read(one + "\n\n").lines,) == (first,)


def workbook(rows, **options):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet("about").write_string(0, 0, "Lists of both sides")
    sheet = book.add_worksheet("list")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for at, row in enumerate(rows, 2):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell, day if isinstance(cell, date) else None)
    book.close()
    return out.getvalue()


def test_a_workbook_is_read_from_the_sheet_that_has_a_header():
    rows = [
        ("номер", "прізвище", "ім'я", "дата народження"),
        (12, "Коваль", "Ян", date(1987, 3, 9)),
        ("0012", "Бойко", "Юрій", "1988"),
    ]
    result = read_list("list.xlsx", workbook(rows))
    assert [(line.id, str(line.birth_date), line.row) for line in result.lines] == [
        ("12", "1987-03-09", 4),
        ("0012", "1988", 5),
    ]


def test_an_open_document_sheet_is_read():
    cells = [["id", "surname"], ["1", "Коваль"]]
    rows = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{cell}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in cells
    )
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="list">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", MANIFEST)
    assert read_list("list.ods", out.getvalue()).lines[0].surname == "Коваль"


def test_a_workbook_that_unpacks_without_end_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * (300 * 2**20))
    data = bytearray(out.getvalue())
    # The directory lies about the size; it is not believed.
    where = data.rfind(b"PK\x01\x02")
    data[where + 24 : where + 28] = (10).to_bytes(4, "little")
    assert codes(read_list("list.xlsx", bytes(data))) == ["people.file-too-large"]


def test_a_broken_workbook_is_one_problem():
    good = workbook([("id", "surname"), (1, "Коваль")])
    for data in (
        good[:200],
        good[: len(good) // 2],
        b"PK\x03\x04" + random.Random(1).randbytes(99),
    ):
        assert codes(read_list("list.xlsx", data)) == ["people.file-unreadable"]


def test_twenty_thousand_rows_are_read_whole():
    rows = "".join(f"{n},Коваль,Ян,{1960 + n % 40}-05-02\n" for n in range(20_000))
    result = read("id,surname,given name,birth date\n" + rows)
    assert (len(result.lines), result.problems) == (20_000, ())
