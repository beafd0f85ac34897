"""Training: the same examples give the same model, with probabilities calibrated on companies not trained on."""

from __future__ import annotations

from classifier.model.tagger import Tagger
from classifier.quantification.estimator import MixQuantifier
from classifier.training.cross_validation import (
    OutOfFold,
    Progress,
    fit_blends,
    fit_tagger,
    folds_by_company,
    held_out_kinds,
    out_of_fold,
    unblended,
)
from classifier.training.examples import Examples


def train(
    examples: Examples,
    tagger: Tagger | None = None,
    *,
    folds: int = 5,
    progress: Progress = lambda _: None,
) -> Tagger:
    """Train a tagger on labelled postings.

    Args:
        examples: The labelled postings.
        tagger: An unfitted tagger with the settings wanted; None for the defaults. Its blends are
            replaced by those that fit out-of-fold margins best.
        folds: The number of folds that companies are split into to fit blends and quantifier.
        progress: Called after each step.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    tagger = unblended(tagger or Tagger(codebook=True))
    held_out = out_of_fold(tagger, examples, folds_by_company(examples, folds), progress=progress)
    return finish(tagger, held_out, examples, progress=progress)


def finish(tagger: Tagger, held_out: OutOfFold, examples: Examples, *, progress: Progress = lambda _: None) -> Tagger:
    """Fit a tagger to all postings, and its blends and its quantifier to out-of-fold margins.

    Args:
        tagger: Its settings are used; it is fitted and returned.
        held_out: Out-of-fold margins of the same postings by taggers with these settings.
        examples: The postings.
        progress: Called after each step.
    """
    blends = fit_blends(held_out, examples.roles)
    tagger.set_params(blend=blends[0], chinese_blend=blends[1])
    quantifier = MixQuantifier(taxonomy=tagger.taxonomy).fit(*held_out_kinds(held_out, examples, blends))
    progress("fitted the quantifier")
    fit_tagger(tagger, examples).attach_quantifier(quantifier)
    progress("trained on all postings")
    return tagger
