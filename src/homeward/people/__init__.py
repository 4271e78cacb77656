"""Whose list says what, and which lines are about the same person.

    read_list   a file of any usual kind as lines, and all its problems with row and column
    propose     two lists as pairs: the same person, for review, or different
    questions   the pairs for review, the one whose answer settles most first
    decide      a person's answer beside the lines; it can be withdrawn
    compare_editions, audit
                what a later list changes, and what a list is worth, as ids and counts

>>> held = read_list("held.csv", "id;прізвище;ім'я\\n0012;Коваль;Юрій\\n".encode())
>>> held.lines[0].id, held.problems
('0012', ())

Not here: files and databases (bytes come in, values go out), who stands behind a handle (the
office), and any decision that is final: a person signs, the room proposes.
"""

from homeward.people.asking import questions
from homeward.people.editions import audit, compare_editions
from homeward.people.line import Line
from homeward.people.pairs import Matching, decide, read_gold, score, write_pairs
from homeward.people.proposing import propose
from homeward.people.reading import ListRead, read_list

__all__ = [
    "Line",
    "ListRead",
    "Matching",
    "audit",
    "compare_editions",
    "decide",
    "propose",
    "questions",
    "read_gold",
    "read_list",
    "score",
    "write_pairs",
]
