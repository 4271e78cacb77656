"""PFIF: persons of other registers, and XML that means harm."""

import pytest

from homeward.people import read_list

PFIF = """<?xml version="1.0" encoding="UTF-8"?>
<pfif:pfif xmlns:pfif="http://zesty.ca/pfif/1.4/">
  <pfif:person>
    <pfif:person_record_id>example.org/p1</pfif:person_record_id>
    <pfif:full_name>Коваль Ян</pfif:full_name>
    <pfif:given_name>Ян</pfif:given_name>
    <pfif:family_name>Коваль</pfif:family_name>
    <pfif:date_of_birth>1987-03</pfif:date_of_birth>
    <pfif:sex>male</pfif:sex>
    <pfif:note><pfif:status>believed_alive</pfif:status></pfif:note>
  </pfif:person>
  <pfif:person>
    <pfif:person_record_id>example.org/p2</pfif:person_record_id>
    <pfif:full_name>Юрій Петрович Бойко</pfif:full_name>
    <pfif:date_of_birth>1980-01-01/1985-12-31</pfif:date_of_birth>
    <pfif:sex>other</pfif:sex>
  </pfif:person>
</pfif:pfif>
"""


def read(text):
    return read_list("people.xml", text.encode())


def test_persons_become_lines():
    first, second = read(PFIF).lines
    assert (first.id, first.surname, first.given_name) == ("example.org/p1", "Коваль", "Ян")
    assert (str(first.birth_date), first.sex, first.tags) == ("1987-03", "m", ("believed_alive",))
    assert (second.surname, second.given_name, second.patronymic) == ("Бойко", "Юрій", "Петрович")
    assert (second.birth_date, second.sex) == (None, "")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE p [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE p SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE p [<!ENTITY % x SYSTEM "http://example.org/x">%x;]>',
    ],
)
def test_a_document_type_is_refused_before_any_entity(doctype):
    head, body = PFIF.split("\n", 1)
    result = read(f"{head}{doctype}{body}")
    assert [problem.code for problem in result.problems] == ["people.xml-unsafe"]
    assert result.lines == ()


def test_elements_nested_without_end_are_refused():
    result = read("<a>" * 5000)
    assert [problem.code for problem in result.problems] == ["people.xml-unsafe"]


@pytest.mark.parametrize("text", ["<html><body>no</body></html>", "<pfif", PFIF[:-20], "<?xml"])
def test_other_or_broken_xml_is_one_problem(text):
    assert [problem.code for problem in read(text).problems] == ["people.file-unreadable"]
