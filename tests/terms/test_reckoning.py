"""What follows by sums from clauses without a number: shares, mixes, scales, controls."""

from __future__ import annotations

import pytest

from homeward.terms import check
from homeward.terms.judging import RULES
from homeward.terms.kernel import Cell, Position
from tests.terms.test_events import BACK, WAY, event, found, handover, happened, warnings
from tests.terms.texts import codes, one_way, terms

EVERYBODY = {"id": "all", "between": ["north", "south"], "quantity": {"all": True}}


def reckoned(judgement, kind):
    return [(r["what"], r["found"], r["asked"]) for r in judgement.reckoned if r["kind"] == kind]


def notes(judgement):
    return sorted(codes(p for p in found(judgement) if p.level == "note"))


def test_a_release_keeps_pace_with_another_process_or_falls_behind():
    read = one_way(WAY, linkage=[{"id": "troops", "kind": "pace", "of": "way", "with": "troops"}])

    def told(percent):
        half = event("progress", "2031-03-11", of="troops", percent=percent)
        return happened(read, handover("way", 5), half, handover("way", 5, "2031-03-12"))

    assert warnings(told(50)) == []
    assert reckoned(told(50), "pace") == [("2031-03-11", "50.0 %", "50 %")]
    assert warnings(told(51)) == ["terms.pace-behind"]
    assert notes(happened(read, handover("way", 10))) == ["terms.pace-unknown"]


def test_each_day_moves_the_same_share_to_within_one_head():
    double = {**BACK, "quantity": {"exact": 20}}
    read = one_way(WAY, double, linkage=[{"kind": "same_share", "of": ["way", "back"]}])
    rest = (handover("way", 5, "2031-03-11"), handover("back", 10, "2031-03-11"))
    even = happened(read, handover("way", 5), handover("back", 10), *rest)
    assert (even.verdict, warnings(even)) == ("as_agreed", [])
    assert reckoned(even, "same_share")[0] == ("2031-03-10 way", "50.0 %", "50.0 %")
    nearly = happened(read, handover("way", 5), handover("back", 11), *rest)
    assert "terms.share-unequal" not in warnings(nearly)
    uneven = happened(read, handover("way", 5), handover("back", 13), *rest)
    assert "terms.share-unequal" in warnings(uneven)


def test_a_share_of_a_number_that_is_only_believed_proves_no_breach():
    read = one_way(
        {**WAY, "quantity": {"all": {"believed": 100}}},
        {**BACK, "quantity": {"all": {"believed": 100}}},
        linkage=[{"kind": "same_share", "of": ["way", "back"]}],
    )  # fmt: skip
    judgement = happened(read, handover("way", 50), handover("back", 20))
    assert "terms.share-unequal" in notes(judgement)


def test_all_of_a_class_means_both_sides_however_unequal():
    read = one_way(EVERYBODY, linkage=[{"kind": "class_for_class", "of": "all"}])
    came = (handover("all:north-south", 9), handover("all:south-north", 2))
    gone = event("held", under="all:north-south", count=0)
    assert happened(read, *came, gone, event("held", under="all:south-north", count=0)).left == ()
    kept = happened(read, *came, gone, event("held", under="all:south-north", count=1))
    assert "terms.class-one-sided" in warnings(kept)
    assert "terms.class-unknown" in notes(happened(read, *came))


MIX = {"exact": 10, "parts": {"long": {"percent": 80}, "short": {"percent": 20}}}


def test_a_mix_by_percent_is_reckoned_in_whole_persons_and_unknown_where_nobody_tells():
    read = one_way({**WAY, "quantity": MIX})
    good = happened(read, handover("way", 8, part="long"), handover("way", 2, part="short"))
    assert (good.verdict, warnings(good)) == ("as_agreed", [])
    assert reckoned(good, "mix") == [("long", 8, 8), ("short", 2, 2)]
    bad = happened(read, handover("way", 7, part="long"), handover("way", 3, part="short"))
    assert warnings(bad) == ["terms.mix-differs", "terms.mix-differs"]
    untold = happened(read, handover("way", 10))
    assert (untold.verdict, notes(untold)) == ("cannot_be_decided", ["terms.mix-unknown"])


