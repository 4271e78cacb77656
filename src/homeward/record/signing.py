"""Ed25519 by libsodium: the only module that touches signing keys' bytes.

The rule of acceptance is libsodium's and is written out in docs/reference/record.md. Libraries part
on crafted keys, so a key enters only as a proper point of the main subgroup (``is_proper_key``).
Signing is deterministic (RFC 8032): the same seed and message give the same 64 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nacl import bindings, exceptions

SIGNATURE_BYTES = 64
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret seed of 32 bytes and the public key that belongs to it."""

    seed: bytes = field(repr=False)
    public: bytes = field(init=False)
    _secret: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        public, secret = bindings.crypto_sign_seed_keypair(self.seed)
        object.__setattr__(self, "public", public)
        object.__setattr__(self, "_secret", secret)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature over ``message``."""
        return bindings.crypto_sign(message, self._secret)[:SIGNATURE_BYTES]


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether ``signature`` (64 bytes) over ``message`` is accepted for the 32-byte key."""
    if len(signature) != SIGNATURE_BYTES or len(public) != KEY_BYTES:
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except exceptions.CryptoError:
        return False
    return True


def is_proper_key(public: bytes) -> bool:
    """Whether a public key is a canonical point of the main subgroup, not of small order."""
    return len(public) == KEY_BYTES and bindings.crypto_core_ed25519_is_valid_point(public)
