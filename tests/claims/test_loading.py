"""statements.yaml is read strictly: every problem at once, each with its line."""

from hypothesis import given
from hypothesis import strategies as st

from homeward.claims import load_statements
from tests.claims.replay import EXAMPLE, istanbul_statements

WRONG = """format: homeward-statements/1
statements:
  - id: one
    text: North says that ten came home.
    speaker: {name: North, role: party}
    said_at: "2031-05-09T12:00:00+03:00"
    known_at: "2031-05-09T11:00:00+03:00"
    claims:
      - {status: finished, subject: exchange}
      - status: completed
        subject: exchange
        counts: [{n: 10, counting: incoming}]
        window: ["2031-05-10T00:00:00+03:00", "2031-05-09T00:00:00+03:00"]
      - {status: planned, subject: exchange, answers: nobody.1}
  - id: one
    text: The same again.
    speaker: {name: a guest, role: third, party: north}
    said_at: "2031-05-09 12:00"
    claims: []
  - id: one
    text: And again.
    speaker: {name: West, role: party, party: west}
    said_at: "2031-05-09T12:00:00+03:00"
    colour: red
    claims: [{status: agreed, subject: agreement}]
"""


def _found(text, **more):
    _, problems = load_statements(text, "s.yaml", **more)
    return {(problem.code, int(problem.place.split(":")[1])) for problem in problems}


def test_all_problems_are_named_at_once_with_their_lines():
    assert _found(WRONG, sides=("north", "south")) == {
        ("claims.unknown-word", 9),
        ("claims.party-and-role", 5),
        ("claims.known-before-said", 7),
        ("claims.count-without-side", 12),
        ("claims.bad-window", 13),
        ("claims.answers-nothing", 14),
        ("claims.no-such-date", 18),
        ("claims.wrong-length", 19),
        ("claims.id-twice", 20),
        ("claims.unknown-field", 24),
        ("claims.unknown-side", 22),
    }


def test_a_claim_keeps_its_number_when_one_before_it_cannot_be_read():
    statements, _ = load_statements(WRONG)
    assert [claim.id for claim in statements[0].claims] == ["one.2", "one.3"]


def test_a_bare_list_is_read_like_the_whole_file():
    row = """- id: a
  text: Something.
  speaker: {name: a guest, role: third}
  said_at: "2031-05-09T12:00:00+03:00"
  claims: [{status: assessed, subject: outlook}]
"""
    statements, problems = load_statements(row)
    assert problems == ()
    assert statements[0].known_at == statements[0].said_at


def test_the_example_names_only_sides_of_the_exchange_and_no_article_sentence():
    text = (EXAMPLE / "statements.yaml").read_text(encoding="utf-8")
    _, problems = load_statements(text, sides=("russia", "ukraine"))
    assert problems == ()
    assert len(istanbul_statements()) >= 25


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fall_over(text):
    load_statements(text)


@given(st.integers(min_value=0, max_value=2000), st.characters())
def test_one_changed_character_is_read_or_named(at, character):
    at %= len(WRONG)
    _, problems = load_statements(WRONG[:at] + character + WRONG[at + 1 :])
    assert all(problem.code.startswith("claims.") for problem in problems)
