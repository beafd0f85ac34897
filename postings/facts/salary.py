"""Salaries: text and numbers as boards write them, in Chinese and Western forms."""

from __future__ import annotations

import dataclasses
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from postings.facts import currencies, pay_words
from postings.facts.periods import last_period_of, period_of, without_working_time
from postings.posting import Place, Salary

__all__ = ["amount", "count_of", "parse_salary", "pay_range", "period_of"]

_THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_SCALES = {
    1e3: "k|千|仟|tsd\\.?|tausend|thousand|mila|tys\\.?|тыс\\.?|ribu|rb|nghìn|t(?=€|EUR)",
    1e4: "万|萬|w",
    1e5: "lakhs?|lacs?|lpa|l",
    1e6: "m|mm|mn|mio\\.?|mln|млн|million(?:en)?|millones|milhões|triệu|juta|jt",
    1e7: "crores?|cr",
    1e8: "亿|億",
    1e9: "b|bn|billions?|mrd\\.?|trillion",
}
_SCALE_OF = tuple((factor, re.compile(words, re.IGNORECASE)) for factor, words in _SCALES.items())
_SCALE = "|".join(f"(?:{words})" for words in _SCALES.values())
# Thousands apart by a point, a comma, an apostrophe or a space; Indian lakhs by twos.
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,3}(?:\.\d{3}){1,4}|\d{1,3}(?:['’]\d{3}){1,4}|\d{1,3}(?:\ \d{3}){1,4}"
    r"|\d{1,2}(?:,\d{2}){1,3},\d{3}|\d{1,12})(?:[.,]\d{1,2}(?!\d))?(?![.,]?\d)(?:,[-–—]{1,2})?"
)
_TERM = re.compile(
    rf"""
    (?P<before>(?:{currencies.BEFORE}\s?){{0,2}})
    (?:(?<![\d][.,])(?<![A-Za-z\d])|(?<=\bto)|(?<=\bvon)|(?<=\bab)|(?<=\bbis)|(?<=\bbei)|(?<=\bof)|(?<=\bmit)|(?<=Rs)|(?<=RM)|(?<=Rp)|(?<=\bR)|(?<=kr))
    (?P<number>{_NUMBER})(?!\s?(?:个月|個月)?薪(?![资資酬水金]))
    (?:\s?(?P<scale>(?i:{_SCALE})(?![a-zäöüß])))?
    (?P<after>(?:\s?{currencies.AFTER}){{0,2}})
    """,
    re.VERBOSE,
)

_CONNECTOR = r"(?:[-–—―−~〜～至到]{1,3}|\b(?:up\s)?to\b|\band\b|\bbis(?:\szu)?\b|\bund\b|\bà\b|から)"
# What may stand between the ends beside the connector: a period ("$25/hr - $30/hr"), "gross".
_BETWEEN = (
    r"(?:\s?(?:/|per\b|pro\b|an?\b|a\b|每)\s?[A-Za-z一-鿿]{1,6}\.?|\s?(?:annually|yearly|monthly|hourly|brutto|以?上))?"
)
_GAP = re.compile(rf"{_BETWEEN}\s?{_CONNECTOR}\s?(?:to\s)?", re.IGNORECASE)
# "from $147,000 in our lowest market up to $175,000", "minimum salary $124,300, maximum salary $225,700".
_REMARKED = re.compile(r"\b(?:from|between|von|zwischen)\s?$", re.IGNORECASE)
_REMARKED_GAP = re.compile(r"[^.;$€£\d]{0,70}\b(?:up\sto|to|and|bis|und)\s?", re.IGNORECASE)
_MINIMUM = re.compile(r"\bmin(?:imum)?\.?(?:\s\w{1,8})?\s?:?\s?$", re.IGNORECASE)
_MAXIMUM_GAP = re.compile(r"\s?[,;/|]?\s?(?:and\s)?max(?:imum)?\.?(?:\s\w{1,8})?\s?:?\s?", re.IGNORECASE)
_BROKEN_END = re.compile(
    rf"{_BETWEEN}\s?{_CONNECTOR}\s?(?:{currencies.BEFORE}\s?)?(?:[\d?*#□�]|[Xx_]{{2}}|[$€£¥₹])", re.IGNORECASE
)
_BROKEN_START = re.compile(r"(?:[?*#□�]|[Xx_]{2})[kK万]?\s?(?:[-–—~]|to)\s?$")
_MONTHS = re.compile(
    r"(?<![\d.-])(?:(?P<xin>\d{2}(?:\.\d)?)\s?(?:个月|個月)?薪(?![资資酬水金])|[x×*]\s?(?P<times>1[2-9])\b(?!\s?\d)"
    r"|(?P<paid>1[2-9])\s?(?:x\b|×|mal\b|monthly\ssalaries|months'?\sof\s(?:pay|salary)|monats?gehälter|gehälter))",
    re.IGNORECASE,
)
_HAN_PERIOD = re.compile(r"\s?(?:元\s?)?[/每]\s?(?:小时|小時|时|時|天|日|周|週|月|年)")
_DIRECT_PERIOD = re.compile(r"\s?(?:/|per\b|an?\b|pro\b|p\.\s?[ahm]\b|hourly|annual|monthly|yearly)", re.IGNORECASE)
_LONGEST = 50_000
"""Characters of a text about pay; longer ones are none."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Stated:
    """An amount or a range as it stands in a line, before it is known to be pay.

    Attributes:
        ends: The one or two numbers with their scales and marks.
        before: What stands between the amount before it and this one, at most 150 characters.
        after: What stands between it and the next amount, at most 40 characters.
        between: What stands between its ends.
        aside: Whether it stands in brackets.
        is_first: Whether no other amount stands before it.
        following: The next characters, whatever they are.
    """

    ends: tuple[re.Match[str], ...]
    before: str
    after: str
    between: str
    aside: bool
    is_first: bool
    following: str

    @property
    def label(self) -> str:
        """The words before it that are its own: those about the amount before it are left out."""
        own = self.before if self.is_first else pay_words.CLAUSE.split(self.before, maxsplit=1)[-1]
        return re.sub(r"\([^()]*\)", " ", own).rpartition("|")[2]

    @property
    def marks(self) -> list[str]:
        """The currency marks beside it."""
        return [mark[0] for end in self.ends for mark in currencies.MARK.finditer(f"{end['before']} {end['after']}")]

    @property
    def scales(self) -> tuple[float | None, ...]:
        """The factor that each end names; None where it names none."""
        return tuple(_scale(end["scale"]) for end in self.ends)

    @property
    def is_beside_the_base(self) -> bool:
        """Whether words say that it is a bonus, a total, a price of a piece or a company's money."""
        return bool(
            pay_words.SIDE_BEFORE.search(self.before)
            or pay_words.SIDE_AFTER.match(self.after)
            or pay_words.PIECE.match(self.after)
        )


def parse_salary(
    text: str | None, *, period: str | None = None, yuan: bool = True, places: Iterable[Place] = ()
) -> Salary | None:
    """Read the base pay that a salary field states; None for everything that is not clearly base pay.

    Bonuses, stipends, on-target earnings, pay per task and a company's capital are not base pay. A range of which one
    end cannot be read is no range. Of several ranges the first outside brackets counts.

    A sign that several currencies share is read as `postings.facts.currencies.meant` says: a bare ``$`` is the dollar
    of the country where the work is; yuan, yen and Taiwan's dollar are told apart by the text or the place.

    Args:
        text: A salary field or a line about pay, e.g. ``40-90K·14薪``, ``200-250元/天``,
            ``$180,000 – $250,000``, ``€61.000 — €72.000``; ``面议`` and the like give None.
        period: The period to assume where the text names none (``YEAR``, ``MONTH`` …).
        yuan: Whether ``10k-20k`` without a currency is yuan a month, as on Chinese boards; if not, it gives None.
        places: Where the work is.
    """
    if not text or len(text) > _LONGEST:
        return None
    line = _plain(text)
    if not re.search(r"\d", line) or re.search("[\ue000-\uf8ff]", line):
        return None  # digits in a private font cannot be read
    countries = currencies.countries_of(places)
    found = [stated for stated in _stated(line) if _is_money(stated, line, yuan, countries)]
    bases = [stated for stated in found if not stated.is_beside_the_base]
    if not all(stated.aside for stated in found):
        bases = [stated for stated in bases if not stated.aside]
    if not bases:
        return None
    base = bases[0]
    currency = _currency(base, line, yuan, countries)
    if not currency and not base.marks:
        currency = _only([_currency(other, line, yuan, countries) for other in found if other.marks])
    return _salary(base, line, currency, period)


def pay_range(
    low: Any, high: Any, *, currency: Any, unit_text: str | None, months_per_year: Any = None
) -> Salary | None:
    """Return the pay that a board states in numbers, each in units of ``currency``.

    Returns:
        None where the numbers are no pay: absent, zero, infinite, a minimum above the maximum, no currency code, or
        an end that is stated and cannot be read.
    """
    # Dinars are written to the thousandth: 850.000 of them are 850.
    if isinstance(currency, str) and currency.upper() in _THOUSANDTHS:
        low, high = (re.sub(r"\.(\d{3})$", r".\g<1>0", end) if isinstance(end, str) else end for end in (low, high))
    ends = amount(low), amount(high)
    if any(end is None and _is_stated(value) for end, value in zip(ends, (low, high), strict=True)):
        return None
    low, high, months = *ends, amount(months_per_year)
    if not (low or high) or (low and high and low > high):
        return None
    if not isinstance(currency, str) or not re.fullmatch("[A-Za-z]{3}", currency):
        return None
    return Salary(currency=currency.upper(), min_value=low, max_value=high, unit_text=unit_text, months_per_year=months)


def amount(value: Any) -> float | None:
    """Return a positive number that a board gives as a number or as digits, grouped or not; None for anything else.

    >>> amount("70.000,00"), amount("55.000"), amount("6,00,000"), amount("45.5")
    (70000.0, 55000.0, 600000.0, 45.5)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = _written(value.strip()) if isinstance(value, str) and _is_grouped(value.strip()) else float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def count_of(value: Any) -> int | None:
    """Return a positive whole number that a board gives as a number or as digits; None for anything else."""
    return int(amount(value) or 0) or None


def _is_stated(value: Any) -> bool:
    """Return whether a board's value is there at all: zero and nothing are how boards leave an end open."""
    return value not in (None, "", 0, "0", "0.0", "0.00") and not isinstance(value, bool)


def _plain(text: str) -> str:
    """Return the text with plain digits, signs and blanks: NFKC, no invisible marks, no Markdown's escapes."""
    text = re.sub(r"[​-‏‪-‮⁠-⁩﻿­\\{}*_]", _blank_or_nothing, text)
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"(?<![\d~–-])\b40[13]\s?\(?[kb]\b\)?", "pension", text, flags=re.IGNORECASE)
    return without_working_time(" ".join(text.split()))


