"""How often a change of a weekly flow is found where there is none, and where the flow doubles, beside two peers' ways.

    python -m benchmarks.change_points [--companies 500]

Simulated companies post batches of openings (geometric sizes with mean 1, 3 or 6) at a constant rate for a year, or at
twice the rate in its second half; in one week of ten nobody looked, and what opened in it is seen in the next. The
naive test takes openings for independent (Poisson likelihood ratio at the middle of the year, chi-squared); the other
finds a change in the number of open postings by least squares with BIC, openings staying 60 days.
"""

from __future__ import annotations

import argparse

import numpy as np
from scipy.stats import chi2

from classifier.quantification.change_points import find_change

WEEKS = 52
STAY = 60 / 7


def flow(
    rate: float, mean: float, dice: np.random.Generator, *, factor: float = 1.0
) -> tuple[list[list[str]], list[float]]:
    """Return the batches of each week, and how long it was watched."""
    batches: list[list[str]] = [[] for _ in range(WEEKS)]
    watched = [1.0] * WEEKS
    for week in range(WEEKS):
        number = dice.poisson(rate / mean * (factor if week >= WEEKS // 2 else 1.0))
        for batch, size in enumerate(dice.geometric(1 / mean, number)):
            batches[week] += [f"{week} {batch}"] * int(size)
    for week in range(WEEKS - 1):
        if dice.random() < 0.1:
            batches[week + 1] += batches[week]
            batches[week] = []
            watched[week + 1] += watched[week]
            watched[week] = 0.0
    return batches, watched


def naive(batches: list[list[str]], watched: list[float]) -> bool:
    """Return whether the halves of the year differ, if openings were independent."""
    middle = WEEKS // 2
    counts = [sum(map(len, half)) for half in (batches[:middle], batches[middle:])]
    times = [sum(watched[:middle]), sum(watched[middle:])]
    pooled = sum(counts) / sum(times)
    parts = [count * np.log(count / time / pooled) for count, time in zip(counts, times, strict=True) if count]
    return bool(2 * sum(parts) > chi2.ppf(0.95, 1))


def of_levels(batches: list[list[str]], dice: np.random.Generator) -> bool:
    """Return whether least squares with BIC finds a change in the number of open postings, once it is stationary."""
    opened = np.repeat(np.arange(WEEKS), [len(week) for week in batches])
    closed = opened + dice.exponential(STAY, len(opened))
    weeks = np.arange(16, WEEKS)
    level = ((opened[None] <= weeks[:, None]) & (closed[None] > weeks[:, None])).sum(axis=1).astype(float)
    alone = ((level - level.mean()) ** 2).sum()
    best = min(
        ((level[:at] - level[:at].mean()) ** 2).sum() + ((level[at:] - level[at:].mean()) ** 2).sum()
        for at in range(4, len(level) - 4)
    )
    return bool(len(level) * np.log(max(alone, 1e-9) / max(best, 1e-9)) > 2 * np.log(len(level)))


def main() -> None:
    """Print a row for each kind of company."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=500)
    companies = parser.parse_args().companies
    print(
        "| batches of | openings a week | false alarms | naive | on levels, BIC | doubling found | interval holds it |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        for rate in (2, 10):
            dice = np.random.default_rng([mean, rate])
            alarms = naive_alarms = level_alarms = found = held = 0
            for _ in range(companies):
                batches, watched = flow(rate, mean, dice)
                change = find_change(batches, watched)
                alarms += change is not None and change.p <= 0.05
                naive_alarms += naive(batches, watched)
                level_alarms += of_levels(batches, dice)
                change = find_change(*flow(rate, mean, dice, factor=2))
                if change is not None and change.p <= 0.05:
                    found += 1
                    held += change.low <= WEEKS // 2 <= change.high
            rates = (alarms, naive_alarms, level_alarms, found)
            shown = " | ".join(f"{number / companies:.1%}" for number in rates)
            print(f"| {mean} | {rate} | {shown} | {held / max(1, found):.1%} |", flush=True)


if __name__ == "__main__":
    main()
