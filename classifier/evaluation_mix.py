"""Evaluation of the mix: how far off estimates are on boards of unseen companies, and how often intervals hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from classifier.calibration import Board, HeldOut, calibrate, company_boards, held_out_kinds, shifted_boards
from classifier.corpus import Posting
from classifier.mix import (
    FEWEST,
    Calibration,
    Lines,
    Scored,
    compare,
    dispersion,
    draw,
    estimate,
    interval,
    likelihoods,
    prevalence,
)
from classifier.tagger import decide
from classifier.taxonomy import Taxonomy
from classifier.training import OutOfFold, Progress, best_temperature

_Floats = npt.NDArray[np.float64]

SIZES = (20, 50, 200, 1000)
"""Postings of the boards that are drawn."""

_BOARDS = 30
_TURNOVER = 0.2


@dataclass(frozen=True, slots=True)
class MixEvaluation:
    """What was measured, in tables; errors and widths are in percentage points.

    Every board is of companies of one fold; the taggers, temperatures and constants that judge it were
    made from the other folds alone.

    Attributes:
        errors: Mean absolute error of focus and of role shares by method: against the shares of the board
            itself, and against the mix that it was drawn from, which also has the luck of the draw in it
            (what reading every posting rightly would leave is the method "true roles").
        intervals: How often an interval (95 %) held the share of the mix that the board was drawn from, and
            its mean width: as shipped, and without the allowance for companies' own words (dispersion 0).
        companies: The error of focus shares on each held-out company's labelled postings, and whether the
            result carried a warning that the tagger is out of its depth.
        changes: How often a change of a focus was called beyond the noise when a fifth of a board was
            replaced: by postings of the same mix (a false alarm), and of another one, where the share of some
            focus moved by 10 points and more.
    """

    errors: pd.DataFrame
    intervals: pd.DataFrame
    companies: pd.DataFrame
    changes: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, in the order to show them."""
        return {
            "mix_errors": self.errors,
            "mix_intervals": self.intervals,
            "mix_companies": self.companies,
            "mix_changes": self.changes,
        }


@dataclass(frozen=True, slots=True)
class _Fold:
    """One fold's postings, and what was learned from the others to judge them."""

    held: HeldOut
    scored: Scored
    calibration: Calibration
    others: HeldOut
    kind: str


def evaluate_mix(
    held_out: OutOfFold, postings: Sequence[Posting], taxonomy: Taxonomy, *, progress: Progress = lambda _: None
) -> MixEvaluation:
    """Measure the mix on boards of held-out companies.

    Args:
        held_out: What taggers say of postings of companies that they were not trained on.
        postings: The labelled postings that it is about.
        taxonomy: Groups roles into focuses.
        progress: Is told of each step.
    """
    folds: list[_Fold] = []
    for number in np.unique(held_out.fold):
        folds += _folds(held_out, postings, taxonomy, int(number))
        progress(f"calibrated without fold {number + 1}")
    lines = Lines(held_out.roles, taxonomy)
    random = np.random.default_rng(1)
    errors: dict[tuple[object, ...], list[tuple[float, ...]]] = defaultdict(list)
    held: dict[tuple[object, ...], list[tuple[float, ...]]] = defaultdict(list)
    companies: list[dict[str, object]] = []
    for fold in folds:
        methods = _methods(fold, taxonomy)
        for size in SIZES:
            for board in shifted_boards(fold.held.truth, size, _BOARDS, random):
                for method, shares in _estimates(board, fold, methods).items():
                    errors[fold.kind, "shifted mix", size, method].append(_errors(shares, board, fold, lines))
                for allowance, measured in _intervals(board, fold, lines):
                    held[fold.kind, "shifted mix", size, allowance].append(measured)
        for board in company_boards(fold.held, 4, random):
            for allowance, measured in _intervals(board, fold, lines):
                held[fold.kind, "one company", "its own", allowance].append(measured)
        companies += _companies(fold, methods, lines, taxonomy)
    progress("boards of held-out companies")
    changes = _changes(folds, taxonomy, random)
    progress("changes of boards")
    by_company = pd.DataFrame(companies)
    return MixEvaluation(
        errors=pd.concat([_error_table(errors), _company_errors(by_company)], ignore_index=True),
        intervals=_interval_table(held),
        companies=_company_table(by_company),
        changes=changes,
    )


def _folds(held_out: OutOfFold, postings: Sequence[Posting], taxonomy: Taxonomy, number: int) -> Iterator[_Fold]:
    """Yield a fold's postings with descriptions and as bare titles, each with constants from the other folds."""
    own = held_out.fold == number
    roles = [posting["role"] for posting, held in zip(postings, own, strict=True) if not held]
    temperatures = (
        best_temperature(held_out.scores[~own], held_out.roles, roles),
        best_temperature(held_out.title_scores[~own], held_out.roles, roles),
    )
    kinds = held_out_kinds(held_out, postings, temperatures)
    others = tuple(kind.part(~own) for kind in kinds)
    calibration = calibrate(others[0], others[1], taxonomy)
    for name, kind, other in zip(("description", "title only"), kinds, others, strict=True):
        held = kind.part(own)
        described = np.full(len(held.truth), name == "description")
        scored = Scored(held_out.roles, held.probabilities, described, held.unknown)
        yield _Fold(held, scored, calibration, other, name)


