"""Texts as points of a group, shrouded by a secret that commutes with another's (libsodium).

Two offices that each shroud a text get the same point in whichever order they do it, and neither
can undo the other's (Diffie and Hellman 1976; the group is the prime-order part of edwards25519).
That one secret shrouded a whole row of points is proved without showing it (Chaum and Pedersen
1992, in the batched form of RFC 9497, section 2.2).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from functools import reduce

from nacl import bindings, exceptions

POINT_BYTES = 32
PROOF_BYTES = 64
_SCALAR_BYTES = 32
_ONE = (1).to_bytes(32, "little")
_GENERATOR = bindings.crypto_scalarmult_ed25519_base_noclamp(_ONE)


def point_of(text: bytes) -> bytes:
    """A point that nobody knows the logarithm of: the sum of two Elligator maps of SHA-512."""
    digest = hashlib.sha512(b"homeward-point/v1\0" + text).digest()
    return bindings.crypto_core_ed25519_add(
        *(bindings.crypto_core_ed25519_from_uniform(half) for half in (digest[:32], digest[32:]))
    )


def is_proper_point(point: bytes) -> bool:
    """Whether it is a canonical point of the prime-order group, not of small order."""
    return len(point) == POINT_BYTES and bindings.crypto_core_ed25519_is_valid_point(point)


def new_secret(random: Callable[[int], bytes]) -> bytes:
    """A secret scalar from 64 random bytes."""
    return bindings.crypto_core_ed25519_scalar_reduce(random(64))


def public_of(secret: bytes) -> bytes:
    """The point that stands for a secret: what its proofs are checked against."""
    return bindings.crypto_scalarmult_ed25519_base_noclamp(secret)


def shroud(point: bytes, secret: bytes) -> bytes:
    """The point times the secret; raises ValueError where the point is not a proper one."""
    if not is_proper_point(point):
        raise ValueError("not a point of the group")
    return bindings.crypto_scalarmult_ed25519_noclamp(secret, point)


def prove_shrouded(secret: bytes, points: Sequence[bytes], shrouded: Sequence[bytes]) -> bytes:
    """64 bytes that prove that every one of ``shrouded`` is its point times ``secret``."""
    public = public_of(secret)
    one, other = _combined(public, points, shrouded)
    # The nonce hangs on the secret and on all that is proved, so none is ever used twice.
    nonce = _scalar(b"nonce", secret, public, one, other, *points, *shrouded)
    seen = (_times(_GENERATOR, nonce), _times(one, nonce))
    challenge = _scalar(b"challenge", public, one, other, *seen)
    product = bindings.crypto_core_ed25519_scalar_mul(challenge, secret)
    return challenge + bindings.crypto_core_ed25519_scalar_sub(nonce, product)


def is_shrouded(
    public: bytes, points: Sequence[bytes], shrouded: Sequence[bytes], proof: bytes
) -> bool:
    """Whether the proof holds for these points and the secret behind ``public``.

    All points must be proper ones (``is_proper_point``) and both rows equally long.
    """
    if len(proof) != PROOF_BYTES or len(points) != len(shrouded):
        return False
    challenge, answer = proof[:_SCALAR_BYTES], proof[_SCALAR_BYTES:]
    try:
        one, other = _combined(public, points, shrouded)
        seen = [
            bindings.crypto_core_ed25519_add(_times(base, answer), _times(image, challenge))
            for base, image in ((_GENERATOR, public), (one, other))
        ]
    except exceptions.CryptoError:
        return False
    expected = _scalar(b"challenge", public, one, other, *seen)
    return hmac.compare_digest(expected, challenge)


def _combined(
    public: bytes, points: Sequence[bytes], shrouded: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Both rows as one point each, with weights that nobody chooses."""
    seed = hashlib.sha512(b"homeward-points/v1\0seed" + public + b"".join((*points, *shrouded)))
    weights = [
        _scalar(b"weight", seed.digest(), at.to_bytes(4, "big")) for at in range(len(points))
    ]
    if not points:  # then only that there is a secret behind the public point is proved
        return _GENERATOR, public
    return _sum(points, weights), _sum(shrouded, weights)


def _sum(points: Sequence[bytes], weights: Sequence[bytes]) -> bytes:
    weighted = [_times(point, weight) for point, weight in zip(points, weights, strict=True)]
    return reduce(bindings.crypto_core_ed25519_add, weighted)


def _times(point: bytes, scalar: bytes) -> bytes:
    return bindings.crypto_scalarmult_ed25519_noclamp(scalar, point)


def _scalar(label: bytes, *parts: bytes) -> bytes:
    digest = hashlib.sha512(b"homeward-points/v1\0" + label + b"\0" + b"".join(parts)).digest()
    return bindings.crypto_core_ed25519_scalar_reduce(digest)
