"""Sealed bodies: what was committed to is what opens, and lengths tell little."""

import hashlib
import hmac

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.problem import Refused
from homeward.record import Part
from homeward.record.bech32 import bech32_encode
from homeward.record.bodies import FORMAT, commitment, open_body, padded_length, seal
from homeward.record.entry import PartRef
from tests.record.parties import codes, dice, keys_of

NORTH, SOUTH = keys_of("north"), keys_of("south")
PART = Part("list", "Марія Вигадана".encode(), ["south"])


def sealed(part=PART, *readers):
    return seal(part, [each.card.age for each in readers or (SOUTH,)], dice("salt"))


def refusal(ciphertext, ref, identity=SOUTH.age):
    with pytest.raises(Refused) as refused:
        open_body(ciphertext, ref, identity, "body")
    return codes(refused.value.problems)


def resealed(plain, ref):
    """Other bytes, sealed to South with the digest made to fit."""
    ciphertext = pyrage.encrypt(plain, [pyrage.x25519.Recipient.from_str(SOUTH.card.age)])
    return ciphertext, PartRef(ref.commitment, hashlib.sha256(ciphertext).hexdigest())


def plain_of(body):
    return pyrage.decrypt(body.ciphertext, [pyrage.x25519.Identity.from_str(SOUTH.age)])


def test_a_reader_opens_what_was_committed_to():
    body = sealed()
    assert open_body(body.ciphertext, body.ref, SOUTH.age, "body") == ("list", PART.value)


def test_the_commitment_is_the_written_one():
    salt = bytes(range(32))
    message = b"\x00\x00\x00\x04list" + b"\x00\x00\x00\x00\x00\x00\x00\x03abc"
    assert commitment(salt, "list", b"abc") == hmac.new(salt, message, hashlib.sha256).hexdigest()


def test_purpose_and_value_cannot_be_shifted_into_each_other():
    assert commitment(bytes(32), "ab", b"c") != commitment(bytes(32), "a", b"bc")


def test_two_sealings_of_one_value_have_nothing_in_common():
    roll = dice("two")
    one, other = (seal(PART, [SOUTH.card.age], roll) for _ in range(2))
    assert one.ref.commitment != other.ref.commitment
    assert one.ref.ciphertext != other.ref.ciphertext


def test_only_readers_open_it():
    body = sealed()
    assert refusal(body.ciphertext, body.ref, NORTH.age) == ["body-unreadable"]


def test_other_bytes_are_noticed_before_they_are_opened():
    body = sealed()
    assert refusal(body.ciphertext + b"\x00", body.ref) == ["body-digest-differs"]


def test_another_value_than_the_one_committed_to_is_refused():
    body = sealed()
    plain = plain_of(body)
    lie = plain.replace(PART.value, PART.value[::-1])
    assert refusal(*resealed(lie, body.ref)) == ["body-commitment-differs"]


@pytest.mark.parametrize(
    "change",
    [
        lambda plain: b"x" + plain[1:],
        lambda plain: plain[:60],
        lambda plain: plain + bytes(256),
        lambda plain: plain[:-1] + b"x",
        lambda plain: plain[:49] + b"\xff\xff\xff\xff" + plain[53:],
        lambda plain: plain.replace(b"list", b"\xff\xff\xff\xff"),
        lambda _: b"",
    ],
)
def test_a_body_out_of_form_is_refused(change):
    body = sealed()
    assert refusal(*resealed(change(plain_of(body)), body.ref)) == ["body-malformed"]


@given(st.binary(max_size=2000), st.text(max_size=20))
def test_any_value_comes_back(value, purpose):
    body = sealed(Part(purpose, value, ["south"]))
    assert open_body(body.ciphertext, body.ref, SOUTH.age, "body") == (purpose, value)


@given(st.integers(1, 10**9))
def test_padding_adds_little_and_leaves_few_lengths(length):
    padded = padded_length(length)
    assert padded >= max(length, 256)
    assert length <= 256 or padded <= length * 1.125
    assert padded_length(padded) == padded


def test_lists_of_nearly_one_length_have_one_length_sealed():
    sizes = {len(plain_of(sealed(Part("list", bytes(n), [])))) for n in range(10_000, 10_150)}
    assert len(sizes) == 1
    assert len(plain_of(sealed())) == 256
    assert plain_of(sealed()).startswith(FORMAT)


def test_a_body_beyond_all_measure_is_refused():
    with pytest.raises(Refused) as refused:
        sealed(Part("list", bytes(64 * 1024 * 1024), []))
    assert codes(refused.value.problems) == ["body-too-long"]


def test_bech32_spells_as_bip_173_does():
    assert bech32_encode("a", b"") == "a12uel5l"
    words = bytes.fromhex("751e76e8199196d454941c45d1b3a323f1433bd6")
    assert bech32_encode("bc", words).startswith("bc1w508d6qejxtdg4y5r3zarvary0c5xw7k")


def test_an_age_key_made_from_given_bytes_is_one_that_age_reads():
    assert str(pyrage.x25519.Identity.from_str(NORTH.age).to_public()) == NORTH.card.age
