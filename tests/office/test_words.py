"""Every kind of entry has a verb, and each verb asks who may say it, and when."""

from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path

from tests.office.at_the_line import bring_to_the_line, copied, going, out
from tests.office.conftest import PRIVATE
from tests.office.offices import Office, carry
from tests.office.test_agreeing import TEXT
from tests.rehearsal.small import small_folder

ENDS = "2031-05-04T22:00:00+02:00"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def hash_of(office: Office, kind: str, **wanted: object) -> str:
    found = [
        e
        for e in office.entries()
        if e.kind == kind and all(getattr(e, name) == value for name, value in wanted.items())
    ]
    return found[-1].hash


def test_only_the_proposer_voids_a_proposal_and_only_before_it_is_final(
    at_the_line: list[Office],
):
    north, south, _ = at_the_line
    other = TEXT.replace("exact: 20", "exact: 30")
    proposed = north.do("propose-terms", text=other)["digest"]
    carry(at_the_line)
    assert south.refusal("void", digest=proposed) == ["office.not-proposer"]
    assert north.do("void", digest=proposed)["state"] == "void"
    assert north.do("void", digest=proposed)["state"] == "void"
    carry(at_the_line)
    south.do("accept-terms", digest=proposed)
    carry(at_the_line)
    assert north.do("finalise", digest=proposed)["state"] == "void"
    final = next(e.digest for e in north.entries() if e.kind == "final" and e.stage is None)
    assert north.refusal("void", digest=final) == ["office.already-final"]


def test_promises_bind_their_author_and_end_once(at_the_line: list[Office]):
    north, south, observer = at_the_line
    words = {"text": "We hand over the maps.", "to": "south"}
    made = north.do("promise", **words)["digest"]
    assert north.do("promise", **words)["digest"] == made
    assert north.refusal("promise", text="x", to="north") == ["office.unknown-party"]
    carry(at_the_line)
    assert south.refusal("promise-withdrawn", digest=made) == ["office.promise-not-yours"]
    assert observer.refusal("promise-kept", digest=made) == ["office.promise-not-yours"]
    assert south.do("promise-kept", digest=made)["state"] == "promise-kept"
    assert north.do("promise-withdrawn", digest=made)["state"] == "promise-withdrawn"
    assert north.refusal("promise-kept", digest=made) == ["office.promise-ended"]
    assert north.refusal("promise-kept", digest="0" * 64) == ["office.not-said"]


def test_safe_conduct_is_given_and_read_by_the_other_side(at_the_line: list[Office]):
    north, south, _ = at_the_line
    text = "No shot is fired along the road during stage 1."
    for office in (north, south):  # the same words from both
        office.do("safe-conduct", text=text, stage=1)
    carry(at_the_line)
    for office, author in ((north, "south"), (south, "north")):
        said = office.do("acknowledge-safe-conduct", digest=digest(text))
        assert said["author"] == author
    own = {"digest": digest(text), "author": "north"}
    assert north.refusal("acknowledge-safe-conduct", **own) == ["office.not-addressed"]


def test_a_sheet_that_was_signed_for_is_not_refused_any_more(at_the_line: list[Office]):
    _, south, _ = at_the_line
    assert south.refusal("refuse-sheet", step=1, why="differs") == ["office.sheet-held"]
    assert south.refusal("refuse-sheet", step=1, why="dull") == ["office.unknown-reason"]
    assert south.refusal("refuse-sheet", step=9, why="missing") == ["office.no-sheet"]


def test_a_sheet_is_refused_by_a_signed_word_and_nobody_is_ordered_out_on_it(tmp_path: Path):
    folder = small_folder(
        tmp_path / "folder", people=4, stages=(4,), step=2, spare=2, first="together"
    )
    (tmp_path / "offices").mkdir()
    bring_to_the_line(tmp_path / "offices", folder, hold=False)
    with copied(tmp_path / "offices", tmp_path / "line") as running:
        north, south = running
        north.do("hold-sheets", stage=1)
        for _ in range(2):  # said twice it stands once
            assert south.do("refuse-sheet", step=1, why="differs") == {"step": 1, "refused": 1}
        (said,) = (e for e in south.entries() if e.kind == "body-refused")
        (sheet,) = (e for e in south.entries() if (e.kind, e.step) == ("step-sheet", 1))
        assert (said.prior, said.stage, said.step) == (sheet.hash, 1, 1)
        assert b"differs" not in said.leaf, "why is for the sides alone"
        carry(running)
        assert said.hash in {e.hash for e in north.entries()}
        for office in (north, south):
            assert office.refusal("order", step=1) != []
        assert not [e for e in north.entries() if e.kind == "release-ordered"]


