"""The quantifier: from a tagger's probabilities for a board's postings to the shares of roles, each with an interval.

Counting tags is biased exactly when the mix moves, because a tagger's errors lean towards the balance of roles that it
was trained on. Estimators that know of this (quantification, as in quapy) take any odd balance for such a move, also
where a company's own words make it, and are worse than counting on many a company as it is. So here tags are counted,
and some postings are moved to other roles, but not many:

* They are moved towards the expected counts under prior shift, by expectation maximisation (Saerens, Latinne &
  Decaestecker 2002, doi:10.1162/089976602753284446) with pseudo-counts in the typical balance of roles. The likelihood
  of a posting under a role is the tagger's probability divided by the mean of its probabilities over held-out
  companies.
* At most one posting in twenty is moved (`MOVED`), so that no share contradicts the count of tags. This is a
  limited-translation estimator (Efron & Morris 1971, "Limiting the risk of Bayes and empirical Bayes estimators"):
  nearly as good where the correction is right, and its harm is bounded where it is wrong.
* Whole postings are moved, because fractions of one would add up over many roles that are not there.
* Intervals are central 95 % credible intervals of drawn counts. In each draw, a random part of the correction is
  believed, and all of a board's postings lean towards each role by a random amount, as a company's own words make them
  lean; how much is fitted on held-out companies, so that intervals hold the true share as often as they promise. What
  the company tends to hire adds the draw of the board's postings from that mix (see `Estimand`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Self

import numpy as np

from classifier.arrays import Flags, Floats
from classifier.decision import decide
from classifier.estimators import Estimator, check_is_fitted
from classifier.quantification.change import Group, draw_differences
from classifier.quantification.estimand import Estimand
from classifier.quantification.fitting import FEWEST, Constants, fit_constants
from classifier.quantification.mix import Lines, Mix, MixError, MixLine, ScoredPostings, ShareChange
from classifier.quantification.posterior import (
    TAILS,
    TYPICAL_POSTINGS,
    Likelihoods,
    credible_interval,
    draw_balances,
    draw_counts,
    draw_shares,
    expected_counts,
    most_likely_shares,
)
from classifier.quantification.protocols import HeldOut
from classifier.taxonomy import Taxonomy

MOVED = 0.05
"""The largest fraction of a board's postings that are counted under other roles than their tags: no share differs from
that of the tags by more than 5 points. Chosen on held-out companies: whole companies are estimated as well as by
counting up to here, and worse beyond."""

WIDE = 0.3
"""The width of a focus's interval from which on a note says that it is wide: 30 points."""


