"""What happened, judged by what was agreed: each rule decides, each clock runs, each link holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.terms import check, read_done
from tests.terms.texts import codes, one_way, terms, written

WAY = {"id": "way", "from": "north", "to": "south", "quantity": {"exact": 10}}
BACK = {"id": "back", "from": "south", "to": "north", "quantity": {"exact": 10}}


def happened(read, *events, **fields):
    said = {"format": "homeward-done/1", "terms": read.id, "events": list(events), **fields}
    done, problems = read_done(written(said), read)
    assert done is not None, [str(problem) for problem in problems]
    return check(read, done=done)


def event(what, date="2031-03-10", **fields):
    return {"what": what, "date": date, **fields}


def handover(under, count, date="2031-03-10", **fields):
    return event("handover", date, under=under, count=count, **fields)


def warnings(judgement):
    return sorted(codes(p for p in judgement.problems if p.level == "warning"))


# What every judgement says beside what it found: the course of things, and what nobody told.
BACKGROUND = {
    f"terms.{code}"
    for code in ("course", "nothing-came", "known-until", "not-heard", "told", "list-unheard")
}


def found(judgement):
    return [problem for problem in judgement.problems if problem.code not in BACKGROUND]


def test_the_plain_outcomes():
    read = one_way(WAY, BACK)
    assert happened(read).verdict == "not_begun"
    assert happened(read, handover("way", 10)).verdict == "in_part"
    both = (handover("way", 10), handover("back", 10))
    assert happened(read, *both).verdict == "as_agreed"
    assert happened(read, *both, handover("way", 1)).verdict == "with_deviations"
    assert happened(read, handover("way", 10), event("stopped")).verdict == "suspended"
    resumed = (event("stopped", "2031-03-11"), event("resumed", "2031-03-12"))
    assert happened(read, handover("way", 10), *resumed).verdict == "in_part"
    assert happened(read, handover("way", 10), event("broken_off")).verdict == "failed"
    assert happened(read, event("overtaken")).verdict == "superseded"
    assert happened(read, handover("way", 10), event("replaced")).verdict == "superseded"
    closed = happened(read, *both[:1], handover("back", 9), event("closed"))
    assert (closed.verdict, warnings(closed)) == ("with_deviations", ["terms.shortfall"])


@pytest.mark.parametrize(
    ("rules", "verdict", "left"),
    [
        ({"refusal": "counts"}, "with_deviations", []),
        ({"refusal": "reduces"}, "with_deviations", []),
        ({"refusal": "replaced"}, "in_part", [2]),
        ({}, "with_deviations", []),
    ],
)
def test_a_refusal_is_reckoned_by_the_agreements_own_rule(rules, verdict, left):
    read = one_way(WAY, rules=rules) if rules else one_way(WAY)
    judgement = happened(read, handover("way", 8), event("declined", under="way", count=2))
    assert judgement.verdict == verdict
    assert [row["count"] for row in judgement.left] == left


def test_a_refusal_that_cuts_both_sides_lowers_the_other_number_too():
    read = one_way(WAY, BACK, rules={"refusal": "cuts_both"})
    declined = event("declined", under="way", count=2)
    even = happened(read, handover("way", 8), handover("back", 8), declined)
    assert even.left == ()
    assert warnings(even) == ["terms.refused-by-person"]
    over = happened(read, handover("way", 8), handover("back", 10), declined)
    assert "terms.excess" in warnings(over)


def test_a_death_leaves_the_number_owed_unless_a_rule_says_otherwise():
    died = event("died", under="way", count=1)
    assert happened(one_way(WAY), handover("way", 9), died).verdict == "in_part"
    reduced = one_way(WAY, rules={"death": "reduces"})
    assert happened(reduced, handover("way", 9), died).verdict == "with_deviations"


def test_persons_not_recognised_count_or_not_by_the_rule():
    rejected = event("not_recognised", under="way", count=3)
    assert happened(one_way(WAY), handover("way", 10), rejected).left == ()
    strict = one_way(WAY, rules={"claimant_rejects": "does_not_count"})
    assert happened(strict, handover("way", 10), rejected).left[0]["count"] == 3


def test_remains_of_somebody_else_must_be_made_good():
    bodies = {"id": "dead", "from": "north", "to": "south", "state": "remains",
              "quantity": {"exact": 4}}  # fmt: skip
    wrong = event("other_person", under="dead", count=1)
    assert happened(one_way(bodies), handover("dead", 4), wrong).left[0]["count"] == 1
    mended = happened(one_way(bodies), handover("dead", 4), wrong, handover("dead", 1))
    assert mended.left == ()
    assert warnings(mended) == ["terms.other-person"]


def test_all_of_a_class_is_met_when_the_holder_has_nobody_left():
    everybody = {"id": "all", "from": "north", "to": "south", "quantity": {"all": True}}
    read = one_way(everybody)
    came = handover("all", 40)
    assert happened(read, came).verdict == "cannot_be_decided"
    assert happened(read, came, event("held", under="all", count=0)).verdict == "as_agreed"
    some = happened(read, came, event("held", "2031-03-11", under="all", count=5))
    assert (some.verdict, some.left[0]["count"]) == ("in_part", 5)
    rest = handover("all", 4, "2031-03-12")
    kept = event("reserved", "2031-03-12", under="all", count=1)
    held = event("held", "2031-03-11", under="all", count=5)
    assert happened(read, came, held, rest, kept).verdict == "as_agreed"


def test_a_number_that_was_never_published_leaves_it_open():
    judgement = happened(one_way(WAY), event("handover", under="way"))
    assert judgement.verdict == "cannot_be_decided"
    assert codes(found(judgement)) == ["terms.count-unknown"]
    least = happened(one_way(WAY), event("handover", under="way", at_least=10))
    assert least.verdict == "as_agreed"


def test_accounts_that_straddle_the_number_leave_it_open_and_those_that_do_not_are_a_note():
    def told(**accounts):
        return happened(one_way(WAY), event("handover", under="way", accounts=accounts))

    assert told(north=12, south=9).verdict == "cannot_be_decided"
    assert warnings(told(north=12, south=9)) == ["terms.counts-differ"]
    assert "terms.counts-differ" not in warnings(told(north=12, south=11))
    assert told(north=10, south=10).verdict == "as_agreed"
    assert told(north=9, south=8).verdict == "in_part"


def test_persons_outside_the_agreement_never_fill_it():
    aside = event("handover", **{"from": "north", "to": "south"}, count=10, outside=True)
    judgement = happened(one_way(WAY), aside)
    assert judgement.verdict == "not_begun"
    assert [p.level for p in found(judgement)] == ["note"]
    later = happened(one_way(WAY), aside, event("counted", under="way", count=10))
    assert later.verdict == "as_agreed"


@pytest.mark.parametrize(
    ("due", "date", "is_late"),
    [
        ({"date": "2031-03-10"}, "2031-03-10", False),
        ({"date": "2031-03-10"}, "2031-03-11", True),
        ({"within": 6, "unit": "days", "after": "agreed"}, "2031-03-10", False),
        ({"within": 6, "unit": "days", "after": "agreed"}, "2031-03-11", True),
        ({"within": 25, "unit": "hours", "after": "agreed"}, "2031-03-06", False),
        ({"within": 25, "unit": "hours", "after": "agreed"}, "2031-03-07", True),
        ({"within": 1, "unit": "months", "after": "agreed"}, "2031-04-04", False),
        ({"within": 1, "unit": "months", "after": "agreed"}, "2031-04-05", True),
        ({"within": 1, "unit": "days", "after": "thaw"}, "2031-05-03", True),
        ({"within": 1, "unit": "days", "after": "thaw"}, "2031-05-02", False),
    ],
)
def test_a_clock_says_when_it_is_late(due, date, is_late):
    read = one_way({**WAY, "due": due}, milestones={"thaw": "the river is free"})
    thaw = event("began", "2031-05-01", id="thaw")
    judgement = happened(read, handover("way", 10, date), thaw)
    assert warnings(judgement) == (["terms.late"] if is_late else [])


def test_what_is_still_open_after_its_day_is_late_too():
    read = one_way({**WAY, "due": {"date": "2031-03-10"}})
    judgement = happened(read, handover("way", 5), known_until="2031-04")
    assert "terms.late" in warnings(judgement)


def test_an_order_by_part_is_broken_when_the_later_goes_first():
    parts = {"exact": 10, "parts": {"women": {}, "men": {}}}
    rule = {"of": "way", "first": "women", "then": "men"}
    read = one_way({**WAY, "quantity": parts}, order=[rule])
    women, men = handover("way", 5, part="women"), handover("way", 5, "2031-03-11", part="men")
    assert warnings(happened(read, women, men)) == []
    early = handover("way", 5, "2031-03-09", part="men")
    assert warnings(happened(read, women, early)) == ["terms.order-not-kept"]
    soft = one_way({**WAY, "quantity": parts}, order=[{**rule, "strength": "best_effort"}])
    assert warnings(happened(soft, women, early)) == []


def test_a_gate_opens_only_with_its_confirmation():
    gate = {"kind": "gate", "after": "money", "before": "way", "confirmed_by": "bank"}
    read = one_way(
        WAY, linkage=[gate], milestones={"money": "it has come"}, others={"bank": {"name": "Bank"}}
    )
    opened = event("confirmed", "2031-03-09", of="money")
    assert warnings(happened(read, opened, handover("way", 10))) == []
    assert warnings(happened(read, handover("way", 10))) == ["terms.gate-passed"]


def test_a_package_is_torn_when_one_part_is_missing():
    read = one_way(WAY, BACK, linkage=[{"kind": "all_or_nothing"}])
    judgement = happened(read, handover("way", 10))
    assert "terms.package-torn" in warnings(judgement)


def test_what_belongs_together_happens_on_the_same_days():
    read = one_way(WAY, BACK, linkage=[{"kind": "simultaneous", "of": ["way", "back"]}])
    apart = happened(read, handover("way", 10), handover("back", 10, "2031-03-11"))
    assert warnings(apart) == ["terms.not-at-once"]


def test_one_for_one_holds_on_each_day_and_in_each_category():
    read = terms(linkage=[{"kind": "one_for_one", "of": "all"}])

    def day(date, north, south, category="military"):
        return [
            handover("all:north-south", north, date, category=category),
            handover("all:south-north", south, date, category=category),
        ]

    even = day("2031-03-10", 300, 300) + day("2031-03-11", 300, 300, "civilian")
    assert warnings(happened(read, *even)) == []
    uneven = day("2031-03-10", 301, 300) + day("2031-03-11", 299, 300)
    assert warnings(happened(read, *uneven)) == ["terms.day-unequal"] * 2


def test_a_ratio_follows_what_came_and_a_lump_closes_on_its_sum():
    prices = [
        {"id": "h", "from": "north", "to": "south",
         "quantity": {"exact": 9, "parts": {"a": {}, "b": {"count": 3}}}},
        {"id": "k", "from": "south", "to": "north",
         "quantity": {"ratio": {"give": 4, "of": "h", "part": "a"}}},
        {"id": "l", "from": "south", "to": "north",
         "quantity": {"lump": {"give": 10, "of": "h", "for_all": 3, "part": "b"}}},
    ]  # fmt: skip
    read = one_way(*prices)

    def left(*events):
        rows = happened(read, *events).left
        return {row["obligation"]: row["count"] for row in rows}

    first = [handover("h", 2, part="a"), handover("h", 1, part="b")]
    assert left(*first) == {"h": 6, "k": 8, "l": 3}
    assert left(*first, handover("k", 8), handover("l", 3)) == {"h": 6}
    rest = [handover("h", 4, part="a"), handover("h", 2, part="b")]
    assert left(*first, *rest, handover("k", 24), handover("l", 9)) == {"l": 1}
    assert left(*first, *rest, handover("k", 24), handover("l", 10)) == {}


def test_events_of_another_agreement_or_with_unknown_names_are_refused():
    read = terms()
    said = {
        "format": "homeward-done/1",
        "terms": "elsewhere",
        "events": [
            {"date": "2031-03-10", "what": "handover", "under": "nothing", "count": 1},
            {"date": "2031-03-10", "what": "handover", "from": "east", "to": "south", "count": 1},
            {"date": "2031-03-10", "what": "handover", "count": 1, "at_least": 2},
            {"date": "2031-03-10", "what": "vanished"},
        ],
    }
    done, problems = read_done(written(said), read, "d.yaml")
    assert done is None
    assert set(codes(problems)) == {
        "terms.other-terms",
        "terms.reference-unknown",
        "terms.party-unknown",
        "terms.one-of",
        "terms.missing-field",
        "terms.unknown-word",
    }


days = st.integers(5, 25).map(lambda day: f"2031-03-{day:02d}")
some = st.builds(
    handover,
    st.sampled_from(["way", "back"]),
    st.integers(0, 12),
    days,
)


@settings(max_examples=50)
@given(events=st.lists(some, max_size=6), order=st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_written_changes_nothing(events, order):
    read = one_way(WAY, BACK)
    mixed = list(events)
    order.shuffle(mixed)
    one, other = happened(read, *events), happened(read, *mixed)
    assert (one.verdict, one.done, one.left) == (other.verdict, other.done, other.left)
    assert codes(one.problems) == codes(other.problems)


@settings(max_examples=50)
@given(events=st.lists(some, max_size=6), more=some)
def test_a_further_handover_never_lessens_what_was_done(events, more):
    read = one_way(WAY, BACK)
    before = {r["obligation"]: r["count"] for r in happened(read, *events).done}
    after = {r["obligation"]: r["count"] for r in happened(read, *events, more).done}
    assert all(after[id_] >= before[id_] for id_ in before)


@settings(max_examples=60, deadline=None)
@given(
    told=st.lists(st.tuples(st.sampled_from(["way", "back"]), st.integers(0, 14)), max_size=5),
    more=st.lists(st.tuples(st.sampled_from(["way", "back"]), st.integers(0, 14)), max_size=3),
)
def test_a_further_handover_never_removes_an_excess_that_events_showed(told, more):
    def over(handovers):
        judgement = happened(one_way(WAY, BACK), *(handover(*one) for one in handovers))
        return {p.place for p in judgement.problems if p.code == "terms.excess"}

    assert over(told) <= over([*told, *more])


def test_what_is_not_due_yet_is_short_and_no_breach():
    read = one_way({**WAY, "due": {"date": "2031-04-01"}})
    running = happened(read, handover("way", 4), known_until="2031-03-20")
    assert (running.verdict, warnings(running)) == ("in_part", [])
    assert [(p.code, p.level) for p in found(running)] == [("terms.shortfall", "note")]
    over = happened(read, handover("way", 4), known_until="2031-04-02")
    assert warnings(over) == ["terms.late", "terms.shortfall"]
    no_day = happened(one_way(WAY), handover("way", 4), known_until="2031-03-20")
    assert warnings(no_day) == ["terms.shortfall"]


def test_persons_of_whom_nothing_is_told_come_under_the_general_clause():
    hurt = {"when": {"health": "sick"}, "group": "beside", "quantity": {"all": True}}
    read = one_way(WAY, {**WAY, "id": "hurt", **hurt})
    moved = {"from": "north", "to": "south", "count": 3}
    silent = happened(read, event("handover", **moved))
    assert [(row["obligation"], row["first"]) for row in silent.done] == [
        ("hurt", None),
        ("way", "2031-03-10"),
    ]
    told = happened(read, event("handover", facts={"health": "sick"}, **moved))
    assert "2031-03-10" in [row["first"] for row in told.done if row["obligation"] == "hurt"]


def test_what_two_do_together_is_each_ones_act_and_needs_no_direction():
    talks = {"id": "talks", "between": ["north", "south"], "state": "act", "what": "talks"}
    talks["quantity"] = {"exact": 1, "counting": "each"}
    judged = happened(terms(obligations=[talks]), handover("talks", 1))
    assert {row["obligation"]: row["standing"] for row in judged.done} == {
        "talks:north-south": "met",
        "talks:south-north": "met",
    }
    assert "terms.not-owed" not in codes(judged.problems)