def test_a_count_within_a_number_that_nobody_told_is_a_note():
    parts = {"seamen": {"count": 6}, "others": {"count": 4}}
    read = one_way({**WAY, "quantity": {"exact": 10, "parts": parts}})
    untold = happened(read, handover("way", 10))
    assert (untold.verdict, notes(untold)) == ("as_agreed", ["terms.mix-unknown"])
    other = happened(read, handover("way", 5, part="seamen"), handover("way", 5, part="others"))
    assert warnings(other) == ["terms.mix-differs"] * 2


def test_facts_of_an_event_say_to_which_part_it_belongs():
    parts = {
        "young": {"percent": 50, "when": {"age": {"at_most": 25}}},
        "old": {"percent": 50, "when": {"age": {"at_least": 26}}},
    }
    read = one_way({**WAY, "quantity": {"exact": 10, "parts": parts}})
    told = [handover("way", 5, facts={"age": age}) for age in (20, 40)]
    assert happened(read, *told).verdict == "as_agreed"


def test_the_parts_of_a_key_grow_with_what_it_pays_for():
    key = {"ratio": {"give": 5, "of": "way"}, "parts": {"life": {"count": 2}, "rest": {"count": 3}}}
    read = one_way({**WAY, "quantity": {"exact": 2}}, {**BACK, "quantity": key})
    paid = [handover("back", 4, part="life"), handover("back", 6, part="rest")]
    assert happened(read, handover("way", 2), *paid).verdict == "as_agreed"
    other = [handover("back", 6, part="life"), handover("back", 4, part="rest")]
    assert warnings(happened(read, handover("way", 2), *other)) == ["terms.mix-differs"] * 2


SCALE = {"by": "rank", "values": {"major": 8, "private": 1}, "same_first": True}


def ranked(way, **ranks):
    return [handover(way, n, facts={"rank": rank}) for rank, n in ranks.items()]


def test_a_scale_is_settled_in_units_after_rank_for_rank():
    read = one_way(WAY, {**BACK, "quantity": {"exact": 17}}, equivalence=SCALE)
    judgement = happened(
        read, *ranked("way", major=2, private=8), *ranked("back", major=1, private=16)
    )
    assert reckoned(judgement, "scale") == [("north", 24, None), ("south", 24, None)]
    assert reckoned(judgement, "same_first") == [("major", 1, 1), ("private", 8, 8)]
    assert judgement.verdict == "as_agreed"


def test_units_that_stay_unequal_matter_when_the_sides_close():
    equal = {"equal_by": "total", "no_bound": True}
    read = one_way(WAY, BACK, equivalence=SCALE, balance=equal)
    uneven = [*ranked("way", major=10), *ranked("back", private=10)]
    assert "terms.units-unequal" in notes(happened(read, *uneven))
    assert warnings(happened(read, *uneven, event("closed"))) == ["terms.units-unequal"]
    untold = happened(read, handover("way", 10), *ranked("back", private=10))
    assert notes(untold) == ["terms.units-unknown"]
    assert reckoned(untold, "scale")[0] == ("north", 10, 80)


def test_groups_of_rank_never_convert_into_each_other():
    groups = {"by": "rank", "groups": {"officers": ["major"], "men": ["private", "corporal"]}}
    read = one_way(WAY, BACK, equivalence=groups)
    told = [*ranked("way", major=2, private=8), *ranked("back", corporal=7, private=3)]
    judgement = happened(read, *told)
    assert reckoned(judgement, "group") == [("men", 8, 2), ("officers", 0, 2)]
    assert notes(judgement) == ["terms.group-unmatched"] * 2


