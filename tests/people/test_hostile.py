"""Lists as offices really send them: forms with merged headers, old programs, foreign XML."""

import io
import struct
import zipfile

import pytest
import xlsxwriter

from homeward.people import Line, read_list, write_pairs
from homeward.people.pairs import Pair, read_gold
from homeward.people.reading import write_lines
from homeward.problem import errors


def read(text, encoding="utf-8", name="list.csv", **options):
    return read_list(name, text.encode(encoding), **options)


def codes(result):
    return [problem.code for problem in result.problems]


FORM = """Додаток 4;;;;;;;
СПИСОК осіб;;;;;;;
№ з/п;Прізвище;Ім'я;По батькові;Народження;;Полон;
;;;;дата;місце;дата;місце
1;2;3;4;5;6;7;8
1;Коваль;Ян;Петрович;09.03.1987;Суми;02.05.2022;Маріуполь
2;Бойко;Юрій;;1990;;;
№ з/п;Прізвище;Ім'я;По батькові;Народження;;Полон;
;;;;дата;місце;дата;місце
1;2;3;4;5;6;7;8
3;Шило;Роман;Львович;1979-05-02;;;
"""


def test_a_form_with_merged_headers_and_counted_columns_is_read():
    result = read(FORM)
    assert errors(result.problems) == []
    first, second, third = result.lines
    assert (first.id, first.surname, str(first.birth_date)) == ("1", "Коваль", "1987-03-09")
    assert (first.birth_place, str(first.captured_on)) == ("Суми", "2022-05-02")
    assert (first.captured_at, first.row) == ("Маріуполь", 6)
    assert (second.id, third.id, result.rows) == ("2", "3", 3)


def test_a_line_beneath_one_row_of_headers_is_no_second_row_of_them():
    (line,) = read("id;surname;given name;notes\n7;;Ян;\n").lines
    assert (line.id, line.given_name, line.row) == ("7", "Ян", 2)


@pytest.mark.parametrize(
    "header",
    [
        "id;Прізвище / Surname;Дата народження (дд.мм.рррр)",
        "id;Фамилия*;Дата рождения, г.",
        "ID;SURNAME [Latin];DATE OF BIRTH (dd/mm/yyyy)",
        "№;Surname\u00a0;Date of  birth:",
        "الرقم;اللقب (Surname);تاريخ الميلاد",
        "מס';שם משפחה / Surname;תאריך לידה",
    ],
)
def test_headers_with_remarks_or_in_two_languages_are_known(header):
    (line,) = read(f"{header}\n7;Коваль;09.03.1987\n").lines
    assert (line.id, line.surname, str(line.birth_date)) == ("7", "Коваль", "1987-03-09")


def test_an_exact_header_goes_before_one_with_a_remark():
    (line,) = read("id;Прізвище (дівоче);Прізвище\n1;Бойко;Коваль\n").lines
    assert line.surname == "Коваль"


def test_a_mapping_can_leave_a_column_out():
    text = "id,surname,notes\n1,Коваль,whispered\n"
    assert read(text, mapping={"notes": ""}).lines[0].notes == ""


def test_name_beside_first_names_is_the_surname():
    text = "id,Name,First names (in full)\n1,de la Torre,Ян Марія\n"
    (line,) = read(text).lines
    assert (line.surname, line.given_name) == ("de la Torre", "Ян Марія")


def test_a_first_name_alone_in_the_headers_holds_the_whole_name():
    (line,) = read("الرقم,الاسم\n1,يوسف حسن الحسن\n").lines
    assert (line.surname, line.given_name, line.patronymic) == ("الحسن", "يوسف", "حسن")


CARD = (
    "Prisoner No.,Power on which the prisoner depends,Name,First names (in full),"
    "First name of father,Date of birth,Place of birth,Rank,Service number,"
    "Taken prisoner on,Name of camp,State of health\n"
    "0012,Ardane,Koval,Yan,Petro,1987-03-09,Sumy,private,A-7,2022-05-02,C1,(g) Seriously wounded\n"
)


