"""The head of a title: the noun that says what the person hired is, apart from the words around it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from classifier.text.glossary import Glossary
from classifier.text.tokens import HAN, tokens

_WORDS = {
    name: frozenset(words)
    for name, words in tomllib.loads(Path(__file__).with_name("heads.toml").read_text(encoding="utf-8")).items()
}
_FUNCTION = re.compile(r".{2,}(?:er|or|ist|ian|man|yst)s?")

_SEGMENT = re.compile(
    rf"[()\[\]【】,;|:/、·•]|\s[-–—]+\s?|\s?[-–—]+\s|(?<=[{HAN}])[-–—_]|[-–—_](?=[{HAN}])"
    r"|\b(?:for|of|in|at|with|to|für|im|bei|mit|within|on|und)\b"
)


def head_terms(title: str) -> list[str]:
    """Return terms for the head of a title, which outranks its modifiers when a role is decided.

    The head is the last noun before the first comma, bracket, dash or preposition: a person's function in English where
    there is one, the end of a compound in Chinese and German, whose English words from the glossary are added. Each
    term begins with ``^``; a term of two words has the word before the head, too.

    Args:
        title: A title, folded by `classifier.text.tokens.fold`.

    >>> head_terms("data center recruiter, gpu infrastructure")
    ['^recruiter', '^center recruiter']
    >>> head_terms("paralegal ai research")
    ['^paralegal']
    >>> head_terms("head of product")
    ['^head', '^product head', '^product']
    >>> head_terms("rechenzentrumstechniker (m/w/d)")
    ['^rechenzentrumstechniker', '^technician', '^center technician']
    >>> head_terms("算法招聘专家")
    ['^专家', '^招聘 专家', '^招聘', '^recruiter', '^learning recruiter']
    """
    segments = _segments(title)
    segment, words = next(segments, ("", []))
    if not words:
        return []
    if all(word in _WORDS["ranks"] for word in words):
        segment, following = next(segments, (segment, words[:-1]))
        words = [*following, words[-1]]
    at = len(words) - 1
    if words[at][0].isascii() and not _is_function(words[at]):
        at = max((index for index, word in enumerate(words) if _is_function(word)), default=at)
    terms = [f"^{words[at]}"]
    if at:
        terms.append(f"^{words[at - 1]} {words[at]}")
        if words[at] in _WORDS["ranks"]:
            terms.append(f"^{words[at - 1]}")
    english = Glossary.load().english(segment)
    terms += [f"^{word}" for word in english[-1:]]
    terms += [f"^{english[-2]} {english[-1]}"] if len(english) > 1 else []
    return list(dict.fromkeys(terms))


def _segments(title: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each part of a title that has words beside those that change no head, and these words."""
    for segment in _SEGMENT.split(title):
        if words := [word for word in tokens(segment) if word not in _WORDS["beside"]]:
            yield segment, words


def _is_function(word: str) -> bool:
    """Return whether an English word names a person's function, such as recruiter or counsel."""
    return word in _WORDS["functions"] or (
        word not in _WORDS["not_functions"] and _FUNCTION.fullmatch(word) is not None
    )
