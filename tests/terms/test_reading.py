"""An agreement is read strictly, and everything wrong with it is named at once, with its line."""

from __future__ import annotations

import pytest
import yaml

from homeward.terms import read_terms
from tests.terms.texts import agreement, codes, one_way, terms, text


def test_a_plain_agreement_is_two_obligations_one_each_way():
    read = terms()
    assert [(o.sender, o.to, o.count) for o in read.obligations] == [
        ("north", "south", 600),
        ("south", "north", 600),
    ]
    assert read.sides == ("north", "south")
    assert read.moves == (("north", "south"), ("south", "north"))
    assert (read.step, read.equal_by, read.order) == (20, "category", ("military", "civilian"))
    assert read.title("uk") == "Дві долини"
    assert read.name("south", "uk") == "Південь"


def test_each_and_in_total_are_different_texts_and_different_obligations():
    each = terms()
    total = terms(
        obligations=[
            {
                "id": "all",
                "between": ["north", "south"],
                "quantity": {"exact": 600, "counting": "in_total"},
            }
        ]
    )
    assert each.digest != total.digest
    assert [o.count for o in each.obligations] == [600, 600]
    assert [o.count for o in total.obligations] == [300, 300]


def test_a_total_without_equal_balance_binds_only_the_sum():
    quantity = {"exact": 600, "counting": "in_total"}
    read = one_way({"id": "all", "between": ["north", "south"], "quantity": quantity})
    assert [(o.low, o.high) for o in read.obligations] == [(0, 600), (0, 600)]
    assert [(s.quantity.low, s.quantity.high) for s in read.sums] == [(600, 600)]


def test_an_odd_total_cannot_be_shared_equally():
    quantity = {"exact": 601, "counting": "in_total"}
    _, problems = read_terms(
        text(obligations=[{"id": "all", "between": ["north", "south"], "quantity": quantity}])
    )
    assert codes(problems) == ["terms.total-not-divisible"]


def test_a_count_between_two_sides_needs_its_counting_rule():
    _, problems = read_terms(
        text(obligations=[{"id": "all", "between": ["north", "south"], "quantity": {"exact": 6}}])
    )
    assert codes(problems) == ["terms.counting-missing"]


def test_the_digest_is_of_the_bytes_that_were_signed():
    one, _ = read_terms(text())
    same, _ = read_terms(text().encode("utf-8"))
    other, _ = read_terms(text() + "# a word more\n")
    assert one.digest == same.digest
    assert one.digest != other.digest


@pytest.mark.parametrize(
    ("quantity", "hint"),
    [
        ("{ratio: {give: 2, of: b}, rounding: up}", "it stands inside ratio"),
        ("{exact: 3, readings: {north: {exact: 4}}}", "it stands beside quantity, not inside it"),
        ("{exact: 3, balance: {step: 3}}", "it stands beside obligations, not inside it"),
        ("{exact: 3, fortitude: 3}", "is the name spelled as in the reference?"),
    ],
)
def test_a_field_in_the_wrong_table_is_told_where_it_stands(quantity, hint):
    one = {"id": "a", "from": "north", "to": "south", "quantity": yaml.safe_load(quantity)}
    two = {"id": "b", "from": "south", "to": "north", "quantity": {"exact": 3}}
    _, problems = read_terms(text(obligations=[one, two]))
    (found,) = (problem for problem in problems if problem.code == "terms.unknown-field")
    assert found.hint.startswith(hint)


