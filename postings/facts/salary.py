"""Salaries: text and numbers as boards write them, in Chinese and Western forms."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from postings.posting import Place, Salary

_UNITS = {"时": "HOUR", "小时": "HOUR", "天": "DAY", "日": "DAY", "周": "WEEK", "月": "MONTH", "年": "YEAR"}
_SCALE = {"": 1, "k": 1_000, "千": 1_000, "万": 10_000}

_CHINESE = re.compile(
    r"""(?:(?P<lead>月|年|日|时)薪\s?)?
        (?P<low>\d{1,9}(?:\.\d{1,2})?)\s?(?P<low_scale>[k千万]?)\s?(?P<low_yuan>元?)
        (?:\s?[-~–—至到]\s?(?P<high>\d{1,9}(?:\.\d{1,2})?)\s?(?P<high_scale>[k千万]?))?
        \s?(?P<high_yuan>元|人民币)?
        (?P<bound>以上|以下)?
        (?:\s?[/每]\s?(?P<unit>小时|时|天|日|周|月|年))?
        (?:\s?[·•・*x×,，]?\s?(?P<months>\d{2}(?:\.\d)?)\s?薪)?""",
    re.VERBOSE | re.IGNORECASE,
)

_SYMBOLS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD",
    "R$": "BRL", "$": "USD", "€": "EUR", "£": "GBP", "¥": "¥", "₹": "INR", "₩": "KRW",
}  # fmt: skip
# Countries that write their own currency with a bare "$", by name and by ISO 3166 code.
_DOLLARS = {
    "united states": "USD", "united states of america": "USD", "usa": "USD", "us": "USD", "canada": "CAD", "ca": "CAD",
    "australia": "AUD", "au": "AUD", "new zealand": "NZD", "nz": "NZD", "singapore": "SGD", "sg": "SGD",
    "hong kong": "HKD", "hong kong sar": "HKD", "hk": "HKD", "mexico": "MXN", "méxico": "MXN", "mx": "MXN",
}  # fmt: skip
_CODES = "USD|EUR|GBP|CAD|AUD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CNY|RMB|HKD|SGD|INR|KRW|ILS|BRL|MXN"
_MARK = "|".join(re.escape(symbol) for symbol in sorted(_SYMBOLS, key=len, reverse=True))
_AMOUNT = r"\d{1,3}(?:[.,'’ ]\d{3}){1,3}(?:[.,]\d{2})?|\d{1,9}(?:[.,]\d{1,2})?"
_RANGE = rf"""
    (?P<low>{_AMOUNT})\s?(?P<low_k>k\b)?
    (?:(?:\s?(?:{_MARK}|{_CODES}))?\s?(?:[-–—]|to|and|bis|und)\s?(?:(?:{_CODES})\s?)?(?:(?:{_MARK})\s?)?
       (?P<high>{_AMOUNT})\s?(?P<high_k>k\b)?)?
    (?![.,]?\d)(?P<open>\+)?
"""
_MARK_FIRST = re.compile(
    rf"(?<![A-Za-z$])(?:(?P<lead>{_CODES})\s?(?=[$¥€£]))?(?P<mark>{_MARK}|{_CODES})\s?{_RANGE}"
    rf"(?:\s?(?P<code>{_CODES})\b)?",
    re.VERBOSE | re.IGNORECASE,
)
_MARK_LAST = re.compile(
    rf"(?<![\d.,A-Za-z$]){_RANGE}\s?(?P<mark>(?:{_CODES})\b|€|£)", re.VERBOSE | re.IGNORECASE
)  # $ and ¥ stand before their number
# "raised $1.5 - $2 billion" is a company's capital, not a salary.
_CAPITAL = re.compile(r"\d\s?(?:m|mm|mn|b|bn|million|billion|trillion)\b|\d\s?亿", re.IGNORECASE)
_ONLY_HIGH = re.compile(r"\b(?:up\sto|bis(?:\szu)?|max(?:imum)?\.?)[\s:]*$", re.IGNORECASE)
_ONLY_LOW = re.compile(r"\b(?:from|ab|starting\sat|at\sleast|min(?:imum)?\.?)[\s:]*$", re.IGNORECASE)
# "Bi-weekly" and "semi-month" are periods that schema.org has no value for; "40 hours" and "12 months" are none.
_PERIOD = re.compile(
    r"(?<!bi)(?<!bi-)(?<!semi)(?<!semi-)(?:"
    r"(?P<HOUR>\bhour\b|hourly|/\s?hr?\b|\bstunde\b|stündlich|stundenlohn|小时|时薪)"
    r"|(?P<DAY>\bday\b|daily|per\sdiem|\btag\b|/\s?[天日]|[每日]薪|每[天日])"
    r"|(?P<WEEK>\bweek\b|weekly|\bwoche\b|wöchentlich|/\s?周|每周)"
    r"|(?P<MONTH>\bmonth\b|monthly|/\s?mo\b|\bmonat\b|monatlich|monatsgehalt|/\s?月|月薪|每月)"
    r"|(?P<YEAR>\byear\b|yearly|annual|annum|/\s?yr\b|\bp\.\s?a\b|\bjahr\b|jährlich|jahresgehalt|/\s?年|年薪|每年))",
    re.IGNORECASE,
)


def parse_salary(
    text: str | None, *, period: str | None = None, yuan: bool = True, places: Iterable[Place] = ()
) -> Salary | None:
    """Read the pay that a salary field states; None for everything that is not clearly pay.

    A bare ``¥`` is read only where the text shows whether yuan or yen is meant: they share the sign and differ
    twentyfold. A bare ``$`` is the dollar of the country where the work is, the US dollar where no country with a
    dollar of its own is named, and unknown where several are.

    Args:
        text: A salary field or a line about pay, e.g. ``40-90K·14薪``, ``200-250元/天``,
            ``$180,000 – $250,000``, ``€61.000 — €72.000``; ``面议`` and the like give None.
        period: The period to assume where the text names none (``YEAR``, ``MONTH`` …).
        yuan: Whether ``10k-20k`` without a currency is yuan a month, as on Chinese boards; if not, it gives None.
        places: Where the work is.
    """
    # NFKC: full-width digits and signs, and every kind of blank, as their plain forms.
    text = " ".join(unicodedata.normalize("NFKC", text or "").split())
    return _chinese(text, yuan) or _western(text, period, places)


def pay_range(
    low: Any, high: Any, *, currency: Any, unit_text: str | None, months_per_year: Any = None
) -> Salary | None:
    """Return the pay that a board states in numbers, each in units of ``currency``.

    Returns:
        None where the numbers are no pay: absent, zero, infinite, a minimum above the maximum, or no currency code.
    """
    low, high, months = amount(low), amount(high), amount(months_per_year)
    if not (low or high) or (low and high and low > high):
        return None
    if not isinstance(currency, str) or not re.fullmatch("[A-Za-z]{3}", currency):
        return None
    return Salary(currency=currency.upper(), min_value=low, max_value=high, unit_text=unit_text, months_per_year=months)


def amount(value: Any) -> float | None:
    """Return a positive number that a board gives as a number or as digits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number > 0 else None


