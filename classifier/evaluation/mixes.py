"""Evaluation of the mix: how far off estimates are on boards of unseen companies, and how often intervals hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from classifier.model.tag import decide
from classifier.quantification.estimator import (
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
    own_shares,
    prevalence,
    typical,
)
from classifier.quantification.fitting import calibrate
from classifier.quantification.protocols import LARGE, HeldOut, SampledBoard, company_boards, shifted_boards
from classifier.taxonomy import Taxonomy
from classifier.training.cross_validation import OutOfFold, Progress, best_temperature, held_out_kinds
from classifier.training.examples import Examples

_Floats = npt.NDArray[np.float64]
_Rows = dict[tuple[object, ...], list[tuple[float, ...]]]

SIZES = (20, 50, 200, 1000)
"""Postings of the boards that are drawn."""

_TURNOVER = 0.2
"""Which part of a board is replaced to measure what is said of changes."""
_FAR = 0.05
"""By how much a share must have moved to count as a change that could be noticed."""
_PER_POSTING = ("probabilities", "truth", "fold", "company", "unknown")


@dataclass(frozen=True, slots=True)
class MixEvaluation:
    """What was measured, in tables; errors and widths are in percentage points.

    Every posting is judged by a tagger, a temperature and constants that were made from the other folds
    alone, so that nothing was tuned on its company. Boards are drawn in three ways: of a shifted mix from all folds,
    where what is odd about single companies cancels out; of a shifted mix from one fold, that is from one or a
    few large companies and many small ones; and of one company's postings.

    Attributes:
        errors: Mean absolute error of focus and of role shares by method: against the shares of the board
            itself, and against the mix that it was drawn from, which also has the luck of the draw in it
            (what reading every posting rightly would leave is the method "true roles").
        intervals: How often an interval (95 %) held the share of the mix that the board was drawn from, and
            its mean width: as shipped, and without the allowance for companies' own words (dispersion 0).
        companies: The mean error of focus shares by method on all labelled postings of a company, and the worst, for
            groups of companies; the warning is that the tagger is out of its depth.
        changes: How often a focus was said to have moved beyond the noise when a fifth of a board was replaced:
            by postings of the same mix (a false alarm), and of another one (only focuses whose share did move by
            5 points and more).
    """

    errors: pd.DataFrame
    intervals: pd.DataFrame
    companies: pd.DataFrame
    changes: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by name, in the order to show them; errors against the board's own shares, by method."""
        keys = ["kind", "boards", "postings", "number"]
        compared = self.errors[self.errors["method"] != "true roles"]
        by_method = {
            of: compared.pivot_table(values=of, index=keys, columns="method", sort=False).reset_index()
            for of in ("focus_error", "role_error")
        }
        for table in by_method.values():
            table.columns.name = None
        return {
            "mix_errors": by_method["focus_error"],
            "mix_role_errors": by_method["role_error"],
            "mix_intervals": self.intervals,
            "mix_companies": self.companies,
            "mix_changes": self.changes,
        }


@dataclass(frozen=True)
class _Kind:
    """One kind of posting, and what was learned from the other folds to judge each fold's.

    Attributes:
        name: "description" or "title only".
        held: The postings of all folds.
        scored: The same, as the mix sees them.
        calibrations: By fold: the constants made from the others.
        said: Tags, 1 in the column of the role said; shape (postings, roles).
        rates: By fold: how often, on the others, a role (column) is said to be each role (row).
        sums: By fold: the mean probability (row) of postings of each role (column), on the others.
        evidence: As shipped; shape (postings, roles).
        evidence_plain: With the labelled frequencies of the other folds as the prior.
    """

    name: str
    held: HeldOut
    scored: Scored
    calibrations: dict[int, Calibration]
    said: _Floats
    rates: dict[int, _Floats]
    sums: dict[int, _Floats]
    evidence: _Floats
    evidence_plain: _Floats

    def estimates(self, board: SampledBoard, fold: int | None) -> dict[str, _Floats]:
        """Return what each method says of a board of a fold (None for all): shares of the roles."""
        own = board.postings
        folds = list(self.rates) if fold is None else [fold]
        rates, sums = (np.mean([by_fold[one] for one in folds], axis=0) for by_fold in (self.rates, self.sums))
        counted, summed = self.said[own].mean(axis=0), self.held.probabilities[own].mean(axis=0)
        return {
            "rolemix": self.shares(board, fold),
            "EM, labelled prior": prevalence(self.evidence_plain[own]),
            "count tags": counted,
            "sum probabilities": summed,
            "adjusted count": _adjusted(rates, counted),
            "adjusted sum": _adjusted(sums, summed),
            "true roles": self.true_shares(board),
        }

    def shares(self, board: SampledBoard, fold: int | None) -> _Floats:
        """Return the shares of the roles as they are shipped."""
        scored = self.scored.part(board.postings)
        folds = list(self.calibrations) if fold is None else [fold]
        usual = np.mean([typical(scored, self.calibrations[one]) for one in folds], axis=0)
        return own_shares(self.evidence[board.postings], usual)

    def true_shares(self, board: SampledBoard) -> _Floats:
        """Return the shares of the roles among a board's postings."""
        return np.bincount(self.held.truth[board.postings], minlength=len(self.held.roles)) / len(board.postings)

    def dispersion(self, board: SampledBoard, fold: int | None) -> float:
        """Return the dispersion that the board is judged with."""
        scored = self.scored.part(board.postings)
        folds = list(self.calibrations) if fold is None else [fold]
        return float(np.mean([dispersion(scored, self.calibrations[one]) for one in folds]))


