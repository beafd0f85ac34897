"""The commands, gathered."""

from __future__ import annotations

import typer

from rolemix.cli import watch
from rolemix.cli.classify import classify
from rolemix.cli.crawl import crawl, ingest
from rolemix.cli.demo import demo
from rolemix.cli.evaluate import evaluate
from rolemix.cli.feed import feed
from rolemix.cli.parse import parse
from rolemix.cli.report import report
from rolemix.cli.train import train

app = typer.Typer(
    name="rolemix",
    help="Watch what companies hire for, and say, with honest error bars, how the mix of roles shifts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(watch.app, name="watch")
for command in (crawl, report, feed, ingest, parse, classify, train, evaluate, demo):
    app.command()(command)


@app.callback()
def rolemix() -> None:
    """Watch what companies hire for, and say, with honest error bars, how the mix of roles shifts."""
