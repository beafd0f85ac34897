"""Open postings by what they state, as JSON, CSV or Markdown, or as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolemix.analysis.breakdown import Breakdown, CompanyFacts
from rolemix.cli.console import draw, fitting, out
from rolemix.cli.report_text import evidence, opened
from rolemix.cli.report_words import EN, Words
from rolemix.publishing.readable import percent, readable, span
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain

_SHARES = {"share": "count", "low": None, "high": None}

MOST_ROWS = 25
"""How many values of a company a terminal shows."""


def show_breakdown(result: Breakdown, form: Format, words: Words = EN, *, details: bool = False) -> None:
    """Print a breakdown in a format.

    Args:
        result: The breakdown.
        form: The format.
        words: The language of a table, and of Markdown.
        details: Whether a table comes with all that is known of each board, and how the numbers are made.
    """
    match form:
        case Format.TABLE:
            draw(*_parts(result, words, details=details))
        case Format.JSON:
            out(as_json(result.to_dict()))
        case Format.CSV:
            out(as_csv(result.rows(), result.columns))
        case Format.MD:
            out(_markdown(result, words))


def _parts(result: Breakdown, words: Words, *, details: bool) -> Iterator[RenderableType]:
    for company in result.companies:
        yield Text(plain(_heading(company, result, words)), style="bold")
        if company.counts:
            yield fitting(*(_table(company, result.by, words, narrow=narrow) for narrow in (False, True)))
        if (more := len(company.counts) - MOST_ROWS) > 0:
            yield Text(words.more.format(more=more), style="dim")
        yield from evidence(company.boards, words, details=details)
        yield ""
    yield Text(plain(words.fact_method_in_full(result) if details else words.fact_method(result)), style="dim")


def _table(company: CompanyFacts, by: str, words: Words, *, narrow: bool) -> Table:
    """Return a row for each value; a narrow table leaves out the change, which is now minus before."""
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1 if narrow else 2, 0, 0))
    table.add_column(words.name(by), max_width=28, overflow="fold")
    *numbers, change, roles = words.fact_columns
    for name in numbers if narrow else (*numbers, change):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(roles, no_wrap=True)
    for one in company.counts[:MOST_ROWS]:
        cells = [
            str(one.count),
            "–" if one.count_before is None else str(one.count_before),
            percent(one.share, one.count),
            span(one.low, one.high),
        ]
        if not narrow:
            cells.append("–" if one.change is None else f"{one.change:+d}" if one.change else "0")
        table.add_row(Text(plain(one.value)), *cells, ("\n" if narrow else ", ").join(_most(one.roles, words)))
    return table


def _most(roles: Mapping[str, int], words: Words) -> list[str]:
    return [f"{words.name(role)} {count}" for role, count in list(roles.items())[:2]]


def _markdown(result: Breakdown, words: Words) -> str:
    title = words.fact_title.format(by=words.name(result.by), at=f"{result.at:%Y-%m-%d}")
    sections = [f"# {markdown(title)}\n\n{markdown(words.fact_method_in_full(result))}\n"]
    rows = result.rows()
    columns = tuple(name for name in result.columns if name not in ("company", "at", "before", "by"))
    for company in result.companies:
        shown = [readable(row, shares=_SHARES) for row in rows if row["company"] == company.company]
        boards = "".join(f"- {markdown(words.evidence(board))}\n" for board in company.boards)
        heading = markdown(_heading(company, result, words))
        sections.append(f"## {heading}\n\n{boards}\n{as_markdown(shown, columns)}")
    return "\n".join(sections)


def _heading(company: CompanyFacts, result: Breakdown, words: Words) -> str:
    stated = words.stated.format(stated=company.stated, by=words.name(result.by))
    return f"{company.company}{words.colon}{opened(company, (result.at, result.before), words)}{stated}"
