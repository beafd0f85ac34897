"""Evaluation: how right the tagger is about companies that it was not trained on, and how honest about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score, precision_recall_fscore_support

from classifier.evaluation.mixes import MixEvaluation, evaluate_mix
from classifier.model.tag import SURE, decide
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus, Posting, company_groups
from classifier.training.cross_validation import (
    OutOfFold,
    Progress,
    folds_by_company,
    out_of_fold,
    probabilities_out_of_fold,
    untempered,
)
from classifier.training.examples import Examples

_Floats = npt.NDArray[np.float64]

BINS = 15
"""Bins of equal width for the calibration error, as in Guo et al. (2017)."""

RESAMPLES = 1000
"""How often companies are drawn again for an interval."""

YEAR_POSTINGS = 100
"""A year with fewer postings is not a view of its own."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured, in tables.

    Attributes:
        model: The name of the model that met the gold set.
        taxonomy_version: Whose roles and focuses these are.
        scores: A row for each view and language: how many postings and companies; macro-F1 and accuracy of
            focuses and of roles, and Cohen's kappa of roles; the expected calibration error of the confidence
            in the role. Macro-F1 is the mean over the classes that occur among the postings; ``low`` and
            ``high`` bound 95 % of what it is when companies are drawn again (bootstrap).
        coverage: Out of fold, by language, for each least margin: how many tags reach it, and how right these are.
        focuses: Precision, recall and F1 of each focus, how many postings it has, and its F1 in each language, out
            of fold.
        roles: The same for each role.
        confusions: The most frequent mistakes, out of fold, by language: the true role, what was said, how often,
            and which share of the true role's postings that is.
        data: How many postings were trained on and how many are gold, by language and year of the source.
        mix: How right estimated mixes are.
    """

    model: str
    taxonomy_version: str
    scores: pd.DataFrame
    coverage: pd.DataFrame
    focuses: pd.DataFrame
    roles: pd.DataFrame
    confusions: pd.DataFrame
    data: pd.DataFrame
    mix: MixEvaluation

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, in the order to show them."""
        names = ("scores", "coverage", "focuses", "roles", "confusions", "data")
        tables = {name: getattr(self, name) for name in names}
        return tables | self.mix.tables()


@dataclass(frozen=True, slots=True)
class Judged:
    """Postings and what a tagger said about them.

    Attributes:
        postings: The postings.
        said: The role of each; shape (postings,), as are the others.
        confidence: The probability of that role.
        margin: How much more probable it is than any other role.
    """

    postings: tuple[Posting, ...]
    said: npt.NDArray[np.str_]
    confidence: _Floats
    margin: _Floats