def test_a_position_under_a_scale_is_told_in_units_too():
    read = terms(equivalence=SCALE)
    kind = ("military", "living", "inside")
    cells = (Cell("north", "south", *kind, 1, 1, "both", "transferred", 2, 16),)
    rows = reckoned(check(read, position=Position("", cells)), "scale")
    assert rows == [("north", 16, None), ("south", 0, None)]


def pause(**changes):
    said = {"each": 10, "of": "way", "gives": 1, "unit": "days", "at_most": 6, **changes}
    return one_way(
        {**WAY, "quantity": {"at_least": 20}, "stage": "first"},
        stages=[{"id": "first", "days": 2}], start="2031-03-10", extension=said,
    )  # fmt: skip


def prolonged(until, date="2031-03-11"):
    return event("prolonged", date, until=until)


def test_further_persons_earn_further_days_up_to_the_limit():
    read = pause()
    first = handover("way", 20)
    third = handover("way", 10, "2031-03-12")
    good = happened(read, first, prolonged("2031-03-12"), third)
    assert (good.verdict, warnings(good)) == ("as_agreed", [])
    assert reckoned(good, "extension") == [("earned", 1, 1), ("used", 1, 4)]
    unearned = happened(read, first, prolonged("2031-03-12"), handover("way", 9, "2031-03-12"))
    assert warnings(unearned) == ["terms.extension-unearned"]
    many = [handover("way", 50, "2031-03-12"), prolonged("2031-03-16")]
    assert warnings(happened(read, first, *many)) == ["terms.extension-beyond"]


def test_a_gate_by_share_opens_when_so_much_has_come():
    money = {"id": "goods", "from": "south", "to": "north", "state": "asset",
             "quantity": {"exact": 100, "unit": "tons"}}  # fmt: skip
    gate = {"kind": "gate", "after": "goods", "share": 20, "before": "way"}
    read = one_way(WAY, money, linkage=[gate])
    assert "terms.gate-passed" in warnings(
        happened(read, handover("goods", 19), handover("way", 10))
    )
    opened = happened(read, handover("goods", 20), handover("way", 10))
    assert warnings(opened) == ["terms.shortfall"]
    late = happened(read, handover("goods", 20, "2031-03-11"), handover("way", 10))
    assert "terms.gate-passed" in warnings(late)


def test_a_total_is_held_against_its_pieces():
    pieces = (handover("way", 4), handover("way", 6, "2031-03-11"))
    right = event("total", "2031-03-11", together="way", count=10)
    assert found(happened(one_way(WAY), *pieces, right)) == []
    wrong = event("total", "2031-03-11", together="way", count=11)
    assert notes(happened(one_way(WAY), *pieces, wrong)) == ["terms.total-differs"]


def test_a_belief_about_all_is_held_against_what_they_were():
    read = one_way({**WAY, "quantity": {"all": {"believed": 100}}})
    gone = event("held", under="way", count=0)
    assert found(happened(read, handover("way", 100), gone)) == []
    assert notes(happened(read, handover("way", 44), gone)) == ["terms.other-than-believed"]


def test_a_stage_that_had_a_size_is_held_to_it():
    read = one_way(WAY, stages=[{"id": "one", "date": "2031-03-10", "sizes": {"way": 4}}])
    rest = handover("way", 6, "2031-03-11")
    assert warnings(happened(read, handover("way", 4), rest)) == []
    other = happened(read, handover("way", 5), handover("way", 5, "2031-03-11"))
    assert warnings(other) == ["terms.stage-differs"]


def test_days_before_the_agreement_or_after_the_horizon_are_named():
    early = happened(one_way(WAY), handover("way", 10, "2031-03-03"))
    assert warnings(early) == ["terms.before-agreed"]
    with pytest.raises(AssertionError, match=r"terms\.after-known"):
        happened(one_way(WAY), handover("way", 10), known_until="2031-03-09")


