"""A witness answers as C2SP's tlog-witness asks, and a package is judged by the same rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.record.notes import COSIGNATURE, key_id, note_of, read_note, sign_note
from homeward.record.notes import Checkpoint as Head
from homeward.record.tree import EMPTY_ROOT, Tree, leaf_hash
from homeward.record.witness import SIZE_TYPE, Watched, judge, request_of
from tests.record.parties import MORNING, codes, copy_of, exchange_of, keys_of, orders, two
from tests.record.test_packages import resigned

ORIGIN = "example.com/log"
KEY = keys_of("north").checkpoint
TREE = Tree(leaf_hash(bytes([n])) for n in range(9))
OTHER = Tree(leaf_hash(bytes([n + 100])) for n in range(9))


def note(size, tree=TREE, origin=ORIGIN, key=KEY):
    text = Head(origin, size, tree.root(size)).text
    return note_of(text, [sign_note(text, origin, key)])


def asked(old, new, state=None, tree=TREE, path=None, **how):
    """The answer of a witness whose state is ``state`` entries of TREE, or the old size."""
    size = old if state is None else state
    root = TREE.root(size) if size else EMPTY_ROOT
    steps = (tree.consistency(old, new) if 0 < old <= new else []) if path is None else path
    watched = Watched("example", KEY.public, size, root)
    request = request_of(old, steps, note(new, tree, **how))
    return judge(request, lambda origin: watched if origin == ORIGIN else None)


@pytest.mark.parametrize(("old", "new"), [(0, 1), (0, 9), (1, 9), (4, 8), (5, 9), (9, 9)])
def test_200_for_whatever_continues_what_was_seen(old, new):
    answer = asked(old, new)
    assert (answer.status, answer.checkpoint.size, answer.problem) == (200, new, None)


def test_404_for_a_log_nobody_may_write():
    answer = asked(0, 3, origin="example.com/other")
    assert (answer.status, answer.problem.code) == (404, "record.log-unknown")
    assert answer.checkpoint is None


def test_403_when_no_known_key_signed():
    answer = asked(0, 3, key=keys_of("south").checkpoint)
    assert (answer.status, answer.problem.code) == (403, "record.checkpoint-signature-wrong")


def test_400_when_the_old_size_is_the_larger():
    assert asked(5, 3).status == 400


def test_409_names_the_size_last_countersigned():
    answer = asked(3, 9, state=5)
    assert (answer.status, answer.body, answer.content_type) == (409, "5\n", SIZE_TYPE)
    assert answer.problem.code == "record.witness-size"
    assert asked(0, 9, state=5).body == "5\n"
    assert asked(5, 9, state=0).body == "0\n"


def test_409_without_a_size_for_another_root_at_the_same_size():
    answer = asked(5, 5, tree=OTHER)
    assert (answer.status, answer.body) == (409, "")
    assert answer.problem.code == "record.fork"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (4, 8, []),
        (4, 8, OTHER.consistency(4, 8)),
        (4, 8, [*TREE.consistency(4, 8), bytes(32)]),
        (0, 8, [bytes(32)]),
        (8, 8, [bytes(32)]),
    ],
)
def test_422_when_the_proof_does_not_lead_there(old, new, path):
    answer = asked(old, new, path=path)
    assert (answer.status, answer.problem.code) == (422, "record.proof-wrong")


GOOD = request_of(0, [], note(3))


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"",
        b"old 0\n",
        GOOD.replace(b"old 0", b"old 00"),
        GOOD.replace(b"old 0", b"old -1"),
        GOOD.replace(b"old 0", b"new 0"),
        GOOD.replace(b"old 0\n\n", b"old 0\r\n\r\n"),
        GOOD.replace(b"old 0\n", b"old 0\nAAAA\n"),
        GOOD.replace(b"old 0\n", b"old 0\nnot base64\n"),
        request_of(0, [bytes(32)] * 64, note(3)),
        GOOD[:-1],
        GOOD + bytes(200_000),
        GOOD.replace(b"\n3\n", b"\n03\n"),
    ],
)
def test_400_for_any_other_form(request_bytes):
    answer = judge(request_bytes, lambda _: pytest.fail("judged what it could not read"))
    assert answer.status == 400


@given(st.binary(max_size=300) | st.binary(max_size=40).map(lambda tail: GOOD + tail))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_answered_and_nothing_else(data):
    watched = Watched("example", KEY.public, 0, EMPTY_ROOT)
    answer = judge(data, lambda _: watched)
    assert answer.status in (200, 400, 403)
    assert (answer.status == 200) is (data == GOOD)


# The same rules where an office keeps the state.


def asking(store, old, new):
    """What a log sends to a witness for its own checkpoint at ``new``."""
    log = store._shelf.logs["north.office.1"]
    path = log.tree.consistency(old, new) if 0 < old <= new else []
    return request_of(old, path, log.note(new))


def test_an_office_countersigns_what_it_holds_and_keeps_it_before_it_answers():
    north, south = two()
    north.append(orders(3), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    answer = south.witness(asking(north, 3, 3), MORNING)
    assert answer.status == 200
    checkpoint = copy_of(north)["north.office.1/checkpoint"]
    [_, line] = read_note(checkpoint + answer.body.encode(), "note").signatures
    card = south.exchange.cards["south"]
    assert line.key == key_id(line.name, COSIGNATURE, card.witness)
    assert answer.body.encode() in copy_of(south)["north.office.1/checkpoint"]


def test_an_office_countersigns_nothing_whose_entries_it_does_not_hold():
    north, south = two()
    north.append(orders(3), MORNING)
    answer = south.witness(asking(north, 0, 3), MORNING)
    assert (answer.status, answer.problem.code) == (503, "record.witness-lacks-entries")
    assert south.cosigned("north.office.1", 1) == {}
    south.take(north.package_for("south", MORNING), MORNING)
    assert south.witness(asking(north, 0, 3), MORNING).body == "3\n"
    assert south.witness(asking(north, 3, 3), MORNING).status == 200


def test_an_office_answers_every_other_status_too():
    north, south = two()
    north.append(orders(3), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    good = asking(north, 3, 3)
    assert south.witness(b"", MORNING).status == 400
    assert north.witness(good, MORNING).status == 404  # nobody is a witness of itself
    elsewhere = good.replace(exchange_of("north", "south").id.encode(), b"0" * 64)
    assert south.witness(elsewhere, MORNING).status == 404
    assert south.witness(good[:-8] + b"AAAAAA=\n", MORNING).status in (400, 403)
    assert south.witness(asking(north, 0, 3), MORNING).status == 409
    north.append(orders(2, 3), MORNING)
    wrong = asking(north, 3, 5).replace(b"old 3\n", b"old 3\n" + b"A" * 43 + b"=\n")
    answer = south.witness(wrong, MORNING)
    assert (answer.status, answer.problem.code) == (422, "record.proof-wrong")


def test_two_stories_by_one_log_are_never_both_countersigned():
    north, south = two()
    liar, _ = two()
    north.append(orders(3), MORNING)
    liar.append(orders(3, 100), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    answer = south.witness(asking(liar, 3, 3), MORNING)
    assert (answer.status, answer.problem.code) == (409, "record.fork")
    assert len(south._shelf.logs["north.office.1"].cosignatures["south"]) == 1


def test_the_answer_is_on_the_disk_before_it_is_given(tmp_path):
    import sqlite3

    from homeward.record import Store
    from tests.record.parties import dice

    exchange = exchange_of("north", "south")
    north, _ = two()
    north.append(orders(2), MORNING)
    path = str(tmp_path / "south.db")
    south = Store(sqlite3.connect(path), "?", exchange, keys_of("south"), dice("s"))
    south.take(north.package_for("south", MORNING), MORNING)
    said = south.witness(asking(north, 2, 2), MORNING).body
    again = Store(sqlite3.connect(path), "?", exchange, keys_of("south"), dice("s"))
    assert said.encode() in copy_of(again)["north.office.1/checkpoint"]


# A stick is judged alike.


def note_changed(change):
    name = "north.office.1.checkpoint"
    return lambda files: files | {name: change(files[name])}


STICK = {
    400: ("note-malformed", note_changed(lambda note: note[:-1])),
    403: (
        "checkpoint-signature-wrong",
        note_changed(lambda note: note.replace(b"\n5\n", b"\n6\n")),
    ),
    422: (
        "proof-wrong",
        lambda files: files | {"north.office.1.consistency": bytes(32 * 3)},
    ),
}


@pytest.mark.parametrize("status", STICK)
def test_a_package_is_refused_where_http_answers(status):
    code, change = STICK[status]
    north, south = two()
    north.append(orders(3), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    north.take(south.package_for("north", MORNING), MORNING)
    north.append(orders(2, 3), MORNING)
    package = resigned(north.package_for("south", MORNING), change)
    assert codes(south.take(package, MORNING).problems) == [code]
    assert south.logs()["north.office.1"].size == 3


def test_a_package_from_another_exchange_is_404_on_a_stick():
    north, south = two()
    north.append(orders(3), MORNING)
    package = resigned(
        north.package_for("south", MORNING),
        note_changed(lambda note: note.replace(north.exchange.id.encode(), b"0" * 64)),
    )
    assert codes(south.take(package, MORNING).problems) == ["exchange-other"]


def test_another_root_at_the_same_size_is_409_on_a_stick_and_leaves_a_proof():
    north, south = two()
    liar, _ = two()
    north.append(orders(3), MORNING)
    liar.append(orders(3, 100), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    assert codes(south.take(liar.package_for("south", MORNING), MORNING).problems) == ["fork"]
    assert len(south.forks()) == 1


def test_a_package_that_begins_too_late_is_409_on_a_stick():
    north, south = two()
    ahead, there = two()
    for store, reader in ((north, None), (ahead, there)):
        store.append(orders(3), MORNING)
        if reader is not None:
            reader.take(store.package_for("south", MORNING), MORNING)
            store.take(reader.package_for("north", MORNING), MORNING)
    ahead.append(orders(2, 3), MORNING)
    assert codes(south.take(ahead.package_for("south", MORNING), MORNING).problems) == [
        "package-gap"
    ]
