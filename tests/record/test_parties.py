"""Keys, cards and the exchange: nobody brings a key it does not hold, all compute one id."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record import Keys, make_keys, open_exchange, read_card, read_exchange
from homeward.record.signing import SigningKey
from tests.record.parties import TERMS, codes, dice, exchange_of, keys_of

CARD = keys_of("north").card
EXCHANGE = exchange_of("north", "south", neutrals=("observer",))


def reason(call, *args):
    with pytest.raises(Refused) as refused:
        call(*args)
    return codes(refused.value.problems)[0]


def test_a_card_is_read_back_as_it_was_made():
    card = read_card(CARD.text)
    assert card == CARD
    assert list(card.officers) == ["alder", "birch", "cedar"]
    assert len(set(card.keys().values())) == 7
    assert len(card.fingerprint.split()) == 8


def test_keys_are_kept_as_text_and_read_back():
    keys = Keys.from_text(keys_of("north").to_text())
    assert keys.card == CARD
    assert reason(Keys.from_text, keys.to_text().replace("entry ", "enter ")) == "keys-malformed"
    assert reason(Keys.from_text, keys.to_text()[:-10]) == "keys-malformed"


def test_keys_do_not_print_their_secrets():
    keys = keys_of("north")
    assert keys.identity.seed.hex() not in repr(keys)
    assert "AGE-SECRET" not in repr(keys)
    assert "AGE-SECRET" in keys.to_text()


@pytest.mark.parametrize("purpose", ["identity", "entry", "checkpoint", "witness", "officer alder"])
def test_a_borrowed_key_is_refused_for_want_of_its_proof(purpose):
    theirs = keys_of("south").card.keys()[purpose]
    text = CARD.text.replace(CARD.keys()[purpose].hex(), theirs.hex())
    assert reason(read_card, text) == "card-proof-wrong"


def test_a_key_outside_the_main_subgroup_is_refused():
    text = CARD.text.replace(CARD.entry.hex(), bytes(32).hex())
    assert reason(read_card, text) == "key-not-proper"


def test_one_key_for_two_purposes_is_refused():
    text = CARD.text.replace(CARD.entry.hex(), CARD.witness.hex())
    assert reason(read_card, text) == "key-used-twice"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("homeward-card/v1", "homeward-card/v2", "card-malformed"),
        ("name north", "name North", "card-malformed"),
        ("role side", "role judge", "card-malformed"),
        ("name north", "name west", "card-proof-wrong"),
        ("officer birch", "officer aaron", "card-malformed"),
        ("age age1", "age age2", "card-malformed"),
        ("\n", "\r\n", "card-malformed"),
        ("name north", "name nörth", "card-malformed"),
    ],
)
def test_a_card_out_of_form_is_refused(old, new, expected):
    assert reason(read_card, CARD.text.replace(old, new)) == expected


def test_nothing_may_stand_behind_the_proofs():
    last = CARD.text.split("\n")[-2]
    assert reason(read_card, f"{CARD.text}{last}\n") == "card-malformed"


@given(st.integers(0, len(CARD.text) - 1), st.integers(1, 127))
def test_a_damaged_card_is_never_accepted(at, change):
    damaged = CARD.text[:at] + chr(ord(CARD.text[at]) ^ change) + CARD.text[at + 1 :]
    assert reason(read_card, damaged)


@pytest.mark.parametrize("name", ["North", "no rth", "", "n" * 33, "9north", "no.rth", "no_rth"])
def test_names_are_lower_case_ascii(name):
    assert reason(make_keys, name, "side", [], dice("x")) == "name-malformed"
    assert reason(make_keys, "north", "side", [name], dice("x")) == "name-malformed"


def test_the_order_of_cards_does_not_change_the_exchange():
    cards = list(EXCHANGE.cards.values())
    again = open_exchange(cards[::-1], TERMS, {"dispute-days": 30})
    assert (again.id, again.text) == (EXCHANGE.id, EXCHANGE.text)
    assert EXCHANGE.sides == ("north", "south")
    assert EXCHANGE.neutrals == ("observer",)


def test_an_exchange_is_read_back_as_it_was_opened():
    assert read_exchange(EXCHANGE.text) == EXCHANGE
    assert dict(EXCHANGE.policy) == {"dispute-days": "30"}


def test_other_terms_or_another_policy_are_another_exchange():
    cards = list(EXCHANGE.cards.values())
    ids = {
        open_exchange(cards, terms, policy).id
        for terms in (TERMS, TERMS + b"\n")
        for policy in ({"dispute-days": 30}, {"dispute-days": 31}, {})
    }
    assert len(ids) == 6


def test_what_cannot_be_an_exchange_is_refused():
    north, south = keys_of("north").card, keys_of("south").card
    assert reason(open_exchange, [north], TERMS, {}) == "parties-malformed"
    assert reason(open_exchange, [north, north], TERMS, {}) == "parties-malformed"
    observer = keys_of("observer", "neutral").card
    assert reason(open_exchange, [north, observer], TERMS, {}) == "parties-malformed"
    assert reason(open_exchange, [north, south], TERMS, {"Dispute": 1}) == "policy-malformed"
    assert reason(open_exchange, [north, south], TERMS, {"a": "x\ny"}) == "policy-malformed"
    assert reason(open_exchange, [north, south], TERMS, {"a": "x\n\ny"}) == "card-malformed"


def test_two_parties_cannot_share_a_key():
    south = keys_of("south")
    twin = Keys("twin", "side", south.nonce, *(_shared(south, n) for n in range(4)), south.age, {})
    cards = [keys_of("north").card, south.card, twin.card]
    assert reason(open_exchange, cards, TERMS, {}) == "key-used-twice"


def test_two_parties_cannot_share_a_nonce():
    west = keys_of("west")
    twin = replace(west, nonce=keys_of("north").nonce)
    cards = [keys_of("north").card, twin.card]
    assert reason(open_exchange, cards, TERMS, {}) == "nonce-used-twice"


def _shared(keys, number):
    mine = [SigningKey(bytes([number + 100]) * 32) for number in range(4)]
    return [keys.identity, *mine[1:]][number]


def test_an_origin_names_the_exchange_and_the_log():
    origin = EXCHANGE.origin("north.office.1")
    assert origin == f"homeward/{EXCHANGE.id}/north/office/1"
    assert EXCHANGE.log(origin) == "north.office.1"
    assert reason(EXCHANGE.log, origin.replace(EXCHANGE.id, "0" * 64)) == "exchange-other"
