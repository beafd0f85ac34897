"""Employment types: a board's field, a line in the text of Chinese postings, or the title, as schema.org values."""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, str], ...] = (
    ("INTERN", r"intern(ship)?s?|实习|trainee(ship)?|praktik\w*|werkstudent\w*|working[\s_-]?student|co-op"),
    ("PART_TIME", r"part[\s_-]?time|兼职|teilzeit"),
    ("TEMPORARY", r"temporary|temp|fixed[\s_-]?term|befristet|seasonal|临时|短期"),
    ("CONTRACTOR", r"(?<!term\s)(?<!permanent\s)contract(or)?|freelance|外包|合同工"),
    ("FULL_TIME", r"full[\s_-]{0,2}(or[\s_-]part[\s_-])?time|全职|校招|社招|vollzeit"),
    ("OTHER", r"其它|其他|other"),
)
# Chinese has no word breaks, so a word may only be fenced where letters could continue it.
_PATTERNS = tuple((kind, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])", re.IGNORECASE)) for kind, words in _WORDS)
_PERMANENT = re.compile(r"\b(?:permanent|unbefristet)", re.IGNORECASE)

_KIND_LINE = re.compile(
    r"(?:岗位类别|岗位类型|工作性质|招聘类型)\s{0,2}[】\]]?\s{0,2}[:：]\s{0,2}(?P<label>[^\n。；]{2,20})"
    r"|招聘方向\s{0,2}【(?P<direction>[^】\n]{2,20})】"
)

# "Contract Manager" manages contracts: outside brackets only the plain words count.
_IN_TITLE = re.compile(
    r"(?P<words>实习|全职|兼职|\b(?:intern|internship|trainee|werkstudent\w*|working\sstudent|praktik(?:um|ant)\w*"
    r"|part[\s-]time|full[\s-]time)\b)"
    r"|[(（\[【](?P<bracketed>[^()（）\[\]【】]{2,40})[)）\]】]",
    re.IGNORECASE,
)


def employment_types(words: str | None) -> tuple[str, ...]:
    """Return the schema.org employment types that a text names, each once, in a fixed order.

    >>> employment_types("实习/全职")
    ('FULL_TIME', 'INTERN')
    >>> employment_types("Regular Full Time (Salary)")
    ('FULL_TIME',)
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words or "")
    kinds = {kind for kind, pattern in _PATTERNS if pattern.search(spaced)}
    # "Permanent" is about duration, not hours: it counts as full time only where nothing else is stated.
    if not kinds and _PERMANENT.search(spaced):
        kinds = {"FULL_TIME"}
    return tuple(sorted(kinds))


def most_specific(*texts: str | None) -> str | None:
    """Return the first text that names an employment type, else the first that calls it other, else the first.

    >>> most_specific("Other", "Intern"), most_specific("Band 7", None)
    ('Intern', 'Band 7')
    """

    def specificity(text: str) -> int:
        kinds = set(employment_types(text))
        return bool(kinds) + bool(kinds - {"OTHER"})

    return max(filter(None, texts), key=specificity, default=None)


def kind_line(description: str) -> str | None:
    """Return the employment type that a line of a Chinese posting's text names, e.g. ``实习/全职``; None without it.

    DeepSeek writes 【岗位类别】：实习/全职 or 招聘方向【全职】 into the text while its board's field is 全职 for all
    postings (both forms are in recorded responses), so the text is more reliable.
    """
    found = _KIND_LINE.search(description)
    if not found:
        return None
    words = (found["label"] or found["direction"]).strip()
    return words if employment_types(words) else None


def kind_in_title(title: str) -> str | None:
    """Return the words of a title that name an employment type; None where it names none.

    >>> kind_in_title("Editor (Contract)"), kind_in_title("Contract Manager")
    ('Contract', None)
    """
    found = (match[match.lastgroup or 0] for match in _IN_TITLE.finditer(title))
    return " / ".join(dict.fromkeys(words.strip() for words in found if employment_types(words))) or None
