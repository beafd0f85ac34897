"""Stubs: what boards send in place of a description, such as "Apply now", a date or a link."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

LONGEST = 300
"""The length in characters from which on a description is taken as it is."""

_FEWEST = 6
"""A description with fewer letters or Han characters beside stubs is none."""

_PIECE = re.compile(r"[\n\r.!。！;；|,，、]+")

_LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|\b\d[\d\s./:年月日-]*[\d日月]", re.IGNORECASE)
_KINDS = tomllib.loads(Path(__file__).with_name("stubs.toml").read_text(encoding="utf-8"))
_FIELD = re.compile(rf"[\W_]*(?:{'|'.join(_KINDS['fields'])})[\W_]*[:：].*", re.IGNORECASE)
_PHRASE = re.compile(rf"[\W_]*(?:{'|'.join(_KINDS['phrases'])})[\W_]*", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def without_stub(description: str) -> str:
    """Return a description, or nothing if all that it says is where, when and how to apply.

    >>> without_stub("Apply now."), without_stub("【岗位类别】：实习/全职"), without_stub("2026-11-01 https://example.org")
    ('', '', '')
    >>> without_stub("Keep the servers running.")
    'Keep the servers running.'

    Args:
        description: A description as the board sends it.
    """
    if len(description) >= LONGEST:
        return description
    pieces = (_LINK.sub("", piece) for piece in _PIECE.split(_LINK.sub("", description)))
    told = "".join(piece for piece in pieces if not _FIELD.fullmatch(piece) and not _PHRASE.fullmatch(piece))
    letters = _LETTER.findall(told)
    return description if len(letters) >= _FEWEST else ""
