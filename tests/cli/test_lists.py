"""Lists from the command line: a mapping kept for the next list, and the workbook to send back."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from homeward.cli import main

LIST = "Nr;Wer;Familie;Geboren\n1;Jurij;Kowal;1991-02-03\n2;Oleh;Hnatjuk;1991-13-03\n"
MAPPING = {"Nr": "id", "Wer": "given_name", "Familie": "surname", "Geboren": "birth_date"}


@pytest.fixture
def at(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    (tmp_path / "mapping.json").write_text(json.dumps(MAPPING), encoding="utf-8")
    return tmp_path


def homeward(*words):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_headers_that_no_table_knows_are_read_with_a_mapping(at):
    assert json.loads(homeward("lists", "check", "list.csv", "--json").stdout)["lines"] == 0
    answer = homeward("lists", "check", "list.csv", "--mapping", "mapping.json", "--json")
    told = json.loads(answer.stdout)
    assert (told["rows"], told["lines"]) == (2, 1)
    assert told["files"][0]["mapping"] == MAPPING
    assert [problem["code"] for problem in told["problems"]] == ["people.date-unreadable"]


def test_the_mapping_that_an_answer_holds_is_taken_as_it_stands(at):
    told = homeward("lists", "check", "list.csv", "--mapping", "mapping.json", "--json").stdout
    (at / "answer.json").write_text(told, encoding="utf-8")
    again = homeward("lists", "check", "list.csv", "--mapping", "answer.json", "--json")
    assert json.loads(again.stdout) == json.loads(told)


def test_two_lists_are_matched_under_a_mapping(at):
    done = homeward("match", "list.csv", "list.csv", "--mapping", "mapping.json", "--json")
    assert json.loads(done.stdout)["same"] + json.loads(done.stdout)["review"] >= 1


@pytest.mark.parametrize(
    "text", ["[", "[]", '{"Nr": "surname, first name"}', '{"Nr": 1}', '{"files": [1]}']
)
def test_a_mapping_that_is_none_is_a_problem_and_nothing_is_read(at, text):
    (at / "mapping.json").write_text(text, encoding="utf-8")
    answer = homeward("lists", "check", "list.csv", "--mapping", "mapping.json", "--json")
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert {problem["code"] for problem in told["problems"]} == {"people.mapping-malformed"}


def test_the_workbook_to_send_back_is_for_its_owner_alone_and_holds_every_problem(at):
    homeward("lists", "check", "list.csv", "--mapping", "mapping.json", "--workbook", "back.xlsx")
    book = CalamineWorkbook.from_path(str(at / "back.xlsx"))
    assert book.get_sheet_by_index(0).to_python()[0] == list(MAPPING)
    assert any("1991-13-03" in map(str, row) for row in book.get_sheet_by_index(1).to_python())
    assert (at / "back.xlsx").stat().st_mode & 0o077 == 0


def test_one_workbook_is_for_one_list(at):
    done = homeward("lists", "check", "list.csv", "list.csv", "--workbook", "back.xlsx")
    assert done.exit_code == 2
    assert not (at / "back.xlsx").exists()
