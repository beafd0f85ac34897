"""Natural languages: those that a posting wants, and the one that it is written in."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pycld2

from postings.facts.mentions import sentence_at
from postings.facts.stems import Stems, matches_at

SHIPPED = Path(__file__).with_name("languages.toml")


@dataclass(frozen=True, slots=True)
class WantedLanguage:
    """A language that a posting wants, required or as an advantage.

    Attributes:
        code: Its ISO 639-1 code.
        words: The sentence that says so.
    """

    code: str
    words: str


_SKILL = re.compile(
    r"fluen|proficien|native|command of|\bspe(?:ak|ech)|spoken|language|level\b|written|verbal|oral|bilingual"
    r"|trilingual"
    r"|\b[abc][12]\b|a plus\b|skills?\b|knowledge of|kenntnis|in wort und schrift|wort & schrift|fließend"
    r"|verhandlungssicher"
    r"|muttersprach|sprache|sprichst|kommunikation|能力|流利|口语|口語|读写|讀寫|听说|沟通|工作语言|优先|良好|熟练|精通"
    r"|水平|会议|会話|[46]级|N[12]\b|为母语|CET|TOEIC|多益|IELTS|TOEFL|商务|\b(?:english|spanish|german|french)"
    r"[ ,/&]{1,3}(?:and )?(?:english|spanish|german|french)\b",
    re.IGNORECASE,
)
_OFFERED = re.compile(
    r"\W{0,2}(?:(?:speaking|language)\s)?(?:jobs|class|lesson|course|kurs|market|compan)", re.IGNORECASE
)
_AROUND = 45
_LITERAL = re.compile(r"(?:\(\?-i:)?(\w+(?!\?))")
"""What a name begins with, without what else its pattern has."""


@cache
def _names() -> tuple[re.Pattern[str], Stems]:
    """Return the pattern of all names, and what each of them begins with."""
    names = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["names"]
    # A German name may begin a compound (Deutschkenntnisse); an English one may not end one.
    kinds = (rf"(?P<{code}>{'|'.join(words)})" for code, words in names.items())
    beginnings = (_LITERAL.match(word)[1].lower() for words in names.values() for word in words)  # type: ignore[index]
    return re.compile(rf"(?<![a-zäöü])(?:{'|'.join(kinds)})", re.IGNORECASE), Stems(*beginnings)


def wanted_languages(text: str) -> tuple[WantedLanguage, ...]:
    """Return the languages that a text wants the candidate to know, each once, sorted by code.

    A language's name counts beside words about knowing it, so that a "German company" wants no German.

    >>> [wanted.code for wanted in wanted_languages("Fluent English; German is a plus. A Dutch company.")]
    ['de', 'en']
    """
    found: dict[str, WantedLanguage] = {}
    for match in matches_at(*_names(), text):
        code = str(match.lastgroup)
        if code in found:
            continue
        before = re.split(r"[\n。；;]|\.\s", text[max(0, match.start() - _AROUND) : match.start()])[-1]
        after = re.split(r"[\n。；;]|\.\s", text[match.end() : match.end() + _AROUND])[0]
        if _SKILL.search(f"{before}{match[0]}{after}") and not _OFFERED.match(after):
            found[code] = WantedLanguage(code, sentence_at(text, match.start(), match.end()))
    return tuple(found[code] for code in sorted(found))


_KANA = re.compile("[ぁ-ヿ]+")
_HANGUL = re.compile("[가-힣]+")
_HAN = re.compile("[㐀-鿿]+")
_EASTERN = re.compile("[ぁ-ヿ가-힣㐀-鿿]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]+")
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_READ = 4000
_HAN_WEIGHT = 3
"""A Chinese character says about as much as three Latin letters."""
_SHORTEST = 20


def posting_language(text: str) -> str | None:
    """Return the ISO 639-1 code of the language that most of a text is written in; None where that is not sure.

    The script decides for Japanese, Korean and Chinese; other languages are told by CLD2, from the first
    4,000 characters.

    >>> posting_language("负责大模型训练框架的研发，熟悉 PyTorch"), posting_language("Data Scientist")
    ('zh', None)
    """
    text = _UNREADABLE.sub(" ", text[:_READ])
    if _EASTERN.search(text):
        kana, hangul, han, latin = (_count(script, text) for script in (_KANA, _HANGUL, _HAN, _LATIN))
        if (kana + hangul + han) * _HAN_WEIGHT > latin:
            return "ja" if kana * 5 > han + kana else "ko" if hangul > han else "zh"
    if len(text) < _SHORTEST:
        return None
    try:
        reliable, _, guesses = pycld2.detect(text, bestEffort=True)
    except pycld2.error:
        return None
    code = str(guesses[0][1])
    return code.split("-")[0] if reliable and code != "un" else None


def _count(script: re.Pattern[str], text: str) -> int:
    return sum(map(len, script.findall(text)))
