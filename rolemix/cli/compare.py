"""``rolemix evaluate --compare``: two models on the same postings, and the words that decided."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli.console import say, show_tables
from rolemix.publishing.render import Format

if TYPE_CHECKING:
    from classifier.evaluation.comparison import Comparison
    from classifier.model.tagger import Tagger
    from classifier.training.labels import Label
    from postings.store import Store

_SHOWN = 30
"""How many changed titles a terminal shows of each part."""

_NOTE = (
    "in_sample: whether a model may have been trained on these postings, where it looks better than it is. "
    "decided: the words that counted most for the role against the other model's. In a terminal, titles that changed "
    "in the same way are listed once; every change: --format json."
)


def compare_with(
    old: str,
    model: Path | None,
    *,
    corpora: Path | None,
    amendments: Path | None,
    db: str,
    labels: Path | None,
    form: Format,
) -> None:
    """Print what changes from an old model to a new one.

    Args:
        old: A model's folder or file, or the name of one whose tags are in the store.
        model: The new model's folder or file; None for the shipped one.
        corpora: The folder of labelled postings, if there is one.
        amendments: The folder of further labels and corrections; None for the shipped ones.
        db: The store, if there is one.
        labels: The user's labels, if there are any.
        form: How to print it.

    Raises:
        RolemixError: There is no such model or no such file of labels, or there are no postings to compare on.
    """
    from classifier.evaluation.comparison import compare, predict_both
    from classifier.model.tagger import Tagger, shipped
    from classifier.taxonomy import Taxonomy
    from classifier.training.corpus import read_corpus
    from classifier.training.labels import LabelFile, LabelsError, as_posting

    new = Tagger.load(model)
    old_tagger = Tagger.load(old) if Path(old).exists() else None
    there = "://" in db or Path(db).exists()
    if labels is not None and not labels.exists():
        raise LabelsError(f"there are no labels at {labels}: make some with `rolemix label`")
    kept = LabelFile(labels, Taxonomy.load()).labels if labels is not None else {}
    if old_tagger is None and not there:
        raise RolemixError(f"there is no model at {old}, and no store at {db} to look for its tags in")
    if old_tagger is not None and not (there or corpora or kept):
        raise RolemixError(
            "there is nothing to compare on: give labelled postings with --corpora, or a store with --db"
        )
    found = []
    if old_tagger is not None and corpora is not None:
        corpus = read_corpus(corpora, amendments=amendments or shipped())
        for part, rows, seen in (("gold", corpus.gold, "no"), ("labelled", corpus.labelled, "yes")):
            found.append(compare(part, predict_both(rows, old_tagger, new), old_tagger, new, in_sample=seen))
            say(f"compared on {part}")
    elif corpora is not None:
        say(f"skipped the labelled postings: comparing on them needs the file of model {old}, not only its tags")
    if old_tagger is not None and kept:
        rows = tuple(map(as_posting, kept.values()))
        seen = "if trained with them"
        found.append(compare("your labels", predict_both(rows, old_tagger, new), old_tagger, new, in_sample=seen))
    if there:
        with api.open_store(db, existing=True) as store:
            found.append(_on_store(store, old, old_tagger, new, kept, model))
    _show(found, form)


def _on_store(
    store: Store, old: str, old_tagger: Tagger | None, new: Tagger, kept: dict[str, Label], model: Path | None
) -> Comparison:
    from classifier.evaluation.comparison import ComparedPosting, Prediction, compare
    from classifier.training.corpus import text_key
    from postings.store import queries
    from postings.store.batches import batches
    from rolemix.cli import runs
    from rolemix.companies import company_names, full_name
    from rolemix.tagging.retag import as_row

    with store.read() as connection:
        names = [one.model for one in queries.fetch_models(connection)]
    if old_tagger is None and old not in names:
        known = f": it has {', '.join(names)}" if names else ""
        raise RolemixError(f"there is no model at {old}, and the store has no tags of a model with that name{known}")
    runs.tag(store, model)

    def postings() -> Iterator[ComparedPosting]:
        name = old if old_tagger is None else old_tagger.model
        with store.read() as connection:
            companies = company_names(connection)
            both = (queries.stream_histories(connection, model=each) for each in (name, new.model))
            for batch in batches(zip(*both, strict=True)):
                here = [(one, other) for one, other in batch if other.tag and not other.posting.redirects_to]
                rows = [
                    as_row(other.posting) | {"id": full_name(other), "company": companies[other.board_url]}
                    for _, other in here
                ]
                # Where the store lacks the old model's tags its file may give them.
                lacking = [row for row, (one, _) in zip(rows, here, strict=True) if one.tag is None]
                given = old_tagger.tag(lacking) if old_tagger else iter(())
                for row, (one, other) in zip(rows, here, strict=True):
                    before, after = one.tag or next(given, None), other.tag
                    if before is not None and after is not None:
                        label = kept.get(text_key(row["title"], row["description"]))
                        yield ComparedPosting(
                            row,
                            Prediction(before.role, before.confidence),
                            Prediction(after.role, after.confidence),
                            label.role if label else None,
                        )

    return compare("store", postings(), old_tagger, new)


def _show(found: list[Comparison], form: Format) -> None:
    changes = [row for one in found for row in one.rows()]
    if form is Format.TABLE:
        changes = [row for one in found for row in _distinct(one.rows())[:_SHOWN]]
    tables = {
        "compared": [one.summary() for one in found],
        "transitions": [row for one in found for row in one.transitions()],
        "changes": changes,
    }
    show_tables(tables, form, _NOTE)


def _distinct(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows for a terminal: without the long id, and one for each title that changed in the same way."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        same = row["title"], row["before"], row["after"], row["outcome"]
        first.setdefault(same, {name: value for name, value in row.items() if name != "id"})
    return list(first.values())
