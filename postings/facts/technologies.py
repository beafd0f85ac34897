"""Technologies that a posting names, each mention with its sentence, from a kept table in Chinese and English."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from postings.facts.mentions import Found, Mention, Vocabulary, mention

SHIPPED = Path(__file__).with_name("technologies.toml")

# What may stand between two names of one list: "Python, R, or C", "Java/C++", "Go、Rust 或 C".
_BETWEEN = re.compile(r"[\s,，、/;；|&()（）*]{0,6}(?:(?:and|or|and/or|und|oder|或者|以及|或|和|与|及)[\s,，]{0,3})?")
_FOLLOWED = re.compile(
    r"[ \t]?(?:语言|語言|编程|程式|开发|開發|工程师|工程師|后端|後端|服务端|"
    r"(?i:(?:software |backend |back-end )?(?:developers?|development|engineers?|programm\w+|languages?|codebase)\b"
    r"|micro-?services?\b|entwickl))"
)
_PRECEDED = re.compile(
    r"(?:熟悉|精通|掌握|使用|[语語]言[:：]|(?i:\b(?:languages?|programmiersprachen?) ?[:：]|\bprogramming in"
    r"|\bcoding in"
    r"|\bwritten in|\bproficien(?:t|cy) (?:in|with)|\b(?:experience|expertise|programmierung) (?:in|with|mit)))[ \t]?$"
)
_REACH_BEFORE = 24


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped table, compiled."""
    return Vocabulary(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def technologies(text: str) -> tuple[Mention, ...]:
    """Return every mention of a technology, in the order of the text.

    Names that are ordinary words or letters too (Go, R, C, Spring) count only in a list beside another technology, or
    beside words about programming.

    >>> [found.name for found in technologies("熟悉昇腾NPU与CANN，会用Python/Go；we go to market with R&D")]
    ['Ascend', 'CANN', 'Python', 'Go']
    """
    found = list(vocabulary().find(text))
    sure = [not each.needs_context or _beside_words(text, each) for each in found]
    for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        step = 1 if order.step < 0 else -1
        for number in order:
            if sure[number + step] and not sure[number]:
                sure[number] = _listed(text, found[number], found[number + step])
    return tuple(mention(text, each) for each, certain in zip(found, sure, strict=True) if certain)


def _beside_words(text: str, found: Found) -> bool:
    if _FOLLOWED.match(text, found.end):
        return True
    return bool(_PRECEDED.search(text[max(0, found.start - _REACH_BEFORE) : found.start])) and not _joined(text, found)


def _joined(text: str, found: Found) -> bool:
    """Whether the name is part of a longer one: ``R&D``, ``C-level``, ``Go-to-market``, C轮."""
    return bool(re.compile(r"[&\-–'’]\w|[端轮輪级級]").match(text, found.end))


def _listed(text: str, one: Found, other: Found) -> bool:
    start, end = min(one.end, other.end), max(one.start, other.start)
    between = _BETWEEN.fullmatch(text, start, end) if end - start <= 12 else None
    return between is not None and end > start and "\n\n" not in between[0] and not _joined(text, one)