def test_the_lead_of_each_side_is_reckoned_by_day():
    read = one_way(WAY, BACK, balance={"step": 4})
    judgement = happened(
        read,
        handover("way", 5),
        handover("back", 10, "2031-03-11"),
        handover("way", 5, "2031-03-11"),
    )
    assert reckoned(judgement, "lead") == [
        ("north 2031-03-10", 5, 4),
        ("north end", 0, None),
        ("south 2031-03-11", 0, 4),
        ("south end", 0, None),
    ]
    assert warnings(judgement) == ["terms.lead-exceeded"]


def test_an_agreed_difference_at_the_end_is_held_against_what_it_was():
    uneven = {**WAY, "quantity": {"exact": 12}}
    read = one_way(uneven, BACK, balance={"no_bound": True, "end": {"north": 2}})
    met = (handover("way", 12), handover("back", 10), event("closed"))
    assert warnings(happened(read, *met)) == []
    short = (handover("way", 12), handover("back", 9), event("closed"))
    assert warnings(happened(read, *short)) == ["terms.end-not-reached", "terms.shortfall"]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_table_of_verdicts_can_decide(rule):
    read = one_way(WAY, BACK)
    both = (handover("way", 10), handover("back", 10))
    stories = {
        "V1": (event("overtaken"),),
        "V2": (handover("way", 1), event("broken_off")),
        "V3": (handover("way", 1), event("stopped")),
        "V4": (),
        "V5": (handover("way", 1),),
        "V6": (handover("way", 10), event("handover", under="back")),
        "V7": (*both, event("declined", under="way", count=1)),
        "V8": both,
    }
    judgement = happened(read, *stories[rule])
    assert (judgement.rule, judgement.verdict) == (rule, RULES[rule])


def test_a_total_of_another_fate_is_held_against_its_pieces():
    read = one_way(WAY)

    def told(total, fate="declined"):
        gone = event("declined", under="way", count=2), event("declined", under="way", count=1)
        whole = event("total", together="way", fate=fate, count=total)
        return "terms.total-differs" in notes(happened(read, *gone, whole))

    assert (told(3), told(4), told(3, "kept_back")) == (False, True, True)


def test_how_many_are_held_is_true_of_its_day_alone():
    read = one_way({**WAY, "quantity": {"all": True}})
    held = [
        event("held", day, under="way", count=n)
        for day, n in (("2031-03-10", 7), ("2031-03-12", 4))
    ]
    right = event("total", "2031-03-12", together="way", fate="held", count=4)
    wrong = event("total", "2031-03-12", together="way", fate="held", count=11)
    assert "terms.total-differs" not in notes(happened(read, *held, right))
    assert "terms.total-differs" in notes(happened(read, *held, wrong))


def test_one_day_a_year_from_all_others_is_asked_about():
    read = one_way(WAY)
    days = [handover("way", 2, f"2031-03-{day}") for day in (10, 11, 12)]
    assert "terms.date-apart" not in notes(happened(read, *days, handover("way", 4, "2031-05-12")))
    assert "terms.date-apart" in notes(happened(read, *days, handover("way", 4, "2032-03-12")))


def test_a_stage_fixed_for_a_day_has_something_on_that_day():
    fixed = {"id": "one", "date": "2031-03-12", "sizes": {"way": 10}}
    read = one_way(WAY, stages=[fixed])
    on_its_day = happened(read, handover("way", 10, "2031-03-12"), known_until="2031-04-01")
    assert warnings(on_its_day) == []
    another = happened(read, handover("way", 10, "2031-03-13"), known_until="2031-04-01")
    assert warnings(another) == ["terms.stage-differs"]
    not_yet = happened(read, known_until="2031-03-11")
    assert warnings(not_yet) == []
    moved = handover("way", 10, "2031-03-13", stage="one")
    assert "terms.stage-differs" in warnings(happened(read, moved, known_until="2031-04-01"))