_Method = Callable[[npt.NDArray[np.intp]], _Floats]


def _methods(fold: _Fold, taxonomy: Taxonomy) -> dict[str, _Method]:
    """Return ways to estimate the shares of the roles among some of a fold's postings."""
    roles = len(fold.held.roles)
    others = fold.others
    said = np.eye(roles)[decide(fold.held.probabilities, fold.held.roles, taxonomy)]
    said_others = np.eye(roles)[decide(others.probabilities, others.roles, taxonomy)]
    rates, mean_probabilities = (_by_role(what, others.truth) for what in (said_others, others.probabilities))
    frequencies = np.maximum(np.bincount(others.truth, minlength=roles) / len(others.truth), 1e-6)
    evidence = likelihoods(fold.scored, fold.calibration)
    return {
        "rolemix": lambda own: prevalence(evidence[own]),
        "EM, labelled prior": lambda own: prevalence(fold.held.probabilities[own] / frequencies, smoothing=0),
        "count tags": lambda own: said[own].mean(axis=0),
        "sum probabilities": lambda own: fold.held.probabilities[own].mean(axis=0),
        "adjusted count": lambda own: _adjusted(rates, said[own].mean(axis=0)),
        "adjusted sum": lambda own: _adjusted(mean_probabilities, fold.held.probabilities[own].mean(axis=0)),
        "true roles": lambda own: np.bincount(fold.held.truth[own], minlength=roles) / len(own),
    }


def _by_role(values: _Floats, truth: npt.NDArray[np.intp]) -> _Floats:
    """Return the mean of values over the postings of each role; shape (columns, roles)."""
    roles = values.shape[1]
    sums = np.stack([np.bincount(truth, weights=column, minlength=roles) for column in values.T])
    return np.asarray(sums / np.maximum(np.bincount(truth, minlength=roles), 1))


def _adjusted(rates: _Floats, observed: _Floats) -> _Floats:
    """Return the shares that would have led to what was observed (adjusted count, Forman 2008; with
    probabilities, Bella et al. 2010), by least squares without negative shares."""
    heavy = 100.0  # makes the shares sum to 1
    system = np.vstack([rates, np.full(rates.shape[1], heavy)])
    shares, _ = optimize.nnls(system, np.append(observed, heavy))
    return np.asarray(shares / shares.sum())


def _estimates(board: Board, fold: _Fold, methods: dict[str, _Method]) -> dict[str, _Floats]:
    return {name: method(board.postings) for name, method in methods.items()}


def _errors(shares: _Floats, board: Board, fold: _Fold, lines: Lines) -> tuple[float, ...]:
    """Return errors of focuses and roles against the board's own shares and those that it was drawn from."""
    own = np.bincount(fold.held.truth[board.postings], minlength=len(shares)) / len(board.postings)
    drawn_from = np.pad(board.prevalence, (0, len(shares) - len(board.prevalence)))
    is_focus = np.array([role is None for _, role in lines.names])
    found = [100 * np.abs((shares - true) @ lines.membership) for true in (own, drawn_from)]
    return tuple(float(error[which].mean()) for error in found for which in (is_focus, ~is_focus))


