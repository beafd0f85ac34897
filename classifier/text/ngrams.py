"""Character n-grams within words, found in many texts at once, as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifier.text.trie import Columns, Trie, code_points


class NgramMatcher:
    """Finds the character n-grams of a vocabulary in texts, as scikit-learn's ``char_wb`` analyzer counts them.

    Each word of a text, between white space, has a space added before and after it, and the n-grams are all of its
    parts with 2 to 4 characters.

    Args:
        ngrams: The vocabulary.

    Raises:
        ValueError: An n-gram is repeated.
    """

    def __init__(self, ngrams: Sequence[str]) -> None:
        self._trie = Trie(ngrams, range(len(ngrams)))

    def find(self, texts: Sequence[str]) -> tuple[Columns, Columns]:
        """Return the text and the column of each occurrence of an n-gram.

        >>> NgramMatcher([" c", "at", "at ", "t"]).find(["cat at", "", " at"])
        (array([0, 0, 0, 2, 0, 0, 2], dtype=int32), array([0, 1, 1, 1, 2, 2, 2], dtype=int32))
        """
        padded = [" ".join(["", *text.split(), ""]) for text in texts]
        characters = code_points(padded)
        spaces = np.flatnonzero(characters == ord(" "))
        if not len(spaces):
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
        # An n-gram ends with the next space at the latest; the two spaces between texts are no n-gram.
        following = np.append(np.repeat(spaces[1:], np.diff(spaces)), spaces[-1])
        room = following - np.arange(len(characters)) + 1
        row = np.repeat(np.arange(len(texts), dtype=np.int32), np.fromiter(map(len, padded), np.int64, len(padded)))
        found = [(row.take(index), column) for _, index, column in self._trie.walk(characters, room)]
        rows, columns = zip(*found, strict=True) if found else ((row[:0],), (row[:0],))
        return np.concatenate(rows), np.concatenate(columns)