def _blank_or_nothing(found: re.Match[str]) -> str:
    return found[0] if found[0] == "*" else " " if found[0] in "{}_" else ""


def _stated(line: str) -> Iterator[_Stated]:
    """Yield every amount and range of a line, in order."""
    terms = list(_TERM.finditer(line))
    depths = _depths(line, terms)
    position, index = 0, 0
    while index < len(terms):
        ends: tuple[re.Match[str], ...] = (terms[index],)
        if index + 1 < len(terms) and _is_range(line, *terms[index : index + 2]):
            ends = (terms[index], terms[index + 1])
        after = index + len(ends)
        until = terms[after].start() if after < len(terms) else len(line)
        start, end = ends[0].start(), ends[-1].end()
        yield _Stated(
            ends=ends,
            before=line[max(position, start - 150) : start],
            after=line[end : min(until, end + 40)]
            if not _BROKEN_END.match(line[end : end + 30])
            else line[end : end + 40],
            between=line[ends[0].end() : ends[-1].start()] if len(ends) == 2 else "",
            aside=depths[index] > 0,
            is_first=index == 0,
            following=line[end : end + 12],
        )
        position, index = end, after


def _depths(line: str, terms: Sequence[re.Match[str]]) -> list[int]:
    depths, depth, position = [], 0, 0
    for term in terms:
        gap = line[position : term.start()]
        depth = max(0, depth + gap.count("(") - gap.count(")"))
        depths.append(depth)
        position = term.start()
    return depths


