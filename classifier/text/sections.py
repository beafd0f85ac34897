"""The duties in a description: what the person hired will do, apart from the company profile and the requirements."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST = 1500
"""The length in characters after which duties are cut off; the main ones come first."""

SHORTEST = 150
"""The length in characters that duties have at least; an earlier heading does not end them."""


def _one_of(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern of alternatives that begin with a literal letter, grouped by it.

    The search then skips from one possible beginning to the next, and tries few alternatives there.
    """
    rests: dict[str, list[str]] = {}
    for alternative in alternatives:
        rests.setdefault(alternative[0], []).append(alternative[1:])
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items()))


_START = _one_of(
    "岗位职责",
    "工作职责",
    "工作内容",
    "职位描述",
    "职责描述",
    "主要职责",
    "岗位描述",
    "工作描述",
    "职位职责",
    "你将",
    "职责:",
    r"responsibilities\b",
    r"duties\b",
    "what you(?:['’]ll| will) (?:do|be doing|work on|own|build)",
    r"what you do\b",
    r"what (?:will )you do\b",
    "in this role",
    r"the role\b",
    "about the (?:role|job|position)",
    "your (?:role|mission|impact|job)",
    r"you will\b",
    "job (?:summary|description|purpose|overview)",
    "position (?:summary|overview|description)",
    r"aufgaben\w*",
    "das erwartet (?:dich|sie)",
    "was (?:dich|sie) erwartet",
    "tätigkeiten",
    "verantwortlich",
    "dein job",
    "das machst du",
    "zu (?:deinen|ihren) ",
)
_END = _one_of(
    "任职要求",
    "任职资格",
    "岗位要求",
    "职位要求",
    "任职条件",
    "招聘要求",
    "要求:",
    "我们希望",
    r"requirements\b",
    r"qualifications\b",
    "what we(?:['’]re| are) looking for",
    "who you are",
    r"about you\b",
    r"you (?:have|bring|might be)\b",
    "what you(?:['’]ll)? (?:bring|need)",
    "your (?:profile|background|skills|experience)",
    "skills (?:and|&) ",
    "must have",
    "we(?:['’]re| are) looking for someone",
    r"minimum \w+:",
    r"benefits\b",
    "what we offer",
    r"profil\b",
    "anforderung",
    "qualifikation",
    "das bringst",
    "was du mitbringst",
    "voraussetzung",
    "wir bieten",
)


class Sections(NamedTuple):
    """A description in three parts, which together are the complete text."""

    before: str
    duties: str
    after: str


def split(description: str) -> Sections:
    """Find the duties in a description by the headings around them, in Chinese, English and German.

    Without a heading, the duties are assumed to begin with the description.

    Args:
        description: A description, folded by `classifier.text.tokens.fold`.

    >>> split("we are great. responsibilities: " + "build pipelines. " * 10 + "requirements: sql").before
    'we are great. responsibilities'
    >>> split("we are great. responsibilities: " + "build pipelines. " * 10 + "requirements: sql").after
    'requirements: sql'
    >>> split("sell.")
    Sections(before='', duties='sell.', after='')
    """
    start = _START.search(description)
    first = start.end() if start else 0
    end = _END.search(description, first + SHORTEST, first + LONGEST)
    last = end.start() if end else first + LONGEST
    return Sections(description[:first], description[first:last], description[last:])
