"""What all tests share."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says something of the machine, not of the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

SHARED = Path(os.environ.get("ROLEMIX_SHARED", Path(__file__).resolve().parents[2] / "shared"))

LONGEST = (
    "crawler/test_every_system.py",
    "rolemix/cli/test_train.py",
    "crawler/test_peers_failures.py",
    "rolemix/cli/test_compare.py",
    "rolemix/cli/test_evaluate.py",
    "rolemix/analysis/test_report.py",
    "crawler/spiders/test_workday.py",
    "rolemix/cli/test_demo.py",
    "classifier/evaluation/test_mixes.py",
    "rolemix/collecting/test_bad_days.py",
    "postings/store/queries/test_queries.py",
    "classifier/training/test_cross_validation.py",
    "rolemix/test_api.py",
    "rolemix/test_fortnight.py",
)
"""Files of tests that take long, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first: with a file a worker, none is left with one of them at the end."""
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONGEST)))


def pytest_collection_finish() -> None:
    """Collect garbage more rarely, and not among what was imported: most of the time it found none."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real responses and corpora; tests that ask for it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"no real responses and corpora at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def recorded(shared: Path) -> Path:
    """The folder of recorded responses, one folder a system."""
    return shared / "recorded"
