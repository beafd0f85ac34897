"""The commands, gathered."""

from __future__ import annotations

import typer

from rolemix.cli.parse import parse

app = typer.Typer(
    name="rolemix",
    help="Watch what companies hire for, and say, with honest error bars, how the mix of roles shifts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(parse)


@app.callback()
def rolemix() -> None:
    """Watch what companies hire for, and say, with honest error bars, how the mix of roles shifts."""
