"""The tagger: a posting's title and description in, the probability of each role out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Floats
from classifier.estimators import Estimator, check_is_fitted
from classifier.model.info import ModelInfo
from classifier.model.linear import Linear, rounded, softmax
from classifier.model.model_file import ModelError, pack, read_model, short_name, unpack, write_model
from classifier.model.tag import Postings, Row, Tag, as_rows, batches, decide, has_description
from classifier.model.term_counts import TermCounts
from classifier.model.vectorizer import PostingVectorizer
from classifier.quantification.estimator import MixQuantifier
from classifier.quantification.mix import Mix, MixError, ScoredPostings
from classifier.taxonomy import Taxonomy
from classifier.text.job_tracks import split_by_track
from classifier.text.tokens import other_tokens, tokenizer

if TYPE_CHECKING:
    from sklearn.utils import Tags

NO_QUANTIFIER = "this model cannot estimate mixes: train one that can with `rolemix train`"

_TITLE_SHARE, _DESCRIPTION_SHARE = 0.3, 0.5
"""Weights of the machines fitted on the title alone and on the description alone, beside 1 for those on all columns;
chosen by macro-F1 on held-out companies."""


class Tagger(Estimator):
    """A scikit-learn classifier of job postings: linear support vector machines over TF-IDF, one role against the rest.

    Two sets of machines share the vectorizer: one for postings with a description, and one fitted on titles alone, for
    postings without a description or whose description has no known word. A single set would rely too much on the
    title where there is a description, or too little where there is none. The first set is the weighted mean of three:
    fitted on all columns, on the title's, and on the description's, so that unusual wording in one of the two does not
    decide alone.

    A posting that advertises several jobs (`classifier.text.job_tracks`) gets the mean of their probabilities.

    Coefficients are rounded to 16-bit floats when fitted, so that a fitted tagger and the same one loaded from its
    file predict the same, and so that training on another processor, whose sums differ in the last bits, gives nearly
    the same file.

    Args:
        vectorizer: Turns postings into a matrix; None for a `PostingVectorizer` with its defaults.
        C: Inverse of regularisation strength, as in `sklearn.svm.LinearSVC`.
        balance: How far rare roles are weighted up: at 0 each posting weighs the same, at 1 each role, as with
            scikit-learn's ``class_weight="balanced"``; between them the balanced weight is raised to this power.
        temperature: Divides the scores of postings with a description, which calibrates confidence without changing
            which role is the most probable; `classifier.training.train` finds it.
        title_temperature: The same for postings with a title alone.
        taxonomy: Groups roles into focuses; None for the shipped one.

    Attributes:
        classes_: The roles known to the model, in the taxonomy's order; shape (roles,).
        vectorizer_: The fitted vectorizer.
        whole_: The linear layer over all columns.
        title_: The linear layer over the title's columns.
        quantifier_: Estimates mixes; None unless `attach_quantifier` was called.
        model: The name of the fitted model: the first 12 hex digits of the SHA-256 of its file.
    """

    classes_: npt.NDArray[np.str_]
    vectorizer_: PostingVectorizer
    whole_: Linear
    title_: Linear
    quantifier_: MixQuantifier | None
    model: str
    _packed: bytes

    def __init__(  # noqa: PLR0913  # an estimator's settings
        self,
        *,
        vectorizer: PostingVectorizer | None = None,
        C: float = 0.6,  # noqa: N803  # scikit-learn's name
        balance: float = 0.5,
        temperature: float = 1.0,
        title_temperature: float = 1.0,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self.vectorizer = vectorizer
        self.C = C
        self.balance = balance
        self.temperature = temperature
        self.title_temperature = title_temperature
        self.taxonomy = taxonomy

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn that this is a classifier."""
        from sklearn.utils import ClassifierTags

        tags = super().__sklearn_tags__()
        tags.estimator_type, tags.classifier_tags = "classifier", ClassifierTags()
        return tags

    def fit(self, rows: Postings, roles: Sequence[str], sample_weight: npt.ArrayLike | None = None) -> Self:
        """Fit the tagger to labelled postings.

        Args:
            rows: Postings, as for `tag`.
            roles: The role of each, by its key in the taxonomy; shape (postings,).
            sample_weight: The weight of each; shape (postings,). None for equal weights.

        Raises:
            ValueError: A role is not in the taxonomy, or there are fewer than two.
        """
        counts = (self.vectorizer or PostingVectorizer()).count(list(as_rows(rows)))
        return self.fit_counts(counts, roles, sample_weight)

    def fit_counts(self, counts: TermCounts, roles: Sequence[str], sample_weight: npt.ArrayLike | None = None) -> Self:
        """Fit the tagger to postings whose terms are counted already.

        Args:
            counts: What `PostingVectorizer.count` returned for the postings.
            roles: The role of each, by its key in the taxonomy; shape (postings,).
            sample_weight: The weight of each; shape (postings,). None for equal weights.

        Raises:
            ValueError: A role is not in the taxonomy, or there are fewer than two.
        """
        from sklearn.utils.class_weight import compute_sample_weight  # here, because tagging does not need it

        if unknown := sorted(set(roles) - set(self._taxonomy.role_names)):
            raise ValueError(f"unknown role {unknown[0]!r}: the taxonomy does not have it")
        self.classes_ = np.array([role for role in self._taxonomy.role_names if role in set(roles)])
        self.vectorizer_ = copy.copy(self.vectorizer or PostingVectorizer()).fit_counts(counts, roles)
        matrix, title = self.vectorizer_.transform_counts(counts), self.vectorizer_.title_columns
        weights = compute_sample_weight("balanced", roles) ** self.balance
        if sample_weight is not None:
            weights = weights * np.asarray(sample_weight)
        whole, by_title, by_description = (
            self._machines(columns, roles, weights) for columns in (matrix, matrix[:, :title], matrix[:, title:])
        )
        parts = np.concatenate([_TITLE_SHARE * by_title.coefficients, _DESCRIPTION_SHARE * by_description.coefficients])
        intercepts = _TITLE_SHARE * by_title.intercepts + _DESCRIPTION_SHARE * by_description.intercepts
        total = 1 + _TITLE_SHARE + _DESCRIPTION_SHARE
        self.whole_ = rounded((whole.coefficients + parts) / total, (whole.intercepts + intercepts) / total)
        self.title_ = rounded(*by_title)
        return self.attach_quantifier(None)

    def attach_quantifier(self, quantifier: MixQuantifier | None) -> Self:
        """Give a fitted tagger the quantifier that estimates its mixes; the name of the model changes with it.

        Args:
            quantifier: Fitted on held-out postings of taggers with the same settings, as `classifier.training.train`
                does; None for none.
        """
        self.quantifier_ = quantifier
        self._packed = self._pack()
        self.model = short_name(self._packed)
        return self

    def decision_function(self, rows: Postings) -> Floats:
        """Return the score of each role for each posting: the logarithm of its probability, plus a constant.

        A posting that advertises several jobs is scored as a whole here, unlike in `predict_proba`.

        Returns:
            Shape (postings, roles).
        """
        check_is_fitted(self, "classes_")
        return self._scores(self.vectorizer_.transform(list(as_rows(rows))))

    def score_counts(self, counts: TermCounts, *, titles_only: bool = False) -> Floats:
        """Return the same scores from counts of terms.

        Args:
            counts: The terms of the postings.
            titles_only: Score postings as if they had no description.

        Returns:
            Shape (postings, roles).
        """
        return self._scores(self.vectorizer_.transform_counts(counts), titles_only=titles_only)

    def predict_proba(self, rows: Postings) -> Floats:
        """Return the probability of each role for each posting; shape (postings, roles), rows sum to 1."""
        check_is_fitted(self, "classes_")
        return self._predict_proba(list(as_rows(rows)))

    def predict(self, rows: Postings) -> npt.NDArray[np.str_]:
        """Return the role of each posting, chosen as `Tag` describes; shape (postings,)."""
        probabilities = self.predict_proba(rows)
        return self.classes_[decide(probabilities, self.classes_.tolist(), self._taxonomy)]

    def score(self, rows: Postings, roles: Sequence[str], sample_weight: npt.ArrayLike | None = None) -> float:
        """Return the accuracy: the share of postings whose role is predicted.

        Args:
            rows: Postings.
            roles: The role of each; shape (postings,).
            sample_weight: The weight of each; shape (postings,). None for equal weights.
        """
        right = self.predict(rows) == np.asarray(roles)
        return float(np.average(right, weights=None if sample_weight is None else np.asarray(sample_weight)))

    def tag(self, rows: Postings, *, batch: int = 256) -> Iterator[Tag]:
        """Tag a stream of postings, holding no more than one batch in memory.

        Args:
            rows: Postings with a ``title`` and, where there is one, a ``description``; other keys are ignored. Titles
                alone, or a pandas DataFrame with these columns, are accepted too, here and wherever postings are.
            batch: How many postings to tag at once.

        Yields:
            A tag for each posting, in order. When a row is not valid, those before it are tagged first.

        Raises:
            RowError: A row has no title, or its title or description is not a string.
        """
        focus_by_role = self._taxonomy.focus_by_role
        names = self.classes_.tolist()
        for group in batches(as_rows(rows), batch):
            probabilities = self._predict_proba(group)
            best = decide(probabilities, names, self._taxonomy)
            for index, shares in zip(best.tolist(), probabilities.tolist(), strict=True):
                role = names[index]
                yield Tag(role, focus_by_role[role], shares[index], dict(zip(names, shares, strict=True)))

    def mix(self, rows: Postings, *, batch: int = 256) -> Mix:
        """Estimate the mix of roles that a board's postings are drawn from, with intervals.

        Args:
            rows: The board's postings, as for `tag`.
            batch: How many postings to tag at once.

        Raises:
            RowError: A row has no title, or its title or description is not a string.
            MixError: There are no rows, or the tagger has no quantifier.
        """
        if self.quantifier_ is None:
            raise MixError(NO_QUANTIFIER)
        parts = []
        for group in batches(as_rows(rows), batch):
            counts, mean = self._count_tracks(group)
            several = np.diff(mean.indptr) > 1
            unknown = mean @ self.vectorizer_.unknown_words(counts)
            parts.append((mean @ self._probabilities(counts), list(map(has_description, group)), unknown, several))
        if not parts:
            raise MixError("no postings, so there is no mix to estimate")
        probabilities, described, unknown_words, several_tracks = zip(*parts, strict=True)
        scored = ScoredPostings(
            tuple(self.classes_.tolist()),
            np.concatenate(probabilities),
            np.concatenate(described).astype(bool),
            np.concatenate(unknown_words),
            np.concatenate(several_tracks),
        )
        return self.quantifier_.estimate(scored)

    @property
    def info(self) -> ModelInfo:
        """What reports, feeds and mixes need of the model."""
        return ModelInfo(self.model, self._taxonomy, self.quantifier_)

    def save(self, folder: Path) -> Path:
        """Write the model file and its manifest into a folder, and return the manifest's path."""
        return write_model(folder, self._packed)

    @classmethod
    def load(cls, path: Path | str | None = None, *, taxonomy: Taxonomy | None = None) -> Self:
        """Load a tagger from its model file.

        Args:
            path: The folder that `save` wrote to, or a file in it; None for the model that the package ships.
            taxonomy: Another grouping of the same roles; None for the shipped one.

        Raises:
            ModelError: There is no model, it is damaged or does not match its manifest, it was trained with another
                tokenizer, or it has a role that the taxonomy does not have.
        """
        packed = read_model(Path(path) if path is not None else shipped())
        members = unpack(packed)
        try:
            config = json.loads(members["config.json"])
            _check_tokenizer(config["tokenizer"])
            settings = config["tagger"]
            tagger = cls(
                vectorizer=PostingVectorizer(**config["vectorizer"]),
                C=settings["inverse_penalty"],
                balance=settings["balance"],
                temperature=settings["temperature"],
                title_temperature=settings["title_temperature"],
                taxonomy=taxonomy,
            )
            tagger._restore(config["roles"], members)
            mix = config["mix"]
            tagger.quantifier_ = None if mix is None else MixQuantifier.from_dict(mix, taxonomy=taxonomy)
        except ModelError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(
                f"the model file does not have the layout that this version of rolemix expects: {error}"
            ) from error
        tagger._packed = packed
        tagger.model = short_name(packed)
        return tagger

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.taxonomy or _shipped_taxonomy()

    def _predict_proba(self, rows: Sequence[Row]) -> Floats:
        counts, mean = self._count_tracks(rows)
        return np.asarray(mean @ self._probabilities(counts))

    def _count_tracks(self, rows: Sequence[Row]) -> tuple[TermCounts, sparse.csr_matrix]:
        """Count the terms of each job that each posting advertises, and return the matrix that averages them.

        Returns:
            The counts, one row for each job, and the matrix; shape (postings, jobs), rows sum to 1.
        """
        tracks = list(map(split_by_track, rows))
        counts = self.vectorizer_.count_known([track for of_row in tracks for track in of_row])
        row = np.repeat(np.arange(len(tracks)), [len(of_row) for of_row in tracks])
        shares = 1 / np.bincount(row)[row]
        return counts, sparse.csr_matrix((shares, (row, np.arange(len(row)))), (len(tracks), len(row)))

    def _probabilities(self, counts: TermCounts) -> Floats:
        return softmax(self.score_counts(counts))

    def _scores(self, matrix: sparse.csr_matrix, *, titles_only: bool = False) -> Floats:
        titles = matrix[:, : self.vectorizer_.title_columns]
        described = (np.diff(matrix.indptr) > np.diff(titles.indptr)) & (not titles_only)
        scores = np.empty((matrix.shape[0], len(self.classes_)))
        scores[described] = self.whole_.scores(matrix[described], self.temperature)
        scores[~described] = self.title_.scores(titles[~described], self.title_temperature)
        return scores

    def _machines(self, matrix: sparse.csr_matrix, roles: Sequence[str], weights: Floats) -> Linear:
        if not matrix.shape[1]:  # as when no posting has a description
            return Linear(np.zeros((0, len(self.classes_)), np.float32), np.zeros(len(self.classes_), np.float32))
        from sklearn.svm import LinearSVC

        # liblinear's dual method runs on one thread and shuffles with its own seed: the result is reproducible.
        machines = LinearSVC(C=self.C, tol=1e-3, max_iter=5000, random_state=0)
        machines.fit(matrix, roles, sample_weight=weights)
        coefficients, intercepts = machines.coef_, machines.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps one row of coefficients for two classes
            coefficients = np.concatenate([-coefficients, coefficients])
            intercepts = np.concatenate([-intercepts, intercepts])
        order = np.searchsorted(machines.classes_, self.classes_)
        return Linear(coefficients[order].T, intercepts[order])

    def _pack(self) -> bytes:
        config = {
            "roles": self.classes_.tolist(),
            "tagger": {
                "inverse_penalty": self.C,
                "balance": self.balance,
                "temperature": self.temperature,
                "title_temperature": self.title_temperature,
            },
            "mix": None if self.quantifier_ is None else self.quantifier_.to_dict(),
            "vectorizer": self.vectorizer_.get_params(),
            "tokenizer": tokenizer(),
        }
        members = {"config.json": json.dumps(config, indent=1, sort_keys=True).encode()}
        for name, linear in (("whole", self.whole_), ("title", self.title_)):
            members[f"{name}.coefficients.f2"] = linear.coefficients.astype("<f2").tobytes()
            members[f"{name}.intercepts.f4"] = linear.intercepts.astype("<f4").tobytes()
        for name, (terms, weights) in self.vectorizer_.state().items():
            members[f"{name}.txt"] = "\n".join(terms).encode()
            members[f"{name}.f4"] = weights.astype("<f4").tobytes()
        return pack(members)

    def _restore(self, roles: list[str], members: Mapping[str, bytes]) -> None:
        unknown = sorted(set(roles) - set(self._taxonomy.role_names))
        if unknown:
            raise ModelError(f"the model has the role {unknown[0]!r}, which the taxonomy does not")
        terms = {
            name.removesuffix(".txt"): content.decode().split("\n") if content else []
            for name, content in members.items()
            if name.endswith(".txt")
        }
        weights = {name: _numbers(members[f"{name}.f4"], "<f4") for name in terms}
        self.classes_ = np.array(roles)
        self.vectorizer_ = copy.copy(self.vectorizer or PostingVectorizer()).restore(
            {name: (terms[name], weights[name]) for name in terms}
        )
        self.whole_, self.title_ = (
            Linear(
                _numbers(members[f"{name}.coefficients.f2"], "<f2").reshape(columns, len(roles)),
                _numbers(members[f"{name}.intercepts.f4"], "<f4").reshape(len(roles)),
            )
            for name, columns in (
                ("whole", self.vectorizer_.columns),
                ("title", self.vectorizer_.title_columns),
            )
        )


def _numbers(content: bytes, kind: str) -> npt.NDArray[np.float32]:
    return np.frombuffer(content, kind).astype(np.float32)


def _check_tokenizer(pinned: Mapping[str, str]) -> None:
    if why := other_tokens(pinned):
        raise ModelError(f"the model was trained on {why}: install that version, or train again")


def shipped() -> Path:
    """Return the folder of the shipped model and its data: in the package when installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_models"
    return installed if installed.is_dir() else package.parent / "models"


@cache
def _shipped_taxonomy() -> Taxonomy:
    return Taxonomy.load()
