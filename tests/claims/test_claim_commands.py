"""The commands of the claims room: any form of input, checks as files, drafts before release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from homeward.cli import main
from tests.claims.test_feeds import ATOM, RSS, STATUS, TELEGRAM
from tests.crossing.test_record import Table, _play_step, _sheet

TERMS = """
format: homeward-terms/1
id: small
title: {en: A small exchange}
agreed: {date: 2031-05-01, place: Lakeside}
parties: {north: {name: {en: Northland}}, south: {name: {en: Southmark}}}
categories: {soldier: {when: {category: [prisoner_of_war]}}}
obligations:
  - {id: a, from: north, to: south, what: prisoners, quantity: {exact: 20, counting: each}}
  - {id: b, from: south, to: north, what: prisoners, quantity: {exact: 20, counting: each}}
balance: {step: 10}
confirmation: {counts_when: both_signed, signed_by: [holder, receiver]}
"""
STATEMENTS = """
format: homeward-statements/1
statements:
  - id: north-says
    text: Northland says that 999 of its people came home.
    speaker: {name: Ilva Sorn, role: party, party: north}
    said_at: "2031-05-09T19:00:00+03:00"
    claims:
      - {status: completed, subject: exchange, event_date: "2031-05-09",
         counts: [{n: 999, to: north, counting: incoming}]}
"""


def _run(*words: object) -> Result:
    return CliRunner().invoke(main, ["claims", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    table = Table()
    _play_step(table, _sheet(1))
    for name, data in table.desks["observer"].store.copy():
        path = tmp_path / "copy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "terms.yaml").write_text(TERMS, encoding="utf-8")
    (tmp_path / "statements.yaml").write_text(STATEMENTS, encoding="utf-8")
    return tmp_path


def _against(folder: Path) -> tuple[object, ...]:
    known = ("--known-at", "2031-05-12T00:00:00+03:00")
    return ("--terms", folder / "terms.yaml", "--record", folder / "copy", *known)


@pytest.mark.parametrize(
    ("name", "data", "speakers"),
    [
        ("feed.xml", RSS, {"Northland", "article"}),
        ("feed.atom", ATOM, {"Southmark", "article"}),
        (
            "result.json",
            json.dumps(TELEGRAM).encode(),
            {"Northland Headquarters", "Southmark Ministry"},
        ),
        ("status.json", json.dumps(STATUS).encode(), {"Ivo Brandt"}),
        ("page.html", b"<html><body><p>Northland freed 20 people.</p></body></html>", {"article"}),
        ("note.txt", "Northland freed 20 people.".encode("utf-8-sig"), {"article"}),
    ],
)
def test_every_form_of_input_is_read_by_one_command(
    tmp_path: Path, name: str, data: bytes, speakers: set[str]
) -> None:
    (tmp_path / name).write_bytes(data)
    answer = _run("read", tmp_path / name, "--json", "--said-at", "2031-05-09T19:00:00+03:00")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert {claim["speaker"] for claim in told["claims"]} <= speakers
    ids = [name for source in told["sources"] for name in source["claims"]]
    assert ids == [claim["id"] for claim in told["claims"]]
    assert len(set(ids)) == len(ids)


def test_a_post_that_repeats_an_earlier_one_is_no_second_source(folder: Path) -> None:
    words = "Northland said on Friday that 20 of its people came home from Southmark."
    again = {
        "name": "Gazette",
        "messages": [
            {"id": n, "type": "message", "date_unixtime": str(1936000000 + n), "text": words}
            for n in (1, 2)
        ],
    }
    file = folder / "result.json"
    file.write_text(json.dumps(again), encoding="utf-8")
    told = json.loads(_run("read", file, "--json").stdout)
    assert [source["repeats"] for source in told["sources"]] == [False, True]
    judged = json.loads(_run("check", file, *_against(folder), "--json").stdout)
    assert [claim["id"] for claim in judged["claims"]] == told["sources"][0]["claims"]


@pytest.mark.parametrize("data", [b'{"other": 1}', b"[{}]", b'<rss version="2.0"'])
def test_a_form_that_is_not_known_is_a_problem_and_no_traceback(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "file.json").write_bytes(data)
    answer = _run("read", tmp_path / "file.json")
    assert answer.exit_code == 1
    assert "claims.unknown-form" in answer.stderr


def test_a_check_is_published_as_a_page_and_a_claim_review_without_a_name(folder: Path) -> None:
    out = folder / "out"
    where = ("--out", out, "--publisher", "A desk", "--address", "https://desk.example/c/")
    answer = _run("publish", folder / "statements.yaml", *_against(folder), *where)
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.split() == ["claims.jsonld", "north-says.html"]
    page = (out / "north-says.html").read_text(encoding="utf-8")
    (review,) = json.loads((out / "claims.jsonld").read_text(encoding="utf-8"))["@graph"]
    assert review["url"] == "https://desk.example/c/north-says.html#north-says.1"
    assert review["@type"] == "ClaimReview"
    assert review["reviewRating"]["alternateName"] in page
    assert "cell:south&gt;north" in page  # what the verdict rests on
    assert "north.office.1" in page  # and the record it was found in
    assert "Sorn" not in page + json.dumps(review)


def test_what_the_machine_read_is_published_only_where_a_person_accepted_it(folder: Path) -> None:
    text = folder / "post.txt"
    text.write_text("Northland said that 999 of its people came home.", encoding="utf-8")
    out = folder / "out"
    where = ("--out", out, "--publisher", "A desk", "--address", "https://desk.example")
    assert _run("publish", text, *_against(folder), *where).stdout.split() == ["claims.jsonld"]
    assert json.loads((out / "claims.jsonld").read_text(encoding="utf-8"))["@graph"] == []
    accepted = _run("publish", text, *_against(folder), *where, "--accept", "c1", "--json")
    assert json.loads(accepted.stdout) == {"files": ["c1.html", "claims.jsonld"]}


def test_a_page_cannot_be_broken_out_of_by_what_stands_in_a_value(folder: Path) -> None:
    out = folder / "out"
    where = ("--out", out, "--publisher", "</script><b>", "--address", "https://desk.example")
    _run("publish", folder / "statements.yaml", *_against(folder), *where)
    assert "<b>" not in (out / "north-says.html").read_text(encoding="utf-8")


def test_a_draft_that_the_record_does_not_bear_out_ends_with_1(folder: Path) -> None:
    text = folder / "draft.txt"
    text.write_text("On Friday 999 of our people came home from Southmark.", encoding="utf-8")
    answer = _run("draft", text, "--side", "north", *_against(folder), "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["may_go_out"] is False
    assert "claims.draft-refused" in answer.stderr
    assert "999 of our" not in answer.stderr
    nobody = _run("draft", text, "--side", "east", *_against(folder))
    assert (nobody.exit_code, "claims.unknown-side" in nobody.stderr) == (1, True)


def test_a_draft_that_says_nothing_of_numbers_may_go_out(folder: Path) -> None:
    text = folder / "draft.txt"
    text.write_text("We thank the mediators for their help.", encoding="utf-8")
    answer = _run("draft", text, "--side", "north", *_against(folder))
    assert answer.exit_code == 0, answer.output
    assert "signed by both sides" in answer.stdout
