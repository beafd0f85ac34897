"""The model card: its measured part is written by the evaluation, the rest by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from classifier.evaluation.roles import OUT_OF_FOLD, Evaluation
from classifier.model.tag import SURE
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
    """Return an evaluation as Markdown: what a reader should know first, then the tables."""
    heading = f"Model `{evaluation.model}`, taxonomy {evaluation.taxonomy_version}. In short:"
    lines = "".join(f"- {line}\n" for line in summary(evaluation))
    sections = (f"### {_TITLES[name]}\n\n{markdown_table(table)}" for name, table in evaluation.tables().items())
    return "\n".join([heading, "", lines, *sections])


def summary(evaluation: Evaluation) -> list[str]:
    """Return the sentences that a reader should know first; every figure is from the tables."""
    scores = {(row["view"], row["language"]): row for row in evaluation.scores.to_dict(orient="records")}
    every = scores[OUT_OF_FOLD, "all"]
    described = next(view for view in (f"{OUT_OF_FOLD}, described", OUT_OF_FOLD) if (view, "all") in scores)
    languages = [language for view, language in scores if view == described and language != "all"]

    def by_language(measure: str, view: str = described) -> str:
        return ", ".join(f"{language} {scores[view, language][measure]:.3f}" for language in languages)

    lines = [
        f"{every['postings']:,} postings of {every['companies']:,} companies, each tagged by a model of others.",
        f"Focus, with a description: macro-F1 {by_language('focus_macro_f1')}.",
        f"Focus, with a description: accuracy {by_language('focus_accuracy')}.",
        f"Role, with a description: macro-F1 {by_language('role_macro_f1')}.",
        f"Role, with a description: accuracy {by_language('role_accuracy')}.",
        f"Calibration error of the confidence in the role: {by_language('calibration_error')}.",
    ]
    shorter = [view for view, language in scores if language == "all" and view.startswith(f"{described}, ")]
    if shorter:
        by_length = (
            f"{view.removeprefix(f'{described}, ')} {scores[view, 'all']['focus_accuracy']:.3f}" for view in shorter
        )
        lines.append(f"Focus accuracy with less of the description: {', '.join(by_length)}.")
    sure = evaluation.coverage[evaluation.coverage["least_focus_probability"] == SURE]
    for row in sure[sure["view"].eq(OUT_OF_FOLD) & sure["language"].eq("all")].to_dict(orient="records"):
        lines.append(
            f"Sure tags (a focus of probability {SURE} or more): {row['coverage']:.0%} of postings, "
            f"{row['focus_accuracy']:.1%} of them with the right focus."
        )
    companies = evaluation.mix.companies
    if len(companies):
        whole = companies[companies["shares_of"].eq("focus") & companies["companies"].str.endswith("postings")]
        for kind, group in whole.groupby("kind", sort=False):
            ours, counted = (
                float((group[method] * group["number"]).sum() / group["number"].sum())
                for method in ("rolemix", "count tags")
            )
            lines.append(
                f"Mixes of whole companies ({kind}): shares of focuses are {ours:.1f} points off, "
                f"{counted:.1f} if tags are counted."
            )
    return lines


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
