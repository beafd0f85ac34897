"""A trie of words that is followed from many characters of a text at once, as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

CodePoints = npt.NDArray[np.uint32]
Keys = npt.NDArray[np.uint64]
Columns = npt.NDArray[np.int32]
Positions = npt.NDArray[np.int64]

_MIX = np.uint64(0xD6E8FEB86659FD93)
"""Any odd number with well-mixed bits: multiplication by it, modulo 2^64, has an inverse."""

_CODE_POINT_BITS = np.uint64(21)


class KeyTable(NamedTuple):
    """A table of 64-bit keys with well-mixed leading bits.

    Attributes:
        keys: The keys, sorted, followed by the greatest that is possible.
        values: What each stands for: its index before sorting.
        first: For each value of the leading bits, the first key with them or with greater ones.
        shift: How many bits follow the leading ones.
    """

    keys: Keys
    values: Columns
    first: Positions
    shift: np.uint64

    @classmethod
    def of(cls, keys: Keys) -> Self:
        """Make a table of different keys."""
        bits = max(4, len(keys).bit_length() + 1)
        order = np.argsort(keys)
        ordered, shift = keys[order], np.uint64(64 - bits)
        leading = np.arange(1 << bits, dtype=np.uint64)
        return cls(
            np.append(ordered, np.uint64(2**64 - 1)),
            np.append(order, -1).astype(np.int32),
            np.searchsorted(ordered, leading << shift),
            shift,
        )

    def find(self, keys: Keys) -> tuple[Positions, Columns]:
        """Return the indices of the given keys that are in the table, and what each of these stands for."""
        at = self.first.take((keys >> self.shift).astype(np.intp))
        seen = self.keys.take(at)
        behind = np.flatnonzero(seen < keys)
        while len(behind):
            following = at.take(behind) + 1
            at[behind], seen[behind] = following, self.keys.take(following)
            behind = behind.take(np.flatnonzero(seen.take(behind) < keys.take(behind)))
        known = np.flatnonzero(seen == keys)
        return known, self.values.take(at.take(known))


class _Level(NamedTuple):
    """The trie's nodes of one depth: the different first characters of the words that have so many.

    Attributes:
        table: Finds a node from the node above it and the next character.
        column: The column of the word that ends at each node; -1 where none does.
        longer: Whether words continue after each node.
    """

    table: KeyTable
    column: Columns
    longer: npt.NDArray[np.bool_]


class Trie:
    """A trie of words of two characters or more.

    Args:
        words: Words.
        columns: The indices of those that are kept.

    Raises:
        ValueError: A word is repeated.
    """

    def __init__(self, words: Sequence[str], columns: Sequence[int]) -> None:
        several = [column for column in columns if len(words[column]) > 1]
        self._levels = list(_levels(words, np.array(several, dtype=np.int64)))

    def walk(self, characters: CodePoints, room: Positions) -> Iterator[tuple[int, Positions, Columns]]:
        """Find the words that begin at each character, in order of their length.

        Args:
            characters: A text.
            room: How many characters a word that begins at each may have; shape (characters,).

        Yields:
            A length, the indices at which words of that length begin, ascending, and the index of each word.
        """
        index, node = np.arange(len(characters)), characters.astype(np.uint64)
        for size, level in enumerate(self._levels, 2):
            inside = np.flatnonzero(room.take(index) >= size)
            index, node = index.take(inside), node.take(inside)
            known, found = level.table.find(_keys(node, characters.take(index + (size - 1))))
            index, column = index.take(known), level.column.take(found)
            complete = np.flatnonzero(column >= 0)
            yield size, index.take(complete), column.take(complete)
            longer = np.flatnonzero(level.longer.take(found))
            index, node = index.take(longer), found.take(longer).astype(np.uint64)


def _levels(words: Sequence[str], columns: Positions) -> Iterator[_Level]:
    """Yield the levels of the trie of some words, from two characters on; at one, a node is the character."""
    chosen = [words[column] for column in columns.tolist()]
    lengths = np.fromiter(map(len, chosen), np.int64, len(chosen))
    characters, start = code_points(chosen), np.cumsum(lengths) - lengths
    node = characters.take(start).astype(np.uint64)
    for size in range(2, lengths.max(initial=0) + 1):
        keys, nodes = np.unique(_keys(node, characters.take(start + (size - 1))), return_inverse=True)
        ending = lengths == size
        longer = np.zeros(len(keys), dtype=np.bool_)
        longer[nodes[~ending]] = True
        column = np.full(len(keys), -1, dtype=np.int32)
        column[nodes[ending]] = columns[ending]
        if np.count_nonzero(column >= 0) < np.count_nonzero(ending):
            raise ValueError("the vocabulary repeats a word")
        yield _Level(KeyTable.of(keys), column, longer)
        columns, lengths, start, node = (
            columns[~ending],
            lengths[~ending],
            start[~ending],
            nodes[~ending].astype(np.uint64),
        )


def _keys(nodes: Keys, codes: CodePoints) -> Keys:
    """Return a key for each node and the character after it, different for different ones."""
    return ((nodes << _CODE_POINT_BITS) | codes) * _MIX


def code_points(texts: Sequence[str], between: str = "") -> CodePoints:
    """Return the code points of texts, one after the other, with a separator before, between and after them."""
    joined = f"{between}{between.join(texts)}{between}"
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
