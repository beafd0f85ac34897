"""Why a posting was tagged as it was: the terms that spoke for its role, and those that spoke for another."""

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
from classifier.text import job_tracks
from classifier.text.tokens import fold, tokenize, tokens, with_pairs
from postings.errors import RolemixError

_HAN_GAP = re.compile(r"(?<=[㐀-䶿一-鿿]) (?=[㐀-䶿一-鿿])")


GLOSSARY = "glossary"
"""The block of English words that the glossary has for words of the title."""


class ExplanationError(RolemixError):
    """A question that a model has no answer to; the message says why."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one term adds to the score of a role over that of its rival.

    Attributes:
        block: Where the term stood: the vectorizer's block, such as ``title_words``, or `GLOSSARY`.
        term: The term as a person reads it.
        value: In units of log-odds: e to its power is the factor by which the term makes the role more
            probable against the rival. Below zero it speaks for the rival.
    """

    block: str
    term: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a role, and not its rival.

    Nothing here is an approximation: ``prior`` and the values of the contributions add up to the logarithm of the
    role's probability over the rival's.

    Attributes:
        tag: What the tagger says about the posting.
        role: The role explained.
        rival: The role that it is compared with.
        prior: What the model holds for the role against the rival before it has read a term.
        contributions: All that is not nought, the largest (for or against) first.
        title_only: Whether the title alone decided, for want of a description with known words.
        directions: How many directions the posting advertises (`classifier.text.job_tracks`), whose probabilities its
            tag is the mean of. Of several, the terms and their sum are those of the one that is most like the role.
        title: The title explained, with the direction's name where there are several.
    """

    tag: Tag
    role: str
    rival: str
    prior: float
    contributions: tuple[Contribution, ...]
    title_only: bool
    directions: int
    title: str

    @property
    def margin(self) -> float:
        """The logarithm of the role's probability over the rival's; of several directions, in the one explained."""
        return self.prior + sum(one.value for one in self.contributions)

    def speaking_for(self, top: int | None = None) -> tuple[Contribution, ...]:
        """Return the contributions that speak for the role, the strongest first, at most ``top``."""
        return tuple(one for one in self.contributions if one.value > 0)[:top]

    def speaking_against(self, top: int | None = None) -> tuple[Contribution, ...]:
        """Return the contributions that speak for the rival, the strongest first, at most ``top``."""
        return tuple(one for one in self.contributions if one.value < 0)[:top]


def explain(tagger: Tagger, row: Row, *, role: str | None = None, rival: str | None = None) -> Explanation:
    """Take a tag apart into the terms that decided it.

    A role's score is a curved function of its margin, which is a sum over terms. What the score differs from that
    of a posting without terms is shared out among the terms in proportion to what they add to the margin. Those are
    the integrated gradients (Sundararajan, Taly & Yan 2017, arXiv:1703.01365) of a function of one sum.

    Args:
        tagger: A fitted tagger.
        row: A posting with a ``title`` and, where there is one, a ``description``.
        role: The role to explain; None for the one that the tagger gives.
        rival: What to compare it with; None for the most probable of the other roles.

    Raises:
        RowError: The row cannot be tagged.
        ExplanationError: The model does not know one of the roles, or the two are one.
    """
    (tag,) = tagger.tag([row])
    role = role or tag.role
    rival = rival or max((name for name in tag.roles if name != role), key=tag.roles.__getitem__)
    known = tagger.classes_.tolist()
    for name in (role, rival):
        if name not in known:
            raise ExplanationError(f"the model does not know the role {name!r}: it has {', '.join(known)}")
    if role == rival:
        raise ExplanationError(f"nothing tells {role} from itself: name another role to compare it with")
    parts = job_tracks.parts(row)
    likely = special.softmax(tagger.decision_function(parts), axis=1)[:, known.index(role)]
    row = parts[int(likely.argmax())]
    layer, values, temperature = _deciding(tagger, row)
    prior, favour = 0.0, np.zeros(len(values))
    for name, sign in ((role, 1), (rival, -1)):
        coefficients, start = layer.coefficients[:, known.index(name)], layer.intercepts[known.index(name)]
        before, slope = _path(float(start), float(values @ coefficients), temperature)
        prior += sign * before
        favour += sign * slope * coefficients
    terms = _contributions(tagger.vectorizer_.terms_, values * favour, row)
    return Explanation(
        tag=tag,
        role=role,
        rival=rival,
        directions=len(parts),
        title=row["title"],
        prior=prior,
        contributions=tuple(sorted(terms, key=lambda one: (-abs(one.value), one.block, one.term))),
        title_only=layer is tagger.title_,
    )


def _deciding(tagger: Tagger, row: Row) -> tuple[Linear, Floats, float]:
    """Return the layer that decides about a posting, what it multiplies, and what divides its scores."""
    matrix = sparse.csr_matrix(tagger.vectorizer_.transform([checked(row)]), dtype=np.float64)
    title = matrix[:, : tagger.vectorizer_.title_columns]
    if matrix.nnz > title.nnz:
        return tagger.whole_, matrix.toarray()[0], tagger.temperature
    return tagger.title_, title.toarray()[0], tagger.title_temperature


def _path(start: float, distance: float, temperature: float) -> tuple[float, float]:
    """Return the score of a margin, and the mean slope of the score from there to a margin at a distance."""
    first, last = (log_probabilities(np.array([start, start + distance])) / temperature).tolist()
    return first, (last - first) / distance if distance else 0.0


def _contributions(blocks: Mapping[str, npt.NDArray[np.str_]], values: Floats, row: Row) -> Iterator[Contribution]:
    """Name what each column adds; ``values`` may end before the last blocks, which then had no part."""
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


def _merged(pieces: Mapping[str, float], text: str) -> dict[str, float]:
    """Share out what pieces of words contribute among the words that they are pieces of.

    Each piece goes in equal parts to the characters of words that it covers, wherever it occurs; a piece that
    covers none (nothing but punctuation) stands for itself.
    """
    # Pieces at the edge of a word hold a space, at the edges of the text too.
    text = re.sub(r"\s", " ", f" {text} ")
    owners: list[str | None] = [None] * len(text)
    end = 0
    for token in tokenize([text])[0]:
        start = text.find(token, end)
        if start >= 0:
            end = start + len(token)
            owners[start:end] = [token] * len(token)
    words: dict[str, float] = defaultdict(float)
    for piece, value in pieces.items():
        places = [found.start() for found in re.finditer(f"(?={re.escape(piece)})", text)]
        covered = [owner for at in places for owner in owners[at : at + len(piece)] if owner is not None]
        for word in covered or [piece.strip()]:
            words[word] += value / max(len(covered), 1)
    return dict(words)
