"""What a run brought: the name that it is shown under."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from postings import BoardRun, Verdict
from rolemix.collecting.collected import name_of


@pytest.mark.parametrize(
    ("given", "organization", "name"),
    [("Ours", "Theirs", "Ours"), (None, "Theirs", "Theirs"), (None, None, "quillmoth"), ("", "", "quillmoth")],
)
def test_users_name_goes_before_the_boards(given: str | None, organization: str | None, name: str) -> None:
    run = BoardRun(
        board_url="https://jobs.lever.co/quillmoth",
        board_key="quillmoth",
        system="lever",
        observed_at=datetime(2026, 3, 2, tzinfo=UTC),
        verdict=Verdict.COMPLETE,
        reason="",
        organization=organization,
    )
    assert name_of(given, run) == name
