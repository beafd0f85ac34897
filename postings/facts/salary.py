"""Pay: salary text and numbers as boards write them, in Chinese and Western forms."""

from __future__ import annotations

import re

from postings.posting import Salary

_UNITS = {"时": "HOUR", "小时": "HOUR", "天": "DAY", "日": "DAY", "周": "WEEK", "月": "MONTH", "年": "YEAR"}

_CHINESE = re.compile(
    r"""^\s*(?:(?P<lead>月|年|日|时)薪\s*)?
        (?P<low>\d+(?:\.\d+)?)\s*(?P<low_scale>[kK千万]?)\s*元?
        (?:\s*[-~–—至到]\s*(?P<high>\d+(?:\.\d+)?)\s*(?P<high_scale>[kK千万]?))?
        \s*(?P<yuan>元|人民币)?
        (?:\s*[/每]\s*(?P<unit>小时|时|天|日|周|月|年))?
        (?:\s*[·•・*xX×,，]?\s*(?P<months>\d{2}(?:\.\d)?)\s*薪)?\s*$""",
    re.VERBOSE,
)
_SCALE = {"": 1, "k": 1_000, "千": 1_000, "万": 10_000}

_SYMBOLS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY", "￥": "CNY", "₹": "INR", "₩": "KRW",
}  # fmt: skip
_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CNY|RMB|HKD|SGD|INR|KRW|ILS|BRL|MXN"
_MARK = "|".join(re.escape(symbol) for symbol in sorted(_SYMBOLS, key=len, reverse=True))
_AMOUNT = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+|\d+(?:[.,]\d{1,2})?"
_WESTERN = re.compile(
    rf"""(?P<mark>{_MARK}|(?:{_CODES})\s?)\s*(?P<low>{_AMOUNT})\s?(?P<low_k>[kK]\b)?
         (?:\s*(?:[-–—]|to|and|bis)\s*(?:(?:{_MARK}|{_CODES})\s?)?(?P<high>{_AMOUNT})\s?(?P<high_k>[kK]\b)?)?
         (?![.,]?\d)
         (?:\s*(?P<code>{_CODES})\b)?""",
    re.VERBOSE | re.IGNORECASE,
)
# "raised $1.5 - $2 billion" is a company's money, not a person's.
_CAPITAL = re.compile(r"\d\s*(?:m|mm|mn|b|bn|million|billion|trillion)\b|\d\s*亿", re.IGNORECASE)
_PERIODS = (
    ("HOUR", r"hour|hourly|/\s?hr?\b|stunde|小时"),
    ("DAY", r"\bday\b|daily|per diem|/\s?day|天"),
    ("WEEK", r"week"),
    ("MONTH", r"month|monat|/\s?mo\b|月"),
    ("YEAR", r"year|annual|annum|/\s?yr\b|\bp\.?a\b|jahr|年"),
)


def parse_salary(text: str | None, *, period: str | None = None) -> Salary | None:
    """Read the pay that a salary field states; precision first: what is not plainly pay gives None.

    Args:
        text: A salary field or a line about pay, e.g. ``40-90K·14薪``, ``200-250元/天``,
            ``$180,000 – $250,000``, ``€61.000 — €72.000``; ``面议`` and the like give None.
        period: The unit to take where the text names none (``YEAR``, ``MONTH`` …).
    """
    text = (text or "").strip()
    return _chinese(text) or _western(text, period) if text else None


def _chinese(text: str) -> Salary | None:
    found = _CHINESE.match(text)
    if not found:
        return None
    scaled = found["low_scale"] or found["high_scale"]
    unit = _UNITS.get(found["unit"] or found["lead"] or "")
    if not (scaled or unit or found["yuan"] or found["months"]):
        return None  # two bare numbers are not yet pay
    # "40-90K": the scale behind the range holds for both ends.
    high_scale = _SCALE[(found["high_scale"] or found["low_scale"]).lower()]
    low_scale = _SCALE[(found["low_scale"] or found["high_scale"]).lower()]
    return Salary(
        currency="CNY",
        min_value=float(found["low"]) * low_scale,
        max_value=float(found["high"] or found["low"]) * (high_scale if found["high"] else low_scale),
        unit_text=unit or "MONTH",
        months_per_year=float(found["months"]) if found["months"] else None,
    )


def _western(text: str, period: str | None) -> Salary | None:
    found = _WESTERN.search(text)
    if not found or _CAPITAL.search(text):
        return None
    mark = found["mark"].strip().upper()
    currency = _SYMBOLS.get(mark, mark)
    # "$120,000 CAD": a dollar sign says less than a code behind the number.
    if found["code"] and mark in ("$", "¥"):
        currency = found["code"].upper()
    currency = "CNY" if currency == "RMB" else currency
    thousands = bool(found["low_k"] or found["high_k"])
    low = _amount(found["low"], thousands)
    high = _amount(found["high"], thousands) if found["high"] else low
    if high < low:
        return None
    return Salary(currency=currency, min_value=low, max_value=high, unit_text=period_of(text) or period)


def _amount(text: str, thousands: bool) -> float:
    """Read ``61.000``, ``61,000``, ``61 000`` as sixty-one thousand, ``45.50`` as a decimal."""
    digits = re.sub(r"[\s\u00a0\u202f'’]", "", text)
    digits = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", digits).replace(",", ".")
    return float(digits) * (1_000 if thousands else 1)


def period_of(text: str | None) -> str | None:
    """Return the period that words about pay name (``HOUR`` … ``YEAR``); None where they name none."""
    return next((unit for unit, words in _PERIODS if re.search(words, text or "", re.IGNORECASE)), None)
