"""How often a shift is found where there is none, and how often where there is one, beside a naive comparison.

    python -m benchmarks.shifts [--companies 1000]

Simulated companies post batches of openings, one role a batch, whose sizes are geometric with mean 1, 3 or 6; openings
stay for 60 days on average (exponential). Tags are right, in role and in focus, as often as those of the shipped tagger
at companies that it was not trained on (`models/README.md`, out of fold). Two dates lie 90 days apart. Focuses and
roles are both looked at, and a company alarms if any of them moved.

The naive comparison takes postings for independent: Fisher's exact test of each focus and role with Holm's correction.
Power is of a role that had a middling share, and whose share of the tags on the board rises by ten points. Batches are
known, or, as in the product, told by title, team and week, so that those of one title, team and week are one; and, to
see what it costs where titles mislead, with another title for a fifth of a batch's openings.

Year: looks every week, each against 90 days before.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from classifier.arrays import Floats, Indices
from classifier.quantification.shifts import LEVEL, MOVE, Comparison, Counted, Postings, find_shifts, spent_level
from classifier.taxonomy import Taxonomy

TAXONOMY = Taxonomy.load()
ROLES = TAXONOMY.role_names
FOCUSES = TAXONOMY.focus_names
FOCUS = np.array([FOCUSES.index(TAXONOMY.focus_by_role[role]) for role in ROLES])
LINES = np.hstack([np.eye(len(FOCUSES))[FOCUS], np.eye(len(ROLES))])
"""Which role counts towards which focus and role; shape (roles, focuses and roles)."""
RIGHT_ROLE, RIGHT_FOCUS = 0.821, 0.901
STAY = 60.0
GAP = 90.0
WEEK = 7
LOOKS = 52
TEAMS, TITLES, OTHER_TITLE = 6, 3, 0.2


def _confusion() -> Floats:
    """Return how often each role (row) is tagged as each (column): wrong roles of a kind are as likely."""
    same = FOCUS[:, np.newaxis] == FOCUS
    alike = same & ~np.eye(len(ROLES), dtype=bool)
    wrong = (RIGHT_FOCUS - RIGHT_ROLE) * alike / np.maximum(1, alike.sum(axis=1, keepdims=True))
    far = (1 - RIGHT_FOCUS) * ~same / (~same).sum(axis=1, keepdims=True)
    return np.asarray(RIGHT_ROLE * np.eye(len(ROLES)) + wrong + far)


CONFUSION = _confusion()


@dataclass(frozen=True)
class World:
    """One company's openings.

    Attributes:
        opened: The day on which each opened.
        closed: The day on which it closed.
        batch: The number of its batch.
        told: The number of the cluster that its title, team and week tell, where a batch has one title.
        misled: The same, where a fifth of a batch's openings have another title.
        tag: The number of the role that it is tagged with.
        target: The role whose share rises, if one does.
    """

    opened: Floats
    closed: Floats
    batch: Indices
    told: Indices
    misled: Indices
    tag: Indices
    target: int

    def at(self, day: float) -> Postings:
        """Return what was open on a day."""
        chosen = (self.opened <= day) & (self.closed > day)
        tags = [ROLES[number] for number in self.tag[chosen]]
        focuses = [TAXONOMY.focus_by_role[tag] for tag in tags]
        return Postings({"focus": focuses, "role": tags}, [f"b{batch}" for batch in self.batch[chosen]])

    def compare(self, before: float, now: float, clusters: Indices) -> Comparison | None:
        """Compare two days by clusters; None where nothing was open on one."""
        days = [(self.opened <= day) & (self.closed > day) for day in (before, now)]
        if not all(chosen.any() for chosen in days):
            return None
        numbers = np.full(clusters.max() + 1, -1)
        present = np.unique(clusters[days[0] | days[1]])
        numbers[present] = np.arange(len(present))
        sides = []
        for chosen in days:
            cells = numbers[clusters[chosen]] * len(ROLES) + self.tag[chosen]
            counts = np.bincount(cells, minlength=len(present) * len(ROLES)).reshape(len(present), len(ROLES))
            sides.append(Counted(counts @ LINES, counts.sum(axis=1).astype(float)))
        return Comparison(*sides)


def company(size: int, mean: float, dice: np.random.Generator, *, shifted: bool = False, days: float = GAP) -> World:
    """Return a company with about so many postings open, of whose mix one share may rise after day 0."""
    before = dice.dirichlet(np.full(len(ROLES), 0.4))
    target = int(np.argsort(before)[len(ROLES) // 2])
    after = _risen(before, target) if shifted else before
    span = days + 8 * STAY
    batches = dice.poisson(size / STAY / mean * span)
    when = dice.uniform(-8 * STAY, days, batches)
    sizes = dice.geometric(1 / mean, batches)
    mixes = np.where((when > 0)[:, np.newaxis], after, before)
    roles = (dice.random(batches)[:, np.newaxis] > mixes.cumsum(axis=1)).sum(axis=1).clip(0, len(ROLES) - 1)
    role, opened, batch = (np.repeat(values, sizes) for values in (roles, when, np.arange(batches)))
    tag = (dice.random(len(role))[:, np.newaxis] > CONFUSION.cumsum(axis=1)[role]).sum(axis=1).clip(0, len(ROLES) - 1)
    closed = opened + dice.exponential(STAY, len(role))
    teams, titles = dice.integers(TEAMS, size=batches), dice.integers(TITLES, size=batches)
    title = np.repeat(titles, sizes)
    stray = (title + (dice.random(len(role)) < OTHER_TITLE) * dice.integers(1, TITLES, len(role))) % TITLES
    team_week = np.floor((opened + 8 * STAY) / WEEK).astype(int) * TEAMS + np.repeat(teams, sizes)
    told, misled = (
        np.unique((team_week * TITLES + of) * len(ROLES) + role, return_inverse=True)[1] for of in (title, stray)
    )
    return World(opened, closed, batch, told, misled, tag, target)


def _risen(mix: Floats, target: int) -> Floats:
    """Return the mix of hiring after which a share of the tags on the board has risen by `MOVE` after `GAP` days.

    Not all of the board has turned over by then, and not all of it is tagged rightly.
    """
    others = mix.copy()
    others[target] = 0
    direction = np.eye(len(mix))[target] - others / others.sum()
    step = MOVE / (1 - np.exp(-GAP / STAY)) / float(direction @ CONFUSION[:, target])
    return np.asarray(mix + min(step, 1 - mix[target]) * direction)


def naive(before: Postings, now: Postings) -> set[tuple[str, str]]:
    """Return what rose or fell by Fisher's exact test of each count with Holm's correction, with its direction."""
    sizes = len(before.clusters), len(now.clusters)
    tested = []
    for kind in before.categories:
        sides = before.categories[kind], now.categories[kind]
        for name in {*sides[0], *sides[1]}:
            counts = [side.count(name) for side in sides]
            shares = counts[0] / sizes[0], counts[1] / sizes[1]
            pooled = sum(counts) / sum(sizes)
            error = np.sqrt(pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1]))
            # Fisher's test, which is slow, finds nothing where the difference is not even twice its error.
            near = abs(shares[1] - shares[0]) <= 2 * error
            table = [[count, size - count] for count, size in zip(counts, sizes, strict=True)]
            p = 1.0 if near else float(fisher_exact(table)[1])
            tested.append((p, name, "rose" if shares[1] > shares[0] else "fell"))
    found = set()
    for rank, (p, name, way) in enumerate(sorted(tested)):
        if p > LEVEL / (len(tested) - rank):
            break
        found.add((name, way))
    return found


def one_look(companies: int) -> None:
    """Print false alarms, power and coverage of one look."""
    print("| batches of | open | false alarms | told | misled | naive | 10 points found | stated | naive | cover |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        for size in (40, 200, 800):
            dice = np.random.default_rng([mean, size])
            totals = np.zeros(8)
            for _ in range(companies):
                totals += _one_company(company(size, mean, dice), company(size, mean, dice, shifted=True))
            print(f"| {mean} | {size} | {' | '.join(f'{rate:.1%}' for rate in totals / companies)} |", flush=True)


def _one_company(same: World, moved: World) -> Floats:
    """Return what is found at a company whose mix did not change, and at one where it did, in the table's order."""
    before, now = same.at(0), same.at(GAP)
    shifts = find_shifts(before, now)
    target = ROLES[same.target]
    stated = [shift.power for shift in shifts if (shift.level, shift.category) == ("role", target)]
    # A role that is not on the board yet is as the smallest that is.
    stated = stated or [shift.power for shift in sorted(shifts, key=lambda one: one.now)[:1]]
    covered = [shift.low <= 0 <= shift.high for shift in shifts]
    after = moved.at(0), moved.at(GAP)
    role = ROLES[moved.target]
    found = [shift for shift in find_shifts(*after) if (shift.level, shift.category) == ("role", role)]
    return np.array(
        [
            any(shift.moved() for shift in shifts),
            *(_alarms(same.compare(0, GAP, clusters)) for clusters in (same.told, same.misled)),
            bool(shifts) and bool(naive(before, now)),
            any(shift.moved() and shift.change > 0 for shift in found),
            float(np.mean(stated)) if stated else 0.0,
            all(side.clusters for side in after) and (role, "rose") in naive(*after),
            float(np.mean(covered)) if covered else 1.0,
        ]
    )


