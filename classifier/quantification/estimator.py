"""The mix: from what the tagger says of each posting of a board to shares of roles, each with an interval.

Counting tags is biased exactly when the mix moves: a tagger's errors lean towards the balance of roles that
it was trained on. So the mix is estimated (quantification):

* The shares of the roles are the most likely ones under prior shift, found by expectation maximisation (Saerens,
  Latinne & Decaestecker 2002, doi:10.1162/089976602753284446), a few postings in the usual balance counted in; under
  them, each posting counts for its roles as far as it is probably of them. What a posting says for a role is the
  tagger's probability divided by the mean of its probabilities for postings of companies that it was not trained on;
  raised to a power beforehand, because doubt that is right on average moves the maximisation too far on one company.
* The interval holds the central 95 % of draws from the posterior distribution, by Gibbs sampling (the Bayesian
  form of that maximisation): roles of postings given shares, shares given roles. A company also has words of its
  own, which shift the tagger's errors for all of its postings at once, as in a sample of clusters. So n postings
  count as n / (1 + n * dispersion) independent ones, where the dispersion was chosen on held-out companies
  (`classifier.quantification.fitting`) so that intervals hold the truth as often as they promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError

_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]

LEVEL = 0.95
"""The probability that an interval is meant to have of holding the true share."""

PRIOR = 0.2
"""Postings of each role that an interval begins with: a role of which none is seen may still be hired for."""

TYPICAL = 20.0
"""Postings in the usual balance of roles that doubts are weighed with, beside the board's own: chosen on held-out
companies. Fewer follow one company's odd words too far, more do not follow a board that is unlike the others."""

DRAWS = 1000
"""Draws from the posterior that an interval is read from."""

WIDE = 0.3
"""The width of a focus's interval from which on the result says in words that it is wide: 30 points."""

FEWEST = 10
"""Postings below which nothing is said about the tagger's depth: a few can be odd by chance."""

ESTIMAND = (
    "A share is of the mix that the board's postings are drawn from; its interval (95 %) covers both how few "
    "postings there are and the tagger's errors."
)
"""What share and interval mean, said wherever they are shown."""

_BURN_IN = 30
_MOST_DRAWN = 2000
"""Postings that draws are made of; more add nothing to an interval that the dispersion already limits."""


class MixError(RolemixError):
    """A mix that cannot be estimated; the message says why."""


@dataclass(frozen=True, slots=True)
class Constants:
    """What was learned about one kind of posting on companies that the tagger was not trained on.

    Attributes:
        sharpness: The power that probabilities are raised to.
        prior: The mean probability of each role, so raised.
        dispersion: How far errors of one company's postings go together; 0 for not at all.
        least_confidence: Mean confidence that 95 % of those companies exceed.
        most_unknown: Mean share of unknown words that 95 % of them stay below.
    """

    sharpness: float
    prior: Mapping[str, float]
    dispersion: float
    least_confidence: float
    most_unknown: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The constants of a model's mix.

    Attributes:
        described: For postings with a description.
        bare: For bare titles, whose errors are more and others.
    """

    described: Constants
    bare: Constants

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return what `to_dict` was called on.

        Raises:
            KeyError, TypeError: The values are of another layout.
        """
        return cls(Constants(**values["described"]), Constants(**values["bare"]))


