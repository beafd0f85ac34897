"""Evaluation of mixes: how far estimates are off on boards of unseen companies, and how often intervals hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from classifier.arrays import Floats, Indices
from classifier.decision import decide
from classifier.quantification.estimand import Estimand
from classifier.quantification.estimator import MixQuantifier
from classifier.quantification.fitting import FEWEST, Constants
from classifier.quantification.mix import Lines, ScoredPostings
from classifier.quantification.posterior import Likelihoods, credible_interval, most_likely_shares
from classifier.quantification.protocols import LARGE, HeldOut, SampledBoard, company_boards, shifted_boards
from classifier.taxonomy import Taxonomy
from classifier.training.cross_validation import OutOfFold, Progress, fit_blends, held_out_kinds
from classifier.training.examples import Examples

_Rows = dict[tuple[str, ...], list[tuple[float, ...]]]

SIZES = (20, 50, 200, 1000)
"""Postings of the boards that are sampled."""

_COMPANY_SIZES = {"10 to 19": (FEWEST, 20), "20 to 49": (20, 50), "50 and more": (50, np.inf)}
_COMPARED = ("rolemix", "count tags")
"""The methods whose largest errors are shown."""
_TURNOVER = 0.2
"""The fraction of a board that is replaced to measure changes."""
_FAR = 0.05
"""How far a share must have moved to count as a change that could be noticed."""
_PER_POSTING = ("probabilities", "truth", "fold", "company", "unknown")


@dataclass(frozen=True, slots=True)
class MixEvaluation:
    """The results, in tables; errors and widths are in percentage points.

    Every posting is scored by a tagger, its blends and a quantifier that were fitted on the other folds alone, so
    that nothing was tuned on its company. Boards are of four kinds: with a shifted mix from all folds, where what is
    odd about single companies cancels out; with a shifted mix from one fold, which has one or a few large companies and
    many small ones, and from the postings of one fold in one language; and whole companies, with the mix that they
    have.

    Attributes:
        errors: Mean absolute error of focus and of role shares by method: against the shares of the board itself, and
            against the mix that it was drawn from, which includes sampling error (the method "true roles" is the
            error that remains when every posting is tagged rightly).
        intervals: How often a 95 % interval holds the share, and its mean width, by estimand. What a whole company
            tends to hire is not known; it is measured on boards that are drawn from its postings.
        companies: The mean and the largest error of shares by method on all labelled postings of a company, for groups
            of companies; the warning is the note that the tagger may be out of its depth.
        changes: How often a focus moves beyond the noise when a fifth of a board is replaced: by postings of the same
            mix (a false alarm), and by postings of another (only focuses whose share did move by 5 points or more).
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


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What is learned about one kind of posting without one fold.

    Attributes:
        quantifier: Fitted on the other folds, for both kinds.
        rates: How often a posting of each role (column) is predicted to be of each role (row).
        sums: The mean probability of each role (row) for postings of each role (column).
        frequencies: The labelled share of each role; shape (roles,).
    """

    quantifier: MixQuantifier
    rates: Floats
    sums: Floats
    frequencies: Floats


@dataclass(frozen=True)
class _Kind:
    """One kind of posting, each fold with what was learned from the others.

    Attributes:
        name: "description" or "title only".
        held: The postings of all folds.
        languages: Of each posting; shape (postings,).
        scored: The same postings as the quantifier sees them.
        fitted: By fold: learned without it; by None: the mean over the folds.
        predicted: 1 in the column of the role predicted, else 0; shape (postings, roles).
    """

    name: str
    held: HeldOut
    languages: npt.NDArray[np.str_]
    scored: ScoredPostings
    fitted: Mapping[int | None, _Fitted]
    predicted: Floats

    def estimates(self, board: SampledBoard, fold: int | None) -> dict[str, Floats]:
        """Return each method's estimate of the shares of the roles on a board of a fold; None for all folds."""
        own, learned = board.postings, self.fitted[fold]
        counted, summed = self.predicted[own].mean(axis=0), self.held.probabilities[own].mean(axis=0)
        likelihoods = Likelihoods(self.held.probabilities[own] / np.maximum(learned.frequencies, 1e-6))
        return {
            "rolemix": learned.quantifier.shares(self.scored.part(own)),
            "EM": most_likely_shares(likelihoods),
            "count tags": counted,
            "sum probabilities": summed,
            "adjusted count": _adjusted(learned.rates, counted),
            "adjusted sum": _adjusted(learned.sums, summed),
            "true roles": self.true_shares(board),
        }

    def true_shares(self, board: SampledBoard) -> Floats:
        """Return the shares of the roles among a board's postings."""
        return np.bincount(self.held.truth[board.postings], minlength=len(self.held.roles)) / len(board.postings)

    def drawn_from(self, board: SampledBoard) -> Floats:
        """Return the mix that a board was drawn from."""
        return np.pad(board.prevalence, (0, len(self.held.roles) - len(board.prevalence)))

    def language(self, board: SampledBoard) -> str:
        """Return the language of most of a board's postings."""
        names, counts = np.unique(self.languages[board.postings], return_counts=True)
        return str(names[counts.argmax()])

    def intervals(
        self, board: SampledBoard, fold: int | None, lines: Lines
    ) -> Iterator[tuple[Estimand, tuple[float, ...]]]:
        """Yield coverage and width of the intervals of focuses and of roles, by estimand."""
        scored, quantifier = self.scored.part(board.postings), self.fitted[fold].quantifier
        shares = quantifier.shares(scored) @ lines.membership
        mixes = {Estimand.BOARD: self.true_shares(board), Estimand.HIRING: self.drawn_from(board)}
        for estimand, draws in quantifier.draws(scored).items():
            low, high = credible_interval(draws @ lines.membership, shares, len(scored))
            true = mixes[estimand] @ lines.membership
            holds, width = (low - 1e-9 <= true) & (true <= high + 1e-9), 100 * (high - low)
            yield (
                estimand,
                tuple(
                    float(measured[which].mean())
                    for which in (lines.are_focuses, ~lines.are_focuses)
                    for measured in (holds, width)
                ),
            )

    def focus_changes(self, before: Indices, later: Indices, fold: int, lines: Lines) -> Iterator[tuple[float, bool]]:
        """Yield how far the share of each focus moved between two days, and whether that is found beyond the noise.

        Args:
            before: The postings of the earlier day.
            later: Those of the later day, which begin with what stayed: the last ones of the earlier day.
            fold: The fold that they are of.
            lines: The lines of a mix.
        """
        size, roles = len(before), len(self.held.roles)
        replaced = round(size * _TURNOVER)
        stayed = np.arange(size) >= replaced, np.arange(size) < size - replaced
        changes = self.fitted[fold].quantifier.change(self.scored.part(before), self.scored.part(later), stayed)
        counts = [np.bincount(self.held.truth[own], minlength=roles) for own in (before, later)]
        distances = np.abs((counts[1] - counts[0]) @ lines.membership) / size
        for name, distance in zip(lines.names, distances.tolist(), strict=True):
            if name[1] is None:
                yield distance, changes[name].beyond_noise


