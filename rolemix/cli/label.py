"""``rolemix label``: a person decides about postings, one key each, and the tagger learns from it."""

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
    "agreement": "Postings picked because the model was unsure are harder than most, so agreement on them is no "
    "measure of the model. For those picked at random, low and high bound how often the model is right "
    "(95 %, Wilson's interval), over the postings that had no label when they were picked.",
    "gains": "Each posting was judged by models that had not seen it nor another of its title; p_value is "
    "McNemar's exact test that as many were mended as broken. Labels picked because the model was unsure are harder "
    "than most.",
}


def label(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="Postings to ask about, JSON or JSON Lines; those of the store if none is given.", show_default=False
        ),
    ] = None,
    labels: Annotated[Path, typer.Option(help="The file that your labels are kept in.")] = Path("labels.jsonl"),
    company: Annotated[
        list[str] | None, typer.Option(help="Ask only about this company of the store.", show_default=False)
    ] = None,
    pick: Annotated[
        Picked, typer.Option(help="Ask about what the model is unsure of, or at random to learn how right it is.")
    ] = Picked.UNSURE,
    report: Annotated[bool, typer.Option("--report", help="Ask nothing: print what the labels say.")] = False,
    train: Annotated[
        bool, typer.Option("--train", help="Ask nothing: train a model with them, and print what improved.")
    ] = False,
    out_folder: Annotated[Path, typer.Option("--out", help="The folder to write that model into (--train).")] = Path(
        "labelled-model"
    ),
    folds: Annotated[int, typer.Option(min=2, help="How many parts to hold out in turn (--train).")] = 5,
    db: options.Database = options.DEFAULT_DATABASE,
    form: options.Form = Format.TABLE,
    model: options.ModelPath = None,
) -> None:
    """Decide about postings that the model is least sure of, one key each.

    Every decision is written at once to a file of yours, with the posting's
    text, so that you can stop at any time and go on later. Postings come
    spread over companies and roles. Train with what you decided by --train.
    """
    from classifier.taxonomy import Taxonomy
    from classifier.training.labels import LabelFile

    if report and train:
        raise RolemixError("--report and --train are two things: ask for one of them")
    if report or train:
        if not labels.exists():
            raise RolemixError(f"there are no labels at {labels}: make some with `rolemix label`")
        kept = LabelFile(labels, Taxonomy.load())
        _report(kept, form) if report else _train(kept, out_folder, model, folds, form)
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise RolemixError("`rolemix label` asks a person: run it in a terminal, with nothing piped in or out")
    kept = LabelFile(labels, Taxonomy.load())
    if kept.cut_short:
        say(f"the last line of {labels} was only half written and is left out")
    _ask(kept, file, company or [], pick, db, model)


def _ask(kept: LabelFile, file: Path | None, companies: list[str], pick: Picked, db: str, model: Path | None) -> None:
    """Sit with a person before the postings of a file, or of the store."""
    if file is not None:
        from classifier.model.tagger import Tagger
        from rolemix.cli.rows import read_postings
        from rolemix.tagging.labelling import from_rows

        tagger = Tagger.load(model)
        _sit(kept, list(from_rows(read_postings(str(file)), tagger)), tagger, pick)
        return
    from rolemix.cli import runs
    from rolemix.tagging.labelling import from_store

    with api.open_store(db, existing=True) as store:
        tagger = runs.tag(store, model)
        _sit(kept, list(from_store(store, tagger, companies)), tagger, pick)


def _sit(kept: LabelFile, candidates: Sequence[Candidate], tagger: Tagger, pick: Picked) -> None:
    from classifier.taxonomy import Taxonomy
    from rolemix.cli.label_screen import sit
    from rolemix.tagging.labelling import Session

    session = Session(candidates, kept, tagger, pick)
    if session.current is None:
        say(f"every one of the {len(candidates)} postings has a label in {kept.path}")
        return
    sit(session, kept, tagger, Taxonomy.load(), today=api.now().date().isoformat())
    say(f"labels added: {session.added}; in {kept.path}: {len(kept.labels)}; postings without one: {session.left}")


def _report(kept: LabelFile, form: Format) -> None:
    from classifier.taxonomy import Taxonomy
    from rolemix.tagging.labelling import report

    show_tables(report(kept.labels.values(), Taxonomy.load()), form, NOTES["agreement"])


def _train(kept: LabelFile, folder: Path, model: Path | None, folds: int, form: Format) -> None:
    """Train with a person's labels beside what the model was trained on."""
    from classifier.model.tagger import shipped
    from classifier.training.examples import Examples
    from classifier.training.retraining import retrain

    examples = Examples.load(model or shipped())
    try:
        folder.mkdir(parents=True, exist_ok=True)  # before the work, so that a folder which cannot be is known at once
    except OSError as error:
        raise RolemixError(f"cannot write to {folder}: {error.strerror}; name another folder with --out") from error
    try:
        done = retrain(examples, list(kept.labels.values()), folds=folds, progress=say)
    except ValueError as error:
        raise RolemixError(f"cannot train with {kept.path}: {error}") from error
    done.tagger.save(folder)
    done.examples.save(folder)
    said = [f"model {done.tagger.model} in {folder} has learned {done.used} labels: use it with --model {folder}"]
    if done.replaced:
        said.append(f"{done.replaced} shipped postings of the same text were replaced by yours")
    if done.withheld:
        said.append(
            f"{done.withheld} of your labels were not learned: the gold set, which must stay unseen, has that text"
        )
    say("; ".join(said))
    gains = done.gains.round(4).to_dict(orient="records")
    show_tables({"gains": [{str(name): value for name, value in row.items()} for row in gains]}, form, NOTES["gains"])
