"""Scores of predicted roles: macro-F1 with intervals, calibration error, coverage, and the most frequent mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_recall_fscore_support

from classifier.arrays import Flags, Floats
from classifier.decision import decide
from classifier.model.tag import SURE
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Posting, company_groups

Roles = npt.NDArray[np.str_]
"""A role, or a focus, for each posting."""

BINS = 15
"""Bins of equal width for the calibration error, as in Guo et al. (2017)."""

RESAMPLES = 1000
"""How often companies are drawn again for an interval."""

TOP = 10
"""How many of the most frequent mistakes are listed for a language."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """Labelled postings and the role predicted for each.

    Attributes:
        postings: The postings, each with its true ``role`` and its language, ``lang``.
        predicted: The role predicted; shape (postings,), as are the others.
        confidence: The probability of that role; not a number where it is not known.
        focus_confidence: The probability of that role's focus.
    """

    postings: tuple[Posting, ...]
    predicted: Roles
    confidence: Floats
    focus_confidence: Floats

    @classmethod
    def of(
        cls, postings: Sequence[Posting], probabilities: Floats, columns: Sequence[str], taxonomy: Taxonomy
    ) -> Predictions:
        """Choose a role for each posting.

        Args:
            postings: Labelled postings.
            probabilities: The probability of each role; shape (postings, columns).
            columns: The roles of the columns.
            taxonomy: Groups roles into focuses.
        """
        best = decide(probabilities, columns, taxonomy)
        confidence = np.take_along_axis(probabilities, best[:, np.newaxis], axis=1)[:, 0]
        focus = focuses(np.array(columns), taxonomy)
        of_focus = np.where(focus == focus[best][:, np.newaxis], probabilities, 0.0).sum(axis=1)
        return cls(tuple(postings), np.array(columns)[best], confidence, of_focus)

    @property
    def truth(self) -> Roles:
        """The true role of each posting; shape (postings,)."""
        return np.array([posting["role"] for posting in self.postings], dtype=str)

    def part(self, chosen: Flags) -> Predictions:
        """Return some of the postings, chosen by a mask of shape (postings,)."""
        postings = tuple(posting for posting, wanted in zip(self.postings, chosen, strict=True) if wanted)
        return Predictions(postings, self.predicted[chosen], self.confidence[chosen], self.focus_confidence[chosen])


def by_language(predictions: Predictions) -> Iterator[tuple[str, Predictions]]:
    """Yield the predictions in all languages together, named "all", and in each, the largest first."""
    yield "all", predictions
    languages = pd.Series([posting["lang"] for posting in predictions.postings], dtype=str)
    for language in languages.value_counts().index:
        yield language, predictions.part((languages == language).to_numpy())


def focuses(roles: Roles, taxonomy: Taxonomy) -> Roles:
    """Return the focus of each role; shape (postings,)."""
    return np.array([taxonomy.focus_by_role[role] for role in roles], dtype=str)


def score(view: str, predictions: Predictions, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """Yield a row of scores for all languages together and for each, the largest first.

    Args:
        view: Names the predictions.
        predictions: What to score.
        taxonomy: Groups roles into focuses.
    """
    for language, part in by_language(predictions):
        if not part.postings:
            continue
        truth, predicted = part.truth, part.predicted
        focus_truth, focus_predicted = focuses(truth, taxonomy), focuses(predicted, taxonomy)
        groups = company_groups(part.postings)
        focus_low, focus_high = bootstrap(focus_truth, focus_predicted, groups)
        role_low, role_high = bootstrap(truth, predicted, groups)
        yield {
            "view": view,
            "language": language,
            "postings": len(part.postings),
            "companies": len(set(groups)),
            "focus_macro_f1": macro_f1(focus_truth, focus_predicted),
            "focus_low": focus_low,
            "focus_high": focus_high,
            "focus_accuracy": accuracy_score(focus_truth, focus_predicted),
            "role_macro_f1": macro_f1(truth, predicted),
            "role_low": role_low,
            "role_high": role_high,
            "role_accuracy": accuracy_score(truth, predicted),
            "role_kappa": cohen_kappa_score(truth, predicted),
            "calibration_error": calibration_error(part.confidence, truth == predicted),
        }


def macro_f1(truth: Roles, predicted: Roles) -> float:
    """Return the mean F1 over the classes that occur among the true ones."""
    return float(f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0.0))


def bootstrap(
    truth: Roles, predicted: Roles, groups: Sequence[str], *, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Return a 95 % interval of macro-F1, by the bootstrap over companies (Efron 1979).

    Args:
        truth: The true class of each posting; shape (postings,).
        predicted: The class predicted; shape (postings,).
        groups: Its company. Postings of one company are alike, so that companies are resampled, not postings.
        resamples: How often as many companies as there are are drawn with replacement.
    """
    names = sorted({*truth.tolist(), *predicted.tolist()})
    pair = np.searchsorted(names, truth) * len(names) + np.searchsorted(names, predicted)
    group = np.unique(np.asarray(groups), return_inverse=True)[1]
    size = int(group.max()) + 1
    tables = sparse.coo_matrix((np.ones(len(pair)), (group, pair)), shape=(size, len(names) ** 2)).tocsr()
    draws = np.random.default_rng(0).multinomial(size, np.full(size, 1 / size), size=resamples)
    counts = np.asarray((tables.T @ draws.T).T).reshape(resamples, len(names), len(names))
    right = np.diagonal(counts, axis1=1, axis2=2)
    total = counts.sum(axis=1) + counts.sum(axis=2)
    f1 = np.divide(2 * right, total, out=np.zeros_like(right), where=total > 0)
    present = counts.sum(axis=2) > 0  # macro-F1 is the mean over the classes that occur
    means = np.where(present, f1, 0).sum(axis=1) / present.sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def calibration_error(confidence: Floats, right: Flags) -> float:
    """Return the expected calibration error (Guo, Pleiss, Sun & Weinberger 2017, arXiv:1706.04599).

    It is the mean over postings of the distance between confidence and accuracy in the posting's bin.

    Args:
        confidence: From 0 to 1; shape (postings,).
        right: Whether the prediction is right; shape (postings,).

    Returns:
        From 0 to 1; not a number where a confidence is not known.
    """
    if np.isnan(confidence).any():
        return float("nan")
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def coverage(views: Mapping[str, Predictions], taxonomy: Taxonomy) -> pd.DataFrame:
    """Return, for each view and language and each least probability of the focus, how many tags reach it.

    Args:
        views: Predictions by the name of their view.
        taxonomy: Groups roles into focuses.

    Returns:
        A row for each, with the fraction of tags and their accuracy.
    """
    rows = []
    for view, predictions in views.items():
        for language, part in by_language(predictions):
            right = part.truth == part.predicted
            right_focus = focuses(part.truth, taxonomy) == focuses(part.predicted, taxonomy)
            for least in (0.0, 0.7, SURE, 0.95):
                kept = part.focus_confidence >= least
                rows.append(
                    {
                        "view": view,
                        "language": language,
                        "least_focus_probability": least,
                        "coverage": float(kept.mean()),
                        "focus_accuracy": float(right_focus[kept].mean()) if kept.any() else np.nan,
                        "role_accuracy": float(right[kept].mean()) if kept.any() else np.nan,
                    }
                )
    return pd.DataFrame(rows)