def evaluate(
    corpus: Corpus, tagger: Tagger, *, folds: int = 5, boards: int = 20, progress: Progress = lambda _: None
) -> Evaluation:
    """Measure a tagger.

    Taggers with the same settings are each tried on companies that they were not trained on (out of fold):
    on all postings, on those labelled at first and on those whose label the reader called clear, with bare
    titles, and on each year when trained on other years. The tagger itself meets the gold set, the whole of
    it and those of its companies that have no labelled posting; beside it stands the second of the set's readers,
    where it names them.

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
    fresh = untempered(tagger)
    examples, held_out = _held_out(corpus, fresh, folds, progress)
    full, bare = judge_out_of_fold(corpus.labelled, held_out, taxonomy)
    gold = judge(tagger, corpus.gold, taxonomy)
    progress("gold set")
    clear = np.array([posting.get("confidence", 3) == 3 for posting in full.postings])
    views = {
        "out of fold": full,
        "out of fold, labelled at first": _subset(full, ~examples.added) if examples.added.any() else None,
        "out of fold, clear labels": _subset(full, clear) if not clear.all() else None,
        "out of fold, title only": bare,
        "trained on other years": judge_by_year(fresh, corpus.labelled, examples, taxonomy, progress),
        "gold": gold,
        "gold, companies not trained on": _of_other_companies(gold, corpus.labelled),
        "gold, its second reader": _second_reader(corpus.gold),
    }
    said_focus = np.array([taxonomy.focus_by_role[role] for role in full.said])
    truth = _roles(full.postings)
    return Evaluation(
        model=tagger.model,
        taxonomy_version=taxonomy.version,
        scores=pd.DataFrame(
            row for view, judged in views.items() if judged is not None for row in score(view, judged, taxonomy)
        ),
        coverage=_coverage(full, taxonomy),
        focuses=_by_class("focus", _focuses(truth, taxonomy), said_focus, taxonomy.focus_names, examples.languages),
        roles=_by_class("role", truth, full.said, taxonomy.role_names, examples.languages),
        confusions=_confusions(full),
        data=_data(corpus),
        mix=evaluate_mix(held_out, examples, taxonomy, boards=boards, progress=progress),
    )


def suspects(corpus: Corpus, tagger: Tagger, *, folds: int = 5, progress: Progress = lambda _: None) -> pd.DataFrame:
    """Return the labels that may be wrong: taggers that were trained on other companies say another role.

    The least probable stand first (the self-confidence of Northcutt, Jiang & Chuang 2021, doi:10.1613/jair.1.12125).
    A person decides, best without knowing either role.

    Args:
        corpus: Labelled postings.
        tagger: Its settings are used.
        folds: Into how many parts the companies are dealt.
        progress: Is told of each fold.
    """
    taxonomy = tagger.taxonomy or Taxonomy.load()
    examples, held_out = _held_out(corpus, untempered(tagger), folds, progress)
    probabilities, _ = probabilities_out_of_fold(held_out, examples.roles)
    found = pd.DataFrame(
        {
            "id": examples.ids,
            "language": examples.languages,
            "title": [posting["title"] for posting in corpus.labelled],
            "role": examples.roles,
            "said": np.array(held_out.roles)[decide(probabilities, held_out.roles, taxonomy)],
            "probability": probabilities[np.arange(len(examples)), np.searchsorted(held_out.roles, examples.roles)],
        }
    )
    return found[found["role"] != found["said"]].sort_values("probability", kind="stable", ignore_index=True)


def _held_out(corpus: Corpus, fresh: Tagger, folds: int, progress: Progress) -> tuple[Examples, OutOfFold]:
    """Count the labelled postings, and score each with a tagger that was trained on other companies."""
    examples = Examples.of(corpus.labelled, fresh.vectorizer)
    return examples, out_of_fold(fresh, examples, folds_by_company(examples, folds), progress=progress)


def judge_by_year(
    tagger: Tagger,
    postings: Sequence[Posting],
    examples: Examples,
    taxonomy: Taxonomy,
    progress: Progress = lambda _: None,
) -> Judged | None:
    """Judge each year's postings by a tagger that was trained on the other years, some of the same companies.

    Postings of unknown year are left out, on either side, as are those of years with few.

    Args:
        tagger: Its settings are used.
        postings: Labelled postings.
        examples: What was counted of them.
        taxonomy: The roles.
        progress: Is told of each year.

    Returns:
        What was said; None where fewer than two years have postings enough.
    """
    years = np.array([_year(posting) for posting in postings])
    names, sizes = np.unique(years[years != "unknown"], return_counts=True)
    chosen = np.isin(years, names[sizes >= YEAR_POSTINGS])
    if len(set(years[chosen].tolist())) < 2:
        return None
    part = examples.rows(chosen)
    fold = np.unique(years[chosen], return_inverse=True)[1]
    held_out = out_of_fold(tagger, part, fold, progress=lambda step: progress(step.replace("fold", "year")))
    of_part = [posting for posting, wanted in zip(postings, chosen, strict=True) if wanted]
    return judge_out_of_fold(of_part, held_out, taxonomy)[0]


def judge(tagger: Tagger, postings: Sequence[Posting], taxonomy: Taxonomy) -> Judged:
    """Return what a fitted tagger says about labelled postings."""
    return _judged(postings, tagger.predict_proba(postings), tagger.classes_.tolist(), taxonomy)


def calibration_error(confidence: _Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error (Guo et al. 2017).

    That is the mean, over postings, of the distance between confidence and accuracy in the posting's bin.

    Args:
        confidence: From 0 to 1; shape (postings,). Where one is not known, neither is the error.
        right: Whether what was said is true; shape (postings,).
    """
    if np.isnan(confidence).any():
        return float("nan")
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def judge_out_of_fold(postings: Sequence[Posting], held_out: OutOfFold, taxonomy: Taxonomy) -> tuple[Judged, Judged]:
    """Turn out-of-fold scores into roles: with descriptions, and with titles alone."""
    full, bare = (
        _judged(postings, probabilities, held_out.roles, taxonomy)
        for probabilities in probabilities_out_of_fold(held_out, _roles(postings))
    )
    return full, bare


def _judged(postings: Sequence[Posting], probabilities: _Floats, columns: Sequence[str], taxonomy: Taxonomy) -> Judged:
    best = decide(probabilities, columns, taxonomy)
    confidence = np.take_along_axis(probabilities, best[:, np.newaxis], axis=1)[:, 0]
    others = np.where(np.arange(len(columns)) == best[:, np.newaxis], -1.0, probabilities)
    return Judged(tuple(postings), np.array(columns)[best], confidence, confidence - others.max(axis=1))


def _of_other_companies(judged: Judged, labelled: Sequence[Posting]) -> Judged:
    groups = company_groups([*labelled, *judged.postings])  # together, as some companies have several names
    known = set(groups[: len(labelled)])
    new = np.array([group not in known for group in groups[len(labelled) :]], dtype=bool)
    return _subset(judged, new)


def _second_reader(gold: Sequence[Posting]) -> Judged | None:
    if not all(posting.get("reader_2") for posting in gold):
        return None
    said = np.array([posting["reader_2"] for posting in gold], dtype=str)
    return Judged(tuple(gold), said, np.full(len(gold), np.nan), np.full(len(gold), np.nan))


