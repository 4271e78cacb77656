"""An office signs durably, carries to others what they lack, and never signs on a lost tail."""

import sqlite3
from datetime import datetime

import pytest

from homeward.problem import Refused
from homeward.record import Draft, Part, Store
from homeward.record.entry import ZEROS
from tests.record.parties import (
    MORNING,
    codes,
    copy_of,
    dice,
    exchange_of,
    held,
    keys_of,
    later,
    office,
    order,
    orders,
    send,
    settle,
    three,
    two,
)


def refusal(call, *args, **options):
    with pytest.raises(Refused) as refused:
        call(*args, **options)
    return codes(refused.value.problems)


def secret(*readers):
    part = Part("list", "Іван Приклад, 1990".encode(), readers)
    return Draft("list-submitted", digest="0" * 64, parts=[part])


def test_entries_form_one_chain():
    north, _ = two()
    first, second, third = north.append(orders(3), MORNING)
    assert (first.prev, second.prev, third.prev) == (ZEROS, first.hash, second.hash)
    assert [entry.seq for entry in north.entries("north.office.1")] == [0, 1, 2]
    assert north.logs()["north.office.1"].size == 3
    assert north.find(second.hash) == second
    assert north.find(ZEROS) is None


def test_an_act_is_durable_when_append_returns(tmp_path):
    path = str(tmp_path / "north.db")
    north = office(exchange_of("north", "south"), "north", path)
    [entry] = north.append(orders(1), MORNING)
    reader = sqlite3.connect(path)
    assert reader.execute("SELECT leaf FROM record_entry").fetchall() == [(entry.leaf,)]
    assert list(office(north.exchange, "north", path).entries()) == [entry]


def test_a_refused_draft_leaves_nothing_behind():
    north, _ = two()
    north.append(orders(2), MORNING)
    before = held(north)
    bad = Draft("release-ordered", stage=1, step=1)
    assert refusal(north.append, [order(2), bad], MORNING) == ["field-missing"]
    assert held(north) == before
    [entry] = north.append(orders(1, 2), MORNING)
    assert entry.seq == 2


def test_a_side_cannot_count_heads_and_a_neutral_cannot_order():
    north, _, observer = three()
    counted = Draft("counted", stage=1, sums={"heads": 12})
    assert refusal(north.append, [counted], MORNING) == ["author-not-allowed"]
    assert refusal(observer.append, orders(1), MORNING) == ["author-not-allowed"]
    assert observer.append([counted], MORNING)[0].sums == {"heads": 12}


def test_nobody_outside_the_exchange_is_named():
    north, _ = two()
    assert refusal(north.append, [order(1, to="west")], MORNING) == ["party-unknown"]


