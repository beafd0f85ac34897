"""The role-mix report as JSON, CSV or Markdown, or as tables with small bars for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolemix.analysis.report_records import (
    MIX_COLUMNS,
    ROW_COLUMNS,
    BoardEvidence,
    CompanyMix,
    Report,
    Share,
)
from rolemix.cli.console import draw, out
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain

BAR_WIDTH = 16
_EIGHTHS = " ▏▎▍▌▋▊▉"


def show_report(result: Report, form: Format) -> None:
    """Print a report in a format."""
    if form is Format.TABLE:
        draw(*parts(result))
    else:
        out(as_text(result, form))


def as_text(result: Report, form: Format) -> str:
    """Return the report as JSON, CSV or Markdown."""
    match form:
        case Format.JSON:
            return as_json(result.to_dict())
        case Format.CSV:
            return as_csv(result.rows(), ROW_COLUMNS)
        case Format.MD:
            return _markdown(result)
    raise ValueError(f"{form} is for a terminal: use show_report")


def _markdown(result: Report) -> str:
    first, *rest = movers(result)
    moved = "\n".join([markdown(first), "", *(f"- {markdown(line.strip())}" for line in rest)]).strip()
    days = f"# Role mix on {result.at:%Y-%m-%d}, against {result.before:%Y-%m-%d}"
    sections = [f"{days}\n\n{moved}\n\n{_method(result)}\n"]
    rows = result.rows()
    for company in result.companies:
        shown = [_readable(row) for row in rows if row["company"] == company.company]
        heading = f"## {markdown(company.company)}: {_open(company, result)}"
        sentences = [*map(evidence_of, company.boards), *company.notes]
        evidence = "".join(f"- {markdown(sentence)}\n" for sentence in sentences)
        sections.append(f"{heading}\n\n{evidence}\n{as_markdown(shown, MIX_COLUMNS)}")
    return "\n".join(sections)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as a person reads it: shares in percent, yes and no."""
    found = dict(row)
    for name in ("share", "low", "high", "share_before", "share_change_low", "share_change_high"):
        found[name] = None if row[name] is None else f"{row[name]:.0%}"
    found["beyond_noise"] = None if row["beyond_noise"] is None else "yes" if row["beyond_noise"] else "no"
    return found


def parts(result: Report) -> Iterator[RenderableType]:
    """Yield the report for a terminal: the movers, then for each company a table, its evidence and its notes."""
    yield from map(Text, movers(result))
    yield ""
    for company in result.companies:
        yield Text(f"{plain(company.company)}: {_open(company, result)}", style="bold")
        yield _table(company)
        for board in company.boards:
            yield Text(plain(evidence_of(board)), style="dim")
        for note in company.notes:
            yield Text(plain(note), style="yellow")
        yield ""
    yield Text(_method(result), style="dim")


def movers(result: Report) -> list[str]:
    """Return a line for each share of a focus that moved beyond the noise, the largest move first."""
    moved = [
        (company.company, share)
        for company in result.companies
        for share in company.mix
        if share.share_change and share.share_change.beyond_noise
    ]
    moved.sort(key=lambda one: (-abs((one[1].share or 0) - (one[1].share_before or 0)), one[0], one[1].focus))
    days = f"{result.before:%Y-%m-%d} → {result.at:%Y-%m-%d}"
    compared = sum(company.open_before is not None for company in result.companies)
    if not moved:
        return [f"No focus moved beyond the noise at {compared} of {len(result.companies)} companies compared, {days}."]
    return [f"Moved beyond the noise, {days}:", *(_mover(name, share) for name, share in moved)]


def _mover(company: str, share: Share) -> str:
    change = share.share_change
    assert change is not None  # noqa: S101  # only shares that moved are movers
    interval = f"{100 * change.low:+.0f} … {100 * change.high:+.0f} points"
    return f"  {plain(company)}  {share.focus} {share.share_before or 0:.0%} → {share.share or 0:.0%} ({interval})"


def _table(company: CompanyMix) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("focus / role", min_width=24)
    table.add_column("now", justify="right")
    table.add_column("share", justify="right")
    table.add_column("95 %", justify="right")
    table.add_column("", min_width=BAR_WIDTH)
    table.add_column("before", justify="right")
    table.add_column("change", justify="right")
    table.add_column("shift")
    for share in company.mix:
        table.add_row(*_cells(share), style="bold" if share.role is None else None)
    return table


def _cells(share: Share) -> tuple[str, ...]:
    name = share.focus if share.role is None else f"  {share.role}"
    percent = "–" if share.share is None else f"{share.share:.0%}"
    before = "–" if share.count_before is None else str(share.count_before)
    change = "–" if share.change is None else f"{share.change:+d}" if share.change else "0"
    return (
        name,
        str(share.count),
        percent,
        span(share.low, share.high),
        bar(share.share or 0),
        before,
        change,
        shift_in_words(share),
    )


def span(low: float | None, high: float | None) -> str:
    """Return an interval of shares in whole percent."""
    return "–" if low is None or high is None else f"{100 * low:.0f}–{high:.0%}"


def shift_in_words(share: Share) -> str:
    """Return whether a focus's share moved by more than chance and the tagger's errors explain; empty for a role."""
    change = share.share_change
    if change is None:
        return ""
    if not change.beyond_noise:
        return "within the noise"
    return "up, beyond the noise" if change.low > 0 else "down, beyond the noise"


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """Return a bar of eighth blocks; any share above 0 shows at least one of them."""
    eighths = max(round(share * width * 8), 1 if share else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _open(company: CompanyMix, result: Report) -> str:
    before = "unknown" if company.open_before is None else str(company.open_before)
    return f"{company.open} open on {result.at:%Y-%m-%d} ({before} on {result.before:%Y-%m-%d})"


def _method(result: Report) -> str:
    method = (
        f"{result.counts} {result.estimand.meaning} Tagger {result.model}, taxonomy {result.taxonomy}; days are UTC."
    )
    if all(company.open_before is None for company in result.companies):
        gap = f"No company's boards had all been seen whole by {result.before:%Y-%m-%d}"
        return f"{gap}: there is nothing to compare with. {method}"
    return method


def evidence_of(board: BoardEvidence) -> str:
    """Return how well a board is known, in one sentence."""
    whole = f"last seen whole {board.seen_whole:%Y-%m-%d %H:%M} UTC" if board.seen_whole else "never seen whole"
    redirects = f"; {board.redirects} only redirect, not counted" if board.redirects else ""
    redirects += f"; {board.no_openings} offer no opening, not counted" if board.no_openings else ""
    held = f"; {board.held}" if board.held else ""
    return f"{board.url}: {whole}; last run {board.verdict} ({board.reason}){redirects}{held}"
