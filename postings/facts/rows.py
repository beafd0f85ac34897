"""A posting's facts as rows of one form, which stores keep, tables count and feeds print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from postings.facts.exchange import yearly
from postings.facts.reading import Facts

FACT_KINDS = {
    "country": "ISO 3166-1 code of a country where the work is done",
    "region": "state or province where the work is done, in English",
    "city": "city where the work is done, in English; in China the prefecture",
    "county": "county or district in China, in Chinese",
    "place": "where the work is done, as precisely as it is known: county, city, region or country",
    "work_model": "REMOTE, HYBRID or ON_SITE",
    "remote_limit": "country (ISO 3166-1) or wider area that remote work is limited to",
    "pay": "currency (ISO 4217) of the base pay stated",
    "pay_period": "period that the base pay is stated for: HOUR, DAY, WEEK, MONTH or YEAR",
    "pay_min": "currency; the number is the lower end of the base pay by the year",
    "pay_max": "currency; the number is the upper end of the base pay by the year",
    "pay_months": "monthly salaries a year, also as the number",
    "employment_type": "FULL_TIME, PART_TIME, CONTRACTOR, TEMPORARY, INTERN or OTHER",
    "intake": "whom it is for: in-school, campus or experienced",
    "seniority": "rank in the title: chief, head, manager, lead, senior, mid or junior",
    "experience": "years of experience asked at least, also as the number",
    "education": "lowest education accepted",
    "publications": "yes, where a candidate who has published is wanted",
    "urgent": "yes, where the posting is marked or called urgent",
    "head_count": "people to be hired, also as the number",
    "deadline": "last day for applications, in ISO 8601",
    "language_wanted": "ISO 639-1 code of a natural language wanted",
    "language": "ISO 639-1 code of the language that the posting is written in",
    "technology": "technology named, by its name in the table",
    "domain": "domain that the role is about, such as law or medicine",
    "unit": "department or team, as the board names it",
    "no_opening": "why the posting offers no opening, so that it is not counted",
}
"""Each kind of fact, and what its value is."""


class Fact(NamedTuple):
    """One fact of a posting.

    Attributes:
        kind: One of `FACT_KINDS`.
        value: The value, as its kind says.
        number: The value as a number, where it is an amount.
        words: The board's words that say so; None where the value is the board's own.
    """

    kind: str
    value: str
    number: float | None = None
    words: str | None = None


def fact_rows(facts: Facts) -> Iterator[Fact]:
    """Yield a posting's facts in the order of `FACT_KINDS`, each kind and value once.

    >>> from postings.facts.reading import read_facts
    >>> [fact[:2] for fact in fact_rows(read_facts("Senior CUDA Engineer"))][:2]
    [('seniority', 'senior'), ('language', 'en')]
    """
    rows: dict[tuple[str, str], Fact] = {}
    for fact in _rows(facts):
        rows.setdefault((fact.kind, fact.value), fact)  # the first of each counts
    order = {kind: number for number, kind in enumerate(FACT_KINDS)}
    yield from sorted(rows.values(), key=lambda fact: order[fact.kind])


def _rows(facts: Facts) -> Iterator[Fact]:
    yield from _places(facts)
    yield from _pay(facts)
    yield from (Fact("employment_type", kind) for kind in facts.employment_type)
    yield from (Fact("intake", found.kind, None, found.words) for found in facts.intake)
    if facts.seniority:
        yield from (Fact("seniority", level, None, facts.seniority.words) for level in facts.seniority.levels)
    if facts.experience:
        years = facts.experience.min_years
        yield Fact("experience", str(years), years, facts.experience.words)
    if facts.education:
        yield Fact("education", facts.education.level, None, facts.education.words)
    if facts.publications:
        yield Fact("publications", "yes", None, facts.publications)
    if facts.urgency:
        yield Fact("urgent", "yes", None, facts.urgency)
    if facts.head_count:
        yield Fact("head_count", str(facts.head_count.number), facts.head_count.number, facts.head_count.words)
    if facts.deadline:
        yield Fact("deadline", facts.deadline.day.isoformat(), None, facts.deadline.words)
    yield from (Fact("language_wanted", wanted.code, None, wanted.words) for wanted in facts.languages)
    if facts.language:
        yield Fact("language", facts.language)
    for kind, mentions in (("technology", facts.technologies), ("domain", facts.domains)):
        yield from (Fact(kind, found.name, None, found.sentence) for found in mentions)
    if facts.unit:
        yield Fact("unit", facts.unit)
    if facts.no_opening:
        yield Fact("no_opening", facts.no_opening.kind, None, facts.no_opening.words)


def _places(facts: Facts) -> Iterator[Fact]:
    for place in facts.places:
        parts = {"country": place.country, "region": place.region, "city": place.city, "county": place.county}
        yield from (Fact(kind, value, None, place.words) for kind, value in parts.items() if value)
        known = [part for part in (place.county, place.city or place.region, place.country) if part]
        if known:
            yield Fact("place", ", ".join(known), None, place.words)
    if facts.work_model:
        yield Fact("work_model", str(facts.work_model.model), None, facts.work_model.words)
        for limit in (*facts.work_model.countries, *facts.work_model.areas):
            yield Fact("remote_limit", limit, None, facts.work_model.words)


def _pay(facts: Facts) -> Iterator[Fact]:
    if not facts.pay:
        return
    pay, words = facts.pay, facts.pay_words
    yield Fact("pay", pay.currency, None, words)
    if pay.unit_text:
        yield Fact("pay_period", pay.unit_text, None, words)
    by_the_year = yearly(pay)
    if by_the_year and by_the_year.min_value:
        yield Fact("pay_min", pay.currency, by_the_year.min_value, words)
    if by_the_year and by_the_year.max_value:
        yield Fact("pay_max", pay.currency, by_the_year.max_value, words)
    if pay.months_per_year:
        yield Fact("pay_months", f"{pay.months_per_year:g}", pay.months_per_year, words)