def test_the_fields_of_the_capture_card_are_known():
    result = read(CARD)
    assert result.problems == ()
    (line,) = result.lines
    said = line.cells()
    assert (said["id"], said["nationality"], said["surname"]) == ("0012", "Ardane", "Koval")
    assert (said["given_name"], said["patronymic"]) == ("Yan", "Petro")
    assert (said["captured_on"], said["held_at"]) == ("2022-05-02", "C1")
    assert said["health"] == "seriously_wounded"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("тяжкопоранений", "seriously_wounded"),
        ("Тяжело ранен", "seriously_wounded"),
        ("легке поранення", "slightly_wounded"),
        ("جريح", "wounded"),
        ("פצוע קשה", "seriously_wounded"),
        ("f", "slightly_wounded"),
        ("good", "good"),
        ("seriously_sick", "seriously_sick"),
    ],
)
def test_the_state_of_health_becomes_the_code_of_the_card(written, code):
    (line,) = read(f"id,surname,health\n1,Коваль,{written}\n").lines
    assert line.health == code


def test_a_state_of_health_that_no_table_knows_is_kept_and_said():
    result = read("id,surname,health\n1,Коваль,left arm\n")
    assert result.lines[0].health == "left arm"
    assert codes(result) == ["people.value-unknown"]


OLDER = """<?xml version="1.0" encoding="UTF-8"?>
<pfif xmlns="http://zesty.ca/pfif/1.2">
  <person>
    <person_record_id>example.org/p.1</person_record_id>
    <first_name>Ян &amp; &#1070;</first_name>
    <last_name>КОВАЛЬ</last_name>
  </person>
  <person>
    <person_record_id>example.org/p.2</person_record_id>
    <first_name>Юрій</first_name>
    <last_name>Бойко</last_name>
    <note><status>believed_alive</status></note>
    <note><status>information_sought</status></note>
  </person>
  <note>
    <note_record_id>example.org/n.1</note_record_id>
    <person_record_id>example.org/p.1</person_record_id>
    <status>is_note_author</status>
  </note>
</pfif>
"""


def test_pfif_of_older_versions_is_read():
    first, second = read(OLDER, name="people.xml").lines
    assert (first.surname, first.given_name) == ("КОВАЛЬ", "Ян & Ю")
    assert second.surname == "Бойко"


def test_a_note_belongs_to_the_person_it_names_and_all_that_notes_say_is_kept():
    first, second = read(OLDER, name="people.xml").lines
    assert first.tags == ("is_note_author",)
    assert second.tags == ("believed_alive", "information_sought")


def workbook(rows, formats=()):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("list")
    styles = [book.add_format({"num_format": code}) if code else None for code in formats]
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(at, column, cell, styles[column] if at and styles else None)
    book.close()
    return out.getvalue()


def test_an_id_that_a_workbook_shows_with_zeros_has_them():
    rows = [("id", "surname", "service number"), (12, "Коваль", 7), (123456, "Бойко", "0070")]
    result = read_list("list.xlsx", workbook(rows, ("0000", "", "00000")))
    assert [(line.id, line.service_number) for line in result.lines] == [
        ("0012", "00007"),
        ("123456", "0070"),
    ]


def test_a_number_as_long_as_an_id_can_be_stays_whole():
    rows = [("id", "surname"), (123456789012345, "Коваль"), ("00123456789012345678", "Бойко")]
    lines = read_list("list.xlsx", workbook(rows)).lines
    assert [line.id for line in lines] == ["123456789012345", "00123456789012345678"]


FORMULA = '=HYPERLINK("http://example.org";"ok")'


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_what_is_written_out_starts_no_formula_in_any_file(sign):
    line = Line(f"{sign}1", f"{sign}2", notes=f"{sign}3")
    pair = Pair(line.id, line.id, 0.5, "review")
    for text in (write_lines([line]), write_pairs([pair])):
        for row in text.splitlines()[1:]:
            assert not row.startswith(sign)
            assert f",{sign}" not in row
    assert read_gold(write_pairs([pair])) == ((line.id, line.id),)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("9-Mar-87", "1987-03-09"),
        ("09.03.1987р.", "1987-03-09"),
        ("1987.03.09.", "1987-03-09"),
        ("березень 1987", "1987-03"),
        ("03/1987", "1987-03"),
        ("xx.03.1987", "1987-03"),
        ("09 03 1987", "1987-03-09"),
        ("9 III 1987", "1987-03-09"),
        ("1987 (?)", "1987"),
        ("1987 р.н.", "1987"),
        ("р. 1987", "1987"),
        ("09.03.1987 (38 років)", "1987-03-09"),
        ("9־3־1987", "1987-03-09"),
        ("۱۹۸۷/۰۳/۰۹", "1987-03-09"),
        ("1987 م", "1987"),
    ],
)
def test_dates_as_clerks_write_them(written, read_as):
    result = read(f"id;surname;birth date\n1;Коваль;{written}\n")
    assert [str(line.birth_date) for line in result.lines] == [read_as]


