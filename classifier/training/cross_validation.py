"""Cross-validation: every labelled posting is scored by a tagger that was trained on other companies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import optimize, special
from sklearn.model_selection import StratifiedGroupKFold

from classifier.arrays import Flags, Floats, Indices
from classifier.model.blend import Blend
from classifier.model.tagger import Tagger
from classifier.quantification.protocols import HeldOut
from classifier.training.examples import Examples

Progress = Callable[[str], None]
"""Called after each step, with a few words on what was done."""

WHOLE, TITLE = "whole", "title"
"""The names of two views of a posting: with all of its description, and with its title alone."""

UNTRAINED = -100.0
"""The margin of a role that a tagger was not trained on: its probability is nil."""

Blends = tuple[Blend, Blend]
"""The blends of a tagger: for postings that are not in Chinese, and for those that are."""

_SAMPLED = 2000
"""The postings of a kind that a blend is fitted on; more hardly change it."""

WEIGHTS = {1: 0.5, 2: 0.8, 3: 1.0}
"""How much a label weighs in training, by the reader's confidence in it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What taggers make of one length of the postings' descriptions, beside their titles.

    Attributes:
        margins: The margin of each role in the layer over all columns; shape (postings, roles).
        amounts: How much each description tells (`classifier.model.vectorizer.PostingVectorizer.amounts`); shape
            (postings,).
        unknown: The share of each posting's words that its tagger does not know; shape (postings,).
    """

    margins: Floats
    amounts: Floats
    unknown: Floats


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Margins of postings by taggers that were not trained on their companies.

    A role that a tagger was not trained on has a margin of `UNTRAINED`.

    Attributes:
        roles: The roles of the columns.
        fold: The fold that each posting was held out in; shape (postings,).
        chinese: Whether each posting is in Chinese; shape (postings,).
        title_margins: The margin of each role in the layer over titles; shape (postings, roles).
        title_unknown: The share of each title's words that its tagger does not know; shape (postings,).
        texts: The same postings with their descriptions: `WHOLE`, and the copies that are cut short, by their name.
    """

    roles: tuple[str, ...]
    fold: Indices
    chinese: Flags
    title_margins: Floats
    title_unknown: Floats
    texts: Mapping[str, Texts]

    def views(self) -> tuple[str, ...]:
        """Return the names of the views of a posting: its title, and each length of its description, longest last."""
        return TITLE, *(name for name in self.texts if name != WHOLE), WHOLE

    def scores(self, view: str, blends: Blends, chosen: Flags | slice = slice(None)) -> Floats:
        """Return the score of each role for some postings in one view; shape (postings, roles).

        Args:
            view: One of `views`.
            blends: For postings that are not in Chinese, and for those that are.
            chosen: Which postings.
        """
        title, chinese = self.title_margins[chosen], self.chinese[chosen]
        text = self.texts.get(view)
        whole = title if text is None else text.margins[chosen]
        amounts = np.zeros(len(title)) if text is None else text.amounts[chosen]
        scores = np.empty_like(title)
        for of_kind, blend in zip((~chinese, chinese), blends, strict=True):
            scores[of_kind] = blend.scores(title[of_kind], whole[of_kind], amounts[of_kind])
        return scores


def unblended(tagger: Tagger) -> Tagger:
    """Return an unfitted tagger with the same settings, but blends that are not fitted."""
    fresh: Tagger = sklearn.clone(tagger)
    return fresh.set_params(blend=None, chinese_blend=None)


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
    """Return the margins of each fold's postings by a tagger that was trained on the others.

    Args:
        tagger: Its settings are used; it is not changed.
        examples: Labelled postings.
        fold: The fold of each, usually from `folds_by_company`; shape (postings,).
        trainable: Which postings may be trained on at all; shape (postings,). None for all of them.
        progress: Called after each fold.
    """
    roles = tuple(sorted(set(examples.roles.tolist())))
    trainable = np.ones(len(examples), dtype=bool) if trainable is None else trainable
    shape = len(examples), len(roles)
    title_margins, title_unknown = np.full(shape, UNTRAINED), np.empty(len(examples))
    texts = {
        name: Texts(np.full(shape, UNTRAINED), np.empty(len(examples)), np.empty(len(examples)))
        for name in (*examples.short, WHOLE)
    }
    numbers = np.unique(fold).tolist()
    for step, number in enumerate(numbers, 1):
        held_out = fold == number
        trained = fit_tagger(sklearn.clone(tagger), examples.rows(trainable & ~held_out))
        vectorizer = trained.vectorizer_
        cells = np.ix_(held_out, [roles.index(role) for role in trained.classes_])
        for name, text in texts.items():
            counts = (examples.counts if name == WHOLE else examples.short[name]).rows(held_out)
            matrix = vectorizer.transform_counts(counts)
            text.amounts[held_out] = vectorizer.amounts(matrix)
            text.margins[cells] = trained.margins(matrix, np.ones(len(counts), dtype=bool))
            text.unknown[held_out] = vectorizer.unknown_words(counts)
            if name == WHOLE:
                title_margins[cells] = trained.title_margins(matrix)
                title_unknown[held_out] = vectorizer.unknown_words(counts, titles_only=True)
        progress(f"fold {step} of {len(numbers)}")
    return OutOfFold(roles, fold, examples.counts.chinese, title_margins, title_unknown, texts)


