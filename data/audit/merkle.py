"""The Merkle tree of RFC 6962, section 2.1: one hash for all entries, and short proofs about it.

A leaf is hashed with a 0 byte before it, a node with a 1 byte, so that neither can stand for the other.
Hashes are 32 bytes of SHA-256; sizes count leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
"""The root of no leaves."""


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf's content."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that only grows: the roots of its full subtrees, largest first. A leaf costs a hash or two."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        peaks, full = self._peaks, self.size
        peaks.append(leaf)
        while full & 1:
            right = peaks.pop()
            peaks[-1] = node_hash(peaks[-1], right)
            full >>= 1
        self.size += 1

    def root(self) -> bytes:
        """The hash of the whole tree."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over these hashes of leaves."""
    tree = Frontier()
    for leaf in leaves:
        tree.push(leaf)
    return tree.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of a leaf in the tree over all these hashes of leaves (RFC 6962, 2.1.1)."""
    if len(leaves) == 1:
        return ()
    half = _split(len(leaves))
    if index < half:
        return (*inclusion_proof(leaves[:half], index), root(leaves[half:]))
    return (*inclusion_proof(leaves[half:], index - half), root(leaves[:half]))


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], whole: bytes) -> bool:
    """Whether the path leads from this leaf to the root `whole` of a tree of `size` leaves."""
    if not 0 <= index < size:
        return False
    found, place, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == whole


def consistency_proof(leaves: Sequence[bytes], old: int) -> tuple[bytes, ...]:
    """That the tree over all these leaves begins with the tree of the first `old` ones (RFC 6962, 2.1.2)."""
    if not 0 < old <= len(leaves):
        raise ValueError(f"A tree of {len(leaves)} leaves never had the size {old}.")
    return _subproof(leaves, old, is_whole=True)


def _subproof(leaves: Sequence[bytes], old: int, *, is_whole: bool) -> tuple[bytes, ...]:
    if old == len(leaves):
        return () if is_whole else (root(leaves),)
    half = _split(len(leaves))
    if old <= half:
        return (*_subproof(leaves[:half], old, is_whole=is_whole), root(leaves[half:]))
    return (*_subproof(leaves[half:], old - half, is_whole=False), root(leaves[:half]))


def proves_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the newer tree only added to the older one."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            newer = node_hash(newer, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and older == old_root and newer == new_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
