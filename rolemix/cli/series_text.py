"""A series as JSON, CSV or Markdown, or as a table for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolemix.analysis.series import COLUMNS, Series, SeriesRow
from rolemix.cli.console import draw, fitting, out
from rolemix.cli.report_words import EN, Words
from rolemix.publishing.readable import percent, readable, span
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain

_SHARES = {"share": "count", "low": None, "high": None}

MOST_VALUES = 4
"""How many focuses or values have a column of their own on a terminal."""


def show_series(result: Series, form: Format, words: Words = EN, *, details: bool = False) -> None:
    """Print a series in a format.

    Args:
        result: The series.
        form: The format.
        words: The language of a table, and of Markdown.
        details: Whether a table comes with all about how the numbers are made.
    """
    match form:
        case Format.TABLE:
            draw(*_parts(result, words, details=details))
        case Format.JSON:
            out(as_json(result.to_dict()))
        case Format.CSV:
            out(as_csv([row.to_dict() for row in result.rows], COLUMNS))
        case Format.MD:
            rows = [readable(row.to_dict(), shares=_SHARES) for row in result.rows]
            shown = [row | {name: words.name(row[name]) for name in ("focus", "role") if row[name]} for row in rows]
            out(f"{markdown(words.series_method_in_full(result))}\n\n{as_markdown(shown, COLUMNS)}")


def _parts(result: Series, words: Words, *, details: bool) -> Iterator[RenderableType]:
    by_company: dict[str, list[SeriesRow]] = defaultdict(list)
    for row in result.rows:
        by_company[row.company].append(row)
    for company, rows in by_company.items():
        yield Text(plain(company), style="bold")
        yield fitting(*(make(_periods(rows), _columns(rows), result, words) for make in (_wide, _narrow)))
        yield ""
    values = max((len(_values(rows)) for rows in by_company.values()), default=0)
    left_out = words.other_columns.format(shown=MOST_VALUES, all=values) if values > MOST_VALUES else ""
    method = words.series_method_in_full(result) if details else words.series_method(result)
    yield Text(plain(f"{left_out}{method}"), style="dim")


def _periods(rows: Sequence[SeriesRow]) -> dict[str, dict[str | None, SeriesRow]]:
    """Return the lines of each period by focus or value; the total is that of None."""
    periods: dict[str, dict[str | None, SeriesRow]] = defaultdict(dict)
    for row in rows:
        if row.level != "role":
            periods[row.date.isoformat()][row.focus or row.value] = row
    return periods


def _wide(
    periods: Mapping[str, Mapping[str | None, SeriesRow]], shown: Sequence[str], result: Series, words: Words
) -> Table:
    """Return a row for each period: what was open, opened and closed, and shares with their intervals."""
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(words.name(str(result.by)), no_wrap=True)
    for name in (*words.series_columns[:3], *(words.name(name).replace(" ", "\n") for name in shown)):
        table.add_column(Text("\n".join(map(plain, name.split("\n")))), justify="right", no_wrap=True)
    for first, lines in periods.items():
        shares = (_share(lines.get(name)) for name in shown)
        table.add_row(first, *_totals(lines, words), *(" ".join(pair).strip() for pair in shares))
    return table


def _narrow(
    periods: Mapping[str, Mapping[str | None, SeriesRow]], shown: Sequence[str], result: Series, words: Words
) -> Table:
    """Return a row for each share, and what was open, opened and closed in the first of each period."""
    opened, new, gone, focus, share, interval = words.series_columns
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(words.name(str(result.by)), no_wrap=True)
    for name in (opened, new, gone):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(focus if result.of == "role" else words.name(result.of), overflow="fold")
    for name in (share, interval):
        table.add_column(name, justify="right", no_wrap=True)
    for first, lines in periods.items():
        head = (first, *_totals(lines, words))
        for name in shown or [""]:
            table.add_row(*head, Text(plain(words.name(name))), *_share(lines.get(name)))
            head = ("", "", "", "")
    return table


def _totals(lines: Mapping[str | None, SeriesRow], words: Words) -> tuple[str, str, str]:
    total = lines[None]
    return (words.gap if total.count is None else str(total.count), str(total.opened), str(total.closed))


def _columns(rows: Sequence[SeriesRow]) -> list[str]:
    """Return the focuses in their order, without what is none of them; or the values that most postings state."""
    return _values(rows)[:MOST_VALUES]


def _values(rows: Sequence[SeriesRow]) -> list[str]:
    focuses = list(dict.fromkeys(row.focus for row in rows if row.level == "focus" and row.focus))
    if focuses:
        return focuses
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.value is not None:
            counts[row.value] += row.count or 0
    return sorted(counts, key=lambda value: (-counts[value], value))


def _share(row: SeriesRow | None) -> tuple[str, str]:
    if row is None or row.share is None:
        return "–", ""
    return percent(row.share, row.count), span(row.low, row.high)