def _intervals(board: Board, fold: _Fold, lines: Lines) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield coverage and width of the intervals of focuses and of roles, with the allowance and without."""
    scored = fold.scored.part(board.postings)
    evidence = likelihoods(scored, fold.calibration)
    shares = prevalence(evidence) @ lines.membership
    true = np.pad(board.prevalence, (0, evidence.shape[1] - len(board.prevalence))) @ lines.membership
    is_focus = np.array([role is None for _, role in lines.names])
    for allowance, much in (("as shipped", dispersion(scored, fold.calibration)), ("dispersion 0", 0.0)):
        low, high = interval(draw(evidence, much) @ lines.membership, shares, len(scored))
        holds, width = (low <= true) & (true <= high), 100 * (high - low)
        yield (
            allowance,
            tuple(float(values[which].mean()) for which in (is_focus, ~is_focus) for values in (holds, width)),
        )


def _companies(
    fold: _Fold, methods: dict[str, _Method], lines: Lines, taxonomy: Taxonomy
) -> Iterator[dict[str, object]]:
    """Yield the errors on each company that has enough postings for the warning to speak."""
    names, sizes = np.unique(fold.held.company, return_counts=True)
    for name, size in zip(names.tolist(), sizes.tolist(), strict=True):
        if size < FEWEST:
            continue
        own = np.flatnonzero(fold.held.company == name)
        shares = np.bincount(fold.held.truth[own], minlength=len(fold.held.roles)) / size
        notes = estimate(fold.scored.part(own), fold.calibration, taxonomy).notes
        for method, shares_said in _estimates(Board(shares, own), fold, methods).items():
            focus, role, _, _ = _errors(shares_said, Board(shares, own), fold, lines)
            yield {
                "kind": fold.kind,
                "company": name,
                "postings": size,
                "warned": any("out of its depth" in note for note in notes),
                "method": method,
                "focus_error": focus,
                "role_error": role,
            }


def _changes(folds: Sequence[_Fold], taxonomy: Taxonomy, random: np.random.Generator) -> pd.DataFrame:
    """Replace a part of boards and count how often a focus is said to have moved."""
    rows = []
    for kind in dict.fromkeys(fold.kind for fold in folds):
        for size in SIZES:
            alarms: dict[str, list[float]] = {"the same mix": [], "another mix": []}
            for fold in (fold for fold in folds if fold.kind == kind):
                for board, other in zip(
                    shifted_boards(fold.held.truth, size, _BOARDS // 3, random),
                    shifted_boards(fold.held.truth, size, _BOARDS // 3, random),
                    strict=True,
                ):
                    for name, newcomers in (("the same mix", board), ("another mix", other)):
                        alarms[name] += _alarms(board, newcomers, fold, taxonomy, random)
            rows += [
                {
                    "kind": kind,
                    "postings": size,
                    "replaced_by": name,
                    "focuses": len(said),
                    "beyond_noise": np.mean(said),
                }
                for name, said in alarms.items()
                if said
            ]
    return pd.DataFrame(rows)


def _alarms(
    board: Board, newcomers: Board, fold: _Fold, taxonomy: Taxonomy, random: np.random.Generator
) -> Iterator[bool]:
    """Yield, for each focus, whether it is said to have moved; for another mix, only focuses that did."""
    size = len(board.postings)
    replaced = round(size * _TURNOVER)
    if newcomers is board:
        of_role = [np.flatnonzero(fold.held.truth == role) for role in range(len(board.prevalence))]
        drawn = random.choice(len(board.prevalence), replaced, p=board.prevalence)
        new = np.array([random.choice(of_role[role]) for role in drawn])
    else:
        new = newcomers.postings[:replaced]
    later = np.concatenate([board.postings[replaced:], new])
    stayed = (np.arange(size) >= replaced).tolist(), (np.arange(size) < size - replaced).tolist()
    changes = compare(fold.scored.part(board.postings), fold.scored.part(later), stayed, fold.calibration, taxonomy)
    lines = Lines(fold.held.roles, taxonomy)
    counts = [np.bincount(fold.held.truth[own], minlength=len(fold.held.roles)) for own in (board.postings, later)]
    moved = np.abs((counts[1] - counts[0]) @ lines.membership) / size
    for name, distance in zip(lines.names, moved.tolist(), strict=True):
        if name[1] is None and (newcomers is board or distance >= 0.1):
            yield changes[name].beyond_noise


def _error_table(errors: dict[tuple[object, ...], list[tuple[float, ...]]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": kind,
            "boards": boards,
            "postings": str(size),
            "method": method,
            "number": len(found),
            **dict(
                zip(
                    ("focus_error", "role_error", "focus_error_of_mix", "role_error_of_mix"),
                    np.mean(found, axis=0).tolist(),
                    strict=True,
                )
            ),
        }
        for (kind, boards, size, method), found in errors.items()
    )


def _company_errors(companies: pd.DataFrame) -> pd.DataFrame:
    if companies.empty:
        return companies
    grouped = companies[companies["method"] != "true roles"].groupby(["kind", "method"], sort=False)
    table = grouped.agg(
        number=("company", "size"), focus_error=("focus_error", "mean"), role_error=("role_error", "mean")
    )
    return table.reset_index().assign(boards="one company", postings="its own")


def _interval_table(held: dict[tuple[object, ...], list[tuple[float, ...]]]) -> pd.DataFrame:
    names = ("focus_coverage", "focus_width", "role_coverage", "role_width")
    return pd.DataFrame(
        {
            "kind": kind,
            "boards": boards,
            "postings": str(size),
            "interval": allowance,
            "number": len(found),
            **dict(zip(names, np.mean(found, axis=0).tolist(), strict=True)),
        }
        for (kind, boards, size, allowance), found in held.items()
    )


def _company_table(companies: pd.DataFrame) -> pd.DataFrame:
    """Return the errors of the shipped method beside counting, for companies with a warning and without."""
    if companies.empty:
        return companies
    chosen = companies[companies["method"].isin(["rolemix", "count tags"])]
    table = chosen.pivot_table(
        index=["kind", "warned"], columns="method", values="focus_error", aggfunc=["count", "mean", "max"]
    )
    return (
        pd.DataFrame(
            {
                "warned": ["yes" if warned else "no" for _, warned in table.index],
                "companies": table["count", "rolemix"].to_numpy(),
                "focus_error": table["mean", "rolemix"].to_numpy(),
                "worst": table["max", "rolemix"].to_numpy(),
                "focus_error_counted": table["mean", "count tags"].to_numpy(),
                "worst_counted": table["max", "count tags"].to_numpy(),
            },
            index=[kind for kind, _ in table.index],
        )
        .rename_axis("kind")
        .reset_index()
    )
