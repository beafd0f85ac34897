"""Training on a user's labels in addition to the shipped ones, and measuring what they improve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from classifier.arrays import Indices
from classifier.decision import decide
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.text.tokens import fold as fold_text
from classifier.training.active_learning import shuffled
from classifier.training.corpus import Posting
from classifier.training.cross_validation import (
    WHOLE,
    OutOfFold,
    Progress,
    folds_by_company,
    out_of_fold,
    probabilities_out_of_fold,
    unblended,
)
from classifier.training.examples import Examples
from classifier.training.labels import Label, Picked, as_posting
from classifier.training.train import finish


@dataclass(frozen=True, slots=True)
class RetrainResult:
    """A tagger trained on a user's labels too, and what they improved.

    Attributes:
        tagger: Trained on the shipped postings and the user's.
        examples: The postings that it was trained on.
        used: The number of the user's labels among them.
        replaced: The number of shipped postings that were replaced by the user's labels of the same text.
        withheld: The number of the user's labels that were not used, because their text is in the gold set.
        gains: A row for each ``view`` of the held-out postings and each ``level`` (focus or role), with the number of
            ``postings``, ``accuracy_without`` and ``accuracy_with`` the user's labels, how many predictions the labels
            ``fixed`` and ``regressed``, and the ``p_value`` of McNemar's exact test that both are equally likely.
    """

    tagger: Tagger
    examples: Examples
    used: int
    replaced: int
    withheld: int
    gains: pd.DataFrame


def retrain(
    shipped: Examples,
    labels: Sequence[Label],
    tagger: Tagger | None = None,
    *,
    folds: int = 5,
    progress: Progress = lambda _: None,
) -> RetrainResult:
    """Train on the shipped postings and a user's, and compare with training on the shipped ones alone.

    Both are cross-validated in the same folds. The shipped postings are held out by company, and those of companies
    that the user labelled are not compared, because the user's labels are of the same company. The user's postings are
    held out by title: the labels are meant for the companies they come from, so that other postings of these companies
    may be trained on, but not the same posting again.

    Args:
        shipped: The shipped postings.
        labels: The user's labels, each text once.
        tagger: An unfitted tagger with the wanted settings; None for the defaults. Its blends are
            replaced by those that fit out-of-fold margins best.
        folds: The number of folds.
        progress: Called after each step.

    Raises:
        ValueError: There are fewer companies than folds, or no label is left to train on.
    """
    tagger = unblended(tagger or Tagger(codebook=True))
    taxonomy = tagger.taxonomy or Taxonomy.load()
    usable = [label for label in labels if label.key not in shipped.unseen]
    own = [as_posting(label) for label in usable]
    if not own:
        raise ValueError("there is no label to train on")
    kept = shipped.rows(~np.isin(shipped.texts, [label.key for label in labels]))
    examples = kept.followed_by(Examples.of(own, tagger.vectorizer, every=True))
    fold = np.concatenate([folds_by_company(kept, folds), _folds_by_title(own, folds)])
    is_own = np.arange(len(examples)) >= len(kept)

    def prefixed(prefix: str) -> Progress:
        return lambda step: progress(f"{prefix} your labels: {step}")

    without = out_of_fold(tagger, examples, fold, trainable=~is_own, progress=prefixed("without"))
    with_own = out_of_fold(tagger, examples, fold, progress=prefixed("with"))
    before, after = (_predicted(held_out, examples, taxonomy) for held_out in (without, with_own))
    companies = examples.companies
    at_random = np.array([False] * len(kept) + [label.picked is Picked.RANDOM for label in usable])
    views = {
        "your labels": is_own,
        "your labels, picked at random": at_random,
        "shipped postings of other companies": ~np.isin(companies, companies[is_own]),
    }
    return RetrainResult(
        tagger=finish(tagger, with_own, examples, progress=progress),
        examples=examples,
        used=len(own),
        replaced=len(shipped) - len(kept),
        withheld=len(labels) - len(own),
        gains=pd.DataFrame(
            row
            for view, chosen in views.items()
            if chosen.any()
            for row in _gains(view, (before[chosen], after[chosen]), examples.roles[chosen], taxonomy)
        ),
    )


def _predicted(held_out: OutOfFold, examples: Examples, taxonomy: Taxonomy) -> npt.NDArray[np.str_]:
    """Return the predicted role of each posting; shape (postings,)."""
    probabilities = probabilities_out_of_fold(held_out, examples.roles)[WHOLE]
    return np.array(held_out.roles)[decide(probabilities, held_out.roles, taxonomy)]


def _gains(
    view: str,
    predicted: tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]],
    truth: npt.NDArray[np.str_],
    taxonomy: Taxonomy,
) -> Iterator[dict[str, Any]]:
    focus = np.vectorize(taxonomy.focus_by_role.__getitem__, otypes=[str])
    for level, (old, new, true) in {
        "focus": (focus(predicted[0]), focus(predicted[1]), focus(truth)),
        "role": (*predicted, truth),
    }.items():
        fixed, regressed = int(((old != true) & (new == true)).sum()), int(((old == true) & (new != true)).sum())
        yield {
            "view": view,
            "level": level,
            "postings": len(true),
            "accuracy_without": float(np.mean(old == true)),
            "accuracy_with": float(np.mean(new == true)),
            "fixed": fixed,
            "regressed": regressed,
            "p_value": mcnemar(fixed, regressed),
        }


def mcnemar(fixed: int, regressed: int) -> float:
    """Return the two-sided p-value of McNemar's exact test (McNemar 1947); 1 without any change.

    Args:
        fixed: The number of postings that only the new tagger predicts correctly.
        regressed: The number of postings that only the old tagger predicted correctly.
    """
    return float(stats.binomtest(fixed, fixed + regressed).pvalue) if fixed + regressed else 1.0


def _folds_by_title(postings: Sequence[Posting], folds: int) -> Indices:
    """Assign postings to folds at random, those of one title to the same fold."""
    titles = [fold_text(" ".join(posting["title"].split())) for posting in postings]
    distinct = sorted(set(titles))
    assigned = {distinct[index]: place % folds for place, index in enumerate(shuffled(distinct))}
    return np.array([assigned[title] for title in titles], dtype=np.intp)
