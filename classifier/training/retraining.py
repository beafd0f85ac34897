"""Training with a user's own labels beside the shipped ones, and measuring what they improve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from classifier.arrays import Indices
from classifier.model.tag import decide
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.text.tokens import fold as fold_text
from classifier.training.active_learning import shuffled
from classifier.training.corpus import Posting
from classifier.training.cross_validation import (
    OutOfFold,
    Progress,
    folds_by_company,
    out_of_fold,
    probabilities_out_of_fold,
    untempered,
)
from classifier.training.examples import Examples
from classifier.training.labels import Label, Picked, as_posting
from classifier.training.train import finish


@dataclass(frozen=True, slots=True)
class Retrained:
    """A tagger that has learned a user's labels too, and what that improved.

    Attributes:
        tagger: Trained on the shipped postings and the user's.
        examples: What it was trained on.
        used: How many of the user's labels it learned.
        replaced: How many shipped postings the user's labels took the place of, having the same text.
        withheld: How many of the user's labels were not learned, because the gold set has the same text.
        gains: A row for each view and kind of class (focus, role): postings held out, accuracy without and with the
            user's labels, how many the labels mended and broke, and the p-value of McNemar's exact test that they did
            as much of the one as of the other.
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
) -> Retrained:
    """Train on the shipped postings and a user's, and compare with training on the shipped ones alone.

    Both ways of training are tried in the same folds. The shipped postings are held out by company, those of the
    user's companies left out of the comparison, so that a gain is not one in what the user has just told. The user's
    are held out by title: they are for the very companies that they come from, so that other postings of these may be
    learned, but not the same one again.

    Args:
        shipped: The shipped postings.
        labels: The user's, each text once.
        tagger: An unfitted tagger with the settings wanted; None for the defaults. Its temperatures are
            replaced by those that fit out-of-fold scores best.
        folds: How many parts all postings are dealt into.
        progress: Is told of each step.

    Raises:
        ValueError: There are fewer companies than folds, or no label is left to learn from.
    """
    tagger = untempered(tagger or Tagger())
    taxonomy = tagger.taxonomy or Taxonomy.load()
    learned = [label for label in labels if label.key not in shipped.unseen]
    own = [as_posting(label) for label in learned]
    if not own:
        raise ValueError("there is no label to learn from")
    kept = shipped.rows(~np.isin(shipped.texts, [label.key for label in labels]))
    examples = kept.followed_by(Examples.of(own, tagger.vectorizer, every=True))
    fold = np.concatenate([folds_by_company(kept, folds), _folds_by_title(own, folds)])
    is_own = np.arange(len(examples)) >= len(kept)

    def told_of(way: str) -> Progress:
        return lambda step: progress(f"{way} your labels: {step}")

    without = out_of_fold(tagger, examples, fold, trainable=~is_own, progress=told_of("without"))
    with_own = out_of_fold(tagger, examples, fold, progress=told_of("with"))
    before, after = (_said(held_out, examples, taxonomy) for held_out in (without, with_own))
    companies = examples.companies
    by_chance = np.array([False] * len(kept) + [label.picked is Picked.RANDOM for label in learned])
    views = {
        "your labels": is_own,
        "your labels, picked at random": by_chance,
        "shipped postings of other companies": ~np.isin(companies, companies[is_own]),
    }
    return Retrained(
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


def _said(held_out: OutOfFold, examples: Examples, taxonomy: Taxonomy) -> npt.NDArray[np.str_]:
    """Return the role that each posting is given; shape (postings,)."""
    probabilities, _ = probabilities_out_of_fold(held_out, examples.roles)
    return np.array(held_out.roles)[decide(probabilities, held_out.roles, taxonomy)]


def _gains(
    view: str,
    said: tuple[npt.NDArray[np.str_], npt.NDArray[np.str_]],
    truth: npt.NDArray[np.str_],
    taxonomy: Taxonomy,
) -> Iterator[dict[str, Any]]:
    focus = np.vectorize(taxonomy.focus_by_role.__getitem__, otypes=[str])
    for kind, (old, new, true) in {
        "focus": (focus(said[0]), focus(said[1]), focus(truth)),
        "role": (*said, truth),
    }.items():
        mended, broken = int(((old != true) & (new == true)).sum()), int(((old == true) & (new != true)).sum())
        yield {
            "view": view,
            "of": kind,
            "postings": len(true),
            "accuracy_without": float(np.mean(old == true)),
            "accuracy_with": float(np.mean(new == true)),
            "mended": mended,
            "broken": broken,
            "p_value": mcnemar(mended, broken),
        }


def mcnemar(mended: int, broken: int) -> float:
    """Return how probable so uneven a split of changes is by chance: McNemar's exact test (1947), two-sided.

    Args:
        mended: Postings that only the new tagger has right.
        broken: Postings that only the old one had right.
    """
    return float(stats.binomtest(mended, mended + broken).pvalue) if mended + broken else 1.0


def _folds_by_title(postings: Sequence[Posting], folds: int) -> Indices:
    """Deal postings into folds by chance, those of one title into one."""
    titles = [fold_text(" ".join(posting["title"].split())) for posting in postings]
    different = sorted(set(titles))
    dealt = {different[index]: place % folds for place, index in enumerate(shuffled(different))}
    return np.array([dealt[title] for title in titles], dtype=np.intp)