def _is_range(line: str, low: re.Match[str], high: re.Match[str]) -> bool:
    gap = line[low.end() : min(high.start(), low.end() + 90)]
    if low["before"] and high["before"]:
        before = line[max(0, low.start() - 30) : low.start()]
        remarked = _REMARKED.search(before) and _REMARKED_GAP.fullmatch(gap)
        if remarked or (_MINIMUM.search(before) and _MAXIMUM_GAP.fullmatch(gap)):
            return True
    if not _GAP.fullmatch(gap):
        return False
    first, second = (_value(term["number"]) for term in (low, high))
    own = low["before"] or low["after"] or low["scale"]
    # "Level 3 - $120,000": a sign before the second number alone, or a number of another order, makes no range.
    if not own and (high["before"] or second > 30 * first > 0) and not high["scale"]:
        return False
    # "$120,000 - 5 years"
    return bool(high["before"] or high["after"] or high["scale"] or second >= first) or not re.match(
        r"\s[A-Za-z]{3}", line[high.end() : high.end() + 4]
    )


def _is_money(stated: _Stated, line: str, yuan: bool, countries: frozenset[str]) -> bool:
    """Return whether an amount is money at all: it has a currency's mark, or a form that only pay has."""
    marks = stated.marks
    if marks:
        run = re.search(r"[A-Z]+$", stated.before) if stated.ends[0]["before"].startswith("$") else None
        foreign = bool(run) and len(run[0]) < 3  # type: ignore[index]  # "HU$": some other country's dollar
        weak = all(mark in currencies.WORDLIKE for mark in marks) and len(stated.ends) == 1
        return not foreign and not (weak and not period_of(stated.after[:12]))
    if _is_chinese(stated, line, yuan) or _is_indian(stated):
        return True
    return bool(
        (pay_words.PAY_LABEL.search(stated.before) and len(stated.ends) == 2)
        or (currencies.currency_of(countries) and _DIRECT_PERIOD.match(stated.after) and period_of(stated.after[:12]))
    )


