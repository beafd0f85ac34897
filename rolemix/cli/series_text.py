"""A series as JSON, CSV or Markdown, or as a table for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolemix.analysis.series import COLUMNS, COUNTS, Series, SeriesRow
from rolemix.cli.console import draw, out
from rolemix.publishing.readable import percent, readable, span
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain

_SHARES = {"share": "count", "low": None, "high": None}

MOST_VALUES = 4
"""How many focuses or values have a column of their own on a terminal."""


def show_series(result: Series, form: Format) -> None:
    """Print a series in a format."""
    match form:
        case Format.TABLE:
            draw(*_parts(result))
        case Format.JSON:
            out(as_json(result.to_dict()))
        case Format.CSV:
            out(as_csv([row.to_dict() for row in result.rows], COLUMNS))
        case Format.MD:
            rows = [readable(row.to_dict(), shares=_SHARES) for row in result.rows]
            out(f"{markdown(_method(result))}\n\n{as_markdown(rows, COLUMNS)}")


def _parts(result: Series) -> Iterator[RenderableType]:
    by_company: dict[str, list[SeriesRow]] = defaultdict(list)
    for row in result.rows:
        by_company[row.company].append(row)
    for company, rows in by_company.items():
        yield Text(plain(company), style="bold")
        yield _table(rows, result)
        yield ""
    yield Text(plain(_method(result)), style="dim")


def _table(rows: Sequence[SeriesRow], result: Series) -> Table:
    """Return a row for each period: what was open, opened and closed, and the largest shares with their intervals."""
    shown = _columns(rows)
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column(str(result.by))
    for name in ("open", "new", "gone", *(name.partition(" ")[0] for name in shown)):
        table.add_column(name, justify="right", overflow="fold")
    periods: dict[object, dict[str | None, SeriesRow]] = defaultdict(dict)
    for row in rows:
        if row.level != "role":
            periods[row.date][row.focus or row.value] = row
    for first, lines in periods.items():
        total = lines[None]
        cells = [_share(lines.get(name)) for name in shown]
        count = "gap" if total.count is None else str(total.count)
        table.add_row(str(first), count, str(total.opened), str(total.closed), *cells)
    return table


def _columns(rows: Sequence[SeriesRow]) -> list[str]:
    """Return the focuses in their order, without what is none of them; or the values that most postings state."""
    focuses = list(dict.fromkeys(row.focus for row in rows if row.level == "focus" and row.focus))
    if focuses:
        return focuses[:MOST_VALUES]
    counts: Mapping[str, int] = defaultdict(int)
    for row in rows:
        if row.value is not None:
            counts[row.value] += row.count or 0  # type: ignore[index]
    return sorted(counts, key=lambda value: (-counts[value], value))[:MOST_VALUES]


def _share(row: SeriesRow | None) -> str:
    return "–" if row is None or row.share is None else f"{percent(row.share, row.count)} {span(row.low, row.high)}"


def _method(result: Series) -> str:
    shares = result.estimand.meaning if result.of == "role" else "Shares are of all that was open."
    groups = "".join(f" {name} is {', '.join(of_it)}." for name, of_it in result.groups.items())
    return f"{COUNTS} {shares} Tagger {result.model} in every period.{groups}"
