"""Evaluation of roles: how right and how well calibrated the tagger is on companies that it was not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from classifier.decision import decide
from classifier.evaluation import metrics
from classifier.evaluation.metrics import Predictions
from classifier.evaluation.mixes import MixEvaluation, evaluate_mix
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus, Posting, company_groups
from classifier.training.cross_validation import (
    TITLE,
    WHOLE,
    OutOfFold,
    Progress,
    folds_by_company,
    out_of_fold,
    probabilities_out_of_fold,
    unblended,
)
from classifier.training.examples import Examples
from classifier.training.short_texts import STUB

OUT_OF_FOLD = "out of fold"

_VIEWS = {TITLE: "title alone", STUB: "title and a stub"}

YEAR_POSTINGS = 100
"""A year with fewer postings is not a view of its own."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results, in tables.

    Attributes:
        model: The name of the model that predicted the gold set.
        taxonomy_version: The version of the taxonomy that has these roles and focuses.
        scores: A row for each view and language: the number of postings and companies; macro-F1 and accuracy of
            focuses and of roles, and Cohen's kappa of roles; the expected calibration error of the confidence in the
            role. Macro-F1 is the mean over the classes that occur among the postings; ``low`` and ``high`` are its
            95 % interval by the bootstrap over companies.
        coverage: Out of fold, by view and language, for each least probability of the focus: how many tags reach it,
            and how right these are.
        focuses: Out of fold, precision, recall and F1 of each focus, its number of postings, and its F1 in each
            language.
        roles: The same for each role.
        confusions: Out of fold, the most frequent mistakes by language: the true role, the role predicted, how often,
            and which share of the true role's postings that is.
        data: The number of postings trained on and of gold ones, by language and year of the source.
        mix: How right estimated mixes are.
    """

    model: str
    taxonomy_version: str
    scores: pd.DataFrame
    coverage: pd.DataFrame
    focuses: pd.DataFrame
    roles: pd.DataFrame
    confusions: pd.DataFrame
    data: pd.DataFrame
    mix: MixEvaluation

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, in the order to show them."""
        names = ("scores", "coverage", "focuses", "roles", "confusions", "data")
        tables = {name: getattr(self, name) for name in names}
        return tables | self.mix.tables()


def evaluate(
    corpus: Corpus, tagger: Tagger, *, folds: int = 5, boards: int = 20, progress: Progress = lambda _: None
) -> Evaluation:
    """Measure a tagger.

    Taggers with the same settings are measured out of fold, on companies that they were not trained on: on all
    postings, on those labelled at first, on those whose label the reader called clear, with their descriptions cut
    short, replaced by stubs, or left out, and on each year by a tagger trained on other years. The tagger itself
    predicts the gold set, all of it and the part whose companies have no labelled posting; beside it stands the second
    reader of the gold set, where there is one.

    Args:
        corpus: Labelled postings and the gold set.
        tagger: A fitted tagger, trained on these labelled postings.
        folds: The number of folds that companies are split into.
        boards: The number of boards that mixes are measured on; see `evaluate_mix`.
        progress: Called after each step.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    taxonomy = tagger.taxonomy or Taxonomy.load()
    fresh = unblended(tagger)
    examples, held_out = _hold_out(corpus, fresh, folds, progress)
    by_view = predict_out_of_fold(corpus.labelled, held_out, taxonomy)
    full = by_view[WHOLE]
    described = np.array([bool(posting["description"].strip()) for posting in corpus.labelled])
    gold = predict(tagger, corpus.gold, taxonomy)
    progress("gold set")
    clear = np.array([posting.get("confidence", 3) == 3 for posting in full.postings])
    views = {
        "out of fold": full,
        "out of fold, labelled at first": full.part(~examples.added) if examples.added.any() else None,
        "out of fold, clear labels": full.part(clear) if not clear.all() else None,
        "out of fold, described": full.part(described) if not described.all() else None,
        **{
            f"out of fold, described, {_VIEWS.get(view, f'first {view} characters')}": by_view[view].part(described)
            for view in held_out.views()
            if view != WHOLE
        },
        "out of fold, without a description": full.part(~described) if not described.all() else None,
        "trained on other years": predict_by_year(fresh, corpus.labelled, examples, taxonomy, progress),
        "gold": gold,
        "gold, companies not trained on": _of_other_companies(gold, corpus.labelled),
        "gold, its second reader": second_reader(corpus.gold),
    }
    truth, predicted, languages = full.truth, full.predicted, examples.languages
    focuses = metrics.focuses(truth, taxonomy), metrics.focuses(predicted, taxonomy)
    return Evaluation(
        model=tagger.model,
        taxonomy_version=taxonomy.version,
        scores=pd.DataFrame(
            row
            for view, predictions in views.items()
            if predictions is not None
            for row in metrics.score(view, predictions, taxonomy)
        ),
        coverage=metrics.coverage(
            {view: found for view, found in views.items() if found is not None and view.startswith(OUT_OF_FOLD)},
            taxonomy,
        ),
        focuses=metrics.by_class("focus", *focuses, taxonomy.focus_names, languages),
        roles=metrics.by_class("role", truth, predicted, taxonomy.role_names, languages),
        confusions=metrics.confusions(full),
        data=_data(corpus),
        mix=evaluate_mix(held_out, examples, taxonomy, boards=boards, progress=progress),
    )


def label_issues(
    corpus: Corpus, tagger: Tagger, *, folds: int = 5, progress: Progress = lambda _: None
) -> pd.DataFrame:
    """Return the labels that may be wrong: those that taggers trained on other companies do not predict.

    The least probable labels come first: the self-confidence of Northcutt, Jiang & Chuang (2021,
    doi:10.1613/jair.1.12125). A person decides, best without knowing either role.

    Args:
        corpus: Labelled postings.
        tagger: Its settings are used.
        folds: The number of folds that companies are split into.
        progress: Called after each fold.

    Returns:
        A row for each posting, with its id, language and title, the label (``role``), the role ``predicted``, and the
        ``probability`` of the label.
    """
    taxonomy = tagger.taxonomy or Taxonomy.load()
    examples, held_out = _hold_out(corpus, unblended(tagger), folds, progress)
    probabilities = probabilities_out_of_fold(held_out, examples.roles)[WHOLE]
    table = pd.DataFrame(
        {
            "id": examples.ids,
            "language": examples.languages,
            "title": [posting["title"] for posting in corpus.labelled],
            "role": examples.roles,
            "predicted": np.array(held_out.roles)[decide(probabilities, held_out.roles, taxonomy)],
            "probability": probabilities[np.arange(len(examples)), np.searchsorted(held_out.roles, examples.roles)],
        }
    )
    issues = table[table["role"] != table["predicted"]]
    return issues.sort_values("probability", kind="stable", ignore_index=True)


def predict(tagger: Tagger, postings: Sequence[Posting], taxonomy: Taxonomy) -> Predictions:
    """Return a fitted tagger's predictions for labelled postings."""
    return Predictions.of(postings, tagger.predict_proba(postings), tagger.classes_.tolist(), taxonomy)


