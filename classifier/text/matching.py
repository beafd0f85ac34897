"""The words of a vocabulary, found in texts without segmenting them: many texts at once, as arrays."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from classifier.text.tokens import HAN, MARKS
from classifier.text.trie import CodePoints, Columns, Keys, KeyTable, Positions, Trie, code_points

_Counts = npt.NDArray[np.int64]

_SEPARATOR, _LETTER, _HAN, _MARK = range(4)
"""Classes of characters, as `classifier.text.tokens` splits text: letters include digits, and marks end a word."""

_HAN_WORD = re.compile(rf"[{HAN}]{{2,}}")
_OTHER_WORD = re.compile(rf"[^\W_{HAN}]+[{MARKS}]*")

_CHARACTERS_AT_ONCE = 1 << 17
"""About how many characters are searched at once, so that the arrays stay in the processor's cache."""

# Any odd number with well-mixed bits; odd numbers have inverses modulo 2^64.
_BASE = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Matches:
    """Where words of a vocabulary occur in texts.

    The first three have an entry for each match, ordered by text and then by start.

    Attributes:
        row: The index of the text.
        column: The index of the word in the vocabulary.
        start: Where the word begins in the text, in characters.
        words: The number of words of each text: words of other scripts, and Han characters; shape (texts,).
        matched: How many of them are part of a match; shape (texts,).
    """

    row: Columns
    column: Columns
    start: Columns
    words: _Counts
    matched: _Counts


class WordMatcher:
    """Finds the words of a vocabulary in texts.

    A word of another script than Han matches where it is a complete word of the text. A word of two Han characters or
    more matches wherever it occurs, unless the occurrence lies inside one of a longer word: of occurrences with the
    same start the longest counts, and only if it ends after all that started before it. Occurrences may overlap, as
    no segmentation decides between them.

    Han words are followed character by character in a trie. Words of other scripts are compared by 64-bit hashes.

    Args:
        words: The vocabulary, folded by `classifier.text.tokens.fold`. Whatever is neither a word of another script
            nor two or more Han characters never matches.

    Raises:
        ValueError: A word is repeated, or two words have the same hash.
    """

    def __init__(self, words: Sequence[str]) -> None:
        han = [column for column, word in enumerate(words) if _HAN_WORD.fullmatch(word)]
        other = [column for column, word in enumerate(words) if _OTHER_WORD.fullmatch(word)]
        self._han = Trie(words, han)
        self._lengths = np.array([len(words[column]) for column in other], dtype=np.int64)
        self._longest = int(self._lengths.max(initial=0))
        codes = code_points([words[column] for column in other], "\n")
        starts = 1 + np.cumsum(self._lengths + 1) - (self._lengths + 1)
        hashes = _hash_spans(codes, starts, starts + self._lengths)
        if len(np.unique(hashes)) < len(hashes):
            raise ValueError("the vocabulary repeats a word, or has two words with the same hash")
        self._others = KeyTable.of(hashes)
        self._columns = np.array(other, dtype=np.int32)

    def find(self, texts: Sequence[str]) -> Matches:
        """Find the words in texts.

        Args:
            texts: Texts, folded by `classifier.text.tokens.fold`.
        """
        parts = [self._find(texts[some]) for some in _chunks(texts)]
        if not parts:
            nothing, none = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int64)
            return Matches(nothing, nothing, nothing, none, none)
        before = np.cumsum([0, *(len(part.words) for part in parts[:-1])])
        return Matches(
            np.concatenate([part.row + np.int32(first) for part, first in zip(parts, before, strict=True)]),
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.start for part in parts]),
            np.concatenate([part.words for part in parts]),
            np.concatenate([part.matched for part in parts]),
        )

    def _find(self, texts: Sequence[str]) -> Matches:
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        bounds = 1 + np.concatenate([[0], np.cumsum(lengths + 1)])
        codes = code_points(texts, "\n")
        classes = _classes().take(codes)
        han = np.flatnonzero(classes == _HAN)
        starts, ends = _other_words(classes)
        words = np.diff(np.searchsorted(han, bounds)) + np.diff(np.searchsorted(starts, bounds))

        han_start, han_end, han_column = self._han_matches(codes, han)
        start, column = self._other_matches(codes, starts, ends)
        # Of overlapping matches, the later one covers only what follows the earlier one's end.
        covered = han_end - np.maximum(han_start, np.concatenate([[0], han_end[:-1]]))
        start, column = np.concatenate([han_start, start]), np.concatenate([han_column, column])
        covered = np.concatenate([covered, np.ones(len(start) - len(covered), dtype=np.int64)])
        order = np.argsort(start, kind="stable")
        start = start[order]
        row = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(np.searchsorted(start, bounds)))
        matched = np.bincount(row, covered[order], len(texts)).astype(np.int64)
        return Matches(row, column[order], (start - bounds[row]).astype(np.int32), words, matched)

    def _han_matches(self, codes: CodePoints, han: Positions) -> tuple[Positions, Positions, Columns]:
        """Return the start, the end and the column of each match; `han` are the positions of Han characters."""
        length = np.zeros(len(han), dtype=np.int64)
        column = np.full(len(han), -1, dtype=np.int32)
        breaks = np.flatnonzero(np.diff(han) != 1) + 1
        last = np.append(breaks, len(han))
        room = np.repeat(last, np.diff(last, prepend=0)) - np.arange(len(han))
        for size, index, found in self._han.walk(codes.take(han), room):
            length[index], column[index] = size, found
        chosen = np.flatnonzero(length)
        start = han.take(chosen)
        end = start + length.take(chosen)
        maximal = np.flatnonzero(end > np.concatenate([[0], np.maximum.accumulate(end)[:-1]]))
        return start.take(maximal), end.take(maximal), column.take(chosen.take(maximal))

    def _other_matches(self, codes: CodePoints, starts: Positions, ends: Positions) -> tuple[Positions, Columns]:
        """Return the start and the column of each match among words."""
        lengths = ends - starts
        short = np.flatnonzero(lengths <= self._longest)
        if not len(short):
            return starts[:0], self._columns[:0]
        known, found = self._others.find(_hash_spans(codes, starts.take(short), ends.take(short)))
        known = short.take(known)
        same = np.flatnonzero(self._lengths.take(found) == lengths.take(known))
        return starts.take(known.take(same)), self._columns.take(found.take(same))