def _is_indian(stated: _Stated) -> bool:
    return any((end["scale"] or "").lower().rstrip("s") in ("lpa", "lakh", "lac", "crore") for end in stated.ends)


def _is_chinese(stated: _Stated, line: str, yuan: bool) -> bool:
    """Return whether an amount without a currency is in the form of Chinese (or Japanese) pay."""
    scales = {(end["scale"] or "").lower() for end in stated.ends}
    period = _HAN_PERIOD.match(stated.after)
    labelled = pay_words.PAY_WORD.search(stated.before) or pay_words.PAY_AFTER.match(stated.after)
    han = scales & {"千", "万", "萬", "仟"} or (scales & {"w"} and (yuan or labelled))
    if not (han or period or _MONTHS.match(stated.after.lstrip(" ·•・*x×,(")) or labelled or (yuan and "k" in scales)):
        return False
    if scales & {"亿", "億", "m", "mm", "b", "bn"} or stated.is_beside_the_base:
        return False
    if _MONTHS.match(stated.after.lstrip(" ·•・*x×,(")):
        return True
    if pay_words.COUNTED.match(stated.after):
        return False
    alone = stated.is_first and not stated.before.strip(" ~:-【】[]()¥·・")
    plainly = bool(period) or bool(scales - {""}) or _value(stated.ends[0]["number"]) >= 1_000
    return bool(
        period
        or (labelled and scales - {""})
        or (plainly and (alone or labelled) and pay_words.AS_CHINESE.match(stated.after))
    )


def _currency(stated: _Stated, line: str, yuan: bool, countries: frozenset[str]) -> str | None:
    if stated.marks:
        return currencies.meant(stated.marks, line, countries)
    if _is_chinese(stated, line, yuan):
        return "JPY" if currencies.is_japanese(line) else currencies.meant(["元"], line, countries)
    if _is_indian(stated):
        lpa = any((end["scale"] or "").lower() == "lpa" for end in stated.ends)
        return "INR" if lpa else currencies.currency_of(countries & {"IN", "PK", "BD", "NP", "LK"})
    return currencies.currency_of(countries) if _DIRECT_PERIOD.match(stated.after) else None


def _salary(stated: _Stated, line: str, currency: str | None, period: str | None) -> Salary | None:
    values = _values(stated, currency)
    if not currency or not values or _BROKEN_START.search(stated.before):
        return None
    low: float | None = values[0]
    high: float | None = values[-1]
    if len(values) == 1:
        if _BROKEN_END.match(stated.after):
            return None
        if pay_words.ONLY_HIGH.search(stated.before) or pay_words.CAPPED.match(stated.after):
            low = None
        elif pay_words.ONLY_LOW.search(stated.before) or pay_words.OPEN.match(_past_period(stated.following)):
            high = None
    months = _months(line)
    unit = _period(stated, line, currency, values) or period or ("MONTH" if months else None)
    return pay_range(low, high, currency=currency, unit_text=unit, months_per_year=months)


def _past_period(after: str) -> str:
    found = _HAN_PERIOD.match(after)
    return after[found.end() :] if found else after


