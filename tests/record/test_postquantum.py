"""A second countersignature in ML-DSA-44: an option that is checked, or said not to be."""

import pytest

from homeward.problem import Refused
from homeward.record import Keys, make_keys, open_exchange, postquantum, read_card, verify
from homeward.record.notes import MLDSA, key_id, read_note
from tests.record.parties import MORNING, TERMS, codes, copy_of, dice, office, orders, settle


def party(name, mldsa=True):
    return make_keys(name, "side", ["alder", "birch"], dice(name), mldsa=mldsa)


def stores_of(*keys):
    import sqlite3

    from homeward.record import Store

    exchange = open_exchange([each.card for each in keys], TERMS, {})
    return [
        Store(sqlite3.connect(":memory:"), "?", exchange, each, dice(each.name)) for each in keys
    ]


@pytest.fixture
def met():
    north, south = stores_of(party("north"), party("south"))
    north.append(orders(3), MORNING)
    assert settle([north, south]) == []
    return north, south


def second_line(copy, party="south"):
    note = read_note(copy["north.office.1/checkpoint"], "note")
    return next(
        each
        for each in note.signatures
        if each.name.endswith(party + "/witness") and len(each.value) > 2000
    )


def test_a_party_with_such_a_key_countersigns_twice_and_both_are_checked(met):
    north, south = met
    for store in met:
        found = verify(copy_of(store))
        assert found.sound
        assert codes(found.notes) == ["log-absent"]
        log = next(each for each in found.logs if each.name == "north.office.1")
        assert log.cosigned["south"][0] == log.mldsa["south"] == 3
        assert log.to_json()["mldsa44"] == {"south": 3}
    assert (
        copy_of(north)["north.office.1/checkpoint"] == copy_of(south)["north.office.1/checkpoint"]
    )


def test_the_line_is_the_one_of_the_text(met):
    line = second_line(copy_of(met[0]))
    card = met[0].exchange.cards["south"]
    assert line.key == key_id(line.name, MLDSA, card.mldsa)
    assert len(line.value) == 8 + 2420
    assert int.from_bytes(line.value[:8], "big") == int(MORNING.timestamp())
    origin = met[0].exchange.origin("north.office.1")
    head = met[0].logs()["north.office.1"]
    told = b"subtree/v1\n\0" + bytes([len(line.name)]) + line.name.encode() + line.value[:8]
    told += bytes([len(origin)]) + origin.encode() + bytes(8) + (3).to_bytes(8, "big")
    told += bytes.fromhex(head.root)
    assert postquantum.is_signed(told, line.value[8:], card.mldsa)
    assert not postquantum.is_signed(told + b" ", line.value[8:], card.mldsa)


def changed(copy, change):
    name = "north.office.1/checkpoint"
    line = second_line(copy)
    other = type(line)(line.name, line.key, change(line.value))
    return copy | {name: copy[name].replace(line.line().encode(), other.line().encode())}


def test_a_wrong_second_countersignature_makes_the_copy_unsound(met):
    copy = copy_of(met[0])
    flipped = changed(copy, lambda value: value[:-1] + bytes([value[-1] ^ 1]))
    assert codes([verify(flipped).reason]) == ["cosignature-wrong"]
    later = changed(copy, lambda value: (9).to_bytes(8, "big") + value[8:])
    assert codes([verify(later).reason]) == ["cosignature-wrong"]
    cut = changed(copy, lambda value: value[:-1])
    assert codes([verify(cut).reason]) == ["cosignature-malformed"]


def test_a_reader_without_means_says_not_checked_and_counts_it_for_nothing(met, monkeypatch):
    copy = copy_of(met[0])
    monkeypatch.setattr(postquantum, "is_signed", lambda *_: None)
    for each in (copy, changed(copy, lambda value: value[:-1] + bytes([value[-1] ^ 1]))):
        found = verify(each)
        assert found.sound
        assert set(codes(found.notes)) == {"cosignature-not-checked", "log-absent"}
        assert all(log.mldsa == {} for log in found.logs)


def test_a_package_with_a_wrong_second_countersignature_is_refused(met, monkeypatch):
    north, south = met
    monkeypatch.setattr(postquantum, "sign", lambda *_: bytes(postquantum.SIGNATURE_BYTES))
    north.append(orders(1, 3), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    taken = north.take(south.package_for("north", MORNING), MORNING)
    assert codes(taken.problems) == ["cosignature-wrong"]
    assert north.cosigned("north.office.1", 4) == {}


def test_one_party_may_have_such_a_key_and_another_none():
    north, south = stores_of(party("north", mldsa=False), party("south"))
    north.append(orders(2), MORNING)
    assert settle([north, south]) == []
    found = verify(copy_of(north))
    assert found.sound
    assert [dict(log.mldsa) for log in found.logs if log.name == "north.office.1"] == [{"south": 2}]


def test_the_second_countersignature_outlives_a_restart(tmp_path):
    import sqlite3

    from homeward.record import Store

    keys = [party("north"), party("south")]
    exchange = open_exchange([each.card for each in keys], TERMS, {})
    connection = sqlite3.connect(tmp_path / "south.db")
    north = Store(sqlite3.connect(":memory:"), "?", exchange, keys[0], dice("n"))
    south = Store(connection, "?", exchange, keys[1], dice("s"))
    north.append(orders(2), MORNING)
    south.take(north.package_for("south", MORNING), MORNING)
    again = Store(sqlite3.connect(tmp_path / "south.db"), "?", exchange, keys[1], dice("s"))
    assert copy_of(again) == copy_of(south)
    assert second_line(copy_of(again))


def test_cards_and_keys_with_such_a_key_are_read_back():
    keys = party("north")
    assert Keys.from_text(keys.to_text()) == keys
    assert read_card(keys.card.text) == keys.card
    assert len(keys.card.mldsa) == postquantum.PUBLIC_BYTES
    plain = party("north", mldsa=False)
    assert Keys.from_text(plain.to_text()) == plain
    assert plain.card.mldsa is None
    assert keys.mldsa.hex() not in repr(keys)


def test_two_parties_cannot_share_such_a_key():
    from dataclasses import replace

    north, south = party("north"), party("south")
    with pytest.raises(Refused) as refused:
        open_exchange([north.card, replace(south, mldsa=north.mldsa).card], TERMS, {})
    assert codes(refused.value.problems) == ["key-used-twice"]


def test_an_office_of_the_usual_kind_has_no_such_key():
    from tests.record.parties import exchange_of

    store = office(exchange_of("north", "south"), "north")
    assert store.exchange.cards["north"].mldsa is None
    assert "mldsa" not in store.exchange.text
