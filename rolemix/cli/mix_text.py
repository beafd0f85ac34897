"""Printing an estimated mix: JSON, CSV, Markdown, or a table with small bars for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from classifier.model.info import ModelInfo
from classifier.quantification.mix import Mix
from rolemix.analysis.mixes import COLUMNS, as_record, as_rows
from rolemix.cli.console import draw, out
from rolemix.cli.report_text import BAR_WIDTH, bar
from rolemix.publishing.readable import percent, readable, span
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, markdown, plain


def show_mix(mix: Mix, model: ModelInfo, form: Format) -> None:
    """Print a mix in the given format."""
    match form:
        case Format.TABLE:
            notes = [Text(plain(note), style="yellow") for note in mix.notes]
            draw(_table(mix), *notes, Text(_method(mix, model), style="dim"))
        case Format.JSON:
            about = {"model": model.name, "taxonomy": model.taxonomy.version, "estimates": mix.estimand.meaning}
            out(as_json(about | as_record(mix)))
        case Format.CSV:
            out(as_csv(as_rows(mix), COLUMNS))
        case Format.MD:
            notes_md = "".join(f"\n{markdown(note)}\n" for note in mix.notes)
            rows = [readable(row, shares=dict.fromkeys(("share", "low", "high"))) for row in as_rows(mix)]
            out(f"{as_markdown(rows, COLUMNS)}{notes_md}\n{markdown(_method(mix, model))}\n")


def _table(mix: Mix) -> Table:
    """Return a table of focuses, each with its roles of which at least half a posting is expected."""
    table = Table(header_style="bold", box=None, pad_edge=False)
    table.add_column("focus / role", min_width=24)
    for name in ("share", "95 %"):
        table.add_column(name, justify="right")
    table.add_column("", min_width=BAR_WIDTH)
    table.add_column("expected", justify="right")
    for line in mix.lines:
        if line.role is None or line.count >= 0.5:
            name = line.focus if line.role is None else f"  {line.role}"
            cells = (name, percent(line.share), span(line.low, line.high), bar(line.share), f"{line.count:.1f}")
            table.add_row(*cells, style="bold" if line.role is None else None)
    return table


def _method(mix: Mix, model: ModelInfo) -> str:
    count = "1 posting" if mix.postings == 1 else f"{mix.postings} postings"
    return f"{count}. {mix.estimand.meaning} Tagger {model.name}, taxonomy {model.taxonomy.version}."
