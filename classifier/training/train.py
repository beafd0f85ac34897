"""Training: the same examples give the same model, with probabilities calibrated on companies not trained on."""

from __future__ import annotations

from classifier.model.tagger import Tagger
from classifier.quantification.fitting import calibrate
from classifier.taxonomy import Taxonomy
from classifier.training.cross_validation import (
    OutOfFold,
    Progress,
    best_temperature,
    fit_tagger,
    folds_by_company,
    held_out_kinds,
    out_of_fold,
    untempered,
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
        tagger: An unfitted tagger with the settings wanted; None for the defaults. Its temperatures are
            replaced by those that fit out-of-fold scores best, its calibration by the one learned on them.
        folds: The number of folds that companies are split into to find temperatures and calibration.
        progress: Called after each step.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    tagger = untempered(tagger or Tagger())
    held_out = out_of_fold(tagger, examples, folds_by_company(examples, folds), progress=progress)
    return finish(tagger, held_out, examples, progress=progress)


def finish(tagger: Tagger, held_out: OutOfFold, examples: Examples, *, progress: Progress = lambda _: None) -> Tagger:
    """Fit a tagger to all postings, with the temperatures and the calibration that fit out-of-fold scores best.

    Args:
        tagger: Its settings are used; it is fitted and returned.
        held_out: Out-of-fold scores of the same postings by taggers with these settings.
        examples: The postings.
        progress: Called after each step.
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
    fit_tagger(tagger, examples)
    progress("trained on all postings")
    return tagger
