"""``rolemix report``: what each company hires for, now and against an earlier day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from classifier.quantification.estimand import Estimand
from postings.unit import Unit
from rolemix import api
from rolemix.cli import options
from rolemix.publishing.render import Format


def report(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    group: options.Group = None,
    db: options.Database = options.DEFAULT_DATABASE,
    at: Annotated[
        str, typer.Option(help="The day (UTC) or time to report on, if not the newest run's.", show_default=False)
    ] = "",
    against: Annotated[
        str, typer.Option(help="The earlier day (UTC) or time, if not --days before.", show_default=False)
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=options.MOST_DAYS, help="How many days back to compare with.")] = 7,
    by: Annotated[
        str,
        typer.Option(
            help="What to count by: role, a fact (place, country, technology, pay …), or day, week, month, quarter."
        ),
    ] = "role",
    of: Annotated[str, typer.Option(help="With --by week and the like: role, or a fact to follow.")] = "role",
    since: Annotated[
        str, typer.Option(help="With --by week and the like: the first day, if not the oldest.", show_default=False)
    ] = "",
    count: Annotated[
        Unit, typer.Option(help="What to count: postings, jobs (requisitions), jobs by place, or people.")
    ] = Unit.POSTINGS,
    estimand: options.EstimandOption = Estimand.HIRING,
    currency: Annotated[str, typer.Option(help="With --by pay: the currency to convert yearly pay to.")] = "USD",
    rates: Annotated[
        Path | None,
        typer.Option(
            help="With --by pay: the European Central Bank's eurofxref-hist.zip, if not the installed rates.",
            show_default=False,
        ),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Say all that is known of each board, and how the numbers are made.")
    ] = False,
    lang: options.Language = "en",
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Print each company's open postings by focus and role, now and against an earlier day.

    A day stands for what was known at its end. Whether a share moved beyond
    the noise is always about what the company tends to hire.

    With --by, print them by what they state: place, country, region, city,
    county, work_model, pay, employment_type, intake, seniority, experience,
    education, technology, domain, language_wanted, language, unit, urgent …

    With --by day, week, month or quarter, print how the mix went over time,
    and what opened and closed in each period. With --group, a group of the
    watchlist's [groups] is then counted as one company.
    """
    moment = options.moment(at, option="--at", end_of_day=True)
    before = options.moment(against, option="--against", end_of_day=True) or timedelta(days=days)

    from postings.period import Period
    from rolemix.analysis import openings
    from rolemix.analysis.breakdown import require_fact
    from rolemix.cli import breakdown_text, report_text, report_words, runs, series_text

    words = {"en": report_words.EN, "zh": report_words.ZH}[options.language(lang)]
    if by in set(Period):
        require_fact(of, "role")
    else:
        require_fact(by, "role", *Period)
    with api.open_store(db, existing=True) as store:
        groups = {name: api.load_group(name) for name in group or ()}
        if by in set(Period):
            openings.require_companies(store, companies or ())
            runs.read_facts(store)
            tagger = runs.tag(store, model)
            series = api.series(
                store,
                companies or (),
                groups=groups,
                by=by,
                of=of,
                since=options.moment(since, option="--since"),
                until=moment,
                estimand=estimand,
                model=tagger,
            )
            series_text.show_series(series, form, words.naming(tagger.info.taxonomy), details=details)
            return
        companies = openings.require_companies(store, companies or (), groups)
        if by != "role":
            from rolemix.analysis.pay_bands import PayIn

            pay = PayIn(currency, str(rates) if rates else None)
            runs.read_facts(store)
            tagger = runs.tag(store, model)
            found = api.breakdown(
                store,
                companies or (),
                by=by,
                at=moment,
                against=before,
                pay=pay,
                unit=count,
                model=tagger,
            )
            breakdown_text.show_breakdown(found, form, words.naming(tagger.info.taxonomy), details=details)
            return
        tagger = runs.tag(store, model)
        result = api.report(
            store, companies or (), at=moment, against=before, estimand=estimand, unit=count, model=tagger
        )
    report_text.show_report(result, form, words.naming(tagger.info.taxonomy), details=details)
