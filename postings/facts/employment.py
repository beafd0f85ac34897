"""Kinds of employment: boards' words and the kind line of Chinese postings, as schema.org values."""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, str], ...] = (
    ("INTERN", r"intern(ship)?s?|实习|trainee|praktik|werkstudent"),
    ("PART_TIME", r"part[\s_-]?time|兼职|teilzeit"),
    ("TEMPORARY", r"temporary|temp|fixed[\s_-]?term|seasonal|临时|短期"),
    ("CONTRACTOR", r"contract(or)?|freelance|外包|合同工"),
    ("FULL_TIME", r"full[\s_-]?time|permanent|全职|校招|社招|vollzeit"),
    ("OTHER", r"其它|其他|other"),
)
# Chinese has no word breaks, so a word may only be fenced where letters could continue it.
_PATTERNS = tuple((kind, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])", re.IGNORECASE)) for kind, words in _WORDS)

_KIND_LINE = re.compile(
    r"(?:岗位类别|岗位类型|工作性质|招聘类型)\s*[】\]]?\s*[:：]\s*(?P<label>[^\n。；]{2,20})"
    r"|招聘方向\s*【(?P<direction>[^】\n]{2,20})】"
)


def employment_types(words: str | None) -> tuple[str, ...]:
    """Return the schema.org employment types that a board's words name, each once, in a fixed order.

    >>> employment_types("实习/全职")
    ('FULL_TIME', 'INTERN')
    >>> employment_types("Regular Full Time (Salary)")
    ('FULL_TIME',)
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words or "")
    return tuple(sorted(kind for kind, pattern in _PATTERNS if pattern.search(spaced)))


def kind_line(description: str) -> str | None:
    """Return what a Chinese posting's own kind line says, such as ``实习/全职``; None where it has none.

    DeepSeek writes 【岗位类别】：实习/全职 or 招聘方向【全职】 into the text while its board's field says 全职
    for all (two forms, seen on 35 postings), so the text is the better witness.
    """
    found = _KIND_LINE.search(description)
    if not found:
        return None
    words = (found["label"] or found["direction"]).strip()
    return words if employment_types(words) else None
