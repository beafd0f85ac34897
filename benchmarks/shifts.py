"""How often a shift is found where there is none, and how often where there is one, beside a naive comparison.

    python -m benchmarks.shifts [--companies 1000]

Simulated companies post batches of openings, one role a batch, whose sizes are geometric with mean 1, 3 or 6; openings
stay for 60 days on average (exponential); the tags are right 84 times in 100, and else any other role. Two dates lie 90
days apart. The naive comparison tests each role's counts by Fisher's exact test with Holm's correction. Power is of a
role of whose tags the share on the board rises by ten points.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from classifier.quantification.shifts import Postings, find_shifts

ROLES = 12
STAY = 60.0
GAP = 90.0
RIGHT = 0.84
LOOKS = 52
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
        labels = self.role if true else self.tag
        return Postings([f"r{role:02}" for role in labels[chosen]], [f"b{batch}" for batch in self.batch[chosen]])


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
    """Return whether any role's counts differ by Fisher's exact test with Holm's correction."""
    names = sorted({*before.categories, *now.categories})
    sizes = len(before.categories), len(now.categories)
    p_values = []
    for name in names:
        counts = before.categories.count(name), now.categories.count(name)
        p_values.append(fisher_exact([[counts[0], sizes[0] - counts[0]], [counts[1], sizes[1] - counts[1]]])[1])
    return any(p <= 0.05 / (len(names) - rank) for rank, p in enumerate(sorted(p_values)[:1]))


def one_look(companies: int) -> None:
    """Print false alarms, power and coverage of one look."""
    print("| batches | open | false alarms | naive | 10 points found | naive | stated power | intervals cover |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        for size in (40, 200, 800):
            dice = np.random.default_rng([mean, size])
            alarms = naive_alarms = found = naive_found = tried = covered = looked = 0
            powers = []
            for _ in range(companies):
                world = company(size, mean, dice)
                before, now = world.at(0), world.at(GAP)
                shifts = find_shifts(before, now, draws=999)
                alarms += any(shift.moved() for shift in shifts)
                naive_alarms += naive(before, now)
                powers += [float(np.median([shift.power for shift in shifts]))] if shifts else []
                covered += sum(shift.low <= 0 <= shift.high for shift in shifts)
                looked += len(shifts)
                tried += 1
                moved = company(size, mean, dice, shift=HIRED)
                before, now = moved.at(0), moved.at(GAP)
                risen = [shift for shift in find_shifts(before, now, draws=999) if shift.change > 0]
                found += any(shift.moved() for shift in risen)
                naive_found += naive(before, now)
            rates = (alarms, naive_alarms, found, naive_found)
            shown = " | ".join(f"{rate / tried:.1%}" for rate in rates)
            print(f"| {mean} | {size} | {shown} | {np.mean(powers):.1%} | {covered / looked:.1%} |", flush=True)


def a_year_of_looks(companies: int) -> None:
    """Print false alarms of weekly looks against 90 days before, over a year."""
    print(f"\n| batches of | open | alarms in {LOOKS} weekly looks at 0.05 | at 0.05/{LOOKS} |\n|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        dice = np.random.default_rng([mean, LOOKS])
        plain = spent = 0
        for _ in range(companies):
            world = company(200, mean, dice, days=GAP + 7 * LOOKS)
            least = 1.0
            for look in range(LOOKS):
                day = GAP + 7.0 * look
                shifts = find_shifts(world.at(day - GAP), world.at(day), draws=4_999)
                least = min([least, *(shift.p for shift in shifts if shift.p is not None)])
            plain += least <= 0.05
            spent += least <= 0.05 / LOOKS
        print(f"| {mean} | 200 | {plain / companies:.1%} | {spent / companies:.1%} |", flush=True)


def main() -> None:
    """Run the simulations."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=1000)
    options = parser.parse_args()
    start = time.process_time()
    one_look(options.companies)
    a_year_of_looks(max(20, options.companies // 10))
    print(f"\n{time.process_time() - start:.0f} s of CPU")


if __name__ == "__main__":
    main()
