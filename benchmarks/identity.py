"""How fast and how right it is told which postings of one company are the same job.

    python -m benchmarks.identity [--postings 100000] [--corpora FOLDER] [--peers]

The speed is beside a floor that reads every text once and hashes it, as any comparison of texts must. The company is
fictional: one role in fifty places on average, a tenth of the postings mirrored on a second board, a tenth reposted;
once each role has one text, and once each posting its own.

``--corpora`` makes mirrors of real postings, company by company: nine in ten of them on a second board under new ids,
framed by the vendor's words, on one line, or cut in half. Links of other pairs are right only where the company itself
lists one job twice: those of the same title and place are counted apart, all others are printed.

``--peers`` finds the same candidates by MinHash and LSH. It needs ``pip install rensa datasketch``; neither is part of
rolemix.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from postings.identity import Job, find_links, find_mirrors, find_reposts, find_requisitions, groups
from postings.identity.names import title_key, title_keys
from postings.identity.texts import Texts
from simulator.texts import language

START = datetime(2026, 3, 1, tzinfo=UTC)
CORPORA = (
    "unlabelled-en", "unlabelled-de", "unlabelled-zh", "labelled", "more/german", "more/traditional-chinese",
)  # fmt: skip
FEWEST = 15
"""Postings that a company needs in the corpora."""


def company(count: int, seed: int = 0, *, own_texts: bool = False) -> list[Job]:
    """Return so many postings of a company: requisitions in many places, mirrors, and reposts.

    Args:
        count: How many.
        seed: Of the dice.
        own_texts: Whether each posting's text differs from those of its requisition's other places.
    """
    dice = random.Random(seed)
    words = language("en")
    about = " ".join(words.general)
    jobs: list[Job] = []
    listed = count * 5 // 6
    while len(jobs) < listed:
        role = words.roles[dice.choice(sorted(words.roles))]
        title = f"{dice.choice(('', 'Senior ', 'Staff '))}{dice.choice(role.titles)} {dice.randrange(10_000)}"
        duties = dice.choices(role.duties, k=6) + [f"You look after site {dice.randrange(10**6)}." for _ in range(6)]
        lines = [about, *duties, *dice.sample(role.requirements, 2), about]
        number = len(jobs)
        for place in range(min(dice.randrange(1, 100), listed - number)):
            here = [f"Your desk is number {number + place}, with a view of harbour {place}."] if own_texts else []
            jobs.append(_job(number + place, title, "\n".join([*lines, *here]), f"Harbour {place}"))
    closed = dice.sample(range(listed), listed // 10)
    for index in closed:
        jobs[index] = replace(jobs[index], closed=START + timedelta(days=5))
    reposted = [
        replace(
            jobs[index],
            key=f"own#r{index}",
            identifier=_in_letters(index),
            opened=START + timedelta(days=9),
            closed=None,
        )
        for index in closed
    ]
    mirrored = [
        replace(jobs[index], key=f"vendor#{index}", board="vendor", identifier=_in_letters(index))
        for index in dice.sample(range(listed), listed // 10)
    ]
    return [*jobs, *reposted, *mirrored]


def _job(number: int, title: str, text: str, place: str) -> Job:
    return Job(
        key=f"own#{number}",
        board="own",
        identifier=str(number),
        title=title,
        places=(place,),
        text=text,
        opened=START,
    )


def _in_letters(number: int) -> str:
    """Return an id that has no number in common with another."""
    return str(number).translate(dict(zip(range(48, 58), "abcdefghij", strict=True)))


def _timed(work: Callable[[Sequence[Job]], Any], jobs: Sequence[Job]) -> tuple[float, Any]:
    start = time.process_time()
    result = work(jobs)
    return time.process_time() - start, result


def speed(jobs: Sequence[Job]) -> None:
    """Print how long each question takes."""
    texts = len({job.text for job in jobs})
    print(
        f"{len(jobs):,} postings, {texts:,} texts of {sum(len(job.text) for job in jobs) / len(jobs):,.0f} characters\n"
    )
    print("| work | CPU s | times the floor | links |\n|---|---|---|---|")
    floor, _ = _timed(lambda all_: [hashlib.sha256(job.text.encode()).digest() for job in all_], jobs)
    print(f"| hash every text (floor) | {floor:.2f} | 1 | |")
    works: tuple[Callable[[Sequence[Job]], Any], ...] = (find_mirrors, find_requisitions, find_reposts, find_links)
    for work in works:
        seconds, links = _timed(work, jobs)
        print(f"| {work.__name__} | {seconds:.1f} | {seconds / floor:.0f} | {len(links):,} |")
        if work is find_requisitions:
            merged = len(groups([job.key for job in jobs], links))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{merged:,} requisitions; peak memory so far {peak:,.0f} MB.\n")


def _framed(text: str) -> str:
    return "Apply now with Vendor\n\n" + text.replace("\n", "\n\n") + "\n\nShare this job"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _cut(text: str) -> str:
    return text[: max(300, len(text) // 2)] + "…"


def errors(corpora: Path) -> None:
    """Print how many mirrors of real postings are found, and what else is linked."""
    tally: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    others = []
    for name, lang, own in _companies(corpora):
        dice = random.Random(name)
        for form in (_framed, _on_one_line, _cut):
            mirror = [
                replace(
                    job,
                    key=f"vendor#{job.identifier}",
                    board="vendor",
                    identifier=_in_letters(int(job.identifier)),
                    text=form(job.text),
                )
                for job in dice.sample(own, max(1, len(own) * 9 // 10))
            ]
            by_key = {job.key: job for job in [*own, *mirror]}
            counts = tally[lang, form.__name__.strip("_").replace("_", " ")]
            counts["mirrored"] += len(mirror)
            for link in find_mirrors([*own, *mirror]):
                one, other = by_key[link.first], by_key[link.second]
                if link.first.partition("#")[2] == link.second.partition("#")[2]:
                    counts["found"] += 1
                elif title_key(one.title, one.places) == title_key(other.title, other.places):
                    counts["same title"] += 1
                else:
                    counts["other"] += 1
                    others.append(f"{name}: {one.title} / {other.title} ({link.ground}, {link.score})")
    print("| language | mirror | postings | found | recall | linked to one of the same title | of another |")
    print("|---|---|---|---|---|---|---|")
    for (lang, kind), counts in sorted(tally.items()):
        recall = counts["found"] / counts["mirrored"]
        others_of = f"{counts['same title']} | {counts['other']}"
        print(f"| {lang} | {kind} | {counts['mirrored']:,} | {counts['found']:,} | {recall:.1%} | {others_of} |")
    print("\nof another title:", *sorted(set(others)), sep="\n- ")


def _companies(corpora: Path) -> Iterator[tuple[str, str, list[Job]]]:
    """Yield the companies of the corpora with their most frequent language and their distinct postings."""
    rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for file in CORPORA:
        with gzip.open(corpora / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row.get("company") and row.get("description"):
                    rows[row["company"]].setdefault((row["title"], row["description"]), row)
    for name, distinct in sorted(rows.items()):
        if len(distinct) >= FEWEST:
            jobs = [
                Job(
                    key=f"own#{number}",
                    board="own",
                    identifier=f"{number}",
                    title=row["title"],
                    places=tuple(filter(None, [row.get("location")])),
                    text=row["description"],
                )
                for number, row in enumerate(distinct.values())
            ]
            yield name, Counter(row["lang"] for row in distinct.values()).most_common(1)[0][0], jobs


def peers(jobs: Sequence[Job], permutations: int = 128, threshold: float = 0.7) -> None:
    """Print how long it takes to find, for each text, others like it: ours beside MinHash and LSH."""
    titles = title_keys(jobs)
    texts = Texts(jobs, titles)
    own = {job.key: texts.own(job.key) for job in jobs}

    def shingles(key: str) -> list[str]:
        text = own[key]
        return list({text[at : at + 8] for at in range(max(1, len(text) - 7))})

    print(f"{len(jobs):,} texts of {sum(map(len, own.values())) / len(own):,.0f} characters without boilerplate\n")

    def ours() -> None:
        buckets: dict[int, list[str]] = defaultdict(list)
        for job in jobs:
            for value in texts.sketch(job.key):
                buckets[value].append(job.key)

    def rensa() -> None:
        module = import_module("rensa")
        index = module.RMinHashLSH(threshold, permutations, 16)
        for number, job in enumerate(jobs):
            sketch = module.RMinHash(permutations, 42)
            sketch.update(shingles(job.key))
            index.query(sketch)
            index.insert(number, sketch)

    def datasketch() -> None:
        module = import_module("datasketch")
        index = module.MinHashLSH(threshold=threshold, num_perm=permutations)
        for job in jobs:
            sketch = module.MinHash(num_perm=permutations)
            sketch.update_batch([shingle.encode() for shingle in shingles(job.key)])
            index.query(sketch)
            index.insert(job.key, sketch)

    print("| candidates by | CPU s | texts a second |\n|---|---|---|")
    for work in (ours, rensa, datasketch):
        start = time.process_time()
        work()
        seconds = time.process_time() - start
        print(f"| {work.__name__} | {seconds:.2f} | {len(jobs) / seconds:,.0f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--postings", type=int, default=100_000)
    parser.add_argument("--corpora", type=Path)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    if options.peers:
        peers(company(min(options.postings, 5_000), own_texts=True))
    elif options.corpora:
        errors(options.corpora)
    else:
        for own_texts in (False, True):
            speed(company(options.postings, own_texts=own_texts))


if __name__ == "__main__":
    main()
