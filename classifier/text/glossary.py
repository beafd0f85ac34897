"""The glossary: English words for German and Chinese terms in job titles, so that languages share what is learned."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

_RUN = re.compile(r"\w+")
"""What a term can be found in: terms have letters only."""

_KEPT = 1 << 14
"""How many runs are kept with their English words."""

SHIPPED = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Glossary:
    """Terms and their English words.

    Attributes:
        parts: The English words of terms that may occur anywhere in a title, also inside a word.
        words: The same of terms that must be whole words.
    """

    parts: Mapping[str, str]
    words: Mapping[str, str]

    @classmethod
    @cache
    def load(cls) -> Glossary:
        """Read the shipped glossary, ``glossary.toml``."""
        data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
        return cls(data["parts"], data["words"])

    def english(self, title: str) -> list[str]:
        """Return the English words of the terms in a title, in order of occurrence.

        Args:
            title: A title, folded by `classifier.text.tokens.fold`.

        >>> Glossary.load().english("高级算法工程师(推荐)")
        ['algorithm', 'machine', 'learning', 'recommendation']
        >>> Glossary.load().english("produktmanagerin ki (m/w/d)")
        ['product', 'manager', 'ai']
        >>> Glossary.load().english("product manager")
        []
        """
        return [word for run in _RUN.findall(title) for word in self._english_of_run(run)]

    @cached_property
    def _english_of_run(self) -> Callable[[str], list[str]]:
        """Finds the English words of a run of letters; titles have few different ones, which are kept."""
        pattern, meanings = self._pattern, self._meanings

        @lru_cache(maxsize=_KEPT)
        def english(run: str) -> list[str]:
            return [word for term in pattern.findall(run) for word in meanings[term].split()]

        return english

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return {**self.parts, **self.words}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Grouped by a literal first letter, so that few terms are tried at each letter of a title.
        rests: dict[str, list[str]] = {}
        for term in self.words:
            rests.setdefault(term[0], []).append(rf"(?<=\b{re.escape(term[0])}){re.escape(term[1:])}\b")
        for term in sorted(self.parts, key=len, reverse=True):
            rests.setdefault(term[0], []).append(re.escape(term[1:]))
        return re.compile("|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items()))
