"""Yearly pay in bands of one currency, at dated rates."""

from __future__ import annotations

import dataclasses
import math
from datetime import date
from itertools import pairwise

from postings.errors import RolemixError
from postings.facts import Fact
from postings.facts.exchange import MOST_DAYS, convert, ecb_rates
from postings.posting import Salary
from postings.store.records import OpenTag

_STEPS = (1, 1.5, 2, 3, 5, 7, 10)
"""The bounds of bands of pay, times a power of ten."""


@dataclasses.dataclass(frozen=True, slots=True)
class PayIn:
    """What yearly pay is converted to.

    Attributes:
        currency: The ISO 4217 code.
        rates: A file of the European Central Bank's rates (``eurofxref-hist.zip``); None for the installed ones.
    """

    currency: str = "USD"
    rates: str | None = None


class PayBands:
    """The band of yearly pay, in one currency, that a posting states, at the rates of a day."""

    def __init__(self, pay: PayIn, on: date) -> None:
        self._known = ecb_rates(pay.rates)
        self._currency = pay.currency.upper()
        if self._currency not in (self._known.currencies or ()):
            raise RolemixError(f"the European Central Bank has no rate of {pay.currency}: choose another --currency")
        self._on = on
        self._rates: dict[str, tuple[float, date] | None] = {}
        self._lows: dict[str, float] = {}

    def __call__(self, tag: OpenTag) -> list[str]:
        """Return the band of the middle of a posting's pay; what cannot be told by the year or converted is named."""
        facts: dict[str, Fact] = {}
        for fact in tag.facts:
            facts.setdefault(fact.kind, fact)
        if "pay" not in facts:
            return []
        ends = [facts[kind].number for kind in ("pay_min", "pay_max") if kind in facts]
        amounts = [end for end in ends if end]
        if not amounts:
            period = facts["pay_period"].value.lower() if "pay_period" in facts else "unnamed period"
            return [f"not by the year ({period})"]
        currency = facts["pay"].value
        rate = self._rate(currency)
        if rate is None:
            return [f"in {currency}, without a rate"]
        return [self._band(sum(amounts) / len(amounts) * rate[0])]

    @property
    def note(self) -> str:
        """How pay was converted."""
        used = sorted((code, rate) for code, rate in self._rates.items() if rate and code != self._currency)
        rates = "; ".join(f"1 {code} = {rate:.4g} {self._currency} on {day}" for code, (rate, day) in used)
        missing = ", ".join(sorted(code for code, rate in self._rates.items() if rate is None))
        sentences = [f"The middle of each pay by the year, in {self._currency}"]
        sentences += [f"European Central Bank: {rates}"] if rates else []
        if missing:
            sentences.append(
                f"no rate within {MOST_DAYS} days of {self._on} for {missing}: "
                "name the bank's newer eurofxref-hist.zip with --rates"
            )
        return "; ".join(sentences) + "."

    def order(self, band: str) -> tuple[float, str]:
        """Return the key to sort bands by: from the lowest, and those without an amount last."""
        return self._lows.get(band, math.inf), band

    def _rate(self, currency: str) -> tuple[float, date] | None:
        if currency not in self._rates:
            one = Salary(currency=currency, min_value=1.0)
            converted = convert(one, self._currency, self._on, rates=self._known)
            self._rates[currency] = (converted.rate, converted.rate_date) if converted else None
        return self._rates[currency]

    def _band(self, amount: float) -> str:
        unit = 10.0 ** math.floor(math.log10(amount))
        low, high = next(step for step in pairwise(_STEPS) if amount < step[1] * unit)
        band = f"{low * unit:,.0f} to {high * unit:,.0f}"
        self._lows[band] = low * unit
        return band
