"""What goes wrong on the way: counts stay true, nobody drops off, and the story goes on."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from homeward.problem import Refused
from homeward.record import Entry, Keys, Store, read_exchange
from homeward.rehearsal import Folder, Outcome, rehearse
from homeward.rehearsal.happenings import StoryEnds, fates
from tests.rehearsal.conftest import folder_at
from tests.rehearsal.small import small_folder

# What a run says of agreements that are silent on what became of somebody's place.
NOTED = {"office.shortfall-unsaid", "office.substitution-unsaid"}


def play(tmp_path, events: str, **more) -> Outcome:
    wanted = {"people": 10, "stages": (10,), "step": 5, "neutrals": (), "statements": False}
    path = small_folder(tmp_path / "folder", events=events, **{**wanted, **more})
    return rehearse(folder_at(path), tmp_path / "out")


def test_counts_stay_true_when_people_stay_and_machines_fail(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: refused, side: north, "
        "who: {category: prisoner_of_war, pick: 2}}, "
        "{stage: 1, step: 1, kind: office_killed, side: south}, "
        "{stage: 1, step: 2, kind: network_cut, side: north}, "
        "{stage: 1, step: 9, kind: bus_lost, side: north}]"
    )
    outcome = play(tmp_path, events)
    assert [p.code for p in outcome.problems] == ["rehearsal.event-not-reached"]
    entries = outcome.findings.union.entries
    assert outcome.sound
    assert outcome.restarts == {"south": 1}
    stayed = [e for e in entries if e.kind == "not-released"]
    assert [e.author for e in stayed] == ["north", "north"]
    conceded = [e for e in entries if e.kind == "conceded"]
    assert {e.handle for e in conceded} == {e.handle for e in stayed}
    assert all(len(e.officers) == 2 for e in conceded)
    position = outcome.findings.position
    assert position.conceded == {"north": 0, "south": 2}
    assert max(position.largest_lead.values()) <= 5
    assert position.count(outcome="not_transferred") == 2


def test_a_wrong_person_is_turned_away_and_places_are_filled_in_a_later_step(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: wrong_person, side: north, who: {sex: m}}, "
        "{stage: 1, step: 2, kind: substitution, side: south, who: {sex: m}}, "
        "{stage: 1, step: 2, kind: extra, side: north}]"
    )
    outcome = play(tmp_path, events, spare=10, first="together")
    position = outcome.findings.position
    by_kind = Counter(entry.kind for entry in outcome.findings.union.entries)
    assert outcome.sound
    assert max(position.largest_lead.values()) <= 5
    assert position.conceded == {"north": 1, "south": 1}
    assert by_kind["not-received"] == 1
    assert position.count(group="extra", outcome="transferred") == 2
    assert position.count(group="inside", attested_by="both", outcome="transferred") == 20
    assert position.complete
    first, second = (list(csv.DictReader(p["plan"].splitlines())) for p in outcome.plans)
    told = {row["handle"] for row in first}
    assert {row["from"]: row["handle"] in told for row in second} == {
        "north": True,  # who was not brought goes in a later step after all
        "south": False,  # somebody else goes in the other's place
    }


def test_a_side_that_stops_in_mid_step_leaves_true_counts_and_an_open_exchange(tmp_path):
    events = "[{stage: 1, step: 2, kind: side_stops, side: north}]"
    outcome = play(tmp_path, events)
    position = outcome.findings.position
    assert outcome.sound
    assert not position.complete
    signed = {"attested_by": "both", "outcome": "transferred"}
    assert position.count(**signed, step=1) == 10
    assert position.count(**signed, step=2, sender="south") == 3, "who had come is signed for"
    assert position.count(**signed, sender="north", step=2) == 0, "who was at home stays there"
    assert position.lead == {"north": -3, "south": 3}, "one step, and never more"
    kinds = [entry.kind for entry in outcome.findings.union.entries]
    assert kinds.count("suspension") == 1
    assert "stage-closed" not in kinds
    again = rehearse(folder_at(tmp_path / "folder"), tmp_path / "out")
    assert again.findings.position.cells == position.cells


def test_a_side_stops_in_mid_step_on_bad_roads_and_its_own_signed_act_lets_it_go_on(tmp_path):
    events = (
        "[{stage: 1, step: 2, kind: side_stops, side: north}, "
        "{stage: 1, step: 2, kind: side_resumes, side: north}]"
    )
    path = small_folder(
        tmp_path / "folder", people=10, stages=(10,), step=5, events=events, neutrals=()
    )
    outcome = rehearse(folder_at(path), tmp_path / "out", faults="lossy")
    assert outcome.sound
    assert outcome.findings.position.complete
    assert max(outcome.findings.position.largest_lead.values()) <= 5
    own = [e for e in outcome.findings.union.entries if e.author == "north"]
    own.sort(key=lambda entry: entry.seq)
    kinds = [e.kind for e in own]
    stop, on = kinds.index("suspension"), kinds.index("resumption")
    assert own[on].prior == own[stop].hash
    between = {e.kind for e in own[stop:on]}
    assert "received" in between, "facts are taken while orders stop"
    assert "release-ordered" not in between
    ordered = [e.step for e in own[on:] if e.kind == "release-ordered"]
    assert min(ordered) == 2, "its people of the same step go after it resumed"


def told_to(office: Path, words: Sequence[str]) -> list[str]:
    """Which words stand anywhere in what an office sent, was sent, wrote down or published."""
    found = set()
    for path in sorted(office.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found |= {word for word in words if word.encode() in data}
    return sorted(found)


def test_the_dead_the_lost_bus_and_a_statement_are_played_with_true_counts(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: dead, side: north, who: {category: prisoner_of_war}}, "
        "{stage: 1, step: 2, kind: bus_lost, side: south}, "
        "{stage: 1, step: 2, kind: statement_published, note: outsider}]"
    )
    outcome = play(tmp_path, events, spare=6, statements=True)
    position = outcome.findings.position
    entries = outcome.findings.union.entries
    assert outcome.sound
    assert {p.code for p in outcome.problems} <= NOTED
    kept = [e for e in entries if e.kind == "not-released"]
    assert Counter(e.author for e in kept)["north"] == 1
    assert Counter(e.author for e in kept)["south"] >= 1
    assert {e.handle for e in kept} == {e.handle for e in entries if e.kind == "conceded"}
    # nobody drops off: the dead stays listed as not crossed, the others go on a later bus
    assert position.count(outcome="not_transferred", group="inside") == len(kept)
    assert position.complete
    assert position.count(attested_by="both", outcome="transferred", group="inside") == 20
    assert max(position.largest_lead.values()) <= 5
    first, second = (list(csv.DictReader(p["plan"].splitlines())) for p in outcome.plans)
    told = {row["handle"] for row in first}
    again = {side: [r for r in second if r["from"] == side] for side in ("north", "south")}
    assert [row["handle"] in told for row in again["north"]] == [False]
    assert all(row["handle"] in told for row in again["south"])
    # each side's own list of those it looks for still holds everybody, whatever became of them
    for side, found in outcome.sought.items():
        counts = found["counts"]
        assert counts["sought"] == sum(n for state, n in counts.items() if state != "sought")
        assert counts["returned"] == 10
        kept_list = list(csv.DictReader((tmp_path / "out" / side / "sought.csv").open()))
        assert Counter(row["state"] for row in kept_list)["returned"] == 10
        own = folder_at(tmp_path / "folder").lines[side, "sought"]
        assert {row["sought_id"] for row in kept_list} == set(own), "and nobody else's"
    south = outcome.sought["south"]["counts"]
    assert south["found"] == south["sought"] - 10
    # published at its step, not at its own earlier time, and it moves nothing
    (said,) = (e for e in entries if (e.kind, e.author) == ("statement-recorded", "south"))
    first_step = [e for e in entries if (e.kind, e.author, e.step) == ("step-closed", "south", 1)]
    assert said.seq > max(e.seq for e in first_step)


def test_who_refuses_is_shown_to_neither_side_and_an_extra_stands_on_a_line_of_its_own(tmp_path):
    events = (
        "[{stage: 1, step: 1, kind: refused, side: north, who: {category: prisoner_of_war}}, "
        "{stage: 1, step: 1, kind: unfit, side: south, who: {sex: m}}, "
        "{stage: 1, step: 2, kind: absent, side: south, who: {sex: m}}, "
        "{stage: 1, step: 2, kind: extra, side: north}]"
    )
    outcome = play(tmp_path, events, spare=6, neutrals=("observer",))
    position = outcome.findings.position
    entries = outcome.findings.union.entries
    assert outcome.sound
    assert position.complete
    inside = {"group": "inside", "outcome": "transferred"}
    assert position.count(**inside, attested_by="both") == 20
    assert position.count(group="extra", outcome="transferred") == 1
    assert {row["group"] for row in position.owed} == {"inside"}
    assert {row["count"] for row in position.owed if "count" in row} <= {10}
    kept = [e for e in entries if e.kind == "not-released"]
    assert len(kept) == 3
    assert {(e.author, str(e.cls).split("/")[2]) for e in kept} == {
        ("north", "inside"),
        ("south", "inside"),
    }
    # one code for not crossed: no reason stands in any header, and the neutral alone can read it
    assert not {word for e in entries for word in (b"refused", b"unfit") if word in e.leaf}
    folder = folder_at(tmp_path / "folder")
    names = [
        line.surname for side in ("north", "south") for line in folder.lines[side, "held"].values()
    ]
    out = tmp_path / "out"
    for side in ("north", "south"):
        for box in ("inbox", "outbox", "taken", "record", "serve.log"):
            path = out / side / box
            told = told_to(path, [*names, "refused"]) if path.is_dir() else []
            assert told == [], "packages, copies and logs tell no name and no reason"
        assert who_can_read(out / side, kept, "south" if side == "north" else "north") == 0
    assert who_can_read(out / "observer", kept, None) == 3
    report = (out / "report.html").read_text(encoding="utf-8")
    assert not [name for name in names if name in report]


def who_can_read(office: Path, kept: Sequence[Entry], author: str | None) -> int:
    """Of how many who stayed an office can open the reason; of one author's word, or anyone's."""
    text = (office / "record" / "exchange.txt").read_text(encoding="utf-8")
    keys = Keys.from_text((office / "keys").read_text(encoding="utf-8"))
    opened = 0
    with closing(sqlite3.connect(office / "office.db")) as connection:
        store = Store(connection, "?", read_exchange(text), keys)
        for entry in kept:
            if author in (None, entry.author):
                with suppress(Refused):
                    opened += store.open_part(entry, 0) in (b"refused", b"unfit", b"absent")
    return opened


class _Play:
    """As much of a production as the choice of people needs."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder


