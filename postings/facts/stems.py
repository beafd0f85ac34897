"""Literal words in a text, all found in one pass, so that slower patterns are tried only where they can match."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

_WIDE_LETTERS = re.compile("[Ａ-Ｚａ-ｚ０-９＋＃．]")
_NARROW = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF01, 0xFF5F))}
_BLANKS = "\n\t\r\u00a0\u2009\u202f\u3000"


class Stems:
    """Words in lower case, with plain blanks, that are looked for wherever they stand, in words too.

    The time is linear in the text (Aho and Corasick's automaton).
    """

    def __init__(self, *words: str) -> None:
        """Compile the words; several may stand in one string with ``|`` between them."""
        each = dict.fromkeys(word for together in words for word in together.split("|"))
        self._automaton = AhoCorasick(each, implementation=Implementation.DFA)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where words begin and end in a text, in order of their ends; they may overlap."""
        found = self._automaton.find_matches_as_indexes(_blank(text), overlapping=True)
        return [(start, end) for _, start, end in found]

    def starts(self, text: str) -> list[int]:
        """Return where words begin in a text, each place once, in order."""
        found = self._automaton.find_matches_as_indexes(_blank(text), overlapping=True)
        return sorted({start for _, start, _ in found})


def matches_at(pattern: re.Pattern[str], stems: Stems, text: str) -> Iterator[re.Match[str]]:
    """Yield a pattern's matches, as `re.finditer` does, where each begins with a stem."""
    position = 0
    for start in stems.starts(text):
        if start >= position and (found := pattern.match(text, start)):
            yield found
            position = found.end()


def matches_near(
    pattern: re.Pattern[str], stems: Stems, text: str, reach: int = 120, *, before: int | None = None
) -> Iterator[re.Match[str]]:
    """Yield a pattern's matches within ``reach`` characters of a stem, which is much faster than the text as a whole.

    Args:
        pattern: What is looked for.
        stems: Words of which each match has one.
        text: The text.
        reach: How far a match may reach from its stem, in characters.
        before: How far it may begin before its stem; None for as far.
    """
    before = reach if before is None else before
    start = end = 0
    for first, last in sorted(stems.spans(text)):
        if first - before > end or not end:
            yield from pattern.finditer(text, start, end)
            start = max(0, first - before)
        end = max(end, last + reach)
    yield from pattern.finditer(text, start, end)


@lru_cache(maxsize=4)
def fold(text: str) -> str:
    """Return the text in lower case and with narrow Latin letters, every character still at its place.

    The readers of one posting ask for the same texts one after the other.
    """
    folded = text.lower()
    if len(folded) != len(text):  # "İ" becomes two characters
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.translate(_NARROW) if _WIDE_LETTERS.search(folded) else folded


@lru_cache(maxsize=4)
def _blank(text: str) -> str:
    """Return the folded text with line breaks and other blanks as plain ones."""
    blanked = fold(text)
    for blank in _BLANKS:  # much faster than a pattern
        blanked = blanked.replace(blank, " ")
    return blanked
