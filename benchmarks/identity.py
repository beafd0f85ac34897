"""How long it takes to tell which of 100,000 postings of one company are the same job, beside a bare floor.

    python -m benchmarks.identity [POSTINGS]

The floor reads every text once and hashes it, as any comparison of texts must. The company is fictional: one role in
fifty places on average, a tenth of the postings mirrored on a second board, a tenth reposted.
"""

from __future__ import annotations

import hashlib
import random
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from postings.identity import Job, find_mirrors, find_reposts, find_requisitions, groups
from simulator.texts import language

START = datetime(2026, 3, 1, tzinfo=UTC)


def company(count: int, seed: int = 0) -> list[Job]:
    """Return so many postings of a company: requisitions in many places, mirrors, and reposts."""
    dice = random.Random(seed)
    words = language("en")
    about = " ".join(words.general)
    jobs: list[Job] = []
    while len(jobs) < count:
        role = words.roles[dice.choice(sorted(words.roles))]
        title = f"{dice.choice(('', 'Senior ', 'Staff '))}{dice.choice(role.titles)} {dice.randrange(10_000)}"
        duties = dice.choices(role.duties, k=6) + [f"You look after site {dice.randrange(10**6)}." for _ in range(6)]
        text = "\n".join([about, *duties, *dice.sample(role.requirements, 2), about])
        number = len(jobs)
        for place in range(min(dice.randrange(1, 100), count - number)):
            jobs.append(_job("own", number + place, title, text, f"Harbour {place}"))
    closed = dice.sample(range(count), count // 10)
    for index in closed:
        jobs[index] = replace(jobs[index], closed=START + timedelta(days=5))
    reposted = [
        replace(jobs[index], key=f"own#r{index}", identifier=f"r{index}", opened=START + timedelta(days=9), closed=None)
        for index in closed
    ]
    mirrored = [
        replace(jobs[index], key=f"vendor#{index}", board="vendor", identifier=f"v{index}")
        for index in dice.sample(range(count), count // 10)
    ]
    return [*jobs, *reposted, *mirrored][: count + count // 5]


def _job(board: str, number: int, title: str, text: str, place: str) -> Job:
    return Job(
        key=f"{board}#{number}",
        board=board,
        identifier=str(number),
        title=title,
        places=(place,),
        text=text,
        opened=START,
    )


def _timed(work: Callable[[Sequence[Job]], Any], jobs: Sequence[Job]) -> tuple[float, Any]:
    start = time.process_time()
    result = work(jobs)
    return time.process_time() - start, result


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    jobs = company(count * 5 // 6)
    floor, _ = _timed(lambda all_: [hashlib.sha256(job.text.encode()).digest() for job in all_], jobs)
    print(f"{len(jobs):,} postings, {sum(len(job.text) for job in jobs) / len(jobs):,.0f} characters each\n")
    print("| work | CPU s | times the floor | links |\n|---|---|---|---|")
    print(f"| hash every text (floor) | {floor:.2f} | 1 | |")
    total = 0.0
    for work in (find_mirrors, find_requisitions, find_reposts):
        seconds, links = _timed(work, jobs)
        total += seconds
        print(f"| {work.__name__} | {seconds:.1f} | {seconds / floor:.0f} | {len(links):,} |")
        if work is find_requisitions:
            merged = len(groups([job.key for job in jobs], links))
    print(f"| all three | {total:.1f} | {total / floor:.0f} | |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{merged:,} requisitions; peak memory {peak:,.0f} MB.")


if __name__ == "__main__":
    main()
