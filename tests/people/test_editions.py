"""Editions of a list, its audit as counts, and the order in which questions are asked."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from homeward.dates import PartialDate
from homeward.people import Line, audit, compare_editions, questions
from homeward.people.pairs import Pair


def line(number: str, **said: object) -> Line:
    return Line(number, **{"surname": "Коваль", "given_name": "Юрій", **said})  # type: ignore[arg-type]


def test_a_later_edition_names_who_came_who_went_and_which_columns_differ():
    former = [line("1"), line("2", rank="солдат"), line("3")]
    latter = [line("2", rank="сержант", health="wounded"), line("3"), line("4", unit="A1")]
    change = compare_editions(former, latter)
    assert (change.added, change.gone, change.same) == (("4",), ("1",), 1)
    assert change.changed == {"2": ("rank", "health")}


def test_the_row_of_the_file_is_no_difference():
    assert compare_editions([line("1", row=2)], [line("1", row=9)]).changed == {}


def test_somebody_with_a_new_id_who_says_all_the_same_is_told_apart_from_a_newcomer():
    change = compare_editions([line("1", unit="A1234")], [line("7", unit="A1234"), line("8")])
    assert change.renumbered == {"1": "7"}
    assert (change.added, change.gone) == (("8",), ())


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.lists(st.sampled_from("abcdef"), unique=True),
)
def test_every_line_of_both_editions_stands_in_one_place(one, other):
    former = [line(x, surname=x) for x in one]
    latter = [line(x, surname=x) for x in other]
    change = compare_editions(former, latter)
    assert len(former) == len(change.gone) + len(change.changed) + change.same
    assert len(latter) == len(change.added) + len(change.changed) + change.same


def test_an_audit_counts_what_a_list_lacks_and_what_is_doubtful_in_it():
    lines = [
        line("1", sex="m", birth_date=PartialDate(1990, 1, 1), category="prisoner_of_war"),
        line("2", sex="m", birth_date=PartialDate(1990, 1, 1), category="prisoner_of_war"),
        line("3", surname="Гринь", sex="f", birth_date=PartialDate(1890), category="civilian"),
        line("4", surname="Шило", category="civilian", health="seriously_wounded"),
    ]
    claim = {"category": "prisoner_of_war"}
    found = audit(lines, returned=["4"], expected=claim, today=date(2031, 5, 1))
    assert found["lines"] == 4
    assert found["already returned"] == 1
    assert found["not category prisoner_of_war"] == 2
    assert found["alike in name and birth date"] == 2
    assert found["birth date: 1 January"] == 2
    assert found["birth date: not said"] == 1
    assert found["birth date: over 110 years ago or to come"] == 1
    assert found["seriously wounded or sick"] == 1
    assert found["women"] == 1


def test_an_audit_says_zero_for_a_priority_group_that_is_missing():
    found = audit([line("1", sex="m")])
    assert found["women"] == 0
    assert found["seriously wounded or sick"] == 0


def test_the_question_that_settles_most_comes_first():
    alone = Pair("s9", "h9", 0.5, "review")
    crowd = [Pair("s1", "h1", 0.45, "review"), Pair("s1", "h2", 0.45, "review")]
    sure = Pair("s5", "h5", 0.98, "review")
    asked = questions([sure, alone, *crowd])
    assert [one.pair for one in asked] == [*crowd, alone, sure]
    assert asked[0].settles > asked[2].settles
    assert asked[0].beside == 1
    assert asked[2].beside == 0


def test_the_order_of_questions_does_not_hang_on_the_order_of_pairs():
    pairs = [Pair(f"s{at % 3}", f"h{at}", 0.1 + 0.1 * at, "review") for at in range(8)]
    assert questions(pairs) == questions(pairs[::-1])
