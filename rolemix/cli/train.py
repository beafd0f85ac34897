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
    from classifier.model.tagger import shipped
    from classifier.training.corpus import read_corpus
    from classifier.training.examples import Examples
    from classifier.training.train import train as train_tagger

    if corpora is None and amendments is not None:
        raise RolemixError("--amendments needs --corpora: amendments are applied to the texts of postings")
    if corpora is None:
        examples = Examples.load(shipped())
    else:
        corpus = read_corpus(corpora, amendments=amendments or shipped(), progress=say)
        examples = Examples.of(corpus.labelled, gold=corpus.gold)
    try:
        out.mkdir(parents=True, exist_ok=True)  # before training, so that a bad folder is reported at once
    except OSError as error:
        raise RolemixError(f"cannot write to {out}: {error.strerror}; name another folder with --out") from error
    tagger = train_tagger(examples, progress=say)
    manifest = tagger.save(out)
    examples.save(out)
    print_out(f"model {tagger.model}, manifest {manifest}\n")
