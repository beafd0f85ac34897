"""Days, weeks, months and quarters as periods."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class Period(StrEnum):
    """How long a period is; weeks begin on Monday, days are UTC."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    def first(self, day: date) -> date:
        """Return the first day of the period that a day is in."""
        match self:
            case Period.WEEK:
                return day - timedelta(days=day.weekday())
            case Period.MONTH:
                return day.replace(day=1)
            case Period.QUARTER:
                return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        return day

    def after(self, first: date) -> date:
        """Return the first day of the next period."""
        long = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 32, Period.QUARTER: 93}[self]
        return self.first(first + timedelta(days=long))
