"""How often the interval of the median stay holds the truth, beside the median of what was seen to close.

    python -m benchmarks.stays [--boards 500]

Simulated boards on which openings come in batches (geometric, mean 2; half of a batch closes together) and stay for an
exponential, a Weibull (shape 1.5) or a log-normal time with a median of 42 days. A board is looked at every day or
every third day, for 90 or 365 days; of what was open at the first look the day of posting is known. The naive median is
that of the openings that were seen to close, from the first look on.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np

from classifier.quantification.stays import Stay, median_stay

MEDIAN = 42.0
Draw = Callable[[np.random.Generator, int], np.ndarray]
SHAPES: dict[str, Draw] = {
    "exponential": lambda dice, n: dice.exponential(MEDIAN / np.log(2), n),
    "Weibull": lambda dice, n: MEDIAN / np.log(2) ** (1 / 1.5) * dice.weibull(1.5, n),
    "log-normal": lambda dice, n: MEDIAN * np.exp(0.9 * dice.standard_normal(n)),
}


def board(size: int, draw: Draw, days: int, every: int, dice: np.random.Generator) -> Iterator[Stay]:
    """Yield the stays that are seen on a board of about so many openings."""
    mean = float(draw(dice, 20_000).mean())
    span = days + 10 * mean
    batches = dice.poisson(size / mean / 2 * span)
    sizes = dice.geometric(0.5, batches)
    opened = np.repeat(dice.uniform(-10 * mean, days, batches), sizes)
    stays = np.where(dice.random(len(opened)) < 0.5, np.repeat(draw(dice, batches), sizes), draw(dice, len(opened)))
    looks = np.arange(0, days + 1, every, dtype=float)
    for start, stay, batch in zip(opened, stays, np.repeat(np.arange(batches), sizes), strict=True):
        seen = looks[(looks >= start) & (looks < start + stay)]
        if not len(seen):
            continue
        after = looks[looks >= start + stay]
        # One that opened while the board was watched is known from its first look on; else its day of posting is known.
        begin = seen[0] if start > 0 else start
        lacked = max(0.0, seen[0] - every) if start > 0 else start
        yield Stay(
            entered=max(0.0, -start),
            ended_after=float(seen[-1] - begin),
            ended_by=float(after[0] - lacked) if len(after) else None,
            cluster=str(batch),
        )


def naive(stays: list[Stay]) -> float:
    """Return the median of the stays that ended, from when they were first seen on."""
    ended = [one.ended_by - one.entered for one in stays if one.ended_by is not None]
    return float(np.median(ended)) if ended else float("nan")


def main() -> None:
    """Print a row for each kind of board."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=500)
    options = parser.parse_args()
    print(
        "| stays | looks | watched | open | hold 42 | low end above | high end below | no high end | median | naive |"
    )
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for name, draw in SHAPES.items():
        for every in (1, 3):
            for days in (90, 365):
                for size in (40, 200):
                    dice = np.random.default_rng([every, days, size])
                    seen = [list(board(size, draw, days, every, dice)) for _ in range(options.boards)]
                    found = [median_stay(stays) for stays in seen]
                    above = np.mean([one.low is not None and one.low > MEDIAN for one in found])
                    below = np.mean([one.high is not None and one.high < MEDIAN for one in found])
                    open_end = np.mean([one.high is None for one in found])
                    medians = np.median([one.median for one in found if one.median is not None])
                    simple = np.nanmedian([naive(stays) for stays in seen])
                    looks = "daily" if every == 1 else "every third day"
                    rates = " | ".join(f"{rate:.1%}" for rate in (1 - above - below, above, below, open_end))
                    print(
                        f"| {name} | {looks} | {days} | {size} | {rates} | {medians:.1f} | {simple:.1f} |", flush=True
                    )


if __name__ == "__main__":
    main()