def count_of(value: Any) -> int | None:
    """Return a positive whole number that a board gives as a number or as digits; None for anything else."""
    return int(amount(value) or 0) or None


def period_of(text: str | None) -> str | None:
    """Return the first period that a text about pay names (``HOUR`` … ``YEAR``); None where it names none."""
    found = _PERIOD.search(text or "")
    return found.lastgroup if found else None


def _chinese(text: str, yuan: bool) -> Salary | None:
    found = _CHINESE.fullmatch(text)
    if not found:
        return None
    low_scale, high_scale = found["low_scale"].lower(), (found["high_scale"] or "").lower()
    unit = _UNITS.get(found["unit"] or found["lead"] or "")
    plainly_chinese = found["low_yuan"] or found["high_yuan"] or found["months"] or unit
    if not (plainly_chinese or {low_scale, high_scale} & {"千", "万"} or (yuan and (low_scale or high_scale))):
        return None  # two bare numbers are not necessarily pay
    # "40-90K": the scale behind the range holds for both ends.
    low = float(found["low"]) * _SCALE[low_scale or high_scale]
    high = float(found["high"]) * _SCALE[high_scale or low_scale] if found["high"] else low
    return pay_range(
        None if found["bound"] == "以下" and not found["high"] else low,
        None if found["bound"] == "以上" and not found["high"] else high,
        currency="CNY",
        unit_text=unit or "MONTH",
        months_per_year=found["months"],
    )


def _western(text: str, period: str | None, places: Iterable[Place]) -> Salary | None:
    found = _MARK_FIRST.search(text) or _MARK_LAST.search(text)
    if not found or _CAPITAL.search(text):
        return None
    thousands = bool(found["low_k"] or found["high_k"])
    low = _written(found["low"], thousands)
    high = _written(found["high"], thousands) if found["high"] else low
    before, after = text[: found.start()], text[found.end() :]
    single = not found["high"]
    return pay_range(
        None if single and _ONLY_HIGH.search(before) else low,
        None if single and (found["open"] or _ONLY_LOW.search(before)) else high,
        currency=_currency(found, text, places),
        # "$300 - $425/Day ($21 - $30 per hour)": the period of a number stands next to it.
        unit_text=period_of(after[:20]) or period_of(text) or period,
    )


def _currency(found: re.Match[str], text: str, places: Iterable[Place]) -> str | None:
    mark = found["mark"].upper()
    code = found.groupdict().get("lead") or found.groupdict().get("code")
    # "$120,000 CAD", "CAD $120,000": a code decides over a sign that several countries share.
    if code and mark in ("$", "¥"):
        mark = code.upper()
    if mark == "$":
        return _dollar(places)
    if mark == "¥":
        return "JPY" if re.search("[円給収ぁ-ヿ]", text) else "CNY" if re.search("[一-鿿]", text) else None
    return "CNY" if mark == "RMB" else _SYMBOLS.get(mark, mark)


def _dollar(places: Iterable[Place]) -> str | None:
    """Return the currency that a bare dollar sign means; None where it could be one of several."""
    # The last part of a name may be a state, "San Francisco, CA": a code is a country's only in its own field.
    named = (place.address_country or _last_word(place.name) for place in places)
    kinds = {_DOLLARS[country.lower()] for country in named if country.lower() in _DOLLARS} or {"USD"}
    return kinds.pop() if len(kinds) == 1 else None


def _last_word(name: str) -> str:
    last = name.rpartition(",")[2].strip()
    return last if len(last) > 2 else ""


def _written(text: str, thousands: bool) -> float:
    """Read ``61.000``, ``61,000``, ``61 000`` and ``61,000.00`` as sixty-one thousand, ``45.50`` as a decimal."""
    digits = re.sub(r"[.,'’ ](?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    return float(digits) * (1_000 if thousands else 1)
