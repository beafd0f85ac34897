"""The tagger: a posting's title and description in, the probability of each role out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import sparse, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC
from sklearn.utils.class_weight import compute_sample_weight

from classifier.arrays import Floats
from classifier.model.info import ModelInfo
from classifier.model.linear import Linear, rounded
from classifier.model.model_file import ModelError, pack, read_model, short_name, unpack, write_model
from classifier.model.tag import Row, Tag, batches, checked, decide, has_description
from classifier.model.term_counts import TermCounts
from classifier.model.vectorizer import PostingVectorizer
from classifier.quantification.estimator import Calibration, Mix, MixError, Scored, estimate
from classifier.taxonomy import Taxonomy
from classifier.text import job_tracks
from classifier.text.tokens import other_tokens, tokenizer

NOT_CALIBRATED = "this model cannot estimate a mix, because it was not calibrated: make one with `rolemix train`"


_TITLE_SHARE, _DESCRIPTION_SHARE = 0.3, 0.5


class Tagger(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Linear support vector machines over TF-IDF, one for each role against the rest, with scikit-learn's manners.

    Two sets of them share the vectorizer: one for postings with a description, and one that was fitted on
    titles alone for those without (or whose description holds no known word). A single one would have to
    lean on titles more than it should where there is a description, or less where there is none. The first
    set is the weighted mean of three that were fitted on all columns, on the title's, and on the
    description's: so that where a company words one of the two oddly, the other has a say of its own.

    A posting that advertises several directions (`classifier.text.job_tracks`) has the mean of their probabilities.

    What is learned is rounded to 16-bit floats at once, so that a tagger in memory and the same one read from
    its file decide alike, and training on another processor, whose sums differ in the last bits, gives nearly
    the same file.

    Args:
        vectorizer: Turns postings into numbers; None for one with its defaults.
        inverse_penalty: scikit-learn's ``C``: the larger, the closer to the training data.
        balance: How far rare roles are weighted up: 0 leaves their frequency, 1 makes all roles equal.
        temperature: Divides the scores of postings with a description, which leaves the order of roles and
            makes confidence honest; `classifier.training.train` finds it.
        title_temperature: The same for bare titles.
        calibration: What estimating a mix needs; `classifier.training.train` finds it. None where no mix is wanted.
        taxonomy: Groups roles into focuses; None for the shipped one.

    Attributes:
        classes_: The roles known to the model, in the taxonomy's order; shape (roles,).
        vectorizer_: The fitted vectorizer.
        whole_: The machines on all columns.
        title_: The machines on the title's columns.
        model: The name of what was learned: the first 12 hex digits of its file's SHA-256.
    """

    classes_: npt.NDArray[np.str_]
    vectorizer_: PostingVectorizer
    whole_: Linear
    title_: Linear
    model: str
    _packed: bytes

    def __init__(
        self,
        *,
        vectorizer: PostingVectorizer | None = None,
        inverse_penalty: float = 0.6,
        balance: float = 0.5,
        temperature: float = 1.0,
        title_temperature: float = 1.0,
        calibration: Calibration | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self.vectorizer = vectorizer
        self.inverse_penalty = inverse_penalty
        self.balance = balance
        self.temperature = temperature
        self.title_temperature = title_temperature
        self.calibration = calibration
        self.taxonomy = taxonomy

    def fit(self, rows: Sequence[Row], roles: Sequence[str], sample_weight: npt.ArrayLike | None = None) -> Self:
        """Learn from labelled postings.

        Args:
            rows: Postings with ``title`` and ``description``.
            roles: The role of each, by its key in the taxonomy.
            sample_weight: How much each counts; None for all alike.

        Raises:
            ValueError: A role is not in the taxonomy, or there are fewer than two.
        """
        counts = (self.vectorizer or PostingVectorizer()).count(rows)
        return self.fit_counts(counts, roles, sample_weight)

    def fit_counts(self, counts: TermCounts, roles: Sequence[str], sample_weight: npt.ArrayLike | None = None) -> Self:
        """Learn the same from the counts of the postings' terms, as the vectorizer counts them."""
        if unknown := sorted(set(roles) - set(self._taxonomy.role_names)):
            raise ValueError(f"unknown role {unknown[0]!r}: the taxonomy does not have it")
        self.classes_ = np.array([role for role in self._taxonomy.role_names if role in set(roles)])
        self.vectorizer_ = sklearn.clone(self.vectorizer or PostingVectorizer()).fit_counts(counts, roles)
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
        self._packed = self._pack()
        self.model = short_name(self._packed)
        return self

    def decision_function(self, rows: Sequence[Row]) -> Floats:
        """Return each posting's score for each role: the logarithm of its probability, plus a constant.

        JobTracks are not told apart here.
        """
        return self._scores(self.vectorizer_.transform(rows))

    def score_counts(self, counts: TermCounts, *, titles_only: bool = False) -> Floats:
        """Return the same from counts of the postings' terms; on request, as if they had no description."""
        return self._scores(self.vectorizer_.transform_counts(counts), titles_only=titles_only)

    def predict_proba(self, rows: Sequence[Row]) -> Floats:
        """Return the probability of each role for each posting; shape (postings, roles), rows sum to 1."""
        counts, mean = self._parts(rows)
        return np.asarray(mean @ self._probabilities(counts))

    def predict(self, rows: Sequence[Row]) -> npt.NDArray[np.str_]:
        """Return the role of each posting, as `Tag` defines it."""
        return self.classes_[decide(self.predict_proba(rows), self.classes_.tolist(), self._taxonomy)]

    def tag(self, rows: Iterable[Row], *, batch: int = 256) -> Iterator[Tag]:
        """Tag postings one after the other, holding no more than a batch of them.

        Args:
            rows: Postings with a ``title`` and, where there is one, a ``description``; other keys are
                ignored.
            batch: How many are worked on at once.

        Yields:
            A tag for each posting, in order. When reading a row fails, those before it are tagged first.

        Raises:
            RowError: A row has no title, or a title or description that is not text.
        """
        focus_by_role = self._taxonomy.focus_by_role
        names = self.classes_.tolist()
        for group in batches(map(checked, rows), batch):
            probabilities = self.predict_proba(group)
            best = decide(probabilities, names, self._taxonomy)
            for index, shares in zip(best.tolist(), probabilities.tolist(), strict=True):
                role = names[index]
                yield Tag(role, focus_by_role[role], shares[index], dict(zip(names, shares, strict=True)))

    def mix(self, rows: Iterable[Row], *, batch: int = 256) -> Mix:
        """Estimate the mix of roles that a board's postings are drawn from, with intervals.

        Args:
            rows: The board's postings, as for `tag`.
            batch: How many are worked on at once.

        Raises:
            RowError: A row cannot be tagged.
            MixError: There is no row, or the tagger was not calibrated.
        """
        if self.calibration is None:
            raise MixError(NOT_CALIBRATED)
        parts = []
        for group in batches(map(checked, rows), batch):
            counts, mean = self._parts(group)
            shared = np.diff(mean.indptr) > 1
            unknown = mean @ self.vectorizer_.unknown_words(counts)
            parts.append((mean @ self._probabilities(counts), list(map(has_description, group)), unknown, shared))
        if not parts:
            raise MixError("no postings, so there is no mix to estimate")
        probabilities, described, unknowns, shares = zip(*parts, strict=True)
        scored = Scored(
            tuple(self.classes_.tolist()),
            np.concatenate(probabilities),
            np.concatenate(described).astype(bool),
            np.concatenate(unknowns),
            np.concatenate(shares),
        )
        return estimate(scored, self.calibration, self._taxonomy)

    @property
    def info(self) -> ModelInfo:
        """What reports, feeds and mixes need of the model."""
        return ModelInfo(self.model, self._taxonomy, self.calibration)

    @property
    def taxonomy_version(self) -> str:
        """The version of the taxonomy that groups the roles into focuses."""
        return self._taxonomy.version

    @property
    def focus_by_role(self) -> dict[str, str]:
        """The focus of each role in that taxonomy, by key."""
        return self._taxonomy.focus_by_role

    def save(self, folder: Path) -> Path:
        """Write the model file and its manifest into a folder, and return the manifest's path."""
        return write_model(folder, self._packed)

    @classmethod
    def load(cls, path: Path | str | None = None, *, taxonomy: Taxonomy | None = None) -> Self:
        """Read a tagger.

        Args:
            path: The folder that `save` wrote to, or a file in it; None for the model that the package ships.
            taxonomy: Another grouping of the same roles; None for the shipped one.

        Raises:
            ModelError: There is no model there, it was tampered with or damaged, it was trained on the
                output of another tokenizer, or it knows a role that the taxonomy does not have.
        """
        packed = read_model(Path(path) if path is not None else shipped())
        members = unpack(packed)
        try:
            config = json.loads(members["config.json"])
            _check_tokenizer(config["tokenizer"])
            tagger = cls(vectorizer=PostingVectorizer(**config["vectorizer"]), **config["tagger"], taxonomy=taxonomy)
            tagger._restore(config["roles"], members)
            if config["mix"] is not None:
                tagger.calibration = Calibration.from_dict(config["mix"])
        except ModelError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"the model is not laid out as this version of rolemix expects: {error}") from error
        tagger._packed = packed
        tagger.model = short_name(packed)
        return tagger

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.taxonomy or _shipped_taxonomy()

    def _parts(self, rows: Sequence[Row]) -> tuple[TermCounts, sparse.csr_matrix]:
        """Count the terms of each direction of each posting, and return what makes of them the postings' means."""
        parts = list(map(job_tracks.parts, rows))
        counts = self.vectorizer_.count_known([part for of_row in parts for part in of_row])
        row = np.repeat(np.arange(len(parts)), [len(of_row) for of_row in parts])
        mean = sparse.csr_matrix((np.ones(len(row)), (row, np.arange(len(row)))), (len(parts), len(row)))
        return counts, normalize(mean, norm="l1")

    def _probabilities(self, counts: TermCounts) -> Floats:
        return np.asarray(special.softmax(self.score_counts(counts), axis=1))

    def _scores(self, matrix: sparse.csr_matrix, *, titles_only: bool = False) -> Floats:
        titles = matrix[:, : self.vectorizer_.title_columns]
        described = (np.diff(matrix.indptr) > np.diff(titles.indptr)) & (not titles_only)
        scores = np.empty((matrix.shape[0], len(self.classes_)))
        scores[described] = self.whole_.scores(matrix[described], self.temperature)
        scores[~described] = self.title_.scores(titles[~described], self.title_temperature)
        return scores

    def _machines(self, matrix: sparse.csr_matrix, roles: Sequence[str], weights: Floats) -> Linear:
        if not matrix.shape[1]:  # there is no description to learn from
            return Linear(np.zeros((0, len(self.classes_)), np.float32), np.zeros(len(self.classes_), np.float32))
        # liblinear's dual method runs on one thread and seeds its own order, so that the bits are always the same.
        machines = LinearSVC(C=self.inverse_penalty, tol=1e-3, max_iter=5000, random_state=0)
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
                "inverse_penalty": self.inverse_penalty,
                "balance": self.balance,
                "temperature": self.temperature,
                "title_temperature": self.title_temperature,
            },
            "mix": None if self.calibration is None else self.calibration.to_dict(),
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
            raise ModelError(f"the model knows the role {unknown[0]!r}, which the taxonomy does not have")
        terms = {
            name.removesuffix(".txt"): content.decode().split("\n") if content else []
            for name, content in members.items()
            if name.endswith(".txt")
        }
        weights = {name: _numbers(members[f"{name}.f4"], "<f4") for name in terms}
        self.classes_ = np.array(roles)
        self.vectorizer_ = sklearn.clone(self.vectorizer).restore(
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
        raise ModelError(f"the model was trained on {why}: install that version or train again")


def shipped() -> Path:
    """Return the folder of the shipped model and its data: in the package when installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_models"
    return installed if installed.is_dir() else package.parent / "models"


@cache
def _shipped_taxonomy() -> Taxonomy:
    return Taxonomy.load()
