"""The tree against the RFC's own definition, against Go, and against must-fail proofs."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.record.tree import (
    EMPTY_ROOT,
    Tree,
    is_consistent,
    is_included,
    leaf_hash,
    roots_from_consistency,
)

VECTORS = Path(__file__).parent / "vectors"
LEAVES = [f"leaf {number}".encode() for number in range(70)]


def mth(leaves):
    """RFC 6962, section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = largest_power_below(len(leaves))
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m, leaves):
    """RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m, leaves, whole=True):
    """RFC 6962, section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = largest_power_below(len(leaves))
    if m <= k:
        return [*proof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*proof(m - k, leaves[k:], False), mth(leaves[:k])]


def largest_power_below(number):
    power = 1
    while power * 2 < number:
        power *= 2
    return power


def grown(count):
    return Tree(leaf_hash(leaf) for leaf in LEAVES[:count])


def vectors(name):
    return json.loads((VECTORS / "transparency-dev-merkle" / name).read_text()).items()


def unpacked(values):
    return [base64.b64decode(value) for value in values or ()]


def test_every_root_and_proof_of_a_small_tree_is_the_one_the_rfc_defines():
    tree = grown(len(LEAVES))
    for size in range(len(LEAVES) + 1):
        assert tree.root(size) == mth(LEAVES[:size])
        for index in range(size):
            assert tree.inclusion(index, size) == path(index, LEAVES[:size])
        for old in range(1, size):
            assert tree.consistency(old, size) == proof(old, LEAVES[:size])


def test_every_proof_convinces_and_none_convinces_of_something_else():
    tree = grown(33)
    for size in range(1, 34):
        root = tree.root(size)
        for index in range(size):
            steps, hashed = tree.inclusion(index, size), tree.leaf(index)
            assert is_included(hashed, index, size, steps, root)
            assert not is_included(hashed, index, size, [*steps, hashed], root)
            assert not steps or not is_included(hashed, index, size, steps[:-1], root)
            assert size == 1 or not is_included(hashed, (index + 1) % size, size, steps, root)
        for old in range(1, size):
            steps = tree.consistency(old, size)
            assert is_consistent(old, size, steps, tree.root(old), root)
            assert not is_consistent(old, size, [*steps, root], tree.root(old), root)
            assert not is_consistent(old, size, steps[:-1], tree.root(old), root)
            assert not is_consistent(old, size, steps, tree.root(old - 1), root)


def test_the_empty_tree_begins_every_tree():
    assert grown(0).root() == EMPTY_ROOT
    assert is_consistent(0, 5, [], EMPTY_ROOT, grown(5).root())
    assert not is_consistent(0, 5, [EMPTY_ROOT], EMPTY_ROOT, grown(5).root())
    assert not is_consistent(0, 5, [], grown(1).root(), grown(5).root())


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_tree_cut_back_is_the_tree_it_was(count, keep):
    tree = grown(count)
    tree.truncate(min(keep, count))
    for leaf in LEAVES[min(keep, count) : count]:
        tree.append(leaf_hash(leaf))
    assert tree.root() == grown(count).root()


@given(st.data())
def test_a_damaged_proof_convinces_nobody(data):
    tree = grown(70)
    old = data.draw(st.integers(1, 69))
    size = data.draw(st.integers(old + 1, 70))
    steps = tree.consistency(old, size)
    at = data.draw(st.integers(0, len(steps) - 1))
    byte, bit = data.draw(st.integers(0, 31)), data.draw(st.integers(0, 7))
    damaged = bytearray(steps[at])
    damaged[byte] ^= 1 << bit
    steps[at] = bytes(damaged)
    assert not is_consistent(old, size, steps, tree.root(old), tree.root(size))


def test_a_consistency_proof_names_the_older_root_by_itself():
    tree = grown(70)
    steps = tree.consistency(45, 70)
    assert roots_from_consistency(45, 70, steps, bytes(32)) == (tree.root(45), tree.root(70))


def test_numbers_out_of_range_are_never_answered():
    tree = grown(4)
    for asked in (
        lambda: tree.root(5),
        lambda: tree.inclusion(4, 4),
        lambda: tree.consistency(3, 5),
    ):
        with pytest.raises(IndexError):
            asked()
    assert not is_included(tree.leaf(0), 4, 4, [], tree.root())
    assert not is_included(tree.leaf(0), -1, 4, tree.inclusion(0, 4), tree.root())


@pytest.mark.parametrize(("name", "case"), vectors("inclusion.json"))
def test_inclusion_vectors(name, case):
    convinced = is_included(
        base64.b64decode(case["leafHash"] or ""),
        case["leafIdx"],
        case["treeSize"],
        unpacked(case["proof"]),
        base64.b64decode(case["root"] or ""),
    )
    assert convinced is not case["wantErr"]


@pytest.mark.parametrize(("name", "case"), vectors("consistency.json"))
def test_consistency_vectors(name, case):
    convinced = is_consistent(
        case["size1"],
        case["size2"],
        unpacked(case["proof"]),
        base64.b64decode(case["root1"] or ""),
        base64.b64decode(case["root2"] or ""),
    )
    # One vector has roots of 12 bytes in it; a root here has 32.
    odd = name == "additional/sizes-are-equal-one-and-proof-is-empty.json"
    assert convinced is (not case["wantErr"] and not odd)


def test_what_go_computes_is_what_we_compute():
    known = json.loads((VECTORS / "go-xmod" / "go-xmod-tlog-vectors.json").read_text())
    tree = Tree(leaf_hash(f"leaf-{number}".encode()) for number in range(len(known["roots"])))
    assert [tree.root(size + 1) for size in range(len(tree))] == unpacked(known["roots"])
    for case in known["inclusion"]:
        assert tree.inclusion(case["M"], case["N"]) == unpacked(case["Proof"])
    for case in known["consistency"]:
        assert tree.consistency(case["M"], case["N"]) == unpacked(case["Proof"])