def _other_words(classes: npt.NDArray[np.uint8]) -> tuple[Positions, Positions]:
    """Return the start and the end of each word of other scripts, from the class of each character."""
    letters, marks = _runs(classes == _LETTER), _runs(classes == _MARK)
    starts, ends = letters
    # Marks belong to the word that they follow.
    after = np.searchsorted(ends, marks[0])
    touching = ends[np.minimum(after, len(ends) - 1)] == marks[0] if len(ends) else np.zeros(len(after), np.bool_)
    ends[after[touching]] = marks[1][touching]
    return starts, ends


def _runs(flags: npt.NDArray[np.bool_]) -> tuple[Positions, Positions]:
    """Return the start and the end of each run of true flags, of which the first and the last flag are none."""
    edges = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    return edges[::2], edges[1::2].copy()


def _hash_spans(codes: CodePoints, starts: Positions, ends: Positions) -> Keys:
    """Return a hash of each span of characters, the same for the same characters wherever they stand.

    It is a polynomial of the code points, modulo 2^64, from sums over all that comes before.
    """
    powers, inverses = _powers(len(codes).bit_length())
    sums = np.cumsum(codes * powers[: len(codes)])
    return (sums.take(ends - 1) - sums.take(starts - 1)) * inverses.take(starts)


@cache
def _powers(bits: int) -> tuple[Keys, Keys]:
    """Return powers of the base, from the first on, and of its inverse, from the zeroth on; 2 to the `bits` of each."""
    found = []
    for first, base in ((_BASE, _BASE), (1, pow(_BASE, -1, 1 << 64))):
        powers = np.array([first], dtype=np.uint64)
        for bit in range(bits):
            powers = np.concatenate([powers, powers * np.uint64(pow(base, 1 << bit, 1 << 64))])
        found.append(powers)
    return found[0], found[1]


@cache
def _classes() -> npt.NDArray[np.uint8]:
    """Return the class of each code point."""
    every = np.arange(0x110000, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    classes = np.full(0x110000, _SEPARATOR, dtype=np.uint8)
    for pattern, number in ((r"[^\W_]+", _LETTER), (f"[{HAN}]+", _HAN), (f"[{MARKS}]+", _MARK)):
        for run in re.finditer(pattern, every):
            classes[run.start() : run.end()] = number
    return classes


def _chunks(texts: Sequence[str]) -> Iterator[slice]:
    """Yield slices of the texts, of about the length that is searched at once."""
    first, characters = 0, 0
    for index, text in enumerate(texts):
        characters += len(text)
        if characters > _CHARACTERS_AT_ONCE:
            yield slice(first, index + 1)
            first, characters = index + 1, 0
    if first < len(texts):
        yield slice(first, len(texts))
