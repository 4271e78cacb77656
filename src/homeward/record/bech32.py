"""Bech32 (BIP 173), encoding only: how age spells a secret key made from given bytes."""

from __future__ import annotations

from collections.abc import Iterable

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for index, factor in enumerate(_GENERATOR):
            if top >> index & 1:
                check ^= factor
    return check


def bech32_encode(prefix: str, data: bytes) -> str:
    """``data`` in groups of five bits under a lower-case ``prefix``, with its checksum."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    groups = [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]
    spread = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = _polymod([*spread, *groups, 0, 0, 0, 0, 0, 0]) ^ 1
    tail = [check >> shift & 31 for shift in range(25, -1, -5)]
    return prefix + "1" + "".join(_ALPHABET[group] for group in (*groups, *tail))
