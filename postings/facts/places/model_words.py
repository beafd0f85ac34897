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
# What "remote" may describe besides a job.
_OTHER_THINGS = (
    r"(?![\s-]?(?:access|support|control|sens|server|monitor|desktop|site|region|area|restrict|limit|team|host|login)"
    r"|控制|协助|桌面|连接|接入|线程|登录|登陆|访问|支持|监控|调用|医疗|教育)"
)
_WORK_AT_HOME = (
    r"\b(?:remote(?:ly)?|home[\s-]?office|WFH|telecommut(?:e|ing)|telework(?:ing)?|work(?:ing)?[\s-]from[\s-]home"
    rf"|mobile[sr]?\sarbeit(?:en)?)\b{_OTHER_THINGS}"
)
# "No remote work from Alaska" denies it there only.
_NOT_THERE_ALONE = r"(?!(?:[\s-]work)?\s(?:from|in|outside|within)\b)"
_FULLY = r"(?:fully|100\s?%|completely|entirely|purely|rein|komplett|vollständig)"
_NOT = r"(?<!\bif\s)(?<!\bwhen\s)(?:\b(?:no|not|non|cannot|unable|without|keine?[nrs]?|nicht|ohne)\b|n['’]t\b)"
# What may stand between a negation and what it denies; "not only remote" denies nothing.
_OFFERED = (
    r"(?:an?|any|be|been|being|is|as|for|to|in|able|currently|eligible|open|suitable|available|possible|global"
    r"|offer\w*|do|done|support\w*|provid\w*|allow\w*|permit\w*|consider\w*|accept\w*|accommodat\w*|perform\w*|work|hir(?:e|ing))"
)
NOT_OFFERED = rf"{_NOT}[\s-](?:{_OFFERED}[\s-]){{0,4}}"
"""What denies the words that follow it."""
_POSSIBLE = (
    r"(?:be\s)?(?:currently\s)?(?:possible|available|offered|an\soption|supported|permitted|allowed|considered|eligible"
    r"|accepted|provided|feasible|möglich|angeboten|vorgesehen|gewünscht|verfügbar|erlaubt|gestattet)"
)
_CLOSED_TO = (
    r"(?:不(?:可以?|能|会|支持|接受|提供|考虑|安排|招|开放|開放|允许)?|没有|沒有|非|无法|無法|无|無|谢绝|拒绝"
    rf"|不是(?={_AT_HOME}(?:岗|职位|的|[，。；！、,.;]|\s|$)))"
)
DENIED_AT_HOME = (
    rf"{NOT_OFFERED}?{_WORK_AT_HOME}{_NOT_THERE_ALONE}(?:[\s-]work)?"
    rf"|{_WORK_AT_HOME}(?:[\s-](?:work\w*|roles?|jobs?|candidates|applicants|options?|arrangements?|arbeit\w*)){{0,2}}"
    r"(?:\s?[:：]\s?(?:no|none|not|nein|kein\w*|never)\b|\s(?:is|ist)\s(?:excluded|unavailable|impossible|ausgeschlossen)\b"
    r"|\s?(?:\s(?:is|are|was|will|wo|can|ca|could|does|do|ist|sind|wird|werden|kann))?(?:\s(?:leider|derzeit|aktuell))?"
    rf"\s?(?:not|nicht|n['’]t)\s{_POSSIBLE}\b)"
    rf"|{_CLOSED_TO}(?:全职?|完全|纯|任何)?{_AT_HOME}{_OTHER_THINGS}"
    rf"|{_AT_HOME}(?:岗位|职位)?(?:\s?[:：]\s?(?:否|无|無|不)|[均暂也都]?不(?:支持|接受|可|行|考虑|提供|允许)|勿扰|除外)"
)
"""What denies that work may be done from home, in English, German and Chinese."""
DENIED_FULLY = rf"{NOT_OFFERED}?{_FULLY}[\s-]{_WORK_AT_HOME}{_NOT_THERE_ALONE}"
"""What denies that all work may be done from home."""
_DENIED = rf"{DENIED_AT_HOME}|{DENIED_FULLY}|{_NOT}[\s-](?:{_OFFERED}[\s-]){{0,2}}?hybrid\b"
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
