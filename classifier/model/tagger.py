"""The tagger: a posting's title and description in, the probability of each role out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Flags, Floats
from classifier.codebook import codebook_titles
from classifier.decision import decide
from classifier.estimators import Estimator, check_is_fitted
from classifier.model.blend import Blend
from classifier.model.info import ModelInfo
from classifier.model.linear import Linear, rounded, softmax
from classifier.model.model_file import ModelError, pack, read_model, short_name, unpack, write_model
from classifier.model.tag import Postings, Row, Tag, as_rows, batches
from classifier.model.term_counts import TermCounts
from classifier.model.vectorizer import PostingVectorizer
from classifier.quantification.estimand import Estimand
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

    Two linear layers share the vectorizer. The layer over all columns is the weighted mean of three sets of machines:
    fitted on all columns, on the title's, and on the description's, so that unusual wording in one of the two does not
    decide alone. The layer over the title's columns is fitted on titles alone. Their margins are blended by how much
    the description tells (`classifier.model.blend`): without one the title decides, and a stub changes little.

    A posting that advertises several jobs (`classifier.text.job_tracks`) gets the mean of their probabilities.

    Coefficients are rounded to 16-bit floats when fitted, so that a fitted tagger and the same one loaded from its
    file predict the same, and so that training on another processor, whose sums differ in the last bits, gives nearly
    the same file.

    Args:
        vectorizer: Turns postings into a matrix; None for a `PostingVectorizer` with its defaults.
        C: Inverse of regularisation strength, as in `sklearn.svm.LinearSVC`.
        balance: How far rare roles are weighted up: at 0 each posting weighs the same, at 1 each role, as with
            scikit-learn's ``class_weight="balanced"``; between them the balanced weight is raised to this power.
        blend: How title and description are blended, and how confident the result is; `classifier.training.train`
            finds it. None for a `Blend` with its defaults.
        chinese_blend: The same for postings in Chinese, where a word has fewer characters.
        codebook: Whether the titles of the codebook (`classifier.codebook`) are trained on too.
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
        C: float = 1.0,  # noqa: N803  # scikit-learn's name
        balance: float = 0.5,
        blend: Blend | None = None,
        chinese_blend: Blend | None = None,
        codebook: bool = False,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self.vectorizer = vectorizer
        self.C = C
        self.balance = balance
        self.blend = blend
        self.chinese_blend = chinese_blend
        self.codebook = codebook
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
        weights = np.ones(len(roles)) if sample_weight is None else np.asarray(sample_weight)
        if self.codebook:
            counts, roles, weights = self._with_codebook(counts, roles, weights)
        self.vectorizer_ = copy.copy(self.vectorizer or PostingVectorizer()).fit_counts(counts, roles)
        matrix, title = self.vectorizer_.transform_counts(counts), self.vectorizer_.title_columns
        weights = weights * compute_sample_weight("balanced", roles) ** self.balance
        every, described = np.ones(len(roles), dtype=bool), np.diff(matrix[:, title:].indptr) > 0
        whole, by_title, by_description = (
            self._machines(columns[chosen], np.asarray(roles)[chosen], weights[chosen])
            for columns, chosen in ((matrix, every), (matrix[:, :title], every), (matrix[:, title:], described))
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
        return self.score_counts(self.vectorizer_.count_known(list(as_rows(rows))))

    def score_counts(self, counts: TermCounts) -> Floats:
        """Return the same scores from counts of terms; shape (postings, roles)."""
        matrix = self.vectorizer_.transform_counts(counts)
        amounts = self.vectorizer_.amounts(matrix)
        title, whole = self.title_margins(matrix), self.margins(matrix, amounts > 0)
        scores = np.empty_like(title)
        for chosen, blend in zip((~counts.chinese, counts.chinese), self.blends, strict=True):
            scores[chosen] = blend.scores(title[chosen], whole[chosen], amounts[chosen])
        return scores

    def title_margins(self, matrix: sparse.csr_matrix) -> Floats:
        """Return the margins of the layer over titles for what the vectorizer returned; shape (postings, roles)."""
        return self.title_.margins(matrix[:, : self.vectorizer_.title_columns])

    def margins(self, matrix: sparse.csr_matrix, described: Flags) -> Floats:
        """Return the margins of the layer over all columns, 0 for postings that are not described.

        Args:
            matrix: What the vectorizer returned; shape (postings, columns).
            described: Which postings have a description; shape (postings,).
        """
        margins = np.zeros((matrix.shape[0], len(self.classes_)))
        margins[described] = self.whole_.margins(matrix[described])
        return margins

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

    def tag(self, rows: Postings, *, batch: int = 1024) -> Iterator[Tag]:
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
        names = self.classes_.tolist()
        focuses = [self._taxonomy.focus_by_role[role] for role in names]
        for group in batches(as_rows(rows), batch):
            probabilities = self._predict_proba(group)
            best = decide(probabilities, names, self._taxonomy)
            for index, shares in zip(best.tolist(), probabilities.tolist(), strict=True):
                role, focus = names[index], focuses[index]
                together = sum(share for share, other in zip(shares, focuses, strict=True) if other == focus)
                yield Tag(role, focus, shares[index], together, dict(zip(names, shares, strict=True)))

    def mix(self, rows: Postings, estimand: Estimand = Estimand.HIRING, *, batch: int = 1024) -> Mix:
        """Estimate the mix of roles of a board, with intervals.

        Args:
            rows: The board's postings, as for `tag`.
            estimand: What the shares are shares of.
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
            parts.append((mean @ self._probabilities(counts), unknown, several))
        if not parts:
            raise MixError("no postings, so there is no mix to estimate")
        probabilities, unknown_words, several_tracks = zip(*parts, strict=True)
        scored = ScoredPostings(
            tuple(self.classes_.tolist()),
            np.concatenate(probabilities),
            np.concatenate(unknown_words),
            np.concatenate(several_tracks),
        )
        return self.quantifier_.estimate(scored, estimand)

    @property
    def blends(self) -> tuple[Blend, Blend]:
        """The blends for postings that are not in Chinese, and for those that are."""
        return self.blend or Blend(), self.chinese_blend or Blend()

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
                blend=Blend(**settings["blend"]),
                chinese_blend=Blend(**settings["chinese_blend"]),
                codebook=settings["codebook"],
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

    def _with_codebook(
        self, counts: TermCounts, roles: Sequence[str], weights: Floats
    ) -> tuple[TermCounts, Sequence[str], Floats]:
        """Return postings followed by the codebook's titles of the same roles, each of weight 1."""
        titles = [(title, role) for title, role in codebook_titles() if role in self.classes_]
        added = (self.vectorizer or PostingVectorizer()).count([{"title": title} for title, _ in titles], every=True)
        added_roles = [role for _, role in titles]
        return counts.followed_by(added), [*roles, *added_roles], np.concatenate([weights, np.ones(len(titles))])

    def _machines(self, matrix: sparse.csr_matrix, roles: npt.NDArray[np.str_], weights: Floats) -> Linear:
        """Fit a machine for each role; that of a role without postings here, as without descriptions, says no."""
        known = np.isin(self.classes_, roles)
        coefficients, intercepts = np.zeros((len(known), matrix.shape[1])), np.where(known, 1.0, -1.0)
        if not matrix.shape[1]:  # as when no posting has a description
            return Linear(coefficients.T, np.zeros(len(known)))
        if known.sum() < 2 <= len(known):
            return Linear(coefficients.T, intercepts)
        from sklearn.svm import LinearSVC

        # liblinear's dual method runs on one thread and shuffles with its own seed: the result is reproducible.
        machines = LinearSVC(C=self.C, tol=1e-3, max_iter=5000, random_state=0)
        machines.fit(matrix, roles, sample_weight=weights)
        # scikit-learn keeps one row of coefficients for two classes.
        signs = np.array([[-1.0], [1.0]]) if len(machines.classes_) == 2 else np.ones((len(machines.classes_), 1))
        order = np.searchsorted(machines.classes_, self.classes_[known])
        coefficients[known] = (signs * machines.coef_)[order]
        intercepts[known] = (signs[:, 0] * machines.intercept_)[order]
        return Linear(coefficients.T, intercepts)

    def _pack(self) -> bytes:
        config = {
            "roles": self.classes_.tolist(),
            "tagger": {
                "inverse_penalty": self.C,
                "balance": self.balance,
                "blend": asdict(self.blends[0]),
                "chinese_blend": asdict(self.blends[1]),
                "codebook": self.codebook,
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
