"""How fast the tagger is, beside plain jieba with scikit-learn's own vectorizer and the same kind of model.

    python -m benchmarks.tagging CORPORA

Both tag the same rows in one run; compare the ratio, as the rates depend on the machine. The plain tagger
reads the same part of the descriptions, and words only, which is less than ours does.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import time
from pathlib import Path
from typing import Any

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from classifier.corpus import read_corpus
from classifier.modelfile import read_model
from classifier.tagger import Tagger

ROWS = 5000


def main(folder: Path) -> None:
    """Print the model's size and loading time, and the rows per second of both taggers in both languages."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    jieba.initialize()
    start = time.perf_counter()
    tagger = Tagger.load()
    print(f"model {tagger.model} loaded in {time.perf_counter() - start:.3f} s")
    print(f"model file: {len(read_model(Path('models'))) / 1e6:.1f} MB")
    plain = _plain(folder)
    print("language   rows  characters a row  rolemix rows/s  plain rows/s  ratio")
    for language in ("zh", "en"):
        rows = _rows(folder / f"unlabelled-{language}.jsonl.gz")
        length = sum(len(row["description"]) for row in rows) / len(rows)
        ours = _rate(rows, lambda rows: list(tagger.tag(rows)))
        theirs = _rate(rows, lambda rows: plain.predict_proba([_text(row) for row in rows]))
        print(f"{language:8} {len(rows):6} {length:17.0f} {ours:15.0f} {theirs:13.0f} {ours / theirs:6.1f}")


def _plain(folder: Path) -> Pipeline:
    """Return the plain tagger, trained on enough postings to have a vocabulary of the usual size."""
    labelled = read_corpus(folder).labelled
    model = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, min_df=3, sublinear_tf=True),
        LogisticRegression(C=30, max_iter=20, tol=0.1),
    )
    return model.fit([_text(posting) for posting in labelled], [posting["role"] for posting in labelled])


def _text(row: dict[str, Any]) -> str:
    return f"{row['title']}\n{row['description'][:3000]}"


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(ROWS), strict=False)]
    return [row for row in rows if row["description"]]


def _rate(rows: list[dict[str, Any]], work: Any) -> float:
    start = time.perf_counter()
    work(rows)
    return len(rows) / (time.perf_counter() - start)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="the folder of labelled and unlabelled postings")
    main(parser.parse_args().corpora)
