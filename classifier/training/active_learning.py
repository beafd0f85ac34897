"""Active learning: which postings to label next, the least certain first and spread over companies and roles."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from classifier.arrays import Floats


def unsureness(probabilities: Floats) -> Floats:
    """Return how unsure a model is: 1 minus the margin of its first two choices (Scheffer et al. 2001).

    Args:
        probabilities: Shape (postings, roles), at least two roles.

    Returns:
        From 0 (certain) to 1 (two roles equally probable); shape (postings,).
    """
    first_two = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(1 - (first_two[:, 1] - first_two[:, 0]), dtype=np.float64)


def spread(gain: Floats, groups: Sequence[Sequence[Hashable]], taken: Sequence[int] = ()) -> Iterator[int]:
    """Yield postings by their gain, discounted by how many of the same group came before.

    The most uncertain postings are often the same one: an unusual word of one company, posted for twenty cities. So the
    gain of a posting is divided, for each of its groups, by one more than the number of postings of that group that
    were taken before it: the second of a group counts half as much as the first.

    Args:
        gain: How much is to be learned from each posting by itself; shape (postings,).
        groups: For each kind of group (company, role …) the group of each posting.
        taken: The indices of postings that were taken before; they are not yielded.

    Yields:
        The index of every other posting once, by discounted gain.
    """
    numbers = [np.unique([str(group) for group in kind], return_inverse=True)[1] for kind in groups]
    discount = [np.ones(len(gain)) for _ in numbers]
    left = np.ones(len(gain), dtype=bool)

    def take(index: int) -> None:
        left[index] = False
        for kind, divisor in zip(numbers, discount, strict=True):
            divisor[kind == kind[index]] += 1

    for index in taken:
        take(index)
    while left.any():
        worth = np.where(left, gain / np.prod(discount, axis=0), -np.inf)
        index = int(worth.argmax())
        take(index)
        yield index


def shuffled(keys: Sequence[str]) -> list[int]:
    """Return the indices of postings in an order that is random but always the same.

    Args:
        keys: The key of each posting, which determines its place.
    """
    digests = [hashlib.sha256(key.encode("utf-8", "backslashreplace")).digest() for key in keys]
    return sorted(range(len(keys)), key=digests.__getitem__)
