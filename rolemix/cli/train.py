"""``rolemix train``: labelled postings in, a model file out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from postings.errors import RolemixError
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


def train(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the model and its manifest into.")],
    corpora: CorporaOption = None,
) -> None:
    """Train the tagger on labelled postings and write it into a folder."""
    from classifier.corpus import read_corpus
    from classifier.training import train as train_tagger

    corpus = read_corpus(corpora_folder(corpora))
    try:
        out.mkdir(parents=True, exist_ok=True)  # before the work, so that a folder which cannot be is known at once
    except OSError as error:
        raise RolemixError(f"cannot write to {out}: {error.strerror}; name another folder with --out") from error
    tagger = train_tagger(corpus, progress=say)
    manifest = tagger.save(out)
    print_out(f"model {tagger.model}, manifest {manifest}\n")


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