def evaluate_mix(
    held_out: OutOfFold,
    examples: Examples,
    taxonomy: Taxonomy,
    *,
    boards: int = 20,
    progress: Progress = lambda _: None,
) -> MixEvaluation:
    """Measure mixes on boards of held-out companies.

    Args:
        held_out: Out-of-fold scores of labelled postings.
        examples: The labelled postings.
        taxonomy: Groups roles into focuses.
        boards: How many boards with a shifted mix are drawn from each fold, in each size; and five times as many from
            all.
        progress: Called after each step.
    """
    kinds = _kinds(held_out, examples, taxonomy, progress)
    lines = Lines(held_out.roles, taxonomy)
    random = np.random.default_rng(1)
    errors: _Rows = defaultdict(list)
    held: _Rows = defaultdict(list)
    companies: list[dict[str, object]] = []
    for kind in kinds:
        for way, size, fold, board in _shifted(kind, boards, random):
            for method, shares in kind.estimates(board, fold).items():
                errors[kind.name, way, str(size), method].append(_errors(shares, board, kind, lines))
            for estimand, covered in kind.intervals(board, fold, lines):
                held[kind.name, way, str(size), estimand].append(covered)
        for group, fold, board in _whole(kind.held):
            covered = dict(kind.intervals(board, fold, lines))[Estimand.BOARD]
            held[kind.name, "whole company", group, Estimand.BOARD].append(covered)
            held[kind.name, f"whole company, {kind.language(board)}", "10 and more", Estimand.BOARD].append(covered)
            companies += _company(kind, lines, group, fold, board)
        for board in company_boards(kind.held, 4, random):
            fold = int(kind.held.fold[board.postings[0]])
            for estimand, covered in kind.intervals(board, fold, lines):
                held[kind.name, "drawn from one company", "as many", estimand].append(covered)
        progress(f"mixes of held-out companies, {kind.name}")
    changes = _changes(kinds, lines, boards // 2 + 1, random)
    progress("changes of mixes")
    return MixEvaluation(
        errors=_error_table(errors),
        intervals=_interval_table(held),
        companies=_company_table(pd.DataFrame(companies)),
        changes=changes,
    )


def coverage_by_language(  # noqa: PLR0913  # what is measured, and on how many boards
    held_out: OutOfFold,
    examples: Examples,
    taxonomy: Taxonomy,
    *,
    sizes: Sequence[int],
    boards: int = 20,
    progress: Progress = lambda _: None,
) -> pd.DataFrame:
    """Measure how often intervals hold the share, on boards of described postings in one language.

    Boards are of three kinds: with a shifted mix from all folds; with a shifted mix from one fold; and with the mix of
    one company, from its postings alone, with replacement.

    Args:
        held_out: Out-of-fold scores of labelled postings.
        examples: The labelled postings.
        taxonomy: Groups roles into focuses.
        sizes: Postings of the boards.
        boards: How many boards with a shifted mix are drawn from each fold, in each size, and from all of them; and at
            most how many companies of a language are drawn from.
        progress: Called after each step.

    Returns:
        A table like that of `MixEvaluation.intervals`, with a column for the language.
    """
    kind = _kinds(held_out, examples, taxonomy, progress)[0]
    lines, random, fold = Lines(held_out.roles, taxonomy), np.random.default_rng(2), kind.held.fold
    held: _Rows = defaultdict(list)
    for language in np.unique(kind.languages).tolist():
        own = kind.languages == language
        for size in sizes:
            drawn = [("all folds", None, np.flatnonzero(own), boards)]
            drawn += [
                ("one fold", number, np.flatnonzero(own & (fold == number)), boards)
                for number in np.unique(fold).tolist()
            ]
            for way, number, members, count in drawn:
                for board in shifted_boards(kind.held.truth[members], size, count, random):
                    whole = SampledBoard(board.prevalence, members[board.postings])
                    for estimand, covered in kind.intervals(whole, number, lines):
                        held[language, way, str(size), estimand].append(covered)
            companies, counts = np.unique(kind.held.company[own], return_counts=True)
            large = companies[counts >= LARGE]
            for company in random.permutation(large)[:boards].tolist():
                members = np.flatnonzero(own & (kind.held.company == company))
                mix = np.bincount(kind.held.truth[members], minlength=len(held_out.roles)) / len(members)
                whole = SampledBoard(mix, random.choice(members, size))
                for estimand, covered in kind.intervals(whole, int(fold[members[0]]), lines):
                    held[language, "one company", str(size), estimand].append(covered)
        progress(f"boards in {language}")
    return _interval_table(held).rename(columns={"kind": "language"})


def _kinds(held_out: OutOfFold, examples: Examples, taxonomy: Taxonomy, progress: Progress) -> tuple[_Kind, ...]:
    """Return both kinds of posting, each fold with what was learned from the others."""
    names = ("description", "title only")
    parts: dict[str, list[HeldOut]] = {name: [] for name in names}
    languages: list[npt.NDArray[np.str_]] = []
    fitted: dict[str, dict[int | None, _Fitted]] = {name: {} for name in names}
    for number in np.unique(held_out.fold).tolist():
        own = held_out.fold == number
        kinds = held_out_kinds(held_out, examples, fit_blends(held_out, examples.roles, ~own))
        others = [kind.part(~own) for kind in kinds]
        quantifier = MixQuantifier(taxonomy=taxonomy).fit(*others)
        languages.append(examples.languages[own])
        for name, kind, other in zip(names, kinds, others, strict=True):
            parts[name].append(kind.part(own))
            fitted[name][number] = _Fitted(
                quantifier,
                rates=_by_role(_predicted(other, taxonomy), other.truth),
                sums=_by_role(other.probabilities, other.truth),
                frequencies=np.bincount(other.truth, minlength=len(other.roles)) / len(other.truth),
            )
        progress(f"fitted the quantifier without fold {number + 1}")
    return tuple(_kind(name, parts[name], np.concatenate(languages), fitted[name], taxonomy) for name in names)


def _kind(
    name: str,
    parts: Sequence[HeldOut],
    languages: npt.NDArray[np.str_],
    fitted: Mapping[int | None, _Fitted],
    taxonomy: Taxonomy,
) -> _Kind:
    held = HeldOut(
        parts[0].roles,
        *(np.concatenate([getattr(part, of) for part in parts]) for of in _PER_POSTING),
    )
    scored = ScoredPostings(held.roles, held.probabilities, held.unknown)
    together = _mean(list(fitted.values()), taxonomy)
    return _Kind(name, held, languages, scored, {**fitted, None: together}, _predicted(held, taxonomy))


def _mean(fitted: Sequence[_Fitted], taxonomy: Taxonomy) -> _Fitted:
    """Return the mean of what was learned without each of the folds, for boards that are drawn from all of them."""
    learned = [one.quantifier.constants_ for one in fitted]
    quantifier = MixQuantifier(taxonomy=taxonomy)
    quantifier.constants_ = Constants(
        prior={role: float(np.mean([one.prior[role] for one in learned])) for role in learned[0].prior},
        spread=float(np.mean([one.spread for one in learned])),
        least_confidence=float(np.mean([one.least_confidence for one in learned])),
        most_unknown=float(np.mean([one.most_unknown for one in learned])),
    )
    rates, sums, frequencies = (
        np.mean([getattr(one, of) for one in fitted], axis=0) for of in ("rates", "sums", "frequencies")
    )
    return _Fitted(quantifier, rates, sums, frequencies)


def _predicted(held: HeldOut, taxonomy: Taxonomy) -> Floats:
    """Return 1 in the column of the role predicted, else 0; shape (postings, roles)."""
    return np.eye(len(held.roles))[decide(held.probabilities, held.roles, taxonomy)]


def _shifted(
    kind: _Kind, boards: int, random: np.random.Generator
) -> Iterator[tuple[str, int, int | None, SampledBoard]]:
    """Yield boards with shifted mixes: how they are sampled, their size, their fold or None for all, and the board."""
    held = kind.held
    folds, languages = np.unique(held.fold).tolist(), np.unique(kind.languages).tolist()
    ways = {"shifted, one fold": np.ones(len(held.truth), dtype=bool)}
    ways |= {f"shifted, one fold, {language}": kind.languages == language for language in languages}
    for way, chosen in ways.items():
        for size in SIZES:
            for number in folds:
                members = np.flatnonzero(chosen & (held.fold == number))
                if len(members):
                    for board in shifted_boards(held.truth[members], size, boards, random):
                        yield way, size, number, SampledBoard(board.prevalence, members[board.postings])
    for size in SIZES:
        for board in shifted_boards(held.truth, size, boards * len(folds), random):
            yield "shifted, all folds", size, None, board


def _whole(held: HeldOut) -> Iterator[tuple[str, int, SampledBoard]]:
    """Yield each company with enough postings to be warned about: the group of its size, its fold, and its board."""
    companies, sizes = np.unique(held.company, return_counts=True)
    for group, (least, below) in _COMPANY_SIZES.items():
        for company in companies[(least <= sizes) & (sizes < below)].tolist():
            own = np.flatnonzero(held.company == company)
            yield group, int(held.fold[own[0]]), SampledBoard(np.zeros(0), own)


def _by_role(values: Floats, truth: Indices) -> Floats:
    """Return the mean of values over the postings of each role; shape (columns, roles)."""
    roles = values.shape[1]
    sums = np.stack([np.bincount(truth, weights=column, minlength=roles) for column in values.T])
    return np.asarray(sums / np.maximum(np.bincount(truth, minlength=roles), 1))


def _adjusted(rates: Floats, observed: Floats) -> Floats:
    """Return the shares that best explain what was observed, by non-negative least squares.

    Applied to counts it is the adjusted count of Forman (2008), to probabilities that of Bella et al. (2010).
    """
    heavy = 100.0  # makes the shares sum to 1
    system = np.vstack([rates, np.full(rates.shape[1], heavy)])
    shares, _ = optimize.nnls(system, np.append(observed, heavy))
    return np.asarray(shares / shares.sum())


def _errors(shares: Floats, board: SampledBoard, kind: _Kind, lines: Lines) -> tuple[float, ...]:
    """Return errors of focuses and roles against the board's own shares and those that it was drawn from."""
    found = [
        100 * np.abs((shares - true) @ lines.membership) for true in (kind.true_shares(board), kind.drawn_from(board))
    ]
    return tuple(float(error[which].mean()) for error in found for which in (lines.are_focuses, ~lines.are_focuses))


def _company(kind: _Kind, lines: Lines, size: str, fold: int, board: SampledBoard) -> Iterator[dict[str, object]]:
    """Yield the errors on a company, by method."""
    notes = kind.fitted[fold].quantifier.estimate(kind.scored.part(board.postings)).notes
    warned = any("out of its depth" in note for note in notes)
    for method, shares in kind.estimates(board, fold).items():
        focus_error, role_error, *_ = _errors(shares, board, kind, lines)
        yield {
            "kind": kind.name,
            "size": f"{size} postings",
            "language": f"mostly {kind.language(board)}",
            "warning": "with a warning" if warned else "without a warning",
            "method": method,
            "focus": focus_error,
            "role": role_error,
        }


def _changes(kinds: Sequence[_Kind], lines: Lines, boards: int, random: np.random.Generator) -> pd.DataFrame:
    """Replace a part of boards, and count how often a focus moves beyond the noise."""
    found: dict[tuple[str, int, str], list[bool]] = defaultdict(list)
    for kind in kinds:
        for number in np.unique(kind.held.fold).tolist():
            members = np.flatnonzero(kind.held.fold == number)
            truth = kind.held.truth[members]
            for size in SIZES:
                pairs = zip(*(shifted_boards(truth, size, boards, random) for _ in range(2)), strict=True)
                for before, other in pairs:
                    for name, newcomers in (
                        ("the same mix", _again(before, truth, random)),
                        ("another mix", other.postings),
                    ):
                        replaced = round(size * _TURNOVER)
                        later = np.concatenate([before.postings[replaced:], newcomers[:replaced]])
                        changes = kind.focus_changes(members[before.postings], members[later], number, lines)
                        found[kind.name, size, name] += [
                            beyond for distance, beyond in changes if name == "the same mix" or distance >= _FAR
                        ]
    return pd.DataFrame(
        {"kind": kind, "postings": size, "replaced_by": name, "focuses": len(moved), "beyond_noise": np.mean(moved)}
        for (kind, size, name), moved in found.items()
        if moved
    )


def _again(board: SampledBoard, truth: Indices, random: np.random.Generator) -> Indices:
    """Draw as many postings again from the mix of a board."""
    drawn = random.choice(len(board.prevalence), len(board.postings), p=board.prevalence)
    return np.array([random.choice(np.flatnonzero(truth == role)) for role in drawn])


def _error_table(errors: _Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": kind,
            "boards": boards,
            "postings": size,
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
            "postings": size,
            "estimand": estimand,
            "number": len(found),
            **dict(zip(names, np.mean(found, axis=0).tolist(), strict=True)),
        }
        for (kind, boards, size, estimand), found in held.items()
    )


def _company_table(companies: pd.DataFrame) -> pd.DataFrame:
    """Return the mean error of shares by method, and the worst of two methods, for groups of companies."""
    rows = []
    for kind, of_kind in companies.groupby("kind", sort=False) if len(companies) else ():
        for by in ("size", "language", "warning"):
            for name, group in of_kind.groupby(by):
                for of in ("focus", "role"):
                    errors = group[group["method"] != "true roles"].groupby("method", sort=False)[of]
                    worst = {f"{method}, worst": errors.max()[method] for method in _COMPARED}
                    number = int(errors.size()["rolemix"])
                    about = {"kind": kind, "companies": name, "number": number, "shares_of": of}
                    rows.append(about | errors.mean().to_dict() | worst)
    return pd.DataFrame(rows)