def _period(stated: _Stated, line: str, currency: str, values: Sequence[float]) -> str | None:
    after = re.split(r"[+;•|。；、]|,(?=[一-鿿])|\bplus\b|\band\b", stated.after, maxsplit=1)[0]
    named = period_of(stated.between.partition("-")[0]) or period_of(after) or last_period_of(stated.label)
    if named or _names_other_period(after):
        return named
    return _usual_period(stated, line, currency, values)


def _names_other_period(after: str) -> bool:
    return bool(re.search(r"week|fortnight|month|quarter|半月|季|双周|雙週", after, re.IGNORECASE))


def _usual_period(stated: _Stated, line: str, currency: str, values: Sequence[float]) -> str | None:
    """Return the period that a currency's boards mean where they name none: see each line."""
    scales = {(end["scale"] or "").lower() for end in stated.ends}
    if (currency == "CNY" and re.search("[一-鿿]", line + "".join(scales))) or (
        currency == "CNY" and scales & {"k", "w"}
    ):
        # "20-35万": nobody is paid that a month; with K, boards always mean a month.
        return "YEAR" if scales & {"万", "w"} and values[0] >= 100_000 and not _MONTHS.search(line) else "MONTH"
    if currency == "INR" and 1e5 in stated.scales:
        return "YEAR"
    # In English-speaking countries such a salary is a year's; on the continent it could be a month's or a year's.
    words = f"{stated.before} {stated.after[:24]}"
    if currency in ("USD", "CAD", "GBP", "AUD") and values[0] >= 20_000 and pay_words.YEARLY_WORD.search(words):
        return "YEAR"
    return None


def _values(stated: _Stated, currency: str | None) -> list[float] | None:
    numbers = [_value(end["number"], scale) for end, scale in zip(stated.ends, stated.scales, strict=True)]
    # "$85,000k": thousands are written out already.
    factors = [
        None if factor == 1e3 and _value(end["number"]) >= 10_000 else factor
        for end, factor in zip(stated.ends, stated.scales, strict=True)
    ]
    if any(factor in (1e6, 1e8, 1e9) for factor in factors) and (
        currency not in currencies.SMALL_UNITS or 1e9 in factors or 1e8 in factors
    ):
        return None  # "raised $1.5 - $2 billion" is a company's capital
    if 1e5 in factors and currency not in ("INR", "PKR", "BDT", "NPR", "LKR"):
        return None
    # "40-90K": the scale behind one end holds for the other, unless that is written out, as in "5000-1.2万".
    if len(factors) == 2 and None in factors and factors != [None, None]:
        bare = factors.index(None)
        if numbers[bare] < 1_000 or ((factors[1 - bare] or 1) > 1e3 and currency == "JPY"):
            factors[bare] = factors[1 - bare]
    return [number * (factor or 1) for number, factor in zip(numbers, factors, strict=True)]


def _months(line: str) -> float | None:
    found = {float(months[months.lastgroup or 0]) for months in _MONTHS.finditer(line)}
    return found.pop() if len(found) == 1 and not re.search(r"\d{2}\s?[-~–]\s?\d{2}\s?薪", line) else None


def _scale(words: str | None) -> float | None:
    return next((factor for factor, pattern in _SCALE_OF if words and pattern.fullmatch(words)), None)


def _value(number: str, scale: float | None = None) -> float:
    number = number.rstrip("-–—").rstrip(",")
    # "1.125万": behind a Chinese scale a point is a decimal one.
    return float(number.replace(",", "")) if scale and scale >= 1e4 and number.count(".") == 1 else _written(number)


def _is_grouped(text: str) -> bool:
    return bool(re.fullmatch(_NUMBER, text)) and bool(re.search(r"[,' ’]|^[1-9]\d{0,2}\.\d{3}$|\..*\.", text))


def _written(text: str) -> float:
    """Read ``61.000``, ``61,000``, ``61 000`` and ``61,000.00`` as sixty-one thousand, ``45.50`` as a decimal."""
    text = re.sub(r",[-–—]{1,2}$", "", text)
    digits = re.sub(r"[.,'’ ](?=\d{3}(?:\D|$))|(?<=\d),(?=\d\d,\d)", "", text).replace(",", ".")
    return float(digits)


def _only(kinds: Iterable[str | None]) -> str | None:
    found = set(kinds)
    return found.pop() if len(found) == 1 else None
