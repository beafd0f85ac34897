"""How right the facts read from texts are, on marks made by hand, and how many postings are read a second.

    python -m benchmarks.facts CORPORA [--marks SET …] [--fact NAME] [--postings 5000]

There are three sets of marks, of ids, spans and right values (`tests/data/facts_*.jsonl`); CORPORA is the folder of the
texts. ``development`` was read while the readers were written, so that its scores flatter them. ``held_out`` and
``held_out_2`` (sentences found by words such as "years" and "Abschluss", for the facts that the first has few of) were
drawn and marked after they were finished, and scored once; whoever changes a reader because of them has to mark
another. One person marked each set. Most marks are postings that were found by words of some fact, a part of the
text beside its title; the rest are titles.

Precision and recall count values: each technology, language, domain and level is one, and a span of years, a deadline
and the like are right as a whole. ``--fact`` lists what one fact gets wrong.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any

from postings.facts import Facts, read_facts

MARKS = Path(__file__).parents[1] / "tests" / "data"
NAMES = (
    "seniority", "experience", "education", "publications", "urgent", "head_count", "languages", "language",
    "deadline", "technologies", "domains", "no_opening",
)  # fmt: skip


def values(facts: Facts) -> dict[str, Any]:
    """Return facts in the form of the marks: a list where there may be several, absent where there is none."""
    span = facts.experience
    found = {
        "seniority": list(facts.seniority.levels) if facts.seniority else None,
        "experience": [span.min_years, span.max_years] if span else None,
        "education": facts.education.level if facts.education else None,
        "publications": bool(facts.publications),
        "urgent": bool(facts.urgency),
        "head_count": facts.head_count.number if facts.head_count else None,
        "languages": [wanted.code for wanted in facts.languages],
        "language": facts.language,
        "deadline": facts.deadline.day.isoformat() if facts.deadline else None,
        "technologies": sorted({found.name for found in facts.technologies}),
        "domains": sorted({found.name for found in facts.domains}),
        "no_opening": facts.no_opening.kind if facts.no_opening else None,
    }
    return {name: value for name, value in found.items() if value}


def as_set(name: str, value: Any) -> set[str]:
    """Return the values that are counted."""
    if not value:
        return set()
    return set(value) if isinstance(value, list) and name != "experience" else {str(value)}


def rows(corpora: Path, file: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one file of the corpora."""
    with gzip.open(corpora / f"{file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def score(corpora: Path, chosen: Sequence[str], detail: str | None) -> None:
    """Print precision and recall of each fact and language."""
    marks: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    lines = [(MARKS / f"facts_{name}.jsonl").read_text(encoding="utf-8").splitlines() for name in chosen]
    for mark in map(json.loads, chain.from_iterable(lines)):
        marks[mark["file"]][mark["id"]] = mark
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for file, of_file in marks.items():
        for row in rows(corpora, file):
            mark = of_file.get(row["id"])
            if mark is None:
                continue
            text = (row.get("description") or "")[mark["start"] : mark["end"]]
            got = values(read_facts(row["title"], text))
            for name in NAMES:
                if name in mark.get("unmarked", ()) or (name == "language" and name not in mark["facts"]):
                    continue
                right, read = as_set(name, mark["facts"].get(name)), as_set(name, got.get(name))
                for language in (mark["lang"], "all"):
                    counts[name, language].update(
                        {"right": len(right & read), "wrong": len(read - right), "missed": len(right - read)}
                    )
                if name == detail and right != read:
                    print(
                        f"{row['id']} {row['title'][:50]!r}: missed {right - read or '-'}, wrong {read - right or '-'}"
                    )
    print(f"{sum(map(len, marks.values()))} marks, {' and '.join(chosen)}; precision / recall (values marked)")
    for name in NAMES:
        cells = []
        for language in ("zh", "en", "de", "all"):
            count = counts[name, language]
            hits, of_read, of_marked = count["right"], count["right"] + count["wrong"], count["right"] + count["missed"]
            precision = f"{hits / of_read:.2f}" if of_read else "-"
            recall = f"{hits / of_marked:.2f}" if of_marked else "-"
            cells.append(f"{language} {precision:>4} / {recall:>4} ({of_marked:3})")
        print(f"{name:13}", "  ".join(cells))


def speed(corpora: Path, number: int) -> None:
    """Print how many postings are read a second, on one core."""
    files = ("unlabelled-zh", "unlabelled-en", "unlabelled-de", "labelled")
    texts = [(row["title"], row["description"] or "") for file in files for row in rows(corpora, file)]
    texts = texts[:: max(1, len(texts) // number)]
    start = perf_counter()
    for title, description in texts:
        read_facts(title, description)
    seconds = perf_counter() - start
    size = sum(len(title) + len(description) for title, description in texts)
    print(f"{len(texts)} postings ({size / len(texts):.0f} characters each): {len(texts) / seconds:.0f} a second")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    held_out = ["held_out", "held_out_2"]
    parser.add_argument("--marks", choices=(*held_out, "development"), nargs="+", default=held_out)
    parser.add_argument("--fact", choices=NAMES)
    parser.add_argument("--postings", type=int, default=5000)
    options = parser.parse_args()
    score(options.corpora, options.marks, options.fact)
    if options.postings:
        speed(options.corpora, options.postings)


if __name__ == "__main__":
    main()
