"""How similar the texts of two jobs are, once what the company writes into many postings is left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from postings.identity.records import Job

MOST_TITLES = 0.1
"""A line that stands under more of a company's titles than this share, and under at least three, is boilerplate."""

_WIDTH = 8
"""Characters a shingle: some two words in Latin script, a clause in Chinese."""
_HAN_WIDTH = 4
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_BULLET = re.compile(r"^\s*(?:[-–—•·*●▪■◦○]+|\(?\d{1,2}[.)、])\s*")
_MOST = 20_000
"""Characters of a text that are compared."""

Shingles = np.ndarray[Any, np.dtype[np.uint64]]


class Texts:
    """The texts of a company's jobs without its boilerplate, as sets of hashed character shingles.

    Each text is read once, when it is first compared.
    """

    def __init__(self, jobs: Sequence[Job], title_keys: Sequence[str]) -> None:
        """Count under how many titles each line occurs.

        Args:
            jobs: The jobs of one company.
            title_keys: The `title_key` of each. Lines are counted by title: a job in ten places repeats its own.
        """
        self._lines = {job.key: _lines(job.text) for job in jobs}
        by_title: dict[str, set[str]] = defaultdict(set)
        for job, title in zip(jobs, title_keys, strict=True):
            by_title[title].update(self._lines[job.key])
        titles = Counter(line for lines in by_title.values() for line in lines)
        most = max(2.0, MOST_TITLES * len(by_title))
        self._boilerplate = {line for line, count in titles.items() if count > most}
        self._shingles: dict[str, Shingles] = {}
        self._by_text: dict[str, Shingles] = {}

    def own(self, key: str) -> str:
        """Return a job's text without boilerplate."""
        return "\n".join(line for line in self._lines[key] if line not in self._boilerplate)

    def shingles(self, key: str) -> Shingles:
        """Return the sorted hashes of a text's shingles."""
        if key not in self._shingles:
            text = self.own(key)[:_MOST]
            if text not in self._by_text:
                self._by_text[text] = _shingles(text)
            self._shingles[key] = self._by_text[text]
        return self._shingles[key]

    def similarity(self, first: str, second: str) -> float | None:
        """Return the Jaccard similarity of two texts' shingles; None where one has no text.

        Where one is boilerplate throughout, all of both counts, and they are the same or not: boilerplate alone makes
        different jobs look similar.
        """
        if not self._lines[first] or not self._lines[second]:
            return None
        one, other = self.shingles(first), self.shingles(second)
        if not len(one) or not len(other):
            return float(self._lines[first] == self._lines[second])
        if one is other:
            return 1.0
        shared = len(np.intersect1d(one, other, assume_unique=True))
        return shared / (len(one) + len(other) - shared)

    def sketch(self, key: str, size: int = 6) -> list[int]:
        """Return a text's smallest hashes: two texts of similarity s share one with a chance of about 1 - (1 - s)^size.

        This is bottom-k sampling (Broder 1997).
        """
        return [int(value) for value in self.shingles(key)[:size]]


def _lines(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return tuple(filter(None, (" ".join(_BULLET.sub("", line).split()) for line in plain.splitlines())))


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
