"""``rolemix demo``: fictional boards crawled over simulated days, or served for trying out rolemix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    days: Annotated[int, typer.Option(min=1, max=28, help="How many days to simulate after the first.")] = 14,
    out: Annotated[Path, typer.Option(help="Folder for the store, the feed and the reports.")] = Path("demo-out"),
    seed: Annotated[int, typer.Option(help="Another seed makes another world.")] = 0,
    serve_only: Annotated[
        bool, typer.Option("--serve", help="Only serve the fictional boards, for `rolemix crawl --gateway`.")
    ] = False,
    replay: Annotated[
        Path | None, typer.Option(help="Only serve the recorded responses in this folder.", show_default=False)
    ] = None,
    day: Annotated[int, typer.Option(min=0, help="The simulated day to serve.")] = 0,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve on; 0 picks a free one.")] = 0,
) -> None:
    """Crawl fictional job boards over simulated days, tag, store, and report the role mix.

    Everything happens on this machine: a simulator responds as the real recruiting systems do, and is crawled with
    the code that reads live boards.
    """
    from rolemix.cli import simulation

    if replay is not None or serve_only:
        simulation.serve(seed, replay, day, port)
    else:
        simulation.run(days, out, seed)
