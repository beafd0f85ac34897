"""Training: the same corpus gives the same model, with confidence made honest on companies not trained on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import optimize, special
from sklearn.model_selection import StratifiedGroupKFold

from classifier.calibration import calibrate, held_out_kinds
from classifier.corpus import Corpus, Posting, company_groups
from classifier.tagger import Tagger
from classifier.taxonomy import Taxonomy

Progress = Callable[[str], None]
"""Is told, in a few words, what has just been done."""


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
    corpus: Corpus, tagger: Tagger | None = None, *, folds: int = 5, progress: Progress = lambda _: None
) -> Tagger:
    """Train a tagger on the labelled postings; the gold ones are not looked at.

    Args:
        corpus: The labelled postings.
        tagger: An unfitted tagger with the settings wanted; None for the defaults. Its temperatures are
            replaced by those that fit out-of-fold scores best, its calibration by the one learned on them.
        folds: How many parts the companies are dealt into to find temperatures and calibration.
        progress: Is told of each step.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    tagger = sklearn.clone(tagger or Tagger()).set_params(temperature=1.0, title_temperature=1.0)
    roles = [posting["role"] for posting in corpus.labelled]
    held_out = out_of_fold(tagger, corpus.labelled, folds=folds, progress=progress)
    temperatures = (
        best_temperature(held_out.scores, held_out.roles, roles),
        best_temperature(held_out.title_scores, held_out.roles, roles),
    )
    kinds = held_out_kinds(held_out, corpus.labelled, temperatures)
    tagger.set_params(
        temperature=temperatures[0],
        title_temperature=temperatures[1],
        calibration=calibrate(*kinds, tagger.taxonomy or Taxonomy.load()),
    )
    progress("calibrated for mixes")
    tagger.fit(corpus.labelled, roles)
    progress("trained on all postings")
    return tagger


def folds_by_company(postings: Sequence[Posting], folds: int) -> npt.NDArray[np.intp]:
    """Deal postings into folds of like roles, no company in two of them.

    Returns:
        The fold of each posting; shape (postings,).

    Raises:
        ValueError: There are fewer companies than folds.
    """
    groups = company_groups(postings)
    if folds < 2 or len(set(groups)) < folds:
        raise ValueError(f"{len(set(groups))} companies cannot be dealt into {folds} folds of at least two")
    fold = np.empty(len(postings), dtype=np.intp)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    roles = [posting["role"] for posting in postings]
    for number, (_, held_out) in enumerate(splitter.split(postings, roles, groups)):
        fold[held_out] = number
    return fold


def out_of_fold(
    tagger: Tagger,
    postings: Sequence[Posting],
    *,
    folds: int,
    fold: npt.NDArray[np.intp] | None = None,
    taught: npt.NDArray[np.bool_] | None = None,
    progress: Progress = lambda _: None,
) -> OutOfFold:
    """Score each posting with a tagger that was trained on other companies.

    Args:
        tagger: Its settings are used; it is not changed.
        postings: Labelled postings.
        folds: How many taggers are trained.
        fold: The fold of each posting, below ``folds``; shape (postings,). None for `folds_by_company`.
        taught: Which postings may be trained on at all; shape (postings,). None for all of them.
        progress: Is told of each fold.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    present = {posting["role"] for posting in postings}
    roles = tuple(sorted(present))
    fold = folds_by_company(postings, folds) if fold is None else fold
    taught = np.ones(len(postings), dtype=bool) if taught is None else taught
    scores, title_scores = np.full((2, len(postings), len(roles)), -np.inf)
    unknown, title_unknown = np.empty((2, len(postings)))
    for number in range(folds):
        inside = [posting for posting, wanted in zip(postings, taught & (fold != number), strict=True) if wanted]
        outside = [posting for posting, own in zip(postings, fold, strict=True) if own == number]
        trained = sklearn.clone(tagger).fit(inside, [posting["role"] for posting in inside])
        cells = np.ix_(fold == number, [roles.index(role) for role in trained.classes_])
        scores[cells] = trained.decision_function(outside)
        titles = [{"title": posting["title"]} for posting in outside]
        title_scores[cells] = trained.decision_function(titles)
        unknown[fold == number] = trained.vectorizer_.unknown_words(outside)
        title_unknown[fold == number] = trained.vectorizer_.unknown_words(titles)
        progress(f"fold {number + 1} of {folds}")
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

    def loss(exponent: float) -> float:
        divisor = 2.0**exponent
        normalisers = special.logsumexp(scores[known] / divisor, axis=1)
        return float(np.mean(normalisers - true_scores[known] / divisor))

    found = optimize.minimize_scalar(loss, bounds=(-3, 3), method="bounded")
    return round(float(2.0**found.x), 3)
