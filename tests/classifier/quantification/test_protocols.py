"""Sampled boards are drawn from the mix that they name, or from one company."""

from __future__ import annotations

import numpy as np

from classifier.quantification.protocols import LARGEST_SAMPLE, company_boards, shifted_boards
from tests.classifier.quantification.synthetic import held_out


def test_shifted_boards_are_drawn_from_their_mix() -> None:
    truth = np.repeat([0, 1, 3], [5, 50, 500])
    boards = list(shifted_boards(truth, 3000, 4, np.random.default_rng(0)))
    for drawn in boards:
        assert drawn.prevalence[2] == 0
        assert np.abs(np.bincount(truth[drawn.postings], minlength=4) / 3000 - drawn.prevalence).max() < 0.05
    assert len({tuple(drawn.prevalence) for drawn in boards}) == 4


def test_company_boards_are_of_one_company_each_and_small_companies_are_skipped() -> None:
    held = held_out(0)
    small = held.part((held.company != "Firma 3") | (np.arange(len(held.truth)) % 40 < 10))
    boards = list(company_boards(small, 1, np.random.default_rng(0)))
    assert len(boards) == 29
    for drawn in boards:
        assert len(set(small.company[drawn.postings])) == 1
        own = small.truth[small.company == small.company[drawn.postings[0]]]
        assert np.array_equal(drawn.prevalence, np.bincount(own, minlength=5) / len(own))
        assert len(drawn.postings) == 40 <= LARGEST_SAMPLE
