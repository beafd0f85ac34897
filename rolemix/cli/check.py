"""``rolemix check``: claims about hiring, answered from the boards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import draw, out
from rolemix.publishing.render import Format, as_csv, as_json, as_markdown, plain

if TYPE_CHECKING:
    from rolemix.analysis.claims import Answer

COLUMNS = ("id", "claim", "company", "kind", "verdict", "figures", "needed", "note")
_STYLES = {"supported": "green", "refuted": "red", "not decidable": "yellow"}


def check(
    claims: Annotated[Path, typer.Argument(help="A file of claims (TOML).", show_default=False)],
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Answer the claims of a file from the boards: supported, refuted or not decidable, with figures.

    Each claim is a typed query; one that cannot be expressed is refused with
    the reason. Where a claim cannot be decided, what would decide it is
    printed. The documentation has the kinds of claims and two files of them.
    """
    from rolemix.analysis.claims import load_claims
    from rolemix.cli import runs

    loaded = load_claims(claims)  # before a store is opened
    with api.open_store(db, existing=True) as store:
        runs.read_facts(store)
        answers = api.check(store, loaded, model=runs.tag(store, model))
    rows = [answer.to_dict() for answer in answers]
    match form:
        case Format.TABLE:
            draw(*_parts(answers))
        case Format.JSON:
            out(as_json(rows))
        case Format.CSV:
            out(as_csv(rows, COLUMNS))
        case Format.MD:
            out(as_markdown(rows, COLUMNS))


def _parts(answers: list[Answer]) -> Iterator[RenderableType]:
    for answer in answers:
        verdict = str(answer.verdict)
        line = Text(plain(f"{answer.claim.company}: {answer.claim.text}"), style="bold")
        yield line
        yield Text.assemble(("  " + verdict, _STYLES[verdict]), f": {plain(answer.figures)}")
        if answer.needed:
            yield Text(f"  needed: {plain(answer.needed)}")
        if answer.claim.note:
            yield Text(f"  note: {plain(answer.claim.note)}", style="dim")
        for one in answer.evidence:
            yield Text(f"    {one.opened} {plain(one.title)} {plain(one.url)}", style="dim")
    counts = {verdict: sum(str(answer.verdict) == verdict for answer in answers) for verdict in _STYLES}
    yield Text(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
