"""Two offices find whom both lists name, by files that pass between them and show no list."""

from __future__ import annotations

import csv
import json

import pytest
from click.testing import CliRunner

from homeward.cli import main

OURS = """id,surname,given_name,patronymic,birth_date
N-1,Ткаченко,Микола,Андрійович,1987-03-09
N-2,Гринь,Олена,Петрівна,1990-11-20
N-3,Бойко,Юрій,Андрійович,1979-01-02
"""
THEIRS = """id,surname,given_name,patronymic,birth_date
s7,Tkachenko,Mykola,Andriiovych,1987-03-09
s8,Shevchuk,Yurii,Petrovych,1991-05-05
s9,Boiko,Yurii,Andriiovych,1979-01-02
"""
PLAN = "stage 1 of the plan"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ours.csv").write_text(OURS, encoding="utf-8")
    (tmp_path / "theirs.csv").write_text(THEIRS, encoding="utf-8")
    return tmp_path


def run(*words, code=0):
    result = CliRunner().invoke(main, ["common", *map(str, words), "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def offers(folder, plan=PLAN):
    """Both offices' offers: what each says of its own before it shows it."""
    north = run("offer", folder / "ours.csv", folder / "north", "--for", plan)
    south = run("offer", folder / "theirs.csv", folder / "south", "--for", plan)
    return north["commitment"], south["commitment"]


def reply(folder, office, other, committed, code=0):
    offer = folder / other / "offer"
    return run("reply", folder / office, offer, "--committed", committed, code=code)


def codes(answer):
    return [problem["code"] for problem in answer["problems"]]


def test_both_offices_find_the_same_two_persons_and_each_learns_its_own_lines(folder):
    north, south = offers(folder)
    reply(folder, "north", "south", south)
    reply(folder, "south", "north", north)
    found = run("find", folder / "north", folder / "south" / "reply")
    assert found["lines"] == ["N-1", "N-3"]
    assert found["of"] == 3
    assert run("find", folder / "south", folder / "north" / "reply")["lines"] == ["s7", "s9"]
    with (folder / "north" / "common.csv").open(encoding="utf-8", newline="") as file:
        assert [row["id"] for row in csv.DictReader(file)] == ["N-1", "N-3"]


def test_nothing_that_passes_between_the_offices_holds_a_name_or_an_id(folder):
    _, south = offers(folder)
    reply(folder, "north", "south", south)
    for name in ("offer", "reply"):
        data = (folder / "north" / name).read_bytes()
        assert not any(word.encode() in data for word in ("Ткаченко", "Tkachenko", "N-1", "1987"))


def test_an_offer_changed_after_the_commitment_is_not_answered(folder):
    offers(folder)
    answer = reply(folder, "north", "south", "0" * 64, code=1)
    assert codes(answer) == ["people.common-not-committed"]
    assert not (folder / "north" / "reply").exists()


def test_an_office_answers_one_offer_in_a_comparison_and_no_second(folder):
    _, south = offers(folder)
    reply(folder, "north", "south", south)
    first = (folder / "north" / "reply").read_bytes()
    reply(folder, "north", "south", south)  # the same offer again: the same answer
    assert (folder / "north" / "reply").read_bytes() == first
    again = run("offer", folder / "theirs.csv", folder / "third", "--for", PLAN)
    answer = reply(folder, "north", "third", again["commitment"], code=1)
    assert codes(answer) == ["people.common-answered"]
    assert (folder / "north" / "reply").read_bytes() == first


def test_a_second_offer_into_the_same_folder_is_refused(folder):
    offers(folder)
    before = (folder / "north" / "offer").read_bytes()
    answer = run("offer", folder / "ours.csv", folder / "north", "--for", PLAN, code=1)
    assert codes(answer) == ["people.common-begun"]
    assert (folder / "north" / "offer").read_bytes() == before


def test_offers_for_two_plans_do_not_meet(folder):
    run("offer", folder / "ours.csv", folder / "north", "--for", PLAN)
    south = run("offer", folder / "theirs.csv", folder / "south", "--for", "another plan")
    answer = reply(folder, "north", "south", south["commitment"], code=1)
    assert "people.common-malformed" in codes(answer)


def test_the_secret_lies_only_with_its_office_and_is_gone_when_the_persons_are_found(folder):
    north, south = offers(folder)
    own = folder / "north" / "own.json"
    assert own.stat().st_mode & 0o077 == 0
    secret = json.loads(own.read_text())["secret"]
    reply(folder, "north", "south", south)
    reply(folder, "south", "north", north)
    for name in ("offer", "reply"):
        assert bytes.fromhex(secret) not in (folder / "north" / name).read_bytes()
    run("find", folder / "north", folder / "south" / "reply")
    assert secret not in "".join(
        path.read_text(errors="replace") for path in (folder / "north").iterdir()
    )
    answer = run("find", folder / "north", folder / "south" / "reply", code=1)
    assert codes(answer) == ["people.common-ended"]


def test_a_reply_to_another_offer_is_not_believed_and_loses_nothing(folder):
    north, south = offers(folder)
    reply(folder, "north", "south", south)
    reply(folder, "south", "north", north)
    cut = folder / "cut"
    cut.write_bytes((folder / "south" / "reply").read_bytes()[:-32])
    answer = run("find", folder / "north", cut, code=1)
    assert answer["problems"]
    assert run("find", folder / "north", folder / "south" / "reply")["lines"] == ["N-1", "N-3"]


def test_finding_before_answering_says_what_to_do_first(folder):
    offers(folder)
    answer = run("find", folder / "north", folder / "south" / "offer", code=1)
    assert codes(answer) == ["people.common-not-answered"]


def test_a_list_longer_than_agreed_is_not_answered(folder):
    _, south = offers(folder)
    offer = folder / "south" / "offer"
    answer = run("reply", folder / "north", offer, "--committed", south, "--most-lines", 2, code=1)
    assert codes(answer) == ["people.common-too-many-lines"]


def test_a_neutral_compares_tokens_and_each_office_learns_its_own_lines(folder):
    (folder / "key").write_bytes(b"k" * 32)
    for office, name in (("north", "ours.csv"), ("south", "theirs.csv")):
        run("tokens", folder / name, folder / office, "--for", PLAN, "--key", folder / "key")
    north, south = folder / "north" / "tokens", folder / "south" / "tokens"
    met = run("meet", north, south, "--for", PLAN, "--out", folder / "answer")
    assert met["tokens"] > 0
    assert run("answer", folder / "north", folder / "answer", "--as", 1)["lines"] == ["N-1", "N-3"]
    assert run("answer", folder / "south", folder / "answer", "--as", 2)["lines"] == ["s7", "s9"]


def test_the_neutrals_tokens_show_no_name_and_need_a_key_of_32_bytes(folder):
    (folder / "key").write_bytes(b"short")
    words = ("tokens", folder / "ours.csv", folder / "north", "--for", PLAN)
    answer = run(*words, "--key", folder / "key", code=1)
    assert codes(answer) == ["people.common-other-length"]
    assert not (folder / "north").exists()


def test_a_list_with_problems_is_compared_only_as_far_as_it_is_read_and_says_so(folder):
    (folder / "ours.csv").write_text(OURS + "N-1,Гринь,Олена,,1990-11-20\n", encoding="utf-8")
    answer = run("offer", folder / "ours.csv", folder / "north", "--for", PLAN, code=1)
    assert answer["problems"]
    assert not (folder / "north").exists()
