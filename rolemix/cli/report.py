"""``rolemix report``: what each company hires for, now and against an earlier day."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from classifier.quantification.estimand import Estimand
from rolemix import api
from rolemix.cli import options
from rolemix.publishing.render import Format


def report(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    at: Annotated[
        str, typer.Option(help="The day (UTC) or time to report on, if not the newest run's.", show_default=False)
    ] = "",
    against: Annotated[
        str, typer.Option(help="The earlier day (UTC) or time, if not --days before.", show_default=False)
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=options.MOST_DAYS, help="How many days back to compare with.")] = 7,
    estimand: options.EstimandOption = Estimand.HIRING,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Print each company's open postings by focus and role, now and against an earlier day.

    A day stands for what was known at its end. Whether a share moved beyond
    the noise is always about what the company tends to hire.
    """
    moment = options.moment(at, option="--at", end_of_day=True)
    before = options.moment(against, option="--against", end_of_day=True) or timedelta(days=days)

    from rolemix.cli import report_text, runs

    with api.open_store(db, existing=True) as store:
        tagger = runs.tag(store, model)
        result = api.report(store, companies or (), at=moment, against=before, estimand=estimand, model=tagger)
    report_text.show_report(result, form)
