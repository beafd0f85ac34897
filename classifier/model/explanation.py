"""Why a posting has its role: the terms that support the role, and those that support another one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse, special

from classifier.arrays import Floats
from classifier.model.linear import Linear, log_probabilities
from classifier.model.tag import Row, Tag, checked
from classifier.model.tagger import Tagger
from classifier.text.job_tracks import split_by_track
from classifier.text.tokens import HAN, fold, tokenize, tokens, with_pairs
from postings.errors import RolemixError

_HAN_GAP = re.compile(rf"(?<=[{HAN}]) (?=[{HAN}])")

GLOSSARY = "glossary"
"""The block of English words that the glossary has for words of the title."""


class ExplanationError(RolemixError):
    """An explanation that cannot be given; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term adds to the score of a role compared with another.

    Attributes:
        block: Where the term occurs: a block of the vectorizer, such as ``title_words``, or `GLOSSARY`.
        term: The term, written for a person to read.
        value: In log-odds: the exponential of it is the factor by which the term makes the role more probable compared
            with the rival. Negative values support the rival.
    """

    block: str
    term: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a posting has a role, and not the rival.

    The explanation is exact: ``prior`` and the values of the contributions add up to the logarithm of the role's
    probability over the rival's.

    Attributes:
        tag: The posting's tag.
        role: The role explained.
        rival: The role that it is compared with.
        prior: The log-odds of the role against the rival without any term.
        contributions: All terms with a value other than 0, by absolute value, largest first.
        title_only: Whether only the title was used, because no word of a description is known.
        job_tracks: How many jobs the posting advertises (`classifier.text.job_tracks`). Its tag is the mean of their
            probabilities; the terms are those of the one for which the role is the most probable.
        title: The title explained, followed by the job's name where there are several.
    """

    tag: Tag
    role: str
    rival: str
    prior: float
    contributions: tuple[Contribution, ...]
    title_only: bool
    job_tracks: int
    title: str

    @property
    def margin(self) -> float:
        """The logarithm of the role's probability over the rival's; of several jobs, in the one explained."""
        return self.prior + sum(contribution.value for contribution in self.contributions)

    def supporting(self, top: int | None = None) -> tuple[Contribution, ...]:
        """Return the contributions that support the role, strongest first, at most ``top``."""
        return tuple(contribution for contribution in self.contributions if contribution.value > 0)[:top]

    def opposing(self, top: int | None = None) -> tuple[Contribution, ...]:
        """Return the contributions that support the rival, strongest first, at most ``top``."""
        return tuple(contribution for contribution in self.contributions if contribution.value < 0)[:top]


def explain(tagger: Tagger, row: Row, *, role: str | None = None, rival: str | None = None) -> Explanation:
    """Explain a tag by the terms that contributed to it.

    A role's score is a non-linear function of its margin, which is a sum over terms. The difference of the score from
    that of a posting without terms is divided among the terms in proportion to what they add to the margin. For a
    function of one sum these are the integrated gradients (Sundararajan, Taly & Yan 2017, arXiv:1703.01365).

    Args:
        tagger: A fitted tagger.
        row: A posting with a ``title`` and, where there is one, a ``description``.
        role: The role to explain; None for the predicted one.
        rival: The role to compare it with; None for the most probable of the others.

    Raises:
        RowError: The row cannot be tagged.
        ExplanationError: The model does not have one of the roles, or the two are the same.
    """
    (tag,) = tagger.tag([row])
    role = role or tag.role
    rival = rival or max((name for name in tag.roles if name != role), key=tag.roles.__getitem__)
    known = tagger.classes_.tolist()
    for name in (role, rival):
        if name not in known:
            raise ExplanationError(f"the model does not have the role {name!r}: its roles are {', '.join(known)}")
    if role == rival:
        raise ExplanationError(f"{role} cannot be compared with itself: name another role")
    tracks = split_by_track(row)
    of_role = special.softmax(tagger.decision_function(tracks), axis=1)[:, known.index(role)]
    row = tracks[int(of_role.argmax())]
    layer, values, temperature, title_only = _deciding(tagger, row, [known.index(role), known.index(rival)])
    prior, weights = 0.0, np.zeros(len(values))
    for column, sign in ((0, 1), (1, -1)):
        coefficients, start = layer.coefficients[:, column], layer.intercepts[column]
        score, slope = _path(float(start), float(values @ coefficients), temperature)
        prior += sign * score
        weights += sign * slope * coefficients
    contributions = _contributions(tagger.vectorizer_.terms_, values * weights, row)
    return Explanation(
        tag=tag,
        role=role,
        rival=rival,
        prior=prior,
        contributions=tuple(sorted(contributions, key=lambda each: (-abs(each.value), each.block, each.term))),
        title_only=title_only,
        job_tracks=len(tracks),
        title=row["title"],
    )