@pytest.mark.parametrize(
    ("written", "calendar"),
    [
        ("1410-08-11", "Hijri"),
        ("١٤١٠/٠٨/١١", "Hijri"),
        ("11/08/1410 هـ", "Hijri"),
        ("1366/12/18", "Persian"),
        ("5747", "Hebrew"),
        ("ט' באדר תשמ\"ז", "Hebrew"),
    ],
)
def test_another_calendar_is_named_and_never_reckoned(written, calendar):
    quoted = written.replace('"', '""')
    (problem,) = read(f'id;surname;birth date\n1;Коваль;"{quoted}"\n').problems
    assert problem.code == "people.date-unreadable"
    assert calendar in problem.hint


def test_an_open_document_that_repeats_empty_rows_without_end_is_read():
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>id</text:p>'
        '</table:table-cell><table:table-cell office:value-type="string"><text:p>surname</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row><table:table-cell office:value-type="string"><text:p>0012</text:p>'
        '</table:table-cell><table:table-cell office:value-type="string"><text:p>Коваль</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="1048570">'
        '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
    )
    result = read_list("list.ods", open_document(rows))
    assert [(line.id, line.surname) for line in result.lines] == [("0012", "Коваль")]


def open_document(rows):
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="list">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def record(number, body):
    return struct.pack("<HH", number, len(body)) + body


def old_workbook(rows):
    """An XLS file (BIFF8 in a compound file), as programs of before 2007 write it."""
    start = struct.pack("<HHHHII", 0x0600, 0, 0, 0, 0, 0)
    cells = b""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            place = struct.pack("<HHH", at, column, 0)
            if isinstance(cell, str):
                text = struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le")
                cells += record(0x0204, place + text)
            else:
                cells += record(0x0203, place + struct.pack("<d", cell))
    size = record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, len(rows[0]), 0))
    sheet = record(0x0809, start[:2] + b"\x10" + start[3:]) + size + cells + record(0x0A, b"")
    first = record(0x0809, start[:2] + b"\x05" + start[3:]) + record(0x42, b"\xb0\x04")
    name = b"\x04\x00list"
    length = len(first) + 4 + 6 + len(name) + 4
    book = first + record(0x85, struct.pack("<IH", length, 0) + name) + record(0x0A, b"") + sheet
    return compound(book.ljust(4096, b"\0"))


def compound(stream):
    sectors = -(-len(stream) // 512)
    stream = stream.ljust(sectors * 512, b"\0")
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    entries = b""
    for name, kind, child, begin, size in (
        ("Root Entry", 5, 1, 0xFFFFFFFE, 0),
        ("Workbook", 2, 0xFFFFFFFF, 2, len(stream)),
    ):
        written = name.encode("utf-16-le") + b"\0\0"
        entries += struct.pack("<64sHBBIII", written, len(written), kind, 1, -1 & 0xFFFFFFFF,
                               -1 & 0xFFFFFFFF, child)  # fmt: skip
        entries += bytes(36) + struct.pack("<IQ", begin, size)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0)
    header += struct.pack("<IIIII", 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + entries.ljust(512, b"\0") + stream


def test_a_workbook_of_an_old_program_is_read():
    rows = [
        ("№", "Прізвище", "Дата народження"),
        (12.0, "Коваль", "09.03.1987"),
        ("0012", "Бойко", ""),
    ]
    lines = read_list("list.xls", old_workbook(rows)).lines
    assert [(line.id, line.surname) for line in lines] == [("12", "Коваль"), ("0012", "Бойко")]
    assert str(lines[0].birth_date) == "1987-03-09"
