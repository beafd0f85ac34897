"""Segmentation of Chinese into words: by rjieba, or by jieba where rjieba has no wheel. Both give the same words.

jieba (https://github.com/fxsjy/jieba) is the reference. rjieba has its dictionary and its algorithm in Rust, and is
about thirty times faster.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from types import ModuleType

try:
    import rjieba
except ImportError:
    rjieba = None  # type: ignore[assignment]  # a module otherwise

SEGMENTER = "jieba" if rjieba is None else "rjieba"
"""The distribution that segments."""

# jieba knows the Han characters of Unicode 8. Others are in no dictionary; as unknown words, rjieba keeps those
# that follow each other together.
_KNOWN_OR_NOT = re.compile(r"[一-鿕]+|[^一-鿕]+")
_FIRST_KNOWN, _LAST_KNOWN = "一", "鿕"


def segment(run: str, *, guess: bool) -> list[str]:
    """Split Chinese text into words.

    Args:
        run: Han characters only.
        guess: Whether words that are not in the dictionary are guessed with a hidden Markov model, instead of being
            split into single characters.

    >>> segment("数据开发工程师", guess=True)
    ['数据', '开发', '工程师']
    """
    if rjieba is None:
        return segment_by_jieba(run, guess=guess)
    words: list[str] = rjieba.cut(run, guess)
    return words


def segment_by_jieba(run: str, *, guess: bool) -> list[str]:
    """Split Chinese text into the same words by jieba, as `segment` describes."""
    words: list[str] = []
    for part in _KNOWN_OR_NOT.findall(run):
        if _FIRST_KNOWN <= part[0] <= _LAST_KNOWN:
            words += _jieba().cut(part, HMM=guess)
        elif guess:
            words.append(part)
        else:
            words += part
    return words


@cache
def _jieba() -> ModuleType:
    import jieba

    jieba.setLogLevel(logging.WARNING)  # it would say that it reads its dictionary
    module: ModuleType = jieba
    return module
