"""The words for where work is done, remote, hybrid or on site, found in boards' location fields and titles."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple


class Model(StrEnum):
    """Where work is done."""

    REMOTE = "REMOTE"
    HYBRID = "HYBRID"
    ON_SITE = "ON_SITE"


class ModelWords(NamedTuple):
    """Words that name a work model.

    Attributes:
        model: The model; None for words that deny one.
        start: Where the words start in the text.
        end: Where they end.
    """

    model: Model | None
    start: int
    end: int


_AT_HOME = r"(?:远程|遠程|遠端|居家|在家)(?:办公|辦公|工作)?"
_REMOTE = (
    r"(?:100\s?%\s?|fully[\s-]|full[\s-]|completely\s|global\s|vollständig\s|komplett\s|\bvoll\s)?"
    r"(?:\bremote(?:ly)?(?:[\s-](?:first|friendly|only|work|job|position|possible|möglich|based|optional|ok))?"
    r"|\bwork(?:ing)?[\s-]from[\s-](?:home|anywhere)\b|\bWFH\b|\bhome[\s-]?based\b|\bhome[\s-]?office\b"
    r"|\btelecommut(?:e|ing)\b|\btelework(?:ing)?\b|\banywhere\b(?!\sin\b)|\bdistributed\b|\bvirtual\b"
    r"|\bmobile[sr]?\sarbeit(?:en)?\b)"
    r"(?:\s\(travel[\s-]required\))?(?:\s(?:within|from)\b|\sin\b(?!\s?[\d(]))?"
    rf"|(?:可|支持|接受|全|完全|线上|線上)?{_AT_HOME}"
)
_DAYS = r"\d(?:\s?(?:-|–|to|bis)\s?\d)?\+?\s?x?\s?(?:days?|tagen?|tage|天|日)"
_WEEKLY = r"(?:\s(?:a|per|pro|in\sder|die|each|the)?\s?(?:week|woche))?"
_OFFICE = r"(?:in[\s-](?:the\s|our\s)?office|on[\s-]?site|in[\s-]person|im\sbüro|vor\sort|到岗|坐班|現場|现场)"
_HYBRID = (
    r"\bhybrid(?:e[snrm]?|ly)?\b(?:[\s-](?:work|working|model|remote|role))*"
    r"(?:\s\((?=[^()]{0,40}\))[^()]*(?:remote|office|days?)[^()]*\))?"
    r"|\b(?:partially|partly|semi|teilweise|zeitweise|partial|flexible)[\s-]?(?:remote|home[\s-]?office)\b"
    rf"|\bremote\s?\(?\s?(?:{_DAYS}|\d{{1,2}}\s?%)[^()]{{0,20}}\)?"
    rf"|{_DAYS}{_WEEKLY},?\s?(?:{_OFFICE}|\bremote\b|home[\s-]?office|mobil\w*)"
    r"|(?:up\sto\s|bis\s(?:zu\s)?)?\d{1,2}\s?%[\s-](?:remote|home[\s-]?office)(?:[\s-]work)?"
    rf"|混合(?:办公|辦公|模式|工作)?|(?:半|部分|可部分){_AT_HOME}|每周\d天(?:远程|居家)"
)
_ON_SITE = r"\bon[\s-]?site\b|\bin[\s-](?:the\s)?office\b|\bin[\s-]person\b|\bvor[\s-]ort\b|坐班|现场办公|現場辦公"
_DENIED = (
    r"\b(?:not?|non|never|kein(?:e[rn]?)?|nicht|without|isn't|ohne)[\s-](?:\w{1,12}[\s-]){0,2}?"
    r"(?:remote|home[\s-]?office|hybrid|WFH|telecommuting)(?:[\s-]work)?\b"
    r"|\bremote\s(?:work\s)?(?:is\s)?not\s(?:possible|available|offered)\b|\bremote\snicht\smöglich\b"
    rf"|(?:不支持|不接受|不可以?|不能|不提供|非|无法|無法|無|谢绝|拒绝)(?:全?职?){_AT_HOME}|{_AT_HOME}(?:勿扰|不可|除外)"
)
_WORDS = re.compile(
    rf"(?P<DENIED>{_DENIED})|(?P<HYBRID>{_HYBRID})|(?P<REMOTE>{_REMOTE})|(?P<ON_SITE>{_ON_SITE})", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s?(?:[/,&+]|\bor\b|\band\b|\boder\b|\bund\b|或)\s?", re.IGNORECASE)


def find_model_words(text: str) -> list[ModelWords]:
    """Return the words of a text that name or deny a work model, in their order.

    >>> [words.model for words in find_model_words("Hybrid Remote, Austin or on-site; not remote")]
    [<Model.HYBRID: 'HYBRID'>, <Model.ON_SITE: 'ON_SITE'>, None]
    """
    words: list[ModelWords] = []
    for found in _WORDS.finditer(text):
        model = None if found.lastgroup == "DENIED" else Model(found.lastgroup or "")
        # "No remote/telework": what denies the first of several denies all.
        if words and words[-1].model is None and joining_words(text, words[-1].end, found.start()):
            model = None
        words.append(ModelWords(model, found.start(), found.end()))
    return words


def joining_words(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return what stands between two such words where it only joins them ("or", "/"), else None."""
    return _BETWEEN.fullmatch(text, start, end)


def without_model_words(text: str) -> str:
    """Return a text of the same length in which those words, and what joins two of them, are blank."""
    found = find_model_words(text)
    if not found:
        return text
    parts, at = [], 0
    for index, words in enumerate(found):
        parts += [text[at : words.start], " " * (words.end - words.start)]
        at = words.end
        if index + 1 < len(found) and (joint := joining_words(text, at, found[index + 1].start)):
            parts.append(" " * len(joint[0]))
            at = joint.end()
    return "".join([*parts, text[at:]])
