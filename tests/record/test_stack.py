"""Entries stay in the tables until they are asked for, and are checked when they are."""

import sqlite3

import pytest

from homeward.problem import Refused
from homeward.record import Draft, Store, stack, verify
from homeward.record.tree import is_consistent, is_included
from tests.record.parties import (
    MORNING,
    codes,
    copy_of,
    dice,
    exchange_of,
    keys_of,
    later,
    orders,
    send,
    two,
)

EXCHANGE = exchange_of("north", "south")
NORTH = "north.office.1"


@pytest.fixture(autouse=True)
def narrow(monkeypatch):
    """Blocks of four entries: seventy entries fill three heights of them, as a million would."""
    monkeypatch.setattr(stack, "HEIGHT", 2)
    monkeypatch.setattr(stack, "WIDTH", 4)


def opened(path):
    return Store(sqlite3.connect(path), "?", EXCHANGE, keys_of("north"), dice("salts"))


def filled(path, count, step=7):
    store = opened(path)
    for start in range(0, count, step):
        store.append(orders(min(step, count - start), start), MORNING)
    return store


def tree_of(store):
    return store._shelf.log(NORTH).tree


def change(path, *statements):
    """As an administrator can, who takes the triggers away first."""
    connection = sqlite3.connect(path, isolation_level=None)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("count", [1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 70])
def test_a_store_opened_again_is_the_store_it_was(tmp_path, count):
    before = filled(tmp_path / "north.db", count)
    again = opened(tmp_path / "north.db")
    one, other = tree_of(before), tree_of(again)
    root = one.root()
    assert len(other) == count
    assert [other.root(size) for size in range(count + 1)] == [
        one.root(size) for size in range(count + 1)
    ]
    for seq in range(count):
        assert is_included(other.leaf(seq), seq, count, other.inclusion(seq, count), root)
        steps = other.consistency(seq, count)
        assert not seq or is_consistent(seq, count, steps, one.root(seq), root)
    assert list(again.entries()) == list(before.entries())
    assert [entry.seq for entry in again.entries(NORTH, start=count - 1)] == [count - 1]
    assert copy_of(again) == copy_of(before)


def test_a_store_opened_again_goes_on_where_it_was(tmp_path):
    for start in range(0, 70, 5):
        opened(tmp_path / "north.db").append(orders(5, start), MORNING)
    store = opened(tmp_path / "north.db")
    assert [entry.seq for entry in store.entries()] == list(range(70))
    assert verify(copy_of(store)).sound
    found = next(store.entries())
    assert opened(tmp_path / "north.db").find(found.hash) == found
    assert store.find("no hash at all") is None


def test_roots_of_blocks_are_a_help_that_may_be_missing(tmp_path):
    before = filled(tmp_path / "north.db", 70)
    change(tmp_path / "north.db", "DELETE FROM record_block")
    again = opened(tmp_path / "north.db")
    assert list(again.entries()) == list(before.entries())
    again.append(orders(3, 900), later(1))
    assert len(list(opened(tmp_path / "north.db").entries())) == 73


def test_two_processes_that_open_an_empty_store_see_what_the_other_signs(tmp_path):
    one, other = opened(tmp_path / "north.db"), opened(tmp_path / "north.db")
    assert one.closing_sums() == other.closing_sums() == {}
    one.append(orders(6), MORNING)
    assert len(list(other.entries())) == 6
    other.append(orders(6, 50), MORNING)
    one.append(orders(6, 90), MORNING)
    assert [entry.seq for entry in other.entries()] == list(range(18))


