"""``rolemix parse``: saved responses of a recruiting system as JSON Lines, without a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rolemix import api
from rolemix.cli.console import complain, out
from rolemix.publishing.render import as_json


def parse(
    files: Annotated[
        list[Path], typer.Argument(help="Saved responses: a list, a single posting, an error.", show_default=False)
    ],
    system: Annotated[
        str, typer.Option(help="The recruiting system that they are from, e.g. moka.", show_default=False)
    ],
    board: Annotated[str, typer.Option(help="The board's address, if they do not show it.", show_default=False)] = "",
) -> None:
    """Read saved responses of a recruiting system; print one JSON object per posting (JSON Lines).

    Each has the posting's own attributes, and under "facts" what they and its
    text state: kind, value, number and the words that say so.

    A file without postings (unknown board, closed job, block page, missing file) is reported on standard error; the
    other files are read all the same, and the command exits with status 1.
    """
    from postings.facts import fact_rows, posting_facts

    failed = False
    for parsed in api.parse(files, system, board or None):
        for posting in parsed.postings:
            facts = [fact._asdict() for fact in fact_rows(posting_facts(posting))]
            out(as_json(posting.to_dict() | {"facts": facts}, indent=None))
        for error in parsed.errors:
            complain(error)
            failed = True
    if failed:
        raise typer.Exit(1)