def _deciding(tagger: Tagger, row: Row, roles: list[int]) -> tuple[Linear, Floats, float, bool]:
    """Return the blended layer that scores a posting, the posting's columns, the temperature, and if it is a title.

    Args:
        tagger: A fitted tagger.
        row: The posting.
        roles: Which of the tagger's roles the layer is for.
    """
    counts = tagger.vectorizer_.count_known([checked(row)])
    matrix = sparse.csr_matrix(tagger.vectorizer_.transform_counts(counts), dtype=np.float64)
    amounts = tagger.vectorizer_.amounts(matrix)
    blend = tagger.blends[int(counts.chinese[0])]
    weights = blend.weights(amounts)
    weight, columns = float(weights[0]), tagger.vectorizer_.title_columns
    whole, title = tagger.whole_, tagger.title_
    coefficients = weight * whole.coefficients[:, roles].astype(np.float64)
    coefficients[:columns] += (1 - weight) * title.coefficients[:, roles]
    layer = Linear(coefficients, weight * whole.intercepts[roles] + (1 - weight) * title.intercepts[roles])
    return layer, matrix.toarray()[0], float(blend.temperatures(weights)[0]), bool(amounts[0] == 0)


def _path(start: float, distance: float, temperature: float) -> tuple[float, float]:
    """Return the score of a margin, and the mean slope of the score from there to a margin at a distance."""
    first, last = (log_probabilities(np.array([start, start + distance])) / temperature).tolist()
    return first, (last - first) / distance if distance else 0.0


def _contributions(blocks: Mapping[str, npt.NDArray[np.str_]], values: Floats, row: Row) -> Iterator[Contribution]:
    """Yield what each term adds; ``values`` may end before the last blocks, which were then not used."""
    start = 0
    for name, terms in blocks.items():
        own = values[start : start + len(terms)]
        start += len(terms)
        found = {str(terms[column]): float(own[column]) for column in np.flatnonzero(own)}
        if name == "title_characters":
            found = _merged(found, fold(row["title"]))
        if name == "title_words":
            in_title = set(with_pairs(tokens(fold(row["title"]))))
            translated = {term: found.pop(term) for term in list(found) if term not in in_title}
            yield from (Contribution(GLOSSARY, term, value) for term, value in translated.items())
        yield from (Contribution(name, _HAN_GAP.sub("", term), value) for term, value in found.items() if value)


def _merged(n_grams: Mapping[str, float], text: str) -> dict[str, float]:
    """Divide the values of character n-grams among the words that they are part of.

    An n-gram's value is divided equally among the characters of words that it covers, wherever it occurs; one that
    covers none (only punctuation) is kept as a term.
    """
    # N-grams at the edge of a word include a space, also at the edges of the text.
    text = re.sub(r"\s", " ", f" {text} ")
    owners: list[str | None] = [None] * len(text)
    end = 0
    for token in tokenize([text])[0]:
        start = text.find(token, end)
        if start >= 0:
            end = start + len(token)
            owners[start:end] = [token] * len(token)
    words: dict[str, float] = defaultdict(float)
    for n_gram, value in n_grams.items():
        places = [found.start() for found in re.finditer(f"(?={re.escape(n_gram)})", text)]
        covered = [owner for at in places for owner in owners[at : at + len(n_gram)] if owner is not None]
        for word in covered or [n_gram.strip()]:
            words[word] += value / max(len(covered), 1)
    return dict(words)
