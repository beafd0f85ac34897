"""``rolemix label``: label postings with one key each, and train the tagger on the labels."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from classifier.training.labels import Picked
from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import say, show_tables
from rolemix.publishing.render import Format

if TYPE_CHECKING:
    from classifier.model.tagger import Tagger
    from classifier.training.labels import LabelFile
    from rolemix.tagging.labelling import Candidate

NOTES = {
    "agreement": "Postings picked because the model was unsure are harder than average, so agreement on them does not "
    "measure its accuracy. For postings picked at random, low and high bound the model's accuracy (95 %, Wilson's "
    "interval) on all postings that had no label when they were picked.",
    "gains": "Each posting was predicted by models trained without it and without others of the same title. p_value is "
    "McNemar's exact test that fixed and regressed are equally likely. Labels picked because the model was unsure are "
    "harder than average.",
}


def label(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A file of postings to label, JSON or JSON Lines; those of the store if not given.", show_default=False
        ),
    ] = None,
    labels: Annotated[Path, typer.Option(help="The file to keep your labels in.")] = Path("labels.jsonl"),
    company: Annotated[
        list[str] | None, typer.Option(help="Label only postings of this company in the store.", show_default=False)
    ] = None,
    pick: Annotated[
        Picked, typer.Option(help="Show postings that the model is unsure of, or random ones to measure its accuracy.")
    ] = Picked.UNSURE,
    report: Annotated[bool, typer.Option("--report", help="Print a summary of your labels instead.")] = False,
    train: Annotated[
        bool, typer.Option("--train", help="Train a model on your labels instead, and print what improved.")
    ] = False,
    out_folder: Annotated[Path, typer.Option("--out", help="The folder to write the model to (--train).")] = Path(
        "labelled-model"
    ),
    folds: Annotated[int, typer.Option(min=2, help="The number of cross-validation folds (--train).")] = 5,
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Label postings that the model is least sure of, with one key each.

    Every label is written immediately to your own file, with the posting's
    text, so that you can stop at any time and continue later. Postings are
    spread over companies and roles. Train a model on your labels with --train.
    """
    from classifier.taxonomy import Taxonomy
    from classifier.training.labels import LabelFile

    if report and train:
        raise RolemixError("--report and --train cannot be combined: choose one of them")
    if report or train:
        if not labels.exists():
            raise RolemixError(f"there is no label file {labels}: create one with `rolemix label`")
        label_file = LabelFile(labels, Taxonomy.load())
        _report(label_file, form) if report else _train(label_file, out_folder, model, folds, form)
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RolemixError("`rolemix label` is interactive: run it in a terminal, without pipes")
    label_file = LabelFile(labels, Taxonomy.load())
    if label_file.cut_short:
        say(f"the last line of {labels} is incomplete and was skipped")
    _label(label_file, file, company or [], pick, db, model)


def _label(
    label_file: LabelFile, file: Path | None, companies: list[str], pick: Picked, db: str, model: Path | None
) -> None:
    """Label the postings of a file or of the store."""
    if file is not None:
        from classifier.model.tagger import Tagger
        from rolemix.cli.rows import read_postings
        from rolemix.tagging.labelling import from_rows

        tagger = Tagger.load(model)
        _run(label_file, list(from_rows(read_postings(str(file)), tagger)), tagger, pick)
        return
    from rolemix.cli import runs
    from rolemix.tagging.labelling import boards_of, from_store

    with api.open_store(db, existing=True) as store:
        boards_of(store, companies)  # a misspelt name is told before a model is loaded
        tagger = runs.tag(store, model)
        _run(label_file, list(from_store(store, tagger.info, companies)), tagger, pick)


def _run(label_file: LabelFile, candidates: Sequence[Candidate], tagger: Tagger, pick: Picked) -> None:
    from classifier.taxonomy import Taxonomy
    from rolemix.cli.label_screen import run_session
    from rolemix.tagging.labelling import Session

    session = Session(candidates, label_file, tagger.info, pick)
    if session.current is None:
        say(f"no posting is left to label: {len(candidates)} of {len(candidates)} have a label in {label_file.path}")
        return
    run_session(session, label_file, tagger, Taxonomy.load(), today=api.now().date().isoformat())
    say(f"labels added: {session.added}; in {label_file.path}: {len(label_file.labels)}; postings left: {session.left}")


def _report(label_file: LabelFile, form: Format) -> None:
    from classifier.taxonomy import Taxonomy
    from rolemix.tagging.labelling import report

    show_tables(report(label_file.labels.values(), Taxonomy.load()), form, NOTES["agreement"])


def _train(label_file: LabelFile, folder: Path, model: Path | None, folds: int, form: Format) -> None:
    """Train on the labels in addition to what the model was trained on."""
    from classifier.model.tagger import shipped
    from classifier.training.examples import Examples
    from classifier.training.retraining import retrain

    examples = Examples.load(model or shipped())
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before training, to fail early
    except OSError as error:
        raise RolemixError(f"cannot write to {folder}: {error.strerror}; name another folder with --out") from error
    try:
        done = retrain(examples, list(label_file.labels.values()), folds=folds, progress=say)
    except ValueError as error:
        raise RolemixError(f"cannot train on {label_file.path}: {error}") from error
    done.tagger.save(folder)
    done.examples.save(folder)
    summary = [f"trained the model {done.tagger.model} on {done.used} of your labels: use it with --model {folder}"]
    if done.replaced:
        summary.append(f"{done.replaced} shipped postings of the same text were replaced by yours")
    if done.withheld:
        summary.append(f"{done.withheld} of your labels were not used, because their text is in the gold set")
    say("; ".join(summary))
    gains = done.gains.round(4).to_dict(orient="records")
    show_tables({"gains": [{str(name): value for name, value in row.items()} for row in gains]}, form, NOTES["gains"])
