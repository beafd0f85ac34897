"""The tagger: a posting's title and description in, the probability of each role out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import sparse, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from classifier.features import PostingVectorizer, Row
from classifier.mix import Calibration, Mix, MixError, Scored, estimate
from classifier.modelfile import ModelError, pack, read_model, short_name, unpack, write_model
from classifier.taxonomy import Taxonomy
from classifier.tokens import TOKENIZER, tokenizer_digest, tokenizer_version
from postings.errors import RolemixError

_Item = TypeVar("_Item")
_Floats = npt.NDArray[np.float64]

NOT_CALIBRATED = "this model cannot estimate a mix, because it was not calibrated: make one with `rolemix train`"


class RowError(RolemixError):
    """A row that cannot be tagged; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What the tagger says about one posting.

    The focus is the one whose roles' probabilities have the largest sum, and the role is the most probable
    one *within that focus*, so that a role never contradicts its focus. Seldom, a single role of another
    focus is more probable: the roles of the winning focus outweigh it only together.

    Attributes:
        role: The role's key in the taxonomy.
        focus: The key of the focus that the taxonomy gives the role.
        confidence: The role's probability.
        roles: The probability of each role, in the taxonomy's order; they sum to 1.
    """

    role: str
    focus: str
    confidence: float
    roles: Mapping[str, float]


class Linear(NamedTuple):
    """A linear layer: scores are ``matrix @ coefficients + intercepts``.

    Attributes:
        coefficients: Shape (columns, roles).
        intercepts: Shape (roles,).
    """

    coefficients: npt.NDArray[np.float32]
    intercepts: npt.NDArray[np.float32]

    def scores(self, matrix: sparse.csr_matrix) -> _Floats:
        """Return the score of each role for each row; shape (rows, roles)."""
        return np.asarray(matrix @ self.coefficients + self.intercepts, dtype=np.float64)


class Tagger(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Multinomial logistic regression over TF-IDF, with scikit-learn's manners.

    Two regressions share the vectorizer: one for postings with a description, and one that was fitted on
    titles alone for those without (or whose description holds no known word). A single one would have to
    lean on titles more than it should where there is a description, or less where there is none.

    What is learned is rounded to 16-bit floats at once, so that a tagger in memory and the same one read from
    its file decide alike, and training on another processor, whose sums differ in the last bits, gives nearly
    the same file.

    Args:
        vectorizer: Turns postings into numbers; None for one with its defaults.
        inverse_penalty: scikit-learn's ``C``: the larger, the closer to the training data.
        balance: How far rare roles are weighted up: 0 leaves their frequency, 1 makes all roles equal.
        temperature: Divides the scores of postings with a description, which leaves the order of roles and
            makes confidence honest; `classifier.training` finds it.
        title_temperature: The same for bare titles.
        calibration: What estimating a mix needs; `classifier.training` finds it. None where no mix is wanted.
        taxonomy: Groups roles into focuses; None for the shipped one.

    Attributes:
        classes_: The roles known to the model, in the taxonomy's order; shape (roles,).
        vectorizer_: The fitted vectorizer.
        whole_: The regression on all columns, after division by the temperature.
        title_: The regression on the title's columns, likewise.
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
        inverse_penalty: float = 30.0,
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

    def fit(self, rows: Sequence[Row], roles: Sequence[str]) -> Self:
        """Learn from labelled postings.

        Args:
            rows: Postings with ``title`` and ``description``.
            roles: The role of each, by its key in the taxonomy.

        Raises:
            ValueError: A role is not in the taxonomy, or there are fewer than two.
        """
        present = set(roles)
        unknown = sorted(present - set(self._taxonomy.role_names))
        if unknown:
            raise ValueError(f"unknown role {unknown[0]!r}: the taxonomy does not have it")
        self.classes_ = np.array([role for role in self._taxonomy.role_names if role in present])
        self.vectorizer_ = sklearn.clone(self.vectorizer or PostingVectorizer())
        matrix = self.vectorizer_.fit_transform(rows)
        titles = matrix[:, : self.vectorizer_.title_columns]
        self.whole_ = self._regress(matrix, roles, self.temperature)
        self.title_ = self._regress(titles, roles, self.title_temperature)
        self._packed = self._pack()
        self.model = short_name(self._packed)
        return self

    def decision_function(self, rows: Sequence[Row]) -> _Floats:
        """Return each posting's score for each role: the logarithm of its probability, plus a constant."""
        matrix = self.vectorizer_.transform(rows)
        titles = matrix[:, : self.vectorizer_.title_columns]
        described = np.diff(matrix.indptr) > np.diff(titles.indptr)
        scores = np.empty((len(rows), len(self.classes_)))
        scores[described] = self.whole_.scores(matrix[described])
        scores[~described] = self.title_.scores(titles[~described])
        return scores

    def predict_proba(self, rows: Sequence[Row]) -> _Floats:
        """Return the probability of each role for each posting; shape (postings, roles), rows sum to 1."""
        return np.asarray(special.softmax(self.decision_function(rows), axis=1))

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
        parts = [
            (self.predict_proba(group), [has_description(row) for row in group], self.vectorizer_.unknown_words(group))
            for group in batches(map(checked, rows), batch)
        ]
        if not parts:
            raise MixError("no postings, so there is no mix to estimate")
        probabilities, described, unknown = zip(*parts, strict=True)
        scored = Scored(
            tuple(self.classes_.tolist()),
            np.concatenate(probabilities),
            np.concatenate(described).astype(bool),
            np.concatenate(unknown),
        )
        return estimate(scored, self.calibration, self._taxonomy)

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
        packed = read_model(Path(path) if path is not None else _shipped())
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

    def _regress(self, matrix: sparse.csr_matrix, roles: Sequence[str], temperature: float) -> Linear:
        weights = compute_sample_weight("balanced", roles) ** self.balance
        regression = LogisticRegression(C=self.inverse_penalty, max_iter=1000)
        # One thread: the number of threads decides the order of sums, and so the last bits.
        with threadpool_limits(1):
            regression.fit(matrix, roles, sample_weight=weights)
        coefficients, intercepts = regression.coef_, regression.intercept_
        if len(self.classes_) == 2:  # scikit-learn keeps one row of coefficients for two classes
            coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
            intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
        order = np.searchsorted(regression.classes_, self.classes_)
        return Linear(
            (coefficients[order] / temperature).T.astype(np.float16).astype(np.float32, order="C"),
            (intercepts[order] / temperature).astype(np.float32),
        )

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
            "tokenizer": {"name": TOKENIZER, "version": tokenizer_version(), "digest": tokenizer_digest()},
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
            name.removesuffix(".txt"): content.decode().split("\n")
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


