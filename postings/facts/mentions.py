"""Names found in a text by a table of aliases: one pass, word boundaries in both scripts, each with its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from postings.facts.stems import Stems, fold

REACH = 200
"""How far a sentence is followed on either side of a mention, in characters; the rest is cut off."""

# Begins with a set of characters, which is searched for much faster than alternatives are.
_END = re.compile(r"[\n。；;！!？?.](?:(?<!\.)|(?<!\b\w\.)(?=\s|$))")
_HAN = re.compile("[㐀-鿿]")
_NOT_AFTER = "(?<![a-z0-9à-ɏ])"
_NOT_BEFORE = "(?![a-z0-9à-ɏ+#])"
_LONG = 3
"""Characters from which on a Latin alias is looked for in words too; shorter ones stand in too many.

Those are names that are written in one way, mostly in capitals, which are rare.
"""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that a text mentions.

    Attributes:
        name: The name in its table, the same for every alias.
        kind: The group of the table that the name is in.
        words: The words of the text.
        sentence: The sentence around them, at most `REACH` characters on either side.
    """

    name: str
    kind: str
    words: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Found:
    """One place at which an alias stands: its name and kind, where it is, and whether it needs context."""

    name: str
    kind: str
    start: int
    end: int
    needs_context: bool


@dataclass(frozen=True, slots=True)
class _Alias:
    name: str
    kind: str
    exact: str | None
    needs_context: bool


class Vocabulary:
    """A table of names with their aliases, and one pattern that finds them all.

    The pattern is a trie written as a regular expression, tried where an alias stands: it follows one path, no longer
    than the longest alias, so that the time is linear in the text.

    An alias is found in either case. One that begins with ``=`` is found only as it is written, and one that begins
    with ``?`` is found as it is written and marked as needing context, because it is an ordinary word or letter too.
    Latin aliases stand between characters that are no Latin letters or digits (a version such as the 3 of
    ``python3`` may follow); Chinese is written without spaces, so Chinese aliases, and the other side of a Latin
    one, need no space.
    """

    def __init__(self, table: Mapping[str, Mapping[str, Iterable[str]]]) -> None:
        """Compile a table: kind to names, each with its aliases."""
        self._aliases: dict[str, list[_Alias]] = {}
        for kind, names in table.items():
            for name, aliases in names.items():
                for alias in aliases:
                    plain = alias.lstrip("=?")
                    exact = plain if alias[0] in "=?" else None
                    self._aliases.setdefault(plain.lower(), []).append(_Alias(name, kind, exact, alias[0] == "?"))
        latin = [alias for alias in self._aliases if not _HAN.search(alias)]
        han = [alias for alias in self._aliases if _HAN.search(alias)]
        short = [alias for alias in latin if len(alias) < _LONG and all(known.exact for known in self._aliases[alias])]
        self._stems = Stems(*(self._aliases.keys() - short))
        self._short = _short_words(known.exact or "" for alias in short for known in self._aliases[alias])
        kinds = []
        if latin:
            kinds.append(rf"{_NOT_AFTER}(?P<latin>{_trie(latin)})(?:(?<=[a-z]{{3}})\d{{1,2}})?{_NOT_BEFORE}")
        if han:
            kinds.append(rf"(?P<han>{_trie(han)})")
        self._pattern = re.compile("|".join(kinds))

    def find(self, text: str) -> Iterator[Found]:
        """Yield what the text names, in order."""
        folded = fold(text)
        starts = {match.start() for match in self._short.finditer(text)}.union(self._stems.starts(text))
        position = 0
        for place in sorted(starts):
            match = self._pattern.match(folded, place) if place >= position else None
            if match is None:
                continue
            position = match.end()
            group = match.lastgroup or "latin"
            start, end = match.span(group)
            for alias in self._aliases[match[group]]:
                if alias.exact is None or alias.exact == text[start:end]:
                    yield Found(alias.name, alias.kind, start, end, alias.needs_context)
                    break


def mention(text: str, found: Found) -> Mention:
    """Return a place as a mention with its words and its sentence."""
    return Mention(found.name, found.kind, text[found.start : found.end], sentence_at(text, found.start, found.end))


def sentence_at(text: str, start: int, end: int) -> str:
    """Return the sentence around a span, followed for at most `REACH` characters on either side.

    >>> sentence_at("Hello. We use vLLM here. Bye.", 14, 18)
    'We use vLLM here.'
    """
    first = max(0, start - REACH)
    for stop in _END.finditer(text, first, start):
        first = stop.end()
    after = _END.search(text, end, end + REACH)
    last = min(len(text), end + REACH) if after is None else after.end()
    return text[first:last].strip()


def _short_words(aliases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for aliases that are no part of a word; it begins with a set of characters, which is fast."""
    grouped = groupby(sorted(aliases), key=lambda alias: alias[0])
    ways = {first: "|".join(re.escape(alias[1:]) for alias in group) for first, group in grouped}
    if not ways:
        return re.compile("(?!)")
    rest = "|".join(f"(?<={re.escape(first)})(?:{way})" for first, way in ways.items())
    return re.compile(rf"[{re.escape(''.join(ways))}](?<![A-Za-z\d].)(?:{rest})(?![A-Za-z\d])", re.DOTALL)


def _trie(aliases: Iterable[str]) -> str:
    """Return a pattern for any of the aliases, the longest first."""
    root: dict[str, Any] = {}
    for alias in aliases:
        node = root
        for char in alias:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(root)


def _branch(node: dict[str, Any]) -> str:
    ways = [re.escape(char) + _branch(rest) for char, rest in sorted(node.items()) if char]
    if not ways:
        return ""
    inner = ways[0] if len(ways) == 1 and "" not in node else f"(?:{'|'.join(ways)})"
    return f"{inner}?" if "" in node else inner
