"""The verdicts, and which of them come with postings."""

from __future__ import annotations

from postings import Verdict


def test_verdicts_are_stored_under_these_names() -> None:
    # Frozen: stores and watchlists' histories hold them.
    assert {verdict.value for verdict in Verdict} == {
        "complete", "unchanged", "incomplete", "blocked", "failed", "gone",
    }  # fmt: skip


def test_only_complete_and_incomplete_runs_saw_postings() -> None:
    assert [verdict for verdict in Verdict if verdict.saw_postings] == [Verdict.COMPLETE, Verdict.INCOMPLETE]
