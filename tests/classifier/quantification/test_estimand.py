"""Each estimand is named as on the command line and explains itself."""

from __future__ import annotations

from classifier.quantification.estimand import Estimand


def test_estimands_have_meanings_of_their_own() -> None:
    assert list(Estimand) == ["board", "hiring"]
    assert "of the postings on the board" in Estimand.BOARD.meaning
    assert "that the board's postings are drawn from" in Estimand.HIRING.meaning
