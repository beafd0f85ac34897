"""``rolemix report``: what each company hires for, now and against an earlier day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from classifier.tagger import Tagger
from classifier.taxonomy import Taxonomy
from postings.store import Store, queries
from rolemix.cli import options
from rolemix.cli.crawl import tag
from rolemix.render import Format, as_csv, as_json, as_markdown, terminal
from rolemix.report import COUNTS, ROW_COLUMNS, BoardEvidence, CompanyMix, NothingToReport, Report, Share, role_mix

BAR_WIDTH = 16
_EIGHTHS = " ▏▎▍▌▋▊▉"


def report(
    companies: Annotated[
        list[str] | None, typer.Argument(help="Only these companies; all if none is given.", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    at: Annotated[str, typer.Option(help="The day of the report, if not the newest run's.", show_default=False)] = "",
    against: Annotated[
        str, typer.Option(help="The earlier day to compare with, if not --days before.", show_default=False)
    ] = "",
    days: Annotated[int, typer.Option(min=1, help="How many days back to compare with.")] = 7,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Print each company's open postings by focus and role, now and against an earlier day."""
    with options.open_store(db) as store:
        tagger = tag(store, model)
        result = build(
            store,
            tagger,
            at=options.moment(at, option="--at"),
            before=options.moment(against, option="--against"),
            days=days,
            companies=companies or (),
        )
    if form is Format.TABLE:
        print_report(result, Console())
    else:
        print(as_text(result, form), end="")  # noqa: T201


def build(
    store: Store,
    tagger: Tagger,
    *,
    at: datetime | None = None,
    before: datetime | None = None,
    days: int = 7,
    companies: Collection[str] = (),
) -> Report:
    """Build the report, by default of the newest run's day against ``days`` days earlier."""
    with store.read() as connection:
        moment = at or queries.now(connection)
    if moment is None:
        raise NothingToReport("nothing has been collected yet: run `rolemix crawl` or `rolemix ingest` first")
    return role_mix(
        store,
        model=tagger.model,
        taxonomy=Taxonomy.load(),
        at=moment,
        before=before or moment - timedelta(days=days),
        companies=companies,
    )


def as_text(result: Report, form: Format) -> str:
    """Return the report as JSON, CSV or Markdown."""
    if form is Format.JSON:
        return as_json(result.to_dict())
    if form is Format.CSV:
        return as_csv(result.rows(), ROW_COLUMNS)
    parts = [f"# Role mix on {result.at:%Y-%m-%d}, against {result.before:%Y-%m-%d}\n\n{COUNTS}\n"]
    for company in result.companies:
        shown = [row for row in result.rows() if row["company"] == company.company]
        evidence = "".join(f"- {_evidence(board)}\n" for board in company.boards)
        parts.append(f"## {company.company}\n\n{evidence}\n{as_markdown(shown, ROW_COLUMNS[1:])}")
    return "\n".join(parts)


def print_report(result: Report, console: Console) -> None:
    """Print the report for people: a table with small bars a company, and what it rests on."""
    for company in result.companies:
        console.print(_table(company, result))
        for board in company.boards:
            console.print(Text(_evidence(board), style="dim"))
        console.print()
    console.print(Text(f"{COUNTS} Tagger {result.model}, taxonomy {result.taxonomy}.", style="dim"))


def _table(company: CompanyMix, result: Report) -> Table:
    before = "unknown" if company.open_before is None else str(company.open_before)
    days = f"{company.open} open on {result.at:%Y-%m-%d} ({before} on {result.before:%Y-%m-%d})"
    title = f"{terminal(company.company)}: {days}"
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    table.add_column("focus / role", min_width=24)
    table.add_column("now", justify="right")
    table.add_column("share", justify="right")
    table.add_column("", min_width=BAR_WIDTH)
    table.add_column("before", justify="right")
    table.add_column("change", justify="right")
    for share in company.mix:
        table.add_row(*_cells(share), style="bold" if share.role is None else None)
    return table


def _cells(share: Share) -> tuple[str, ...]:
    name = share.focus if share.role is None else f"  {share.role}"
    part = "–" if share.share is None else f"{share.share:.0%}"
    before = "–" if share.count_before is None else str(share.count_before)
    change = "–" if share.change is None else f"{share.change:+d}" if share.change else "0"
    return name, str(share.count), part, bar(share.share or 0), before, change


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """Return a bar of eighth blocks; any share above nothing shows at least a sliver."""
    eighths = max(round(share * width * 8), 1 if share else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _evidence(board: BoardEvidence) -> str:
    whole = f"last seen whole {board.seen_whole:%Y-%m-%d %H:%M} UTC" if board.seen_whole else "never seen whole"
    moved = f"; {board.moved} moved, not counted" if board.moved else ""
    held = f"; {board.held}" if board.held else ""
    return f"{board.url}: {whole}; last run {board.verdict} ({board.reason}){moved}{held}"
