"""The codebook's titles: job titles whose role the taxonomy's rules decide, written to train on."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).with_name("codebook.csv")


@cache
def codebook_titles() -> tuple[tuple[str, str], ...]:
    """Return the titles of ``codebook.csv``, each with its role, in the file's order."""
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        return tuple((row["title"], row["role"]) for row in csv.DictReader(lines))
