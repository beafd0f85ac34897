"""How the hiring goes, as the text states it: urgency, head-count and deadline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from postings.facts.dates import written_days
from postings.facts.mentions import sentence_at
from postings.facts.stems import Stems, matches_near


@dataclass(frozen=True, slots=True)
class HeadCount:
    """The number of people to be hired: a whole number, and the words that say so."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for applications: a date, and the words that say so."""

    day: date
    words: str


_URGENT = re.compile(
    r"急招|急聘|急募|加急|紧急招聘|急需(?:招|人)|urgent(?:ly)? (?:hiring|hire|need|requir\w+|looking|seeking"
    r"|recruit\w+|opening|vacancy)"
    r"|hiring (?:urgently|immediately|asap)|immediate (?:hire|joiner|opening|vacancy|need)s?\b"
    r"|urgently (?:needed|wanted|required)"
    r"|(?:suchen|wird|werden) dringend|dringend (?:gesucht|zu besetzen)",
    re.IGNORECASE,
)
_URGENT_STEMS = Stems("急|urgent|hiring|immediate|dringend")
_OTHERS = re.compile(r"(?:另有|其他|其它|也有|other (?:roles|positions))[^\n。；;]{0,60}$", re.IGNORECASE)


def urgency(title: str, description: str = "") -> str | None:
    """Return the sentence that calls the posting urgent; None without it.

    A start date ("ab sofort") says nothing of urgency, nor does what the text says of other postings.

    >>> urgency("【急招】后端工程师"), urgency("Engineer", "You fix urgent issues; start immediately.")
    ('【急招】后端工程师', None)
    """
    if re.search(r"\burgent\b", title, re.IGNORECASE) or _URGENT.search(title):
        return title
    for found in matches_near(_URGENT, _URGENT_STEMS, description, 40):
        if not _OTHERS.search(description[max(0, found.start() - 80) : found.start()]):
            return sentence_at(description, found.start(), found.end())
    return None


_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_GERMAN = ("eine", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn")
_CHINESE = "一二三四五六七八九十"
_HEADS = re.compile(
    r"(?:招聘|需求|招募|需招|徵才)(?:人数|人數)\s?[】\]]?\s?[:：]?\s?(?P<count>\d{1,4})(?:\s?[人名位]|\s|$)"
    rf"|(?:急?招聘?|诚聘)\s?(?P<people>\d{{1,3}}|[{_CHINESE}两])\s?[名位人](?!以)"
    rf"|(?<![\w.$€£#-])(?P<openings>\d{{1,3}}|{'|'.join(_WORDS)})\s(?:open\s)?(?:positions?|openings|vacancies|open\sroles)\b"
    r"(?!\s(?:in\sthe\sranking|ahead|behind|of\sexperience))"
    r"|\b(?:number\sof\s(?:openings|vacancies|positions)|openings|vacancies|anzahl(?:\sder)?\sstellen)\s?[:：]\s?(?P<listed>\d{1,3})\b"
    rf"|\b(?P<stellen>\d{{1,3}}|{'|'.join(_GERMAN[1:])})\s(?:(?:freie|neue|offene)\s)?(?:stellen|positionen)\b",
    re.IGNORECASE,
)

_HEADS_STEMS = Stems("人数|人數|招|诚聘|position|opening|vacanc|open role|stellen")


def head_count(title: str, description: str = "") -> HeadCount | None:
    """Return the number of people that the title or the text says are to be hired; None without one.

    >>> head_count("Engineer", "We have 2 positions opened.").number, head_count("招聘若干名")
    (2, None)
    """
    for text in (title, description):
        for found in matches_near(_HEADS, _HEADS_STEMS, text, 30, before=20):
            number = _count(str(found[found.lastgroup or 0]))
            if number:
                return HeadCount(number, sentence_at(text, found.start(), found.end()))
    return None


def _count(words: str) -> int:
    if words.isdigit():
        return int(words)
    if words == "两":
        return 2
    return next((table.index(words.lower()) + 1 for table in (_WORDS, _GERMAN, _CHINESE) if words.lower() in table), 0)


_CUE = re.compile(
    r"(?:报名|投递|申请|应聘|招聘|网申|簡歷|简历)?\s?截止(?:日期|时间|時間|日)?(?!到)|报名时间|application\sdeadline|deadline(?!s)(?:\sfor\sapplications?)?"
    r"|\bapply\s(?:by|before|until)|\bclosing\sdate|\bapplications?\s(?:close[sd]?|are\sdue|due|must\sbe\sreceived|will\sbe"
    r"\saccepted)|\bcloses\son|\baccept(?:ed|ing)\s(?:applications?\s)?(?:until|through)|\bbewerbungs(?:frist|schluss|ende)"
    r"|\b(?:bewerb\w*|unterlagen)\b[^.\n]{0,60}?\bbis\b(?:\szum\b)?",
    re.IGNORECASE,
)
_CUE_STEMS = Stems("截止|报名|deadline|apply |closing|applica|closes|accept|bewerb|unterlagen")
_GAP = 90
_SENTENCE_END = re.compile(r"(?<!\d)[.!?]\s+(?=[A-ZÄÖÜ])|。")


def deadline(text: str, seen: date | None = None) -> Deadline | None:
    """Return the last day for applications that a text states; None without one, or where it cannot be read surely.

    Args:
        text: The posting's text.
        seen: A day on which the posting was open: a date without a year is the first such day from then on. Without
            it such a date is not read.

    >>> deadline("Bewerbungsfrist: 15. Mai 2025").day.isoformat()
    '2025-05-15'
    >>> deadline("截止日期：3月5日", date(2026, 12, 1)).day.isoformat()
    '2027-03-05'
    >>> deadline("Apply by 03/04/2026") is None
    True
    """
    for cue in matches_near(_CUE, _CUE_STEMS, text, 90, before=16):
        stop = _SENTENCE_END.search(text, cue.end(), cue.end() + _GAP)
        for day, end in written_days(text, cue.end(), stop.start() if stop else cue.end() + _GAP, seen=seen):
            return Deadline(day, sentence_at(text, cue.start(), end))
    return None
