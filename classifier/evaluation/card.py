"""The model card: its measured part is written by the evaluation, the rest by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from classifier.evaluation.roles import Evaluation
from postings.errors import RolemixError

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"

_TITLES = {
    "scores": "Scores",
    "coverage": "Accuracy against coverage, out of fold",
    "focuses": "Focuses, out of fold",
    "roles": "Roles, out of fold",
    "confusions": "Most frequent mistakes, out of fold",
    "data": "Data",
    "mix_errors": "Mixes: mean absolute error of the shares of focuses, in points",
    "mix_role_errors": "Mixes: mean absolute error of the shares of roles, in points",
    "mix_intervals": "Mixes: how often 95 % intervals hold the true share, and their width in points",
    "mix_companies": "Mixes of whole companies as they are: error in points",
    "mix_changes": "Changes of a mix: how often a focus moves beyond the noise",
}


class CardError(RolemixError):
    """A file that is not a model card with a place for the measurements."""


def write_card(path: Path, evaluation: Evaluation) -> None:
    """Replace the measured part of a model card.

    Args:
        path: The card, whose measured part is between `BEGIN` and `END`.
        evaluation: What to write there.

    Raises:
        CardError: The card cannot be read, or has no measured part.
    """
    try:
        card = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CardError(f"cannot read the model card {path}: {error.strerror}") from error
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise CardError(f"{path} has no part between {BEGIN!r} and {END!r} for the scores: add these two lines")
    path.write_text(f"{before}{BEGIN}\n\n{measured(evaluation)}\n{END}{after}", encoding="utf-8")


def measured(evaluation: Evaluation) -> str:
    """Return the tables of an evaluation as Markdown."""
    heading = f"Model `{evaluation.model}`, taxonomy {evaluation.taxonomy_version}."
    sections = (f"### {_TITLES[name]}\n\n{markdown_table(table)}" for name, table in evaluation.tables().items())
    return "\n".join([heading, "", *sections])


def markdown_table(table: pd.DataFrame) -> str:
    """Return a table as Markdown, with fractions to three decimals and numbers aligned to the right."""
    numeric = [pd.api.types.is_numeric_dtype(table[column]) for column in table]
    lines = [
        [str(column).replace("_", " ") for column in table],
        ["--:" if right else "---" for right in numeric],
        *([cell(value) for value in row] for row in table.itertuples(index=False)),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value: object) -> str:
    """Return a value as text: fractions to three decimals, and a dash for a missing one."""
    if isinstance(value, float):
        return "–" if math.isnan(value) else f"{value:.3f}"
    return str(value)