@dataclass(frozen=True)
class Scored:
    """What a tagger says about a board's postings.

    Attributes:
        roles: The roles of the columns.
        probabilities: Of each role for each posting; shape (postings, roles).
        described: Whether each posting has a description; shape (postings,).
        unknown: The share of each posting's words that the tagger does not know; shape (postings,); None
            where that is not known any more.
        shared: Whether each posting advertises several directions, so that its probabilities are shares of it, and
            no doubt about which role it has; shape (postings,); None where none does.
    """

    roles: tuple[str, ...]
    probabilities: _Floats
    described: _Flags
    unknown: _Floats | None = None
    shared: _Flags | None = None

    @classmethod
    def of(cls, tags: Iterable[tuple[Mapping[str, float], bool, bool]], roles: Sequence[str]) -> Self:
        """Gather stored tags.

        Args:
            tags: The probability of each role, whether the posting has a description, and whether it advertises
                several directions.
            roles: The roles that the tags are of.
        """
        rows = list(tags)
        values = [[shares[role] for role in roles] for shares, *_ in rows]
        return cls(
            tuple(roles),
            np.array(values, dtype=np.float64).reshape(len(rows), len(roles)),
            np.array([described for _, described, _ in rows], dtype=bool),
            shared=np.array([shared for *_, shared in rows], dtype=bool),
        )

    def __len__(self) -> int:
        return len(self.probabilities)

    def part(self, chosen: _Flags | npt.NDArray[np.intp]) -> Scored:
        """Return some of the postings."""
        unknown = None if self.unknown is None else self.unknown[chosen]
        shared = None if self.shared is None else self.shared[chosen]
        return Scored(self.roles, self.probabilities[chosen], self.described[chosen], unknown, shared)

    @property
    def settled(self) -> _Floats:
        """How many postings those that advertise several directions count for each role; shape (roles,)."""
        chosen = np.zeros(len(self), dtype=bool) if self.shared is None else self.shared
        return np.asarray(self.probabilities[chosen].sum(axis=0))

    @property
    def single(self) -> Scored:
        """The postings of one role each."""
        return self if self.shared is None else self.part(~self.shared)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One line of a mix: a focus as a whole, or one role of it.

    Attributes:
        focus: The focus.
        role: The role; None for the focus as a whole.
        share: The estimated share, 0 to 1.
        low: Where its interval begins.
        high: Where it ends.
        count: The share times the number of postings: how many are expected to be of it.
    """

    focus: str
    role: str | None
    share: float
    low: float
    high: float
    count: float


@dataclass(frozen=True, slots=True)
class Mix:
    """A board's estimated mix.

    Attributes:
        postings: How many postings it rests on.
        lines: Each focus in the taxonomy's order, followed by its roles.
        notes: What to know before it is read: how wide it is, and whether the tagger is out of its depth.
    """

    postings: int
    lines: tuple[Estimate, ...]
    notes: tuple[str, ...]

    @property
    def focuses(self) -> dict[str, Estimate]:
        """The lines of whole focuses, by focus."""
        return {line.focus: line for line in self.lines if line.role is None}

    @property
    def roles(self) -> dict[str, Estimate]:
        """The lines of roles, by role."""
        return {line.role: line for line in self.lines if line.role is not None}


@dataclass(frozen=True, slots=True)
class Change:
    """How a share moved from one day to another.

    Attributes:
        low: Where the interval (95 %) of the difference begins, in shares from -1 to 1.
        high: Where it ends.
    """

    low: float
    high: float

    @property
    def beyond_noise(self) -> bool:
        """Whether chance and the tagger's errors alone would seldom move the share so far."""
        return self.low > 0 or self.high < 0


class Lines:
    """The lines of a mix: each focus, followed by its roles.

    Args:
        roles: The roles of the columns.
        taxonomy: Groups them.
    """

    def __init__(self, roles: Sequence[str], taxonomy: Taxonomy) -> None:
        self.names: list[tuple[str, str | None]] = []
        for focus in taxonomy.focus_names:
            of_it = [role for role in taxonomy.role_names if taxonomy.focus_by_role[role] == focus and role in roles]
            self.names += [(focus, None), *((focus, role) for role in of_it)]
        self._roles = tuple(roles)
        self._focus = [taxonomy.focus_by_role[role] for role in roles]

    @cached_property
    def membership(self) -> _Floats:
        """Which role counts towards which line, 0 or 1; shape (roles, lines)."""
        return np.array(
            [
                [role == own if role is not None else focus == own_focus for focus, role in self.names]
                for own, own_focus in zip(self._roles, self._focus, strict=True)
            ],
            dtype=np.float64,
        )


def estimate(scored: Scored, calibration: Calibration, taxonomy: Taxonomy) -> Mix:
    """Estimate the mix of a board; the same input gives the same result.

    Args:
        scored: What the tagger says about its postings.
        calibration: Of the model that said it.
        taxonomy: Groups roles into focuses.

    Raises:
        MixError: There is no posting.
    """
    if not len(scored):
        raise MixError("no postings, so there is no mix to estimate")
    count = len(scored)
    lines = Lines(scored.roles, taxonomy)
    evidence, settled = likelihoods(scored.single, calibration), scored.settled
    shares = own_shares(evidence, typical(scored, calibration), settled) @ lines.membership
    draws = draw(evidence, dispersion(scored, calibration), settled) @ lines.membership
    low, high = interval(draws, shares, count)
    estimates = tuple(
        Estimate(focus, role, share, first, last, share * count)
        for (focus, role), share, first, last in zip(
            lines.names, shares.tolist(), low.tolist(), high.tolist(), strict=True
        )
    )
    return Mix(count, estimates, tuple(_notes(scored, estimates, calibration)))