def test_all_problems_are_found_in_one_reading_each_on_its_line():
    wrong = """format: homeward-terms/1
id: wrong
colour: red
id: twice
agreed: {date: 2031-02-30}
parties:
  north: {name: North}
  south: {name: 7}
  west: {name: West}
obligations:
  - {id: a, from: north, to: west, quantity: {exact: 3.5}}
  - {id: b, from: north, to: north, quantity: {exact: 3}}
  - {id: c, from: north, to: east, quantity: {exact: 3}}
balance: {equal_by: total}
"""
    read, problems = read_terms(wrong, "wrong.yaml")
    assert read is None
    found = {(problem.place, problem.code) for problem in problems}
    assert {
        ("wrong.yaml:3", "terms.unknown-field"),
        ("wrong.yaml:4", "terms.key-twice"),
        ("wrong.yaml:5", "terms.no-such-date"),
        ("wrong.yaml:8", "terms.wrong-type"),
        ("wrong.yaml:11", "terms.wrong-type"),
        ("wrong.yaml:12", "terms.gives-to-itself"),
        ("wrong.yaml:13", "terms.party-unknown"),
        ("wrong.yaml:14", "terms.step-missing"),
    } <= found


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"", "empty", 1),
        (b"  \n \n", "empty", 1),
        (b"id: a\ntitle: \xff\n", "encoding", 2),
        (b"id: [a\nb: c", "yaml-syntax", 2),
        (b"id: a\nx: \x07\n", "yaml-syntax", 2),
        (b"a: &x [1]\nb: *x\n", "alias", 1),
        (b"a: !!python/name:os.system x\n", "tag", 1),
        (b"a: 1\n---\nb: 2\n", "second-document", 2),
        (b"[" * 4000, "too-deep", 1),
        (b"x" * 2_000_001, "too-long", 1),
        (b"- a list\n", "wrong-type", 1),
    ],
)
def test_what_is_no_agreement_is_refused_with_a_reason(content, code, line):
    read, problems = read_terms(content)
    assert read is None
    assert (problems[0].code, problems[0].place) == (f"terms.{code}", f"terms.yaml:{line}")


@pytest.mark.parametrize("written", ["yes", "no", "0x10", "1:30", "1_000", "~", "1e3"])
def test_a_value_that_other_readers_would_change_is_refused_as_a_number_and_as_text(written):
    as_number = text().replace("exact: 600", f"exact: {written}")
    assert "terms.wrong-type" in codes(read_terms(as_number)[1])
    if written != "1:30":
        as_text = text().replace("place: Valletta", f"place: {written}")
        assert "terms.wrong-type" in codes(read_terms(as_text)[1])


def test_a_byte_order_mark_and_windows_lines_do_no_harm():
    content = "\ufeff" + text().replace("\n", "\r\n")
    read, problems = read_terms(content.encode("utf-8"))
    assert read is not None
    assert problems == ()


def test_names_in_any_script_are_kept_and_ids_are_plain():
    read = terms(parties={"north": {"name": "شمال"}, "south": {"name": {"he": "דרום"}}})
    assert read.name("north", "en") == "شمال"
    assert read.name("south", "ar") == "דרום"
    _, problems = read_terms(text(id="Valley"))
    assert codes(problems) == ["terms.bad-id"]


def test_a_ring_is_three_moves_and_nobody_gives_to_itself():
    ring = [
        {"id": "a", "from": "north", "to": "south", "quantity": {"exact": 4}},
        {"id": "b", "from": "south", "to": "west", "quantity": {"exact": 4}},
        {"id": "c", "from": "west", "to": "north", "quantity": {"exact": 4}},
    ]
    parties = {side: {"name": side} for side in ("north", "south", "west")}
    read = terms(parties=parties, obligations=ring, balance={"equal_by": "total", "step": 2})
    assert read.moves == (("north", "south"), ("south", "west"), ("west", "north"))
    ring[1]["to"] = "south"
    _, problems = read_terms(
        text(parties=parties, obligations=ring, balance={"equal_by": "total", "step": 2})
    )
    assert "terms.gives-to-itself" in codes(problems)


