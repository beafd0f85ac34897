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


LABEL_ISSUES_NOTE = (
    "role is the label, predicted the role by a tagger trained on other companies, and probability how probable that "
    "tagger finds the label. Most of these labels are right: read the posting, best before you look at either role."
)


def evaluate(
    corpora: CorporaOption = None,
    amendments: AmendmentsOption = None,
    form: options.Form = Format.TABLE,
    folds: Annotated[int, typer.Option(min=2, help="The number of folds that companies are split into.")] = 5,
    boards: Annotated[
        int, typer.Option(min=1, help="The number of boards drawn from each fold, in each size, to measure mixes.")
    ] = 20,
    model: options.ModelPath = None,
    card: Annotated[
        Path | None, typer.Option("--write-card", help="A model card whose measured part to replace.")
    ] = None,
    compare: Annotated[
        str,
        typer.Option(
            metavar="OLD",
            help="Compare with an older model instead: its folder, or the name of one whose tags are in the store.",
            show_default=False,
        ),
    ] = "",
    labels: Annotated[
        Path | None, typer.Option(help="Your own labels, to compare on as well (--compare).", show_default=False)
    ] = None,
    db: options.Database = options.DEFAULT_DATABASE,
    issues: Annotated[
        int,
        typer.Option(
            "--label-issues", min=0, help="List this many labels that may be wrong instead, the least probable first."
        ),
    ] = 0,
) -> None:
    """Measure the tagger on companies that it was not trained on, and on the gold set.

    With --compare, two models are compared on the labelled postings,
    your own labels and the store, as far as they exist.
    """
    if compare and issues:
        raise RolemixError("--compare and --label-issues cannot be combined")
    if card is not None and (compare or issues):
        raise RolemixError("--write-card cannot be combined with --compare or --label-issues")
    if compare:
        from rolemix.cli.compare import compare_with

        compare_with(compare, model, corpora=corpora, amendments=amendments, db=db, labels=labels, form=form)
        return
    from classifier.evaluation.card import write_card
    from classifier.evaluation.roles import evaluate as measure
    from classifier.evaluation.roles import label_issues
    from classifier.model.tagger import Tagger, shipped
    from classifier.training.corpus import CorpusError, read_corpus

    if corpora is None:
        raise CorpusError("no labelled postings: give their folder with --corpora, or in the variable ROLEMIX_CORPORA")
    corpus = read_corpus(corpora, amendments=amendments or shipped(), progress=say)
    if issues:
        found = label_issues(corpus, Tagger.load(model), folds=folds, progress=say).head(issues).round(4)
        rows = [{str(name): value for name, value in row.items()} for row in found.to_dict(orient="records")]
        show_tables({"label_issues": rows}, form, LABEL_ISSUES_NOTE)
        return
    evaluation = measure(corpus, Tagger.load(model), folds=folds, boards=boards, progress=say)
    if card is not None:
        write_card(card, evaluation)
    _print(evaluation, form)


def _print(evaluation: Evaluation, form: Format) -> None:
    import pandas as pd
    from rich.table import Table

    from classifier.evaluation.card import cell, measured, summary

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
            out("\n".join(summary(evaluation)) + "\n")
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
