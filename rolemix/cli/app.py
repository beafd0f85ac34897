"""The commands, gathered."""

from __future__ import annotations

import inspect
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from rolemix.cli import watch
from rolemix.cli.changes import changes
from rolemix.cli.check import check
from rolemix.cli.classify import classify
from rolemix.cli.console import out
from rolemix.cli.crawl import crawl
from rolemix.cli.demo import demo
from rolemix.cli.evaluate import evaluate
from rolemix.cli.explain import explain
from rolemix.cli.feed import feed
from rolemix.cli.ingest import ingest
from rolemix.cli.label import label
from rolemix.cli.parse import parse
from rolemix.cli.postings import postings
from rolemix.cli.report import report
from rolemix.cli.reread import reread
from rolemix.cli.same import same
from rolemix.cli.shifts import shifts
from rolemix.cli.systems import systems
from rolemix.cli.train import train

app = typer.Typer(
    name="rolemix",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(watch.app, name="watch")
for command in (
    crawl,
    report,
    shifts,
    changes,
    check,
    postings,
    same,
    feed,
    ingest,
    reread,
    parse,
    systems,
    classify,
    explain,
    label,
    train,
    evaluate,
    demo,
):
    app.command()(command)
for group in (app, watch.app):
    for registered in group.registered_commands:
        # A paragraph's lines are joined, because a terminal narrower than the source would wrap them again.
        text = inspect.getdoc(registered.callback) or ""
        registered.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            out(f"rolemix {version('rolemix')}\n")
        except PackageNotFoundError:
            out("rolemix, not installed: run from a checkout\n")
        raise typer.Exit


@app.callback()
def rolemix(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watch what companies hire for, and say, with honest error bars, how the mix of roles shifts."""
