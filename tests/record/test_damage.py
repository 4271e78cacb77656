"""Torn writes, flipped bits, an administrator's edits: each is seen, and by its reason."""

import random
import sqlite3

import pytest

from homeward.problem import Refused
from homeward.record import Draft, Part, Store, verify
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


def opened(path):
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    return Store(connection, "?", EXCHANGE, keys_of("north"), dice("salts"))


def office_on(folder):
    """North with 30 entries, some countersigned, its database and WAL as files."""
    path = folder / "north.db"
    store = opened(path)
    _, south = two()
    store.append(orders(20), MORNING)
    send(store, south)
    send(south, store)
    body = Part("list", b"sealed to south", ["south"])
    store.append([Draft("list-submitted", parts=[body]), *orders(9, 20)], later(2))
    whole = list(store.entries())
    waiting = {each.name: each.read_bytes() for each in folder.iterdir()}
    store._shelf.tables._connection.close()
    written = {each.name: each.read_bytes() for each in folder.iterdir()}
    return (waiting, written), whole, south


def reopened(folder, files):
    """What opening a database of these files says: entries, or the reason why not."""
    folder.mkdir()
    for name, data in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(data)
    try:
        store = opened(folder / "north.db")
    except Refused as refused:
        return None, codes(refused.problems)[0]
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # before the store has it
        return None, "sqlite"
    try:
        return list(store.entries()), verify(copy_of(store))
    except sqlite3.DatabaseError:
        return None, "sqlite"
    except Refused as refused:
        return None, codes(refused.problems)[0]


def damage(files, roll):
    """One torn write or flipped bit somewhere in the database or its WAL."""
    name = roll.choice([name for name in files if not name.endswith("-shm")])
    data = bytearray(files[name])
    at = roll.randrange(len(data))
    how = roll.choice(["bit", "sector", "cut", "zeros"])
    if how == "bit":
        data[at] ^= 1 << roll.randrange(8)
    elif how == "sector":
        data[at : at + 512] = roll.randbytes(len(data[at : at + 512]))
    elif how == "zeros":
        data[at : at + 512] = bytes(len(data[at : at + 512]))
    else:
        del data[at:]
    return files | {name: bytes(data)}


def try_damages(folder, times, seed):
    (folder / "whole").mkdir()
    both, whole, south = office_on(folder / "whole")
    roll = random.Random(seed)
    told = {"refused": 0, "shorter": 0, "same": 0, "unsound": 0}
    for number in range(times):
        held, said = reopened(folder / str(number), damage(both[number % 2], roll))
        if held is None:
            told["refused"] += 1
            assert said, "a refusal without a reason"
        elif not said.sound:
            told["unsound"] += 1
            assert said.reason is not None
        else:
            assert held == whole[: len(held)], "another record was accepted"
            told["same" if len(held) == len(whole) else "shorter"] += 1
            if len(held) < 20:
                with pytest.raises(Refused) as refused:
                    reopen_ask_and_sign(folder / str(number) / "north.db", south)
                assert codes(refused.value.problems) == ["tail-lost"]
    return told


def test_damaged_files_never_become_another_record(tmp_path):
    told = try_damages(tmp_path, 50, 1)
    assert told["refused"], told
    assert told["shorter"] + told["same"], told


@pytest.mark.soak
def test_five_hundred_torn_writes_and_flipped_bits(tmp_path, counted):
    told = try_damages(tmp_path, 500, 2)
    counted("torn writes and flipped bits, database, WAL", 500, str(told))


def test_damaged_tiles_never_become_another_record():
    assert tiles_damaged(60, 3) == 60


@pytest.mark.soak
def test_five_hundred_damages_to_a_published_copy(counted):
    seen = tiles_damaged(500, 4)
    counted("flipped bits and cuts in a published copy", 500, f"{seen} seen or without effect")


def tiles_damaged(times, seed):
    north, south = two()
    north.append(orders(300), MORNING)
    send(north, south)
    send(south, north)
    copy, roll = copy_of(north), random.Random(seed)
    for _ in range(times):
        name = roll.choice(sorted(copy))
        data = bytearray(copy[name])
        at = roll.randrange(len(data))
        if roll.random() < 0.7:
            data[at] ^= 1 << roll.randrange(8)
        else:
            del data[at:]
        found = verify(copy | {name: bytes(data)})
        if found.sound:
            # A countersignature's line may have become one of an unknown key: it counts no more.
            assert name.endswith("checkpoint")
            assert [log.root for log in found.logs] == [log.root for log in verify(copy).logs]
        else:
            assert found.reason.code.startswith("record.")
    return times


# Every edit with the triggers taken away, as an administrator can.


def without_guards(store):
    run = store._shelf.tables.run
    for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        run(f"DROP TRIGGER {name}")
    return run


