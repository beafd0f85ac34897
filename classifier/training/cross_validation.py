"""Cross-validation: every labelled posting is scored by a tagger that was trained on other companies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import optimize, special
from sklearn.model_selection import StratifiedGroupKFold

from classifier.arrays import Flags, Floats, Indices
from classifier.model.tagger import Tagger
from classifier.quantification.protocols import HeldOut
from classifier.training.examples import Examples

Progress = Callable[[str], None]
"""Called after each step, with a few words on what was done."""

WEIGHTS = {1: 0.5, 2: 0.8, 3: 1.0}
"""How much a label weighs in training, by the reader's confidence in it."""


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Scores of postings by taggers that were not trained on their companies.

    Attributes:
        roles: The roles of the columns.
        fold: The fold that each posting was held out in; shape (postings,).
        scores: The score of each role; shape (postings, roles); minus infinity for a role that was not
            trained.
        title_scores: The same with the title alone.
        unknown: The share of each posting's words that its tagger does not know; shape (postings,).
        title_unknown: The same with the title alone.
    """

    roles: tuple[str, ...]
    fold: Indices
    scores: Floats
    title_scores: Floats
    unknown: Floats
    title_unknown: Floats


def untempered(tagger: Tagger) -> Tagger:
    """Return an unfitted tagger with the same settings, but temperatures of 1."""
    fresh: Tagger = sklearn.clone(tagger)
    return fresh.set_params(temperature=1.0, title_temperature=1.0)


def fit_tagger(tagger: Tagger, examples: Examples) -> Tagger:
    """Fit a tagger to postings, each label weighted by the reader's confidence in it (`WEIGHTS`), and return it."""
    weights = [WEIGHTS[confidence] for confidence in examples.confidence.tolist()]
    return tagger.fit_counts(examples.counts, examples.roles.tolist(), weights)


def folds_by_company(examples: Examples, folds: int) -> Indices:
    """Split postings into folds with like shares of the roles, no company in two of them.

    Args:
        examples: Labelled postings.
        folds: The number of folds, at least two.

    Returns:
        The fold of each posting; shape (postings,).

    Raises:
        ValueError: There are fewer companies than folds.
    """
    companies = len(set(examples.companies.tolist()))
    if folds < 2 or companies < folds:
        raise ValueError(
            f"cannot split {companies} companies into {folds} folds: use at least 2 folds, and no more than companies"
        )
    fold = np.empty(len(examples), dtype=np.intp)
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=0)
    for number, (_, held_out) in enumerate(splitter.split(examples.roles, examples.roles, examples.companies)):
        fold[held_out] = number
    return fold


def out_of_fold(
    tagger: Tagger,
    examples: Examples,
    fold: Indices,
    *,
    trainable: Flags | None = None,
    progress: Progress = lambda _: None,
) -> OutOfFold:
    """Score the postings of each fold with a tagger that was trained on the others.

    Args:
        tagger: Its settings are used; it is not changed.
        examples: Labelled postings.
        fold: The fold of each, usually from `folds_by_company`; shape (postings,).
        trainable: Which postings may be trained on at all; shape (postings,). None for all of them.
        progress: Called after each fold.
    """
    roles = tuple(sorted(set(examples.roles.tolist())))
    trainable = np.ones(len(examples), dtype=bool) if trainable is None else trainable
    scores, title_scores = np.full((2, len(examples), len(roles)), -np.inf)
    unknown, title_unknown = np.empty((2, len(examples)))
    numbers = np.unique(fold).tolist()
    for step, number in enumerate(numbers, 1):
        held_out = fold == number
        trained = fit_tagger(sklearn.clone(tagger), examples.rows(trainable & ~held_out))
        counts = examples.counts.rows(held_out)
        cells = np.ix_(held_out, [roles.index(role) for role in trained.classes_])
        scores[cells] = trained.score_counts(counts)
        title_scores[cells] = trained.score_counts(counts, titles_only=True)
        unknown[held_out] = trained.vectorizer_.unknown_words(counts)
        title_unknown[held_out] = trained.vectorizer_.unknown_words(counts, titles_only=True)
        progress(f"fold {step} of {len(numbers)}")
    return OutOfFold(roles, fold, scores, title_scores, unknown, title_unknown)


def best_temperature(scores: Floats, columns: Sequence[str], roles: Sequence[str]) -> float:
    """Return the temperature at which the softmax of the scores is most likely to give the true roles.

    This is the temperature scaling of Guo, Pleiss, Sun & Weinberger (2017, arXiv:1706.04599).

    Args:
        scores: Shape (postings, columns).
        columns: The roles of the columns.
        roles: The true role of each posting.

    Returns:
        A temperature from 1/8 to 8, rounded to three places, so that it is the same on every processor.
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


def probabilities_out_of_fold(held_out: OutOfFold, roles: npt.NDArray[np.str_]) -> tuple[Floats, Floats]:
    """Return the probability of each role, with descriptions and without, each fold at the others' best temperature.

    Args:
        held_out: The scores.
        roles: The true role of each posting; shape (postings,).

    Returns:
        Two arrays of shape (postings, roles); rows sum to 1.
    """
    views = held_out.scores.copy(), held_out.title_scores.copy()
    for values in views:
        unscaled = values.copy()
        for number in np.unique(held_out.fold):
            own = held_out.fold == number
            values[own] /= best_temperature(unscaled[~own], held_out.roles, roles[~own].tolist())
    full, bare = (np.asarray(special.softmax(values, axis=1)) for values in views)
    return full, bare


def held_out_kinds(
    held_out: OutOfFold, examples: Examples, temperatures: tuple[float, float]
) -> tuple[HeldOut, HeldOut]:
    """Return the postings twice, as the quantifier is fitted on them: with descriptions, and by their titles alone.

    Args:
        held_out: The scores.
        examples: The labelled postings that were scored.
        temperatures: What the scores of each kind are divided by.
    """
    truth = np.searchsorted(held_out.roles, examples.roles)
    described, bare = (
        HeldOut(
            held_out.roles,
            special.softmax(scores / temperature, axis=1),
            truth,
            held_out.fold,
            examples.companies,
            unknown,
        )
        for scores, unknown, temperature in (
            (held_out.scores, held_out.unknown, temperatures[0]),
            (held_out.title_scores, held_out.title_unknown, temperatures[1]),
        )
    )
    return described, bare