class MixQuantifier(Estimator):
    """Estimates the mix of roles of a board.

    Fitted once for a tagger, on postings of companies that the tagger was not trained on, it is part of the tagger's
    model file. The same postings give the same estimate: draws are seeded.

    Args:
        taxonomy: Groups roles into focuses; None for the shipped one.

    Attributes:
        constants_: What was learned.
    """

    constants_: Constants

    def __init__(self, *, taxonomy: Taxonomy | None = None) -> None:
        self.taxonomy = taxonomy

    def fit(self, *kinds: HeldOut) -> Self:
        """Learn the constants.

        Args:
            kinds: Out-of-fold probabilities of postings with their descriptions, and of the same by their titles
                alone.
        """
        self.constants_ = fit_constants(kinds, self._taxonomy)
        return self

    def estimate(self, scored: ScoredPostings, estimand: Estimand = Estimand.HIRING) -> Mix:
        """Estimate the mix of a board.

        Args:
            scored: The board's postings.
            estimand: What the shares are shares of.

        Raises:
            MixError: There are no postings.
            sklearn.exceptions.NotFittedError: The quantifier is not fitted.
        """
        shares = self.shares(scored)
        count = len(scored)
        lines = Lines(scored.roles, self._taxonomy)
        shares = shares @ lines.membership
        low, high = credible_interval(self.draws(scored)[estimand] @ lines.membership, shares, count)
        estimates = tuple(
            MixLine(focus, role, share, lower, upper, share * count)
            for (focus, role), share, lower, upper in zip(
                lines.names, shares.tolist(), low.tolist(), high.tolist(), strict=True
            )
        )
        return Mix(estimand, count, estimates, tuple(self._notes(scored, estimates)))

    def shares(self, scored: ScoredPostings) -> Floats:
        """Return the estimated shares of the roles; shape (roles,).

        Args:
            scored: The board's postings.

        Raises:
            MixError: There are no postings.
            sklearn.exceptions.NotFittedError: The quantifier is not fitted.
        """
        check_is_fitted(self, "constants_")
        if not len(scored):
            raise MixError("no postings, so there is no mix to estimate")
        board = self._likelihoods(scored)
        tags = decide(scored.of_one_role.probabilities, scored.roles, self._taxonomy)
        counts = np.bincount(tags, minlength=len(scored.roles)) + board.known_counts
        step = expected_counts(board, self._most_likely(board, scored)) + board.known_counts - counts
        gains, losses = np.maximum(step, 0), np.maximum(-step, 0)
        moved = int(min(losses.sum(), MOVED * len(scored)) + 1e-9)
        return np.asarray((counts + _apportion(gains, moved) - _apportion(losses, moved)) / len(scored))

    def draws(self, scored: ScoredPostings) -> dict[Estimand, Floats]:
        """Return draws of the shares of the roles from their posterior distribution; each of shape (draws, roles).

        Args:
            scored: The board's postings.
        """
        random = np.random.default_rng(0)
        board = self._likelihoods(scored)
        shares = self._most_likely(board, scored)
        balances = draw_balances(shares, self._typical(scored), self.constants_.spread, random)
        counts = draw_counts(board, balances, random)
        return {Estimand.BOARD: counts / len(scored), Estimand.HIRING: draw_shares(counts, random)}

    def change(
        self,
        before: ScoredPostings,
        now: ScoredPostings,
        stayed: tuple[Sequence[bool] | Flags, Sequence[bool] | Flags],
    ) -> dict[tuple[str, str | None], ShareChange]:
        """Estimate how far each share of what a company tends to hire moved between two days of its board.

        Args:
            before: The postings of the earlier day.
            now: The postings of the later day.
            stayed: Which postings of each day are open on the other day too; shapes (before,) and (now,).

        Returns:
            The change of each line of a mix, by focus and role; the role is None for the total of the focus.

        Raises:
            MixError: There are no postings on one of the days.
            sklearn.exceptions.NotFittedError: The quantifier is not fitted.
        """
        check_is_fitted(self, "constants_")
        if not len(before) or not len(now):
            raise MixError("no postings on one of the days, so there is no change to estimate")
        closed, kept = ~np.array(stayed[0], dtype=bool), np.array(stayed[1], dtype=bool)
        parts = (before.part(closed), now.part(kept), now.part(~kept))
        closed_group, kept_group, opened_group = (Group(len(part), self._likelihoods(part)) for part in parts)
        differences = draw_differences(
            closed_group, kept_group, opened_group, self._typical(now), self.constants_.spread
        )
        lines = Lines(now.roles, self._taxonomy)
        low, high = np.quantile(differences @ lines.membership, TAILS, axis=0)
        # As for shares: so small a board cannot tell a change of less than half a posting from none.
        noise = 0.5 / max(len(before), len(now))
        low, high = (
            np.where(np.abs(low) < noise, np.minimum(low, 0.0), low),
            np.where(np.abs(high) < noise, np.maximum(high, 0.0), high),
        )
        return {
            name: ShareChange(lower, upper)
            for name, lower, upper in zip(lines.names, low.tolist(), high.tolist(), strict=True)
        }

    @property
    def roles(self) -> list[str]:
        """The roles that the quantifier was fitted on, in the taxonomy's order."""
        return [role for role in self._taxonomy.role_names if role in self.constants_.prior]

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted constants as JSON-ready values."""
        return asdict(self.constants_)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, taxonomy: Taxonomy | None = None) -> Self:
        """Return a quantifier with the constants that `to_dict` returned.

        Args:
            values: From `to_dict`.
            taxonomy: Groups roles into focuses; None for the shipped one.

        Raises:
            TypeError: The values have another layout.
        """
        quantifier = cls(taxonomy=taxonomy)
        quantifier.constants_ = Constants(**values)
        return quantifier

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.taxonomy or _shipped_taxonomy()

    def _likelihoods(self, scored: ScoredPostings) -> Likelihoods:
        return Likelihoods(scored.of_one_role.probabilities / self._typical(scored), scored.known_counts)

    def _most_likely(self, board: Likelihoods, scored: ScoredPostings) -> Floats:
        """Return the most likely shares of the mix that a board is drawn from; shape (roles,)."""
        return most_likely_shares(board, TYPICAL_POSTINGS * self._typical(scored))

    def _typical(self, scored: ScoredPostings) -> Floats:
        """Return the typical balance of the roles; shape (roles,)."""
        return np.maximum([self.constants_.prior[role] for role in scored.roles], 1e-6)

    def _notes(self, scored: ScoredPostings, lines: Sequence[MixLine]) -> Iterator[str]:
        postings = "1 posting tells" if len(scored) == 1 else f"{len(scored)} postings tell"
        widest = max((line for line in lines if line.role is None), key=lambda line: line.high - line.low)
        if widest.high - widest.low >= WIDE:
            yield (
                f"The intervals are wide: {postings} little about a mix; the share of {widest.focus} may be "
                f"anything from {widest.low:.0%} to {widest.high:.0%}."
            )
        # The probabilities of a posting that advertises several jobs are shares of these, not doubt.
        scored = scored.of_one_role
        if len(scored) < FEWEST:
            return
        confidence = float(scored.probabilities.max(axis=1).mean())
        least = self.constants_.least_confidence
        if confidence < least:
            yield (
                f"The tagger may be out of its depth: its mean confidence is {confidence:.2f}, but above {least:.2f} "
                "for 19 of 20 companies that it was not trained on; the intervals may be too narrow."
            )
        if scored.unknown is None:
            return
        unknown = float(scored.unknown.mean())
        most = self.constants_.most_unknown
        if unknown > most:
            yield (
                f"The tagger may be out of its depth: it does not know {unknown:.0%} of the words, but less than "
                f"{most:.0%} for 19 of 20 companies that it was not trained on; the intervals may be too narrow."
            )


def _apportion(weights: Floats, total: int) -> Floats:
    """Return whole numbers with this sum, in proportion to the weights: the largest fractions are rounded up."""
    if not total:
        return np.zeros_like(weights)
    exact = weights * (total / weights.sum())
    whole = np.floor(exact + 1e-9)
    whole[np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]] += 1
    return np.asarray(whole)


@cache
def _shipped_taxonomy() -> Taxonomy:
    return Taxonomy.load()
