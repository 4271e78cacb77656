"""Agreeing: two signatures on one text, and never on two texts that look alike."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest

from tests.office.offices import NOW, Office, ask, carry, offices

TEXT = """\
format: homeward-terms/1
id: lakeside
title: {en: Twenty each}
agreed: {date: 2031-03-01, place: Lakeside}
parties:
  north: {name: {en: North}}
  south: {name: {en: South}}
categories:
  military: {when: {category: [prisoner_of_war]}}
obligations:
  - {id: all, between: [north, south], what: prisoners, state: living, group: inside,
     quantity: {exact: 20, counting: each}}
balance: {equal_by: category, step: 5, order: [military], first: alternate}
confirmation: {counts_when: both_signed, signed_by: [holder, receiver]}
"""
IN_TOTAL = TEXT.replace("counting: each", "counting: in_total")


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Office]]:
    with offices(tmp_path_factory.mktemp("pair"), ("north", "south")) as running:
        cards = [office.do("card")["card"] for office in running]
        ids = {office.do("meet", cards=cards, terms_text=TEXT)["exchange"] for office in running}
        assert len(ids) == 1
        yield running


def test_a_side_that_was_handed_another_text_is_in_another_exchange(pair: list[Office]):
    north, south = pair
    cards = [office.do("card")["card"] for office in pair]
    assert south.refusal("meet", cards=cards, terms_text=IN_TOTAL) == ["office.other-exchange"]
    assert north.do("meet", cards=cards, terms_text=TEXT)["exchange"]


def test_one_signature_is_no_agreement_and_in_total_is_another_text(pair: list[Office]):
    north, south = pair
    proposed = north.do("propose-terms", text=TEXT)["digest"]
    assert proposed == digest(TEXT) != digest(IN_TOTAL)
    assert north.refusal("finalise", digest=proposed) == ["office.not-agreed"]
    carry(pair)
    assert south.refusal("accept-terms", digest=digest(IN_TOTAL)) == ["office.not-proposed"]
    assert south.refusal("finalise", digest=proposed) == ["office.not-proposer"]
    assert north.refusal("finalise", digest=proposed) == ["office.not-agreed"]
    south.do("accept-terms", digest=proposed)
    assert south.refusal("submit-lists") == ["office.no-terms"]
    carry(pair, over_http=True)
    assert north.do("finalise", digest=proposed)["state"] == "final"
    carry(pair, over_http=True)
    assert south.do("submit-lists") == {"submitted": 0}


def test_saying_a_verb_twice_does_nothing_twice(pair: list[Office]):
    north, _ = pair
    north.do("propose-terms", text=TEXT)
    north.do("finalise", digest=digest(TEXT))
    assert carry(pair) == 0


def test_an_annex_whose_parts_do_not_add_up_is_refused_before_anyone_signs(pair: list[Office]):
    north, _ = pair
    stage = """\
format: homeward-stages/1
stages:
  - stage: 1
    proposed_by: north
    agreed_on: "2031-03-02T18:00:00+02:00"
    window: ["2031-03-03T08:00:00+02:00", "2031-03-03T20:00:00+02:00"]
    counting: each
    sizes:
      - {from: north, to: south, military: 11, total: 10}
      - {from: south, to: north, military: 10, total: 10}
"""
    codes = north.refusal("propose-annex", text=stage, resources="{}")
    assert "terms.sum-mismatch" in codes


def test_nothing_is_signed_for_a_stage_that_was_never_agreed(pair: list[Office]):
    north, _ = pair
    for verb in ("close-stage", "in-safety", "home"):
        assert north.refusal(verb, stage=99, count=100_000) == ["office.no-annex"]


def test_a_malformed_request_is_a_problem_and_no_crash(pair: list[Office]):
    north, _ = pair
    assert north.refusal("decide", seeker="south") == ["office.request-malformed"]
    assert north.refusal("close-stage", stage="one") == ["office.missing-field"]


def test_a_stranger_cannot_choose_the_clock_that_countersigns(pair: list[Office]):
    north, _ = pair
    headers = {"Content-Type": "application/octet-stream", "X-Now": "1999-01-01T00:00:00+00:00"}
    status, text, _ = ask(north.port, "POST", "/api/package", b"junk", headers=headers)
    assert status == 422
    assert "office.clock-not-yours" in text
    status, _, _ = ask(north.port, "POST", "/api/do/card", {"now": NOW}, token="cl\u00e9")
    assert status == 401
