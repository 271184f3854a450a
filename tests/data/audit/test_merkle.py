"""The tree of RFC 6962 by the vectors that Certificate Transparency published for it, and by its own laws."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.audit.merkle import (
    EMPTY,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
    root,
)

CONTENT = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
LEAVES = [leaf_hash(bytes.fromhex(content)) for content in CONTENT]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
A, B, C = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = {(0, 8): (A, B, C), (5, 8): (D, E, ROOTS[4])}
CONSISTENCY = {(1, 8): (A, B, C), (6, 8): (F, E, ROOTS[4]), (2, 5): (B, D)}


def hexes(proof: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(one.hex() for one in proof)


def test_roots_are_the_published_ones() -> None:
    assert root([]) == EMPTY
    assert [root(LEAVES[:size]).hex() for size in range(9)] == list(ROOTS)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int) -> None:
    assert hexes(inclusion_proof(LEAVES[:size], index)) == INCLUSION[index, size]


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(old: int, size: int) -> None:
    assert hexes(consistency_proof(LEAVES[:size], old)) == CONSISTENCY[old, size]


def test_a_leaf_is_no_node() -> None:
    inner = LEAVES[0] + LEAVES[1]
    assert root(LEAVES[:2]) != leaf_hash(inner)


MANY = [leaf_hash(bytes([number])) for number in range(33)]
PLACES = st.integers(1, 33).flatmap(lambda size: st.tuples(st.integers(0, size - 1), st.just(size)))


@given(PLACES, st.integers(0, 32))
def test_a_path_proves_its_own_leaf_and_no_other(at: tuple[int, int], other: int) -> None:
    index, size = at
    proof, whole = inclusion_proof(MANY[:size], index), root(MANY[:size])
    assert proves_inclusion(MANY[index], index, size, proof, whole)
    assert proves_inclusion(MANY[other], index, size, proof, whole) is (other == index)
    assert not proves_inclusion(MANY[index], index, size, (*proof, EMPTY), whole)
    assert not (proof and proves_inclusion(MANY[index], index, size, proof[:-1], whole))
    assert not proves_inclusion(MANY[index], size, size, proof, whole)


def test_growth_is_proven_between_any_two_sizes_and_to_no_other_root() -> None:
    roots = [root(MANY[:size]) for size in range(34)]
    for old, new in combinations(range(1, 34), 2):
        proof = consistency_proof(MANY[:new], old)
        assert proves_consistency(old, roots[old], new, roots[new], proof)
        assert not proves_consistency(old, roots[old - 1], new, roots[new], proof)
        assert not proves_consistency(old, roots[old], new, roots[new - 1], proof)
        assert not proves_consistency(old, roots[old], new, roots[new], (*proof, EMPTY))
        assert not proves_consistency(old, roots[old], new, roots[new], proof[:-1])


def test_the_frontier_is_the_tree() -> None:
    tree = Frontier()
    for number, leaf in enumerate(MANY):
        assert (tree.size, tree.root()) == (number, root(MANY[:number]))
        tree.push(leaf)


def test_no_tree_had_a_size_it_never_had() -> None:
    for old in (0, 9):
        with pytest.raises(ValueError, match="never had the size"):
            consistency_proof(LEAVES, old)
    assert not proves_consistency(0, EMPTY, 8, root(LEAVES), ())
    assert not proves_consistency(3, root(LEAVES[:3]), 8, root(LEAVES), ())
