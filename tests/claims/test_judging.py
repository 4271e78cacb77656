"""What is said is held against the agreement and the record, and moves neither."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.claims import (
    Known,
    commitments,
    judge,
    judge_statement,
    lists,
    load_statements,
    who_says,
)
from homeward.terms import read_annexes, read_terms
from homeward.terms.kernel import Cell, Position
from tests.claims.replay import EXAMPLE, KYIV, Acts, World, istanbul, istanbul_statements

EXPECTED = yaml.safe_load((EXAMPLE / "expected.yaml").read_text(encoding="utf-8"))
HORIZONS = {
    name: datetime.fromisoformat(row["known_at"]) for name, row in EXPECTED["horizons"].items()
}
NOON = datetime.fromisoformat("2031-12-05T12:00:00+02:00")
NIGHT = datetime.fromisoformat("2031-12-06T00:00:00+02:00")

TERMS = """
format: homeward-terms/1
id: winter
title: {en: "Fifty for fifty"}
agreed: {date: 2031-12-01, place: {en: "Muscat", ar: "مسقط"}}
parties: {east: {name: {en: "East"}}, west: {name: {en: "West"}}}
obligations:
  - {id: all, between: [east, west], what: "prisoners", quantity: {exact: 50, counting: each}}
balance: {step: 10}
"""
STAGES = """
format: homeward-stages/1
stages:
  - stage: 1
    window: ["2031-12-05T06:00:00+02:00", "2031-12-05T20:00:00+02:00"]
    sizes: [{from: east, to: west, total: 20}, {from: west, to: east, total: 20}]
