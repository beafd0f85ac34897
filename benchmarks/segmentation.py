"""Scores out of fold with and without guessing Chinese words that the dictionary lacks.

python -m benchmarks.segmentation CORPORA
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from classifier.evaluation.metrics import score
from classifier.evaluation.roles import predict_out_of_fold
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.text import tokens
from classifier.training.corpus import read_corpus
from classifier.training.cross_validation import TITLE, WHOLE, folds_by_company, out_of_fold
from classifier.training.examples import Examples


def main(folder: Path) -> None:
    """Print the scores on Chinese postings with and without guessing, and how long cutting them takes."""
    labelled = read_corpus(folder).labelled
    chinese = [posting for posting in labelled if posting["lang"] == "zh"]
    print("guessing  seconds to cut  view         focus F1  role F1  role accuracy")
    for guessing in (False, True):
        tokens.GUESS_UNKNOWN_WORDS = guessing
        start = time.perf_counter()
        tokens.tokenize(posting["description"] for posting in chinese)
        seconds = time.perf_counter() - start
        examples = Examples.of(labelled)
        held_out = out_of_fold(Tagger(), examples, folds_by_company(examples, 5))
        found = predict_out_of_fold(labelled, held_out, Taxonomy.load())
        for view, predictions in (("description", found[WHOLE]), ("title only", found[TITLE])):
            row = next(row for row in score(view, predictions, Taxonomy.load()) if row["language"] == "zh")
            print(
                f"{guessing!s:8}  {seconds:14.2f}  {view:11}  {row['focus_macro_f1']:8.3f}  "
                f"{row['role_macro_f1']:7.3f}  {row['role_accuracy']:13.3f}"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="the folder of labelled and unlabelled postings")
    main(parser.parse_args().corpora)