def by_class(key: str, truth: Roles, predicted: Roles, classes: Sequence[str], languages: Roles) -> pd.DataFrame:
    """Return precision, recall and F1 of each class, its number of postings, and its F1 in each language.

    Args:
        key: Names the column of classes.
        truth: The true class of each posting; shape (postings,).
        predicted: The class predicted; shape (postings,).
        classes: The classes, one row each.
        languages: The language of each posting; shape (postings,).
    """
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, predicted, labels=classes, zero_division=0.0
    )
    table = pd.DataFrame({key: classes, "precision": precision, "recall": recall, "f1": f1, "postings": support})
    for language in pd.Series(languages).value_counts().index:
        own = languages == language
        scores = f1_score(truth[own], predicted[own], labels=classes, average=None, zero_division=0.0)
        table[f"f1_{language}"] = np.where(np.isin(classes, truth[own]), scores, np.nan)
    return table


def confusions(predictions: Predictions) -> pd.DataFrame:
    """Return the `TOP` most frequent mistakes by language, and which share of the true role's postings each is."""
    tables = []
    for language, part in by_language(predictions):
        pairs = pd.DataFrame({"role": part.truth, "predicted": part.predicted})
        sizes = pairs["role"].value_counts()
        counts = pairs[pairs["role"] != pairs["predicted"]].value_counts().rename("postings").reset_index()
        counts["share"] = counts["postings"] / counts["role"].map(sizes)
        counts.insert(0, "language", language)
        tables.append(counts.sort_values(["postings", "role", "predicted"], ascending=[False, True, True])[:TOP])
    return pd.concat(tables, ignore_index=True)