def fit_blends(held_out: OutOfFold, roles: npt.NDArray[np.str_], chosen: Flags | None = None) -> Blends:
    """Return the blends under which the true roles are the most likely, whatever the length of the description.

    Temperatures are scaled as in Guo, Pleiss, Sun & Weinberger (2017, arXiv:1706.04599), here for each amount of text.
    At most `_SAMPLED` postings of each kind are used, spread evenly.

    Args:
        held_out: The margins.
        roles: The true role of each posting; shape (postings,).
        chosen: Which postings to use; shape (postings,). None for all of them.
    """
    truth = np.searchsorted(held_out.roles, roles)
    usable = held_out.title_margins[np.arange(len(truth)), truth] > UNTRAINED
    if chosen is not None:
        usable &= chosen
    first, second = (_fit_blend(held_out, truth, usable & kind) for kind in (~held_out.chinese, held_out.chinese))
    return first, second


def _fit_blend(held_out: OutOfFold, truth: Indices, usable: Flags) -> Blend:
    own = np.flatnonzero(usable)
    if not len(own):
        return Blend()
    own = own[np.linspace(0, len(own) - 1, min(len(own), _SAMPLED)).astype(np.intp)]
    title = np.concatenate([held_out.title_margins[own]] * (1 + len(held_out.texts)))
    whole = np.concatenate([held_out.title_margins[own], *(text.margins[own] for text in held_out.texts.values())])
    amounts = np.concatenate([np.zeros(len(own)), *(text.amounts[own] for text in held_out.texts.values())])
    true = np.tile(truth[own], 1 + len(held_out.texts))
    # A posting without a description is one view, not one for each length.
    different = (amounts > 0) | (np.arange(len(amounts)) < len(own))
    title, whole, amounts, true = title[different], whole[different], amounts[different], true[different]

    def blend(logarithms: Floats) -> Blend:
        return Blend(*np.exp(logarithms).tolist())

    def loss(logarithms: Floats) -> float:
        scores = blend(np.clip(logarithms, -3, 5)).scores(title, whole, amounts)
        return float(np.mean(special.logsumexp(scores, axis=1) - scores[np.arange(len(true)), true]))

    start = np.log([8.0, 1.0, 1.0])
    found = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6, "maxfev": 150})
    return Blend(*(round(value, 3) for value in np.exp(np.clip(found.x, -3, 5)).tolist()))


def probabilities_out_of_fold(held_out: OutOfFold, roles: npt.NDArray[np.str_]) -> dict[str, Floats]:
    """Return the probability of each role in each view, each fold blended as fits the others best.

    Args:
        held_out: The margins.
        roles: The true role of each posting; shape (postings,).

    Returns:
        By view, arrays of shape (postings, roles); rows sum to 1.
    """
    probabilities = {view: np.empty_like(held_out.title_margins) for view in held_out.views()}
    for number in np.unique(held_out.fold):
        own = held_out.fold == number
        blends = fit_blends(held_out, roles, ~own)
        for view, values in probabilities.items():
            values[own] = special.softmax(held_out.scores(view, blends, own), axis=1)
    return probabilities


def held_out_kinds(held_out: OutOfFold, examples: Examples, blends: Blends) -> tuple[HeldOut, HeldOut]:
    """Return the postings twice, as the quantifier is fitted on them: with descriptions, and by their titles alone.

    Args:
        held_out: The margins.
        examples: The labelled postings that were scored.
        blends: For postings that are not in Chinese, and for those that are.
    """
    truth = np.searchsorted(held_out.roles, examples.roles)
    described, bare = (
        HeldOut(
            held_out.roles,
            special.softmax(held_out.scores(view, blends), axis=1),
            truth,
            held_out.fold,
            examples.companies,
            unknown,
        )
        for view, unknown in ((WHOLE, held_out.texts[WHOLE].unknown), (TITLE, held_out.title_unknown))
    )
    return described, bare