@pytest.mark.parametrize("table", ["record_entry", "record_checkpoint", "record_cosignature"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET log = 'x'"])
def test_the_database_refuses_to_rewrite_what_was_signed(tmp_path, table, statement):
    path = str(tmp_path / "north.db")
    north, south = (
        office(exchange_of("north", "south"), each, path) for each in ("north", "south")
    )
    north.append(orders(2), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added"):
        sqlite3.connect(path).execute(statement.format(table))


def test_times_need_a_zone():
    north, _ = two()
    assert refusal(north.append, orders(1), datetime(2030, 5, 1)) == ["time-without-zone"]  # noqa: DTZ001


def test_a_store_takes_no_part_in_another_transaction():
    exchange = exchange_of("north", "south")
    connection = sqlite3.connect(":memory:")
    store = Store(connection, "?", exchange, keys_of("north"))
    connection.execute("BEGIN")
    assert refusal(store.append, orders(1), MORNING) == ["transaction-open"]


def test_keys_must_be_those_of_a_card_in_the_exchange():
    exchange = exchange_of("north", "south")
    connection = sqlite3.connect(":memory:")
    assert refusal(Store, connection, "?", exchange, keys_of("west")) == ["keys-other"]
    assert refusal(Store, connection, ":1", exchange, None) == ["mark-unknown"]


def test_two_processes_of_one_office_write_one_chain(tmp_path):
    path = str(tmp_path / "north.db")
    exchange = exchange_of("north", "south")
    one, other = office(exchange, "north", path), office(exchange, "north", path)
    for number in range(6):
        (one, other)[number % 2].append(orders(1, number), MORNING)
    assert [entry.seq for entry in one.entries()] == list(range(6))
    assert held(one) == held(other)


def test_a_package_brings_everything_and_a_second_one_nothing():
    north, south = two()
    entries = north.append(orders(5), MORNING)
    package = north.package_for("south", MORNING)
    taken = south.take(package, MORNING)
    assert (taken.entries, taken.problems, taken.duplicate) == (entries, (), False)
    again = south.take(package, MORNING)
    assert (again.entries, again.problems, again.duplicate) == ((), (), True)
    assert held(south) == held(north)


def test_offices_fall_silent_when_all_is_said():
    north, south, observer = three()
    north.append(orders(3), MORNING)
    south.append([order(9, "south", "north")], MORNING)
    assert settle([north, south, observer]) == []
    assert held(north) == held(south) == held(observer)
    assert north.package_for("south", MORNING) is None


def test_a_lost_package_is_simply_sent_again():
    north, south = two()
    north.append(orders(3), MORNING)
    assert north.package_for("south", MORNING) is not None
    north.append(orders(2, 3), MORNING)
    assert len(send(north, south)) == 5
    assert settle([north, south]) == []


def test_levels_rise_with_countersignatures():
    north, south, observer = three()
    [entry] = north.append(orders(1), MORNING)
    assert north.level(entry) == "signed"
    send(north, observer, later(1))
    send(observer, north, later(1))
    assert north.level(entry) == "witnessed"
    assert north.level(entry, ["north", "observer"]) == "held"
    send(north, south, later(2))
    send(south, north, later(2))
    assert north.level(entry) == "held"
    assert north.cosigned(entry.log, 1) == {"observer": later(1), "south": later(2)}
    assert north.cosigned(entry.log, 2) == {}


def test_the_first_countersignature_gives_the_time():
    north, south = two()
    north.append(orders(2), MORNING)
    send(north, south, later(5))
    north.append(orders(2, 2), MORNING)
    send(north, south, later(60))
    send(south, north, later(60))
    assert north.cosigned("north.office.1", 2) == {"south": later(5)}
    assert north.cosigned("north.office.1", 3) == {"south": later(60)}


def test_a_clock_set_back_never_sets_back_a_countersignature():
    north, south = two()
    for number, minutes in enumerate((50, 10)):
        north.append(orders(1, number), MORNING)
        send(north, south, later(minutes))
    assert south.cosigned("north.office.1", 2) == {"south": later(50)}


def test_a_neutral_between_two_sides_is_enough():
    north, south, observer = three()
    [entry] = north.append([secret("south")], MORNING)
    for _ in range(3):
        for sender, to in (
            (north, observer),
            (observer, south),
            (south, observer),
            (observer, north),
        ):
            send(sender, to)
    assert north.level(entry) == "held"
    assert south.open_part(entry, 0).decode() == "Іван Приклад, 1990"


def test_no_neutral_is_needed():
    north, south = two()
    [entry] = north.append(orders(1), MORNING)
    assert settle([north, south]) == []
    assert north.level(entry) == "held"


def test_what_was_seen_is_written_once_and_never_goes_down():
    north, south = two()
    north.append(orders(2), MORNING)
    send(north, south)
    first, second = south.append([order(8, "south", "north"), order(9, "south", "north")], MORNING)
    assert [(each.log, each.size) for each in first.seen] == [("north.office.1", 2)]
    assert second.seen == ()
    north.append(orders(3, 2), MORNING)
    send(north, south)
    [third] = south.append([order(10, "south", "north")], MORNING)
    assert third.seen[0].size == 5
    assert third.seen[0].root == north.logs()["north.office.1"].root


def test_a_body_opens_for_its_readers_and_its_author_only():
    north, south, observer = three()
    [entry] = north.append([secret("south")], MORNING)
    settle([north, south, observer])
    assert south.open_named_part(entry, 0)[0] == "list"
    assert north.open_part(entry, 0) == south.open_part(entry, 0)
    assert refusal(observer.open_part, entry, 0) == ["body-missing"]
    assert refusal(south.open_part, entry, 1) == ["part-unknown"]
    assert refusal(north.append, [secret("west")], MORNING) == ["party-unknown"]


def test_a_body_does_not_stand_in_any_file_in_the_open():
    north, _ = two()
    north.append([secret("south")], MORNING)
    package = north.package_for("south", MORNING)
    for data in (package, *copy_of(north, bodies=True).values()):
        assert "Приклад".encode() not in data


def test_an_erased_body_is_gone_and_every_proof_stands():
    north, south = two()
    [entry] = north.append([secret("south")], MORNING)
    settle([north, south])
    before = held(south)
    assert south.erase_part(entry, 0) is True
    assert south.erase_part(entry, 0) is False
    assert refusal(south.open_part, entry, 0) == ["body-missing"]
    assert settle([north, south]) == []
    assert refusal(south.open_part, entry, 0) == ["body-missing"]
    assert held(south) == before
    assert north.open_part(entry, 0)


def test_a_store_without_keys_only_watches():
    north, _ = two()
    north.append(orders(2), MORNING)
    watcher = Store(sqlite3.connect(":memory:"), "?", north.exchange, None)
    package = north.package_for("south", MORNING)
    assert len(watcher.take(package, MORNING).entries) == 2
    assert watcher.cosigned("north.office.1", 1) == {}
    assert refusal(watcher.append, orders(1), MORNING) == ["keys-missing"]


def restored(store, path, after):
    """A backup taken now, work done since, and the backup put back in its place."""
    backup = sqlite3.connect(path)
    store._shelf.tables._connection.backup(backup)
    after()
    name = store.name
    return Store(backup, "?", store.exchange, keys_of(name), dice(f"{name} restored"))


def test_a_restored_office_refuses_to_sign_once_it_learns_of_its_lost_tail(tmp_path):
    north, south = two()
    north.append(orders(2), MORNING)
    settle([north, south])

    def work():
        north.append(orders(3, 2), MORNING)
        send(north, south)

    again = restored(north, str(tmp_path / "backup.db"), work)
    taken = again.take(south.package_for("north", MORNING), MORNING)
    assert "tail-lost" in codes(taken.problems)
    with pytest.raises(Refused) as refused:
        again.append(orders(1, 9), MORNING)
    [problem] = refused.value.problems
    assert problem.code == "record.tail-lost"
    assert "begin_log" in problem.hint
    assert (problem.value, problem.expected) == ("2", "5 held elsewhere")


def test_a_restored_office_gets_its_tail_back_and_goes_on_in_a_new_epoch(tmp_path):
    north, south = two()
    north.append(orders(2), MORNING)
    settle([north, south])

    def work():
        north.append(orders(3, 2), MORNING)
        settle([north, south])

    again = restored(north, str(tmp_path / "backup.db"), work)
    south.take(again.package_for("south", later(1), ask=True), later(1))
    taken = again.take(south.package_for("north", later(1)), later(1))
    assert (len(taken.entries), codes(taken.problems)) == (3, ["tail-lost"])
    assert again.logs()["north.office.1"].size == 5
    first = again.begin_log(["alder", "cedar"], later(2))
    assert (first.log, first.kind, first.seq) == ("north.office.2", "key-change", 0)
    [entry] = again.append(orders(1, 9), later(2))
    assert entry.log == "north.office.2"
    assert settle([again, south], later(3)) == []
    assert again.level(entry) == "held"
    [certificate] = south.certificates()
    assert [(each.log, each.size) for each in certificate.after] == [("north.office.1", 5)]


@pytest.mark.parametrize("minutes", [-600, 0, 600])
@pytest.mark.parametrize("waits", [False, True])
def test_a_lost_tail_comes_back_by_any_clock_before_or_after_a_new_log(tmp_path, minutes, waits):
    north, south = two()
    north.append(orders(2), MORNING)
    settle([north, south])
    south.append([order(50, "south", "north")], MORNING)

    def work():
        north.append(orders(3, 2), later(5))
        settle([north, south], later(5))

    again = restored(north, str(tmp_path / "backup.db"), work)
    now = later(5 + minutes)
    if not waits:
        again.begin_log(["alder", "cedar"], now)
    south.take(again.package_for("south", now, ask=True), later(6))
    if waits:
        again.take(south.package_for("north", later(6)), now)
        again.begin_log(["alder", "cedar"], now)
    settle([again, south], now)
    assert again.logs()["north.office.1"].size == 5
    assert held(again) == held(south)
    assert settle([again, south], now) == []


def test_a_second_writer_has_its_own_keys_and_log():
    north, south = two()
    north.append(orders(1), MORNING)
    first = north.begin_log(["alder", "birch"], MORNING, writer="bus-one")
    assert first.log == "north.bus-one.1"
    north.append(orders(1, 5), MORNING)
    [entry] = north.append(orders(1, 6), MORNING, log="north.office.1")
    assert entry.seq == 1
    assert settle([north, south]) == []
    assert {name: head.size for name, head in south.logs().items()} == {
        "north.bus-one.1": 2,
        "north.office.1": 2,
    }
    assert refusal(north.append, orders(1), MORNING, log="south.office.1") == ["log-not-own"]


def test_a_new_log_needs_two_officers():
    north, _ = two()
    assert refusal(north.begin_log, ["alder"], MORNING) == ["officers-number"]
    assert refusal(north.begin_log, ["alder", "nobody"], MORNING) == ["officer-unknown"]
    assert list(north.logs()) == []


def damage(path, statement):
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM record_entry WHERE seq = 2",
        "UPDATE record_entry SET leaf = zeroblob(64) || substr(leaf, 65) WHERE seq = 2",
        "UPDATE record_entry SET leaf = CAST(zeroblob(64) || substr(leaf, 65) AS BLOB)",
        "UPDATE record_entry SET leaf = CAST(substr(leaf, 2) || x'0a' AS BLOB) WHERE seq = 2",
    ],
)
def test_a_database_that_was_meddled_with_is_not_opened(tmp_path, statement):
    path = str(tmp_path / "north.db")
    exchange = exchange_of("north", "south")
    office(exchange, "north", path).append(orders(4), MORNING)
    damage(path, statement)
    [reason] = refusal(office, exchange, "north", path)
    assert reason == "store-damaged" or reason.startswith("header-")


def test_a_tail_missing_from_the_database_stops_the_pen(tmp_path):
    path = str(tmp_path / "north.db")
    exchange = exchange_of("north", "south")
    office(exchange, "north", path).append(orders(4), MORNING)
    damage(path, "DELETE FROM record_entry WHERE seq = 3")
    store = office(exchange, "north", path)
    assert refusal(store.append, orders(1, 9), MORNING) == ["tail-lost"]
