"""``rolemix evaluate``: how right the tagger is, by language, focus and role."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from postings.errors import RolemixError
from rolemix.cli import options
from rolemix.cli.console import draw, out, say, show_tables
from rolemix.cli.train import AmendmentsOption, CorporaOption
from rolemix.publishing.render import Format, as_json

if TYPE_CHECKING:
    from classifier.evaluation.roles import Evaluation


SUSPECTS_NOTE = (
    "role is the label, said what a tagger says that was trained on other companies, probability how probable it holds "
    "the label. Most are right and the tagger wrong: read the posting, best before you look at either."
)


def evaluate(
    corpora: CorporaOption = None,
    amendments: AmendmentsOption = None,
    form: options.Form = Format.TABLE,
    folds: Annotated[int, typer.Option(min=2, help="How many parts the companies are dealt into.")] = 5,
    boards: Annotated[
        int, typer.Option(min=1, help="How many boards are drawn from each fold, in each size, to measure mixes.")
    ] = 20,
    model: options.ModelPath = None,
    card: Annotated[
        Path | None, typer.Option("--write-card", help="A model card whose measured part to write anew.")
    ] = None,
    compare: Annotated[
        str,
        typer.Option(
            metavar="OLD",
            help="Say instead what changed since an older model, and by which words: its folder, or the name of one "
            "whose tags are in the store.",
            show_default=False,
        ),
    ] = "",
    labels: Annotated[
        Path | None, typer.Option(help="Your own labels, to know what is right (--compare).", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    suspects: Annotated[
        int, typer.Option(min=0, help="List instead this many labels that may be wrong, the least probable first.")
    ] = 0,
) -> None:
    """Measure the tagger on companies that it was not trained on, and on the gold set.

    With --compare, two models are compared over the labelled postings,
    your own labels and the store, whichever of them there are.
    """
    if compare and suspects:
        raise RolemixError("--compare and --suspects are two things: ask for one of them")
    if card is not None and (compare or suspects):
        raise RolemixError("--write-card writes what one model scores: leave it out with --compare and --suspects")
    if compare:
        from rolemix.cli.compare import compare_with

        compare_with(compare, model, corpora=corpora, amendments=amendments, db=db, labels=labels, form=form)
        return
    from classifier.evaluation.card import write_card
    from classifier.evaluation.roles import evaluate as measure
    from classifier.evaluation.roles import suspects as find_suspects
    from classifier.model.tagger import Tagger, shipped
    from classifier.training.corpus import CorpusError, read_corpus

    if corpora is None:
        raise CorpusError(
            "no corpora: name the folder of labelled postings with --corpora or the variable ROLEMIX_CORPORA"
        )
    corpus = read_corpus(corpora, amendments=amendments or shipped(), progress=say)
    if suspects:
        found = find_suspects(corpus, Tagger.load(model), folds=folds, progress=say).head(suspects).round(4)
        rows = [{str(name): value for name, value in row.items()} for row in found.to_dict(orient="records")]
        show_tables({"suspects": rows}, form, SUSPECTS_NOTE)
        return
    evaluation = measure(corpus, Tagger.load(model), folds=folds, boards=boards, progress=say)
    if card is not None:
        write_card(card, evaluation)
    _print(evaluation, form)


def _print(evaluation: Evaluation, form: Format) -> None:
    import pandas as pd
    from rich.table import Table

    from classifier.evaluation.card import cell, measured

    tables = evaluation.tables()
    match form:
        case Format.JSON:
            records = {
                name: table.astype(object).where(table.notna(), None).to_dict(orient="records")
                for name, table in tables.items()
            }
            about = {"model": evaluation.model, "taxonomy_version": evaluation.taxonomy_version}
            out(as_json(about | records))
        case Format.MD:
            out(measured(evaluation))
        case Format.CSV:
            every = [table.assign(table=name) for name, table in tables.items()]
            joined = pd.concat(every, ignore_index=True)
            joined.insert(0, "table", joined.pop("table"))
            out(joined.to_csv(index=False, lineterminator="\n"))
        case Format.TABLE:
            drawn = []
            for name, table in tables.items():
                shown = Table(title=f"{name} (model {evaluation.model})", title_justify="left")
                for column in table:
                    numeric = pd.api.types.is_numeric_dtype(table[column])
                    shown.add_column(str(column).replace("_", " "), justify="right" if numeric else "left")
                for row in table.itertuples(index=False):
                    shown.add_row(*map(cell, row))
                drawn.append(shown)
            draw(*drawn)
