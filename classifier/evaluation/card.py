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
    """Return the ten sentences that a reader should know first, each from the tables."""
    scores = evaluation.scores.set_index(["view", "language"])
    languages = [language for view, language in scores.index if view == OUT_OF_FOLD and language != "all"]

    def by_language(view: str, column: str) -> str:
        found = [
            (language, scores.at[(view, language), column])
            for language in languages
            if (view, language) in scores.index
        ]
        return ", ".join(f"{language} {value:.2f}" for language, value in found)

    described = f"{OUT_OF_FOLD}, described" if (f"{OUT_OF_FOLD}, described", "all") in scores.index else OUT_OF_FOLD
    lengths = [view for view in scores.index.unique("view") if view.startswith(f"{OUT_OF_FOLD}, described")]
    everything = scores.loc[(OUT_OF_FOLD, "all")]
    lines = [
        f"Companies never seen: {everything['postings']:,.0f} labelled postings of {everything['companies']:,.0f} "
        f"companies, each predicted by a model trained on other companies.",
        f"Macro-F1 of focuses, with a description: {by_language(described, 'focus_macro_f1')}; "
        f"accuracy: {by_language(described, 'focus_accuracy')}.",
        f"Macro-F1 of roles, with a description: {by_language(described, 'role_macro_f1')}; "
        f"accuracy: {by_language(described, 'role_accuracy')}.",
    ]
    if lengths:
        ordered = sorted(lengths, key=lambda view: scores.at[(view, "all"), "focus_accuracy"])
        parts = [
            f"{view.removeprefix(f'{described}, ').replace(described, 'all of it')} {scores.at[(view, 'all'), 'focus_accuracy']:.3f}"
            for view in ordered
        ]
        lines.append(f"Accuracy of focuses by how much of the description is read: {', '.join(parts)}.")
    sure = evaluation.coverage[(evaluation.coverage["least_focus_probability"] == SURE)].set_index(["view", "language"])
    for view in (OUT_OF_FOLD, f"{OUT_OF_FOLD}, described, title alone"):
        if (view, "all") in sure.index:
            row = sure.loc[(view, "all")]
            of = "all postings" if view == OUT_OF_FOLD else "titles alone"
            lines.append(
                f"A tag is sure if its focus has a probability of at least {SURE:.0%}: {row['coverage']:.0%} of {of} are, and {row['focus_accuracy']:.1%} of these focuses are right."
            )
    lines.append(
        f"Calibration error of the confidence in the role: {by_language(OUT_OF_FOLD, 'calibration_error').replace('0.0', '0.0')}."
    )
    if ("gold", "all") in scores.index:
        gold = scores.loc[("gold", "all")]
        lines.append(
            f"Gold set: focus accuracy {gold['focus_accuracy']:.3f}, role accuracy {gold['role_accuracy']:.3f}; most of its companies were trained on."
        )
    weakest = (
        evaluation.roles[evaluation.roles["postings"] > 0].nsmallest(3, "f1") if "f1" in evaluation.roles else None
    )
    if weakest is not None:
        lines.append(
            "Weakest roles (F1): " + ", ".join(f"{row['role']} {row['f1']:.2f}" for _, row in weakest.iterrows()) + "."
        )
    companies = evaluation.mix.companies
    if len(companies):
        whole = companies[
            companies["shares_of"].eq("focus")
            & companies["companies"].str.contains("postings")
            & companies["kind"].eq("description")
        ]
        if len(whole):
            number = whole["number"].sum()
            ours, counted = ((whole[method] * whole["number"]).sum() / number for method in ("rolemix", "count tags"))
            lines.append(
                f"Mix of whole companies ({number} with 10 postings and more): shares of focuses are {ours:.1f} points off on average; counting tags, {counted:.1f}."
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
