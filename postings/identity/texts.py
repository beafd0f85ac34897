"""How similar the texts of two jobs are, once what the company writes into many postings is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from postings.identity.names import fold
from postings.identity.records import Job

MOST_TITLES = 0.1
"""A sentence under more of a company's titles than this share, and under at least three, is boilerplate."""

AGREE = 0.7
"""Texts of one title in one place, without boilerplate, less similar than this are different jobs'."""

VERBATIM = 0.95
"""Texts with hardly a word of their own that are at least this similar as a whole are the same."""

EXCERPT = 0.9
"""A text of which another holds at least this share is an excerpt of it."""

SHORT = 0.6
"""A text shorter than this share of another, with hardly a word of its own, says nothing of the job."""

FEWEST = 80
"""A text with fewer shingles without boilerplate has hardly a word of its own."""

_WIDTH = 8
"""Characters a shingle: some two words in Latin script, a clause in Chinese."""
_HAN_WIDTH = 4
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_BULLET = re.compile(r"^(?:[-–—•·*●▪■◦○]+|\(?\d{1,2}[.)、])\s*")
# A line, a sentence, or an item of a list: boards join and break lines, and keep sentences.
_BREAK = re.compile(r"[\n\r•●▪■◦○。]|[.!?;:]\s|[;!?:](?=[\u3400-\u9fff\d])|\s[-–—*]\s")
_MOST = 20_000
"""Characters of a text that are compared."""

Shingles = np.ndarray[Any, np.dtype[np.uint64]]


class Texts:
    """The texts of a company's jobs without its boilerplate, as sets of hashed character shingles.

    Each text is read once, when it is first compared.
    """

    def __init__(self, jobs: Sequence[Job], titles: Mapping[str, str]) -> None:
        """Count under how many titles each sentence occurs.

        Args:
            jobs: The jobs of one company.
            titles: The `title_key` of each. Sentences are counted by title: a job in ten places repeats its own.
        """
        read: dict[str, tuple[str, ...]] = {}
        for job in jobs:
            if job.text not in read:
                read[job.text] = _sentences(job.text)
        self._sentences = {job.key: read[job.text] for job in jobs}
        by_title: dict[str, set[str]] = defaultdict(set)
        for title, text in {(titles[job.key], job.text) for job in jobs}:
            by_title[title].update(read[text])
        counts = Counter(sentence for sentences in by_title.values() for sentence in sentences)
        most = max(2.0, MOST_TITLES * len(by_title))
        self._boilerplate = {sentence for sentence, count in counts.items() if count > most}
        self._by_sentences: dict[tuple[tuple[str, ...], bool], Shingles] = {}

    def own(self, key: str) -> str:
        """Return a job's text without boilerplate."""
        return " ".join(sentence for sentence in self._sentences[key] if sentence not in self._boilerplate)

    def shingles(self, key: str, *, whole: bool = False) -> Shingles:
        """Return the sorted hashes of a text's shingles, without its boilerplate or whole."""
        name = (self._sentences[key], whole)
        if name not in self._by_sentences:
            text = " ".join(self._sentences[key]) if whole else self.own(key)
            self._by_sentences[name] = _shingles(text[:_MOST])
        return self._by_sentences[name]

    def similarity(self, first: str, second: str) -> float | None:
        """Return the Jaccard similarity of two texts' shingles; None where one has no text.

        Where one is boilerplate throughout, all of both counts, and they are the same or not: boilerplate alone makes
        different jobs look similar.
        """
        if not self._sentences[first] or not self._sentences[second]:
            return None
        one, other = self.shingles(first), self.shingles(second)
        if not len(one) or not len(other):
            return float(self._sentences[first] == self._sentences[second])
        if one is other:
            return 1.0
        return _jaccard(one, other)

    def agreement(self, first: str, second: str) -> float | None:
        """Return how far two texts of one title agree: their similarity, or how much of each the other holds.

        A board may break lines elsewhere, so that boilerplate is not told from the rest, or show only the beginning of
        a text; of an excerpt, only what the other holds of it counts.

        Returns:
            The Jaccard similarity, or the one of two texts of one length that hold as much of each other. None where
            one has no text, or an excerpt without words of its own.
        """
        score = self.similarity(first, second)
        if score is None or score >= AGREE:
            return score
        short, long = sorted((first, second), key=lambda key: (len(self.shingles(key, whole=True)), key))
        if len(self.shingles(short)) < FEWEST:
            if len(self.shingles(short, whole=True)) < SHORT * len(self.shingles(long, whole=True)):
                return None
            whole = _jaccard(self.shingles(short, whole=True), self.shingles(long, whole=True))
            return whole if whole >= VERBATIM else score
        held = self._held(short, long)
        if held < EXCERPT:
            held = min(held, self._held(long, short))
        return max(score, held / (2 - held))

    def _held(self, key: str, by: str) -> float:
        """Return the share of a text without boilerplate that another holds anywhere."""
        own = self.shingles(key)
        if not len(own):
            return 0.0
        return len(np.intersect1d(own, self.shingles(by, whole=True), assume_unique=True)) / len(own)

    def sketch(self, key: str, size: int = 6) -> list[int]:
        """Return a text's smallest hashes: two texts of similarity s share one with a chance of about 1 - (1 - s)^size.

        This is bottom-k sampling (Broder 1997).
        """
        return [int(value) for value in self.shingles(key)[:size]]


def _jaccard(one: Shingles, other: Shingles) -> float:
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def _sentences(text: str) -> tuple[str, ...]:
    found = (_BULLET.sub("", part.strip()).strip(" .;:") for part in _BREAK.split(fold(text[:_MOST])))
    return tuple(" ".join(part.split()) for part in found if part)


def _shingles(text: str) -> Shingles:
    """Hash every window of characters by a polynomial, at once for the whole text, and sort what is distinct."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    han = int(np.count_nonzero((codes >= 0x3400) & (codes <= 0x9FFF)))
    width = _HAN_WIDTH if han * 3 > len(codes) else _WIDTH
    if not len(codes):
        return np.empty(0, dtype=np.uint64)
    count = max(1, len(codes) - width + 1)
    hashes = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(min(width, len(codes))):
            hashes = (hashes + codes[offset : offset + count]) * _PRIME
            hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes)