def evaluate_mix(
    held_out: OutOfFold,
    examples: Examples,
    taxonomy: Taxonomy,
    *,
    boards: int = 20,
    progress: Progress = lambda _: None,
) -> MixEvaluation:
    """Measure the mix on boards of held-out companies.

    Args:
        held_out: What taggers say of postings of companies that they were not trained on.
        examples: The labelled postings that it is about.
        taxonomy: Groups roles into focuses.
        boards: How many of a shifted mix are drawn from each fold, in each size; and five times as many from all.
        progress: Is told of each step.
    """
    kinds = _kinds(held_out, examples, taxonomy, progress)
    lines = Lines(held_out.roles, taxonomy)
    random = np.random.default_rng(1)
    errors: _Rows = defaultdict(list)
    held: _Rows = defaultdict(list)
    companies: list[dict[str, object]] = []
    for kind in kinds:
        for sort, size, fold, board in _boards(kind.held, boards, random):
            for method, shares in kind.estimates(board, fold).items():
                errors[kind.name, sort, size, method].append(_errors(shares, board, kind, lines))
            for allowance, measured in _intervals(board, fold, kind, lines):
                held[kind.name, sort, size, allowance].append(measured)
        for board in company_boards(kind.held, 4, random):
            fold = int(kind.held.fold[board.postings[0]])
            for allowance, measured in _intervals(board, fold, kind, lines):
                held[kind.name, "one company", "its own", allowance].append(measured)
        companies += _companies(kind, lines, taxonomy)
        progress(f"mixes of held-out companies, {kind.name}")
    changes = _changes(kinds, taxonomy, boards // 2 + 1, random)
    progress("changes of mixes")
    return MixEvaluation(
        errors=_error_table(errors),
        intervals=_interval_table(held),
        companies=_company_table(pd.DataFrame(companies)),
        changes=changes,
    )


def _kinds(held_out: OutOfFold, examples: Examples, taxonomy: Taxonomy, progress: Progress) -> tuple[_Kind, ...]:
    """Return both kinds of posting, each fold judged with what was learned from the others."""
    roles = len(held_out.roles)
    names = ("description", "title only")
    parts: dict[str, list[HeldOut]] = {name: [] for name in names}
    learned: dict[str, dict[str, dict[int, Any]]] = {name: defaultdict(dict) for name in names}
    for number in np.unique(held_out.fold).tolist():
        own = held_out.fold == number
        truth = examples.roles[~own].tolist()
        temperatures = (
            best_temperature(held_out.scores[~own], held_out.roles, truth),
            best_temperature(held_out.title_scores[~own], held_out.roles, truth),
        )
        both = held_out_kinds(held_out, examples, temperatures)
        others = [kind.part(~own) for kind in both]
        calibration = calibrate(others[0], others[1], taxonomy)
        for name, kind, other in zip(names, both, others, strict=True):
            said = np.eye(roles)[decide(other.probabilities, other.roles, taxonomy)]
            parts[name].append(kind.part(own))
            learned[name]["calibration"][number] = calibration
            learned[name]["rates"][number] = _by_role(said, other.truth)
            learned[name]["sums"][number] = _by_role(other.probabilities, other.truth)
            learned[name]["frequencies"][number] = np.bincount(other.truth, minlength=roles) / len(other.truth)
        progress(f"calibrated without fold {number + 1}")
    return tuple(_kind(name, parts[name], learned[name], taxonomy) for name in names)


def _kind(name: str, parts: Sequence[HeldOut], learned: dict[str, dict[int, Any]], taxonomy: Taxonomy) -> _Kind:
    held = HeldOut(
        parts[0].roles,
        *(np.concatenate([getattr(part, of) for part in parts]) for of in _PER_POSTING),
    )
    described = np.full(len(held.truth), name == "description")
    scored = Scored(held.roles, held.probabilities, described, held.unknown)
    evidence, plain = np.empty((2, *held.probabilities.shape))
    for number, calibration in learned["calibration"].items():
        own = held.fold == number
        evidence[own] = likelihoods(scored.part(own), calibration)
        plain[own] = held.probabilities[own] / np.maximum(learned["frequencies"][number], 1e-6)
    return _Kind(
        name,
        held,
        scored,
        learned["calibration"],
        np.eye(len(held.roles))[decide(held.probabilities, held.roles, taxonomy)],
        learned["rates"],
        learned["sums"],
        evidence,
        plain,
    )


def _boards(
    held: HeldOut, boards: int, random: np.random.Generator
) -> Iterator[tuple[str, int, int | None, SampledBoard]]:
    """Yield boards of shifted mixes: what sort, which size, of which fold, and the board."""
    folds = np.unique(held.fold).tolist()
    for size in SIZES:
        for number in folds:
            members = np.flatnonzero(held.fold == number)
            for board in shifted_boards(held.truth[members], size, boards, random):
                yield "shifted, one fold", size, number, SampledBoard(board.prevalence, members[board.postings])
        for board in shifted_boards(held.truth, size, boards * len(folds), random):
            yield "shifted, all folds", size, None, board


def _by_role(values: _Floats, truth: npt.NDArray[np.intp]) -> _Floats:
    """Return the mean of values over the postings of each role; shape (columns, roles)."""
    roles = values.shape[1]
    sums = np.stack([np.bincount(truth, weights=column, minlength=roles) for column in values.T])
    return np.asarray(sums / np.maximum(np.bincount(truth, minlength=roles), 1))


def _adjusted(rates: _Floats, observed: _Floats) -> _Floats:
    """Return the shares that would have led to what was observed, by least squares without negative shares.

    Of counts, that is the adjusted count (Forman 2008); of probabilities, that of Bella et al. (2010).
    """
    heavy = 100.0  # makes the shares sum to 1
    system = np.vstack([rates, np.full(rates.shape[1], heavy)])
    shares, _ = optimize.nnls(system, np.append(observed, heavy))
    return np.asarray(shares / shares.sum())


def _errors(shares: _Floats, board: SampledBoard, kind: _Kind, lines: Lines) -> tuple[float, ...]:
    """Return errors of focuses and roles against the board's own shares and those that it was drawn from."""
    drawn_from = np.pad(board.prevalence, (0, len(shares) - len(board.prevalence)))
    is_focus = _is_focus(lines)
    found = [100 * np.abs((shares - true) @ lines.membership) for true in (kind.true_shares(board), drawn_from)]
    return tuple(float(error[which].mean()) for error in found for which in (is_focus, ~is_focus))


def _is_focus(lines: Lines) -> npt.NDArray[np.bool_]:
    return np.array([role is None for _, role in lines.names])


def _intervals(
    board: SampledBoard, fold: int | None, kind: _Kind, lines: Lines
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield coverage and width of the intervals of focuses and of roles, with the allowance and without."""
    evidence, is_focus = kind.evidence[board.postings], _is_focus(lines)
    shares = kind.shares(board, fold) @ lines.membership
    true = np.pad(board.prevalence, (0, evidence.shape[1] - len(board.prevalence))) @ lines.membership
    for allowance, much in (("as shipped", kind.dispersion(board, fold)), ("dispersion 0", 0.0)):
        low, high = interval(draw(evidence, much) @ lines.membership, shares, len(evidence))
        holds, width = (low <= true) & (true <= high), 100 * (high - low)
        yield (
            allowance,
            tuple(float(values[which].mean()) for which in (is_focus, ~is_focus) for values in (holds, width)),
        )


def _companies(kind: _Kind, lines: Lines, taxonomy: Taxonomy) -> Iterator[dict[str, object]]:
    """Yield the errors on each company that has enough postings for the warning to speak."""
    names, sizes = np.unique(kind.held.company, return_counts=True)
    for name in names[sizes >= FEWEST].tolist():
        own = np.flatnonzero(kind.held.company == name)
        fold = int(kind.held.fold[own[0]])
        board = SampledBoard(np.zeros(0), own)
        notes = estimate(kind.scored.part(own), kind.calibrations[fold], taxonomy).notes
        for method, shares in kind.estimates(board, fold).items():
            focus_error, *_ = _errors(shares, board, kind, lines)
            yield {
                "kind": kind.name,
                "company": name,
                "large": len(own) >= LARGE,
                "warned": any("out of its depth" in note for note in notes),
                "method": method,
                "focus_error": focus_error,
            }


def _changes(kinds: Sequence[_Kind], taxonomy: Taxonomy, boards: int, random: np.random.Generator) -> pd.DataFrame:
    """Replace a part of boards and count how often a focus is said to have moved."""
    said: dict[tuple[str, int, str], list[bool]] = defaultdict(list)
    for kind in kinds:
        for number, calibration in kind.calibrations.items():
            members = np.flatnonzero(kind.held.fold == number)
            truth, scored = kind.held.truth[members], kind.scored.part(members)
            for size in SIZES:
                pairs = zip(*(shifted_boards(truth, size, boards, random) for _ in range(2)), strict=True)
                for before, other in pairs:
                    for name, later in (
                        ("the same mix", _again(before, truth, random)),
                        ("another mix", other.postings),
                    ):
                        found = _moved(before.postings, later, scored, truth, calibration, taxonomy)
                        said[kind.name, size, name] += [
                            beyond for distance, beyond in found if name == "the same mix" or distance >= _FAR
                        ]
    return pd.DataFrame(
        {"kind": kind, "postings": size, "replaced_by": name, "focuses": len(found), "beyond_noise": np.mean(found)}
        for (kind, size, name), found in said.items()
        if found
    )


def _again(board: SampledBoard, truth: npt.NDArray[np.intp], random: np.random.Generator) -> npt.NDArray[np.intp]:
    """Draw as many postings again from the mix of a board."""
    drawn = random.choice(len(board.prevalence), len(board.postings), p=board.prevalence)
    return np.array([random.choice(np.flatnonzero(truth == role)) for role in drawn])


def _moved(
    before: npt.NDArray[np.intp],
    newcomers: npt.NDArray[np.intp],
    scored: Scored,
    truth: npt.NDArray[np.intp],
    calibration: Calibration,
    taxonomy: Taxonomy,
) -> Iterator[tuple[float, bool]]:
    """Yield, for each focus, how far its share moved when a part was replaced, and whether that is said."""
    size, replaced = len(before), round(len(before) * _TURNOVER)
    later = np.concatenate([before[replaced:], newcomers[:replaced]])
    stayed = (np.arange(size) >= replaced).tolist(), (np.arange(size) < size - replaced).tolist()
    changes = compare(scored.part(before), scored.part(later), stayed, calibration, taxonomy)
    lines = Lines(scored.roles, taxonomy)
    counts = [np.bincount(truth[own], minlength=len(scored.roles)) for own in (before, later)]
    distances = np.abs((counts[1] - counts[0]) @ lines.membership) / size
    for name, distance in zip(lines.names, distances.tolist(), strict=True):
        if name[1] is None:
            yield distance, changes[name].beyond_noise


def _error_table(errors: _Rows) -> pd.DataFrame:
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


def _interval_table(held: _Rows) -> pd.DataFrame:
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
    """Return the mean error of focus shares by method, and the worst of two methods, for groups of companies."""
    if companies.empty:
        return companies
    groups = {
        f"{LARGE} postings and more": companies["large"],
        f"{FEWEST} to {LARGE - 1} postings": ~companies["large"],
        "with a warning": companies["warned"],
        "without a warning": ~companies["warned"],
    }
    rows = []
    for kind in companies["kind"].unique():
        for name, chosen in groups.items():
            errors = companies[chosen & (companies["kind"] == kind)].groupby("method", sort=False)["focus_error"]
            if len(errors):
                worst = {f"{method}, worst": errors.max()[method] for method in ("rolemix", "count tags")}
                number = int(errors.size()["rolemix"])
                rows.append({"kind": kind, "companies": name, "number": number} | errors.mean().to_dict() | worst)
    return pd.DataFrame(rows).drop(columns="true roles")