def compare(
    before: Scored,
    now: Scored,
    stayed: tuple[Sequence[bool], Sequence[bool]],
    calibration: Calibration,
    taxonomy: Taxonomy,
) -> dict[tuple[str, str | None], Change]:
    """Say how far each share moved between two days of one board, and how far chance would move it.

    Most postings stay from one day to the next, with whatever the tagger gets wrong in them. Only what closed
    and what opened can move the mix; each of the three groups has a prevalence of its own, which starts from
    the whole's (no change) and is moved by what the group holds.

    Args:
        before: The postings of the earlier day.
        now: Those of the later one.
        stayed: Which of each were there on the other day too; shapes (before,) and (now,).
        calibration: Of the model that said it.
        taxonomy: Groups roles into focuses.

    Returns:
        The change of each line of a mix, by focus and role (None for the focus as a whole).

    Raises:
        MixError: One of the days has no posting.
    """
    if not len(before) or not len(now):
        raise MixError("no postings on one of the days, so there is no change to estimate")
    lines = Lines(now.roles, taxonomy)
    gone, kept_now = ~np.array(stayed[0], dtype=bool), np.array(stayed[1], dtype=bool)
    groups = (before.part(gone), now.part(kept_now), now.part(~kept_now))
    evidence = [likelihoods(group.single, calibration) for group in groups]
    settled = np.sum([group.settled for group in groups], axis=0)
    whole = prevalence(np.concatenate(evidence), settled + PRIOR)
    closed, kept, opened = (
        draw(one, dispersion(group, calibration), group.settled, prior=_NO_CHANGE * whole, seed=number)
        if len(group)
        else np.zeros((DRAWS, len(now.roles)))
        for number, (one, group) in enumerate(zip(evidence, groups, strict=True), 1)
    )
    sizes = [len(group) for group in groups]
    later = (sizes[1] * kept + sizes[2] * opened) / len(now)
    earlier = (sizes[1] * kept + sizes[0] * closed) / len(before)
    low, high = np.quantile((later - earlier) @ lines.membership, _tails(), axis=0)
    return {
        name: Change(first, last) for name, first, last in zip(lines.names, low.tolist(), high.tolist(), strict=True)
    }


_NO_CHANGE = 2.0
"""How many postings' weight the assumption of no change has in each group that `compare` looks at."""


def likelihoods(scored: Scored, calibration: Calibration) -> _Floats:
    """Return how strongly each posting speaks for each role, up to a factor; shape (postings, roles)."""
    kinds = (calibration.bare, calibration.described)
    priors = np.array([[constants.prior[role] for role in scored.roles] for constants in kinds])
    powers = np.array([[constants.sharpness] for constants in kinds])
    kind = scored.described.astype(int)
    return np.asarray(sharpened(scored.probabilities, powers[kind]) / np.maximum(priors, 1e-6)[kind])


def sharpened(probabilities: _Floats, power: float | _Floats) -> _Floats:
    """Return probabilities raised to a power, so that each row sums to 1 again; shape (postings, roles)."""
    raised = probabilities**power
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def dispersion(scored: Scored, calibration: Calibration) -> float:
    """Return the dispersion of a board, of which some postings may be bare titles."""
    return _usual(scored, calibration.bare.dispersion, calibration.described.dispersion)


def typical(scored: Scored, calibration: Calibration) -> _Floats:
    """Return `TYPICAL` postings in the usual balance of roles; shape (roles,)."""
    described, bare = (
        np.array([constants.prior[role] for role in scored.roles])
        for constants in (calibration.described, calibration.bare)
    )
    share = float(scored.described.mean())
    return np.asarray(TYPICAL * (share * described + (1 - share) * bare))


def own_shares(evidence: _Floats, usual: _Floats, settled: _Floats | float = 0.0) -> _Floats:
    """Return the shares of the roles on a board: the mean of its postings' probabilities under its own prevalence.

    Args:
        evidence: From `likelihoods`; shape (postings, roles).
        usual: From `typical`; shape (roles,).
        settled: Further postings of each role, about which there is no doubt; shape (roles,).

    Returns:
        Shape (roles,); sums to 1.
    """
    counts = _expected(evidence.T, prevalence(evidence, settled + usual)) + settled
    return np.asarray(counts / counts.sum())


def prevalence(evidence: _Floats, added: _Floats | float = 0.0) -> _Floats:
    """Return the most likely shares of the roles (Saerens, Latinne & Decaestecker 2002).

    Args:
        evidence: From `likelihoods`; shape (postings, roles).
        added: Further postings of each role, about which there is no doubt, or that are assumed; shape (roles,).

    Returns:
        Shape (roles,); sums to 1.
    """
    roles = evidence.shape[1]
    by_role = np.ascontiguousarray(evidence.T)
    shares = np.full(roles, 1 / roles)
    for _ in range(1000):
        expected = _expected(by_role, shares) + added
        better = expected / expected.sum()
        if np.abs(better - shares).max() < 1e-6:
            break
        shares = better
    return np.asarray(better)


