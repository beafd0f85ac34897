"""``rolemix parse``: saved answers of a system as JSON Lines, no store touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from crawler.answers import AnswerError
from crawler.saved import read_saved
from crawler.systems import system as find_system
from rolemix.cli.console import complain, out


def parse(
    files: Annotated[list[Path], typer.Argument(help="Saved answers: a list, a detail, an error.", show_default=False)],
    system: Annotated[str, typer.Option(help="The recruiting system that gave them, e.g. moka.", show_default=False)],
    board: Annotated[str, typer.Option(help="The board's address, where the answers do not tell it.")] = "",
) -> None:
    """Read saved answers of a recruiting system; print one JSON object a posting (JSON Lines).

    An answer that holds no postings (unknown board, job gone, a block page) is said on standard error, and the
    command then ends with status 1 after the other files have been read.
    """
    spider = find_system(system)
    where = spider.board(board) if board else None
    refused = False
    for path in files:
        try:
            page = read_saved(spider, path, where)
        except AnswerError as error:
            complain(f"{path}: {error}")
            refused = True
            continue
        for posting in page.postings:
            out(json.dumps(posting.to_dict(), ensure_ascii=False))
        for reason in page.unreadable:
            complain(f"{path}: {reason}")
            refused = True
    if refused:
        raise typer.Exit(1)