def test_a_wrong_word_is_corrected_by_its_author_and_orders_are_not(at_the_line: list[Office]):
    north, south, observer = at_the_line
    out(north, at_the_line)
    south.do("received", step=1, count=2)
    someone = going(north, 1)[0]
    wrong = hash_of(south, "received", handle=someone)
    assert north.refusal("correct", entry=wrong) == ["office.not-your-entry"]
    assert south.do("correct", entry=wrong)["kind"] == "received"
    assert south.do("correct", entry=wrong)["kind"] == "received"
    assert someone not in south.standing("received")
    assert south.do("received", step=1, count=2) == {"received": 1}
    order = hash_of(north, "release-ordered", handle=someone)
    assert north.refusal("correct", entry=order) == ["office.not-correctable"]
    assert observer.do("counted", stage=1, count=2, **{"from": "north"})["heads"] == 2
    assert observer.refusal("counted", stage=1, count=2, to="nobody") == ["office.unknown-party"]
    assert observer.refusal("suspend") == ["record.author-not-allowed"]


def finish(running: list[Office]) -> None:
    """Both steps of the stage carried out and closed by both, all packages carried."""
    north, south, _ = running
    for step in (1, 2):
        for office in (north, south):
            office.do("ready", step=step)
        carry(running)
        for office in (north, south):
            office.do("order", step=step)
            office.do("released", step=step)
        carry(running)
        for office in (north, south):
            office.do("received", step=step, count=2)
        carry(running)
        proposer, other = (north, south) if step == 1 else (south, north)
        proposer.do("close", step=step)
        carry(running)
        other.do("close", step=step)
        carry(running)
    for office in (north, south):
        office.do("close-stage", stage=1)
    carry(running)


def test_a_body_is_erased_only_when_all_is_over_it_was_said_and_nobody_asks_to_wait(
    at_the_line: list[Office],
):
    north, south, _ = at_the_line
    replies = hash_of(north, "replies", author="north")
    assert north.refusal("intend-erasure", entry=replies) == ["office.stage-not-over"]
    finish(at_the_line)
    assert north.refusal("intend-erasure", entry=replies) == ["office.dispute-time"]
    after = {"now": "2031-05-05T09:00:00+02:00", "entry": replies}
    assert north.refusal("erase", **after, officers=["first", "second"]) == [
        "office.erasure-unsaid"
    ]
    north.do("intend-erasure", **after)
    carry(at_the_line)
    asked = {"until": "2031-05-07T09:00:00+02:00", "reason": "a family has asked"}
    south.do("hold-erasure", **after, **asked)
    assert south.refusal("hold-erasure", **{**after, **asked, "until": ENDS}) == [
        "office.hold-over"
    ]
    carry(at_the_line)
    assert north.refusal("erase", **after, officers=["first", "second"]) == ["office.held"]
    later = {**after, "now": "2031-05-08T09:00:00+02:00"}
    assert north.refusal("erase", **later, officers=["first"])
    assert north.do("erase", **later, officers=["first", "second"])["erased"] == 2
    assert north.do("erase", **later, officers=["first", "second"])["erased"] == 2
    assert not [row for row in north.do("sheet", step=1)["rows"] if "held_id" in row]
    carry(at_the_line)
    assert hash_of(south, "erased") == hash_of(north, "erased")


def test_only_what_tells_people_apart_is_shown_to_the_other_side(at_the_line: list[Office]):
    north, south, _ = at_the_line
    (entry,) = (e for e in south.entries() if (e.kind, e.author) == ("list-submitted", "north"))
    shown = south.opened(entry).decode()
    wanted = next(csv.DictReader(shown.splitlines()))
    assert wanted["surname"]
    assert wanted["birth_date"]
    assert not {"health", "tags", "notes", "held_at"} & set(wanted)
    own = north.do("sheet", step=1)["rows"]
    assert own, "the list was good enough to recognise people by"
    assert not [word for word in PRIVATE if word in shown]
