"""Stubs: what boards send in place of a description, such as "Apply now", a date or a link."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from classifier.text.tokens import HAN

LONGEST = 300
"""The length in characters from which on a description is taken as it is."""

_FEWEST = 6
"""A description with fewer letters beside stubs is none; a Han character counts as two."""

# A slash after a single letter is part of a word, as in "n/a".
_PIECE = re.compile(r"(?:[\n\r.!。！;；|,，、]|(?<!\b[A-Za-z])/)+")

_LINK = re.compile(r"(?:https?://|www\.)[^\s|;,]+|\b\d[\d\s./:年月日-]*[\d日月]", re.IGNORECASE)
# Slower, as any run of characters may be a name before an @.
_LINK_OR_MAIL = re.compile(rf"(?:https?://|www\.)[^\s|;,]+|\S+@\S+|{_LINK.pattern}", re.IGNORECASE)
_KINDS = tomllib.loads(Path(__file__).with_name("stubs.toml").read_text(encoding="utf-8"))
_FIELD = re.compile(rf"[\W_]*(?:{'|'.join(_KINDS['fields'])})[\W_]*[:：].*", re.IGNORECASE)
_PHRASE = re.compile(rf"[\W_]*(?:{'|'.join(_KINDS['phrases'])})[\W_]*", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(f"[{HAN}]")


def without_stub(description: str) -> str:
    """Return a description, or nothing if all that it says is where, when and how to apply.

    >>> without_stub("apply now."), without_stub("【岗位类别】:实习/全职"), without_stub("2026-11-01 https://example.org")
    ('', '', '')
    >>> without_stub("keep the servers running.")
    'keep the servers running.'

    Args:
        description: A description, folded by `classifier.text.tokens.fold`.
    """
    if len(description) >= LONGEST:
        return description
    link = _LINK_OR_MAIL if "@" in description else _LINK
    letters = 0
    for part in _PIECE.split(link.sub("", description)):
        piece = link.sub("", part)
        if not _FIELD.fullmatch(piece) and not _PHRASE.fullmatch(piece):
            letters += len(_LETTER.findall(piece)) + len(_HAN.findall(piece))  # a Han character tells more
            if letters >= _FEWEST:
                return description
    return ""