def decide(probabilities: _Floats, roles: Sequence[str], taxonomy: Taxonomy) -> npt.NDArray[np.intp]:
    """Choose a role for each row of probabilities, as `Tag` defines it.

    Args:
        probabilities: Shape (rows, roles).
        roles: The roles of the columns.
        taxonomy: Says which focus each belongs to.

    Returns:
        The index of each row's role; shape (rows,).
    """
    focus_by_role = taxonomy.focus_by_role
    focuses = np.array([taxonomy.focus_names.index(focus_by_role[role]) for role in roles])
    membership = focuses[:, np.newaxis] == np.arange(len(taxonomy.focus_names))
    focus = (probabilities @ membership).argmax(axis=1)
    within = np.where(focuses == focus[:, np.newaxis], probabilities, -1.0)
    return np.asarray(within.argmax(axis=1))


def has_description(row: Row) -> bool:
    """Return whether a posting has a description, and not its title alone."""
    return bool((row.get("description") or "").strip())


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Split items into lists of a size; what was read before an error comes before the error."""
    batch: list[_Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == size:
                yield batch
                batch = []
    except RowError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def checked(row: object) -> Row:
    """Return the row when it can be tagged.

    Raises:
        RowError: It is not a mapping, has no title, or a title or description that is not text.
    """
    if not isinstance(row, Mapping):
        raise RowError("a posting is a mapping (in JSON, an object) with a title")
    name = "the posting" if row.get("id") is None else f"the posting {row['id']!r}"
    title, description = row.get("title"), row.get("description")
    if not isinstance(title, str) or not title.strip():
        raise RowError(f"{name} has no title: give each posting a title that is text")
    if description is not None and not isinstance(description, str):
        raise RowError(f"{name} has a description that is not text")
    return row


def _numbers(content: bytes, kind: str) -> npt.NDArray[np.float32]:
    return np.frombuffer(content, kind).astype(np.float32)


def _check_tokenizer(pinned: Mapping[str, str]) -> None:
    if pinned["digest"] != tokenizer_digest():
        raise ModelError(
            f"the model was trained on the tokens of {pinned['name']} {pinned['version']}, and the installed "
            f"{TOKENIZER} {tokenizer_version()} cuts text otherwise: install that version or train again"
        )


def _shipped() -> Path:
    """Return the folder of the shipped model: in the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "_models"
    return installed if installed.is_dir() else package.parent / "models"


@cache
def _shipped_taxonomy() -> Taxonomy:
    return Taxonomy.load()
