"""The tagger: a posting's title and description in, the probability of each role out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import sparse, special
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from classifier.features import PostingVectorizer, Row
from classifier.modelfile import ModelError, pack, read_model, short_name, unpack, write_model
from classifier.taxonomy import Taxonomy
from classifier.tokens import TOKENIZER, tokenizer_digest, tokenizer_version
from postings.errors import RolemixError

_Item = TypeVar("_Item")
_Floats = npt.NDArray[np.float64]


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


class Tagger(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Multinomial logistic regression over TF-IDF, with scikit-learn's manners.

    What is learned is rounded to 16-bit floats at once, so that a tagger in memory and the same one read
    from its file decide alike, and training on another processor, whose sums differ in the last bits, gives
    nearly the same file.

    Args:
        vectorizer: Turns postings into numbers; None for one with its defaults.
        inverse_penalty: scikit-learn's ``C``: the larger, the closer to the training data.
        balance: How far rare roles are weighted up: 0 leaves their frequency, 1 makes all roles equal.
        title_only_weight: Each posting is shown a second time without its description, with this weight, so
            that bare titles are tagged as well as they can be.
        temperature: Divides the scores, which leaves every decision and makes confidence honest;
            `classifier.training` finds it.
        taxonomy: Groups roles into focuses; None for the shipped one.

    Attributes:
        classes_: The roles known to the model, in the taxonomy's order; shape (roles,).
        coefficients_: Shape (columns, roles), after division by the temperature.
        intercepts_: Shape (roles,), likewise.
        vectorizer_: The fitted vectorizer.
    """

    classes_: npt.NDArray[np.str_]
    coefficients_: npt.NDArray[np.float32]
    intercepts_: npt.NDArray[np.float32]
    vectorizer_: PostingVectorizer
    _packed: bytes

    def __init__(
        self,
        *,
        vectorizer: PostingVectorizer | None = None,
        inverse_penalty: float = 30.0,
        balance: float = 0.0,
        title_only_weight: float = 0.5,
        temperature: float = 1.0,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self.vectorizer = vectorizer
        self.inverse_penalty = inverse_penalty
        self.balance = balance
        self.title_only_weight = title_only_weight
        self.temperature = temperature
        self.taxonomy = taxonomy

    def fit(self, rows: Sequence[Row], roles: Sequence[str]) -> Self:
        """Learn from labelled postings.

        Args:
            rows: Postings with ``title`` and ``description``.
            roles: The role of each, by its key in the taxonomy.

        Raises:
            ValueError: A role is not in the taxonomy, or there are fewer than two.
        """
        taxonomy = self._taxonomy
        unknown = sorted(set(roles) - set(taxonomy.role_names))
        if unknown:
            raise ValueError(f"unknown role {unknown[0]!r}: the taxonomy does not have it")
        self.vectorizer_ = sklearn.clone(self.vectorizer or PostingVectorizer())
        full = self.vectorizer_.fit_transform(rows)
        bare = self.vectorizer_.transform([{"title": row["title"]} for row in rows])
        weights = compute_sample_weight("balanced", roles) ** self.balance
        regression = LogisticRegression(C=self.inverse_penalty, max_iter=1000, tol=1e-4)
        # One thread: the number of threads decides the order of sums, and so the last bits.
        with threadpool_limits(1):
            regression.fit(
                sparse.vstack([full, bare], format="csr"),
                [*roles, *roles],
                sample_weight=np.concatenate([weights, weights * self.title_only_weight]),
            )
        known = list(regression.classes_)
        names = [name for name in taxonomy.role_names if name in known]
        order = [known.index(name) for name in names]
        coefficients, intercepts = regression.coef_, regression.intercept_
        if len(known) == 2:  # scikit-learn keeps one row of coefficients for two classes
            coefficients = np.concatenate([-coefficients / 2, coefficients / 2])
            intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
        self._settle(
            np.array(names),
            np.ascontiguousarray((coefficients[order] / self.temperature).T.astype("<f2")),
            (intercepts[order] / self.temperature).astype("<f4"),
        )
        self._packed = self._pack()
        return self

    def decision_function(self, rows: Sequence[Row]) -> _Floats:
        """Return each posting's score for each role: the logarithm of its probability, plus a constant."""
        scores = self.vectorizer_.transform(rows) @ self.coefficients_ + self.intercepts_
        return np.asarray(scores, dtype=np.float64)

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

    @property
    def model(self) -> str:
        """The model's name: the first 12 hex digits of its file's SHA-256."""
        return short_name(self._packed)

    @property
    def taxonomy_version(self) -> str:
        """The version of the taxonomy that groups the roles into focuses."""
        return self._taxonomy.version

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
        except ModelError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"the model is not laid out as this version of rolemix expects: {error}") from error
        tagger._packed = packed
        return tagger

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.taxonomy or _shipped_taxonomy()

    def _settle(
        self, classes: npt.NDArray[np.str_], coefficients: npt.NDArray[Any], intercepts: npt.NDArray[Any]
    ) -> None:
        self.classes_ = classes
        self.coefficients_ = coefficients.astype(np.float32)
        self.intercepts_ = intercepts.astype(np.float32)

    def _pack(self) -> bytes:
        config = {
            "roles": self.classes_.tolist(),
            "tagger": {
                "inverse_penalty": self.inverse_penalty,
                "balance": self.balance,
                "title_only_weight": self.title_only_weight,
                "temperature": self.temperature,
            },
            "vectorizer": self.vectorizer_.get_params(),
            "tokenizer": {"name": TOKENIZER, "version": tokenizer_version(), "digest": tokenizer_digest()},
        }
        members = {
            "config.json": json.dumps(config, indent=1, sort_keys=True).encode(),
            "coefficients.f2": self.coefficients_.astype("<f2").tobytes(),
            "intercepts.f4": self.intercepts_.astype("<f4").tobytes(),
        }
        for name, (terms, weights) in self.vectorizer_.state().items():
            members[f"{name}.txt"] = "\n".join(terms).encode()
            members[f"{name}.f4"] = weights.astype("<f4").tobytes()
        return pack(members)

    def _restore(self, roles: list[str], members: Mapping[str, bytes]) -> None:
        unknown = sorted(set(roles) - set(self._taxonomy.role_names))
        if unknown:
            raise ModelError(f"the model knows the role {unknown[0]!r}, which the taxonomy does not have")
        blocks = [name.removesuffix(".txt") for name in members if name.endswith(".txt")]
        state = {
            name: (
                members[f"{name}.txt"].decode().split("\n"),
                np.frombuffer(members[f"{name}.f4"], "<f4").astype(np.float32),
            )
            for name in blocks
        }
        self.vectorizer_ = sklearn.clone(self.vectorizer).restore(state)
        columns = sum(len(terms) for terms, _ in state.values())
        self._settle(
            np.array(roles),
            np.frombuffer(members["coefficients.f2"], "<f2").reshape(columns, len(roles)),
            np.frombuffer(members["intercepts.f4"], "<f4").reshape(len(roles)),
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


def batches(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    """Split items into lists of a size; what was read before an error comes before the error."""
    batch: list[_Item] = []
    try:
        for item in items:
            batch.append(item)
            if len(batch) == size:
                yield batch
                batch = []
    except ValueError:
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
