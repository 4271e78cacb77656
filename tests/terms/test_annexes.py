"""Stage annexes: sums close, splits match, counting rules agree, windows exist and keep apart."""

from __future__ import annotations

import pytest

from homeward.terms import read_annexes
from tests.terms.texts import annexes, codes, stage, terms


def test_three_good_stages_have_no_problems_and_keep_their_sizes():
    read = terms()
    found, problems = annexes(stage(1), stage(2), stage(3), terms_=read)
    assert problems == ()
    assert [annex.stage for annex in found] == [1, 2, 3]
    assert found[0].count(sender="north", category="military") == 130
    assert found[0].count(sender="north") == 200
    assert found[0].window[0].isoformat() == "2031-03-11T06:00:00+02:00"


def test_parts_that_do_not_add_up_to_the_total_are_flagged():
    wrong = {"military": 130, "civilian": 71, "total": 200}
    _, problems = annexes(stage(north=wrong, south=wrong), terms_=terms())
    assert codes(problems) == ["terms.sum-mismatch", "terms.sum-mismatch"]
    assert "130 + 71 = 201" in problems[0].expected


def test_a_sum_that_closes_does_not_hide_a_split_that_differs():
    other = {"military": 131, "civilian": 69, "total": 200}
    _, problems = annexes(stage(north=other), terms_=terms())
    assert codes(problems) == ["terms.split-unequal", "terms.split-unequal"]


def test_the_split_must_fit_what_the_categories_leave_though_both_directions_match():
    obligations = [
        {
            "id": name,
            "between": ["north", "south"],
            "category": name,
            "quantity": {"exact": n, "counting": "each"},
        }
        for name, n in (("military", 530), ("civilian", 70))
    ]
    read = terms(obligations=obligations)
    same = {"military": 129, "civilian": 71, "total": 200}
    _, problems = annexes(stage(north=same, south=same), terms_=read)
    assert codes(problems) == ["terms.excess", "terms.excess"]


def test_half_the_number_counted_in_total_is_another_deal():
    half = {"military": 65, "civilian": 35, "total": 100}
    in_total = stage(north=half, south=half, counting="in_total", total=200)
    _, problems = annexes(in_total, terms_=terms())
    assert codes(problems) == ["terms.counting-differs"]
    each = stage(north=half, south=half, counting="each", total=200)
    _, problems = annexes(each, terms_=terms())
    assert set(codes(problems)) == {"terms.sum-mismatch"}


def test_more_over_all_stages_than_was_agreed_is_flagged():
    big = {"military": 250, "civilian": 70}
    _, problems = annexes(*(stage(n, north=big, south=big) for n in (1, 2)), terms_=terms())
    assert codes(problems) == ["terms.excess", "terms.excess"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"window": ["2031-03-11T22:00:00+02:00", "2031-03-11T06:00:00+02:00"]}, "window-reversed"),
        ({"window": ["2031-02-30T06:00:00+02:00", "2031-03-11T06:00:00+02:00"]}, "no-such-date"),
        ({"window": ["2031-03-11T06:00:00", "2031-03-11T22:00:00+02:00"]}, "no-such-date"),
        ({"proposed_by": "east"}, "party-unknown"),
        ({"sizes": [{"from": "north", "to": "north", "military": 1}]}, "move-unknown"),
        ({"sizes": [{"from": "north", "to": "south", "sailors": 1}]}, "category-unknown"),
        ({"sizes": [{"from": "north", "to": "south"}]}, "missing-field"),
        ({"sizes": [{"from": "north", "to": "south", "military": -1}]}, "wrong-type"),
        ({"extra": 1}, "unknown-field"),
    ],
)
def test_an_annex_that_cannot_stand_is_named(changes, code):
    _, problems = annexes(stage(**changes), terms_=terms())
    assert f"terms.{code}" in codes(problems)


def test_windows_that_overlap_and_stages_that_repeat_are_named():
    second = stage(2, window=["2031-03-11T21:00:00+02:00", "2031-03-12T06:00:00+02:00"])
    _, problems = annexes(stage(1), second, terms_=terms())
    assert codes(problems) == ["terms.window-overlap"]
    _, problems = annexes(stage(1), stage(1, window=stage(2)["window"]), terms_=terms())
    assert codes(problems) == ["terms.stage-twice"]


def test_a_site_nobody_knows_is_named_where_the_sites_are_known():
    with_sites = stage(sites=["camp-1", "camp-9"])
    _, problems = annexes(with_sites, terms_=terms())
    assert problems == ()
    _, problems = annexes(with_sites, terms_=terms(), sites={"camp-1"})
    assert codes(problems) == ["terms.site-unknown"]


def test_an_annex_written_alone_reads_back_the_same():
    read = terms()
    beside = {"military": 5, "military/remains": 2, "civilian/living/beside": 3}
    found, problems = annexes(
        stage(sites=["a"], vehicles=["b"], crossing="k", agreed_on="2031-03-10T18:00:00+02:00"),
        stage(2, north=beside, south=beside),
        terms_=read,
    )
    # the plain terms owe no remains and nobody beside the balance
    assert set(codes(problems)) == {"terms.not-owed"}
    for annex in found:
        again, _ = read_annexes(annex.to_text(), read)
        assert again == (annex,)
        assert again[0].text_digest == annex.text_digest


def test_in_a_ring_each_side_gives_in_a_stage_what_it_receives():
    parties = {side: {"name": side} for side in ("north", "south", "west")}
    ring = [("north", "south"), ("south", "west"), ("west", "north")]
    obligations = [
        {"id": f"{a}-{b}", "from": a, "to": b, "quantity": {"exact": 9}} for a, b in ring
    ]
    read = terms(parties=parties, obligations=obligations)
    even = [{"from": a, "to": b, "military": 3} for a, b in ring]
    assert annexes(stage(sizes=even), terms_=read)[1] == ()
    even[1]["military"] = 2
    assert codes(annexes(stage(sizes=even), terms_=read)[1]) == ["terms.split-unequal"]