def sheets(folder: Folder) -> dict[str, list[dict[str, object]]]:
    return {
        side: [
            {"handle": f"{side}-{n}", "from": side, "to": to, "held_id": held, "trip": n // 4}
            for n, held in enumerate(folder.lines[side, "held"])
        ]
        for side, to in folder.cast.moves
    }


@pytest.mark.parametrize(
    ("event", "chosen"),
    [
        ("{kind: absent, side: north, who: {category: civilian, pick: 2}}", 2),
        ("{kind: dead, who: {sex: m}}", 1),
        ("{kind: bus_lost, side: south}", 4),
    ],
)
def test_the_seed_chooses_who_it_befalls(tmp_path, event, chosen):
    events = f"[{event.replace('{', '{stage: 1, step: 1, ', 1)}]"
    folder = folder_at(small_folder(tmp_path / "folder", people=10, stages=(10,), events=events))
    found = fates(_Play(folder), folder.cast.events, sheets(folder))
    assert len(found) == chosen
    assert found == fates(_Play(folder), folder.cast.events, sheets(folder))


def test_an_event_that_fits_nobody_is_said(tmp_path):
    events = "[{stage: 1, step: 1, kind: dead, who: {sex: f}}]"
    folder = folder_at(small_folder(tmp_path / "folder", people=10, stages=(10,), events=events))
    with pytest.raises(StoryEnds) as end:
        fates(_Play(folder), folder.cast.events, sheets(folder))
    assert [p.code for p in end.value.args] == ["rehearsal.event-nobody"]


def test_an_event_that_fits_nobody_when_it_comes_ends_the_story_with_what_was_signed(tmp_path):
    event = "{stage: 1, step: 2, kind: dead, side: north, who: {category: medical}}"
    outcome = play(tmp_path, f"[{event}]")
    assert outcome.sound
    assert [p.code for p in outcome.problems] == ["rehearsal.event-nobody"]
    position = outcome.findings.position
    assert position.count(attested_by="both", outcome="transferred") == 10, "the step before it"
    assert not position.complete
    assert (tmp_path / "out" / "report.html").is_file()
    again = rehearse(folder_at(tmp_path / "folder"), tmp_path / "out")
    assert again.findings.position.cells == position.cells
    assert [p.code for p in again.problems] == ["rehearsal.event-nobody"]


def with_the_wounded(path: Path) -> Path:
    """A small folder in which two of North's prisoners are seriously wounded and owed besides."""
    folder = small_folder(path, people=10, stages=(5, 5), spare=4, neutrals=(), statements=False)
    ours = {"north/held.csv": "nh-01", "south/sought.csv": "ss-01"}
    for name in (*ours, "south/held.csv", "north/sought.csv"):
        wanted = ours.get(name, "nobody")
        head, *rows = (folder / name).read_text(encoding="utf-8").splitlines()
        health = [("seriously_wounded" if r.startswith(wanted) else "good") for r in rows]
        lines = [f"{head},health", *(f"{r},{h}" for r, h in zip(rows, health, strict=True))]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    terms = (folder / "terms.yaml").read_text(encoding="utf-8")
    terms = terms.replace(
        "categories:\n",
        "categories:\n  wounded: {when: {health: [seriously_wounded]}}\n",
    )
    terms = terms.replace("religious]}}", "religious], health: good}}")
    clause = (
        "  - {id: wounded, from: north, to: south, what: wounded, state: living, "
        "category: wounded, quantity: {exact: 2, counting: each}, group: beside}\n"
    )
    terms = terms.replace("balance:\n", f"{clause}balance:\n")
    (folder / "terms.yaml").write_text(terms, encoding="utf-8")
    stages = (folder / "stages.yaml").read_text(encoding="utf-8")
    stages = stages.replace(
        "{from: north, to: south, military: 8, civilian: 2, total: 10}",
        "{from: north, to: south, military: 8, civilian: 2, wounded/living/beside: 2, total: 12}",
    )
    (folder / "stages.yaml").write_text(stages, encoding="utf-8")
    return folder


def test_those_beside_the_balance_stand_outside_every_step_on_a_line_of_their_own(tmp_path):
    outcome = rehearse(folder_at(with_the_wounded(tmp_path / "folder")), tmp_path / "out")
    position, entries = outcome.findings.position, outcome.findings.union.entries
    assert outcome.sound
    assert position.complete
    assert position.count(group="beside", attested_by="both", outcome="transferred") == 2
    assert position.count(group="inside", attested_by="both", outcome="transferred") == 20
    assert max(position.largest_lead.values()) <= 5, "they are in nobody's lead"
    (outside,) = {e.step for e in entries if str(e.cls).endswith("/beside")}
    inside = {e.step for e in entries if str(e.cls).endswith("/inside")}
    assert min(inside) < outside < max(inside), "a later stage goes on after them"
    assert outside not in inside
    gates = [e for e in entries if e.kind in ("step-ready", "step-closed") and e.step == outside]
    assert gates == [], "nothing gates them and they gate nothing"
