"""``rolemix train``: labelled postings in, a model file out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli.console import out as print_out
from rolemix.cli.console import say

CorporaOption = Annotated[
    Path | None,
    typer.Option(
        "--corpora",
        envvar="ROLEMIX_CORPORA",
        help="The folder that holds labelled.jsonl.gz and gold.jsonl.gz.",
    ),
]


AmendmentsOption = Annotated[
    Path | None,
    typer.Option(
        "--amendments",
        exists=True,
        file_okay=False,
        help="The folder of labels.csv and corrections.csv to apply to the corpora; by default the shipped ones.",
    ),
]


def train(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the model and its training data to.")],
    corpora: CorporaOption = None,
    amendments: AmendmentsOption = None,
) -> None:
    """Train the tagger and write it to a folder, with the term counts that it was trained on.

    Without --corpora it is trained on the term counts that ship with rolemix, which reproduces the shipped model.
    """
    if corpora is None and amendments is not None:
        raise RolemixError("--amendments needs --corpora: amendments are applied to the texts of postings")
    from classifier.model.model_file import MANIFEST

    tagger = api.train(out, corpora, amendments=amendments, progress=say)
    print_out(f"model {tagger.model}, manifest {out / MANIFEST}\n")
