"""The Merkle tree of RFC 6962, section 2.1: roots, inclusion and consistency proofs, in SHA-256.

Every full subtree's hash is kept once, so the root at any earlier size costs a walk down the right
edge (log2 of the size), and checking hundreds of checkpoints of one log costs next to nothing.

    >>> tree = Tree([leaf_hash(b"first"), leaf_hash(b"second")])
    >>> is_included(tree.leaf(1), 1, 2, tree.inclusion(1, 2), tree.root())
    True
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import count

HASH_BYTES = 32
Behind = Callable[[int, int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 of 0x00 and the leaf's bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 of 0x01 and the two children's hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree of leaf hashes, about 64 bytes of memory for a leaf.

    ``levels[k]`` holds the hashes of the full subtrees of 2**k leaves, one behind the other, from
    number ``begun[k]`` on; what lies before it is asked of ``behind`` (level, first, width).
    """

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        self._begun = [0]
        self._behind: Behind | None = None
        self.extend(b"".join(hashes))

    @classmethod
    def resumed(cls, tails: Sequence[tuple[int, bytes]], height: int, behind: Behind) -> Tree:
        """A tree of which only the right edge is in memory.

        ``tails[t]`` are the hashes of level ``t * height``: the number of the first, a multiple of
        2**height, and the hashes from there on, those that no hash of the next tail covers.
        """
        tree = cls()
        tree._behind = behind
        tree._begun = [first >> step for first, _ in tails for step in range(height)]
        tree._levels = [bytearray() for _ in tree._begun]
        for number, (_, hashes) in enumerate(tails):
            tree._levels[number * height] += hashes
        for number in reversed(range(len(tails))):
            tree._grow(number * height)
        return tree

    def __len__(self) -> int:
        return self._begun[0] + len(self._levels[0]) // HASH_BYTES

    def append(self, hashed: bytes) -> None:
        """Add one leaf hash (32 bytes) at the right."""
        levels, level = self._levels, 0
        lower = levels[0]
        lower += hashed
        size = len(lower) // HASH_BYTES
        while not size & 1:
            level += 1
            if level == len(levels):
                self._add_level()
            upper = levels[level]
            upper += hashlib.sha256(b"\x01" + lower[-2 * HASH_BYTES :]).digest()
            lower, size = upper, len(upper) // HASH_BYTES

    def _add_level(self) -> None:
        self._levels.append(bytearray())
        self._begun.append(0)

    def extend(self, hashes: bytes) -> None:
        """Add leaf hashes (32 bytes each, one behind the other) at the right."""
        self._levels[0] += hashes
        self._grow(0)

    def _grow(self, start: int) -> None:
        """Hash what the levels from ``start`` on have and their upper levels lack."""
        levels, begun, sha256 = self._levels, self._begun, hashlib.sha256
        for level in count(start):
            lower = levels[level]
            pairs = (begun[level] + len(lower) // HASH_BYTES) // 2
            if level + 1 == len(levels):
                if not pairs:
                    return
                self._add_level()
            upper = levels[level + 1]
            done = begun[level + 1] + len(upper) // HASH_BYTES
            if done == pairs:
                return
            first, last = 2 * done - begun[level], 2 * pairs - begun[level]
            fresh = bytes(lower[first * HASH_BYTES : last * HASH_BYTES])
            steps = range(0, len(fresh), 2 * HASH_BYTES)
            upper += b"".join([sha256(b"\x01" + fresh[at : at + 64]).digest() for at in steps])

    def truncate(self, size: int) -> None:
        """Take back every leaf from ``size`` on (a write that did not become durable)."""
        for level, hashes in enumerate(self._levels):
            del hashes[max(0, (size >> level) - self._begun[level]) * HASH_BYTES :]

    def leaf(self, index: int) -> bytes:
        """The leaf hash at ``index``."""
        return self.subtree(0, index)

    def subtree(self, level: int, index: int) -> bytes:
        """The hash of the full subtree of 2**level leaves that begins at index * 2**level."""
        at = (index - self._begun[level]) * HASH_BYTES
        if at < 0:
            return self.row(level, index, 1)
        found = bytes(self._levels[level][at : at + HASH_BYTES])
        if not found:
            raise IndexError(f"no hash at {level}/{index}")
        return found

    def row(self, level: int, first: int, width: int) -> bytes:
        """The hashes of ``width`` full subtrees of 2**level leaves, from number ``first`` on."""
        begun, kept = self._begun[level], self._levels[level]
        start, end = first - begun, first + width - begun
        if not -begun <= start <= end <= len(kept) // HASH_BYTES:
            raise IndexError(f"no {width} hashes at {level}/{first}")
        found = bytes(kept[max(0, start) * HASH_BYTES : max(0, end) * HASH_BYTES])
        if start >= 0 or self._behind is None:
            return found
        return self._behind(level, first, min(width, -start)) + found

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves; all of them when left out."""
        size = len(self) if size is None else size
        if not 0 <= size <= len(self):
            raise IndexError(f"no root at {size} in a tree of {len(self)}")
        return self._range(0, size) if size else EMPTY_ROOT

    def _range(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]) where start is a multiple of the largest power of two it spans."""
        result = b""
        position = end
        while position > start:
            level = (position & -position).bit_length() - 1
            while position - (1 << level) < start:
                level -= 1
            part = self.subtree(level, (position >> level) - 1)
            result = node_hash(part, result) if result else part
            position -= 1 << level
        return result

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of leaf ``index`` in the tree of ``size`` (RFC 6962, 2.1.1)."""
        if not 0 <= index < size <= len(self):
            raise IndexError(f"no proof of {index} in a tree of {size}")
        path: list[bytes] = []
        levels, begun = self._levels, self._begun
        beside = index ^ 1
        for level in range((size - 1).bit_length()):
            if (beside + 1) << level <= size:
                at = (beside - begun[level]) * HASH_BYTES
                held = bytes(levels[level][at : at + HASH_BYTES]) if at >= 0 else b""
                path.append(held or self.subtree(level, beside))
            elif beside << level < size:
                path.append(self._range(beside << level, size))
            beside = (beside >> 1) ^ 1
        return path

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of ``new`` leaves continues that of ``old`` (2.1.2)."""
        if not 0 <= old <= new <= len(self):
            raise IndexError(f"no proof from {old} to {new} in a tree of {len(self)}")
        if old in (0, new):
            return []
        path: list[bytes] = []
        start, end, whole = 0, new, True
        while old - start != end - start:
            split = start + _split(end - start)
            if old <= split:
                path.append(self._range(split, end))
                end = split
            else:
                path.append(self._range(start, split))
                start, whole = split, False
        if not whole:
            path.append(self._range(start, end))
        return path[::-1]


def _split(size: int) -> int:
    """The largest power of two smaller than ``size`` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def root_from_inclusion(
    hashed: bytes, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """The root that an audit path leads to (RFC 9162, 2.1.3.2), or None when it cannot be one."""
    if not 0 <= index < size or any(len(step) != HASH_BYTES for step in (hashed, *path)):
        return None
    node, last, result = index, size - 1, hashed
    for step in path:
        if not last:
            return None
        if node & 1 or node == last:
            result = node_hash(step, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, step)
        node, last = node >> 1, last >> 1
    return result if not last else None


def is_included(hashed: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether ``path`` proves that leaf ``index`` lies in the tree of ``size`` with ``root``."""
    return root_from_inclusion(hashed, index, size, path) == root


def roots_from_consistency(
    old: int, new: int, path: Sequence[bytes], old_root: bytes
) -> tuple[bytes, bytes] | None:
    """The two roots a consistency proof leads to (RFC 9162, 2.1.4.2); needs 0 < old < new.

    ``old_root`` is used only where the old tree is a full one and so is left out of the proof.
    """
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps or not 0 < old < new or any(len(step) != HASH_BYTES for step in steps):
        return None
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if not last:
            return None
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return (first, second) if not last else None


def is_consistent(
    old: int, new: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Whether ``path`` proves that the newer tree begins with the whole older one."""
    if any(len(root) != HASH_BYTES for root in (old_root, new_root)) or not 0 <= old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    return roots_from_consistency(old, new, path, old_root) == (old_root, new_root)
