"""How fast facts are read, each reader by itself and all of them, beside `Tagger.tag` in one run on one core.

    python -m benchmarks.facts_speed CORPORA [--postings 5000]
    python -m benchmarks.facts_speed --hostile

The first reads every n-th text of the corpora. Every row of its table is the fastest of three turns by the processor's
time, taken in turn, as others may use the machine. "all words" is `read_facts`, of title and text; "all facts" is
`posting_facts` as rows, which stores keep. The corpora have no field for pay: the last rows give whole texts to
readers that otherwise see one field, and markup to the reader of plain text.

The second reads strings that are made to keep a reader busy, at a quarter, half a million and a million characters, and
prints for each reader the ones that take longest: in linear time each number is twice the one before it.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from threadpoolctl import threadpool_limits

from classifier.model.tagger import Tagger
from postings.facts import fact_rows, posting_facts, read_facts
from postings.facts.domains import domains
from postings.facts.employment import employment_types, kind_in_title, kind_line
from postings.facts.hiring import deadline, head_count, urgency
from postings.facts.intake import intakes
from postings.facts.languages import posting_language, wanted_languages
from postings.facts.no_opening import no_opening
from postings.facts.pay_in_text import pay_in_text
from postings.facts.places import posting_work_model, read_places, resolve_places
from postings.facts.requirements import education, experience, publications
from postings.facts.salary import parse_salary
from postings.facts.seniority import seniority
from postings.facts.technologies import technologies
from postings.posting import JobPosting, Place
from postings.text import plain_text
from tests.postings.hostile import READERS, UNITS

TURNS = 3
FILES = ("unlabelled-zh", "unlabelled-en", "unlabelled-de", "labelled")
SIZES = (250_000, 500_000, 1_000_000)
SHOWN = 3
"""How many of the slowest strings are shown for each reader."""

Reader = Callable[[JobPosting], object]
_Read = TypeVar("_Read")

# What `read_facts` gives each reader: title and text as one, or apart.
_WORDS: Mapping[str, Reader] = {
    "technologies": lambda posting: technologies(_whole(posting)),
    "experience": lambda posting: experience(_whole(posting)),
    "education": lambda posting: education(_whole(posting)),
    "publications": lambda posting: publications(_whole(posting)),
    "wanted languages": lambda posting: wanted_languages(_whole(posting)),
    "language": lambda posting: posting_language(_whole(posting)),
    "deadline": lambda posting: deadline(_whole(posting)),
    "urgency": lambda posting: urgency(posting.title, posting.description),
    "head-count": lambda posting: head_count(posting.title, posting.description),
    "no opening": lambda posting: no_opening(posting.title, posting.description),
    "domains": lambda posting: domains(posting.title, posting.description),
    "seniority": lambda posting: seniority(posting.title),
    "employment": lambda posting: employment_types(kind_line(posting.description) or kind_in_title(posting.title)),
}
_FIELDS: Mapping[str, Reader] = {
    "intake": lambda posting: intakes(posting.title, description=posting.description),
    "places": lambda posting: resolve_places(posting.job_location),
    "work model": posting_work_model,
    "pay in the text": lambda posting: pay_in_text(posting.description, posting.job_location),
}
_ALL: Mapping[str, Reader] = {
    "all words": lambda posting: read_facts(posting.title, posting.description),
    "all facts": lambda posting: list(fact_rows(posting_facts(posting))),
}
_WHOLE_TEXTS: Mapping[str, Reader] = {
    "pay, whole text": lambda posting: parse_salary(posting.description),
    "places, 300 characters": lambda posting: read_places(posting.description[:300]),
}


def main() -> None:
    """Print the table of rates, or that of hostile strings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--postings", type=int, default=5000)
    parser.add_argument("--hostile", action="store_true")
    options = parser.parse_args()
    if options.hostile:
        show_hostile()
    elif options.corpora:
        with threadpool_limits(1):
            show_rates(options.corpora, options.postings)
    else:
        parser.error("name the folder of the corpora, or --hostile")


def show_rates(corpora: Path, number: int) -> None:
    """Print postings read a second by each reader, and how many times as fast as the tagger that is."""
    postings = list(read_postings(corpora))
    postings = postings[:: max(1, len(postings) // number)]
    rows = [{"title": posting.title, "description": posting.description} for posting in postings]
    tagger = Tagger.load()
    works: dict[str, Callable[[], object]] = {"Tagger.tag": lambda: list(tagger.tag(rows))}
    for name, read in {**_WORDS, **_FIELDS, **_ALL, **_WHOLE_TEXTS}.items():
        works[name] = partial(_read_each, read, postings)
    works["plain text of markup"] = partial(_read_each, plain_text, [_markup(row["description"]) for row in rows])
    for work in works.values():
        work()  # tables and dictionaries are loaded at first use
    turns = [{name: _seconds(work) for name, work in works.items()} for _ in range(TURNS)]
    fastest = {name: min(turn[name] for turn in turns) for name in works}
    size = sum(len(row["title"]) + len(row["description"]) for row in rows) / len(rows)
    print(f"{len(rows)} postings of {size:.0f} characters each, on one core\n")
    print("| reader | postings/s | µs a posting | times as fast as the tagger |\n|---|--:|--:|--:|")
    for name, seconds in fastest.items():
        ratio = fastest["Tagger.tag"] / seconds
        print(f"| {name} | {len(rows) / seconds:,.0f} | {seconds / len(rows) * 1e6:.0f} | {ratio:.2f} |")


def show_hostile() -> None:
    """Print the seconds that each reader takes for the strings that take it longest."""
    sizes = " / ".join(f"{size:,}" for size in SIZES)
    print(f"| reader | the slowest of {len(UNITS)} strings, seconds for {sizes} characters |\n|---|---|")
    for name, read in READERS.items():
        first = {unit: _seconds(partial(read, _repeated(unit, SIZES[0]))) for unit in UNITS}
        slowest = sorted(UNITS, key=lambda unit: -first[unit])[:SHOWN]
        cells = []
        for unit in slowest:
            times = [first[unit], *(_seconds(partial(read, _repeated(unit, size))) for size in SIZES[1:])]
            cells.append(f"`{unit!a}` {' / '.join(f'{seconds:.2f}' for seconds in times)}")
        print(f"| {name} | {'; '.join(cells)} |", flush=True)


def _repeated(unit: str, size: int) -> str:
    return unit * (size // len(unit))


def read_postings(corpora: Path) -> Iterator[JobPosting]:
    """Yield the postings of the corpora."""
    for file in FILES:
        with gzip.open(corpora / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield JobPosting(
                    identifier=str(row["id"]),
                    title=row["title"],
                    url="https://jobs.example/",
                    description=row["description"] or "",
                    job_location=(Place(name=row["location"]),) if row.get("location") else (),
                )


def _whole(posting: JobPosting) -> str:
    return f"{posting.title}\n{posting.description}"


def _markup(text: str) -> str:
    return "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines())


def _read_each(read: Callable[[_Read], object], items: Sequence[_Read]) -> None:
    for item in items:
        read(item)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
