"""Training: the same corpus gives the same model, with confidence made honest on companies not trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import optimize, special
from sklearn.model_selection import StratifiedGroupKFold

from classifier.model.tagger import Tagger
from classifier.quantification.fitting import calibrate, held_out_kinds
from classifier.taxonomy import Taxonomy
from classifier.training.examples import Examples

Progress = Callable[[str], None]
"""Is told, in a few words, what has just been done."""


WEIGHTS = {1: 0.5, 2: 0.8, 3: 1.0}
"""How much a label counts in training, by the reader's confidence in it."""


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What taggers say about postings of companies that they were not trained on.

    Attributes:
        roles: The roles of the columns.
        fold: The fold that each posting was held out in; shape (postings,).
        scores: The score of each role; shape (postings, roles); minus infinity for a role that was not
            trained.
        title_scores: The same with the title alone.
        unknown: The share of each posting's words that its tagger did not know; shape (postings,).
        title_unknown: The same with the title alone.
    """

    roles: tuple[str, ...]
    fold: npt.NDArray[np.intp]
    scores: npt.NDArray[np.float64]
    title_scores: npt.NDArray[np.float64]
    unknown: npt.NDArray[np.float64]
    title_unknown: npt.NDArray[np.float64]


def train(
    examples: Examples,
    tagger: Tagger | None = None,
    *,
    folds: int = 5,
    progress: Progress = lambda _: None,
) -> Tagger:
    """Train a tagger on labelled postings.

    Args:
        examples: What was counted of them.
        tagger: An unfitted tagger with the settings wanted; None for the defaults. Its temperatures are
            replaced by those that fit out-of-fold scores best, its calibration by the one learned on them.
        folds: How many parts the companies are dealt into to find temperatures and calibration.
        progress: Is told of each step.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    tagger = untempered(tagger or Tagger())
    held_out = out_of_fold(tagger, examples, folds_by_company(examples, folds), progress=progress)
    return finish(tagger, held_out, examples, progress=progress)


def untempered(tagger: Tagger) -> Tagger:
    """Return an unfitted tagger with the same settings, but temperatures of 1 and no calibration."""
    fresh: Tagger = sklearn.clone(tagger)
    return fresh.set_params(temperature=1.0, title_temperature=1.0, calibration=None)  # type: ignore[no-any-return]


def finish(tagger: Tagger, held_out: OutOfFold, examples: Examples, *, progress: Progress = lambda _: None) -> Tagger:
    """Fit a tagger to all postings, with the temperatures and the calibration that out-of-fold scores ask for.

    Args:
        tagger: Its settings are used; it is fitted and returned.
        held_out: What taggers of these settings say of the same postings out of fold.
        examples: The postings.
        progress: Is told of each step.
    """
    roles = examples.roles.tolist()
    temperatures = (
        best_temperature(held_out.scores, held_out.roles, roles),
        best_temperature(held_out.title_scores, held_out.roles, roles),
    )
    kinds = held_out_kinds(held_out, examples, temperatures)
    tagger.set_params(
        temperature=temperatures[0],
        title_temperature=temperatures[1],
        calibration=calibrate(*kinds, tagger.taxonomy or Taxonomy.load()),
    )
    progress("calibrated for mixes")
    fit(tagger, examples)
    progress("trained on all postings")
    return tagger


def fit(tagger: Tagger, examples: Examples) -> Tagger:
    """Fit a tagger to postings, each label counting by its confidence, and return it."""
    weights = [WEIGHTS[confidence] for confidence in examples.confidence.tolist()]
    return tagger.fit_counts(examples.counts, examples.roles.tolist(), weights)


def folds_by_company(examples: Examples, folds: int) -> npt.NDArray[np.intp]:
    """Deal postings into folds of like roles, no company in two of them.

    Returns:
        The fold of each posting; shape (postings,).

    Raises:
        ValueError: There are fewer companies than folds.
    """
    companies = len(set(examples.companies.tolist()))
    if folds < 2 or companies < folds:
        raise ValueError(f"{companies} companies cannot be dealt into {folds} folds of at least two")
    fold = np.empty(len(examples), dtype=np.intp)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    for number, (_, held_out) in enumerate(splitter.split(examples.roles, examples.roles, examples.companies)):
        fold[held_out] = number
    return fold


def out_of_fold(
    tagger: Tagger,
    examples: Examples,
    fold: npt.NDArray[np.intp],
    *,
    taught: npt.NDArray[np.bool_] | None = None,
    progress: Progress = lambda _: None,
) -> OutOfFold:
    """Score the postings of each fold with a tagger that was trained on the others.

    Args:
        tagger: Its settings are used; it is not changed.
        examples: Labelled postings.
        fold: The fold of each, mostly from `folds_by_company`; shape (postings,).
        taught: Which postings may be trained on at all; shape (postings,). None for all of them.
        progress: Is told of each fold.
    """
    roles = tuple(sorted(set(examples.roles.tolist())))
    taught = np.ones(len(examples), dtype=bool) if taught is None else taught
    scores, title_scores = np.full((2, len(examples), len(roles)), -np.inf)
    unknown, title_unknown = np.empty((2, len(examples)))
    numbers = np.unique(fold).tolist()
    for step, number in enumerate(numbers, 1):
        outside = fold == number
        trained = fit(sklearn.clone(tagger), examples.rows(taught & ~outside))
        counts = examples.counts.rows(outside)
        cells = np.ix_(outside, [roles.index(role) for role in trained.classes_])
        scores[cells] = trained.score_counts(counts)
        title_scores[cells] = trained.score_counts(counts, titles_only=True)
        unknown[outside] = trained.vectorizer_.unknown_words(counts)
        title_unknown[outside] = trained.vectorizer_.unknown_words(counts, titles_only=True)
        progress(f"fold {step} of {len(numbers)}")
    return OutOfFold(roles, fold, scores, title_scores, unknown, title_unknown)


def best_temperature(scores: npt.NDArray[np.float64], columns: Sequence[str], roles: Sequence[str]) -> float:
    """Return what scores must be divided by for their softmax to be the most likely (Guo et al. 2017).

    Args:
        scores: Shape (postings, columns).
        columns: The roles of the columns.
        roles: The true role of each posting.

    Returns:
        A temperature from 1/8 to 8, to three places, so that it is the same on every processor.
    """
    truth = np.array([columns.index(role) for role in roles])
    true_scores = scores[np.arange(len(truth)), truth]
    known = np.isfinite(true_scores)  # a fold may have had no posting of the role to learn from
    if not known.any():
        return 1.0

    def loss(exponent: float) -> float:
        divisor = 2.0**exponent
        normalisers = special.logsumexp(scores[known] / divisor, axis=1)
        return float(np.mean(normalisers - true_scores[known] / divisor))

    found = optimize.minimize_scalar(loss, bounds=(-3, 3), method="bounded")
    return round(float(2.0**found.x), 3)