def _alarms(compared: Comparison | None) -> bool:
    if compared is None or not compared.testable:
        return False
    return bool(compared.p_values(compared.largest()).min() <= LEVEL)


def a_year_of_looks(companies: int) -> None:
    """Print how many companies, whose mix did not change, alarm in weekly looks over a year."""
    spent = spent_level(WEEK)
    print(f"\n| batches of | open | alarm within {LOOKS} looks at {LEVEL} | at {spent:.6f} |\n|--:|--:|--:|--:|")
    for mean in (1, 3, 6):
        for size in (40, 200, 800):
            dice = np.random.default_rng([mean, size, LOOKS])
            least = np.array([_least(company(size, mean, dice, days=GAP + WEEK * LOOKS)) for _ in range(companies)])
            print(f"| {mean} | {size} | {(least <= LEVEL).mean():.1%} | {(least <= spent).mean():.1%} |", flush=True)


def _least(world: World) -> float:
    """Return the smallest p-value of a year's looks, but those that need not be known are 1."""
    least = 1.0
    for look in range(LOOKS):
        day = GAP + WEEK * look
        compared = world.compare(day - GAP, day, world.batch)
        # A difference of less than two standard errors is none at any level that is asked for.
        if compared is None or not compared.testable or compared.studentized.max() < 2:
            continue
        # Twenty draws that exceed it are enough to know that it is not below the level of one of many looks.
        least = min(least, float(compared.p_values(compared.largest(spent_level(WEEK), enough=20, seed=look)).min()))
        if least <= spent_level(WEEK):
            break
    return least


def main() -> None:
    """Run the simulations."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=1000)
    options = parser.parse_args()
    start = time.process_time()
    one_look(options.companies)
    print(f"\n{time.process_time() - start:.0f} s of CPU so far", flush=True)
    a_year_of_looks(options.companies)
    print(f"\n{time.process_time() - start:.0f} s of CPU")


if __name__ == "__main__":
    main()
