"""How often the intervals of a mix hold the true share, by language, for boards of 40, 200 and 1,000 postings.

    python -m benchmarks.coverage [--boards 20]

The examples that the shipped tagger was trained on are scored by taggers with its settings that were trained on other
companies; boards are drawn from them (`classifier.evaluation.mixes.coverage_by_language`). The shipped tagger's texts
are not needed.
"""

from __future__ import annotations

import argparse
import sys

from classifier.evaluation.mixes import coverage_by_language
from classifier.model.tagger import Tagger, shipped
from classifier.taxonomy import Taxonomy
from classifier.training.cross_validation import folds_by_company, out_of_fold, unblended
from classifier.training.examples import Examples

SIZES = (40, 200, 1000)
FOLDS = 5


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=20)
    options = parser.parse_args()
    examples = Examples.load(shipped())
    held_out = out_of_fold(unblended(Tagger(codebook=True)), examples, folds_by_company(examples, FOLDS), progress=_say)
    table = coverage_by_language(held_out, examples, Taxonomy.load(), sizes=SIZES, boards=options.boards, progress=_say)
    columns = [column for column in table if not str(column).endswith("width")]
    print("| " + " | ".join(str(column).replace("_", " ") for column in columns) + " |")
    print("| --- | --- | --: | --- | --: | --: | --: |")
    for row in table[columns].itertuples(index=False):
        print("| " + " | ".join(f"{100 * cell:.1f} %" if isinstance(cell, float) else str(cell) for cell in row) + " |")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