def predict_out_of_fold(postings: Sequence[Posting], held_out: OutOfFold, taxonomy: Taxonomy) -> dict[str, Predictions]:
    """Turn out-of-fold margins into predictions, in each view of the postings."""
    roles = np.array([posting["role"] for posting in postings], dtype=str)
    return {
        view: Predictions.of(postings, probabilities, held_out.roles, taxonomy)
        for view, probabilities in probabilities_out_of_fold(held_out, roles).items()
    }


def predict_by_year(
    tagger: Tagger,
    postings: Sequence[Posting],
    examples: Examples,
    taxonomy: Taxonomy,
    progress: Progress = lambda _: None,
) -> Predictions | None:
    """Predict each year's postings by a tagger trained on the other years, on some of the same companies.

    Postings of unknown year are left out, both of training and of the predictions, as are those of years with few.

    Args:
        tagger: Its settings are used.
        postings: Labelled postings.
        examples: The same postings, counted.
        taxonomy: Groups roles into focuses.
        progress: Called after each year.

    Returns:
        None where fewer than two years have at least `YEAR_POSTINGS`.
    """
    years = np.array([_year(posting) for posting in postings])
    names, sizes = np.unique(years[years != "unknown"], return_counts=True)
    chosen = np.isin(years, names[sizes >= YEAR_POSTINGS])
    if len(set(years[chosen].tolist())) < 2:
        return None
    part = examples.rows(chosen)
    fold = np.unique(years[chosen], return_inverse=True)[1]
    held_out = out_of_fold(tagger, part, fold, progress=lambda step: progress(step.replace("fold", "year")))
    of_part = [posting for posting, wanted in zip(postings, chosen, strict=True) if wanted]
    return predict_out_of_fold(of_part, held_out, taxonomy)[WHOLE]


def second_reader(gold: Sequence[Posting]) -> Predictions | None:
    """Return the roles that the gold set's second reader gave, as predictions; None where not all postings have one."""
    if not all(posting.get("reader_2") for posting in gold):
        return None
    predicted = np.array([posting["reader_2"] for posting in gold], dtype=str)
    return Predictions(tuple(gold), predicted, np.full(len(gold), np.nan), np.full(len(gold), np.nan))


def _hold_out(corpus: Corpus, fresh: Tagger, folds: int, progress: Progress) -> tuple[Examples, OutOfFold]:
    """Count the labelled postings, and score each with a tagger that was trained on other companies."""
    examples = Examples.of(corpus.labelled, fresh.vectorizer)
    return examples, out_of_fold(fresh, examples, folds_by_company(examples, folds), progress=progress)


def _of_other_companies(predictions: Predictions, labelled: Sequence[Posting]) -> Predictions:
    groups = company_groups([*labelled, *predictions.postings])  # together, as some companies have several names
    known = set(groups[: len(labelled)])
    return predictions.part(np.array([group not in known for group in groups[len(labelled) :]], dtype=bool))


def _data(corpus: Corpus) -> pd.DataFrame:
    rows = [
        {"language": posting["lang"], "year": _year(posting), "part": part}
        for part, postings in (("trained on", corpus.labelled), ("gold", corpus.gold))
        for posting in postings
    ]
    counts = pd.DataFrame(rows).value_counts().unstack("part", fill_value=0).reset_index()
    counts.columns.name = None
    wanted = ["language", "year", *(part for part in ("trained on", "gold") if part in counts)]
    return counts.sort_values(["language", "year"], ignore_index=True)[wanted]


def _year(posting: Posting) -> str:
    """Return the year that a posting names, or "unknown": some sources give only its age in weeks."""
    year = str(posting.get("posted_at") or "")[:4]
    return year if year.isdecimal() and len(year) == 4 else "unknown"
