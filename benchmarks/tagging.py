"""How fast the tagger is, and how much memory it takes, beside others that do the same work in Python.

    python -m benchmarks.tagging CORPORA

Its peers: plain jieba with scikit-learn's own TF-IDF and logistic regression; and fastText (as floret has it,
``pip install floret``) on the words that ours makes. All tag the same rows in one run, on one core and with a
process on each; compare the ratios, as the rates depend on the machine. The others read the same part of the
descriptions, and words only, which is less than ours does. Each is measured in fresh processes, a few times in
turn, and the fastest counts. Rates are by the processor's time, as others may use the machine. Memory is with the
libraries that this module imports, the same for all.

Last, `rolemix classify` tags a larger file with one process and with one per core, by the clock and from start to
end: reading, tagging, printing.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import multiprocessing
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import islice
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, NamedTuple

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from benchmarks.peers import text, train_fasttext
from classifier.model.tag import batches
from classifier.model.tagger import Tagger, shipped
from classifier.text.tokens import tokenize
from classifier.training.corpus import Posting, read_corpus

ROWS = 5000
REPEATS = 3
BATCH = 1024

TIMES = 10
"""How many times `classify` is given the rows, so that its start does not count for much."""

Work = Callable[[Sequence[Posting]], object]
"""Tags a batch of postings."""

_LONGEST = 600
"""Seconds; a process that takes longer has failed."""

_SPAWN = multiprocessing.get_context("spawn")


class Run(NamedTuple):
    """What tagging took.

    Attributes:
        rate: Postings a second, of all processes together.
        memory: The peak of each process, in MB, summed.
        load: The seconds until a tagger was ready, without imports.
    """

    rate: float
    memory: float
    load: float


def _rolemix(models: Path) -> Work:
    tagger = Tagger.load()
    return lambda rows: list(tagger.tag(rows, batch=BATCH))


def _plain(models: Path) -> Work:
    jieba.setLogLevel(logging.WARNING)
    jieba.initialize()
    model = pickle.loads((models / "plain").read_bytes())
    return lambda rows: model.predict_proba(list(map(text, rows)))


def _fasttext(models: Path) -> Work:
    import floret

    tokenize(["字"])  # loads the dictionary
    model = floret.load_model(str(models / "fasttext"))
    return lambda rows: model.predict([" ".join(words) for words in tokenize(map(text, rows))])


TAGGERS: Mapping[str, Callable[[Path], Work]] = {"rolemix": _rolemix, "plain": _plain, "fasttext": _fasttext}


def main(corpora: Path) -> None:
    """Print the models' sizes and loading times, and each tagger's rate and memory beside ours."""
    names = [name for name in TAGGERS if name != "fasttext" or find_spec("floret")]
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder)
        # In a process of its own: a process starts with the peak of the one that started it.
        trainer = _SPAWN.Process(target=train, args=(corpora, models, names))
        trainer.start()
        trainer.join()
        if trainer.exitcode:
            sys.exit("the others could not be trained")
        files = {name: shipped() / "tagger.zip" if name == "rolemix" else models / name for name in names}
        runs = {
            (language, processes): _in_turn(corpora / f"unlabelled-{language}.jsonl.gz", models, names, processes)
            for language in ("zh", "en")
            for processes in sorted({1, cores})
        }
        commands = {
            (language, jobs): _classify(corpora / f"unlabelled-{language}.jsonl.gz", models, jobs)
            for language in ("zh", "en")
            for jobs in sorted({1, cores})
        }
        sizes = {name: file.stat().st_size / 1e6 for name, file in files.items()}
    print("| tagger | model, MB | loaded in, s |\n|---|--:|--:|")
    for name in names:
        print(f"| {name} | {sizes[name]:.1f} | {min(own[name].load for own in runs.values()):.2f} |")
    print("\n| language | cores | tagger | postings/s | rolemix is faster by | peak MB | rolemix takes of it |")
    print("|---|--:|---|--:|--:|--:|--:|")
    for (language, processes), own in runs.items():
        ours = own["rolemix"]
        for name, run in own.items():
            speed = f"{run.rate:,.0f} | {ours.rate / run.rate:.2f}"
            memory = f"{run.memory:.0f} | {ours.memory / run.memory:.2f}"
            print(f"| {language} | {processes} | {name} | {speed} | {memory} |")
    print(
        "\n| language | classify --jobs | postings/s | than the fastest peer on as many cores | by processor's time |"
    )
    print("|---|--:|--:|--:|--:|")
    for (language, jobs), (rate, by_processor) in commands.items():
        peer = max(run.rate for name, run in runs[language, jobs].items() if name != "rolemix")
        print(f"| {language} | {jobs} | {rate:,.0f} | {rate / peer:.2f} | {by_processor:,.0f} |")


def train(corpora: Path, models: Path, names: Sequence[str]) -> None:
    """Train the others on enough postings to have a vocabulary of the usual size."""
    jieba.setLogLevel(logging.WARNING)
    labelled = read_corpus(corpora, amendments=shipped()).labelled
    texts, roles = list(map(text, labelled)), [posting["role"] for posting in labelled]
    plain = make_pipeline(
        TfidfVectorizer(tokenizer=_cut, token_pattern=None, min_df=3, sublinear_tf=True),
        LogisticRegression(C=30, max_iter=20, tol=0.1),  # how right it is does not matter here
    )
    (models / "plain").write_bytes(pickle.dumps(plain.fit(texts, roles)))
    if "fasttext" in names:
        train_fasttext(tokenize(texts), roles).save_model(str(models / "fasttext"))


def _cut(text: str) -> list[str]:
    """Cut a text; unlike jieba's own function, this one can be kept in a file."""
    words: list[str] = jieba.lcut(text)
    return words


