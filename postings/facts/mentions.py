"""Names found in a text by a table of aliases: one pass, word boundaries in both scripts, each with its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REACH = 200
"""How far a sentence is followed on either side of a mention, in characters; the rest is cut off."""

_END = re.compile(r"[\n。；;！!？?]|(?<!\b\w)\.(?=\s|$)")
_WIDE_LETTERS = re.compile("[Ａ-Ｚａ-ｚ０-９＋＃．]")
_NARROW = {ord(wide): ord(wide) - 0xFEE0 for wide in map(chr, range(0xFF01, 0xFF5F))}
_HAN = re.compile("[㐀-鿿]")


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

    The pattern is a trie written as a regular expression: at each character it follows one path, no longer than the
    longest alias, so that the time is linear in the text.

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
        kinds = []
        if latin:
            kinds.append(rf"(?<![a-z0-9à-ɏ])(?P<latin>{_trie(latin)})(?:(?<=[a-z]{{3}})\d{{1,2}})?(?![a-z0-9à-ɏ+#])")
        if han:
            kinds.append(rf"(?P<han>{_trie(han)})")
        self._pattern = re.compile("|".join(kinds))

    def find(self, text: str) -> Iterator[Found]:
        """Yield what the text names, in order."""
        for match in self._pattern.finditer(fold(text)):
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


def matches_near(
    pattern: re.Pattern[str], stems: re.Pattern[str], text: str, reach: int = 120
) -> Iterator[re.Match[str]]:
    """Yield a pattern's matches within ``reach`` characters of a stem, which is much faster than the text as a whole.

    Args:
        pattern: What is looked for.
        stems: Literal words in lower case, of which each match has one.
        text: The text.
        reach: How far a match may reach from its stem, in characters.
    """
    start = end = 0
    for stem in stems.finditer(fold(text)):
        if end and stem.start() - reach <= end:
            end = stem.end() + reach
            continue
        if end:
            yield from pattern.finditer(text, start, end)
        start, end = max(end, stem.start() - reach), stem.end() + reach
    if end:
        yield from pattern.finditer(text, start, end)


def fold(text: str) -> str:
    """Return the text in lower case and with narrow Latin letters, every character still at its place."""
    folded = text.lower()
    if len(folded) != len(text):  # "İ" becomes two characters
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return folded.translate(_NARROW) if _WIDE_LETTERS.search(folded) else folded


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
