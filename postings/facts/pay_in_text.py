"""Base pay that only a posting's text states: the sentence must name it as this job's pay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from postings.facts.salary import parse_salary
from postings.facts.stems import Stems, matches_near
from postings.posting import Place, Salary

_LABEL = re.compile(
    r"\b(?:salary|pay|compensation|wage|hourly|hiring|base)\s(?:and\s\w+\s)?(?:range|rate|band|scale)\b"
    r"|\b(?:base|annual|annualized|starting|gross|yearly|monthly|hourly)\s(?:base\s)?(?:salary|pay|wage|compensation)\b"
    r"|\b(?:salary|pay|compensation|pay\stransparency)\s?(?:[:：]|\bis\b|\bof\b|\bfrom\b|\bbetween\b)"
    r"|\b(?:jahres|monats|brutto|brutto-jahres|mindest|einstiegs|grund)?(?:gehalt|vergütung|lohn|entgelt|stundenlohn)\w{0,12}\b"
    r"|薪[资資酬]|[月年底时時日]薪|工资|工資|待遇|年包|月給|年収|時給",
    re.IGNORECASE,
)
_STEMS = Stems(
    "salary|pay|compensation|wage|hourly|hiring|base |gehalt|vergütung|lohn|entgelt",
    "薪|工资|工資|待遇|年包|月給|年収|時給",
)
# Pay that is somebody else's, or no base pay although the sentence says "salary".
_OTHER = re.compile(
    r"\bbenefits?\sworth|\bsalary\ssacrifice|\bmonths?\sof\s(?:salary|pay)|\bmulti[\s-]?million|\bmanag\w+\s(?:a\s)?budget"
    r"|\breferral|\bpayroll\sof|\bprize|\bfund(?:ed|ing)|\bvaluation|\brevenue|\bsavings?\b|\bcover\b|\binsur",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_SENTENCE = re.compile(r"[。；\n]|(?<=[a-zäöüß)%])[.!?]\s")
_BEFORE, _AFTER = 160, 260
"""Characters of a sentence that are read before and after the words for pay."""
_MOST_TEXT = 100_000
_LEAST = {"HOUR": 1.0, "DAY": 10.0, "WEEK": 100.0, "MONTH": 300.0, "YEAR": 10_000.0, None: 10_000.0}
"""The least amount that is taken for pay, by its period, in units of any currency; None where no period is named."""


class StatedPay(NamedTuple):
    """Pay in a text, and the words that say so."""

    pay: Salary
    words: str


def pay_in_text(text: str, places: Iterable[Place] = ()) -> StatedPay | None:
    r"""Return the base pay that a text states for its job; None without one, or where it states several.

    Ranges of one currency and period, as for several places, become one from the lowest to the highest.

    >>> pay_in_text("About us.\nThe annual base salary range is $180,000 - $250,000 plus equity.").pay.max_value
    250000.0
    >>> pay_in_text("We raised $50 million. Salary: competitive.") is None
    True

    Args:
        text: The description.
        places: Where the work is.
    """
    where = tuple(places)
    found: dict[Salary, str] = {}
    for sentence in _sentences(text[:_MOST_TEXT]):
        pay = parse_salary(sentence, yuan=bool(re.search("[一-鿿]", sentence)), places=where)
        if pay and _is_likely(pay):
            found.setdefault(pay, " ".join(sentence.split()))
    if not found or len({(pay.currency, pay.unit_text) for pay in found}) > 1:
        return None
    first, *_ = found
    lows, highs = [pay.min_value for pay in found], [pay.max_value for pay in found]
    low = min(end for end in lows if end) if all(lows) else None
    high = max(end for end in highs if end) if all(highs) else None
    whole = Salary(
        currency=first.currency,
        min_value=low,
        max_value=high,
        unit_text=first.unit_text,
        months_per_year=first.months_per_year,
    )
    return StatedPay(whole, "; ".join(found.values())) if low or high else None


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences that name pay and hold a number, cut to what is near those words."""
    end = 0
    for label in matches_near(_LABEL, _STEMS, text, 40):
        if label.start() < end:
            continue
        start = max(end, label.start() - _BEFORE)
        for stop in _SENTENCE.finditer(text, start, label.start()):
            start = stop.end()
        after = _SENTENCE.search(text, label.end(), label.end() + _AFTER)
        # "Salary range" may be a heading, with the range in the line below.
        if after and not _DIGIT.search(text, label.start(), after.start()) and text[after.start()] == "\n":
            after = _SENTENCE.search(text, after.end() + 1, label.end() + _AFTER)
        end = after.start() if after else min(len(text), label.end() + _AFTER)
        sentence = text[start:end]
        if _DIGIT.search(sentence) and not _OTHER.search(sentence):
            yield sentence


def _is_likely(pay: Salary) -> bool:
    """Return whether it can be a job's pay: with a period, or an amount that is only paid by the year."""
    ends = [end for end in (pay.min_value, pay.max_value) if end]
    return min(ends) >= _LEAST.get(pay.unit_text, _LEAST[None])