def test_numbers_that_are_promised_equal_must_be_equal():
    unequal = [
        {"id": "a", "from": "north", "to": "south", "quantity": {"exact": 70}},
        {"id": "b", "from": "south", "to": "north", "quantity": {"exact": 18}},
    ]
    _, problems = read_terms(text(obligations=unequal))
    assert codes(problems) == ["terms.unequal-obligations"]
    agreed = {"equal_by": "nothing", "step": 5, "end": {"north": 52}}
    assert terms(obligations=unequal, balance=agreed).step == 5
    _, problems = read_terms(text(obligations=unequal, balance={**agreed, "end": {"north": 51}}))
    assert codes(problems) == ["terms.end-balance"]


def test_without_a_step_the_absence_of_a_bound_must_be_said():
    _, problems = read_terms(text(balance={"equal_by": "total"}))
    assert codes(problems) == ["terms.step-missing"]
    assert terms(balance={"equal_by": "total", "no_bound": True}).step is None


def test_parts_must_close_on_their_whole():
    def parts(**made):
        quantity = {"exact": 600, "counting": "each", "parts": made}
        obligation = {"id": "all", "between": ["north", "south"], "quantity": quantity}
        return codes(read_terms(text(obligations=[obligation]))[1])

    assert parts(a={"count": 500}, b={"count": 100}) == []
    assert parts(a={"count": 500}, b={"count": 101}) == ["terms.parts-mismatch"]
    assert parts(a={"percent": 80}, b={"percent": 10}) == ["terms.parts-mismatch"]


def test_one_person_cannot_be_in_two_categories():
    overlapping = {
        "military": {"when": {"category": ["prisoner_of_war", "medical"]}},
        "staff": {"when": {"category": ["medical"]}},
    }
    _, problems = read_terms(text(categories=overlapping, balance={"no_bound": True}))
    assert codes(problems) == ["terms.categories-overlap"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"balance": {"no_bound": True, "order": ["sailors"]}}, "category-unknown"),
        ({"balance": {"no_bound": True, "step": 4}}, "one-of"),
        ({"balance": {"no_bound": True, "first": "east"}}, "party-unknown"),
        (
            {"sums": [{"id": "s", "of": ["all", "x"], "quantity": {"exact": 1}}]},
            "reference-unknown",
        ),
        ({"linkage": [{"kind": "gate", "after": "x", "before": "all"}]}, "reference-unknown"),
        ({"linkage": [{"kind": "sometimes"}]}, "unknown-word"),
        ({"announcements": {"may": ["east"]}}, "party-unknown"),
        ({"others": {"north": {"name": "North again"}}}, "id-twice"),
        ({"obligations": []}, "wrong-length"),
        ({"parties": None}, "missing-field"),
        ({"rules": {"refusal": "punished"}}, "unknown-word"),
    ],
)
def test_what_does_not_fit_together_is_named(changes, code):
    assert f"terms.{code}" in codes(read_terms(text(**changes))[1])


def test_a_key_must_end_at_a_number():
    circle = [
        {"id": "a", "from": "north", "to": "south", "quantity": {"ratio": {"give": 2, "of": "b"}}},
        {"id": "b", "from": "south", "to": "north", "quantity": {"ratio": {"give": 2, "of": "a"}}},
    ]
    _, problems = read_terms(text(obligations=circle, balance={"no_bound": True}))
    assert set(codes(problems)) == {"terms.key-of-itself"}


def test_no_problem_repeats_a_free_text_of_the_agreement():
    secret = "Surname Of A Prisoner"
    wrong = agreement()
    wrong["obligations"][0]["what"] = [secret]
    wrong["obligations"][0]["note"] = {"en": secret, "e n": secret}
    _, problems = read_terms(yaml.safe_dump(wrong))
    assert problems
    assert not any(secret in str(problem) for problem in problems)


def test_category_of_reads_facts_and_says_nothing_where_it_cannot_tell():
    read = terms()
    assert read.category_of({"category": "medical"}) == "military"
    assert read.category_of({"category": "civilian"}) == "civilian"
    assert read.category_of({"category": "unknown"}) is None
    assert read.category_of({}) is None
    assert terms(categories=None, balance={"no_bound": True}).category_of({}) == "person"
