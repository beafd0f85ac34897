"""The quantifier: from a tagger's probabilities for a board's postings to the shares of roles, each with an interval.

Counting tags is biased exactly when the mix moves, because a tagger's errors lean towards the balance of roles that it
was trained on. So the mix is estimated instead (quantification, as in quapy):

* Shares are the most likely ones under prior shift, found by expectation maximisation (Saerens, Latinne & Decaestecker
  2002, doi:10.1162/089976602753284446) with pseudo-counts in the typical balance of roles. The likelihood of a posting
  under a role is the tagger's probability divided by the mean of its probabilities over held-out companies, both raised
  to a power.
* Intervals are central 95 % credible intervals, of shares drawn from their posterior distribution by Gibbs sampling.
  A company also has words of its own, which shift the tagger's errors on all of its postings at once, as in a cluster
  sample. So n postings weigh as much as n / (1 + n * dispersion) independent ones (the design effect of Kish 1965); the
  dispersion is fitted on held-out companies so that intervals hold the true share as often as they promise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any, Self

import numpy as np

from classifier.arrays import Flags, Floats
from classifier.estimators import Estimator, check_is_fitted
from classifier.quantification.change import Group, draw_differences
from classifier.quantification.fitting import FEWEST, TYPICAL_POSTINGS, Constants, fit_constants, sharpen
from classifier.quantification.mix import Lines, Mix, MixError, MixLine, ScoredPostings, ShareChange
from classifier.quantification.posterior import (
    TAILS,
    Likelihoods,
    credible_interval,
    draw_shares,
    expected_shares,
)
from classifier.quantification.protocols import HeldOut
from classifier.taxonomy import Taxonomy

WIDE = 0.3
"""The width of a focus's interval from which on a note says that it is wide: 30 points."""


