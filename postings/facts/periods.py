"""The period that pay is for: an hour, a day, a week, a month or a year, in the words that boards use."""

from __future__ import annotations

import re

# schema.org has no value for a fortnight, half a month or a quarter, and "12 months" or "40 hours" is no period of pay.
_NOT_BEFORE = (
    r"(?<!bi)(?<!bi[-_ ])(?<!semi)(?<!semi[-_ ])(?<!half)(?<!half[-_ ])(?<!two)(?<!two[-_ ])(?<!twice a )(?<!halb)"
    r"(?<!zwei)(?<!半)(?<!双)(?<!雙)(?<!两)(?<!兩)(?<!quarter)(?<!quarter )"
    # A count before the unit, "0.5 MONTH" and "2 WEEK", is another period; "1 MONTH" is the unit itself.
    r"(?<![02-9] )(?<![02-9])(?<!\d1 )(?<![.,]1 )"
)
_PERIOD = re.compile(
    rf"{_NOT_BEFORE}(?:"
    r"(?P<HOUR>\bhour\b|hourly|(?:/|\bper)\s?hr?s?\b|\bp/h\b|\bph\b|\b(?:per|an|each)\shour|stunde\b|stündlich|stundenl[oö]hn"
    r"|stundensatz|/\s?std\b|\bpro\sstd\b|小时|小時|时薪|時薪|時給|時間単価|시급|/时|/時|[每毎]时|[每毎]時"
    r"|par\sheure|de\sl.heure|por\shora|/\s?godz|в\sчас)"
    r"|(?P<DAY>\bday\b|daily|per\sdiem|\btag\b|täglich|tagessatz|/\s?[天日]|[每日]薪|每[天日]|日给|日給|일급|\bp/d\b"
    r"|par\sjour|por\sd[ií]a|al\sd[ií]a)"
    r"|(?P<WEEK>\bweek\b|weekly|\bwoche\b|wöchentlich|/\s?wk\b|/\s?[周週]|每[周週]|[周週]薪|週給|por\ssemana|par\ssemaine)"
    r"|(?P<MONTH>\bmonth\b|monthly|/\s?mth?\b|/\s?mon?\b|\bpcm\b|monat\b|monats(?=[^a-zäöüß]|brutto|gehalt|lohn|netto)"
    r"|monatlich|\bmtl\b|/\s?月|月薪|月酬|月入|月收入|月工资|月工資|每个?月|每個月|月給|月収|월급|par\smois|/\s?mois|mensu[ae]l|al\smes|por\sm[eê]s|/\s?m[eê]s\b"
    r"|/\s?miesi?|miesięcznie|в\sмесяц|/\s?мес|/\s?mån|månad\b|/\s?tháng|/\s?bulan)"
    r"|(?P<YEAR>\byear\b|yearly|annual|annum|/\s?yr?\b|\bper\syr\b|\byr\b|\bp\.\s?a\b|^\s?pa\b|(?<=[\dk]\s)pa\b|(?<=[\dk])pa\b|\bLPA\b|jahr\b"
    r"|jahres(?=[^a-zäöüß]|brutto|gehalt|lohn|netto|ziel|fest|einstieg|grund|ein)|jährlich|/\s?年|年薪|年包|每年|年収|年俸|연봉"
    r"|par\san\b|/\s?an\b|al\saño|/\s?año|por\sano|/\s?ano\b|rocznie|/\s?rok|в\sгод|\bår\b|/\s?năm))",
    re.IGNORECASE,
)
# "38,5 h / Woche", "40 hours a week": how long the work is, not what the pay is for.
_WORKING_TIME = re.compile(
    r"\d{1,3}(?:[.,]\d{1,2})?\s?-?\s?(?:h\b|hrs?\b|hours?|stunden?\b|std\b\.?|小时|小時|days?|tagen?\b|天)"
    r"[\s-]{0,2}(?:/|a\b|per\b|pro\b|in\sder\b|die\b|each\b|每)?\s?(?:week|woche|wk|day|tag|周|週|天|month|monat|year|jahr)",
    re.IGNORECASE,
)


def period_of(text: str | None) -> str | None:
    """Return the first period that a text about pay names (``HOUR`` … ``YEAR``); None where it names none.

    Periods that schema.org has no word for (a fortnight, ``0.5 MONTH``, ``2 WEEK``, a quarter) give None.
    """
    found = _PERIOD.search(without_working_time(text or ""))
    return found.lastgroup if found else None


def last_period_of(text: str) -> str | None:
    """Return the last period that a text names, the one next to an amount that follows it."""
    found = None
    for found in _PERIOD.finditer(text):  # noqa: B007 - the last one is kept
        pass
    return found.lastgroup if found else None


def without_working_time(text: str) -> str:
    """Return the text without what it says of working hours, as ``40h/week``."""
    return _WORKING_TIME.sub(" ", text)
