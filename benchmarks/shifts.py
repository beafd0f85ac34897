"""How often a shift is found where there is none, and how often where there is one, beside a naive comparison.

    python -m benchmarks.shifts [--companies 1000] [--margin 1]

Simulated companies post batches of openings, one role a batch, whose sizes are geometric with mean 1, 3 or 6; openings
stay for 60 days on average (exponential); the tags are right 84 times in 100, and else any other role. Twelve roles
belong to five focuses, and both are looked at, as in the product. Two dates lie 90 days apart. The naive comparison
tests the counts of each role and each focus by Fisher's exact test with Holm's correction. Power is of a role of whose
tags the share on the board rises by ten points.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from classifier.quantification.shifts import BUDGET, MARGIN, Postings, find_shifts, level_of_a_look

ROLES = 12
FOCUSES = (0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4)
"""The focus of each role."""
STAY = 60.0
GAP = 90.0
RIGHT = 0.84
LOOKS = 52
SIZES = (40, 200, 800)
HIRED = float(0.10 / (1 - np.exp(-GAP / STAY)) / (RIGHT - (1 - RIGHT) / (ROLES - 1)))
"""The shift in hiring after which the tags on the board have moved by ten points: not all of it has turned over."""


@dataclass(frozen=True)
class World:
    """One company's openings: when each opened and closed, its batch, and its tag."""

    opened: np.ndarray
    closed: np.ndarray
    batch: np.ndarray
    tag: np.ndarray
    role: np.ndarray

    def at(self, day: float, *, true: bool = False) -> Postings:
        """Return what was open on a day."""
        chosen = (self.opened <= day) & (self.closed > day)
        labels = (self.role if true else self.tag)[chosen].tolist()
        levels = {"focus": [f"f{FOCUSES[role]}" for role in labels], "role": [f"r{role:02}" for role in labels]}
        return Postings(levels, [f"b{batch}" for batch in self.batch[chosen].tolist()])


def company(size: int, mean: float, dice: np.random.Generator, *, shift: float = 0.0, days: float = GAP) -> World:
    """Return a company with about so many postings open, whose mix shifts after day 0."""
    before = dice.dirichlet(np.full(ROLES, 0.8))
    after = before.copy()
    if shift:
        target = int(np.argsort(before)[ROLES // 2])
        after = before * max(0.0, 1 - before[target] - shift) / (1 - before[target])
        after[target] = min(1.0, before[target] + shift)
        after /= after.sum()
    span = days + 8 * STAY
    batches = dice.poisson(size / STAY / mean * span)
    when = dice.uniform(-8 * STAY, days, batches)
    sizes = dice.geometric(1 / mean, batches)
    mixes = np.where((when > 0)[:, None], after, before)
    roles = (dice.random(batches)[:, None] > mixes.cumsum(axis=1)).sum(axis=1).clip(0, ROLES - 1)
    role = np.repeat(roles, sizes)
    opened = np.repeat(when, sizes)
    wrong = dice.random(len(role)) > RIGHT
    tag = np.where(wrong, (role + dice.integers(1, ROLES, len(role))) % ROLES, role)
    return World(opened, opened + dice.exponential(STAY, len(role)), np.repeat(np.arange(batches), sizes), tag, role)


def naive(before: Postings, now: Postings) -> bool:
    """Return whether any role's or focus's counts differ by Fisher's exact test with Holm's correction."""
    sizes = len(before.clusters), len(now.clusters)
    p_values = []
    for level in before.levels:
        counts = [Counter(side.levels[level]) for side in (before, now)]
        for name in {*counts[0], *counts[1]}:
            table = [[count[name], size - count[name]] for count, size in zip(counts, sizes, strict=True)]
            p_values.append(fisher_exact(table)[1])
    return bool(p_values) and min(p_values) <= BUDGET / len(p_values)


def one_look(companies: int, margin: float = MARGIN) -> None:
    """Print false alarms, power and coverage of one look."""
    print(
        "| batches of | open | false alarms | naive | 10 points found | naive | stated power | intervals that cover |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        for size in SIZES:
            dice = np.random.default_rng([mean, size])
            alarms = naive_alarms = found = naive_found = covered = looked = 0
            powers = []
            for _ in range(companies):
                world = company(size, mean, dice)
                before, now = world.at(0), world.at(GAP)
                shifts = find_shifts(before, now, draws=999, margin=margin)
                alarms += any(shift.moved() for shift in shifts)
                naive_alarms += naive(before, now)
                powers += (
                    [float(np.median([shift.power for shift in shifts if shift.level == "role"]))] if shifts else []
                )
                covered += sum(shift.low <= 0 <= shift.high for shift in shifts)
                looked += len(shifts)
                moved = company(size, mean, dice, shift=HIRED)
                before, now = moved.at(0), moved.at(GAP)
                risen = [shift for shift in find_shifts(before, now, draws=999, margin=margin) if shift.change > 0]
                found += any(shift.moved() for shift in risen)
                naive_found += naive(before, now)
            rates = (alarms, naive_alarms, found, naive_found)
            shown = " | ".join(f"{rate / companies:.1%}" for rate in rates)
            print(f"| {mean} | {size} | {shown} | {np.mean(powers):.1%} | {covered / looked:.1%} |", flush=True)


def a_year_of_looks(companies: int) -> None:
    """Print false alarms of weekly looks against 90 days before, over a year."""
    level = level_of_a_look(LOOKS)
    print(f"\nCompanies with an alarm in {LOOKS} weekly looks:\n")
    print(f"| batches of | open | at 0.05 each | at 0.05/{LOOKS} each |\n|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        dice = np.random.default_rng([mean, LOOKS])
        plain = spent = 0
        for _ in range(companies):
            world = company(200, mean, dice, days=GAP + 7 * LOOKS)
            sides = [(world.at(day - GAP), world.at(day)) for day in (GAP + 7.0 * look for look in range(LOOKS))]
            least = [least_p(*side, level) for side in sides]
            plain += min(least) <= BUDGET
            spent += min(least) <= level
        print(f"| {mean} | 200 | {plain / companies:.1%} | {spent / companies:.1%} |", flush=True)


def least_p(before: Postings, now: Postings, level: float) -> float:
    """Return the smallest p-value: by few random signs, and where they leave a doubt by as many as the level needs."""
    rough = [shift.p for shift in find_shifts(before, now, draws=199) if shift.p is not None]
    if not rough or min(rough) > 10 * level + 0.01:
        return min(rough, default=1.0)
    return min(shift.p for shift in find_shifts(before, now, significance=level) if shift.p is not None)


def main() -> None:
    """Run the simulations."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=1000)
    parser.add_argument("--margin", type=float, default=MARGIN)
    options = parser.parse_args()
    start = time.process_time()
    one_look(options.companies, options.margin)
    a_year_of_looks(options.companies)
    print(f"\n{time.process_time() - start:.0f} s of CPU")


if __name__ == "__main__":
    main()
