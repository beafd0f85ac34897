"""Open postings by what they state, as JSON, CSV or Markdown, or as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolemix.analysis.breakdown import ESTIMATES, Breakdown, CompanyFacts
from rolemix.cli.console import draw, out
from rolemix.cli.report_text import evidence_of
from rolemix.publishing.readable import percent, readable, span
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain

_SHARES = {"share": "count", "low": None, "high": None}

MOST_ROWS = 25
"""How many values of a company a terminal shows."""


def show_breakdown(result: Breakdown, form: Format) -> None:
    """Print a breakdown in a format."""
    match form:
        case Format.TABLE:
            draw(*_parts(result))
        case Format.JSON:
            out(as_json(result.to_dict()))
        case Format.CSV:
            out(as_csv(result.rows(), result.columns))
        case Format.MD:
            out(_markdown(result))


def _parts(result: Breakdown) -> Iterator[RenderableType]:
    for company in result.companies:
        yield Text(plain(_heading(company, result)), style="bold")
        if company.counts:
            yield _table(company, result.by)
        if (more := len(company.counts) - MOST_ROWS) > 0:
            yield Text(f"and {more} more values: --format csv shows all", style="dim")
        for board in company.boards:
            yield Text(plain(evidence_of(board)), style="dim")
        yield ""
    yield Text(_method(result), style="dim")


def _table(company: CompanyFacts, by: str) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column(by, max_width=28, overflow="fold")
    for name in ("now", "share", "95 %", "before", "change"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("mostly", overflow="fold")
    for one in company.counts[:MOST_ROWS]:
        table.add_row(
            Text(plain(one.value)),
            str(one.count),
            percent(one.share, one.count),
            span(one.low, one.high),
            "–" if one.count_before is None else str(one.count_before),
            "–" if one.change is None else f"{one.change:+d}" if one.change else "0",
            _most(one.roles),
        )
    return table


def _most(roles: Mapping[str, int]) -> str:
    return ", ".join(f"{role} {count}" for role, count in list(roles.items())[:2])


def _markdown(result: Breakdown) -> str:
    sections = [f"# Open postings by {result.by} on {result.at:%Y-%m-%d}\n\n{markdown(_method(result))}\n"]
    rows = result.rows()
    columns = tuple(name for name in result.columns if name not in ("company", "at", "before", "by"))
    for company in result.companies:
        shown = [readable(row, shares=_SHARES) for row in rows if row["company"] == company.company]
        evidence = "".join(f"- {markdown(evidence_of(board))}\n" for board in company.boards)
        sections.append(f"## {markdown(_heading(company, result))}\n\n{evidence}\n{as_markdown(shown, columns)}")
    return "\n".join(sections)


def _heading(company: CompanyFacts, result: Breakdown) -> str:
    before = "unknown" if company.open_before is None else str(company.open_before)
    oldest = ", the oldest day known" if company.before else ""
    day = company.before or result.before
    opened = f"{company.open} open on {result.at:%Y-%m-%d} ({before} on {day:%Y-%m-%d}{oldest})"
    return f"{company.company}: {opened}, {company.stated} of them state {result.by}"


def _method(result: Breakdown) -> str:
    note = f" {result.note}" if result.note else ""
    return f"{result.counts} {ESTIMATES}{note} Tagger {result.model}, taxonomy {result.taxonomy}; days are UTC."