"""


def _winter(acts=None, *, clauses=""):
    terms, problems = read_terms(TERMS.replace("obligations:", "obligations:" + clauses))
    assert terms is not None, problems
    annexes, _ = read_annexes(STAGES, terms)
    return World(terms, annexes, acts)


def _said(*rows):
    """Statements from short rows: party or None, status, counts, and more claim fields."""
    document = [
        {
            "id": f"s{n}",
            "text": "Told in our own words.",
            "speaker": {"name": party or "a guest", "role": "party", "party": party}
            if party
            else {"name": "a guest", "role": "third"},
            "said_at": more.pop("said_at", NOON + timedelta(minutes=n)).isoformat(),
            "claims": [{"subject": "exchange", "status": status, "counts": counts, **more}],
        }
        for n, (party, status, counts, more) in enumerate(rows, start=1)
    ]
    for row in document:
        if not row["claims"][0]["counts"]:
            del row["claims"][0]["counts"]
    statements, problems = load_statements(json.dumps(document))
    assert problems == ()
    return statements


def _judged(world, statements, at, **more):
    return [
        judged
        for statement in statements
        for judged in judge_statement(
            statement,
            world.terms,
            world.annexes,
            world.position_at,
            at,
            statements=statements,
            **more,
        )
    ]


def _empty(_instant):
    return Position(as_of="")


@pytest.mark.parametrize("horizon", HORIZONS)
def test_the_example_comes_out_as_written_beforehand(horizon):
    world, statements = istanbul(), istanbul_statements()
    found = {j.claim.id: j for j in _judged(world, statements, HORIZONS[horizon], zone=KYIV)}
    for claim, row in EXPECTED["claims"].items():
        if horizon in row:
            judged = found.pop(claim)
            assert (judged.as_said.verdict, judged.as_known.verdict) == (
                row["as_said"],
                row[horizon],
            ), claim
    assert found == {}


@pytest.mark.parametrize("horizon", HORIZONS)
def test_the_examples_promises_stand_as_written_beforehand(horizon):
    world = istanbul()
    found = commitments(
        istanbul_statements(),
        world.terms,
        world.annexes,
        world.position_at,
        HORIZONS[horizon],
        zone=KYIV,
    )
    said = {c.id: c.state for c in found if not c.id.startswith("clause:")}
    assert said == EXPECTED["commitments"][horizon]


def test_the_rest_of_the_thousand_is_owed_and_nobody_promised_it_by_sunday():
    world = istanbul()
    rows = commitments(
        istanbul_statements(), world.terms, world.annexes, world.position_at, HORIZONS["stage-1"]
    )
    owed = {c.id: (c.done, c.of, c.state) for c in rows if c.id.startswith("clause:")}
    assert owed == {
        "clause:all:russia-ukraine": (390, 1000, "open"),
        "clause:all:ukraine-russia": (390, 1000, "open"),
    }
    assert all(c.of is None for c in rows if not c.id.startswith("clause:"))


def test_the_two_readings_of_completed_stand_side_by_side():
    world, statements = istanbul(), istanbul_statements()
    post = next(s for s in statements if s.id == "post")
    first, second = post.claims[:2]
    assert first.reading_of == second.reading_of != ""
    judged = _judged(world, (post,), HORIZONS["stage-1"], zone=KYIV)
    assert [j.as_known.verdict for j in judged[:2]] == ["premature", "consistent"]
    assert "390 of 1,000" in str(judged[0].as_known.why)
    assert "390 з 1\u00a0000" in judged[0].as_known.why.say("uk")


def test_a_statement_is_never_part_of_the_position():
    world = istanbul()
    before = world.position_at(HORIZONS["end"])
    _judged(world, istanbul_statements(), HORIZONS["end"], zone=KYIV)
    assert world.position_at(HORIZONS["end"]) == before


def test_a_side_that_speaks_of_the_others_act_fills_only_its_own_row():
    world, statements = istanbul(), istanbul_statements()
    friday = [s for s in statements if s.id in ("ukraine-390", "russia-270-120")]
    known = Known(world.terms, world.annexes, world.position_at, HORIZONS["stage-1"])
    rows = who_says(friday, known)
    into = {
        (side, categories): {
            row.party for row in rows if (row.to, row.categories) == (side, categories)
        }
        for side in ("ukraine", "russia")
        for categories in ((world.terms.categories), ("military",), ("civilian",))
    }
    assert into[("ukraine", world.terms.categories)] == {"ukraine", "russia"}
    assert into[("russia", world.terms.categories)] == {"russia"}
    assert into[("ukraine", ("military",))] == into[("russia", ("civilian",))] == {"russia"}


def test_two_sides_whose_numbers_exclude_each_other_are_disputed_while_the_record_is_silent():
    world = _winter()
    statements = _said(
        (
            "east",
            "completed",
            [{"n": 20, "from": "east", "counting": "outgoing"}],
            {"act": "released", "event_date": "2031-12-05"},
        ),
        (
            "west",
            "completed",
            [{"n": 19, "to": "west", "counting": "incoming"}],
            {"act": "received", "event_date": "2031-12-05"},
        ),
    )
    world.position_at = _empty
    found = _judged(world, statements, NOON + timedelta(hours=1))
    assert [j.as_known.verdict for j in found] == ["disputed", "disputed"]
    assert "mirror" in found[0].as_known.flags
    # The first speaker had heard nobody contradict them yet.
    assert found[0].as_said.verdict == "one_side_only"


def test_two_sides_that_say_the_same_are_heard_but_do_not_sign():
    world = _winter()
    counts = [{"n": 20, "counting": "each"}]
    statements = _said(
        ("east", "completed", counts, {"event_date": "2031-12-05"}),
        ("west", "completed", counts, {"event_date": "2031-12-05"}),
    )
    world.position_at = _empty
    found = _judged(world, statements, NOON + timedelta(hours=1))
    assert [j.as_known.verdict for j in found] == ["not_signed_by_both"] * 2


def test_a_total_of_both_ways_does_not_exclude_the_number_of_one_way():
    world = _winter()
    statements = _said(
        ("east", "completed", [{"n": 40, "counting": "in_total"}], {"event_date": "2031-12-05"}),
        ("west", "completed", [{"n": 20, "counting": "each"}], {"event_date": "2031-12-05"}),
    )
    world.position_at = _empty
    found = _judged(world, statements, NOON + timedelta(hours=1))
    assert [j.as_known.verdict for j in found] == ["one_side_only"] * 2


def test_words_that_became_known_later_are_not_heard_before():
    world = _winter()
    world.position_at = _empty
    day = {"event_date": "2031-12-05"}
    later = NOON + timedelta(hours=3)
    statements = _said(
        ("east", "completed", [{"n": 20, "counting": "each"}], dict(day)),
        ("west", "completed", [{"n": 19, "counting": "each"}], {**day, "said_at": later}),
    )
    before, after = (
        _judged(world, statements, at)[0].as_known.verdict
        for at in (later - timedelta(hours=1), later + timedelta(hours=1))
    )
    assert (before, after) == ("one_side_only", "disputed")


def test_a_claim_that_does_not_add_up_needs_no_record_to_fall():
    world = istanbul()
    world.position_at = _empty
    row = next(s for s in istanbul_statements() if s.id == "russia-270-120")
    whole = replace(row.claims[0].counts[0], n=391, category=None)
    wrong = replace(row, claims=(replace(row.claims[0], counts=(whole, *row.claims[0].counts)),))
    verdict = _judged(world, (wrong,), HORIZONS["stage-1"], zone=KYIV)[0].as_said
    assert (verdict.verdict, str(verdict.why)) == (
        "contradicted",
        "Its own parts add up to 390, not to 391.",
    )


def test_the_record_settles_what_the_sides_words_leave_in_dispute():
    world = _winter(Acts(short={("east", "person", 1): 1}))
    statements = _said(
        (
            "east",
            "completed",
            [{"n": 20, "from": "east", "counting": "outgoing"}],
            {"event_date": "2031-12-05"},
        ),
        (
            "west",
            "completed",
            [{"n": 19, "to": "west", "counting": "incoming"}],
            {"event_date": "2031-12-05"},
        ),
    )
    found = _judged(world, statements, NIGHT)
    assert [j.as_known.verdict for j in found] == ["contradicted", "consistent"]


def test_nothing_is_agreed_before_the_terms_are_countersigned():
    world = _winter()
    agreed = ((NOON + timedelta(minutes=30), "terms"),)
    counts = [{"n": 50, "counting": "each"}]
    statements = _said(
        ("east", "agreed", counts, {"subject": "agreement"}),
        ("west", "agreed", counts, {"subject": "agreement"}),
        (None, "agreed", counts, {"subject": "agreement"}),
    )
    found = _judged(world, statements, NIGHT, agreed=agreed)
    assert [j.as_said.verdict for j in found] == [
        "one_side_only",
        "not_signed_by_both",
        "premature",
    ]
    assert {j.as_known.verdict for j in found} == {"consistent"}


def test_without_stage_annexes_the_record_itself_says_what_crossed_on_a_day():
    world = _winter()
    grown = world.position_at
    world.annexes = ()
    statements = _said(
        ("east", "completed", [{"n": 20, "counting": "each"}], {"event_date": "2031-12-05"}),
        ("east", "completed", [{"n": 20, "counting": "each"}], {"event_date": "2031-12-04"}),
    )
    world.position_at = grown
    stages, _ = read_annexes(STAGES, world.terms)
    full = World(world.terms, stages)
    found = [
        j.as_known.verdict
        for s in statements
        for j in judge_statement(s, world.terms, (), full.position_at, NIGHT)
    ]
    assert found == ["consistent", "contradicted"]


def test_a_day_begins_in_the_zone_of_the_exchange_in_winter_too():
    # 23:30 in Washington is already Friday in a zone two hours east of Greenwich.
    world = _winter()
    late = datetime.fromisoformat("2031-12-04T23:30:00-05:00")
    statements = _said(
        (None, "under_way", [], {"said_at": late}),
    )
    claim = statements[0].claims[0]
    known = Known(world.terms, world.annexes, world.position_at, NIGHT)
    assert known.scope_of_day(claim, late).stages == (1,)


def test_home_is_a_word_until_the_receiving_side_confirms_it():
    world = _winter()
    counts = [{"n": 20, "to": "west", "counting": "incoming"}]
    statements = _said(("west", "completed", counts, {"act": "home", "event_date": "2031-12-05"}))
    assert _judged(world, statements, NIGHT)[0].as_known.verdict == "one_side_only"
    grown = world.position_at
    home = ({"to": "west", "stage": 1, "count": 20},)
    world.position_at = lambda at: replace(grown(at), home=home)
    assert _judged(world, statements, NIGHT)[0].as_known.verdict == "consistent"


def test_released_and_received_do_not_merge():
    world = _winter(Acts(unsigned={("east", "person", 1): 3}))
    statements = _said(
        (
            "west",
            "completed",
            [{"n": 20, "to": "west", "counting": "incoming"}],
            {"event_date": "2031-12-05"},
        ),
    )
    verdict = _judged(world, statements, NIGHT)[0].as_known
    assert verdict.verdict == "not_signed_by_both"
    assert "cell:east>west/all/living/stage 1/holder=3" in verdict.evidence


def test_a_denial_falls_when_both_sides_signed():
    world = _winter()
    statements = _said(("east", "denied", [], {"event_date": "2031-12-05"}))
    judged = _judged(world, statements, NIGHT)[0]
    assert judged.as_known.verdict == "contradicted"
    world.position_at = _empty
    assert _judged(world, statements, NOON)[:1] == []
    early = _judged(world, statements, NOON + timedelta(hours=1))[0]
    assert early.as_known.verdict == "one_side_only"


def test_a_side_that_says_yes_where_another_says_no_makes_a_dispute():
    world = _winter()
    world.position_at = _empty
    statements = _said(
        ("west", "completed", [], {"extent": "part", "event_date": "2031-12-05"}),
        ("east", "denied", [], {"event_date": "2031-12-05"}),
    )
    found = _judged(world, statements, NOON + timedelta(hours=1))
    assert found[1].as_known.verdict == "disputed"


def test_what_crossed_before_the_words_keeps_no_promise_of_more():
    world = _winter()
    evening = datetime.fromisoformat("2031-12-05T19:00:00+02:00")
    window = [evening.isoformat(), "open"]
    statements = _said(("east", "planned", [], {"window": window, "said_at": evening}))
    assert _judged(world, statements, NIGHT)[0].as_known.verdict == "pending"
    named = _said(("east", "planned", [], {"event_date": "2031-12-05", "said_at": evening}))
    assert _judged(world, named, NIGHT)[0].as_known.verdict == "kept"


def test_a_promise_that_its_speaker_takes_back_is_withdrawn():
    world = _winter()
    world.position_at = _empty
    window = ["2031-12-06T00:00:00+02:00", "2031-12-08T00:00:00+02:00"]
    statements = _said(
        ("east", "planned", [], {"window": window}),
        ("east", "cancelled", [], {"answers": "s1.1"}),
    )
    rows = commitments(statements, world.terms, world.annexes, world.position_at, NIGHT)
    assert {c.id: c.state for c in rows}["s1.1"] == "withdrawn"


def test_a_duty_of_two_is_kept_by_each_alone():
    world = _winter()
    about = {"what": "detailed proposals", "owed_by": ["east", "west"]}
    statements = _said(
        ("east", "agreed", [], {"subject": "proposals", "about": about}),
        ("east", "completed", [], {"subject": "proposals", "answers": "s1.1"}),
    )
    rows = commitments(statements, world.terms, world.annexes, world.position_at, NIGHT)
    states = {c.id: c.state for c in rows}
    assert (states["s1.1:east"], states["s1.1:west"]) == ("kept", "open")


def test_an_act_that_the_terms_owe_is_kept_by_words_that_answer_its_clause():
    act = "between: [east, west], state: act, what: talks, quantity: {exact: 1, counting: each}"
    world = _winter(clauses=f"\n  - {{id: talks, {act}}}")
    heard = _said(
        ("east", "completed", [], {"subject": "talks", "answers": "clause:talks"}),
        ("west", "planned", [], {"subject": "talks", "answers": "clause:talks:west-east"}),
    )
    for statements, east in ((heard, "kept"), ((), "open")):
        rows = commitments(statements, world.terms, world.annexes, world.position_at, NIGHT)
        states = {row.id: row.state for row in rows}
        assert states["clause:talks:east-west:east"] == east
        assert states["clause:talks:west-east:west"] == "open"


def test_a_met_necessary_condition_implies_nothing():
    world = _winter()
    statements = _said(
        (
            None,
            "conditional",
            [],
            {"subject": "ceasefire", "about": {"what": "a breakthrough", "needs": "a meeting"}},
        ),
        (None, "completed", [], {"subject": "meeting", "about": {"what": "a meeting"}}),
    )
    first = _judged(world, statements, NIGHT)[0]
    assert (first.as_said.verdict, first.as_known.verdict) == ("not_checkable", "not_checkable")
    rows = commitments(statements, world.terms, world.annexes, world.position_at, NIGHT)
    assert not any(row.id.startswith("s1") for row in rows)


def test_unagreed_and_unknown_are_different_answers():
    world = _winter()
    statements = _said(
        (
            "east",
            "not_agreed",
            [],
            {"subject": "talks", "about": {"what": "place of the next round"}},
        ),
    )
    rows = commitments(statements, world.terms, world.annexes, world.position_at, NIGHT)
    place = [row for row in rows if row.what == "place of the next round"]
    assert [(row.state, row.since) for row in place] == [("not_agreed", statements[0].said_at)]
    assert not any("date" in row.what for row in rows)


def test_people_owed_beside_the_balance_may_be_counted_or_not():
    world = _winter()
    beside = Cell("east", "west", "person", "living", "beside", 1, 1, "both", "transferred", 4, 4)
    grown = world.position_at
    world.position_at = lambda at: Position(as_of="", cells=(*grown(at).cells, beside))
    counts = [{"n": 24, "to": "west", "counting": "incoming"}]
    inside = [{"n": 20, "to": "west", "counting": "incoming"}]
    found = _judged(
        world,
        _said(
            ("west", "completed", counts, {"event_date": "2031-12-05"}),
            ("west", "completed", inside, {"event_date": "2031-12-05"}),
        ),
        NIGHT,
    )
    assert [j.as_known.verdict for j in found] == ["consistent", "consistent_under_other_rule"]


def test_a_statement_not_yet_known_has_no_verdict():
    world, statements = istanbul(), istanbul_statements()
    early = datetime.fromisoformat("2025-05-23T22:59:00+03:00")
    assert _judged(world, statements, early, zone=KYIV) == []


STATUS_AND_SUBJECT = st.tuples(st.sampled_from(lists.STATUSES), st.sampled_from(lists.SUBJECTS))
COUNT = st.fixed_dictionaries(
    {"n": st.integers(0, 120), "counting": st.sampled_from(lists.COUNTINGS)},
    optional={
        "bound": st.sampled_from(lists.BOUNDS),
        "category": st.sampled_from(["person", "military", "prisoner", "unheard-of"]),
        "unit": st.sampled_from(lists.UNITS),
        "state": st.sampled_from(["living", "remains"]),
    },
).map(
    lambda row: (
        row
        | ({"to": "west"} if row["counting"] == "incoming" else {})
        | ({"from": "east"} if row["counting"] == "outgoing" else {})
    )
)


@settings(max_examples=300)
@given(
    STATUS_AND_SUBJECT,
    st.lists(COUNT, max_size=3),
    st.sampled_from([None, "east", "west"]),
    st.sampled_from([None, "2031-12-04", "2031-12-05", "2031-12"]),
    st.integers(-30, 60),
)
def test_every_claim_gets_a_verdict_of_the_list_with_a_reason_in_both_languages(
    kind, counts, party, day, hours
):
    world = _winter()
    status, subject = kind
    more = {"subject": subject} | ({"event_date": day} if day else {})
    statements = _said((party, status, counts, more))
    at = NOON + timedelta(hours=hours)
    known = Known(world.terms, world.annexes, world.position_at, at, statements)
    verdict = judge(statements[0].claims[0], known)
    assert verdict.verdict in lists.VERDICTS
    assert set(verdict.flags) <= set(lists.FLAGS)
    assert verdict.why.say("en") != verdict.why.say("uk")
    assert judge(statements[0].claims[0], known) == verdict


@given(st.integers(1, 49), st.integers(0, 40))
def test_a_wrong_number_is_never_called_consistent_once_the_day_is_over(n, more):
    world = _winter()
    counts = [{"n": n, "counting": "each"}]
    statements = _said(("east", "completed", counts, {"event_date": "2031-12-05"}))
    verdict = _judged(world, statements, NIGHT + timedelta(hours=more))[0].as_known.verdict
    when_said = world.position_at(statements[0].said_at).count(sender="east")
    assert (verdict == "consistent") == (n in (20, when_said))
    assert verdict in ("consistent", "contradicted", "consistent_under_other_rule")