EARLY = {
    "an act altered": "UPDATE record_entry SET leaf = CAST(substr(leaf, 1, 300) || x'39' ||"
    " substr(leaf, 302) AS BLOB) WHERE seq = 9",
    "an act dropped": "DELETE FROM record_entry WHERE seq = 9",
    "two acts swapped": "UPDATE record_entry SET leaf ="
    " (SELECT leaf FROM record_entry WHERE seq = 10) WHERE seq = 9",
    "a text in place of bytes": "UPDATE record_entry SET leaf = 'text' WHERE seq = 9",
    "the root of its block altered": "UPDATE record_block SET root = zeroblob(32)"
    " WHERE level = 1 AND place = 2",
    "the root of its block dropped": "DELETE FROM record_block WHERE level = 1 AND place = 2",
    "the root of its block cut": "UPDATE record_block SET root = x'00'"
    " WHERE level = 1 AND place = 2",
}


@pytest.mark.parametrize("edit", EARLY)
def test_an_edit_far_back_is_seen_when_what_was_edited_is_asked_for(tmp_path, edit):
    filled(tmp_path / "north.db", 70)
    change(tmp_path / "north.db", EARLY[edit])
    store = opened(tmp_path / "north.db")
    assert [entry.seq for entry in store.entries(NORTH, start=60)] == list(range(60, 70))
    for ask in (
        lambda: list(store.entries(NORTH)),
        lambda: tree_of(store).inclusion(9, 70),
        lambda: store.package_for("south", later(1)),
        lambda: copy_of(store),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert codes(refused.value.problems) == ["store-damaged"]
        assert refused.value.problems[0].hint


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE record_block SET root = zeroblob(32) WHERE level = 3",
        "UPDATE record_entry SET leaf = CAST(substr(leaf, 2) AS BLOB) WHERE seq = 69",
        "DELETE FROM record_entry WHERE seq = 68",
        "UPDATE record_entry SET seq = 'nine' WHERE seq = 69",
        "UPDATE record_entry SET log = 'south.office.1' WHERE seq = 69",
    ],
)
def test_an_edit_at_the_growing_edge_is_seen_at_opening(tmp_path, edit):
    filled(tmp_path / "north.db", 70)
    change(tmp_path / "north.db", edit)
    with pytest.raises(Refused) as refused:
        opened(tmp_path / "north.db").logs()
    assert codes(refused.value.problems) == ["store-damaged"]


def test_entries_put_behind_the_last_checkpoint_need_the_log_s_signature(tmp_path):
    other, _ = two()
    filled(tmp_path / "north.db", 9)
    [entry] = other.append(orders(10, 500), MORNING)[9:]
    forged = (bytes(64) + entry.leaf[64:]).hex()
    change(
        tmp_path / "north.db",
        f"INSERT INTO record_entry (log, seq, leaf, at) VALUES ('{NORTH}', 9, x'{forged}', 0)",
    )
    with pytest.raises(Refused) as refused:
        opened(tmp_path / "north.db")
    assert codes(refused.value.problems) == ["store-damaged"]


def watcher(path, after=20):
    """North that has seen south's log once, ``after`` entries of its own ago."""
    _, south = two()
    south.append([Draft("terms-accepted", digest="a" * 64)], MORNING)
    north = opened(path)
    send(south, north)
    north.append(orders(after), MORNING)
    return north, south


def test_what_was_seen_long_ago_is_not_said_again_after_opening(tmp_path):
    watcher(tmp_path / "north.db")
    again = opened(tmp_path / "north.db")
    [entry] = again.append(orders(1, 700), later(1))
    assert entry.seen == ()
    assert [bool(each.seen) for each in again.entries(NORTH)] == [True, *[False] * 20]


@pytest.mark.parametrize("said", ["south.office.1=3", "south.office.1=x", "south.office.1=99"])
def test_where_it_was_said_is_believed_only_of_an_entry_that_says_so(tmp_path, said):
    watcher(tmp_path / "north.db")
    change(tmp_path / "north.db", f"UPDATE record_block SET seen = '{said}'")
    with pytest.raises(Refused) as refused:
        opened(tmp_path / "north.db")
    assert codes(refused.value.problems) == ["store-damaged"]
