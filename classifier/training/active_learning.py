"""Which postings to ask a person about: those that the model is least sure of, spread over what they are."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator, Sequence

import numpy as np

from classifier.arrays import Floats


def unsureness(probabilities: Floats) -> Floats:
    """Return how unsure a model is: one less the margin between its first and its second choice (Scheffer et al. 2001).

    Args:
        probabilities: Shape (postings, roles), at least two roles.

    Returns:
        From 0, certain, to 1, two roles equally probable; shape (postings,).
    """
    first_two = np.partition(probabilities, -2, axis=1)[:, -2:]
    return np.asarray(1 - (first_two[:, 1] - first_two[:, 0]), dtype=np.float64)


def spread(gain: Floats, groups: Sequence[Sequence[Hashable]], taken: Sequence[int] = ()) -> Iterator[int]:
    """Yield postings by what each would teach, those of a group ever later the more of it have been taken.

    The most unsure postings alone are often one and the same: a company's odd word, posted for twenty cities. So what a
    posting would teach is divided, for each of its groups, by one more than the number of postings of that group that
    were taken before it: the harmonic discount by which the second of a kind is worth half as much as the first.

    Args:
        gain: What each posting would teach by itself; shape (postings,).
        groups: For each kind of group (company, role …) the group of each posting.
        taken: Postings that were taken before; they are not yielded.

    Yields:
        Every other posting once.
    """
    members = [np.unique([str(group) for group in kind], return_inverse=True)[1] for kind in groups]
    discount = [np.ones(len(gain)) for _ in members]
    left = np.ones(len(gain), dtype=bool)

    def take(index: int) -> None:
        left[index] = False
        for kind, divisor in zip(members, discount, strict=True):
            divisor[kind == kind[index]] += 1

    for index in taken:
        take(index)
    while left.any():
        worth = np.where(left, gain / np.prod(discount, axis=0), -np.inf)
        index = int(worth.argmax())
        take(index)
        yield index


def shuffled(keys: Sequence[str]) -> list[int]:
    """Return the postings in an order that has nothing to do with what they say, and is the same every time.

    Args:
        keys: What names each posting.
    """
    digests = [hashlib.sha256(key.encode("utf-8", "backslashreplace")).digest() for key in keys]
    return sorted(range(len(keys)), key=digests.__getitem__)