def _classify(path: Path, models: Path, jobs: int) -> tuple[float, float]:
    """Return how many postings of a file `rolemix classify` tags a second, by the clock and by the processor's time."""
    file, rows = models / "rows.jsonl", list(_rows(path))
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows * TIMES), encoding="utf-8")
    command = [sys.executable, "-m", "rolemix", "classify", str(file), "--jobs", str(jobs)]
    before, start = _children_time(), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    seconds, processor = time.perf_counter() - start, _children_time() - before
    return len(rows) * TIMES / seconds, len(rows) * TIMES / processor * jobs


def _children_time() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _in_turn(path: Path, models: Path, names: Sequence[str], processes: int) -> dict[str, Run]:
    """Measure each tagger a few times, one after the other, and return the fastest run of each."""
    turns = [{name: _measure(name, models, path, processes) for name in names} for _ in range(REPEATS)]
    return {name: max(turn[name] for turn in turns) for name in names}


def _measure(name: str, models: Path, path: Path, processes: int) -> Run:
    """Tag a file's rows with so many processes, each its share of them."""
    ready, results = _SPAWN.Barrier(processes, timeout=_LONGEST), _SPAWN.Queue()
    tasks = [_Task(name, models, path, slice(number, None, processes)) for number in range(processes)]
    workers = [_SPAWN.Process(target=_work, args=(task, ready, results)) for task in tasks]
    for worker in workers:
        worker.start()
    done: list[tuple[int, float, float, float]] = [results.get(timeout=2 * _LONGEST) for _ in workers]
    for worker in workers:
        worker.join()
    rows, seconds, memory, load = zip(*done, strict=True)
    return Run(sum(rows) / max(seconds), sum(memory), max(load))


class _Task(NamedTuple):
    """What one process tags: a share of a file's rows, with the tagger of that name."""

    name: str
    models: Path
    path: Path
    share: slice


def _work(task: _Task, ready: Barrier, results: Queue[tuple[int, float, float, float]]) -> None:
    with threadpool_limits(1):
        start = time.perf_counter()
        work = TAGGERS[task.name](task.models)
        load = time.perf_counter() - start
        rows = list(_rows(task.path))[task.share]
        ready.wait()
        start = time.process_time()
        for batch in batches(rows, BATCH):
            work(batch)
        seconds = time.process_time() - start
    results.put((len(rows), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, load))


def _rows(path: Path) -> Iterator[Posting]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, ROWS):
            row: dict[str, Any] = json.loads(line)
            if row["description"]:
                yield row


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="the folder of labelled and unlabelled postings")
    main(parser.parse_args().corpora)
