"""Ed25519 verification in plain integers, from the rule in docs/reference/record.md.

Slow on purpose: it shares nothing with the library that the record uses, so the two can disagree.
"""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, d - c, d + c, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def multiply(scalar: int, point: Point) -> Point:
    result = ZERO
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def encode(point: Point) -> bytes:
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(data: bytes) -> Point | None:
    """The point of an encoding whose y may be out of range; None when there is none."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, (y & 2**255 - 1) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    if x & 1 != sign:
        x = P - x if x else 0
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
assert BASE is not None


def is_canonical(data: bytes) -> bool:
    return (int.from_bytes(data, "little") & 2**255 - 1) < P


def has_small_order(point: Point) -> bool:
    return same(multiply(8, point), ZERO)


def accepts(public: bytes, message: bytes, signature: bytes) -> bool:
    """The record's rule of acceptance, line by line as the page has it."""
    if len(public) != 32 or len(signature) != 64:
        return False
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= L or not is_canonical(public):
        return False
    key, nonce = decode(public), decode(r)
    if key is None or nonce is None or has_small_order(key) or has_small_order(nonce):
        return False
    h = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    negative = (P - key[0], key[1], key[2], P - key[3])
    return encode(add(multiply(s, BASE), multiply(h, negative))) == r


def is_proper(public: bytes) -> bool:
    """Whether a key may enter: canonical, on the curve, in the main subgroup, not the identity."""
    point = decode(public)
    if point is None or not is_canonical(public) or has_small_order(point):
        return False
    return same(multiply(L, point), ZERO)
