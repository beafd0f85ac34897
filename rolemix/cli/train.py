"""``rolemix train``: labelled postings in, a model file out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

CorporaOption = Annotated[
    Path | None,
    typer.Option(
        "--corpora",
        envvar="ROLEMIX_CORPORA",
        help="The folder that holds labelled.jsonl.gz and gold.jsonl.gz.",
    ),
]


def train(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the model and its manifest into.")],
    corpora: CorporaOption = None,
) -> None:
    """Train the tagger on labelled postings and write it into a folder."""
    from classifier.corpus import read_corpus
    from classifier.training import train as train_tagger

    tagger = train_tagger(read_corpus(corpora_folder(corpora)), progress=tell)
    manifest = tagger.save(out)
    typer.echo(f"model {tagger.model}, manifest {manifest}")


def corpora_folder(folder: Path | None) -> Path:
    """Return the folder of the corpora.

    Raises:
        CorpusError: None was named.
    """
    from classifier.corpus import CorpusError

    if folder is None:
        raise CorpusError(
            "no corpora: name the folder of labelled postings with --corpora or the variable ROLEMIX_CORPORA"
        )
    return folder


def tell(message: str) -> None:
    """Show a step of long work on standard error."""
    typer.echo(message, err=True)
