"""ML-DSA-44 (FIPS 204) beside Ed25519: a second countersignature that outlasts quantum computers.

An option: a party that shows such a key on its card countersigns twice. A reader that cannot check
the second says so (``None``); it never counts as good. The signed message names the cosigner, so a
key borrowed from another party's card is of no use to the borrower and needs no proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

SEED_BYTES = 32
PUBLIC_BYTES = 1312
SIGNATURE_BYTES = 2420


def _private(seed: bytes) -> MLDSA44PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    return MLDSA44PrivateKey.from_seed_bytes(seed)


def public_of(seed: bytes) -> bytes:
    """The public key (1,312 bytes) of a secret seed (32 bytes)."""
    return _private(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """A signature of 2,420 bytes, pure ML-DSA with an empty context; another one each time."""
    return _private(seed).sign(message)


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool | None:
    """Whether the signature stands; None where no ML-DSA is at hand to check it with."""
    if len(signature) != SIGNATURE_BYTES or len(public) != PUBLIC_BYTES:
        return False
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError:
        return None
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        return None
    return True


def message(cosigner: str, at: int, origin: str, size: int, root: bytes) -> bytes:
    """The ``cosigned_message`` of c2sp.org/tlog-cosignature over a whole tree."""
    return (
        b"subtree/v1\n\x00"
        + _behind_length(cosigner)
        + at.to_bytes(8, "big")
        + _behind_length(origin)
        + bytes(8)
        + size.to_bytes(8, "big")
        + root
    )


def _behind_length(text: str) -> bytes:
    named = text.encode("ascii")
    return len(named).to_bytes(1, "big") + named
