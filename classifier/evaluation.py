"""Evaluation: how right the tagger is about companies that it was not trained on, and how honest about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from classifier.corpus import Corpus, Posting, company_groups
from classifier.evaluation_mix import MixEvaluation, evaluate_mix
from classifier.tagger import Tagger, decide
from classifier.taxonomy import Taxonomy
from classifier.training import OutOfFold, Progress, best_temperature, out_of_fold

_Floats = npt.NDArray[np.float64]

BINS = 15
"""Bins of equal width for the calibration error, as in Guo et al. (2017)."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured, in tables.

    Attributes:
        model: The name of the model that met the gold set.
        taxonomy_version: Whose roles and focuses these are.
        scores: A row for each view and language: how many postings and companies, macro-F1 and accuracy of
            focuses and of roles, and the expected calibration error of the confidence in the role. Macro-F1
            is the mean over the classes that occur among the postings.
        focuses: Precision, recall and F1 of each focus, and how many postings it has, out of fold.
        roles: The same for each role.
        confusions: The most frequent mistakes, out of fold: the true role, what was said, how often, and
            which share of the true role's postings that is.
        data: How many postings were trained on and how many are gold, by language and year of the source.
        mix: How right estimated mixes are.
    """

    model: str
    taxonomy_version: str
    scores: pd.DataFrame
    focuses: pd.DataFrame
    roles: pd.DataFrame
    confusions: pd.DataFrame
    data: pd.DataFrame
    mix: MixEvaluation

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, in the order to show them."""
        tables = {name: getattr(self, name) for name in ("scores", "focuses", "roles", "confusions", "data")}
        return tables | self.mix.tables()


@dataclass(frozen=True, slots=True)
class Judged:
    """Postings and what a tagger said about them; ``confidence`` is the probability of the role said."""

    postings: tuple[Posting, ...]
    said: npt.NDArray[np.str_]
    confidence: _Floats


def evaluate(
    corpus: Corpus, tagger: Tagger, *, folds: int = 5, boards: int = 20, progress: Progress = lambda _: None
) -> Evaluation:
    """Measure a tagger.

    Four views: taggers with the same settings, each tried on companies that it was not trained on (out of
    fold), with descriptions and with bare titles; and the tagger itself on the gold set, the whole of it and
    those of its companies that have no labelled posting.

    Args:
        corpus: Labelled postings and the gold set.
        tagger: A fitted tagger, trained on these labelled postings.
        folds: Into how many parts the companies are dealt.
        boards: How many boards are drawn to measure mixes; see `evaluate_mix`.
        progress: Is told of each step.

    Raises:
        ValueError: There are fewer companies than folds.
    """
    taxonomy = tagger.taxonomy or Taxonomy.load()
    held_out = out_of_fold(
        Tagger(**tagger.get_params(deep=False) | {"temperature": 1.0, "title_temperature": 1.0}),
        corpus.labelled,
        folds=folds,
        progress=progress,
    )
    full, bare = judge_out_of_fold(corpus.labelled, held_out, taxonomy)
    gold = judge(tagger, corpus.gold, taxonomy)
    progress("gold set")
    views = {
        "out of fold": full,
        "out of fold, title only": bare,
        "gold": gold,
        "gold, companies not trained on": _of_other_companies(gold, corpus.labelled),
    }
    said_focus = np.array([taxonomy.focus_by_role[role] for role in full.said])
    truth = _roles(full.postings)
    return Evaluation(
        model=tagger.model,
        taxonomy_version=taxonomy.version,
        scores=pd.DataFrame(row for view, judged in views.items() for row in score(view, judged, taxonomy)),
        focuses=_by_class("focus", _focuses(truth, taxonomy), said_focus, taxonomy.focus_names),
        roles=_by_class("role", truth, full.said, taxonomy.role_names),
        confusions=_confusions(truth, full.said),
        data=_data(corpus),
        mix=evaluate_mix(held_out, corpus.labelled, taxonomy, boards=boards, progress=progress),
    )


def judge(tagger: Tagger, postings: Sequence[Posting], taxonomy: Taxonomy) -> Judged:
    """Return what a fitted tagger says about labelled postings."""
    return _judged(postings, tagger.predict_proba(postings), tagger.classes_.tolist(), taxonomy)


