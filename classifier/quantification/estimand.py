"""What the shares of a mix are shares of."""

from __future__ import annotations

from enum import StrEnum


class Estimand(StrEnum):
    """What the shares of a mix are shares of. The estimate is the same; the intervals are not."""

    BOARD = "board"
    """The postings on the board: only the tagger's errors make their shares uncertain."""
    HIRING = "hiring"
    """What the company tends to hire, of which the board is a sample: its size makes the shares uncertain as well."""

    @property
    def meaning(self) -> str:
        """What share and interval mean; shown wherever they are."""
        return _MEANINGS[self]


_MEANINGS = {
    Estimand.BOARD: (
        "A share is of the postings on the board; its 95 % credible interval covers the tagger's errors, and not what "
        "the company might as well have posted."
    ),
    Estimand.HIRING: (
        "A share is of the mix that the board's postings are drawn from; its 95 % credible interval covers both the "
        "small number of postings and the tagger's errors."
    ),
}
