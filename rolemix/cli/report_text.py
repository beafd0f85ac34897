"""The role-mix report as JSON, CSV or Markdown, or as tables with small bars for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from rolemix.analysis.breakdown import CompanyFacts
from rolemix.analysis.report_records import (
    MIX_COLUMNS,
    ROW_COLUMNS,
    BoardEvidence,
    CompanyMix,
    Report,
    Share,
)
from rolemix.cli.console import draw, fitting, out
from rolemix.cli.report_words import EN, Words
from rolemix.publishing.readable import percent, readable, span
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain

BAR_WIDTH = 8
_SHARES = {
    "share": "count",
    "share_before": "count_before",
    **dict.fromkeys(("low", "high", "share_change_low", "share_change_high")),
}
_GOOD = ("complete", "unchanged")
_EIGHTHS = " ▏▎▍▌▋▊▉"


def show_report(result: Report, form: Format, words: Words = EN, *, details: bool = False) -> None:
    """Print a report in a format.

    Args:
        result: The report.
        form: The format.
        words: The language of a table, and of Markdown.
        details: Whether a table comes with all that is known of each board, and how the numbers are made.
    """
    if form is Format.TABLE:
        draw(*parts(result, words, details=details))
    else:
        out(as_text(result, form, words))


def as_text(result: Report, form: Format, words: Words = EN) -> str:
    """Return the report as JSON, CSV or Markdown."""
    match form:
        case Format.JSON:
            return as_json(result.to_dict())
        case Format.CSV:
            return as_csv(result.rows(), ROW_COLUMNS)
        case Format.MD:
            return _markdown(result, words)
    raise ValueError(f"{form} is for a terminal: use show_report")


def _markdown(result: Report, words: Words) -> str:
    first, *rest = movers(result, words)
    moved = "\n".join([markdown(first), "", *(f"- {markdown(line.strip())}" for line in rest)]).strip()
    title = words.title.format(at=f"{result.at:%Y-%m-%d}", before=f"{result.before:%Y-%m-%d}")
    sections = [f"# {title}\n\n{moved}\n\n{_gap(result, words)}{words.method_in_full(result)}\n"]
    for company in result.companies:
        rows = [readable(share.to_dict(), shares=_SHARES) for share in company.mix]
        shown = [row | {name: words.name(row[name]) for name in ("focus", "role") if row[name]} for row in rows]
        heading = f"## {markdown(company.company)}{words.colon}{_open(company, result, words)}"
        sentences = [*map(words.evidence, company.boards), *company.notes]
        evidence = "".join(f"- {markdown(sentence)}\n" for sentence in sentences)
        sections.append(f"{heading}\n\n{evidence}\n{as_markdown(shown, MIX_COLUMNS)}")
    return "\n".join(sections)


def parts(result: Report, words: Words = EN, *, details: bool = False) -> Iterator[RenderableType]:
    """Yield the report for a terminal: the movers, then for each company a table, its evidence and its notes.

    Args:
        result: The report.
        words: The language.
        details: Whether to say all that is known of each board, and how the numbers are made.
    """
    yield from map(Text, movers(result, words))
    yield ""
    for company in result.companies:
        yield Text(f"{plain(company.company)}{words.colon}{_open(company, result, words)}", style="bold")
        yield fitting(*(_table(company, words, narrow=narrow) for narrow in (False, True)))
        yield from evidence(company.boards, words, details=details)
        for note in company.notes:
            yield Text(plain(note), style="yellow")
        yield ""
    method = words.method_in_full(result) if details else words.method(result)
    yield Text(f"{_gap(result, words)}{method}", style="dim")


def evidence(boards: Iterable[BoardEvidence], words: Words, *, details: bool) -> Iterator[Text]:
    """Yield how well each board is known: when it was seen whole, or all that is known where that went wrong."""
    for board in boards:
        if details or board.held or board.seen_whole is None or board.verdict not in _GOOD:
            yield Text(plain(words.evidence(board)), style="dim")
        else:
            yield Text(plain(words.seen.format(board=board.url, at=f"{board.seen_whole:%Y-%m-%d %H:%M}")), style="dim")


def movers(result: Report, words: Words = EN) -> list[str]:
    """Return a line for each share of a focus that moved beyond the noise, the largest move first."""
    moved = [
        (company.company, share)
        for company in result.companies
        for share in company.mix
        if share.share_change and share.share_change.beyond_noise
    ]
    moved.sort(key=lambda one: (-abs((one[1].share or 0) - (one[1].share_before or 0)), one[0], one[1].focus))
    earlier = {company.before or result.before for company in result.companies}
    since = min(earlier) if len(earlier) == 1 else result.before
    days = f"{since:%Y-%m-%d} → {result.at:%Y-%m-%d}"
    compared = sum(company.open_before is not None for company in result.companies)
    if not moved:
        return [words.none_moved.format(compared=compared, companies=len(result.companies), days=days)]
    return [words.moved.format(days=days), *(_mover(name, share, words) for name, share in moved)]


def _mover(company: str, share: Share, words: Words) -> str:
    shares = f"{percent(share.share_before, share.count_before)} → {percent(share.share, share.count)}"
    return f"  {plain(company)}  {words.name(share.focus)} {shares} ({_points(share)} {words.points})"


def _points(share: Share) -> str:
    """Return the interval of the change of a share, in points."""
    change = share.share_change
    return "" if change is None else f"{100 * change.low:+.0f} … {100 * change.high:+.0f}"


def _table(company: CompanyMix, words: Words, *, narrow: bool) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1 if narrow else 2, 0, 0))
    table.add_column(words.columns[0], no_wrap=True)
    for name in words.columns[1:5]:
        table.add_column(name, justify="right", no_wrap=True)
    if not narrow:
        table.add_column("", min_width=BAR_WIDTH, no_wrap=True)
    table.add_column(words.columns[5], justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for share in company.mix:
        cells = _cells(share, words)
        if narrow:
            cells = (*cells[:5], cells[6].replace(" ", ""), cells[7])
        table.add_row(*cells, style="bold" if share.role is None else None)
    return table


def _cells(share: Share, words: Words) -> tuple[str, ...]:
    name = words.name(share.focus) if share.role is None else f"  {words.name(share.role)}"
    before = "–" if share.count_before is None else str(share.count_before)
    return (
        name,
        str(share.count),
        before,
        percent(share.share, share.count),
        span(share.low, share.high),
        bar(share.share or 0),
        _points(share),
        shift_in_words(share, words),
    )


def shift_in_words(share: Share, words: Words = EN) -> str:
    """Return whether a focus's share moved by more than chance and the tagger's errors explain; empty for a role."""
    change = share.share_change
    if change is None:
        return ""
    if not change.beyond_noise:
        return words.noise
    return words.up if change.low > 0 else words.down


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """Return a bar of eighth blocks; any share above 0 shows at least one of them."""
    eighths = max(round(share * width * 8), 1 if share else 0)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _open(company: CompanyMix, result: Report, words: Words) -> str:
    return opened(company, (result.at, result.before), words)


def opened(company: CompanyMix | CompanyFacts, moments: tuple[datetime, datetime], words: Words) -> str:
    """Return how many postings of a company are open now, and were at the earlier moment."""
    at, then = moments
    return words.open.format(
        count=company.open,
        at=f"{at:%Y-%m-%d}",
        before=words.unknown if company.open_before is None else company.open_before,
        then=f"{company.before or then:%Y-%m-%d}",
        oldest=words.oldest if company.before else "",
    )


def _gap(result: Report, words: Words) -> str:
    if all(company.open_before is None for company in result.companies):
        return words.nothing_before.format(at=f"{result.at:%Y-%m-%d}", before=f"{result.before:%Y-%m-%d}")
    return ""