def _expected(by_role: _Floats, shares: _Floats) -> _Floats:
    """Return how many postings of each role there are when roles have these shares; shape (roles,)."""
    return np.asarray(shares * (by_role @ (1 / (shares @ by_role))))


def draw(
    evidence: _Floats,
    dispersion: float,
    settled: _Floats | float = 0.0,
    *,
    prior: _Floats | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> _Floats:
    """Draw shares from their posterior distribution, by Gibbs sampling.

    Args:
        evidence: From `likelihoods`; shape (postings, roles).
        dispersion: See `Constants`.
        settled: Further postings of each role, about which there is no doubt; shape (roles,).
        prior: Postings of each role to begin with, the parameter of a Dirichlet distribution; shape (roles,);
            None for `PRIOR` of each.
        draws: How many.
        seed: The same seed gives the same draws.

    Returns:
        Shape (draws, roles); rows sum to 1.
    """
    postings, roles = evidence.shape
    random = np.random.default_rng(seed)
    prior = np.full(roles, PRIOR) if prior is None else prior
    weight = 1 / (1 + (postings + np.sum(settled)) * dispersion)
    certain = weight * settled
    if postings > _MOST_DRAWN:
        weight *= postings / _MOST_DRAWN
        evidence = evidence[random.choice(postings, _MOST_DRAWN, replace=False)]
        postings = _MOST_DRAWN
    by_role, up_to = np.ascontiguousarray(evidence.T), np.tril(np.ones((roles, roles)))
    shares = prevalence(evidence, settled + PRIOR)
    found = np.empty((draws, roles))
    for number in range(-_BURN_IN, draws):
        heaps = up_to @ (by_role * shares[:, np.newaxis])  # a cumulative sum, and twice as fast as one
        beyond = np.count_nonzero(heaps < random.random(postings) * heaps[-1], axis=1)
        counts = -np.diff(beyond, prepend=postings)
        gammas = random.standard_gamma(prior + certain + weight * counts)
        shares = gammas / gammas.sum()
        if number >= 0:
            found[number] = shares
    return found


def interval(draws: _Floats, shares: _Floats, postings: int) -> tuple[_Floats, _Floats]:
    """Return where the intervals begin and end.

    A beginning that stands for less than half a posting is 0: such a board cannot tell it from nothing.

    Args:
        draws: Shape (draws, lines).
        shares: The estimates, which the intervals hold; shape (lines,).
        postings: How many the board has.

    Returns:
        Two arrays of shape (lines,).
    """
    low, high = np.quantile(draws, _tails(), axis=0)
    low = np.where(low * postings < 0.5, 0.0, np.minimum(low, shares))
    return low, np.clip(np.maximum(high, shares), 0.0, 1.0)


def _tails() -> tuple[float, float]:
    return (1 - LEVEL) / 2, (1 + LEVEL) / 2


def _usual(scored: Scored, bare: float, described: float) -> float:
    """Return the mean of a constant over postings, each by its kind."""
    share = float(scored.described.mean())
    return share * described + (1 - share) * bare


def _notes(scored: Scored, lines: Sequence[Estimate], calibration: Calibration) -> Iterable[str]:
    postings = "1 posting says" if len(scored) == 1 else f"{len(scored)} postings say"
    widest = max((line for line in lines if line.role is None), key=lambda line: line.high - line.low)
    if widest.high - widest.low >= WIDE:
        yield (
            f"The intervals are wide: {postings} little about a mix; the share of {widest.focus} may be "
            f"anything from {widest.low:.0%} to {widest.high:.0%}."
        )
    # A posting of several directions is no doubtful one, though its probabilities are shared.
    scored = scored.single
    if len(scored) < FEWEST:
        return
    described, bare = calibration.described, calibration.bare
    confidence = float(scored.probabilities.max(axis=1).mean())
    least = _usual(scored, bare.least_confidence, described.least_confidence)
    if confidence < least:
        yield (
            f"The tagger may be out of its depth: its mean confidence is {confidence:.2f}, where it is above "
            f"{least:.2f} for 19 of 20 companies that it was not trained on; the intervals may be too narrow."
        )
    if scored.unknown is None:
        return
    unknown, most = float(scored.unknown.mean()), _usual(scored, bare.most_unknown, described.most_unknown)
    if unknown > most:
        yield (
            f"The tagger may be out of its depth: it does not know {unknown:.0%} of the words, where it is below "
            f"{most:.0%} for 19 of 20 companies that it was not trained on; the intervals may be too narrow."
        )