def swap(run):
    run(
        "UPDATE record_entry SET leaf = (SELECT leaf FROM record_entry WHERE seq = 3) WHERE seq = 4"
    )


def alter(run):
    [(leaf,)] = run("SELECT leaf FROM record_entry WHERE seq = 4")
    run("UPDATE record_entry SET leaf = ? WHERE seq = 4", (leaf.replace(b"step 1", b"step 2"),))


def sign_again(run):
    """An insider with the entry key: another act under the same number, rightly signed."""
    other, _ = two()
    leaf = other.append(orders(5, 700), MORNING)[4].leaf
    run("UPDATE record_entry SET leaf = ? WHERE seq = 4", (leaf,))


EDITS = {
    "alter": (alter, {"store-damaged"}),
    "drop from the middle": (
        lambda run: run("DELETE FROM record_entry WHERE seq = 4"),
        {"store-damaged"},
    ),
    "swap two": (swap, {"store-damaged"}),
    "another act under its number": (sign_again, {"store-damaged"}),
    "cut the tail": (
        lambda run: run("DELETE FROM record_entry WHERE seq >= 25"),
        {"tail-lost"},
    ),
    "cut the tail with its checkpoints": (
        lambda run: (
            run("DELETE FROM record_entry WHERE seq >= 10"),
            run("DELETE FROM record_checkpoint WHERE size > 10"),
            run("DELETE FROM record_cosignature WHERE size > 10"),
        ),
        {"tail-lost"},
    ),
    "another root": (
        lambda run: run("UPDATE record_checkpoint SET root = ? WHERE size = 30", (bytes(32),)),
        {"store-damaged"},
    ),
    "another log": (
        lambda run: run("UPDATE record_entry SET log = 'south.office.1' WHERE seq >= 28"),
        {"store-damaged", "tail-lost"},
    ),
    "nothing in place of what a party said": (
        lambda run: (
            run(
                "CREATE TABLE other AS SELECT party, NULL AS manifest, owed, told FROM record_peer"
            ),
            run("DROP TABLE record_peer"),
            run("ALTER TABLE other RENAME TO record_peer"),
        ),
        {"store-damaged"},
    ),
    "a text in place of bytes": (
        lambda run: run("UPDATE record_entry SET leaf = 'text' WHERE seq = 4"),
        {"store-damaged"},
    ),
    "a checkpoint that nobody signed": (
        lambda run: run("UPDATE record_checkpoint SET signature = ? WHERE size = 30", (bytes(64),)),
        {"store-damaged"},
    ),
}


def reopen_ask_and_sign(path, south):
    """What an office does after it was down: open, ask the others, and only then sign."""
    store = opened(path)
    south.take(store.package_for("south", later(3), ask=True), later(3))
    answer = south.package_for("north", later(3))
    if answer is not None:
        store.take(answer, later(3))
    store.append(orders(1, 800), later(3))


@pytest.mark.parametrize("edit", EDITS)
def test_an_administrator_s_edit_is_seen_before_anything_is_signed(tmp_path, edit):
    change, expected = EDITS[edit]
    (tmp_path / "whole").mkdir()
    _, _, south = office_on(tmp_path / "whole")
    path = tmp_path / "whole" / "north.db"
    change(without_guards(opened(path)))
    with pytest.raises(Refused) as refused:
        reopen_ask_and_sign(path, south)
    assert codes(refused.value.problems)[0] in expected
    assert refused.value.problems[0].hint


def test_an_erased_body_put_back_is_not_given_out(tmp_path):
    (tmp_path / "whole").mkdir()
    office_on(tmp_path / "whole")
    store = opened(tmp_path / "whole" / "north.db")
    entry = next(each for each in store.entries() if each.parts)
    ref = entry.parts[0].ciphertext
    sealed = store._shelf.ciphertext(ref)
    assert store.erase_part(entry, 0)
    run = without_guards(store)
    run("UPDATE record_body SET ciphertext = ? WHERE digest = ?", (sealed, ref))
    again = opened(tmp_path / "whole" / "north.db")
    with pytest.raises(Refused) as refused:
        again.open_part(entry, 0)
    assert codes(refused.value.problems) == ["body-missing"]
    assert f"bodies/{ref}" not in dict(again.copy(bodies=True))
    assert sealed not in (again.package_for("south", later(9), ask=True) or b"")


def test_other_bytes_in_place_of_a_body_are_refused_by_its_reader(tmp_path):
    (tmp_path / "whole").mkdir()
    office_on(tmp_path / "whole")
    store = opened(tmp_path / "whole" / "north.db")
    entry = next(each for each in store.entries() if each.parts)
    without_guards(store)("UPDATE record_body SET ciphertext = ?", (b"other bytes",))
    with pytest.raises(Refused) as refused:
        store.open_part(entry, 0)
    assert codes(refused.value.problems) == ["body-digest-differs"]
