"""At the line: what an officer has to state, and what a later word changes."""

from __future__ import annotations

from tests.office.at_the_line import coming, going, out
from tests.office.offices import Office, carry


def test_a_receiver_states_what_its_own_crew_counted(at_the_line: list[Office]):
    north, south, _ = at_the_line
    out(north, at_the_line)
    missing, there = coming(south, 1)
    assert south.refusal("received", step=1) == ["office.count-unsaid"]
    (differ,) = south.problems("received", step=1, count=1)
    assert differ["code"] == "office.heads-differ"
    assert (differ["value"][:2], differ["expected"][:2]) == ("1 ", "2 "), "both numbers are named"
    assert south.refusal("received", step=1, handles=["f" * 32]) == ["office.not-on-sheet"]
    said = {"step": 1, "count": 1, "except": [missing]}
    assert south.do("received", **said) == {"received": 1, "not-received": 1}
    assert south.do("received", **said) == {}, "said twice, it does nothing twice"
    assert south.words(there) == {
        ("north", "release-ordered"),
        ("north", "released"),
        ("south", "received"),
    }


def test_who_was_marked_absent_by_mistake_is_received_after_all(at_the_line: list[Office]):
    north, south, _ = at_the_line
    missing, there = coming(south, 1)
    recount = south.refusal("received", step=1, count=2)
    assert recount == ["office.heads-differ"], "a count alone changes no word already said"
    assert south.do("received", step=1, handles=[missing]) == {"received": 1}
    assert south.do("received", step=1, count=2) == {}
    carry(at_the_line)
    assert south.standing("received") == {missing, there}
    assert north.words(missing) >= {("south", "not-received"), ("south", "received")}


def test_the_crew_lets_nobody_go_whom_no_order_lets_go(at_the_line: list[Office]):
    _, south, _ = at_the_line
    own = going(south, 1)
    assert south.refusal("may-leave", step=1) == ["crossing.unordered"] * 2
    assert south.refusal("released", step=1) == ["crossing.unordered"] * 2
    south.do("order", step=1)
    assert south.do("may-leave", step=1)["handles"] == own
    assert south.do("released", step=1) == {"released": 2}
    assert south.do("may-leave", step=1)["handles"] == []


def test_a_holder_takes_back_more_than_once(at_the_line: list[Office]):
    _, south, _ = at_the_line
    someone = going(south, 1)[0]
    assert south.do("take-back", step=1, handles=[someone]) == {"not-released": 1}
    assert south.do("take-back", step=1, handles=[someone]) == {"not-released": 0}
    again = {"step": 1, "handles": [someone]}
    assert south.refusal("released", **again) == ["crossing.already-kept"]
    assert south.do("released", **again, gone=True) == {"released": 1}, "facts are never refused"
    assert south.do("take-back", step=1, handles=[someone]) == {"not-released": 1}
    assert someone not in south.standing("released")


def test_a_substitute_needs_the_signatures_of_both_sides(at_the_line: list[Office]):
    north, south, _ = at_the_line
    stayed = south.standing("not-released")
    rows = [row for row in south.do("sheet", step=1)["rows"] if row["handle"] in stayed]
    south.do("withdraw", list_handles=[row["list_handle"] for row in rows])
    carry(at_the_line)
    assert north.do("make-sheets", stage=1)["steps"] == [1, 2]
    again = north.do("make-plan", stage=1)
    assert {note["code"] for note in again["notes"]} == {
        "office.shortfall-unsaid",
        "office.substitution-unsaid",
    }
    assert not [row for row in rows if row["list_handle"] in again["plan"]]
    carry(at_the_line)
    assert north.refusal("finalise", digest=again["digest"]) == ["office.not-agreed"]
    assert north.do("make-sheets", stage=1)["steps"] == [1, 2], "one signature freezes nothing"
    south.do("accept-plan", digest=again["digest"])
    carry(at_the_line)
    north.do("finalise", digest=again["digest"])
    assert north.do("make-sheets", stage=1)["steps"] == [1, 2, 3]
    carry(at_the_line)
    assert south.do("hold-sheets", stage=1) == {"steps": [1, 2, 3], "beside": []}
