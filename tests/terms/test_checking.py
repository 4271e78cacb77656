"""Transfers, plans and positions against the terms: what is broken, what is left, which word."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.terms import check, read_done, read_terms
from homeward.terms.allotment import Moved, allot
from homeward.terms.judging import movements
from homeward.terms.kernel import Cell, Kind, Position, Transfer
from tests.terms.texts import agreement, annexes, codes, one_way, stage, terms, written

MILITARY = Kind("military")


def transfers(count, sender="north", to="south", kind=MILITARY, stage=1, step=0, first=0):
    return [
        Transfer(f"{sender}{first + n}", sender, to, kind, stage, step or 1 + n // 20)
        for n in range(count)
    ]


def both(count, **options):
    return transfers(count, **options) + transfers(count, "south", "north", **options)


def test_nothing_done_is_not_begun_and_everything_is_left():
    judgement = check(terms())
    assert judgement.verdict == "not_begun"
    assert [row["count"] for row in judgement.left] == [600, 600]
    assert {problem.level for problem in judgement.problems} == {"warning"}


def test_half_is_in_part_and_all_is_as_agreed():
    read = terms()
    half = check(read, transfers=both(300))
    assert (half.verdict, half.problems) == ("in_part", ())
    assert [row["count"] for row in half.left] == [300, 300]
    whole = check(read, transfers=both(600))
    assert (whole.verdict, whole.problems, whole.left) == ("as_agreed", (), ())


def test_one_more_than_agreed_is_an_excess_in_its_direction_only():
    judgement = check(terms(), transfers=both(600) + transfers(1, first=600, step=31))
    assert codes(judgement.problems) == ["terms.excess"]
    assert judgement.problems[0].value.startswith("601: north to south")
    assert judgement.verdict == "with_deviations"


def test_in_total_allows_half_each_and_no_more():
    read = terms(
        obligations=[
            {
                "id": "all",
                "between": ["north", "south"],
                "quantity": {"exact": 600, "counting": "in_total"},
            }
        ]
    )
    assert check(read, transfers=both(300)).verdict == "as_agreed"
    assert "terms.excess" in codes(check(read, transfers=both(301)).problems)


def test_persons_nobody_owes_are_named_apart():
    judgement = check(terms(), transfers=transfers(2, kind=Kind("military", "remains", "beside")))
    assert codes(judgement.problems) == ["terms.not-owed"]


def test_a_step_holds_no_more_heads_than_agreed_beside_ones_apart():
    read = terms(
        obligations=[
            *agreement()["obligations"],
            {"id": "hurt", "from": "north", "to": "south", "group": "beside",
             "quantity": {"at_least": 0}},
        ]
    )  # fmt: skip
    full = transfers(20, step=1)
    assert check(read, transfers=full).problems == ()
    wounded = transfers(5, kind=Kind("military", "living", "beside"), first=900, step=1)
    assert check(read, transfers=full + wounded).problems == ()
    over = check(read, transfers=[*full, *transfers(1, first=700, step=1)])
    assert codes(over.problems) == ["terms.step-exceeded"]


def test_within_a_stage_the_categories_keep_their_order():
    early = transfers(3, kind=Kind("civilian"), step=1)
    judgement = check(terms(), transfers=early + transfers(3, first=50, step=2))
    assert codes(judgement.problems) == ["terms.order-broken"]


CIVILIAN = Kind("civilian")


def test_equal_by_category_is_broken_when_the_categories_can_no_longer_meet():
    read = terms()
    north = transfers(600)
    south = transfers(590, "south", "north")
    still_open = check(read, transfers=north + south)
    assert still_open.problems == ()
    last = transfers(10, "south", "north", kind=CIVILIAN, first=900, step=31)
    closed = check(read, transfers=north + south + last)
    assert codes(closed.problems) == ["terms.split-unequal"]
    assert closed.left == ()
    by_total = terms(balance={"equal_by": "total", "step": 20})
    assert check(by_total, transfers=north + south + last).problems == ()


def test_a_stage_holds_no_more_than_its_annex():
    read = terms()
    agreed, _ = annexes(stage(1), terms_=read)
    fits = both(130)
    assert check(read, transfers=fits, annexes=agreed).problems == ()
    more = fits + transfers(1, first=130, step=7)
    assert codes(check(read, transfers=more, annexes=agreed).problems) == ["terms.stage-exceeded"]


def test_one_person_cannot_go_twice():
    twice = transfers(1, step=1)
    judgement = check(terms(), transfers=[*twice, replace(twice[0], step=2)])
    assert codes(judgement.problems) == ["terms.handle-twice"]


@dataclass
class Row:
    handle: str
    sender: str = "north"
    to: str = "south"
    stage: int = 1
    step: int = 1
    category: str = "military"
    state: str = "living"
    group: str = "inside"


@dataclass
class Line:
    handle: str
    holder: str = "north"
    claimant: str = "south"
    category: str = "military"
    state: str = "living"


def test_plan_rows_are_held_against_their_lines():
    lines = [Line("a"), Line("b", holder="south", claimant="north"), Line("c", category="civilian")]
    rows = [Row("a"), Row("b"), Row("c"), Row("d")]
    found = codes(check(terms(), plan_rows=rows, lines=lines).problems)
    assert sorted(found) == [
        "terms.handle-unknown",
        "terms.other-category",
        "terms.other-claimant",
        "terms.other-holder",
    ]


def cell(count, sender="north", to="south", attested="both", outcome="transferred"):
    kind = ("military", "living", "inside")
    return Cell(sender, to, *kind, 1, 1, attested, outcome, count, count)


def test_only_what_both_sides_signed_counts_in_a_position():
    read = terms()
    cells = (cell(15), cell(3, attested="holder"), cell(2, outcome="not_transferred"))
    judgement = check(read, position=Position("", cells))
    assert [row["count"] for row in judgement.done] == [15, 0]
    assert judgement.verdict == "in_part"


def test_a_lead_beyond_the_step_is_a_problem():
    position = Position("", (cell(15),), largest_lead={"north": 21, "south": 20})
    assert codes(check(terms(), position=position).problems) == ["terms.lead-exceeded"]


def test_a_person_fills_the_clause_that_needs_them_whatever_the_order():
    read = one_way(
        {"id": "young", "from": "north", "to": "south", "quantity": {"exact": 2},
         "when": {"age": {"at_most": 25, "at": "agreed"}}},
        {"id": "any", "from": "north", "to": "south", "quantity": {"at_most": 2}},
    )  # fmt: skip

    moved = [
        Moved("north", "south", None, "living", None, 2, facts={"age": "40"}),
        Moved("north", "south", None, "living", None, 2, facts={"age": "20"}),
    ]
    for order in (moved, moved[::-1]):
        assert allot(read, order).done == {"any": 2, "young": 2}
        assert allot(read, order).problems == ()


def test_persons_go_first_to_the_clause_that_asks_for_a_number():
    read = one_way(
        {"id": "a-may", "from": "north", "to": "south", "quantity": {"at_most": 5}},
        {"id": "b-must", "from": "north", "to": "south", "quantity": {"exact": 5}},
    )
    judgement = check(read, transfers=transfers(5))
    assert {row["obligation"]: row["count"] for row in judgement.done} == {"a-may": 0, "b-must": 5}
    assert judgement.left == ()


def test_a_sum_over_several_clauses_has_a_ceiling_of_its_own():
    quantity = {"exact": 600, "counting": "in_total"}
    read = one_way({"id": "all", "between": ["north", "south"], "quantity": quantity})
    assert check(read, transfers=both(300)).verdict == "as_agreed"
    uneven = transfers(400) + transfers(201, "south", "north")
    judgement = check(read, transfers=uneven)
    assert [p.value for p in judgement.problems] == ["601 in total"]
    assert check(read, transfers=transfers(400)).left[0]["count"] == 200


flows = st.lists(
    st.tuples(
        st.sampled_from([("north", "south"), ("south", "north")]),
        st.sampled_from(["military", "civilian"]),
        st.sampled_from(["living", "remains"]),
    ),
    max_size=30,
)
KINDS = [
    {"id": "m", "between": ["north", "south"], "category": "military",
     "quantity": {"exact": 5, "counting": "each"}},
    {"id": "c", "from": "north", "to": "south", "category": "civilian", "quantity": {"at_most": 3}},
    {"id": "any", "from": "north", "to": "south", "quantity": {"range": [1, 4]}},
    {"id": "dead", "from": "south", "to": "north", "state": "either", "quantity": {"about": 10}},
]  # fmt: skip


def made(flow):
    return [
        Transfer(f"h{n}", sender, to, Kind(category, state), 1, 1)
        for n, ((sender, to), category, state) in enumerate(flow)
    ]


@settings(max_examples=50)
@given(flow=flows, order=st.permutations(range(len(KINDS))))
def test_the_order_of_clauses_changes_nothing(flow, order):
    plain = one_way(*KINDS)
    mixed = one_way(*(KINDS[n] for n in order))
    one, other = check(plain, transfers=made(flow)), check(mixed, transfers=made(flow))
    assert (one.done, one.left, one.verdict) == (other.done, other.left, other.verdict)
    assert codes(one.problems) == codes(other.problems)


@settings(max_examples=50)
@given(flow=flows, more=flows)
def test_adding_transfers_never_removes_an_excess(flow, more):

    read = one_way(*KINDS)
    before = allot(read, movements(made(flow))).excess
    after = allot(read, movements(made(flow + more))).excess
    assert before <= after


@settings(max_examples=50)
@given(flow=flows)
def test_everybody_is_counted_once_somewhere(flow):

    allotment = allot(one_way(*KINDS), movements(made(flow)))
    assert sum(allotment.done.values()) + allotment.not_owed == len(flow)


def test_a_judgement_becomes_the_json_of_the_command():
    document = check(terms(), transfers=both(1)).to_json()
    assert set(document) == {
        *("problems", "owed", "done", "left", "verdict", "rule", "reckoned"),
    }
    assert document["owed"][0]["counting"] == "each"


def test_terms_that_are_refused_are_none():
    assert read_terms("")[0] is None


def test_a_list_alone_moves_nobody_and_names_whom_no_clause_covers():
    listed = [Line("a"), Line("b", category="civilian"), Line("c", state="remains")]
    judgement = check(terms(), lines=listed)
    assert judgement.verdict == "not_begun"
    assert [row["count"] for row in judgement.left] == [600, 600]
    assert [(p.code, p.level) for p in judgement.problems] == [("terms.not-owed", "error")]
    assert "remains" in judgement.problems[0].value


def test_a_list_longer_than_what_is_owed_is_a_pool_and_only_a_note():
    read = one_way({"id": "few", "from": "north", "to": "south", "quantity": {"exact": 2}})
    three = [Line(f"p{n}") for n in range(3)]
    assert [(p.code, p.level) for p in check(read, lines=three).problems] == [
        ("terms.excess", "note")
    ]
    assert check(read, lines=three[:2]).problems == ()


def test_a_list_with_an_unknown_category_or_one_person_twice_says_so():
    judgement = check(terms(), lines=[Line("a", category="guest"), Line("b"), Line("b")])
    assert codes(judgement.problems) == ["terms.handle-twice", "terms.category-unknown"]


def test_counts_persons_and_a_public_position_give_the_same_answer():
    read = terms()
    counts = {"format": "homeward-done/1", "terms": "two-valleys", "events": []}
    for sender, to in (("north", "south"), ("south", "north")):
        counts["events"].append(
            {"date": "2031-03-10", "what": "handover", "under": f"all:{sender}-{to}", "count": 300}
        )
    told, _ = read_done(written(counts), read)
    cells = tuple(cell(300, sender, to) for sender, to in (("north", "south"), ("south", "north")))
    published = Position.from_json(json.loads(json.dumps(Position("", cells).to_json())))
    answers = [
        check(read, done=told),
        check(read, transfers=both(300)),
        check(read, plan_rows=[vars(Row(t.handle, t.sender, t.to)) for t in both(300)]),
        check(read, position=published),
    ]
    assert {answer.verdict for answer in answers} == {"in_part"}
    assert [[row["count"] for row in answer.left] for answer in answers] == [[300, 300]] * 4
