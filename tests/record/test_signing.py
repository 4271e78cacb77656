"""One written rule decides which signatures stand, and every corner of it is pinned."""

import json
from pathlib import Path

import pytest

from homeward.record.signing import SigningKey, is_proper_key, is_signed
from tests.record import plain_ed25519 as plain

VECTORS = Path(__file__).parent / "vectors"


def corner_cases():
    for case in json.loads((VECTORS / "cctv-ed25519" / "ed25519vectors.json").read_text()):
        yield bytes.fromhex(case["key"]), case["msg"].encode(), bytes.fromhex(case["sig"])


def test_the_written_rule_and_the_library_agree_on_every_corner_case():
    differing = [
        key.hex()
        for key, message, signature in corner_cases()
        if plain.accepts(key, message, signature) != is_signed(message, signature, key)
    ]
    assert differing == []


def test_the_corner_cases_part_as_they_did_when_the_rule_was_written():
    accepted = [is_signed(message, signature, key) for key, message, signature in corner_cases()]
    assert (len(accepted), sum(accepted)) == (914, 43)


def test_only_keys_of_the_main_subgroup_may_enter():
    keys = {key for key, _, _ in corner_cases()}
    assert [key.hex() for key in keys if plain.is_proper(key) != is_proper_key(key)] == []
    assert not is_proper_key(bytes(32))
    assert not is_proper_key(b"\x01" + bytes(31))


def test_wycheproof():
    known = json.loads((VECTORS / "wycheproof" / "ed25519_test.json").read_text())
    for group in known["testGroups"]:
        key = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            assert is_signed(message, signature, key) is (case["result"] == "valid"), case["tcId"]


def test_the_first_vector_of_rfc_8032():
    key = SigningKey(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
    assert key.public.hex().startswith("d75a980182b10ab7")
    assert key.sign(b"").hex().startswith("e5564300c360ac72")


@pytest.mark.parametrize("length", [0, 63, 65])
def test_a_signature_of_another_length_is_none(length):
    key = SigningKey(bytes(32))
    assert not is_signed(b"", bytes(length), key.public)
    assert not is_signed(b"", bytes(64), key.public[:31])


def test_a_key_does_not_print_its_secret():
    assert "01010101" not in repr(SigningKey(b"\x01" * 32)) + str(SigningKey(b"\x01" * 32))
    assert "\\x01\\x01" not in repr(SigningKey(b"\x01" * 32))