class MixQuantifier(Estimator):
    """Estimates the mix of roles that a board's postings are drawn from.

    Fitted once for a tagger, on postings of companies that the tagger was not trained on, it is part of the tagger's
    model file. The same postings give the same estimate: draws are seeded.

    Args:
        taxonomy: Groups roles into focuses; None for the shipped one.

    Attributes:
        described_: The constants of postings with a description.
        bare_: The constants of postings with a title alone, on which a tagger makes more and other errors.
    """

    described_: Constants
    bare_: Constants

    def __init__(self, *, taxonomy: Taxonomy | None = None) -> None:
        self.taxonomy = taxonomy

    def fit(self, described: HeldOut, bare: HeldOut) -> Self:
        """Learn the constants of both kinds of posting.

        Args:
            described: Out-of-fold probabilities of postings with their descriptions.
            bare: The same of postings by their titles alone.
        """
        self.described_ = fit_constants(described, self._taxonomy)
        self.bare_ = fit_constants(bare, self._taxonomy)
        return self

    def estimate(self, scored: ScoredPostings) -> Mix:
        """Estimate the mix of a board.

        Args:
            scored: The board's postings.

        Raises:
            MixError: There are no postings.
            sklearn.exceptions.NotFittedError: The quantifier is not fitted.
        """
        check_is_fitted(self, "described_")
        if not len(scored):
            raise MixError("no postings, so there is no mix to estimate")
        count = len(scored)
        lines = Lines(scored.roles, self._taxonomy)
        board = self._board(scored)
        shares = expected_shares(board, self._typical_counts(scored)) @ lines.membership
        low, high = credible_interval(draw_shares(board) @ lines.membership, shares, count)
        estimates = tuple(
            MixLine(focus, role, share, lower, upper, share * count)
            for (focus, role), share, lower, upper in zip(
                lines.names, shares.tolist(), low.tolist(), high.tolist(), strict=True
            )
        )
        return Mix(count, estimates, tuple(self._notes(scored, estimates)))

    def change(
        self,
        before: ScoredPostings,
        now: ScoredPostings,
        stayed: tuple[Sequence[bool] | Flags, Sequence[bool] | Flags],
    ) -> dict[tuple[str, str | None], ShareChange]:
        """Estimate how far each share moved between two days of one board.

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
        check_is_fitted(self, "described_")
        if not len(before) or not len(now):
            raise MixError("no postings on one of the days, so there is no change to estimate")
        closed, kept = ~np.array(stayed[0], dtype=bool), np.array(stayed[1], dtype=bool)
        parts = (before.part(closed), now.part(kept), now.part(~kept))
        differences = draw_differences(*(Group(len(part), self._board(part)) for part in parts))
        lines = Lines(now.roles, self._taxonomy)
        low, high = np.quantile(differences @ lines.membership, TAILS, axis=0)
        return {
            name: ShareChange(lower, upper)
            for name, lower, upper in zip(lines.names, low.tolist(), high.tolist(), strict=True)
        }

    def likelihoods(self, scored: ScoredPostings) -> Floats:
        """Return the likelihood of each posting under each role, up to a factor; shape (postings, roles)."""
        kinds = (self.bare_, self.described_)
        priors = np.array([[constants.prior[role] for role in scored.roles] for constants in kinds])
        powers = np.array([[constants.sharpness] for constants in kinds])
        kind = scored.described.astype(int)
        return np.asarray(sharpen(scored.probabilities, powers[kind]) / np.maximum(priors, 1e-6)[kind])

    @property
    def roles(self) -> list[str]:
        """The roles that the quantifier was fitted on, in the taxonomy's order."""
        return [role for role in self._taxonomy.role_names if role in self.described_.prior]

    def to_dict(self) -> dict[str, Any]:
        """Return the fitted constants as JSON-ready values."""
        return {"described": asdict(self.described_), "bare": asdict(self.bare_)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], *, taxonomy: Taxonomy | None = None) -> Self:
        """Return a quantifier with the constants that `to_dict` returned.

        Args:
            values: From `to_dict`.
            taxonomy: Groups roles into focuses; None for the shipped one.

        Raises:
            KeyError, TypeError: The values have another layout.
        """
        quantifier = cls(taxonomy=taxonomy)
        quantifier.described_ = Constants(**values["described"])
        quantifier.bare_ = Constants(**values["bare"])
        return quantifier

    @property
    def _taxonomy(self) -> Taxonomy:
        return self.taxonomy or _shipped_taxonomy()

    def _board(self, scored: ScoredPostings) -> Likelihoods:
        values = self.likelihoods(scored.of_one_role)
        dispersion = _mean(scored, self.described_.dispersion, self.bare_.dispersion) if len(scored) else 0.0
        return Likelihoods(values, scored.known_counts, dispersion)

    def _typical_counts(self, scored: ScoredPostings) -> Floats:
        """Return pseudo-counts in the typical balance of the roles, `TYPICAL_POSTINGS` in all; shape (roles,)."""
        described, bare = (
            np.array([constants.prior[role] for role in scored.roles]) for constants in (self.described_, self.bare_)
        )
        share = float(scored.described.mean())
        return np.asarray(TYPICAL_POSTINGS * (share * described + (1 - share) * bare))

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
        least = _mean(scored, self.described_.least_confidence, self.bare_.least_confidence)
        if confidence < least:
            yield (
                f"The tagger may be out of its depth: its mean confidence is {confidence:.2f}, but above {least:.2f} "
                "for 19 of 20 companies that it was not trained on; the intervals may be too narrow."
            )
        if scored.unknown is None:
            return
        unknown = float(scored.unknown.mean())
        most = _mean(scored, self.described_.most_unknown, self.bare_.most_unknown)
        if unknown > most:
            yield (
                f"The tagger may be out of its depth: it does not know {unknown:.0%} of the words, but less than "
                f"{most:.0%} for 19 of 20 companies that it was not trained on; the intervals may be too narrow."
            )


def _mean(scored: ScoredPostings, described: float, bare: float) -> float:
    """Return the mean over postings of a constant that each kind of posting has."""
    share = float(scored.described.mean())
    return share * described + (1 - share) * bare


@cache
def _shipped_taxonomy() -> Taxonomy:
    return Taxonomy.load()
