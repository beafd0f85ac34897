"""``rolemix parse``: saved answers of a system as JSON Lines, no store touched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postings.errors import RolemixError
from rolemix.cli.console import complain, out
from rolemix.publishing.render import as_json


def parse(
    files: Annotated[list[Path], typer.Argument(help="Saved answers: a list, a detail, an error.", show_default=False)],
    system: Annotated[str, typer.Option(help="The recruiting system that gave them, e.g. moka.", show_default=False)],
    board: Annotated[str, typer.Option(help="The board's address, where the answers do not tell it.")] = "",
) -> None:
    """Read saved answers of a recruiting system; print one JSON object a posting (JSON Lines).

    A file that holds no postings (unknown board, job gone, a block page, not there) is said on standard error,
    and the command then ends with status 1 after the other files have been read.
    """
    from crawler.captures.files import read_responses
    from crawler.parsing.responses import ResponseError
    from crawler.runs.saved import read_saved_response
    from crawler.systems import system as find_system

    spider = find_system(system)
    where = spider.match(board) if board else None
    if board and where is None:
        raise RolemixError(f"--board {board!r} is no {spider.name} board: its address looks like {spider.example}")
    refused = False
    for path in files:
        try:
            answers = [
                one
                for one in read_responses(path)
                if one.recording is None or not one.archived or spider.responds_to(one.recording)
            ]
        except RolemixError as error:
            complain(str(error))
            refused = True
            continue
        for saved in answers:
            try:
                page = read_saved_response(spider, saved, where)
            except ResponseError as error:
                complain(f"{saved.name}: {error}")
                refused = True
                continue
            for posting in page.postings:
                out(as_json(posting.to_dict(), indent=None))
            for reason in page.unreadable:
                complain(f"{saved.name}: {reason}")
                refused = True
    if refused:
        raise typer.Exit(1)