def calibration_error(confidence: _Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error (Guo et al. 2017).

    That is the mean, over postings, of the distance between confidence and accuracy in the posting's bin.

    Args:
        confidence: From 0 to 1; shape (postings,).
        right: Whether what was said is true; shape (postings,).
    """
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def judge_out_of_fold(postings: Sequence[Posting], held_out: OutOfFold, taxonomy: Taxonomy) -> tuple[Judged, Judged]:
    """Turn out-of-fold scores into roles, each fold at the temperature that fits the other folds."""
    roles = _roles(postings)
    views = held_out.scores.copy(), held_out.title_scores.copy()
    for values in views:
        unscaled = values.copy()
        for number in np.unique(held_out.fold):
            own = held_out.fold == number
            values[own] /= best_temperature(unscaled[~own], held_out.roles, roles[~own].tolist())
    full, bare = (_judged(postings, special.softmax(values, axis=1), held_out.roles, taxonomy) for values in views)
    return full, bare


def _judged(postings: Sequence[Posting], probabilities: _Floats, columns: Sequence[str], taxonomy: Taxonomy) -> Judged:
    best = decide(probabilities, columns, taxonomy)
    confidence = np.take_along_axis(probabilities, best[:, np.newaxis], axis=1)[:, 0]
    return Judged(tuple(postings), np.array(columns)[best], confidence)


def _of_other_companies(judged: Judged, labelled: Sequence[Posting]) -> Judged:
    known = set(company_groups(labelled))
    new = np.array([group not in known for group in company_groups(judged.postings)], dtype=bool)
    return _subset(judged, new)


def _subset(judged: Judged, chosen: npt.NDArray[np.bool_]) -> Judged:
    postings = tuple(posting for posting, wanted in zip(judged.postings, chosen, strict=True) if wanted)
    return Judged(postings, judged.said[chosen], judged.confidence[chosen])


def score(view: str, judged: Judged, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """Yield a row of scores for all languages together and for each, the largest first."""
    languages = pd.Series([posting["lang"] for posting in judged.postings], dtype=str)
    for language in ("all", *languages.value_counts().index):
        part = judged if language == "all" else _subset(judged, (languages == language).to_numpy())
        if not part.postings:
            continue
        truth = _roles(part.postings)
        focus_truth, focus_said = _focuses(truth, taxonomy), _focuses(part.said, taxonomy)
        yield {
            "view": view,
            "language": language,
            "postings": len(part.postings),
            "companies": len(set(company_groups(part.postings))),
            "focus_macro_f1": _macro_f1(focus_truth, focus_said),
            "focus_accuracy": accuracy_score(focus_truth, focus_said),
            "role_macro_f1": _macro_f1(truth, part.said),
            "role_accuracy": accuracy_score(truth, part.said),
            "calibration_error": calibration_error(part.confidence, truth == part.said),
        }


def _macro_f1(truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_]) -> float:
    return float(f1_score(truth, said, labels=np.unique(truth), average="macro", zero_division=0.0))


def _by_class(
    key: str, truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_], classes: Sequence[str]
) -> pd.DataFrame:
    precision, recall, f1, support = precision_recall_fscore_support(truth, said, labels=classes, zero_division=0.0)
    return pd.DataFrame({key: classes, "precision": precision, "recall": recall, "f1": f1, "postings": support})


def _confusions(truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_], top: int = 15) -> pd.DataFrame:
    pairs = pd.DataFrame({"role": truth, "said": said})
    sizes = pairs["role"].value_counts()
    counts = pairs[pairs["role"] != pairs["said"]].value_counts().rename("postings").reset_index()
    counts["share"] = counts["postings"] / counts["role"].map(sizes)
    return counts.sort_values(["postings", "role", "said"], ascending=[False, True, True], ignore_index=True)[:top]


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
    """Return the year that a posting names, or "unknown": some sources say only how many weeks ago."""
    year = str(posting.get("posted_at") or "")[:4]
    return year if year.isdecimal() and len(year) == 4 else "unknown"


def _roles(postings: Sequence[Posting]) -> npt.NDArray[np.str_]:
    return np.array([posting["role"] for posting in postings], dtype=str)


def _focuses(roles: npt.NDArray[np.str_], taxonomy: Taxonomy) -> npt.NDArray[np.str_]:
    return np.array([taxonomy.focus_by_role[role] for role in roles], dtype=str)