def _subset(judged: Judged, chosen: npt.NDArray[np.bool_]) -> Judged:
    postings = tuple(posting for posting, wanted in zip(judged.postings, chosen, strict=True) if wanted)
    return Judged(postings, judged.said[chosen], judged.confidence[chosen], judged.margin[chosen])


def _by_language(judged: Judged) -> Iterator[tuple[str, Judged]]:
    """Yield what was said in all languages together and in each, the largest first."""
    yield "all", judged
    languages = pd.Series([posting["lang"] for posting in judged.postings], dtype=str)
    for language in languages.value_counts().index:
        yield language, _subset(judged, (languages == language).to_numpy())


def score(view: str, judged: Judged, taxonomy: Taxonomy) -> Iterator[dict[str, Any]]:
    """Yield a row of scores for all languages together and for each, the largest first."""
    for language, part in _by_language(judged):
        if not part.postings:
            continue
        truth = _roles(part.postings)
        focus_truth, focus_said = _focuses(truth, taxonomy), _focuses(part.said, taxonomy)
        groups = company_groups(part.postings)
        focus_low, focus_high = bootstrap(focus_truth, focus_said, groups)
        role_low, role_high = bootstrap(truth, part.said, groups)
        yield {
            "view": view,
            "language": language,
            "postings": len(part.postings),
            "companies": len(set(groups)),
            "focus_macro_f1": _macro_f1(focus_truth, focus_said),
            "focus_low": focus_low,
            "focus_high": focus_high,
            "focus_accuracy": accuracy_score(focus_truth, focus_said),
            "role_macro_f1": _macro_f1(truth, part.said),
            "role_low": role_low,
            "role_high": role_high,
            "role_accuracy": accuracy_score(truth, part.said),
            "role_kappa": cohen_kappa_score(truth, part.said),
            "calibration_error": calibration_error(part.confidence, truth == part.said),
        }


def bootstrap(
    truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_], groups: Sequence[str], *, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """Return an interval of macro-F1 that holds 95 % of the resamples of companies (Efron 1979).

    Args:
        truth: The true class of each posting.
        said: The class said.
        groups: Its company. Postings of one company are alike, so that companies are drawn, not postings.
        resamples: How often as many companies as there are are drawn with replacement.
    """
    names = sorted({*truth.tolist(), *said.tolist()})
    pair = np.searchsorted(names, truth) * len(names) + np.searchsorted(names, said)
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


def _coverage(judged: Judged, taxonomy: Taxonomy) -> pd.DataFrame:
    rows = []
    for language, part in _by_language(judged):
        truth = _roles(part.postings)
        right = truth == part.said
        right_focus = _focuses(truth, taxonomy) == _focuses(part.said, taxonomy)
        for margin in sorted({0.0, 0.1, SURE, 0.4, 0.6, 0.8}):
            kept = part.margin >= margin
            rows.append(
                {
                    "language": language,
                    "least_margin": margin,
                    "coverage": float(kept.mean()),
                    "focus_accuracy": float(right_focus[kept].mean()) if kept.any() else np.nan,
                    "role_accuracy": float(right[kept].mean()) if kept.any() else np.nan,
                }
            )
    return pd.DataFrame(rows)


def _macro_f1(truth: npt.NDArray[np.str_], said: npt.NDArray[np.str_]) -> float:
    return float(f1_score(truth, said, labels=np.unique(truth), average="macro", zero_division=0.0))


def _by_class(
    key: str,
    truth: npt.NDArray[np.str_],
    said: npt.NDArray[np.str_],
    classes: Sequence[str],
    languages: npt.NDArray[np.str_],
) -> pd.DataFrame:
    precision, recall, f1, support = precision_recall_fscore_support(truth, said, labels=classes, zero_division=0.0)
    table = pd.DataFrame({key: classes, "precision": precision, "recall": recall, "f1": f1, "postings": support})
    for language in pd.Series(languages).value_counts().index:
        own = languages == language
        scores = f1_score(truth[own], said[own], labels=classes, average=None, zero_division=0.0)
        table[f"f1_{language}"] = np.where(np.isin(classes, truth[own]), scores, np.nan)
    return table


def _confusions(judged: Judged, top: int = 10) -> pd.DataFrame:
    tables = []
    for language, part in _by_language(judged):
        pairs = pd.DataFrame({"role": _roles(part.postings), "said": part.said})
        sizes = pairs["role"].value_counts()
        counts = pairs[pairs["role"] != pairs["said"]].value_counts().rename("postings").reset_index()
        counts["share"] = counts["postings"] / counts["role"].map(sizes)
        counts.insert(0, "language", language)
        tables.append(counts.sort_values(["postings", "role", "said"], ascending=[False, True, True])[:top])
    return pd.concat(tables, ignore_index=True)


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
